"""What is to be said, and to whom: read from a finished build; how it is worded stands in the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ogi_report.batch.peers import Comparison
from ogi_report.batch.readings import Key, Reading
from ogi_report.batch.result import Fault, Result, Status
from ogi_report.figures import format_number
from ogi_report.report.roster import Body
from ogi_report.rules import Severity
from ogi_report.site.overview import Entry, Overview, State, last_day

MOST_CELLS = 6
"""Cells of a finding that are listed one by one; the finding's own words say how many there are."""


@dataclass(frozen=True)
class CellTold:
    """A cell of a finding: where it stands in official words, what is written there, what it probably should be."""

    table: str
    label: str
    written: str
    suggested: str = ""


@dataclass(frozen=True)
class FindingTold:
    """A finding as its agency is told of it; `more` is how many cells are not listed."""

    rule: str
    message: str
    quote: str
    cells: tuple[CellTold, ...]
    more: int = 0


@dataclass(frozen=True)
class ToAgency:
    """What one agency has to do about its report of one year. It names no other agency's findings.

    `unreadable` says why the report could not be made from the agency's files; `files` are those to be mended and sent back;
    `marked_up` is the agency's own workbook with the findings in it, if it handed in one.
    """

    body: Body
    year: int
    state: State
    due_on: date | None
    late: bool
    errors: tuple[FindingTold, ...] = ()
    warnings: tuple[FindingTold, ...] = ()
    notes: tuple[FindingTold, ...] = ()
    unreadable: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    marked_up: bytes | None = None


@dataclass(frozen=True)
class ToOffice:
    """How all reports of a year stand, for those who collect them."""

    year: int
    entries: tuple[tuple[Body, Entry], ...]
    faults: Mapping[str, Fault]
    shared: tuple[tuple[str, str], ...]

    def of(self, name: str) -> list[tuple[Body, Entry]]:
        """The bodies whose report is in a state, by the state's key."""
        return [(body, entry) for body, entry in self.entries if entry.state.key == name]

    def failed(self, fault: Fault) -> list[tuple[Body, Entry]]:
        """The bodies whose report failed, and whose affair that is."""
        return [(b, e) for b, e in self.of(State.FAILED.key) if self.faults.get(e.agency, Fault.FILES) is fault]


@dataclass(frozen=True)
class Failure:
    """A report that the program, the notebook or the machine failed to make."""

    agency: str
    name: str
    year: int
    messages: tuple[str, ...]


def to_agencies(
    whole: Overview, results: Sequence[Result], readings: Mapping[Key, Reading], *, with_notes: bool = False
) -> list[ToAgency]:
    """Returns what each agency is told, by year and in the roster's order; those with nothing to do are told nothing.

    Args:
        with_notes: also tell agencies of which nothing but notes was found.
    """
    made = {(result.agency, result.year): result for result in results}
    bodies = {body.agency: body for body in whole.bodies}
    told = []
    for entry in whole:
        result = made.get((entry.agency, entry.year))
        found = _to_agency(bodies[entry.agency], entry, result, readings.get((entry.agency, entry.year)))
        if (
            found is not None and (found.errors or found.warnings or found.unreadable or found.state is State.MISSING)
        ) or (found is not None and with_notes and found.notes):
            told.append(found)
    return told


def _to_agency(body: Body, entry: Entry, result: Result | None, reading: Reading | None) -> ToAgency | None:
    due_on = last_day(body, entry.year, result.scope if result is not None else "own")
    if entry.state is State.MISSING:
        return ToAgency(body, entry.year, entry.state, due_on, entry.late)
    if result is None or result.fault in (Fault.SETTINGS, Fault.PROGRAM):
        return None
    if result.status is Status.FAILED:
        return ToAgency(body, entry.year, entry.state, due_on, entry.late, unreadable=result.messages)
    assert reading is not None, "what was made has left its findings"
    open_ones = [f for f in reading.findings if f["waived"] is None]
    by_severity = {s: tuple(_told(f, reading) for f in open_ones if f["severity"] == s) for s in Severity}
    asking = [f for f in open_ones if f["severity"] != Severity.NOTE] or open_ones
    return ToAgency(
        body,
        entry.year,
        entry.state,
        due_on,
        entry.late,
        by_severity[Severity.ERROR],
        by_severity[Severity.WARNING],
        by_severity[Severity.NOTE],
        files=_files(asking, result),
    )


def _told(finding: Mapping[str, Any], reading: Reading) -> FindingTold:
    figures = reading.context.figures
    suggested = {s["cell"]: format_number(s["value"]) for s in finding["suggestion"] if s["value"] is not None}
    # Rows of the report's own are named in the finding's words; noughts of a sum need no line of their own.
    known = [k for k in finding["cells"] if k in figures and (k in suggested or figures[k].value != 0)]
    shown = sorted(known, key=lambda key: key not in suggested)[:MOST_CELLS]
    cells = tuple(
        CellTold(
            figures.form.table(figures.form.cells[key].table).name,
            figures.form.cells[key].label,
            figures[key].raw or "空白",
            suggested.get(key, ""),
        )
        for key in shown
    )
    return FindingTold(finding["rule"], finding["message"], finding["quote"] or "", cells, len(known) - len(shown))


def _files(findings: Sequence[Mapping[str, Any]], result: Result) -> tuple[str, ...]:
    """Which of the files that the report was made from have to be mended: those of the tables concerned, and the text."""
    given = [name for name in result.inputs if name.startswith("data/")]
    tables = {key.partition(".")[0] for finding in findings for key in finding["cells"]}
    wanted = {f"{table}.csv" for table in tables}
    if any(f["quote"] or not f["cells"] for f in findings):
        wanted.add("narrative.md")
    stand_in = {"form.xlsx"} | ({"ledger.csv", "ledger.xlsx"} if tables else set())
    return tuple(name for name in given if name.rpartition("/")[2] in wanted | stand_in)


def to_office(whole: Overview, results: Sequence[Result], comparison: Comparison) -> list[ToOffice]:
    """Returns how the reports of each year stand, the newest first."""
    names = {body.agency: body.name for body in whole.bodies}
    bodies = {body.agency: body for body in whole.bodies}
    told = []
    for year in whole.years:
        entries = tuple((bodies[entry.agency], entry) for entry in whole if entry.year == year)
        of_year = [result for result in results if result.year == year]
        shared = tuple(
            (names[result.agency], finding.message)
            for result in of_year
            for finding in comparison.of(result).findings
            if finding.waived is None
        )
        faults = {result.agency: result.fault for result in of_year if result.fault is not None}
        told.append(ToOffice(year, entries, faults, shared))
    return told


def failures(results: Sequence[Result]) -> list[Failure]:
    """What the program's maintainer is told: reports that failed through no fault of the agency's files."""
    return [Failure(r.agency, r.name, r.year, r.messages) for r in results if r.fault is Fault.PROGRAM]
