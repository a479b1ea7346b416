"""`Ledger`: an agency's applications of a year, and the tables that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ogi_report.errors import Place
from ogi_report.figures import Cell, Figures, Kind
from ogi_report.forms import Form
from ogi_report.in_words import InWords
from ogi_report.ledger.applications import Application
from ogi_report.ledger.roles import APPLICATIONS, REMEDIES
from ogi_report.ledger.tables import LedgerTables, tables_of


@dataclass(frozen=True)
class Ledger(InWords):
    """One line for each application.

    `year` is the report year that the ledger was kept for; lines of other years may stand in it. `groups` are the kinds of
    remedy that it has columns for; of the others it says nothing, and nothing is not zero. `ignored` are the headings of
    columns that were not read: whatever stands in them has not left the file.
    """

    form: Form
    year: int
    applications: tuple[Application, ...]
    groups: tuple[str, ...] = ()
    shown: str = "ledger.csv"
    ignored: tuple[str, ...] = ()
    _tables: dict[int, LedgerTables] = field(default_factory=dict, compare=False, repr=False)

    def tables(self, year: int | None = None) -> LedgerTables:
        """Returns tables 三 and 四 of a year (the ledger's own), with the lines behind each cell."""
        year = self.year if year is None else year
        if year not in self._tables:
            self._tables[year] = tables_of(self.applications, self.form, year, self.groups, self.year)
        return self._tables[year]

    def trace(self, cell: str, year: int | None = None) -> tuple[Application, ...]:
        """Returns the applications that a cell counts, totals and derived quantities included.

        Raises:
            KeyError: the ledger does not decide this cell.
        """
        return tuple(self.by_line[line] for line in self.tables(year).trace(cell))

    @cached_property
    def by_line(self) -> Mapping[int, Application]:
        return {application.line: application for application in self.applications}

    @property
    def speaks_of(self) -> tuple[str, ...]:
        """The tables that the ledger makes: 三 always, 四 where it has columns on remedies."""
        return (APPLICATIONS, REMEDIES) if self.groups else (APPLICATIONS,)

    def in_hand(self, year: int | None = None) -> tuple[Application, ...]:
        """Returns the applications that a year's table 三 counts."""
        year = self.year if year is None else year
        return tuple(application for application in self.applications if application.is_in_hand(year))

    def _in_words(self) -> str:
        return f"台账 {self.shown}：{len(self.applications)} 行，{self.year} 年在办 {len(self.in_hand())} 件"


def with_ledger(figures: Figures, ledger: Ledger) -> Figures:
    """Returns figures with the ledger's tables in place of those that were not given.

    A table was not given if nothing at all is written in it. Supplied cells stand in the ledger's file.
    """
    supplied = [key for key in ledger.speaks_of if not is_given(figures, key)]
    if not supplied:
        return figures
    cells = dict(figures.cells)
    for key, value in ledger.tables().values.items():
        spec = figures.form.cells[key]
        if spec.table in supplied:
            row = spec.row.label if spec.row is not None else spec.column.above[-1].label
            cells[key] = Cell(str(value), value, Kind.NUMBER, Place(ledger.shown, None, row, spec.column.label))
    name = ledger.shown.rpartition("/")[2]
    return replace(
        figures,
        cells=cells,
        missing=tuple(found for found in figures.missing if found.table not in supplied),
        sources=tuple(
            dict.fromkeys(name if source in {f"{t}.csv" for t in supplied} else source for source in figures.sources)
        ),
    )


def is_given(figures: Figures, table: str) -> bool:
    """Whether anything is written in a table."""
    return any(figures[key].kind is not Kind.BLANK for key in figures.form.table(table).cells)


def is_supplied(figures: Figures, table: str, ledger: Ledger) -> bool:
    """Whether a table's figures came from the ledger."""
    places = (figures[key].at for key in figures.form.table(table).cells)
    return any(at is not None and at.file == ledger.shown for at in places)
