"""The reports of a build held against each other: near-copies, equal tables, outliers, who is missing.

It works on what the reports left in the build, not on their sources, so that it also covers reports that other machines or
earlier runs have made. It runs after the reports: a page depends on its own inputs only, whoever else is in the build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ogi_report.batch.readings import Key, Reading
from ogi_report.batch.result import Result
from ogi_report.errors import OgiError
from ogi_report.report import Project
from ogi_report.rules import PeerCheck, check_peers
from ogi_report.rules.rule import Tally, order_of
from ogi_report.rules.waivers import apply_waivers

Told = tuple[int | None, Mapping[str, Any]]
"""A finding as JSON tells it, and its number on the review page."""


@dataclass(frozen=True)
class Comparison:
    """What came of it: (agency, year) → findings and coverage; year → names on the roster without a report."""

    checks: Mapping[Key, PeerCheck] = field(default_factory=dict)
    missing: Mapping[int, list[str]] = field(default_factory=dict)

    def of(self, result: Result) -> PeerCheck:
        return self.checks.get((result.agency, result.year), PeerCheck())


def compare(readings: Mapping[Key, Reading], results: Sequence[Result], project: Project) -> Comparison:
    """Compares all reports of a build, year by year.

    Args:
        readings: what the reports left (`read_reports`).
        results: what became of every report of the build, earlier runs included.
    """
    contexts = [reading.context for reading in readings.values()]
    checks = {key: _with_waivers(found, key, project) for key, found in check_peers(contexts).items()}
    years = sorted({result.year for result in results})
    present = {year: {agency for agency, found in project.agency_years() if found == year} for year in years}
    missing = {
        year: [body.name for agency, body in project.roster.items() if agency not in present[year]] for year in years
    }
    return Comparison(checks, missing)


def _with_waivers(check: PeerCheck, key: Key, project: Project) -> PeerCheck:
    if check.report is None or not check.findings:
        return check
    try:
        waivers = project.read_params(*key).waivers
    except OgiError:
        return check
    findings, _ = apply_waivers(check.findings, waivers, check.report.figures)
    return replace(check, findings=tuple(findings))


def together(reading: Reading, check: PeerCheck) -> tuple[list[Told], Mapping[str, Mapping[str, Any]]]:
    """A report's findings, its own and those among its peers, the gravest first and waived ones last; and what its rules decided.

    Each finding comes with its number on the report's review page; what only its peers show has none.
    """
    told: list[Told] = [*enumerate(reading.findings, start=1)]
    told += [(None, finding.as_json()) for finding in check.findings]
    told.sort(key=lambda item: order_of(item[1]))
    if not check.coverage:
        return told, reading.coverage
    coverage = dict(reading.coverage)
    for rule, tally in check.coverage.items():
        joined = Tally.from_json(coverage[rule]).joined(tally) if rule in coverage else tally
        coverage[rule] = joined.as_json()
    return told, coverage
