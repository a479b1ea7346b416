"""Public pages as the batch makes them, without a notebook being executed for each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ogi_report import Report
from ogi_report.documents.page import PublicPage, read_page
from ogi_report.notebook.exporter import PublicExporter
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]
DEMO = [("kejing", 2021), ("yunxi", 2024), ("education", 2023)]
"""The seed with its blanks in the old layout, a government's full tables, an agency's."""


@pytest.fixture(scope="session")
def page_of() -> Callable[..., str]:
    """`page_of(report)`: its public page, as from the template."""
    exporter = PublicExporter()

    def make(report: Report) -> str:
        shown: list[Any] = [report.title()]
        for section in report.form.sections:
            shown.append(report.chapter(section.number))
            if section.table == "applications":
                shown.append(report.chart("applications"))
        cells = []
        for piece in shown:
            output = nbformat.v4.new_output("display_data", data=piece._repr_mimebundle_())
            cells.append(nbformat.v4.new_code_cell("", outputs=[output]))
        page: str = exporter.from_notebook_node(nbformat.v4.new_notebook(cells=cells))[0]
        return page

    return make


@pytest.fixture(scope="session")
def demo(page_of: Callable[..., str]) -> Callable[[str, int], tuple[Report, str]]:
    """`demo("kejing", 2021)`: a report of the demo and its public page."""
    project = Project(ROOT / "params", ROOT / "data")
    made: dict[tuple[str, int], tuple[Report, str]] = {}

    def get(agency: str, year: int) -> tuple[Report, str]:
        if (agency, year) not in made:
            report = Report.open(agency, year, project=project)
            made[agency, year] = report, page_of(report)
        return made[agency, year]

    return get


@pytest.fixture(scope="session", params=DEMO, ids=lambda which: f"{which[0]}-{which[1]}")
def published(request: pytest.FixtureRequest, demo: Callable[[str, int], tuple[Report, str]]) -> tuple[Report, str]:
    """Each of some reports of the demo with its public page."""
    return demo(*request.param)


@pytest.fixture
def pieces() -> Callable[[str], PublicPage]:
    """`pieces("<p>…</p>")`: the pieces of a page with this body."""
    return lambda body: read_page(f"<html><head><title>页</title></head><body><main>{body}</main></body></html>")
