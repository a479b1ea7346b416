"""Before the reports' processes part: everything imported, compiled and built once that each of them needs.

Nothing of the project is executed here. A made-up report is made, by the same calls and through a notebook like the template, in
a folder that is taken away again.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from ogi_report.batch.make import exporters, make
from ogi_report.batch.plan import TEMPLATE, Settings, Task
from ogi_report.engine import lean_imports
from ogi_report.errors import OgiError
from ogi_report.figures import Figures
from ogi_report.forms import Form, official_forms
from ogi_report.notebook.execute import FAST, is_of_a_report, template
from ogi_report.report import Project
from ogi_report.report.project import ROSTER
from ogi_report.writers import write_table_csv

_REHEARSALS = 10
"""Python adapts a function to the kinds of values that it meets, in the first eight of its calls; what a process that is forked
later would do again, and copy the pages for. A tenth of a report's time; more rehearsals save nothing more."""
_FOR_ONE = 16
"""Reports to come for which one more rehearsal, as long as a report itself, pays."""
MANY = _REHEARSALS * _FOR_ONE
"""Reports to come for which all rehearsals pay."""


@dataclass(frozen=True)
class Warm:
    """What a run of the batch calls once, in each process that others are forked from."""

    engine: str
    notebooks: tuple[Path, ...] = ()
    years: tuple[int, ...] = ()
    """The years of the reports to come: what is looked for in their texts depends on the year."""
    reports: int = 0
    """How many reports are to come, each in a process of its own."""
    project: Project | None = None
    """Whose roster they are going to look into."""

    def __call__(self) -> None:
        with lean_imports():
            import papermill  # noqa: F401  # not before there is a report to make: a finished build does without
        exporters()
        if self.project is not None:
            with suppress(OgiError):  # each report will say so
                self.project.roster.make_ready()
        if self.engine != FAST:
            return
        from ogi_report.engine import make_huge, warm_up

        templates = [
            template(notebook) for notebook in self.notebooks if notebook.is_file() and is_of_a_report(notebook)
        ]
        for prepared in templates:
            prepared.compile_ahead()
        if any(_asks_for_frames(prepared) for prepared in templates):
            import pandas  # noqa: F401  # half a second, and a third of the memory: only where a report needs it
        self._rehearse()
        warm_up()
        if self.reports >= MANY:
            make_huge()

    def _rehearse(self) -> None:
        """Makes a report of zeros of each kind to come, more often the more are to come."""
        times = 1 + min(_REHEARSALS - 1, self.reports // _FOR_ONE)
        with tempfile.TemporaryDirectory() as folder:
            for form in official_forms().values():
                years = [year for year in self.years if year in form.years]
                if years or not self.years:
                    task = _made_up(Path(folder) / form.id, form, max(years, default=form.years.first))
                    for _ in range(times):
                        make(task)


def _asks_for_frames(prepared: Any) -> bool:
    """Whether a template of reports works with data frames."""
    return {"agency", "year"} <= prepared.parameters and any(map(_FRAMES.search, prepared.sources))


_FRAMES = re.compile(r"\bpandas\b|\.tidy\(|\bpanel\(")


def _made_up(folder: Path, form: Form, year: int) -> Task:
    """A project of one body with one report, all zeros, and a notebook that shows what the template shows."""
    settings = Settings(folder / "params", folder / "data", folder / "out", folder / "notebooks")
    project = settings.project
    data, params = project.data_folder("example", year), project.params_file("example", year)
    for needed in (data, params.parent, settings.notebooks):
        needed.mkdir(parents=True)
    figures = Figures.of(form, {"applications.received.total": 1}, 0)
    for table in form.tables:
        (data / f"{table.key}.csv").write_text(write_table_csv(figures, table.key), encoding="utf-8")
    params.write_text(f"agency: example\nyear: {year}\n", encoding="utf-8")
    (settings.params / ROSTER).write_text("agency,name,level\nexample,示例局,department\n", encoding="utf-8")
    nbformat.write(_notebook(form), settings.notebooks / TEMPLATE)
    return Task("example", year, settings)


def _notebook(form: Form) -> nbformat.NotebookNode:
    sources = [
        "from ogi_report import Report\n\nreport = Report.open(agency, year)\nreport",
        "findings = report.check()\nfindings",
        "report.title()",
        *(f"report.chapter({number})" for number in range(1, len(form.sections) + 1)),
        'report.chart("applications")',
        "findings.raise_on_errors()",
    ]
    parameters: Mapping[str, Any] = {"tags": ["parameters"]}
    cells = [nbformat.v4.new_code_cell("agency = None\nyear = None", metadata=parameters)]
    cells += [nbformat.v4.new_code_cell(source, metadata={"tags": []}) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
