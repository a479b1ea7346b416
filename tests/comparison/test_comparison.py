"""What changed between two reports, and how much of the text was there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.comparison import Side, compare
from ogi_report.comparison.findings import changed_findings
from ogi_report.comparison.sentences import Known, Repetition, changed_sentences, sentences
from ogi_report.comparison.text import lines, summary_line
from ogi_report.figures import Figures
from ogi_report.report.comparing import compared_html
from ogi_report.report.findings import report_json
from ogi_report.rules import Context, check

HALF = Decimal(50)


@pytest.fixture(scope="module")
def side(figures_of: Callable[..., Figures]) -> Callable[..., Side]:
    """`side({"applications.received.total": 5}, {1: "…"}, year=2023)`: a report as one side, all else 0."""

    def build(
        cells: Mapping[str, Any] | Figures | None = None,
        chapters: Mapping[int, str] | None = None,
        *,
        year: int = 2024,
        agency: str = "ju",
        form: str = "2021",
        local: Any = None,
    ) -> Side:
        figures = cells if isinstance(cells, Figures) else figures_of(cells, form, 0, local)
        told = report_json(agency, year, figures, chapters or {}, check(Context(figures, agency, year)))
        labels = {key: spec.label for key, spec in figures.form.cells.items()}
        return Side(told, "示例局", f"data/{year}/{agency}", ("示例局", "我局"), labels)

    return build


# -- figures -----------------------------------------------------------------------------------------------------------


def test_a_changed_figure_is_told_with_its_label_and_difference(side: Callable[..., Side]) -> None:
    before, after = side({"applications.received.total": "1,024"}), side({"applications.received.total": 1030})
    (change,) = compare(before, after).figures
    assert (change.key, change.before, change.after, change.difference) == (
        "applications.received.total",
        "1,024",
        "1030",
        6,
    )
    assert change.label == before.form.cells[change.key].label


def test_a_number_written_in_another_way_has_not_changed(side: Callable[..., Side]) -> None:
    cells = {"applications.received.total": "1,024", "disclosure.admin_fee.amount_wan": "12.40"}
    other = {"applications.received.total": "1024件", "disclosure.admin_fee.amount_wan": "12.4"}
    assert compare(side(cells), side(other)).figures == ()


@pytest.mark.parametrize(("before", "after"), [("", "0"), ("0", ""), ("", "-"), ("-", "无数据"), ("若干", "一些")])
def test_a_blank_that_became_something_has_changed_without_a_difference(
    side: Callable[..., Side], before: str, after: str
) -> None:
    (change,) = compare(side({"remedies.review.total": before}), side({"remedies.review.total": after})).figures
    assert (change.before, change.after, change.difference) == (before, after, None)
    assert ("空白" in "\n".join(lines(compare(side(), side({"remedies.review.total": ""})), HALF))) is True


def test_layouts_are_compared_on_the_cells_that_both_have(side: Callable[..., Side]) -> None:
    old = side({"applications.received.total": 3, "disclosure.licence.items_prev": 8}, form="2019", year=2020)
    compared = compare(old, side({"applications.received.total": 4}, year=2021))
    assert [change.key for change in compared.figures] == ["applications.received.total"]
    assert compared.cells == len(old.form.cells.keys() & compared.b.form.cells.keys())
    assert compared.notes == (
        f"两份报告的表样不同（2019 年表样、2021 年表样）：只比较两种表样都有的 {compared.cells} 格，其余的格含义不同，不比较。",
    )


def test_a_row_of_its_own_that_only_one_has_is_told(side: Callable[..., Side]) -> None:
    rows = {"disclosure": [("local.own", "自加的行", "normative")]}
    with_row = side({"disclosure.local.own.issued": 7}, local=rows)
    gone = [c for c in compare(with_row, side()).figures if c.before == "7"]
    assert [(c.label, c.after) for c in gone] == [("自加的行 · 本年制发件数", None)]
    assert "自加的行 · 本年制发件数：没有这一行 → 7" in "\n".join(lines(compare(side(), with_row), HALF))


@given(data=st.data())
def test_a_report_has_not_changed_from_itself_and_changes_are_mutual(
    data: st.DataObject, side: Callable[..., Side], any_figures: Callable[[str], st.SearchStrategy[Figures]]
) -> None:
    one, two = side(data.draw(any_figures("2021"))), side(data.draw(any_figures("2021")))
    assert compare(one, one).is_same
    there, back = compare(one, two).figures, compare(two, one).figures
    assert {(c.key, c.before, c.after) for c in there} == {(c.key, c.after, c.before) for c in back}
    for change in there:
        if change.difference is not None:
            assert one.figures[change.key]["value"] + change.difference == two.figures[change.key]["value"]


# -- sentences ---------------------------------------------------------------------------------------------------------

ONE = "全年组织业务培训三次，参加的有各科室负责同志。"
TWO = "开通公开需求征集栏目，按季度公布采纳情况。"
THREE = "门户网站完成适老化改造，窗口设立自助打印设备。"


def test_a_sentence_that_moved_has_not_changed() -> None:
    assert changed_sentences(sentences(f"{ONE}{TWO}"), sentences(f"{TWO}\n{ONE}")) == []


def test_sentences_are_changed_gone_or_new() -> None:
    after = ONE.replace("三次", "四次")
    changes = changed_sentences(sentences(ONE + TWO), sentences(THREE + after))
    assert [(c.kind, c.before, c.after) for c in changes] == [
        ("new", None, THREE),
        ("changed", ONE, after),
        ("gone", TWO, None),
    ]


def test_a_repeated_sentence_counts_as_often_as_it_stands() -> None:
    assert [c.kind for c in changed_sentences([ONE, ONE], [ONE])] == ["gone"]


@given(
    st.lists(st.sampled_from([ONE, TWO, THREE, ONE.replace("三", "五")])), st.lists(st.sampled_from([ONE, TWO, THREE]))
)
def test_what_is_kept_changed_gone_and_new_makes_up_both_texts(before: list[str], after: list[str]) -> None:
    changes = changed_sentences(before, after)
    kinds = [change.kind for change in changes]
    kept = len(before) - kinds.count("changed") - kinds.count("gone")
    assert kept == len(after) - kinds.count("changed") - kinds.count("new") >= 0
    assert all(change.before in (None, *before) and change.after in (None, *after) for change in changes)


def test_the_rate_counts_sentences_that_stand_in_the_other_report_exactly_or_nearly() -> None:
    near = ONE.replace("三次", "四次")
    known = Known([ONE + TWO], ())
    assert known.repetition([ONE]) == Repetition(len(ONE), len(ONE), 0)
    assert known.repetition([near]) == Repetition(len(near), 0, len(near)), "only the figure was changed"
    assert known.repetition([THREE]) == Repetition(len(THREE), 0, 0)
    assert known.repetition(["（四）平台建设", "（四）政府信息公开平台建设"]).characters == 0, "sub-headings"
    assert known.repetition([f"　{ONE[:9]} {ONE[9:]}"]).exact == len(ONE), "white space is not counted"
    total = known.repetition([ONE, ONE, THREE])
    assert total.percent == "66.7%"
    assert total.exceeds(HALF)
    assert not Repetition(20, 5, 5).exceeds(HALF), "half is not more than half"
    assert Repetition(0, 0, 0).percent is None
    assert not Repetition(0, 0, 0).exceeds(Decimal(0))


def test_names_of_the_bodies_hide_no_repetition() -> None:
    known = Known(["示例局开通公开需求征集栏目，按季公布。"], ("示例局", "另一局"))
    assert known.repetition(["另一局开通公开需求征集栏目，按季公布。"]).near == 19


def test_a_chapter_that_repeats_more_than_half_is_marked_and_a_correction_is_not(side: Callable[..., Side]) -> None:
    text = {1: ONE + TWO, 5: THREE}
    before, after = side(None, text, year=2023), side(None, {1: ONE + TWO, 5: THREE.replace("窗口", "大厅")})
    compared = compare(before, after)
    assert [chapter.number for chapter in compared.repeating(HALF)] == [1, 5]
    assert [chapter.number for chapter in compared.repeating(Decimal(100))] == []
    assert summary_line(compared, HALF).endswith("重复率 100.0%，超过 50% 的章：一、五")
    assert "▲ 超过 50%" in "\n".join(lines(compared, HALF))
    corrected = compare(side(None, text), after)
    assert corrected.is_revision
    assert corrected.repeating(HALF) == ()
    assert "重复率" not in "\n".join(lines(corrected, HALF))


# -- findings ----------------------------------------------------------------------------------------------------------


def finding(rule: str, *cells: str, message: str = "", quote: str | None = None, waived: Any = None) -> dict[str, Any]:
    return {
        "rule": rule,
        "cells": list(cells),
        "message": message,
        "quote": quote,
        "waived": waived,
        "severity": "error",
    }


def test_a_finding_is_known_by_its_rule_and_its_cells() -> None:
    before = [finding("T3-ROWSUM", "a", message="相差 1"), finding("T3-ROWSUM", "b")]
    after = [finding("T3-ROWSUM", "a", message="相差 2"), finding("T3-ROWSUM", "c")]
    gone, new = changed_findings(before, after)
    assert [f["cells"] for f in gone] == [["b"]]
    assert [f["cells"] for f in new] == [["c"]]


def test_a_finding_without_cells_is_known_by_the_words_that_it_quotes() -> None:
    before = [finding("CH-EMPTY", message="第五章"), finding("TPL-YEAR", quote="2022年，我局收到3件")]
    after = [finding("CH-EMPTY", message="第一章"), finding("TPL-YEAR", quote="2023年，我局收到5件")]
    gone, new = changed_findings(before, after)
    assert [f["message"] for f in gone] == ["第五章"]
    assert [f["message"] for f in new] == ["第一章"]


def test_a_waived_finding_is_settled() -> None:
    settled = finding("V-ZERO", "a", waived={"reason": "已核实"})
    assert changed_findings([finding("V-ZERO", "a")], [settled]) == ([finding("V-ZERO", "a")], [])
    assert changed_findings([settled], [finding("V-ZERO", "a")]) == ([], [finding("V-ZERO", "a")])


def test_findings_of_the_rules_go_and_come(side: Callable[..., Side]) -> None:
    wrong, right = side({"remedies.review.total": 3}), side()
    assert {f["rule"] for f in compare(wrong, right).gone} >= {"T4-SUM"}
    assert compare(wrong, right).gone == compare(right, wrong).new


# -- how it looks ------------------------------------------------------------------------------------------------------


def test_whatever_a_report_says_is_text_on_the_page(side: Callable[..., Side]) -> None:
    bad = "<script>alert(1)</script>，这是正文中的一句话。"
    page = compared_html(
        compare(side({"remedies.review.total": "<b>"}, {1: bad}), side(None, {1: bad.replace("一", "两")}))
    )
    assert "<script" not in page
    assert "<b>" not in page
    assert "句话。" in page
    assert '<del style="background:#fbe3e4;color:#1d1d1f">一</del>' in page
    assert '<ins style="background:#dff2e1;color:#1d1d1f">两</ins>' in page


def test_the_same_reports_give_the_same_comparison(side: Callable[..., Side]) -> None:
    def told() -> str:
        before = side({"remedies.review.total": 3}, {1: ONE + TWO}, year=2023)
        return compared_html(compare(before, side({"remedies.review.total": 4}, {1: THREE + ONE})))

    assert told() == told()
