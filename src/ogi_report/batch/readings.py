"""What the reports of a build left for whoever looks at them all: each report's JSON is read once, for every purpose."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ogi_report.batch.manifest import stem
from ogi_report.batch.result import Result, Status
from ogi_report.figures import Figures
from ogi_report.forms import official_forms
from ogi_report.report import Project
from ogi_report.rules import ChapterText, Context

Key = tuple[str, int]
"""An agency and a year."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One report as it lies in the build: its findings in the order of its review page, what its rules decided, its peers' view."""

    findings: Sequence[Mapping[str, Any]]
    coverage: Mapping[str, Mapping[str, Any]]
    context: Context


def read_reports(out: Path, results: Sequence[Result], project: Project) -> dict[Key, Reading]:
    """Returns (agency, year) → what a report left, for all that were made."""
    alike: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    return {
        (result.agency, result.year): _read(out / f"{stem(result)}.findings.json", result, project, alike)
        for result in results
        if result.status is not Status.FAILED
    }


def _read(path: Path, result: Result, project: Project, alike: dict[tuple[Any, ...], Mapping[str, Any]]) -> Reading:
    told = json.loads(path.read_bytes(), parse_float=Decimal)
    body = project.roster.get(result.agency)
    level = body.level if body is not None else None
    context = context_from(told, result.name, level, body.short_names if body is not None else ())
    # A hundred rules decide the same of most reports: one copy of what they say is enough.
    coverage = {rule: alike.setdefault(tuple(tally.values()), tally) for rule, tally in told["coverage"].items()}
    return Reading(told["findings"], coverage, context)


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


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Thousands of reports are millions of objects without a cycle among them; looking for cycles would take half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
