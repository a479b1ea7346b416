"""One official table read from its pieces: cells by key, the report's own rows, what is worded otherwise, and doubts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from ogi_report.errors import Place
from ogi_report.figures import Cell, FoundLabel, parse_cell, stated_unit
from ogi_report.forms import LocalRow, Record, Table
from ogi_report.readers.document import FoundTable
from ogi_report.readers.header import Head, Header, read_header, wording
from ogi_report.readers.noting import note_broken, note_shift, note_twice, set_aside_stacked
from ogi_report.readers.placing import UNDECIDED, Placed, Placing, holds, place
from ogi_report.readers.rows import FoundRow, rows_with_stub, rows_without_stub
from ogi_report.readers.segments import Piece
from ogi_report.readers.table_reading import TableReading
from ogi_report.readers.vocabulary import TableWords, bare, exact, is_stroke, is_value

KNOWN_LOCAL_ROWS = {"其他主动公开文件": "local.other_public_docs"}
"""Rows that whole provinces add, under one key each; any other gets a key made of its label."""


def read_pieces(pieces: Sequence[Piece], words: TableWords, shown: str) -> TableReading:
    """Reads a table; one that is not there has every row missing and every cell blank."""
    reading = TableReading(words.table)
    if not pieces:
        reading.is_there = False
        reading.missing = [
            FoundLabel(words.table.key, key, None, "", record.path.title, shown)
            for key, record in words.table.records.items()
        ]
        return reading
    return _Reader(words, shown, reading, f"{shown} {pieces[0].found.place}".strip()).read(pieces)


@dataclass
class _Reader:
    words: TableWords
    shown: str
    reading: TableReading
    first_place: str
    headers: dict[tuple[int, int | None], Header] = field(default_factory=dict)
    seen: dict[str, FoundRow] = field(default_factory=dict)
    given: dict[str, tuple[str, ...]] = field(default_factory=dict)
    twice: dict[str, str] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    own: dict[str, int | None] = field(default_factory=dict)
    """The report's own rows and the block in which each stands."""

    @property
    def table(self) -> Table:
        return self.words.table

    def read(self, pieces: Sequence[Piece]) -> TableReading:
        if self.table.has_stub:
            self._rows(rows_with_stub(pieces, self.words))
        else:
            self._single_row(rows_without_stub(pieces, self.words))
        for header in self.headers.values():
            self._note_header(header)
        self._note_missing()
        set_aside_stacked(self.reading, self.shown)
        return self.reading

    # -- rows with labels ---------------------------------------------------------------------------------------------

    def _rows(self, rows: list[FoundRow]) -> None:
        headers = [self._header(row) for row in rows]
        placed = [self._place(row, header) for row, header in zip(rows, headers, strict=True)]
        offsets: dict[tuple[int, int], set[int]] = {}
        for row, one in zip(rows, placed, strict=True):
            if one.offset is not None and one.how in ("sum", "heads"):
                offsets.setdefault(_shape(row), set()).add(one.offset)
        previous = next(iter(self.table.records))
        for number, row in enumerate(rows):
            known = offsets.get(_shape(row), set())
            if placed[number].how in ("undecided", "lone") and len(known) == 1:
                again = self._place(row, headers[number], next(iter(known)))
                placed[number] = again if again.how == "shape" else placed[number]
            previous = self._take(row, headers[number], placed[number], previous)
        note_twice(self.twice, self.reading)
        note_broken(rows, self.reading, self.shown)
        note_shift(rows, headers, placed, self.reading, self.shown)

    def _header(self, row: FoundRow) -> Header | None:
        if row.block is None:
            return None
        key = (id(row.heads), row.block)
        if key not in self.headers:
            header = read_header(row.heads, self.words, row.block)
            if header.missing and not self.words.banners and len(row.values) != len(header.slots):
                # A table of one block that lost heads: their official order is the only one there is.
                header.slots = [Head(word.field, 0, word.label.label, 0) for word in self.words.leaf_columns(row.block)]
                header.trusted = header.padded = False
            self.headers[key] = header
        return self.headers[key]

    def _place(self, row: FoundRow, header: Header | None, offset: int | None = None) -> Placed:
        if header is None or not header.fields:
            return UNDECIDED if any(is_value(cell.text) for cell in row.values) else Placed((), "blank")
        record = row.word.record if row.word else None
        slots = [slot.field for slot in header.slots]
        total = next((n for n, f in enumerate(slots) if f and self._is_total(f, record)), None)
        same_grid = header.found is row.line.found
        equations = self.words.sums.get(record or "", ())
        units = {f: self._unit(f) for f in slots if f}

        def sums(placing: Placing) -> bool | None:
            if not equations:
                return None
            numbers: dict[str, int | Decimal | None] = {
                f"{self.table.key}.{record}.{f}": _parsed(cell.text, units[f]).value
                for f, cell in zip(slots, placing, strict=True)
                if f and cell is not None
            }
            return holds(numbers, equations)

        width = self._width(row.line.found) if same_grid else None
        return place(row.values, header, width, sums, total, offset, ragged=not row.line.found.spans)

    def _width(self, found: FoundTable) -> int:
        if id(found) not in self.widths:
            self.widths[id(found)] = found.width
        return self.widths[id(found)]

    def _is_total(self, field_key: str, record: str | None) -> bool:
        cell = self.table.records[record].fields.get(field_key) if record else None
        return cell.is_total if cell else bool(getattr(self.table.fields[field_key].leaf, "total", False))

    def _unit(self, field_key: str) -> str:
        return str(getattr(self.table.fields[field_key].leaf, "unit", "件"))

    def _take(self, row: FoundRow, header: Header | None, placed: Placed, previous: str) -> str:
        """Takes a row's figures over; returns the record after which a local row would stand."""
        where = f"{self.shown} {row.line.found.place}".strip()
        if row.word is None:
            return self._take_own_row(row, header, placed, previous, where)
        record = self.table.records[row.word.record or ""]
        self._note_label(row, record, where)
        if placed.cells is None:
            self._undecided(row, record, header, where)
            self.seen.setdefault(record.key, row)
            return record.key
        assert header is not None or not placed.cells
        texts = tuple(cell.text if cell is not None else "" for cell in placed.cells)
        if record.key in self.seen and not self._is_repetition(record, texts, where):
            return record.key
        self.seen[record.key] = row
        self.given[record.key] = texts
        if header is not None:
            self._cells(record.key, record.label, header, placed.cells, set(record.fields), where)
            self._note_left_over(row, record, placed.cells, where)
        return record.key

    def _note_left_over(self, row: FoundRow, record: Record, placing: Placing, where: str) -> None:
        placed = {id(cell) for cell in placing}
        over = [cell for cell in row.values if cell.text and id(cell) not in placed and not is_stroke(cell.text)]
        for cell in over:
            message = f"“{record.path.title}”一行多出一格“{cell.text}”，上面没有栏目名，没有读入"
            self.reading.doubt("extra_column", record.key, (), message, where)

    def _cells(self, key: str, label: str, header: Header, placing: Placing, fields: set[str], where: str) -> None:
        for slot, found in zip(header.slots, placing, strict=False):
            if found is None:
                continue
            if slot.field is None or slot.field not in fields:
                if found.text and not slot.text and not is_stroke(found.text):
                    self.reading.doubt(
                        "extra_column",
                        key,
                        (),
                        f"“{label}”一行多出一格“{found.text}”，上面没有栏目名，没有读入",
                        where,
                    )
                continue
            path = self.table.fields[slot.field]
            at = Place(where, None, label, path.label)
            self.reading.cells[f"{self.table.key}.{key}.{slot.field}"] = _cell(
                found.text, self._unit(slot.field), header.units.get(slot.field, ""), at
            )

    def _undecided(self, row: FoundRow, record: Record, header: Header | None, where: str) -> None:
        figures = "、".join(f"“{cell.text}”" for cell in row.values if cell.text)
        why = (
            "上面没有这一部分的栏目名"
            if header is None or not header.fields
            else f"有 {len(row.values)} 格，表头有 {len([s for s in header.slots if s.text])} 栏"
        )
        self.reading.doubt(
            "unreadable",
            record.key,
            [cell.key for cell in record.fields.values()],
            f"“{record.path.title}”一行{why}，无法确定 {figures} 属于哪一栏，都没有读入；请对照原文补填",
            where,
        )

    def _is_repetition(self, record: Record, texts: tuple[str, ...], where: str) -> bool:
        """A row that stands there twice: the same, or blank once, is one row; two with other figures are a doubt.

        Returns whether its figures are to be taken.
        """
        before = self.given.get(record.key)
        if before is None or not any(texts):
            return False
        if not any(before):
            return True
        if [t for t in before if t] != [t for t in texts if t]:
            keys = [cell.key for cell in record.fields.values()]
            for key in keys:
                self.reading.cells.pop(key, None)
            self.twice.setdefault(record.key, where)
        return False

    def _take_own_row(self, row: FoundRow, header: Header | None, placed: Placed, previous: str, where: str) -> str:
        """A row outside the official form: kept as the report's own if it has as many figures as the heads ask for.

        Returns the record after which a further row would stand.
        """
        has_figures = any(is_value(cell.text) for cell in row.values)
        if row.label and placed.cells is not None and header is not None and header.fields:
            if not has_figures and placed.how != "order":
                return previous  # a remark across the table
            key = f"{row.group}.sum" if row.group else _local_key(row.label)
            if not row.group and key in self.own and self.own[key] != row.block:
                key += f"_{row.block}"
            if key not in self.own:
                if len(self.table.blocks) > 1 and self._block_of(previous) != row.block:
                    previous = next(r.key for r in self.table.records.values() if r.block == row.block)
                self.own[key] = row.block
                self.reading.local.append(LocalRow(key, " ".join(row.label.split()), previous))
                self._cells(key, row.label, header, placed.cells, set(header.fields), where)
                return key
        if has_figures:
            named = f"“{row.label}”" if row.label else "没有标签的一行"
            figures = "、".join(f"“{cell.text}”" for cell in row.values if cell.text)
            self.reading.doubt("unreadable", None, (), f"{named}的 {figures} 不知属于哪一行哪一栏，没有读入", where)
        return previous

    def _block_of(self, key: str) -> int | None:
        return self.own[key] if key in self.own else self.table.records[key].block

    # -- the single row of a table without labels ---------------------------------------------------------------------

    def _single_row(self, rows: list[FoundRow]) -> None:
        where = self.first_place
        filled = [row for row in rows if any(cell.text for cell in row.values)]
        wide = [row for row in rows if len(row.values) >= len(self.words.leaf_columns(0))]
        row = next(iter(filled), next(iter(wide), None))
        if row is None:
            return
        header = self._header(row)
        assert header is not None
        slots = [slot.field for slot in header.slots]
        equations = [equation for sums in self.words.sums.values() for equation in sums]

        def sums(placing: Placing) -> bool | None:
            numbers: dict[str, int | Decimal | None] = {
                f"{self.table.key}.{f}": _parsed(cell.text, "件").value
                for f, cell in zip(slots, placing, strict=True)
                if f and cell is not None
            }
            return holds(numbers, equations)

        same_grid = header.found is row.line.found
        width = self._width(row.line.found) if same_grid else None
        placed = place(row.values, header, width, sums, None, ragged=not row.line.found.spans)
        if placed.cells is None:
            figures = "、".join(f"“{cell.text}”" for cell in row.values if cell.text)
            self.reading.doubt(
                "unreadable",
                None,
                list(self.table.cells),
                f"{self.table.name}的数字一行有 {len(row.values)} 格，应为 {len(slots)} 格，无法确定 {figures} 属于哪一栏，"
                "都没有读入；请对照原文补填",
                where,
            )
            return
        by_field = {f"{cell.record}.{cell.field}": cell for cell in self.table.cells.values()}
        for slot, found in zip(header.slots, placed.cells, strict=True):
            if found is not None and slot.field in by_field:
                spec = by_field[slot.field]
                self.reading.cells[spec.key] = parse_cell(found.text, spec.unit, Place(where, None, None, spec.label))
        others = [r for r in filled if r is not row and [c.text for c in r.values] != [c.text for c in row.values]]
        if others:
            self.reading.doubt(
                "two_tables",
                None,
                list(self.table.cells),
                f"{self.table.name}有不止一行数字，读入的是第一行；请核对",
                where,
            )

    # -- what is worded otherwise, lacking or out of place ------------------------------------------------------------

    def _note_label(self, row: FoundRow, record: Record, where: str) -> None:
        if exact(row.label) not in {exact(record.path.label), exact(record.path.title)}:
            found = FoundLabel(self.table.key, record.key, None, " ".join(row.label.split()), record.path.label, where)
            if found not in self.reading.labels:
                self.reading.labels.append(found)

    def _note_header(self, header: Header) -> None:
        place = f"{self.shown} {header.found.place}".strip() if header.found else self.first_place
        for label in wording(self.table.key, header, place):
            if label[:5] not in [known[:5] for known in self.reading.labels]:
                self.reading.labels.append(label)
        for name, unit in header.units.items():
            self.reading.units.setdefault(name.rpartition(".")[2] if not self.table.has_stub else name, unit)
        if header.fields:
            for text in header.extra:
                self.reading.doubt(
                    "extra_column",
                    None,
                    (),
                    f"{self.table.name}有表样以外的列“{' '.join(text.split())}”，没有读入",
                    place,
                )

    def _note_missing(self) -> None:
        if not self.table.has_stub:
            if not self.headers:
                self.reading.missing += [
                    FoundLabel(self.table.key, key, None, "", record.path.title, self.first_place)
                    for key, record in self.table.records.items()
                ]
            return
        for key, record in self.table.records.items():
            if key not in self.seen:
                self.reading.missing.append(
                    FoundLabel(self.table.key, key, None, "", record.path.title, self.first_place)
                )
        lacking = {
            (word.block, word.field): word
            for (_, block), header in self.headers.items()
            for word in header.missing
            if block is not None
        }
        there = {(block, f) for (_, block), header in self.headers.items() if header.found for f in header.fields}
        for (block, name), word in lacking.items():
            if (block, name) not in there:
                found = FoundLabel(self.table.key, None, name, "", word.label.label, self.first_place)
                if found not in self.reading.missing:
                    self.reading.missing.append(found)


def _shape(row: FoundRow) -> tuple[int, int]:
    return id(row.line.found), len(row.values)


def _cell(raw: str, unit: str, stated: str, at: Place) -> Cell:
    """A cell as the CSV reader reads it: a unit in the heading holds for every number that states none."""
    cell = _parsed(raw, unit)
    if stated and cell.is_number and not stated_unit(raw):
        cell = _parsed(raw + stated, unit)
    return Cell(raw, cell.value, cell.kind, at)


@lru_cache(16_384)
def _parsed(raw: str, unit: str) -> Cell:
    """Most boxes of most reports hold the same few texts."""
    return parse_cell(raw, unit)


def _local_key(label: str) -> str:
    known = KNOWN_LOCAL_ROWS.get(bare(label))
    return known or f"local.row_{hashlib.sha256(exact(label).encode()).hexdigest()[:8]}"
