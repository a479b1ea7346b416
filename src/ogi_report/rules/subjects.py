"""What a rule speaks of: a cell, a row or column, a table, a label, a chapter, the whole report.

A `Scope` enumerates the subjects of one kind in a report. Subjects remember which cells a condition read: these are
the cells that a finding names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ogi_report.figures import Cell, Doubt, Figures, FoundLabel, Kind, Number, format_number
from ogi_report.forms import CellSpec, Record, Section, Table
from ogi_report.rules.context import ChapterText, Context
from ogi_report.rules.rule import BlankCell, NotApplicable


@dataclass
class Subject:
    """Base of all subjects: the report around it, and the cells read so far."""

    report: Context
    touched: dict[str, None] = field(default_factory=dict, kw_only=True)
    blanks_are_zero: bool = field(default=False, kw_only=True)
    quote: str | None = field(default=None, kw_only=True)
    compared: tuple[Number, Number] | None = field(default=None, kw_only=True)
    """What a condition has found, and what it expected."""

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(self.touched)

    @property
    def place(self) -> str | None:
        """Where in the source the first cell stands."""
        at = next((self.report.figures[key].at for key in self.touched if key in self.report.figures), None)
        return str(at) if at else None

    def reading_blanks_as_zero(self) -> Self:
        self.blanks_are_zero = True
        return self

    def value(self, key: str) -> Number:
        """Returns a cell's number.

        Raises:
            BlankCell: nothing is written there. NotApplicable: what is written there is not a number.
        """
        return self._number(self.report.figures, key)

    def last_value(self, key: str) -> Number:
        """Returns the same cell's number in last year's report."""
        return self._number(self.report.last_year, key, remember=False)

    def point_at(self, keys: Any) -> None:
        """Names cells in the finding that the condition did not read."""
        self.touched |= dict.fromkeys(keys)

    def _number(self, figures: Figures, key: str, remember: bool = True) -> Number:
        if key not in figures:
            return sum((self._number(figures, part, remember) for part in _parts(figures, key)), start=0)
        if remember:
            self.touched[key] = None
        cell = figures[key]
        if cell.value is not None:
            return cell.value
        if cell.kind is Kind.TEXT:
            raise NotApplicable(f"“{figures.form.cells[key].label}”不是数字")
        if self.blanks_are_zero:
            return 0
        raise BlankCell(f"“{figures.form.cells[key].label}”")


def _parts(figures: Figures, key: str) -> tuple[str, ...]:
    if key not in figures.derived_parts:
        raise NotApplicable(f"{figures.form.name}没有 {key}")
    return figures.derived_parts[key]


@dataclass
class ReportSubject(Subject):
    pass


@dataclass
class CellSubject(Subject):
    spec: CellSpec

    def __post_init__(self) -> None:
        self.touched[self.spec.key] = None

    @property
    def cell(self) -> Cell:
        return self.report.figures[self.spec.key]

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def raw(self) -> str:
        return self.cell.raw

    @property
    def number(self) -> Number:
        return self.value(self.spec.key)

    @property
    def printed(self) -> str:
        return format_number(self.cell.value)


@dataclass
class Line(Subject):
    """A row or a column: its cells by the names that the form gives to the other side."""

    label: str
    names: Mapping[str, str]
    title: str = ""

    def key(self, name: str) -> str:
        """Returns the cell key behind a name of the other side.

        Raises:
            NotApplicable: the layout has no such row or column.
        """
        if name not in self.names:
            raise NotApplicable(f"{self.report.figures.form.name}没有 {name}")
        return self.names[name]

    def __getitem__(self, name: str) -> Number:
        return self.value(self.key(name))

    def last(self, name: str) -> Number:
        return self.last_value(self.key(name))

    def is_blank(self, name: str) -> bool:
        return self.report.figures[self.key(name)].is_empty

    def filled(self, *names: str) -> list[str]:
        """Names of those cells that hold a number other than 0; it is these that the finding then names."""
        found = [name for name in names if self.report.figures[self.key(name)].value]
        self.point_at(self.key(name) for name in found)
        return found

    def sum(self, *names: str) -> Number:
        return sum((self[name] for name in names), start=0)

    def parts(self, group: str) -> Number:
        """The sum of a group of rows: `denied`, `other`."""
        own = [name for name in self.names if name == group or name.startswith(f"{group}.")]
        return self.sum(*(name for name in own if not name.endswith(".sum")))


@dataclass
class TableSubject(Subject):
    table: Table

    @property
    def official_cells(self) -> dict[str, CellSpec]:
        return {key: spec for key, spec in self.table.cells.items() if not spec.local}

    @property
    def blank_cells(self) -> list[str]:
        figures = self.report.figures
        return [key for key in self.official_cells if figures[key].kind is Kind.BLANK]

    @property
    def missing(self) -> list[FoundLabel]:
        """Official rows and columns that the source lacks."""
        return [label for label in self.report.figures.missing if label.table == self.table.key]

    @property
    def labels(self) -> list[FoundLabel]:
        """Labels that the source words otherwise than the form."""
        return [label for label in self.report.figures.labels if label.table == self.table.key]

    def doubts(self, *kinds: str) -> list[Doubt]:
        """What the reader of a published file could not be sure of in this table."""
        return [doubt for doubt in self.report.figures.doubts if doubt.table == self.table.key and doubt.kind in kinds]

    @property
    def local_rows(self) -> list[Record]:
        return [record for record in self.table.records.values() if record.local]

    def raw(self, key: str) -> str:
        return self.report.figures[key].raw

    def is_identity_row(self, key: str) -> bool:
        """Whether a cell stands in a row of the printed identities (`key_figure` in the form)."""
        row = self.table.cells[key].row
        return row is None or bool(getattr(row.leaf, "key_figure", False))

    def cells_of(self, found: FoundLabel) -> list[str]:
        """The cells in the row or column that a label belongs to."""
        cells = self.table.cells.values()
        return [c.key for c in cells if c.record == found.record or (found.record is None and c.field == found.field)]


@dataclass
class ChapterSubject(Subject):
    chapter: ChapterText

    @property
    def place(self) -> str | None:
        return self.chapter.place

    @property
    def section(self) -> Section:
        return self.report.figures.form.section(self.chapter.number)

    @property
    def official(self) -> str:
        return self.section.title

    def lacking(self, topics: Mapping[str, str]) -> list[str]:
        """Topics (name → pattern) that the chapter's text does not touch."""
        return [name for name, pattern in topics.items() if not re.search(pattern, self.chapter.text)]


