"""Whatever an analyst looks at says in Chinese what it is; nothing shows how it is built."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from IPython.lib.pretty import pretty

from ogi_report import Report
from ogi_report.errors import OgiError
from ogi_report.figures import Cell, Kind
from ogi_report.report import Project
from ogi_report.rules import NotApplicable, check_panel
from ogi_report.rules.additions import Addition
from ogi_report.summary import Summary

ROOT = Path(__file__).parents[2]
DEMO = Project(ROOT / "params", ROOT / "data")
FAULTY = Project(ROOT / "examples" / "faulty" / "params", ROOT / "examples" / "faulty" / "data")
RAW = re.compile(r"\b(?!Decimal)[A-Z][a-z]\w*\(|object at 0x|Undefined|mappingproxy")


def starting_points() -> dict[str, Any]:
    return {
        "report": Report.open("kejing", 2021, project=DEMO),
        "with_ledger": Report.open("housing", 2024, project=DEMO),
        "wrong": Report.open("swapped_digits", 2024, project=FAULTY),
        "summary": Summary.open("yunxi", 2024, project=DEMO),
    }


def looked_at(name: str, value: Any, depth: int = 2) -> Iterator[tuple[str, Any]]:
    """A value, and what Tab leads to from it."""
    yield name, value
    if depth == 0 or isinstance(value, (str, int, type)):
        return
    if isinstance(value, Mapping):
        parts = [(f"{name}[{key!r}]", part) for key, part in list(value.items())[:3]]
    elif isinstance(value, (tuple, list)):
        parts = [(f"{name}[{number}]", part) for number, part in enumerate(value[:2])]
    elif type(value).__module__.startswith("ogi_report"):
        parts = []
        for attribute in dir(value):
            if not attribute.startswith(("_", "model_")):
                with contextlib.suppress(OgiError, NotApplicable):  # what this report does not have
                    parts.append((f"{name}.{attribute}", getattr(value, attribute)))
        if hasattr(value, "check"):
            parts.append((f"{name}.check()", value.check()))
    else:
        return
    for part_name, part in parts:
        if not callable(part):
            yield from looked_at(part_name, part, depth - 1)


@pytest.mark.parametrize("start", ["report", "with_ledger", "wrong", "summary"])
def test_nothing_that_tab_leads_to_shows_how_it_is_built(start: str) -> None:
    seen = 0
    for name, value in looked_at(start, starting_points()[start]):
        if type(value).__module__.startswith("ogi_report") or isinstance(value, (tuple, list, Mapping)):
            shown = pretty(value)
            assert not RAW.search(shown), f"{name}: {shown[:300]}"
            seen += 1
    assert seen > 30


def test_a_cell_tells_what_was_written_where_it_is_not_simply_a_number() -> None:
    assert str(Cell("12", 12, Kind.NUMBER)) == "12"
    assert str(Cell("1,024件", 1024, Kind.NUMBER)) == "1024（写作“1,024件”）"
    assert str(Cell("", None, Kind.BLANK)) == "空白"
    assert str(Cell("-", None, Kind.PLACEHOLDER)) == "“-”（没有填数）"
    assert str(Cell("若干", None, Kind.TEXT)) == "“若干”（不是数）"


def test_a_cell_of_a_file_says_where_it_stands() -> None:
    report = Report.open("kejing", 2021, project=DEMO)
    assert pretty(report.figures["applications.received.total"]) == (
        "0　data/2021/kejing/applications.csv 第 2 行“一、本年新收政府信息公开申请数量”的“总计”列"
    )


def test_a_sum_says_whose_number_it_lacks() -> None:
    assert str(Addition(9, 2)) == "9（2 家之和）"
    assert str(Addition(9, 2, {"丙局": "空白"})) == "9（2 家之和；缺 1 家：丙局（空白））"
    assert str(Addition(None, 0, {"丙局": "空白"})) == "没有数（0 家之和；缺 1 家：丙局（空白））"


def test_findings_their_diagnosis_and_coverage_read_like_sentences() -> None:
    found = Report.open("swapped_digits", 2024, project=FAULTY).check()
    assert str(found[0]).startswith("[强制性] T3-BALANCE  “自然人”列：本年新收 783")
    assert str(found.diagnosis).splitlines()[0] == "找到最可能的更正。"
    assert "若为 738" in str(found.diagnosis)
    assert "<li>" in found.diagnosis._repr_html_()
    assert str(found.coverage["T3-BALANCE"]) == "成立 6，不成立 1"
    assert str(found).startswith("一致性检查：有必须改正的问题，尚不能发布。")


def test_a_panel_says_how_many_findings_it_has(figures_of: Any) -> None:
    from ogi_report.figures import panel

    found = check_panel(panel([("ju", 2024, figures_of({"applications.received.total": 1}))]), conditions=False)
    assert str(found).startswith("2 项问题，")


def test_dir_of_a_report_lists_what_analysts_use() -> None:
    offered = set(dir(Report.open("kejing", 2021, project=DEMO)))
    assert {"open", "check", "title", "chapter", "chart", "compare", "trace", "overdue", "figures", "facts"} <= offered
    assert offered.isdisjoint({"for_batch", "context", "shown_data", "known_ledger", "as_json"})


@pytest.mark.parametrize("name", [name for name in dir(Report) if not name.startswith("_")])
def test_help_says_something_about_each_thing_that_a_report_offers(name: str) -> None:
    if name not in Report._FOR_PROGRAMS:
        text = getattr(Report, name).__doc__
        assert text, name
        assert text.split("\n")[0].endswith((".", ":")), f"{name}: the first line is a sentence"


def test_help_shows_how_the_methods_with_arguments_are_called() -> None:
    for name in ("open", "chapter", "chart", "compare", "compared_with", "trace", "overdue"):
        assert re.search(rf"^\s*[Rr]eport\.{name}\(", getattr(Report, name).__doc__, re.MULTILINE), name
