"""docs/ledger.md says nothing that does not work: its example is put into a project and gives what the page shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report import Report
from ogi_report.cli import main
from ogi_report.forms import official_forms
from ogi_report.ledger import headings_of
from ogi_report.report import Project

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"
TEXT = PAGE.read_text(encoding="utf-8")


def example(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)[0]


@pytest.fixture
def project(small_project: Callable[..., Project]) -> Project:
    found = small_project()
    folder = found.data_folder("ju", 2024)
    (folder / "ledger.csv").write_text(example("csv"), encoding="utf-8")
    (folder / "applications.csv").unlink()
    return found


def test_the_command_of_the_page_prints_what_the_page_shows(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.data.parent)
    assert main(example("bash").split()[1:]) == 0
    assert capsys.readouterr().out == example("text")


def test_the_cells_of_the_page_run_in_a_notebook(project: Project) -> None:
    report = Report.open("ju", 2024, project=project)
    shown = [eval(line.split("#")[0], {"report": report}) for line in example("python").splitlines()]
    assert [fragment.public for fragment in shown] == [None, None]
    assert shown[0].data["lines"] == [3, 4, 5, 6, 7]


def test_the_page_lists_every_column_and_no_other() -> None:
    rows = re.findall(r"^\| (.+?) \| .* \|$", TEXT.partition("<!-- 列名")[2].partition("## 怎样计数")[0], re.MULTILINE)
    listed = [name.removesuffix(" *") for row in rows if row != "列名" for name in row.split("、")]
    headings = list(headings_of(official_forms()["2021"]))
    assert listed == [heading.label for heading in headings]
    assert [row.removesuffix(" *") for row in rows if row.endswith(" *")] == [
        h.label for h in headings if h.is_required
    ]