@dataclass(frozen=True)
class Scope:
    """`name` says in Chinese what a rule is held against; `subjects` enumerates these in a report."""

    name: str
    subjects: Callable[[Context], Iterator[Any]]
    why_none: str = "本表样没有这些栏目"
    hold_anyway: Callable[[Context], int] = lambda context: 0
    """How many subjects need no look and are not among `subjects`, since whatever is said of these holds for them."""
    gathers: bool = False
    """Whether one finding names all cells of a table that have the same fault."""

    def nothing(self, context: Context) -> str:
        return self.why_none


def report() -> Scope:
    return Scope("整份报告", lambda context: iter([ReportSubject(context)]))


def unusual_cells() -> Scope:
    """Each number box, local rows included, for rules that hold wherever a whole number from 0 up is written."""

    def subjects(context: Context) -> Iterator[CellSubject]:
        specs = context.figures.form.cells
        return (CellSubject(context, specs[key]) for key in context.figures.unusual)

    def hold_anyway(context: Context) -> int:
        return len(context.figures) - len(context.figures.unusual)

    return Scope("每个单元格", subjects, hold_anyway=hold_anyway)


def cells(number: str | None = None, *, official: bool = False) -> Scope:
    """Each number box, local rows included; `number` restricts to one kind (count, signed, money)."""

    def subjects(context: Context) -> Iterator[CellSubject]:
        for spec in context.figures.form.cells.values():
            if (number is None or spec.number == number) and not (official and spec.local):
                yield CellSubject(context, spec)

    return Scope("每个单元格", subjects)


def tables() -> Scope:
    def subjects(context: Context) -> Iterator[TableSubject]:
        return (TableSubject(context, table) for table in context.figures.form.tables)

    return Scope("每张表", subjects, gathers=True)


def _table(context: Context, key: str) -> Table:
    try:
        return context.figures.form.table(key)
    except KeyError:
        raise NotApplicable(f"{context.figures.form.name}没有 {key} 这张表") from None


def rows(table: str, *, having: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> Scope:
    """Each row of a table (each column group of a table without stub) that has the columns named."""

    def subjects(context: Context) -> Iterator[Line]:
        for record in _table(context, table).records.values():
            names = {field: cell.key for field, cell in record.fields.items()}
            if set(having) <= set(names) and (not only or record.key in only):
                yield Line(context, record.path.title, names)

    return Scope("相关的每一行", subjects)


def columns(table: str, *, only: tuple[str, ...] = ()) -> Scope:
    """Each column of a table with a stub; names are row keys."""

    def subjects(context: Context) -> Iterator[Line]:
        spec = _table(context, table)
        for field_key, path in spec.fields.items():
            if not only or field_key in only:
                names = {r.key: r.fields[field_key].key for r in spec.records.values() if field_key in r.fields}
                yield Line(context, path.title, names)

    return Scope("总计列" if only == ("total",) else "每一列", subjects)


def whole_table(table: str, *, having: tuple[str, ...] = ()) -> Scope:
    """The table as one line; names are keys within the table."""

    def subjects(context: Context) -> Iterator[Line]:
        spec = _table(context, table)
        names = {key.removeprefix(f"{table}."): key for key in spec.cells}
        if set(having) <= set(names):
            yield Line(context, spec.name, names)

    return Scope("整张表", subjects, gathers=True)


def chapters(*numbers: int) -> Scope:
    """Chapters that are there, by number."""

    def subjects(context: Context) -> Iterator[ChapterSubject]:
        for chapter in context.all_chapters:
            if not numbers or chapter.number in numbers:
                yield ChapterSubject(context, chapter)

    return Scope("相关的每一章", subjects, "缺相关的章")
