"""Ruled tables of a PDF page: cells are the rectangles between lines, spans follow from their edges alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from ogi_report.readers.document import MAX_CELLS, FoundCell
from ogi_report.readers.pdf_lines import Char, Length, Line, lines_of

TOLERANCE = 3
"""Points within which lines are one line, double borders among them; no row of print is as low."""
WIDEST_PADDING = 12
"""Points between the lines of a cell and its text on both sides together, as Word has them, and a little more."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:万?元|[件项])?")
SNAP = 1
"""Points by which lines are moved onto each other, such as the two sides of a border."""
MOST_CROSSINGS = 6_000
"""Of upright and level lines on a page; the largest official table has not a tenth of it."""

Box = tuple[Length, Length, Length, Length]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table: where it begins on the page, its cells, and the characters that stand in them."""

    top: Length
    cells: tuple[FoundCell, ...]
    chars: tuple[Char, ...]


Lines = dict[int, list[tuple[Length, Length, Length]]]
"""Lines as (place, begin, end), sorted into strips as broad as the tolerance."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The lines of a page: upright ones as (x, top, bottom), level ones as (y, left, right)."""

    upright: Lines
    level: Lines

    @classmethod
    def of(cls, edges: Iterable[dict[str, Any]]) -> _Rules:
        rules = cls({}, {})
        for edge in edges:
            if edge["orientation"] == "v":
                line = edge["x0"], edge["top"], edge["bottom"]
                rules.upright.setdefault(int(line[0] // TOLERANCE), []).append(line)
            else:
                line = edge["top"], edge["x0"], edge["x1"]
                rules.level.setdefault(int(line[0] // TOLERANCE), []).append(line)
        return rules

    def parts_columns(self, x: Length, y: Length) -> bool:
        return _crosses(self.upright, x, y)

    def parts_rows(self, y: Length, x: Length) -> bool:
        return _crosses(self.level, y, x)

    def sides(self, xs: list[Length], ys: list[Length]) -> list[Length]:
        """Columns outside the closed cells: as far as the first and the last level line reach to the left and right.

        Some tables have no line at their sides, and the cell that goes on over the page has none below it.
        """
        top, bottom = _reach(self.level, ys[0], xs), _reach(self.level, ys[-1], xs)
        if top is None or bottom is None:
            return xs
        left, right = min(top[0], bottom[0]), max(top[1], bottom[1])
        levels = [reach for reach in (_reach(self.level, y, xs) for y in ys) if reach is not None]
        both_left = sum(1 for reach in levels if reach[0] <= left + TOLERANCE) >= 3
        both_right = sum(1 for reach in levels if reach[1] >= right - TOLERANCE) >= 3
        around = {line[0] for strip in self.upright.values() for line in strip}
        beside = {x for x in around if left - TOLERANCE <= x <= right + TOLERANCE}
        before = {x for x in beside if x < xs[0] - TOLERANCE and self._as_tall(x, ys)}
        after = {x for x in beside if x > xs[-1] + TOLERANCE and self._as_tall(x, ys)}
        if both_left and left < xs[0] - TOLERANCE:
            before.add(left)
        if both_right and right > xs[-1] + TOLERANCE:
            after.add(right)
        return _edges([*before, *xs, *after])

    def _as_tall(self, x: Length, ys: list[Length]) -> bool:
        """Whether upright lines at x part columns all along the table."""
        middles = [(upper + lower) / 2 for upper, lower in pairwise(ys)]
        return all(self.parts_columns(x, y) for y in middles)


def _near(lines: Lines, at: Length) -> Iterator[tuple[Length, Length, Length]]:
    strip = int(at // TOLERANCE)
    return (line for n in (strip - 1, strip, strip + 1) for line in lines.get(n, ()) if abs(line[0] - at) <= TOLERANCE)


def _crosses(lines: Lines, at: Length, along: Length) -> bool:
    return any(begin <= along <= end for _, begin, end in _near(lines, at))


def _reach(lines: Lines, at: Length, xs: list[Length]) -> tuple[Length, Length] | None:
    """From where to where the lines at a height reach that touch the columns, end to end."""
    left, right = xs[0], xs[-1]
    here = sorted((begin, end) for _, begin, end in _near(lines, at))
    if not here:
        return None
    for begin, end in reversed(here):
        if begin < left <= end + TOLERANCE:
            left = begin
    for begin, end in here:
        if begin - TOLERANCE <= right < end:
            right = end
    return left, right


def ruled_tables(edges: Sequence[dict[str, Any]], chars: Sequence[Char]) -> list[Ruled]:
    """Returns the tables of a page from top to bottom; boxes of a single cell are frames around text and no tables."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    tables: list[Ruled | None] = []
    for drawn in _apart(edges):
        rules = _Rules.of(drawn)
        if len(rules.upright) * len(rules.level) > MOST_CROSSINGS:
            continue  # a map or a drawing
        merged = merge_edges(drawn, SNAP, SNAP, TOLERANCE, TOLERANCE)
        long = [edge for edge in merged if max(edge["width"], edge["height"]) >= TOLERANCE]
        cells = intersections_to_cells(edges_to_intersections(long, TOLERANCE, TOLERANCE))
        tables += (_ruled(boxes, chars, rules) for boxes in cells_to_tables(cells))
    return sorted((table for table in tables if table is not None), key=lambda table: table.top)


def _apart(edges: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The lines of drawings that stand above each other, each by itself.

    Snapped together, the columns of one table would move those of the next by some points, and a figure with them.
    """
    group: list[dict[str, Any]] = []
    bottom: Length = None
    for edge in sorted(edges, key=lambda edge: edge["top"]):
        if group and edge["top"] > bottom + TOLERANCE:
            yield group
            group, bottom = [], None
        group.append(edge)
        bottom = edge["bottom"] if bottom is None else max(bottom, edge["bottom"])
    if group:
        yield group


def _ruled(boxes: Sequence[Box], chars: Sequence[Char], rules: _Rules) -> Ruled | None:
    ys = _edges(y for box in boxes for y in (box[1], box[3]))
    xs = rules.sides(_edges(x for box in boxes for x in (box[0], box[2])), ys)
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
            span = _open_cell(place, owner, xs, ys, rules)
            owner.update(((r, c), len(spans)) for r in range(span[0], span[2]) for c in range(span[1], span[3]))
            spans.append(span)
    inside: dict[int, list[Char]] = {}
    for char in chars:
        x, y = (char.x0 + char.x1) / 2, char.middle
        row, col = bisect_right(ys, y) - 1, bisect_right(xs, x) - 1
        near = [(row + down, col + right) for down, right in product((0, -1, 1), repeat=2)]
        # A line of the grid stands for several that are not quite in line: the box itself decides.
        boxed = (owner[n] for n in near if n in owner and owner[n] < len(boxes) and _holds(boxes[owner[n]], x, y))
        at = next(boxed, owner.get((row, col)))
        if at is not None:
            inside.setdefault(at, []).append(char)
    lines = {number: lines_of(chars) for number, chars in inside.items()}
    short = {spans[n][0::2] for n, found in lines.items() if len(found) == 1 and _NUMBER.fullmatch(found[0].text)}
    cells = []
    for number, (row, col, end_row, end_col) in enumerate(spans):
        if end_row > row and end_col > col:
            found = lines.get(number, [])
            broken = (row, end_row) in short and _is_broken_number(found, xs[end_col] - xs[col])
            text = ("" if broken else "\n").join(line.text for line in found)
            cells.append(FoundCell(row, col, text, end_row - row, end_col - col))
    if not any(cell.text for cell in cells):
        return None
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return Ruled(ys[0], tuple(cells), tuple(char for chars in inside.values() for char in chars))


def _holds(box: Box, x: Length, y: Length) -> bool:
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _open_cell(
    place: tuple[int, int], owner: dict[tuple[int, int], int], xs: list[Length], ys: list[Length], rules: _Rules
) -> tuple[int, int, int, int]:
    """A cell without a line on one side: as wide and as high as the free space that no line crosses."""
    row, col = place
    end_col, end_row = col + 1, row + 1
    middle = (ys[row] + ys[row + 1]) / 2
    while end_col < len(xs) - 1 and (row, end_col) not in owner and not rules.parts_columns(xs[end_col], middle):
        end_col += 1
    middle = (xs[col] + xs[col + 1]) / 2
    while (
        end_row < len(ys) - 1
        and not any((end_row, c) in owner for c in range(col, end_col))
        and not rules.parts_rows(ys[end_row], middle)
    ):
        end_row += 1
    return row, col, end_row, end_col


def _is_broken_number(lines: Sequence[Line], width: Length) -> bool:
    """Whether lines are one number that its narrow box broke, and not several numbers one below the other.

    All lines but the last are equally long, and leave no room for another digit. In the same row another box holds its
    number on one line (the caller looks): if two rows had lost the line between them, all boxes would hold two numbers.
    """
    if len(lines) < 2 or not _NUMBER.fullmatch("".join(line.text for line in lines)):
        return False
    first, *others = [len(line.text) for line in lines]
    digit = (lines[0].x1 - lines[0].x0) / first
    full = width - (first + 1) * digit < WIDEST_PADDING
    return first > 1 and full and all(length == first for length in others[:-1]) and others[-1] <= first


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
