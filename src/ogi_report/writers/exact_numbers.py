"""Which texts may become numbers in a workbook without a change to what is read there."""

from __future__ import annotations

import re

from ogi_report.figures.cells import MOST_DIGITS

_NUMBER = re.compile(rf"-?(?:0|[1-9]\d{{0,{MOST_DIGITS - 1}}})(?:\.\d{{0,9}}[1-9])?")


def is_plain(raw: str) -> bool:
    """Whether a text is a number that Excel stores and shows as it was written: fifteen digits, no leading or trailing zeros, no plus.

    >>> is_plain("-3"), is_plain("12.5"), is_plain("007"), is_plain("1.50"), is_plain("-0")
    (True, True, False, False, False)
    """
    return bool(_NUMBER.fullmatch(raw)) and raw != "-0" and len(re.sub(r"[-.]", "", raw)) <= MOST_DIGITS
