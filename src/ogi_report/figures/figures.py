"""The cell values of one report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from ogi_report.figures.cells import BLANK, Cell, Kind, Number, format_number, stated_unit
from ogi_report.forms import CellSpec, Form, Grid, Term
from ogi_report.in_words import InWords

if TYPE_CHECKING:
    import pandas as pd


TIDY = ("table", "row", "column", "key", "label", "raw", "kind", "unit", "value")
"""Columns of figures in long form, one line for each cell."""


def described(spec: CellSpec) -> tuple[str, str, str, str, str]:
    """What the first columns of `TIDY` say of a cell."""
    return spec.table, spec.record, spec.field, spec.key, spec.label


class FoundLabel(NamedTuple):
    """A label as a source wrote it, where it differs from the form's official one."""

    table: str
    record: str | None
    field: str | None
    found: str
    official: str
    place: str


DoubtKind = Literal["broken_row", "shift", "unreadable", "two_tables", "extra_column"]


@dataclass(frozen=True, slots=True)
class Doubt(InWords):
    """What a reader of a published file could not be sure of; nobody guesses in its place.

    `broken_row`: a row lost the labels before its own; `shift`: head and body disagree on where the columns begin, yet
    every figure found its box; `unreadable`: figures that belong to no box for certain, so the boxes stay blank;
    `two_tables`: the file has the same row twice with other figures; `extra_column`: a column outside the form.
    `cells` are the boxes concerned, `message` says in Chinese what was seen and what to look at.
    """

    kind: DoubtKind
    table: str
    record: str | None
    cells: tuple[str, ...]
    message: str
    place: str

    def _in_words(self) -> str:
        return f"{self.message}（{self.place}）"


@dataclass(frozen=True)
class Figures(InWords, Mapping[str, Cell]):
    """One report's cells by key; every cell of `form` is present, those that the source lacked as blank.

    `form` includes the report's local rows. `missing` lists rows and columns that the source lacked altogether,
    `labels` those whose wording differs, `layouts` the layout that each table was recognised as, `doubts` what its reader
    could not be sure of.
    """

    form: Form
    cells: Mapping[str, Cell]
    missing: tuple[FoundLabel, ...] = ()
    labels: tuple[FoundLabel, ...] = ()
    layouts: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def __post_init__(self) -> None:
        unknown = set(self.cells) - set(self.form.cells)
        if unknown:
            raise KeyError(f"not cells of {self.form.name}: {sorted(unknown)}")
        complete = {key: self.cells.get(key, BLANK) for key in self.form.cells}
        object.__setattr__(self, "cells", MappingProxyType(complete))

    def __getitem__(self, key: str) -> Cell:
        return self.cells[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)

    @classmethod
    def of(cls, form: Form, values: Mapping[str, Number | str | None], fill: int | None = None) -> Figures:
        """Builds figures from plain values (for tests and other programs); cells not named hold `fill`."""
        from ogi_report.figures.cells import MOST_DIGITS, parse_cell

        def cell(key: str, spec: CellSpec) -> Cell:
            value = values.get(key, fill)
            if isinstance(value, float):
                raise TypeError(f"{key}: numbers are int or Decimal, never float")
            if type(value) is int and abs(value) < 10**MOST_DIGITS:
                return Cell(str(value), value, Kind.NUMBER)  # as parse_cell would read it
            return parse_cell(value if isinstance(value, str) else format_number(value), spec.unit)

        unknown = set(values) - set(form.cells)
        if unknown:
            raise KeyError(f"not cells of {form.name}: {sorted(unknown)}")
        return cls(form, {key: cell(key, spec) for key, spec in form.cells.items()})

    def value(self, key: str) -> Number | None:
        """Returns a cell's number, or None where it holds none; also derived quantities (`….denied.sum.total`)."""
        if key in self.cells:
            return self.cells[key].value
        _, terms = self._derived[key]
        values = [(term.coefficient, self.cells[term.cell].value) for term in terms]
        if any(value is None for _, value in values):
            return None
        return sum(coefficient * value for coefficient, value in values if value is not None)

    @cached_property
    def unusual(self) -> tuple[str, ...]:
        """Cells that hold something else than a whole number from 0 up: nothing, text, a sign, decimals."""
        return tuple(key for key, cell in self.cells.items() if type(cell.value) is not int or cell.value < 0)

    @cached_property
    def derived_parts(self) -> dict[str, tuple[str, ...]]:
        """Derived quantity → the cells that it adds up."""
        return {key: tuple(term.cell for term in terms) for key, (_, terms) in self._derived.items()}

    def knows(self, key: str) -> bool:
        """Whether a key names a cell or a quantity that is derived from cells."""
        return key in self.cells or key in self._derived

    @property
    def derived(self) -> Mapping[str, Number | None]:
        return {key: self.value(key) for key in self._derived}

    def named(self) -> dict[str, Number | None]:
        """Values under the names that narratives use: 本年新收, 不予公开, 行政诉讼, 行政许可处理决定数量."""
        names = {name: self.cells[key].value for name, key in self.form.names.items()}
        return names | {name: self.value(key) for key, (name, _) in self._derived.items()}

    @cached_property
    def _derived(self) -> dict[str, tuple[str, tuple[Term, ...]]]:
        return self.form.derived

    @property
    def local_rows(self) -> tuple[str, ...]:
        """Record keys of rows that the official form does not have."""
        return tuple(r.key for table in self.form.tables for r in table.records.values() if r.local)

    def grid(self, table: str) -> Grid:
        """Returns the table's grid with the figures as printed: a number in plain digits, a blank as nothing."""
        spec = self.form.table(table)
        return spec.grid.fill({key: self.printed(key) for key in spec.cells})

    def printed(self, key: str) -> str:
        """A cell as the report prints it: what the agency wrote, without stray white space. Nothing is corrected.

        A unit that the source states in its heading, where the official heading has none, goes behind the number.
        """
        cell, unit = self.cells[key], self.units.get(self.form.cells[key].field, "")
        text = " ".join(cell.raw.split())
        return f"{text}{unit}" if cell.is_number and not stated_unit(cell.raw) else text

    def tidy(self) -> pd.DataFrame:
        """One line per cell: table, row, column, key, Chinese labels, raw, kind and value (exact decimals)."""
        import pandas as pd  # half a second; most reports are made without a frame

        records = [
            (*described(spec), cell.raw, str(cell.kind), spec.unit, cell.value)
            for spec, cell in zip(self.form.cells.values(), self.cells.values(), strict=True)
        ]
        # As objects: pandas would make floats of integers among blanks.
        frame = pd.DataFrame(records, columns=list(TIDY), dtype=object)
        return frame.astype(dict.fromkeys(TIDY[:-1], "string"))

    def _in_words(self) -> str:
        filled = sum(cell.kind is not Kind.BLANK for cell in self.cells.values())
        return f"{self.form.name}，{len(self)} 格，已填 {filled} 格；列表见 tidy()，一格见 figures[代码]"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.cells)
