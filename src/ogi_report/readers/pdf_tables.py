"""Ruled tables of a PDF page: cells are the rectangles between lines, spans follow from their edges alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ogi_report.readers.document import MAX_CELLS, FoundCell
from ogi_report.readers.pdf_lines import Char, Length, lines_of

TOLERANCE = 3
"""Points within which lines are one line, double borders among them; no row of print is as low."""
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}

Box = tuple[Length, Length, Length, Length]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table: where it begins on the page, its cells, and the characters that stand in them."""

    top: Length
    cells: tuple[FoundCell, ...]
    chars: tuple[Char, ...]


def ruled_tables(page: Any, chars: Sequence[Char]) -> list[Ruled]:
    """Returns the tables of a page from top to bottom; boxes of a single cell are frames around text and no tables."""
    tables = (_ruled(table.cells, chars) for table in page.find_tables(_SETTINGS))
    return sorted((table for table in tables if table is not None), key=lambda table: table.top)


def _ruled(boxes: Sequence[Box], chars: Sequence[Char]) -> Ruled | None:
    xs = _edges(x for box in boxes for x in (box[0], box[2]))
    ys = _edges(y for box in boxes for y in (box[1], box[3]))
    if len(boxes) < 2 or (len(xs) - 1) * (len(ys) - 1) > MAX_CELLS:
        return None
    owner: dict[tuple[int, int], int] = {}
    corners: list[tuple[int, int, int, int]] = []
    for number, (x0, top, x1, bottom) in enumerate(sorted(boxes, key=lambda box: (box[1], box[0]))):
        row, col, end_row, end_col = _at(ys, top), _at(xs, x0), _at(ys, bottom), _at(xs, x1)
        corners.append((row, col, end_row - row, end_col - col))
        for place in ((r, c) for r in range(row, end_row) for c in range(col, end_col)):
            owner.setdefault(place, number)
    inside: dict[int, list[Char]] = {}
    for char in chars:
        place = bisect_right(ys, char.middle) - 1, bisect_right(xs, (char.x0 + char.x1) / 2) - 1
        if place in owner:
            inside.setdefault(owner[place], []).append(char)
    cells = tuple(
        FoundCell(row, col, _text(inside.get(number, ())), height, width)
        for number, (row, col, height, width) in enumerate(corners)
        if height and width
    )
    if not any(cell.text for cell in cells):
        return None
    return Ruled(ys[0], cells, tuple(char for chars in inside.values() for char in chars))


def _text(chars: Iterable[Char]) -> str:
    return "\n".join(line.text for line in lines_of(list(chars)))


def _edges(places: Iterable[Length]) -> list[Length]:
    """The lines of a grid, those within the tolerance being one."""
    edges: list[Length] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > TOLERANCE:
            edges.append(place)
    return edges


def _at(edges: list[Length], place: Length) -> int:
    """The number of the line that a place is on."""
    return max(bisect_right(edges, place) - 1, 0)
