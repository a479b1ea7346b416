"""One official table on a sheet of the fill-in workbook: found by the hidden keys, held against the labels that people see.

What makes it uncertain which box a number belongs to is a problem, with the cell's name; what is certain but wrong, such
as a formula in place of a number, is kept as it stands for the rules to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ogi_report.errors import Place
from ogi_report.figures import FoundLabel
from ogi_report.forms import CellSpec, LocalRow, Record, Table, normalise
from ogi_report.forms.workbook import COLUMNS, OWN_ROW, RETURNED, VALUES, cell_name
from ogi_report.readers.row_keys import bare_heading, cell_under, is_local, owner_of_label
from ogi_report.readers.sheets import Sheet
from ogi_report.readers.table_reading import TableReading

_AGAIN = "请从原来的填报表重新填写，或恢复这一处"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """Where something stands in a workbook: the sheet's name, row and column from 0."""

    sheet: str
    row: int
    col: int

    @property
    def name(self) -> str:
        return cell_name(self.row, self.col)


@dataclass
class SheetReading(TableReading):
    """A table as its sheet has it; `places` says where each box stands."""

    problems: list[str] = field(default_factory=list)
    places: dict[str, SheetCell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows under one row of column keys."""

    keys: int
    columns: Mapping[int, str]
    """Column of the sheet → column key."""
    rows: Mapping[int, str]
    """Row of the sheet → row key."""


def read_table_sheet(sheet: Sheet, mark: tuple[int, int], table: Table, shown: str) -> SheetReading:
    """Reads a table's sheet; `mark` is the cell that bears the table's mark."""
    return _TableSheet(sheet, mark, SheetReading(table), shown).read()


@dataclass
class _TableSheet:
    sheet: Sheet
    mark: tuple[int, int]
    reading: SheetReading
    shown: str
    covered: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Cells that a merged range hides → the cell that stands for them."""

    def read(self) -> SheetReading:
        for row, col, height, width in self.sheet.merged:
            if height * width <= _LARGEST_MERGE:
                hidden = ((row + i, col + j) for i in range(height) for j in range(width))
                self.covered.update(dict.fromkeys(hidden, (row, col)))
                del self.covered[row, col]
        parts = list(self._parts())
        if not parts:
            self._problem(f"{self._where()}：隐藏的代码行不见了，读不出哪一列是什么；{_AGAIN}。")
            return self.reading
        seen: dict[str, int] = {}
        for part in parts:
            self._part(part, seen)
        self._missing(seen, parts)
        return self.reading

    @property
    def table(self) -> Table:
        return self.reading.table

    def _where(self, row: int | None = None) -> str:
        return f"{self.shown} 工作表“{self.sheet.name}”" + ("" if row is None else f"第 {row + 1} 行")

    def _problem(self, text: str) -> None:
        self.reading.problems.append(text)

    def _text(self, row: int, col: int) -> str:
        """What stands in a cell; a formula as a formula, since nobody typed its result."""
        at = row, col
        if at in self.sheet.formulas:
            return f"={self.sheet.formulas[at] or '…'}"
        return self.sheet.cells.get(at, "").strip()

    # -- rows and columns by their keys -----------------------------------------------------------------------------

    def _parts(self) -> Iterator[_Part]:
        top, side = self.mark
        keys = {row: text.strip() for (row, col), text in self.sheet.cells.items() if col == side and row > top}
        heads = sorted(row for row, key in keys.items() if key == COLUMNS)
        for number, head in enumerate(heads):
            end = heads[number + 1] if number + 1 < len(heads) else max(keys) + 1
            rows = {row: key for row, key in sorted(keys.items()) if head < row < end and key != RETURNED}
            columns = {col: text.strip() for (row, col), text in self.sheet.cells.items() if row == head and col > side}
            yield _Part(head, dict(sorted(columns.items())), rows)

    def _part(self, part: _Part, seen: dict[str, int]) -> None:
        block = self._block_of(part)
        columns: dict[int, str] = {}
        for col, name in part.columns.items():
            spec = block.get(name)
            if spec is None:
                self._problem(
                    f"{self._where(part.keys)}：{cell_name(part.keys, col)} 的隐藏代码“{name}”不属于{self.table.name}；{_AGAIN}。"
                )
            elif name in columns.values():
                self._problem(f"{self._where()}：“{spec.column.label}”列出现了两次；请删去后加的一列。")
            elif self._heading_fits(part, col, spec):
                columns[col] = name
        if columns:
            self._rows(part, columns, seen)

    def _block_of(self, part: _Part) -> dict[str, CellSpec]:
        """Column key → one of its cells, in the block whose rows stand here."""
        table = self.table
        if not table.has_stub:
            return {key.removeprefix(f"{table.key}."): spec for key, spec in table.cells.items()}
        known = [table.records[key] for key in part.rows.values() if key in table.records]
        block = known[0].block if known else None
        records = [record for record in table.records.values() if record.block == block]
        return {name: spec for record in records for name, spec in record.fields.items()} or {
            name: spec for record in table.records.values() for name, spec in record.fields.items()
        }

    def _heading_fits(self, part: _Part, col: int, spec: CellSpec) -> bool:
        """Holds the heading above a column against its key."""
        official, leaf = spec.column.label, spec.column.leaf
        heading = next((text for row in range(part.keys - 1, self.mark[0], -1) if (text := self._text(row, col))), "")
        bare, unit = bare_heading(heading)
        if normalise(heading) in leaf.spellings():
            return True
        if spec.number == "money" and normalise(bare) in leaf.spellings():
            self.reading.units[spec.field] = unit
            return True
        column = cell_name(part.keys, col).rstrip("0123456789")
        if not heading:
            self._problem(f"{self._where()}：{column} 列的表头“{official}”不见了（可能被合并或删除）；{_AGAIN}。")
            return False
        others = {
            p.label
            for key, p in self.table.fields.items()
            if p.leaf is not leaf and normalise(heading) in p.leaf.spellings()
        }
        if others:
            self._problem(
                f"{self._where()}：{column} 列的表头是“{heading}”，隐藏的代码却是“{official}”；"
                f"请核对这一列的数字属于哪一栏，{_AGAIN}。"
            )
            return False
        self.reading.labels.append(FoundLabel(self.table.key, None, spec.field, heading, official, self._where()))
        return True

    # -- the rows ---------------------------------------------------------------------------------------------------

    def _rows(self, part: _Part, columns: Mapping[int, str], seen: dict[str, int]) -> None:
        table = self.table
        known = [key for key in part.rows.values() if key in table.records]
        official = previous = known[0] if known else next(iter(table.records))
        self._without_key(part, columns)
        blocks = {table.records[key].block for key in known}
        if len(blocks) > 1:
            self._problem(
                f"{self._where()}：表中间的隐藏代码行不见了，读不出第 {part.keys + 1} 行以下哪一列是什么；{_AGAIN}。"
            )
            return
        for row, key in part.rows.items():
            if key == VALUES and not table.has_stub:
                self._values(row, columns)
                seen[key] = row
                continue
            if key in seen:
                self._problem(
                    f"{self._where(row)}与第 {seen[key] + 1} 行的隐藏代码相同（{key}）；请删去复制出来的一行。"
                )
                continue
            label = self._label(row, columns)
            record = table.records.get(key)
            if record is None and not is_local(key, table):
                self._problem(f"{self._where(row)}“{label}”的隐藏代码“{key}”不属于{table.name}；{_AGAIN}。")
                continue
            if record is None:
                if not self._own_row(row, key, label, columns):
                    continue
                self.reading.local.append(LocalRow(key, label, previous))
                record = table.records[official]
            else:
                self._label_fits(row, record, label)
                official = key
            seen[key] = row
            previous = key
            self._cells(row, key, label or record.label, record, columns)

    def _without_key(self, part: _Part, columns: Mapping[int, str]) -> None:
        """Numbers in rows and columns that were put in between belong to nothing."""
        last = max(part.rows, default=part.keys)
        inside = range(min(columns), max(columns) + 1)
        for row in range(part.keys + 1, last + 1):
            key = part.rows.get(row)
            stray = [
                f"{cell_name(row, col)}“{text}”"
                for col in inside
                if (key is None or col not in part.columns)
                and (row, col) not in self.covered
                and (text := self._text(row, col))
            ]
            if stray:
                what = "这一行没有隐藏代码，像是插入的行" if key is None else "这一列没有隐藏代码，像是插入的列"
                self._problem(
                    f"{self._where(row)}：{'、'.join(stray)}，{what}，不知道属于哪一格；"
                    "请把数填到原来的格里，表样之外的行写在绿色行里。"
                )

    def _label(self, row: int, columns: Mapping[int, str]) -> str:
        """The last label left of the numbers."""
        stub = range(self.mark[1] + 1, min(columns))
        return next((text for col in reversed(stub) if (text := self._text(row, col))), "")

    def _own_row(self, row: int, key: str, label: str, columns: Mapping[int, str]) -> bool:
        """Whether a row of the agency's own is filled in."""
        written = [f"{cell_name(row, col)}“{text}”" for col in columns if (text := self._text(row, col))]
        if written and not label:
            self._problem(
                f"{self._where(row)}：写了{'、'.join(written)}，却没有写这一行的名称；请写上名称，或把数清空。"
            )
            return False
        return bool(label) and (bool(written) or not key.startswith(OWN_ROW))

    def _label_fits(self, row: int, record: Record, label: str) -> None:
        if not label:
            self._problem(f"{self._where(row)}的标签“{record.label}”不见了（可能被合并或删除）；{_AGAIN}。")
            return
        owner = owner_of_label(record, label, self.reading, self._where(row))
        if owner is not None:
            self._problem(
                f"{self._where(row)}的标签是“{label}”，隐藏的代码却是“{record.title}”；"
                f"请核对这一行的数字属于哪一项，{_AGAIN}。"
            )

    def _values(self, row: int, columns: Mapping[int, str]) -> None:
        for col, name in columns.items():
            spec = self.table.cells[f"{self.table.key}.{name}"]
            label = next((above.label for above in reversed(spec.column.above)), "")
            self._cell(row, col, spec.key, spec, label)

    def _cells(self, row: int, key: str, label: str, record: Record, columns: Mapping[int, str]) -> None:
        for col, name in columns.items():
            if name in record.fields:
                self._cell(row, col, f"{self.table.key}.{key}.{name}", record.fields[name], label)

    def _cell(self, row: int, col: int, key: str, spec: CellSpec, label: str) -> None:
        hiding = self.covered.get((row, col))
        if hiding is not None:
            self._problem(
                f"{self._where(row)}：{cell_name(row, col)}（{spec.label}）被合并到 {cell_name(*hiding)} 里，"
                "看不出数字属于哪一格；请取消合并后分别填写。"
            )
            return
        at = Place(f"{self._where()}", row + 1, label, spec.column.label)
        stated = self.reading.units.get(spec.field, "")
        self.reading.cells[key] = cell_under(self._text(row, col), spec, stated, at)
        self.reading.places[key] = SheetCell(self.sheet.name, row, col)

    def _missing(self, seen: Mapping[str, int], parts: list[_Part]) -> None:
        table, where = self.table, self._where()
        if not table.has_stub:
            if VALUES not in seen:
                self._problem(f"{where}：填数的一行不见了；{_AGAIN}。")
            return
        for key, record in table.records.items():
            if key not in seen:
                self.reading.missing.append(FoundLabel(table.key, key, None, "", record.title, where))
        there = {name for part in parts for name in part.columns.values()}
        for key, path in table.fields.items():
            if key not in there:
                self.reading.missing.append(FoundLabel(table.key, None, key, "", path.label, where))


_LARGEST_MERGE = 100_000
"""Cells of a merged range that is looked into; a merged whole sheet hides everything anyhow."""
