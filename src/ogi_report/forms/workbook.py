"""By what a fill-in workbook is known again: marks and keys in a hidden column and hidden rows of its sheets.

The writer puts them there and the reader looks for them, wherever a clerk has moved them to. Each sheet bears its mark in
one cell; the cells below it say what the row is, and the cells beside `COLUMNS` what the column is. The labels that
people see are checked against these keys.
"""

from __future__ import annotations

import re

FILE_NAME = "form.xlsx"
"""A workbook of this name in an agency-year's data folder stands in place of its CSV files."""

FRONT, WORDS, GUIDE, FINDINGS = "front", "words", "guide", "findings"
"""Sheets that are no official table; a table's sheet is known by the table's key."""

LAYOUT, YEAR, AGENCY, NAME, LEVEL = "layout", "year", "agency", "name", "level"
"""What the front sheet states of the workbook in its hidden column, as `#year=2024`; the bare `#name` marks a row to fill in."""

COLUMNS = "#columns"
VALUES = "#values"
"""The row of numbers of a table that has no stub."""
RETURNED = "#returned"
"""The row in which a returned workbook says what was found on the sheet."""
TITLE, TEXT = "#title", "#text"
NO_TEXT = "—"
"""A chapter of which only this is written has no text, and gets no default text either."""
TEXT_COLUMN, LAST_COLUMN = "text", "last"
"""Columns of the sheet of words: this year's, and last year's, which is never read."""

_MARK = "ogi-report:"
OWN_ROW = "local.own_"
"""How the keys of the rows begin that a clerk may add."""


def sheet_mark(name: str) -> str:
    return f"{_MARK}{name}"


def marked_sheet(text: str) -> str | None:
    """Returns which sheet a mark stands for, or None if a text is no mark.

    >>> marked_sheet(sheet_mark("applications")), marked_sheet("表三")
    ('applications', None)
    """
    return text.removeprefix(_MARK) if text.startswith(_MARK) else None


def stated(name: str, value: str | None = None) -> str:
    """How a fact is stated, or the key of the row in which it is to be filled in.

    >>> stated("year", "2024"), stated("name")
    ('#year=2024', '#name')
    """
    return f"#{name}" if value is None else f"#{name}={value}"


def chapter_key(number: int) -> str:
    """The key of a chapter's heading row; 0 is the text before the first chapter."""
    return f"#chapter:{number}"


def chapter_of(key: str) -> int | None:
    """Returns the chapter whose heading row has a key.

    >>> chapter_of(chapter_key(3)), chapter_of("#text")
    (3, None)
    """
    number = key.removeprefix("#chapter:")
    return int(number) if number != key and number.isdecimal() else None


def cell_name(row: int, col: int) -> str:
    """Returns a cell's name from its row and column from 0.

    >>> cell_name(8, 5), cell_name(0, 27)
    ('F9', 'AB1')
    """
    letters = ""
    number = col + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def cell_place(name: str) -> tuple[int, int] | None:
    """Returns the row and column from 0 of a cell's name, with or without dollar signs; None if it is no name.

    >>> cell_place("F9"), cell_place("$AB$1"), cell_place("F")
    ((8, 5), (0, 27), None)
    """
    match = _CELL_NAME.fullmatch(name)
    if match is None:
        return None
    col = 0
    for letter in match[1]:
        col = col * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, col - 1


_CELL_NAME = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
