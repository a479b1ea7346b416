"""`Report`: what a notebook cell talks to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import simplejson

from ogi_report import Report
from ogi_report.errors import ConfigError, DataError, NarrativeError, UnresolvedErrors
from ogi_report.report import Project
from ogi_report.report.fragment import MIME, dump_json


def test_a_setting_left_at_none_comes_from_the_params_file(small_project: Callable[..., Project]) -> None:
    project = small_project(params="published_on: 2025-01-20\nindex_no: A-1\n")
    report = Report.open("ju", 2024, project=project, published_on=None, index_no="B-2")
    assert (report.params.published_on, report.params.index_no) == ("2025-01-20", "B-2")
    assert "2025年1月20日" in str(report.title().public)


def test_the_year_may_arrive_as_text(small_project: Callable[..., Project]) -> None:
    assert Report.open("ju", "2024", project=small_project()).year == 2024


def test_unknown_agencies_and_missing_files_are_named(small_project: Callable[..., Project]) -> None:
    project = small_project()
    with pytest.raises(ConfigError, match=r"机构代码 juu 不在 params/agencies.csv 中；您是不是要写 ju（示例局）"):
        Report.open("juu", 2024, project=project)
    with pytest.raises(ConfigError, match=r"找不到 params/2019/ju.yaml"):
        Report.open("ju", 2019, project=project)
    (project.data / "2024/ju/remedies.csv").unlink()
    with pytest.raises(DataError, match=r"找不到 data/2024/ju/remedies.csv"):
        Report.open("ju", 2024, project=project)


def test_a_mistake_in_the_narrative_is_found_when_the_report_is_checked(small_project: Callable[..., Project]) -> None:
    project = small_project(narrative="## 一、总体情况\n\n{{ 没有 }}\n")
    with pytest.raises(NarrativeError, match=r"data/2024/ju/narrative.md 第 3 行"):
        Report.open("ju", 2024, project=project).check()


def test_last_year_is_read_where_it_is_there_and_its_lack_is_explained(small_project: Callable[..., Project]) -> None:
    project = small_project()
    report = Report.open("ju", 2024, project=project)
    assert report.last is None
    assert "没有 2023 年的参数文件" in repr(report)
    small_project(year=2023, cells={"applications.received.total": 3})
    report = Report.open("ju", 2024, project=project)
    assert report.facts["上年"]["本年新收"] == 3
    (project.data / "2023/ju/remedies.csv").write_text("坏了", encoding="utf-8")
    assert "2023 年的数据无法读入" in repr(Report.open("ju", 2024, project=project))


def test_the_title_is_the_full_name_and_the_year_unless_the_narrative_has_one(
    small_project: Callable[..., Project],
) -> None:
    assert Report.open("ju", 2024, project=small_project()).heading == "示例局2024年政府信息公开工作年度报告"
    project = small_project(narrative="# {{ 简称 }}{{ 年度 }}年报\n")
    assert Report.open("ju", 2024, project=project).heading == "我局2024年报"


def test_a_report_as_json_has_what_scripts_rely_on(small_project: Callable[..., Project]) -> None:
    project = small_project({"disclosure.admin_fee.amount_wan": "12.340", "applications.granted.total": None})
    told = simplejson.loads(dump_json(Report.open("ju", 2024, project=project).as_json()), use_decimal=True)
    assert set(told) == {
        "agency",
        "year",
        "layout",
        "figures",
        "chapters",
        "findings",
        "coverage",
        "counts",
        "diagnosis",
    }
    assert (told["agency"], told["year"], told["layout"]) == ("ju", 2024, "2021")
    assert len(told["figures"]) == 200
    assert told["figures"]["applications.granted.total"] == {"value": None, "raw": "", "kind": "blank"}
    assert str(told["figures"]["disclosure.admin_fee.amount_wan"]["value"]) == "12.340"
    assert list(told["chapters"]) == list("123456")
    assert set(told["counts"]) == {"error", "warning", "note", "waived"}
    keys = {"rule", "severity", "outcome", "agency", "year", "cells", "message", "expected", "found", "difference"}
    assert all(set(f) == keys | {"quote", "suggestion", "waived"} for f in told["findings"])
    assert all(set(t) == {"pass", "pass_assumed", "fail", "n/a", "why"} for t in told["coverage"].values())


def test_a_blank_stays_a_blank_from_the_file_to_the_page(small_project: Callable[..., Project]) -> None:
    report = Report.open(
        "ju", 2024, project=small_project({"remedies.review.upheld": None, "remedies.review.total": 0})
    )
    bundle = report.chapter(4)._repr_mimebundle_()
    row = re.findall(r"<td[^>]*>(.*?)</td>", bundle[MIME]["public"])
    assert row[0] == ""
    assert row[4] == "0"
    assert report.figures["remedies.review.upheld"].value is None


def test_a_fragment_can_be_stored_in_a_notebook(small_project: Callable[..., Project]) -> None:
    report = Report.open("ju", 2024, project=small_project({"disclosure.admin_fee.amount_wan": "0.10"}))
    pieces = [report, report.check(), report.title(), report.chapter(3), report.chart()]
    for piece in pieces:
        assert json.loads(json.dumps(piece._repr_mimebundle_()))["text/plain"] == repr(piece)


def test_findings_and_card_are_never_public(small_project: Callable[..., Project]) -> None:
    report = Report.open("ju", 2024, project=small_project({"applications.received.total": 9}))
    assert report.check().unresolved
    for piece in (report, report.check()):
        assert piece._repr_mimebundle_()[MIME]["public"] is None
    public = "".join(str(report.chapter(n).public) for n in range(1, 7)) + str(report.title().public)
    assert "T3-" not in public
    assert "outline" not in public
    assert "T3-ROWSUM" in report.chapter(3).html


def test_the_gate_says_how_many_errors_are_left(small_project: Callable[..., Project]) -> None:
    report = Report.open("ju", 2024, project=small_project({"applications.received.total": 9}))
    with pytest.raises(UnresolvedErrors, match="有 2 项必须改正的问题"):
        report.check().raise_on_errors()
    Report.open("ju", 2024, project=small_project()).check().raise_on_errors()


def test_this_year_is_compared_with_last(small_project: Callable[..., Project]) -> None:
    project = small_project({"applications.received.total": 9, "applications.received.natural_person": 9})
    report = Report.open("ju", 2024, project=project)
    assert report.compare("本年新收").text.splitlines()[1].split("\t") == ["本年新收", "9", "", ""]
    small_project(year=2023, cells={"applications.received.total": 4})
    assert "+5" in str(Report.open("ju", 2024, project=project).compare("本年新收").public)


def test_the_project_is_found_from_any_folder_below_it(
    small_project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = small_project()
    monkeypatch.chdir(project.data / "2024" / "ju")
    assert Report.open("ju", 2024).inputs.keys() >= {"params/agencies.csv", "data/2024/ju/applications.csv"}
    monkeypatch.chdir(Path("/"))
    with pytest.raises(ConfigError, match="往上都找不到"):
        Report.open("ju", 2024)
