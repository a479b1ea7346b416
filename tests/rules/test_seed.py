"""The acceptance case: a real district bureau's report of 2021, in the form of 2019, with all its quirks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogi_report.readers import read_figures

FOLDER = Path(__file__).parents[2] / "data" / "2021" / "kejing"


@pytest.fixture(scope="module")
def seed(forms):
    return read_figures(FOLDER, forms["2019"], "data/2021/kejing")


@pytest.fixture(scope="module")
def found(seed, checked):
    return checked(seed, year=2021, prescribed_layout="2021", level="department", name="东西湖区科学技术和经济信息化局")


def test_its_figures_are_those_of_the_published_page(seed):
    filled = {key: cell.raw for key, cell in seed.items() if cell.raw and cell.raw != "0"}
    assert filled == {
        "disclosure.normative.public_total": "62",
        "disclosure.local.other_public_docs.public_total": "20",
        "disclosure.other_services.items_prev": "203",
        "disclosure.other_services.items_delta": "75",
        "disclosure.other_services.decisions": "278",
        "disclosure.procurement.projects": "13",
        "disclosure.procurement.amount_yuan": "4145261.25",
    }
    zeros = [key for key, cell in seed.items() if cell.raw == "0" and not key.startswith("disclosure.")]
    assert zeros == [
        "applications.received.total",
        "applications.carried_in.total",
        "remedies.review.total",
        "remedies.litigation_direct.total",
        "remedies.litigation_after_review.total",
    ]


def test_it_has_one_error_and_these_findings(found):
    assert [(f.rule, str(f.severity), len(f.cells)) for f in found] == [
        ("LAYOUT-YEAR", "error", 0),
        ("V-BLANK-KEY", "warning", 21),
        ("T2A-DECISIONS-EQ-ITEMS", "warning", 3),
        ("T2A-PROC-UNIT", "warning", 1),
        ("LAYOUT-EXTRA-ROW", "note", 3),
        ("V-BLANK", "note", 159),
        ("V-BLANK", "note", 12),
        ("V-SIGN", "note", 1),
        ("T2A-DELTA-JUMP", "note", 2),
    ]
    assert found.counts == {"error": 1, "warning": 3, "note": 5, "waived": 0}


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        ("T3-BALANCE", {"pass_assumed": 7}),
        ("T3-HANDLED", {"pass_assumed": 7}),
        ("T3-ROWSUM", {"pass_assumed": 23}),
        ("T4-SUM", {"pass_assumed": 3}),
        ("T2A-TOTAL-GE-NEW", {"pass": 3}),
        ("T2A-ITEMS-NONNEG", {"pass": 5}),
        ("T2A-PROC-PAIR", {"pass": 1}),
        ("T2A-PROC-MEAN", {"pass": 1}),
        ("T2-RULES-POWER", {"pass": 1}),
        ("LAYOUT-MISSING-ROW", {"pass": 3}),
        ("LAYOUT-LABEL", {"pass": 3}),
        ("LAYOUT-MIXED", {"pass": 1}),
        ("LAYOUT-SHIFT", {"pass": 29}),
        ("V-TEXT", {"pass": 201}),
        ("V-ALLZERO", {"pass": 1}),
    ],
)
def test_these_rules_stay_silent_and_say_on_what_ground(rule, outcomes, found):
    assert {str(outcome): n for outcome, n in found.coverage[rule].counts.items() if n} == outcomes


def test_its_findings_are_told_in_these_words(found):
    message = {f.rule: f.message for f in found}
    assert (
        message["LAYOUT-YEAR"]
        == "2021 年度的报告应当使用 2021 年表样（国办公开办函〔2021〕30号），实际用的是 2019 年表样。"
    )
    assert message["T2A-DECISIONS-EQ-ITEMS"].startswith(
        "“其他对外管理服务事项”的处理决定数量 278 恰等于上一年项目数量 203 加本年增/减 75"
    )
    assert "36.9%" in message["T2A-DELTA-JUMP"]
    assert "4145261.25" in message["T2A-PROC-UNIT"]
    assert "“其他主动公开文件”" in message["LAYOUT-EXTRA-ROW"]
    assert message["V-BLANK-KEY"].startswith("表三的总计格空白：“（七）总计 · 总计”“四、结转下年度继续办理 · 总计”")
    assert [f.message for f in found if f.rule == "V-BLANK"] == [
        "表三有 159 个空白格（共 161 格）；没有数的请填 0。",
        "表四有 12 个空白格（共 15 格）；没有数的请填 0。",
    ]


def test_without_a_report_of_last_year_the_comparison_says_so(found):
    assert found.coverage["V-OUTLIER"].why == "没有 2020 年的数据"


def test_its_old_notice_would_have_been_right_a_year_before(seed, checked):
    assert "LAYOUT-YEAR" not in [f.rule for f in checked(seed, year=2020, prescribed_layout="2019")]
