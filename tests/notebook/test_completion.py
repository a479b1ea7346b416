"""Tab inside the brackets of a call, as an analyst presses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from ogi_report.notebook import completion

ROOT = Path(__file__).parents[2]
Tab = Callable[[str], list[str]]


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tab]:
    """What a notebook in the project offers for unfinished code, after its first cells have run."""
    monkeypatch.chdir(ROOT / "notebooks")
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    shell.user_ns.clear()
    completion.offer(shell)
    completion.offer(shell)  # a second import adds nothing
    code = """
import ogi_report
from ogi_report import Report
from ogi_report.summary import Summary
agency = "education"
report = Report.open("kejing", 2021)
findings = report.check()
summary = Summary.open("yunxi", 2024)
"""
    exec(code, shell.user_ns)

    def press(text: str) -> list[str]:
        with provisionalcompleter():
            return [found.text for found in shell.Completer.completions(text, len(text))]

    yield press
    shell.configurables.clear()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ('Report.open("h', ["health", "housing"]),
        ("Report.open('ke", ["kejing"]),
        ('Report.open(agency="ma', ["market"]),
        ('Report.open("kejing", ', ["2021"]),
        ('Report.open("education", 202', ["2022", "2023", "2024"]),
        ('Report.open("kejing", 2021, layout="', ["2019", "2021"]),
        ('Report.open(\n    "zhu', ["zhuxi"]),
        ('Summary.open("yunxi_', ["yunxi_office"]),
        ('report.chart("', ["applications", "outcomes", "years"]),
        ('summary.chart("y', ["years"]),
        ('report.compare("本年新收", "结转下年度自', ["结转下年度自然人"]),
        ('summary.ranking("本年新收", of="办理结果总计自', ["办理结果总计自然人"]),
        ('report.trace("applications.received.t', ["applications.received.total"]),
        ('ogi_report.preview(report, "', ["public", "review"]),
        ('agency = "tao', ["taoyuan"]),
        ("year = ", ["2022", "2023", "2024"]),
        ('agency = "education"\nscope = "o', ["own"]),
    ],
)
def test_tab_offers_what_the_argument_may_be(tab: Tab, typed: str, offered: list[str]) -> None:
    assert tab(typed) == offered


@pytest.mark.parametrize("typed", ['print("appl', 'x = "ke', 'unknown.chart("', "Report.open(ke", 'report.chart("x'])
def test_elsewhere_it_leaves_the_field_to_ipython(tab: Tab, typed: str) -> None:
    assert not {"kejing", "applications"} & set(tab(typed))


def test_keys_of_figures_facts_and_coverage_complete_by_themselves(tab: Tab) -> None:
    assert tab('report.figures["applications.received.t') == ["applications.received.total"]
    assert "本年新收" in tab('report.facts["本年新')
    assert "T3-BALANCE" in tab('findings.coverage["T3-B')


def test_attributes_are_those_that_analysts_use(tab: Tab) -> None:
    offered = set(tab("report."))
    assert {"chapter", "chart", "figures"} <= offered
    assert "for_batch" not in offered


def test_outside_a_project_there_is_nothing_to_offer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ogi_report import Report

    monkeypatch.chdir(tmp_path)
    assert completion.completions('Report.open("', {"Report": Report}) == ("", {})
