"""docs/own-rules.md says nothing that does not work: its examples are put into a project and run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report import Report
from ogi_report.figures import panel
from ogi_report.report import Project

PAGE = Path(__file__).parents[2] / "docs" / "own-rules.md"


def example(language: str, number: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[number]


@pytest.fixture
def project(small_project: Callable[..., Project]) -> Project:
    cells = {
        "applications.unavailable.not_held.total": 4,
        "applications.granted.total": 1,
        "disclosure.penalty.decisions": 5001,
    }
    found = small_project(cells=cells)
    (found.params / "rules.yaml").write_text(example("yaml"), encoding="utf-8")
    (found.params / "rules.py").write_text(example("python"), encoding="utf-8")
    return found


def test_the_equation_and_the_condition_of_the_page_find_what_they_say(project: Project) -> None:
    found = Report.open("ju", 2024, project=project).check()
    local = {f.rule: f for f in found if f.rule.startswith("LOCAL-")}
    assert set(local) == {"LOCAL-DISCLOSED", "LOCAL-MANY-PENALTIES"}
    assert (local["LOCAL-DISCLOSED"].found, local["LOCAL-DISCLOSED"].expected) == (1, 4)
    assert local["LOCAL-MANY-PENALTIES"].message.startswith("“行政处罚”5001 件")


def test_a_rule_with_a_mistake_is_told_and_costs_nothing_else(project: Project) -> None:
    wrong = example("yaml").replace("sum(unavailable)", "sum(unavailble)")
    (project.params / "rules.yaml").write_text(wrong, encoding="utf-8")
    found = Report.open("ju", 2024, project=project).check()
    assert {f.rule for f in found if f.rule.startswith("LOCAL-")} == {"LOCAL-BROKEN", "LOCAL-MANY-PENALTIES"}


def test_the_panel_of_the_page_is_checked(figures_of: Callable[..., object]) -> None:
    frame = panel([("ju", 2024, figures_of({"applications.received.total": 1}))])
    names: dict[str, object] = {"frame": frame}
    exec(example("python", 1), names)
    assert list(names["found"].frame()["rule"]) == ["T3-BALANCE", "T3-ROWSUM"]  # type: ignore[attr-defined]
