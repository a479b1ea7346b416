"""The parts of a form: labels that nest into rows and columns, blocks of them, and the number boxes that they span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ogi_report.forms.labels import normalise, without_numbering
from ogi_report.in_words import InWords

NumberKind = Literal["count", "signed", "money"]
Each = Literal["column", "row", "group", "table"]


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Label(Declared):
    """A row or a column: the same idea turned by 90 degrees.

    `note` is its legal hook and `meaning` what is counted there, for those who fill the form in; `last_year` says what of
    last year's report its numbers begin with, in the language of equations (`carried_out`).
    """

    label: str
    key: str | None = None
    short: str | None = None
    aliases: tuple[str, ...] = ()
    note: str | None = None
    meaning: str | None = None
    last_year: str | None = None

    @property
    def children(self) -> tuple[Any, ...]:
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The label as it is said in a sentence."""
        return self.short or without_numbering(self.label)

    @property
    def leaves(self) -> int:
        return sum(child.leaves for child in self.children) if self.children else 1

    @property
    def depth(self) -> int:
        return 1 + max((child.depth for child in self.children), default=0)

    def spellings(self) -> set[str]:
        return {normalise(text) for text in (self.label, *self.aliases)}


class Row(_Label):
    rows: tuple[Row, ...] = ()
    key_figure: bool = False
    local: bool = False

    @property
    def children(self) -> tuple[Row, ...]:
        return self.rows


class Column(_Label):
    columns: tuple[Column, ...] = ()
    unit: str = "件"
    number: NumberKind = "count"
    total: bool = False

    @property
    def children(self) -> tuple[Column, ...]:
        return self.columns


class Block(Declared):
    """A part of a table with its own header; tables 三 and 四 have one, table 二 is a stack of five or four."""

    banner: str | None = None
    stubhead: str | None = None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()


class Derived(Declared):
    """A quantity that the form does not print but everybody speaks of, such as all litigation cases."""

    key: str
    label: str
    short: str | None = None
    each: Each
    of: str

    @property
    def name(self) -> str:
        return self.short or self.label


@dataclass(frozen=True, slots=True)
class Path:
    """A leaf of a tree of rows or columns, with the labels above it."""

    key: str
    leaf: Row | Column
    above: tuple[Row | Column, ...] = ()

    @property
    def label(self) -> str:
        return self.leaf.label

    @property
    def title(self) -> str:
        """The label, with its group's where the label alone would not be understood (`（六）其他处理 3.其他`)."""
        keyed = [label.label for label in self.above if label.key]
        return " ".join((*keyed[-1:], self.leaf.label))

    @property
    def name(self) -> str:
        return self.leaf.name


@dataclass(frozen=True, slots=True)
class CellSpec(InWords):
    """One number box of the form: its key, where it stands and what may be written into it."""

    key: str
    table: str
    row: Path | None
    column: Path
    record: str
    field: str
    local: bool

    @property
    def unit(self) -> str:
        return self._column.unit

    @property
    def number(self) -> NumberKind:
        return self._column.number

    @property
    def _column(self) -> Column:
        assert isinstance(self.column.leaf, Column)
        return self.column.leaf

    @property
    def is_total(self) -> bool:
        return self._column.total

    @property
    def is_key_figure(self) -> bool:
        """A total, or a cell of the printed identities in the total column: must be filled even when it is 0."""
        return self.is_total and not self.local

    @property
    def label(self) -> str:
        """How a message names the cell: row · column, in the form's own words."""
        if self.row is None:
            return " · ".join(label.label for label in (*self.column.above[-1:], self.column.leaf))
        return f"{self.row.title} · {self.column.label}"

    @property
    def explained(self) -> str:
        """What is counted here, and by which article: the notes of the row and of the column, for those who fill it in."""
        labels = [path.leaf for path in (self.row, self.column) if path is not None]
        meaning = "；".join(label.meaning for label in labels if label.meaning)
        law = "、".join(label.note for label in labels if label.note)
        return f"{meaning}（{law}）" if meaning and law else meaning or law

    @property
    def name(self) -> str:
        """The name under which a narrative asks for the value: 本年新收, 本年新收自然人, 行政复议结果维持."""
        before = self.row.name if self.row else "".join(label.name for label in self.column.above if label.key)
        return before + ("" if self.is_total else self.column.name)

    def _in_words(self) -> str:
        return f"“{self.label}”（{self.key}，{self.unit}）"


@dataclass(frozen=True)
class Record:
    """One line of a table's data file: a row of the form or, where the table has no stub, a column group."""

    key: str
    path: Path
    fields: Mapping[str, CellSpec]
    block: int
    local: bool

    @property
    def label(self) -> str:
        return self.path.label

    @cached_property
    def title(self) -> str:
        """The label as it is understood by itself (`Path.title`)."""
        return self.path.title

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Column → cell key."""
        return {field: cell.key for field, cell in self.fields.items()}
