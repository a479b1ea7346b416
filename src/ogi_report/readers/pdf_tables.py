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
    finder = page.find_tables(_SETTINGS)
    upright = [(edge["x0"], edge["top"], edge["bottom"]) for edge in page.edges if edge["orientation"] == "v"]
    tables = (_ruled(table.cells, chars, upright) for table in finder)
    return sorted((table for table in tables if table is not None), key=lambda table: table.top)


def _ruled(
    boxes: Sequence[Box], chars: Sequence[Char], upright: Sequence[tuple[Length, Length, Length]]
) -> Ruled | None:
    xs = _edges(x for box in boxes for x in (box[0], box[2]))
    ys = _edges(y for box in boxes for y in (box[1], box[3]))
    height, width = len(ys) - 1, len(xs) - 1
    if len(boxes) < 2 or height * width > MAX_CELLS:
        return None
    spans = [(_at(ys, top), _at(xs, x0), _at(ys, bottom), _at(xs, x1)) for x0, top, x1, bottom in boxes]
    owner: dict[tuple[int, int], int] = {}
    for number, (row, col, end_row, end_col) in enumerate(spans):
        for place in ((r, c) for r in range(row, end_row) for c in range(col, end_col)):
            owner.setdefault(place, number)
    for place in ((row, col) for row in range(height) for col in range(width)):
        if place not in owner:
            span = _open_cell(place, owner, xs, ys, upright)
            owner.update(((r, c), len(spans)) for r in range(span[0], span[2]) for c in range(span[1], span[3]))
            spans.append(span)
    inside: dict[int, list[Char]] = {}
    for char in chars:
        place = bisect_right(ys, char.middle) - 1, bisect_right(xs, (char.x0 + char.x1) / 2) - 1
        if place in owner:
            inside.setdefault(owner[place], []).append(char)
    cells = [
        FoundCell(row, col, _text(inside.get(number, ())), end_row - row, end_col - col)
        for number, (row, col, end_row, end_col) in enumerate(spans)
        if end_row > row and end_col > col
    ]
    if not any(cell.text for cell in cells):
        return None
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return Ruled(ys[0], tuple(cells), tuple(char for chars in inside.values() for char in chars))


def _open_cell(
    place: tuple[int, int],
    owner: dict[tuple[int, int], int],
    xs: list[Length],
    ys: list[Length],
    upright: Sequence[tuple[Length, Length, Length]],
) -> tuple[int, int, int, int]:
    """A cell without a line on one side, such as one that goes on over the page: as large as the space between lines.

    It is as wide as there is no upright line in it, and as high as the space below is free at that width.
    """
    row, col = place
    end_col, end_row = col + 1, row + 1
    middle = (ys[row] + ys[row + 1]) / 2
    while end_col < len(xs) - 1 and (row, end_col) not in owner and not _line_at(xs[end_col], middle, upright):
        end_col += 1
    while end_row < len(ys) - 1 and not any((end_row, c) in owner for c in range(col, end_col)):
        end_row += 1
    return row, col, end_row, end_col


def _line_at(x: Length, y: Length, upright: Sequence[tuple[Length, Length, Length]]) -> bool:
    return any(abs(x - at) <= TOLERANCE and top <= y <= bottom for at, top, bottom in upright)


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
