"""From label trees to merged cells: the only place that knows spans.

A `Grid` is what every writer needs and every reader yields. Each block of a table is a banner (if any), a header and
data rows; a header is a stub lying on its side. Two sentences decide all spans: *a parent is as tall as its leaves, a
leaf is as wide as what is left*, and *the last column is as wide as what is left of the table* (which is why
本年处理决定数量 spans three).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from ogi_report.forms.model import Table
from ogi_report.forms.parts import Block, Column, Row
from ogi_report.in_words import InWords


class Role(StrEnum):
    BANNER = "banner"
    STUBHEAD = "stubhead"
    COLUMN = "column"
    STUB = "stub"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Slot:
    """One merged cell. `scope` is that of HTML's `th`; `key` is the cell key of a value slot."""

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    role: Role
    scope: str | None = None
    key: str | None = None

    @property
    def is_header(self) -> bool:
        return self.role is not Role.VALUE

    def moved(self, down: int = 0, right: int = 0) -> Slot:
        return replace(self, row=self.row + down, col=self.col + right)

    def covers_column_of(self, other: Slot) -> bool:
        return self.col < other.col + other.colspan and other.col < self.col + self.colspan

    def covers_row_of(self, other: Slot) -> bool:
        return self.row < other.row + other.rowspan and other.row < self.row + self.rowspan


@dataclass(frozen=True)
class Grid(InWords):
    """A table as merged cells. `blocks` gives (first row, first data row, end row) of each stacked block."""

    table: str
    title: str
    width: int
    slots: tuple[Slot, ...]
    blocks: tuple[tuple[int, int, int], ...]
    empty: Grid | None = field(default=None, repr=False, compare=False)
    """The grid without figures that this one was filled from: what is over a cell is found there once for all reports."""

    def __hash__(self) -> int:
        return hash((self.table, self.width, len(self.slots)))

    @property
    def height(self) -> int:
        return self.blocks[-1][2]

    @property
    def header_rows(self) -> int:
        """Rows at the top that repeat on each printed page; 0 for stacked blocks, whose headers belong to a block."""
        return self.blocks[0][1] if len(self.blocks) == 1 else 0

    def rows(self) -> list[list[Slot]]:
        """Slots by the row in which they begin, from left to right."""
        return [[self.slots[number] for number in row] for row in (self.empty or self)._order]

    @cached_property
    def _order(self) -> list[list[int]]:
        """Positions in `slots` by row, from left to right; filling a grid keeps them."""
        rows: list[list[int]] = [[] for _ in range(self.height)]
        for number, slot in sorted(enumerate(self.slots), key=lambda item: (item[1].row, item[1].col)):
            rows[slot.row].append(number)
        return rows

    def fill(self, texts: dict[str, str]) -> Grid:
        """Returns the grid with the value slots' texts taken from `texts` by cell key."""
        slots = tuple(
            Slot(s.row, s.col, s.rowspan, s.colspan, texts[s.key], s.role, s.scope, s.key) if s.key else s
            for s in self.slots
        )
        return replace(self, slots=slots, empty=self.empty or self)

    def headers(self, value: Slot) -> tuple[Slot, ...]:
        """Returns the header slots of a value slot: banner, column headers from the top, stub labels from the left."""
        return (self.empty or self)._headers_by_place[value.row, value.col]

    @cached_property
    def _headers_by_place(self) -> dict[tuple[int, int], tuple[Slot, ...]]:
        found = {}
        for value in (slot for slot in self.slots if not slot.is_header):
            first, _, end = next(block for block in self.blocks if block[0] <= value.row < block[2])
            inside = [slot for slot in self.slots if slot.is_header and first <= slot.row < end]
            above = [s for s in inside if s.role in (Role.BANNER, Role.COLUMN) and s.covers_column_of(value)]
            left = [s for s in inside if s.role is Role.STUB and s.covers_row_of(value)]
            found[value.row, value.col] = tuple(sorted(above, key=lambda s: s.row) + sorted(left, key=lambda s: s.col))
        return found

    def _in_words(self) -> str:
        return f"{self.title}：{self.height} 行，{self.width} 列，{len(self.slots)} 个单元格（含合并的）"


def build_grid(table: Table) -> Grid:
    """Returns the table's official grid; value slots carry cell keys and no text."""
    stubs = [max((row.depth for row in block.rows), default=0) for block in table.blocks]
    width = max(stub + sum(c.leaves for c in block.columns) for stub, block in zip(stubs, table.blocks, strict=True))
    slots: list[Slot] = []
    blocks: list[tuple[int, int, int]] = []
    top = 0
    for number, (block, stub) in enumerate(zip(table.blocks, stubs, strict=True)):
        placed, body, height = _block(table, number, block, stub, width)
        slots.extend(slot.moved(down=top) for slot in placed)
        blocks.append((top, top + body, top + height))
        top += height
    return Grid(table.key, table.title, width, tuple(slots), tuple(blocks))


def _block(table: Table, number: int, block: Block, stub: int, width: int) -> tuple[list[Slot], int, int]:
    """Returns a block's slots from row 0, the number of its first data row, and its height."""
    banner = 1 if block.banner else 0
    header = max(column.depth for column in block.columns)
    body = banner + header
    spare = width - stub - sum(column.leaves for column in block.columns)
    slots = []
    if block.banner:
        slots.append(Slot(0, 0, 1, width, block.banner, Role.BANNER, "rowgroup"))
    if stub:
        slots.append(Slot(banner, 0, header, stub, block.stubhead or "", Role.STUBHEAD, "col"))
    slots += [slot.moved(down=banner, right=stub) for slot in _header(block.columns, header, width - stub)]
    slots += [slot.moved(down=body) for slot in _stub(block.rows, stub)]
    records = [record for record in table.records.values() if record.block == number]
    lines = (
        [list(r.fields.values()) for r in records]
        if table.has_stub
        else [[c for r in records for c in r.fields.values()]]
    )
    for row, cells in enumerate(lines):
        for column, cell in enumerate(cells):
            last = column == len(cells) - 1
            slots.append(Slot(body + row, stub + column, 1, 1 + (spare if last else 0), "", Role.VALUE, None, cell.key))
    return slots, body, body + len(lines)


def _stub(rows: tuple[Row, ...], width: int, top: int = 0, level: int = 0) -> Iterator[Slot]:
    """A parent is as tall as its leaves; a leaf is as wide as what is left of the stub."""
    for row in rows:
        leaf = not row.rows
        yield Slot(
            top, level, row.leaves, width - level if leaf else 1, row.label, Role.STUB, "row" if leaf else "rowgroup"
        )
        yield from _stub(row.rows, width, top, level + 1)
        top += row.leaves


def _header(columns: tuple[Column, ...], height: int, width: int, level: int = 0, left: int = 0) -> Iterator[Slot]:
    """The same sentence lying on its side; the last column takes the width that is left."""
    end = left + width
    for column in columns:
        leaf = not column.columns
        span = end - left if column is columns[-1] else column.leaves
        yield Slot(
            level, left, height - level if leaf else 1, span, column.label, Role.COLUMN, "col" if leaf else "colgroup"
        )
        yield from _header(column.columns, height, span, level + 1, left)
        left += span
