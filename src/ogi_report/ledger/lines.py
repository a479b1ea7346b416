"""How messages name lines of a ledger."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 8
"""Stretches of lines that a message names; the trace has them all."""


def spoken(lines: Iterable[int], most: int | None = MOST) -> str:
    """Returns lines as ranges.

    >>> spoken([2, 3, 4, 9]), spoken([]), spoken([2, 4, 6], most=2)
    ('第 2–4、9 行', '', '第 2、4 等 3 行')
    """
    ordered = sorted(set(lines))
    if not ordered:
        return ""
    stretches: list[list[int]] = []
    for line in ordered:
        if stretches and line == stretches[-1][1] + 1:
            stretches[-1][1] = line
        else:
            stretches.append([line, line])
    told = [str(a) if a == b else f"{a}–{b}" for a, b in stretches]
    if most is None or len(told) <= most:
        return f"第 {'、'.join(told)} 行"
    return f"第 {'、'.join(told[:most])} 等 {len(ordered)} 行"
