"""Which findings went and which came."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Told = Mapping[str, Any]

_DIGITS = re.compile(r"\d+")


def changed_findings(before: Sequence[Told], after: Sequence[Told]) -> tuple[list[Told], list[Told]]:
    """Returns the findings that went and those that came, each in its report's order.

    A finding is the same as another if it is by the same rule about the same cells; one that names no cell, if it quotes
    the same words, whatever figures stand in them. What is waived is settled: it neither stands nor comes.
    """
    open_before, open_after = _unsettled(before), _unsettled(after)
    return _lacking(open_before, open_after), _lacking(open_after, open_before)


def _unsettled(findings: Sequence[Told]) -> list[Told]:
    return [finding for finding in findings if finding["waived"] is None]


def _lacking(of: Sequence[Told], other: Sequence[Told]) -> list[Told]:
    there = Counter(map(_identity, other))
    left = []
    for finding in of:
        identity = _identity(finding)
        if there[identity]:
            there[identity] -= 1
        else:
            left.append(finding)
    return left


def _identity(finding: Told) -> tuple[object, ...]:
    cells = tuple(finding["cells"])
    return (finding["rule"], cells or _DIGITS.sub("", finding["quote"] or finding["message"]))
