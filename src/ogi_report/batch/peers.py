"""The reports of a build held against each other: near-copies, equal tables, outliers, who is missing.

It reads what the reports left in the build, not their sources, so that it also covers reports that other machines or
earlier runs have made. It runs after the reports: a page depends on its own inputs only, whoever else is in the build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import simplejson

from ogi_report.batch.run import Result, Status
from ogi_report.errors import OgiError
from ogi_report.figures import Figures
from ogi_report.forms import official_forms
from ogi_report.report import Project
from ogi_report.rules import ChapterText, Context, PeerCheck, check_peers
from ogi_report.rules.waivers import apply_waivers

Key = tuple[str, int]


@dataclass(frozen=True)
class Comparison:
    """What came of it: (agency, year) → findings and coverage; year → names on the roster without a report."""

    checks: Mapping[Key, PeerCheck] = field(default_factory=dict)
    missing: Mapping[int, list[str]] = field(default_factory=dict)

    def of(self, result: Result) -> PeerCheck:
        return self.checks.get((result.agency, result.year), PeerCheck())


def compare(out: Path, results: Sequence[Result], project: Project) -> Comparison:
    """Compares all reports of a build, year by year.

    Args:
        results: what became of every report of the build, earlier runs included.
    """
    contexts = [
        _context(out / f"{result.year}/{result.agency}_{result.year}.findings.json", result, project)
        for result in results
        if result.status is not Status.FAILED
    ]
    checks = {key: _with_waivers(found, key, project) for key, found in check_peers(contexts).items()}
    years = sorted({result.year for result in results})
    present = {year: {agency for agency, found in project.agency_years() if found == year} for year in years}
    missing = {
        year: [body.name for agency, body in project.roster.items() if agency not in present[year]] for year in years
    }
    return Comparison(checks, missing)


def _context(path: Path, result: Result, project: Project) -> Context:
    told: Mapping[str, Any] = simplejson.loads(path.read_text(encoding="utf-8"), use_decimal=True)
    body = project.roster.get(result.agency)
    level = body.level if body is not None else None
    return context_from(told, result.name, level, body.short_names if body is not None else ())


def context_from(told: Mapping[str, Any], name: str, level: str | None, short_names: tuple[str, ...] = ()) -> Context:
    """A report as its peers see it, from the JSON that `check` prints of it."""
    form = official_forms()[told["layout"]]
    # The number, not its text: a heading may have given the unit (万元), which the text does not show.
    cells = {key: cell for key, cell in told["figures"].items() if key in form.cells}
    raw = {key: cell["raw"] if cell["value"] is None else cell["value"] for key, cell in cells.items()}
    generated = set(told.get("generated", ()))
    chapters = tuple(
        ChapterText(int(number), form.section(int(number)).title, text, int(number) not in generated)
        for number, text in told["chapters"].items()
    )
    return Context(
        Figures.of(form, raw),
        told["agency"],
        told["year"],
        name=name,
        level=level,
        short_names=short_names,
        chapters=chapters,
    )


def _with_waivers(check: PeerCheck, key: Key, project: Project) -> PeerCheck:
    if check.report is None or not check.findings:
        return check
    try:
        waivers = project.read_params(*key).waivers
    except OgiError:
        return check
    findings, _ = apply_waivers(check.findings, waivers, check.report.figures)
    return replace(check, findings=tuple(findings))
