"""Before the reports' processes part: everything imported, compiled and built once that each of them needs.

Nothing of the project is executed here: a made-up report of zeros goes through the same calls as a notebook's cells.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from ogi_report.figures import Figures
from ogi_report.forms import Form, official_forms
from ogi_report.notebook.execute import FAST, is_of_a_report, template
from ogi_report.notebook.exporter import PublicExporter, ReviewExporter
from ogi_report.report import Project, Report
from ogi_report.writers import write_table_csv


@dataclass(frozen=True)
class Warm:
    """What a run of the batch calls once, in each process that others are forked from."""

    engine: str
    notebooks: tuple[Path, ...] = ()
    years: tuple[int, ...] = ()
    """The years of the reports to come: what is looked for in their texts depends on the year."""

    def __call__(self) -> None:
        import papermill  # noqa: F401  # not before there is a report to make: a finished build is passed over without

        with tempfile.TemporaryDirectory() as folder:
            for form in official_forms().values():
                years = [year for year in self.years if year in form.years] or [form.years.first]
                report = _report_of_zeros(Path(folder), form, years[-1])
                public, review = exporters()
                for exporter in (public, review):
                    exporter.from_notebook_node(_notebook(_shown(report)))
        if self.engine == FAST:
            from ogi_report.engine import warm_up

            templates = [
                template(notebook) for notebook in self.notebooks if notebook.is_file() and is_of_a_report(notebook)
            ]
            for prepared in templates:
                prepared.compile_ahead()
            if any(_asks_for_frames(prepared) for prepared in templates):
                import pandas  # noqa: F401  # half a second, and a third of the memory: only where a report needs it
            warm_up()


def _asks_for_frames(prepared: Any) -> bool:
    """Whether a template of reports works with data frames."""
    return {"agency", "year"} <= prepared.parameters and any(map(_FRAMES.search, prepared.sources))


_FRAMES = re.compile(r"\bpandas\b|\.tidy\(|\bpanel\(")


@cache
def exporters() -> tuple[PublicExporter, ReviewExporter]:
    """The two exporters, built once."""
    return PublicExporter(), ReviewExporter()


def _report_of_zeros(folder: Path, form: Form, year: int) -> Report:
    project = Project(folder / "params", folder / "data")
    data = project.data_folder("example", year)
    data.mkdir(parents=True)
    figures = Figures.of(form, {"applications.received.total": 1}, 0)
    for table in form.tables:
        (data / f"{table.key}.csv").write_text(write_table_csv(figures, table.key), encoding="utf-8")
    params = project.params_file("example", year)
    params.parent.mkdir(parents=True)
    params.write_text(f"agency: example\nyear: {year}\n", encoding="utf-8")
    (project.params / "agencies.csv").write_text("agency,name,level\nexample,示例局,department\n", encoding="utf-8")
    return Report.open("example", year, project=project)


def _shown(report: Report) -> Iterator[Any]:
    """What the template's cells show."""
    yield report
    yield report.check()
    yield report.title()
    for number in range(1, len(report.form.sections) + 1):
        yield report.chapter(number)
    yield report.chart("applications")


def _notebook(shown: Iterator[Any]) -> nbformat.NotebookNode:
    outputs = [
        nbformat.v4.new_output("execute_result", data=piece._repr_mimebundle_(), execution_count=1) for piece in shown
    ]
    cells = [nbformat.v4.new_code_cell("", outputs=[output]) for output in outputs]
    return nbformat.v4.new_notebook(cells=cells)
