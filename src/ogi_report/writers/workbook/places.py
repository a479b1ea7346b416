"""Where each cell of a table stands on its sheet: the official grid, with a hidden row of keys before each body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ogi_report.forms import Grid, LocalRow, Role, Slot, Table
from ogi_report.forms.workbook import OWN_ROW, cell_name

KEYS = 0
"""The hidden column of keys; the grid begins right of it."""
GRID = 1
TITLE, SUMMARY, LEGEND, RETURNED, TOP = range(5)
"""The rows above the grid, and the row in which it begins."""

Spot = tuple[int, int]
"""Row and column on the sheet, from 0."""


class Rows(NamedTuple):
    """A block's rows on the sheet: its first header, its hidden keys, its first number and the row behind its last."""

    top: int
    keys: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row for a clerk to add, on the sheet's row `row`."""

    row: int
    block: int
    key: str
    label: str


@dataclass(frozen=True)
class Places:
    """A table's sheet. `own` gives the names that own rows begin with."""

    table: Table
    own: tuple[LocalRow, ...] = ()

    @property
    def grid(self) -> Grid:
        return self.table.grid

    @cached_property
    def blocks(self) -> tuple[Rows, ...]:
        found: list[Rows] = []
        top = TOP
        for number, (first, body, end) in enumerate(self.grid.blocks):
            keys = top + body - first
            found.append(Rows(top, keys, keys + 1, keys + 1 + end - body))
            top = found[-1].end + len(self._own_of(number))
        return tuple(found)

    def row(self, grid_row: int) -> int:
        """The sheet's row of a row of the grid."""
        for (first, body, end), rows in zip(self.grid.blocks, self.blocks, strict=True):
            if first <= grid_row < end:
                return rows.top + grid_row - first if grid_row < body else rows.first + grid_row - body
        raise IndexError(grid_row)

    def spot(self, slot: Slot) -> Spot:
        return self.row(slot.row), GRID + slot.col

    @cached_property
    def values(self) -> dict[str, Spot]:
        """Cell key → where it is filled in."""
        return {slot.key: self.spot(slot) for slot in self.grid.slots if slot.key}

    @cached_property
    def stub_width(self) -> int:
        """How many columns stand left of the numbers."""
        return min(slot.col for slot in self.grid.slots if slot.role is Role.VALUE)

    @cached_property
    def own_rows(self) -> tuple[OwnRow, ...]:
        """The rows that a clerk may add, behind the rows of each block."""
        found = []
        for number, rows in enumerate(self.blocks):
            found += [OwnRow(rows.end + i, number, key, label) for i, (key, label) in enumerate(self._own_of(number))]
        return tuple(found)

    def _own_of(self, block: int) -> list[tuple[str, str]]:
        if not self.table.has_stub:
            return []
        records = self.table.records
        given = [(row.key, row.label) for row in self.own if row.after in records and records[row.after].block == block]
        taken = {*records, *(row.key for row in self.own)}
        key = next(key for n in range(1, 1000) if (key := f"{OWN_ROW}{block + 1}_{n}") not in taken)
        return [*given, (key, "")]

    @property
    def right(self) -> int:
        """The first column right of the grid."""
        return GRID + self.grid.width

    @property
    def bottom(self) -> int:
        """The first row below the grid and the rows that a clerk may add."""
        return self.blocks[-1].end + len(self._own_of(len(self.blocks) - 1))


def ranges(spots: Iterable[Spot]) -> list[str]:
    """Returns cells as few ranges, in an order of their own: whole runs in a row or a column.

    >>> ranges([(8, 5), (9, 5), (32, 5), (33, 5)]), ranges([(8, 2), (8, 3), (8, 4)])
    (['F9:F10', 'F33:F34'], ['C9:E9'])
    """
    left = sorted(set(spots))
    found = []
    while left:
        row, col = left[0]
        down = _run(left, row, col, 1, 0)
        across = _run(left, row, col, 0, 1)
        run = max((down, across), key=len)
        left = [spot for spot in left if spot not in run]
        found.append(f"{cell_name(*run[0])}:{cell_name(*run[-1])}" if len(run) > 1 else cell_name(*run[0]))
    return found


def _run(spots: Sequence[Spot], row: int, col: int, down: int, right: int) -> list[Spot]:
    known = set(spots)
    run = [(row, col)]
    while (following := (run[-1][0] + down, run[-1][1] + right)) in known:
        run.append(following)
    return run
