"""The official form as typed data: sections, tables, equations, and the report's own rows woven in.

A `Form` is read from one YAML file per layout and knows nothing of files, figures or outcomes. Keys are those of the
cell-key table: `table.row[.sub].column`; a label without a key (such as 三、本年度办理结果) adds nothing to the path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import field_validator, model_validator

from ogi_report.forms.labels import normalise
from ogi_report.forms.parts import Block, CellSpec, Declared, Derived, Each, Path, Record, Row
from ogi_report.in_words import InWords

if TYPE_CHECKING:
    from ogi_report.forms.equations import Term
    from ogi_report.forms.grid import Grid


def _walk(labels: tuple[Any, ...], key: str = "", above: tuple[Any, ...] = ()) -> Iterator[Path]:
    for label in labels:
        path = f"{key}.{label.key}".strip(".") if label.key else key
        if label.children:
            yield from _walk(label.children, path, (*above, label))
        else:
            # A local row carries its whole key: it belongs to a report, not to the group in which it stands.
            own = label.key if getattr(label, "local", False) else path
            yield Path(own, label, above)


class Table(InWords, Declared):
    key: str
    name: str
    title: str
    blocks: tuple[Block, ...]
    derived: tuple[Derived, ...] = ()

    @cached_property
    def cells(self) -> dict[str, CellSpec]:
        """All number boxes by key, in the order of the printed table."""
        return {cell.key: cell for record in self.records.values() for cell in record.fields.values()}

    @cached_property
    def records(self) -> dict[str, Record]:
        records: dict[str, Record] = {}
        for number, block in enumerate(self.blocks):
            columns = list(_walk(block.columns))
            for row in _walk(block.rows):
                fields = {
                    column.key: CellSpec(
                        f"{self.key}.{row.key}.{column.key}",
                        self.key,
                        row,
                        column,
                        row.key,
                        column.key,
                        isinstance(row.leaf, Row) and row.leaf.local,
                    )
                    for column in columns
                }
                records[row.key] = Record(row.key, row, fields, number, isinstance(row.leaf, Row) and row.leaf.local)
            if not block.rows:
                for column in columns:
                    group, _, field = column.key.rpartition(".")
                    cell = CellSpec(f"{self.key}.{column.key}", self.key, None, column, group, field, False)
                    if group not in records:
                        records[group] = Record(
                            group, Path(group, column.above[-1], column.above[:-1]), {}, number, False
                        )
                    records[group].fields[field] = cell  # type: ignore[index]  # filled here, read-only afterwards
        return records

    @cached_property
    def grid(self) -> Grid:
        """The official grid without figures."""
        from ogi_report.forms.grid import build_grid

        return build_grid(self)

    @cached_property
    def fields(self) -> dict[str, Path]:
        """Leaf columns of the data file by key, in order of first appearance."""
        fields: dict[str, Path] = {}
        for record in self.records.values():
            for key, cell in record.fields.items():
                fields.setdefault(key, cell.column)
        return fields

    @cached_property
    def groups(self) -> dict[str, Row]:
        """Keyed groups of rows (`denied`, `unavailable`, …) whose subtotals are derived, by key."""
        return dict(_groups(tuple(row for block in self.blocks for row in block.rows)))

    @property
    def has_stub(self) -> bool:
        return any(block.rows for block in self.blocks)

    def _in_words(self) -> str:
        return f"{self.name}　{self.title}：{len(self.records)} 行，{len(self.cells)} 格"


def _groups(rows: tuple[Row, ...], key: str = "") -> Iterator[tuple[str, Row]]:
    for row in rows:
        if row.rows:
            path = f"{key}.{row.key}".strip(".") if row.key else key
            if row.key:
                yield path, row
            yield from _groups(row.rows, path)


class Section(InWords, Declared):
    """One of the six chapters."""

    number: int
    title: str
    aliases: tuple[str, ...] = ()
    table: str | None = None

    def spellings(self) -> set[str]:
        return {normalise(text) for text in (self.title, *self.aliases)}

    def _in_words(self) -> str:
        return self.title


class Years(InWords, Declared):
    first: int
    last: int | None = None

    def __contains__(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)

    def _in_words(self) -> str:
        return f"{self.first} 年起" if self.last is None else f"{self.first}—{self.last} 年"


def _once(what: str, keys: list[str]) -> None:
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{what}代码重复：{'、'.join(twice)}")


def _keys_are_clear(table: Table) -> None:
    """Refuses a table in which two cells would have one key, or a cell none."""
    if len({bool(block.rows) for block in table.blocks}) > 1:
        raise ValueError(f"{table.name}的各部分应当都有表栏（rows），或都没有")
    leaves = [path for block in table.blocks for path in (*_walk(block.rows), *_walk(block.columns))]
    for path in leaves:
        if not path.leaf.key:
            raise ValueError(f"{table.name}的“{path.label}”没有代码（key）")
        if not table.has_stub and not path.above:
            raise ValueError(f"{table.name}没有表栏（rows），“{path.label}”应当放在一个列组里")
    _once(f"{table.name}的行", [row.key for block in table.blocks for row in _walk(block.rows)])
    for block in table.blocks:
        _once(f"{table.name}的列", [column.key for column in _walk(block.columns)])


SEVERITIES = {"error": "强制性", "warning": "核实性", "note": "提示"}
"""How grave it is if something does not hold, in the words of Chinese statistical practice, the gravest first."""


class EquationSpec(InWords, Declared):
    """A linear equation or floor between cells, in the small language of `ogi_report.forms.equations`."""

    id: str
    table: str
    each: Each
    severity: Literal["error", "warning", "note"]
    title: str
    holds: tuple[str, ...]
    source: str
    optional: bool = False

    @field_validator("holds", mode="before")
    @classmethod
    def _one_line_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    def _in_words(self) -> str:
        return f"{self.id}：{self.title}"


class Form(InWords, Declared):
    """A layout of the annual report (表样)."""

    id: str
    version: int = 1
    """Counts the editions of the declaration: goes up when a label, key, unit or equation of a released one is put right."""
    name: str
    notice: str
    years: Years
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    equations: tuple[EquationSpec, ...] = ()

    @field_validator("sections")
    @classmethod
    def _sections_are_numbered(cls, value: tuple[Section, ...]) -> tuple[Section, ...]:
        if [section.number for section in value] != list(range(1, len(value) + 1)):
            raise ValueError("章的编号应当从 1 起连续")
        return value

    @model_validator(mode="after")
    def _names_fit_together(self) -> Form:
        tables = {table.key for table in self.tables}
        for section in self.sections:
            if section.table and section.table not in tables:
                raise ValueError(f"第 {section.number} 章的表 {section.table} 没有声明")
        for equation in self.equations:
            if equation.table not in tables:
                raise ValueError(f"算式 {equation.id} 的表 {equation.table} 没有声明")
        _once("算式", [equation.id for equation in self.equations])
        _once("表", [table.key for table in self.tables])
        for table in self.tables:
            _keys_are_clear(table)
        return self

    def __repr__(self) -> str:
        return f"Form({self.id!r})"

    @cached_property
    def cells(self) -> dict[str, CellSpec]:
        return {key: cell for table in self.tables for key, cell in table.cells.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """Name in narratives → cell key."""
        return {cell.name: key for key, cell in self.cells.items()}

    @cached_property
    def derived(self) -> dict[str, tuple[str, tuple[Term, ...]]]:
        """Key → (name in narratives, terms) of what the form's cells determine but do not print."""
        from ogi_report.forms.equations import derived_quantities

        return derived_quantities(self)

    def table(self, key: str) -> Table:
        """Returns a table by key.

        Raises:
            KeyError: the form has no such table.
        """
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def section(self, number: int) -> Section:
        return next(section for section in self.sections if section.number == number)

    def with_local_rows(self, local: Mapping[str, tuple[LocalRow, ...]]) -> Form:
        """Returns this form with a report's own extra rows, each behind the official row that it followed.

        The result goes wherever a form goes, so grids, equations and figures need to know nothing of local rows.
        """
        if not any(local.values()):
            return self
        declared = {name: getattr(self, name) for name in Form.model_fields}
        declared["tables"] = tuple(_table_with_rows(table, local.get(table.key, ())) for table in self.tables)
        return Form.model_construct(**declared)

    def _in_words(self) -> str:
        return f"{self.name}（{self.notice}）：{len(self.sections)} 章，{len(self.tables)} 张表，{len(self.cells)} 格"


@dataclass(frozen=True, slots=True)
class LocalRow:
    """A row that a report has and the official form has not; `after` is the record key above it."""

    key: str
    label: str
    after: str


def _table_with_rows(table: Table, local: tuple[LocalRow, ...]) -> Table:
    blocks = list(table.blocks)
    for row in local:
        number = table.records[row.after].block if row.after in table.records else len(blocks) - 1
        extra = Row(key=row.key, label=row.label, local=True)
        blocks[number] = blocks[number].model_copy(update={"rows": _insert(blocks[number].rows, row.after, extra, "")})
        table = Table(key=table.key, name=table.name, title=table.title, blocks=tuple(blocks), derived=table.derived)
    return table


def _insert(rows: tuple[Row, ...], after: str, extra: Row, prefix: str) -> tuple[Row, ...]:
    result: list[Row] = []
    for row in rows:
        key = (row.key or "") if row.local else f"{prefix}.{row.key}".strip(".") if row.key else prefix
        result.append(row.model_copy(update={"rows": _insert(row.rows, after, extra, key)}) if row.rows else row)
        if not row.rows and key == after:
            result.append(extra)
    return tuple(result)
