"""How likely a hand is to write one number for another.

An event is one slip of one kind: a digit swapped with its neighbour, dropped, doubled, replaced or added; 万元 for 元.
Its probability is that of the kind, shared among all the slips of that kind that the true number offers.
"""

from __future__ import annotations

import math
from enum import StrEnum


class Slip(StrEnum):
    """Kinds of slips; `chinese` is how a message names them."""

    SWAPPED = "digits_swapped"
    DROPPED = "digit_dropped"
    DOUBLED = "digit_doubled"
    REPLACED = "digit_replaced"
    ADDED = "digit_added"
    FACTOR = "factor_10000"
    SIGN = "sign"
    OTHER = "other"
    CELLS = "cells_swapped"
    ROW = "row_shifted"
    COLUMN = "column_shifted"

    @property
    def chinese(self) -> str:
        return _CHINESE[self]


_CHINESE = {
    Slip.SWAPPED: "相邻两位数字颠倒",
    Slip.DROPPED: "漏写一位数字",
    Slip.DOUBLED: "一位数字重复",
    Slip.REPLACED: "一位数字写错",
    Slip.ADDED: "多写一位数字",
    Slip.FACTOR: "元与万元混用",
    Slip.SIGN: "正负号写反",
    Slip.OTHER: "",
    Slip.CELLS: "相邻两格互换",
    Slip.ROW: "整行错开一格",
    Slip.COLUMN: "整列错开一格",
}

KIND = {
    Slip.SWAPPED: 0.18,
    Slip.DROPPED: 0.15,
    Slip.DOUBLED: 0.12,
    Slip.REPLACED: 0.3,
    Slip.ADDED: 0.02,
    Slip.FACTOR: 0.02,
    Slip.SIGN: 0.01,
    Slip.OTHER: 0.002,
    Slip.CELLS: 0.1,
    Slip.ROW: 0.05,
    Slip.COLUMN: 0.05,
}
"""How often a slip is of a kind; only the order of magnitude matters."""


def slip(true: int, written: int) -> tuple[Slip, float]:
    """Returns the likeliest slip by which a hand that meant `true` wrote `written`, and its log-probability.

    >>> slip(783, 738)[0].chinese, slip(120, 12)[0].chinese
    ('相邻两位数字颠倒', '漏写一位数字')
    """
    meant, seen = str(abs(true)), str(abs(written))
    best = (Slip.OTHER, math.log(KIND[Slip.OTHER]) - math.log(10 + 9 * abs(true)))

    def offer(kind: Slip, ways: int, found: int = 1) -> None:
        nonlocal best
        score = math.log(KIND[kind] * found / max(ways, 1))
        if score > best[1]:
            best = (kind, score)

    if true == -written != 0:
        offer(Slip.SIGN, 1)
    if (true < 0) != (written < 0) and written != 0 and true != 0:
        return best
    if len(meant) == len(seen):
        differing = [place for place in range(len(meant)) if meant[place] != seen[place]]
        if len(differing) == 1:
            offer(Slip.REPLACED, 9 * len(meant))
        if len(differing) == 2 and differing[1] == differing[0] + 1:
            first, second = differing
            if meant[first] == seen[second] and meant[second] == seen[first]:
                offer(Slip.SWAPPED, len(meant) - 1)
    elif len(seen) < len(meant):
        dropped = [
            place for place in range(len(meant)) if int(meant[:place] + meant[place + 1 :] or "0") == abs(written)
        ]
        if dropped:
            offer(Slip.DROPPED, len(meant), len(dropped))
        if len(meant) == 2 and meant[1] + meant[0] == seen.zfill(2):
            offer(Slip.SWAPPED, 1)
        if len(meant) > 2 and meant[1] + meant[0] + meant[2:] == seen.zfill(len(meant)):
            offer(Slip.SWAPPED, len(meant) - 1)
    elif len(seen) == len(meant) + 1:
        doubled = [p for p in range(len(meant)) if meant[: p + 1] + meant[p] + meant[p + 1 :] == seen]
        if doubled:
            offer(Slip.DOUBLED, len(meant), len(doubled))
        elif any(seen[:p] + seen[p + 1 :] == meant for p in range(len(seen))):
            offer(Slip.ADDED, 10 * len(seen))
    if true and (written == true * 10_000 or true == written * 10_000 != 0):
        offer(Slip.FACTOR, 2)
    return best
