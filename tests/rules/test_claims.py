"""Which numbers of a sentence are held against the tables, under which readings, and which are left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ogi_report.report import Report
from ogi_report.rules import Findings

T = "applications.{}.total"

Says = Callable[..., set[str]]


@pytest.fixture(scope="module")
def says(checked: Callable[..., Findings]) -> Says:
    """`says("收到申请35件。", received=33)`: the narrative rules that find something in a sentence."""

    def run(
        text: str,
        *,
        last: Mapping[str, int] | None = None,
        cells: Mapping[str, Any] | None = None,
        chapter: int = 1,
        year: int = 2024,
        form: str = "2021",
        level: str | None = None,
        **totals: int,
    ) -> set[str]:
        figures = {T.format(row.replace("__", ".")): value for row, value in totals.items()}
        findings = checked(
            figures | dict(cells or {}),
            form,
            year=year,
            last={T.format(row): value for row, value in last.items()} if last else None,
            chapters={chapter: text},
            level=level,
            name=None,
        )
        return {
            finding.rule for finding in findings if finding.rule.startswith("N-") and finding.rule != "N-POSTED-ZERO"
        }

    return run


def review(
    upheld: int = 0, corrected: int = 0, other: int = 0, pending: int = 0, block: str = "review"
) -> dict[str, int]:
    parts = {"upheld": upheld, "corrected": corrected, "other": other, "pending": pending}
    return {f"remedies.{block}.{key}": value for key, value in (parts | {"total": sum(parts.values())}).items()}


# -- several readings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [40, 43])
def test_accepted_applications_may_include_those_carried_in(says: Says, stated: int) -> None:
    assert says(f"全年受理政府信息公开申请{stated}件。", received=40, carried_in=3) == set()


@pytest.mark.parametrize("stated", [39, 41, 46, 3])
def test_a_number_that_fits_no_reading_is_found(says: Says, stated: int) -> None:
    assert says(f"全年受理政府信息公开申请{stated}件。", received=40, carried_in=3) == {"N-RECV"}


def test_newly_received_does_not_include_those_carried_in(says: Says) -> None:
    assert says("本年新收政府信息公开申请43件。", received=40, carried_in=3) == {"N-RECV"}


def test_the_finding_marks_the_number_in_its_sentence_and_tells_every_reading(checked: Callable[..., Findings]) -> None:
    cells = {T.format("received"): 40, T.format("carried_in"): 3}
    findings = checked(
        cells, year=2024, chapters={1: "工作有序。全年受理政府信息公开申请４５ 件，均已答复。"}, level=None
    )
    (finding,) = [f for f in findings if f.rule == "N-RECV"]
    assert finding.quote == "全年受理政府信息公开申请【４５ 件】，均已答复。"
    assert "本年新收 40；本年新收＋上年结转 43" in finding.message


def test_answers_may_leave_out_what_needs_none(says: Says) -> None:
    outcomes = {"granted": 20, "not_processed__petition": 4, "other__misc": 1, "handled_total": 25, "received": 25}
    for answered in (25, 24, 20):
        assert says(f"全年答复政府信息公开申请{answered}件。", **outcomes) == set()
    assert says("全年答复政府信息公开申请22件。", **outcomes) == {"N-HANDLED"}


def test_a_category_is_the_sum_of_its_rows_or_of_the_reasons_named(says: Says) -> None:
    rows = {"denied__third_party": 2, "denied__process_info": 5, "granted": 9, "received": 16, "handled_total": 16}
    assert says("办理结果为：予以公开9件，不予公开7件。", chapter=3, **rows) == set()
    assert says("办理结果为：予以公开9件，因属过程性信息不予公开5件。", chapter=3, **rows) == set()
    assert says("办理结果为：予以公开9件，不予公开5件。", chapter=3, **rows) == {"N-CATEGORY"}


@pytest.mark.parametrize("numeral", ["35", "３５", "三十五", " 35 "])
def test_a_numeral_may_be_written_in_any_way(says: Says, numeral: str) -> None:
    assert says(f"全年收到政府信息公开申请{numeral}件。", received=35) == set()
    assert says(f"全年收到政府信息公开申请{numeral}件。", received=36) == {"N-RECV"}


@pytest.mark.parametrize(
    ("words", "fitting", "unfitting"),
    [("近40件", 38, 41), ("30余件", 34, 29), ("超过30件", 35, 28), ("约40件", 42, 60), ("1.2万件", 12034, 10900)],
)
def test_an_approximation_claims_no_more_than_it_says(says: Says, words: str, fitting: int, unfitting: int) -> None:
    assert says(f"全年收到政府信息公开申请{words}。", received=fitting) == set()
    assert says(f"全年收到政府信息公开申请{words}。", received=unfitting) == {"N-RECV"}


# -- numbers of something else -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2022年收到政府信息公开申请7件。",
        "上年度收到政府信息公开申请7件。",
        "去年，我局收到政府信息公开申请7件。",
        "与2023年收到7件申请相比，申请量明显上升。",
        "上半年收到政府信息公开申请7件。",
        "截至2024年11月底，共收到政府信息公开申请7件。",
        "三年来，共收到政府信息公开申请7件。",
        "下属事业单位收到政府信息公开申请7件。",
        "某街道收到政府信息公开申请7件，居各街道之首。",
        "其中，通过网络收到申请7件。",
        "收到自然人提出的政府信息公开申请7件。",
        "收到企业提交的政府信息公开申请7件。",
        "通过在线平台收到政府信息公开申请7件。",
        "收到行政许可申请7件。",
        "收到行政复议申请7件。",
        "收到关于征地补偿的申请7件。",
        "对申请内容进行分类，收到信访诉求7件。",
        "政府信息公开申请受理点7个。",
        "截至本报告发布之日，又收到政府信息公开申请7件。",
    ],
)
def test_numbers_of_other_years_bodies_channels_and_matters_claim_nothing(says: Says, text: str) -> None:
    assert says(text, received=40, last={"received": 11}) == set()


def test_bodies_channels_or_periods_that_add_up_are_parts_of_the_table_s_number(says: Says) -> None:
    parts = "市本级收到申请14件，各县（市、区）收到申请26件，全市合计40件。"
    assert says(parts, received=40) == set()
    assert says("区政府办公室办结政府信息公开申请10件，各部门办结21件，各街道办结9件。", handled_total=40) == set()
    assert says("收到书面申请12件；通过申请平台收到申请28件。", received=40) == set()


def test_parts_that_do_not_add_up_are_found_where_no_total_is_named(says: Says) -> None:
    assert says("区政府办公室办结政府信息公开申请10件，各部门办结22件，各街道办结9件。", handled_total=40) == {
        "N-HANDLED"
    }


def test_another_body_of_the_roster_claims_nothing_for_this_one(checked: Callable[..., Findings]) -> None:
    cells = {T.format("received"): 40}
    text = "区财政局收到政府信息公开申请7件。"
    about: dict[str, Any] = {"year": 2024, "chapters": {1: text}, "level": "county", "name": "示例区"}
    assert "N-RECV" in {f.rule for f in checked(cells, **about)}
    assert "N-RECV" not in {f.rule for f in checked(cells, other_names=("区财政局",), **about)}


def test_numbers_of_documents_are_no_outcomes_of_applications(says: Says) -> None:
    text = "收到申请15件。全年审查文件316件，其中主动公开200件、依申请公开86件、不予公开30件。"
    assert says(text, received=15, denied__third_party=2) == set()


def test_all_kinds_of_applicants_together_are_everybody(says: Says) -> None:
    text = "收到公民、法人和其他组织提交的政府信息公开申请43件。"
    assert says(text, received=43) == set()
    assert says(text, received=34) == {"N-RECV"}


def test_both_halves_of_what_was_carried_are_told_apart(says: Says) -> None:
    text = "新收申请30件，结转上年未办结申请4件，共答复33件，结转下年度1件。"
    figures = {"received": 30, "carried_in": 4, "granted": 33, "handled_total": 33, "carried_out": 1}
    assert says(text, **figures) == set()
    assert says(text.replace("申请4件", "申请5件"), **figures) == {"N-CIN"}
    assert says(text.replace("结转下年度1件", "结转下年度2件"), **figures) == {"N-COUT"}


# -- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "全年公开信息325条，其中动态108条、公告167条、财政50条。",
        "全年共公开信息560条，其中网站320条（含动态200条、公告120条），公众号180条，微博60条。",
        "全年公开重点领域信息460条，其中许可、处罚信息290条，含许可类212条、处罚类78条，其余为财政信息。",
        "全年共公开信息2100余条，其中财政信息300余条，工作动态1500余条，公告400余条。",
        "全年共公开信息430条，其中重点领域信息96条、政策解读12条等。",
        "全县共设查阅点23个，其中档案馆、图书馆各1个，政务服务中心1个，镇村20个。",
    ],
)
def test_a_list_is_added_once_and_only_if_it_reads_as_complete(says: Says, text: str) -> None:
    assert says(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "全年共公开信息325条，其中动态108条、公告167条、财政43条。",
        "全年公开信息1860条，包括网站920条、微博540条、公众号380条、其他60条。",
        "全年共公开信息240条，其中动态120条（含党建70条、民生40条、其他10条），公告60条，财政4条，其他46条。",
        "共收到政府信息公开申请28件，按申请方式分：当面2件、邮寄9件、网络18件。",
    ],
)
def test_a_list_that_cannot_add_up_is_found(says: Says, text: str) -> None:
    assert says(text, received=28) == {"N-PARTS"}


# -- noughts and outcomes in words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("本年度未收到政府信息公开申请。", {"applications.received.total": 2}),
        ("我局无依申请公开事项。", {"applications.received.total": 2}),
        ("无上年结转、无结转下年度的申请。", {"applications.carried_out.total": 1}),
        ("没有发生不予公开、不予处理的情形。", {"applications.not_processed.repeat.total": 1}),
        ("全年未发生因政府信息公开引起的行政复议、行政诉讼。", review(upheld=1, block="litigation_direct")),
        ("未有因政府信息公开工作被申请行政复议的情况。", review(pending=1)),
    ],
)
def test_what_is_denied_must_be_nought(says: Says, text: str, cells: dict[str, int]) -> None:
    assert says(text, cells=cells, chapter=3) == {"N-ZEROCLAIM"}
    assert says(text, chapter=3) == set()


@pytest.mark.parametrize(
    "text",
    [
        "2023年未收到政府信息公开申请。",
        "上半年未收到政府信息公开申请。",
        "三个下属单位未收到政府信息公开申请。",
        "未收到企业提出的政府信息公开申请。",
        "未收到涉及国家秘密的申请。",
        "未收到要求减免费用的申请。",
        "未收到群众对政府信息公开工作的投诉。",
        "未发生逾期答复政府信息公开申请的情形。",
        "做到不漏登一件申请。",
    ],
)
def test_denials_of_something_narrower_claim_nothing(says: Says, text: str) -> None:
    assert says(text, received=9) == set()


@pytest.mark.parametrize(
    ("words", "fits", "breaks"),
    [
        ("行政复议3件，均获维持", review(3), review(2, pending=1)),
        ("行政复议3件，全部予以维持", review(3), review(2, other=1)),
        ("行政复议零纠错", review(1, other=2), review(2, corrected=1)),
        (
            "行政诉讼3件，无败诉案件",
            review(3, block="litigation_direct"),
            review(2, 1, block="litigation_after_review"),
        ),
        (
            "行政诉讼3件，全部胜诉",
            review(3, block="litigation_direct"),
            review(2, pending=1, block="litigation_direct"),
        ),
    ],
)
def test_outcome_words_hold_for_every_case(
    says: Says, words: str, fits: dict[str, int], breaks: dict[str, int]
) -> None:
    assert says(f"因政府信息公开引发{words}。", cells=fits, chapter=4) == set()
    assert says(f"因政府信息公开引发{words}。", cells=breaks, chapter=4) == {"N-OUTCOME-WORDS"}


@pytest.mark.parametrize(
    "text",
    [
        "除1件尚未审结外，其余行政复议案件均被维持。",
        "力争政府信息公开行政复议零纠错。",
        "2023年以前政府信息公开复议案件均获维持。",
        "上年政府信息公开行政复议均获维持。",
    ],
)
def test_outcome_words_of_some_cases_other_years_or_aims_claim_nothing(says: Says, text: str) -> None:
    assert says(text, cells=review(2, corrected=1), chapter=4) == set()


def test_results_belong_to_the_block_named_last(says: Says) -> None:
    cells = review(3, 1) | review(1, block="litigation_direct")
    text = "因政府信息公开被申请复议4件，经复议机关审理，维持3件，纠正1件；经法院审理，维持1件。"
    assert says(text, cells=cells) == set()


def test_one_number_is_not_lent_to_the_next_phrase(says: Says) -> None:
    cells = review(2) | review(1, block="litigation_direct")
    assert says("因政府信息公开引发行政复议2件、行政诉讼1件。", cells=cells) == set()
    assert says("因政府信息公开引发行政复议1件、行政诉讼2件。", cells=cells) == {"N-REVIEW", "N-LIT"}


# -- changes on last year ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (36, 30, "同比增长20%"),
        (36, 30, "较上年增长百分之二十"),
        (36, 30, "比上年增加6件"),
        (57, 65, "较2023年下降12.3%"),
        (90, 45, "是上年的2倍"),
        (42, 30, "同比增长四成"),
        (50, 20, "比上年增长1.5倍"),
        (36, 0, "同比增长100%"),
        (36, 30, "较2021年增长80%"),
        (36, 30, "环比增长80%"),
    ],
)
def test_a_change_as_computed_is_passed_in_every_wording(says: Says, now: int, before: int, words: str) -> None:
    assert says(f"全年收到政府信息公开申请{now}件，{words}。", received=now, last={"received": before}) == set()


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (36, 30, "同比增长25%"),
        (36, 30, "同比下降20%"),
        (36, 30, "较上年增长百分之三十"),
        (36, 30, "比上年增加8件"),
        (90, 45, "是上年的3倍"),
        (60, 30, "同比增长四成"),
    ],
)
def test_a_change_that_no_reading_gives_is_found(says: Says, now: int, before: int, words: str) -> None:
    assert says(f"全年收到政府信息公开申请{now}件，{words}。", received=now, last={"received": before}) == {"N-YOY"}


@pytest.mark.parametrize(
    "text",
    [
        "全年收到政府信息公开申请36件，网站访问量同比增长85%。",
        "按时办结率较上年提高3个百分点。全年收到政府信息公开申请36件。",
        "财政支出同比下降40%；收到政府信息公开申请36件。",
    ],
)
def test_changes_of_something_else_are_left_alone(says: Says, text: str) -> None:
    assert says(text, received=36, last={"received": 30}) == set()


# -- numbers whose author said what they mean --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全年收到政府信息公开申请 [134 件](ogi:none)。", set()),
        ("全年收到政府信息公开申请 [40 件](ogi:本年新收)。", set()),
        ("全年收到政府信息公开申请 [43 件](ogi:received+carried_in)。", set()),
        ("全年收到政府信息公开申请 [134 件](ogi:received)。", {"N-RECV"}),
        ("全年收到政府信息公开申请 [40 件](ogi:received+carried_in)。", {"N-RECV"}),
        ("全年收到政府信息公开申请134件。", {"N-RECV"}),
        ("窗口一年里接了 [9 件](ogi:carried_in)。", {"N-CIN"}),
        ("窗口一年里接了9件。", set()),
    ],
)
def test_a_bound_number_is_held_against_what_it_is_bound_to_and_nothing_else(
    small_project: Callable[..., Any], text: str, found: set[str]
) -> None:
    cells = {T.format("received"): 40, T.format("carried_in"): 3, T.format("carried_out"): 43}
    project = small_project(cells, narrative=f"## 一、总体情况\n\n{text}\n")
    report = Report.open("ju", 2024, project=project)
    assert {f.rule for f in report.check() if f.rule in ("N-RECV", "N-CIN", "N-COUT")} == found
