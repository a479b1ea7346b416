"""Makes summaries: executes the notebook for a body and a year, and writes its pages and its sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ogi_report.batch.contents import notebook_text
from ogi_report.errors import UsageError
from ogi_report.figures import described, format_number
from ogi_report.forms import official_forms
from ogi_report.notebook.execute import FAST, execute, told_to_notebooks
from ogi_report.notebook.exporter import PublicExporter, ReviewExporter
from ogi_report.report import Project
from ogi_report.report.project import DATA_VARIABLE, PARAMS_VARIABLE
from ogi_report.summary.summary import Summary
from ogi_report.writers.files import csv_text, write_atomically

SUFFIXES = (".summary.html", ".summary.review.html", ".summary.ipynb", ".summary.csv")
HEADER = ("表", "行代码", "栏代码", "单元格代码", "单元格", "合计", "是否完整", "已有家数", "应有家数", "没有数的单位")


@dataclass(frozen=True)
class Made:
    """A summary that was made, or why it was not: `told` is what `Summary.as_json` says, None after a failure."""

    page: Path
    told: Mapping[str, Any] | None = None
    failure: str = ""


def make(project: Project, agency: str, year: int, notebook: Path, out: Path, engine: str = FAST) -> Made:
    """Executes the notebook and writes `<out>/<year>/<agency>_<year>.summary.*`.

    Raises:
        UsageError: there is no such notebook.
        OgiError: the summary cannot be opened.
    """
    if not notebook.is_file():
        raise UsageError(f"找不到笔记本 {notebook}；请在项目文件夹中运行，或用 --notebook 指明。")
    summary = Summary.open(agency, year, project=project)
    stem = out / str(year) / f"{agency}_{year}"
    with told_to_notebooks({PARAMS_VARIABLE: str(project.params), DATA_VARIABLE: str(project.data)}):
        executed = execute(notebook, {"agency": agency, "year": year}, engine=engine)
    page = stem.with_name(f"{stem.name}{SUFFIXES[0]}")
    if executed.failure is not None:
        # No page of an earlier run is left behind that would pass for this one's.
        for suffix in SUFFIXES:
            stem.with_name(f"{stem.name}{suffix}").unlink(missing_ok=True)
        return Made(page, None, executed.failure)
    told = next(executed.payloads("summary"), None) or summary.as_json()
    contents = (
        PublicExporter().from_notebook_node(executed.notebook)[0],
        ReviewExporter().from_notebook_node(executed.notebook)[0],
        notebook_text(executed),
        _sums_csv(told),
    )
    for suffix, content in zip(SUFFIXES, contents, strict=True):
        write_atomically(stem.with_name(f"{stem.name}{suffix}"), content)
    return Made(page, told)


def _sums_csv(told: Mapping[str, Any]) -> str:
    """One line for each cell; a sum that is not whole stands there with the names that it lacks."""
    cells = official_forms()[told["layout"]].cells
    lines = [
        (
            *described(cells[key]),
            format_number(addition["value"]),
            "完整" if addition["complete"] else "不完整",
            addition["known"],
            len(told["bodies"]),
            "；".join(f"{name}（{why}）" for name, why in addition["lacking"].items()),
        )
        for key, addition in told["sums"].items()
    ]
    return csv_text(HEADER, lines)
