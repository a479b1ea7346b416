"""Texts in CSV files that a spreadsheet opens: what begins like a formula must not become one."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[=+\-@\t\r](?=.*\w)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def harmless(text: str) -> str:
    """Returns a text cell that a spreadsheet will not take for a formula; numbers and dashes stay as they are.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("-3"), harmless("+75"), harmless("-")
    ("'=1+1", "''=1+1", '-3', '+75', '-')
    """
    bare = text.lstrip("'")  # what was written with an apostrophe stays apart from what is given one here
    return f"'{text}" if _FORMULA.match(bare) and not _NUMBER.fullmatch(bare) else text


def as_written(text: str) -> str:
    """Undoes `harmless`."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text
