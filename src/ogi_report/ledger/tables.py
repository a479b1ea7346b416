"""A year's tables 三 and 四 as a ledger's lines make them, and the way back from each cell to its lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.ledger.applications import Application
from ogi_report.ledger.roles import APPLICATIONS, CARRIED_IN, CARRIED_OUT, PENDING, RECEIVED, REMEDIES, roles


@dataclass(frozen=True)
class LedgerTables:
    """What the lines add up to. `values` and `lines` have every cell that the ledger decides, and no other.

    A cell that no line counts in is 0; a cell that the ledger cannot know (a kind of remedy that it has no columns for, a
    row that the form's equations do not reach) is not there.
    """

    form: Form
    year: int
    values: Mapping[str, int]
    lines: Mapping[str, tuple[int, ...]]

    @cached_property
    def figures(self) -> Figures:
        """The tables as figures; what the ledger cannot know is blank."""
        return Figures.of(self.form, self.values)

    def trace(self, cell: str) -> tuple[int, ...]:
        """Returns the lines that a cell counts, in the order of the ledger; also of derived quantities.

        Raises:
            KeyError: the ledger does not decide this cell.
        """
        if cell in self.lines:
            return self.lines[cell]
        _, terms = self.form.derived[cell]
        return _union(self.lines[term.cell] for term in terms)

    def value(self, cell: str) -> int:
        """Returns a cell's number, also of derived quantities.

        Raises:
            KeyError: the ledger does not decide this cell.
        """
        if cell in self.values:
            return self.values[cell]
        _, terms = self.form.derived[cell]
        return sum(term.coefficient * self.values[term.cell] for term in terms)


def tables_of(
    applications: Iterable[Application], form: Form, year: int, groups: Iterable[str], known_in: int
) -> LedgerTables:
    """Counts a ledger's lines for one year.

    Args:
        groups: the kinds of remedy that the ledger has columns for.
        known_in: the ledger's own year.
    """
    asked = roles(form)
    groups = tuple(groups)
    counted: dict[str, list[int]] = {
        f"{APPLICATIONS}.{row}.{column}": [] for row in asked.rows for column in asked.applicants
    }
    counted |= {f"{REMEDIES}.{group}.{result}": [] for group in groups for result in asked.results[group]}
    first, last = date(year, 1, 1), date(year, 12, 31)
    for application in applications:
        if application.is_in_hand(year):
            column, closed_on = application.applicant, application.closed_on
            row = CARRIED_IN if application.received_on < first else RECEIVED
            counted[f"{APPLICATIONS}.{row}.{column}"].append(application.line)
            ended = application.outcome if closed_on is not None and closed_on <= last else CARRIED_OUT
            counted[f"{APPLICATIONS}.{ended}.{column}"].append(application.line)
        for remedy in application.remedies:
            if remedy.decided_on is not None and remedy.decided_on.year == year:
                counted[f"{REMEDIES}.{remedy.group}.{remedy.result}"].append(application.line)
            elif PENDING in asked.results[remedy.group] and remedy.is_pending(year, known_in):
                counted[f"{REMEDIES}.{remedy.group}.{PENDING}"].append(application.line)
    lines = {cell: tuple(sorted(found)) for cell, found in counted.items()}
    values = {cell: len(found) for cell, found in lines.items()}
    for sum_ in asked.sums:
        if all(part in values for part in sum_.parts):
            values[sum_.cell] = sum(values[part] for part in sum_.parts)
            lines[sum_.cell] = _union(lines[part] for part in sum_.parts)
    ordered = [cell for cell in form.cells if cell in values]
    return LedgerTables(form, year, {cell: values[cell] for cell in ordered}, {cell: lines[cell] for cell in ordered})


def _union(parts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted({line for part in parts for line in part}))
