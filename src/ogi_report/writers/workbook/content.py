"""What a fill-in workbook holds besides the form itself; collected by those who know projects and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ogi_report.figures import Figures
from ogi_report.forms import Equation, Form, LocalRow, equations


@dataclass(frozen=True, slots=True)
class Standing:
    """How an equation stands with the figures at hand: both sides, and an outcome in the words of the rules.

    It is what the live formula shows until a program has calculated it; viewers on phones never do.
    """

    left: str
    right: str
    difference: str
    outcome: str


@dataclass(frozen=True)
class Words:
    """The texts of the sheet of words: chapter → paragraphs; 0 is the text before the first chapter."""

    title: str = ""
    paragraphs: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    last_year: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FormContent:
    """A workbook to be written.

    `standings` are those of `equations(figures.form)`, in that order. `prefilled` says of a cell that holds a number of
    last year's report where that number comes from. `own_rows` are names for the rows that a clerk may add, by table;
    each goes behind the rows of the block in which its `after` stands.
    """

    figures: Figures
    year: int
    standings: tuple[Standing, ...]
    agency: str = ""
    name: str = ""
    level: str = ""
    profile: tuple[tuple[str, str], ...] = ()
    prefilled: Mapping[str, str] = field(default_factory=dict)
    own_rows: Mapping[str, tuple[LocalRow, ...]] = field(default_factory=dict)
    words: Words = Words()

    @property
    def form(self) -> Form:
        return self.figures.form

    def equations_of(self, table: str) -> list[tuple[Equation, Standing]]:
        """A table's equations with how they stand."""
        compiled = equations(self.form)
        return [(e, s) for e, s in zip(compiled, self.standings, strict=True) if e.table == table]
