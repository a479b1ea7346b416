"""Tables that lost their rows: one cell a line, as a text export of a page leaves them.

Cells stand one below the other, blank ones as empty lines, or `|` ends each cell. The labels of the form tell where a
row begins; how many cells then follow, the source says. Nothing is filled up: a dump that dropped its blank cells
gives rows that are too short, and these are doubted later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ogi_report.forms import Form, official_forms
from ogi_report.readers.vocabulary import bare, characters, exact, is_value, vocabulary

_FEWEST = 6
"""So many cells, labels among them, make a table of it."""

_LONGEST_LABEL = 60
_LONGEST_REMARK = 6
_SEVERAL = "……"


@dataclass(frozen=True)
class Stream:
    """Lines `first` to `last` (counted from 0, both inclusive) of a text, as rows of cells."""

    first: int
    last: int
    rows: list[list[str]]


def streams(lines: Sequence[str], forms: Sequence[Form] | None = None) -> list[Stream]:
    """Finds the runs of lines that are cells of official tables, one a line."""
    known = tuple(forms) if forms is not None else tuple(official_forms().values())
    found: list[Stream] = []
    number = 0
    while number < len(lines):
        if _kind(_cell(lines[number]), known) not in ("row", "column", "banner"):
            number += 1
            continue
        end = number
        last = number
        while end < len(lines):
            kind = _kind(_cell(lines[end]), known)
            if kind is None and not _is_remark(lines, end, known):
                break
            if kind != "blank":
                last = end
            end += 1
        cells = _cells(lines[number : last + 1])
        labels = sum(1 for cell in cells if _kind(cell, known) in ("row", "column", "banner"))
        if labels >= _FEWEST:
            found.append(Stream(number, last, _rows(cells, known)))
        number = end
    return found


def _cell(line: str) -> str:
    """A line as one cell, with the bar that ends it taken off; a line of several cells stays as it is: no label."""
    if "\t" in line or line.count("|") > 1:
        return line if line.strip(" \t|") else _SEVERAL
    return line.strip().strip("|").strip()


def _is_remark(lines: Sequence[str], at: int, forms: Sequence[Form]) -> bool:
    """A few words in a box (见附件) among the cells, not the text that goes on behind the table."""
    after = next((line for line in lines[at + 1 :] if line.strip().strip("|").strip()), "")
    return len(_cell(lines[at])) <= _LONGEST_REMARK and _kind(_cell(after), forms) is not None and bool(after)


def _kind(text: str, forms: Sequence[Form]) -> str | None:
    """What a cell is: blank, value, banner, column head, row label; None if it is prose."""
    if not text:
        return "blank"
    if len(text) > _LONGEST_LABEL or "\t" in text or "|" in text:
        return None
    if is_value(text):
        return "value"
    for form in forms:
        for words in vocabulary(form).tables.values():
            if words.banner(text) is not None:
                return "banner"
            if exact(text) in words.columns or characters(text) in words.stubheads:
                return "column"
            if exact(text) in words.rows or (len(bare(text)) >= 4 and bare(text) in words.bare_rows):
                return "row"
            if len(bare(text)) >= 4 and bare(text) in words.bare_columns:
                return "column"
    return None


def _cells(run: Sequence[str]) -> list[str]:
    """A run's cells in order: between bars if it has any, else one a line, or one a paragraph."""
    if sum("|" in line for line in run) >= len(run) // 4 and any("|" in line for line in run):
        joined = "\n".join(run)
        return [re.sub(r"\s*\n\s*", "", part.strip()) for part in joined.rstrip().rstrip("|").split("|")]
    stripped = [line.strip() for line in run]
    if not any(before and after for before, after in pairwise(stripped)):
        # A blank line between any two cells: it is the end of a paragraph, a blank cell is a blank paragraph.
        return stripped[::2] if all(not line for line in stripped[1::2]) else stripped
    return stripped


def _rows(cells: Sequence[str], forms: Sequence[Form]) -> list[list[str]]:
    rows: list[list[str]] = []
    before: str | None = None
    for cell in cells:
        kind = _kind(cell, forms)
        if kind == "banner":
            rows.append([cell])
        elif kind == "column":
            if before != "column":
                rows.append([])
            rows[-1].append(cell)
        elif kind == "row":
            if before != "row":
                rows.append([])
            rows[-1].append(cell)
        else:
            if before in ("column", "banner", None):
                rows.append([])
            rows[-1].append(cell)
            kind = "value"
        before = kind
    # Blank cells that a merged head left behind make rows of nothing.
    return [row for row in rows if any(row)]
