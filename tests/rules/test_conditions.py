"""Each condition: the examples of its declaration, and what it says when cells are blank or its context is unknown."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ogi_report.rules import Context, Outcome, Rule
from ogi_report.rules.catalogue import CONDITIONS
from ogi_report.rules.examples import context_of
from ogi_report.rules.rule import Finding, Tally, confront


def held(rule: Rule, context: Context) -> tuple[dict[str, int], str | None, list[Finding]]:
    """Outcome → how often, why not applicable, findings."""
    tally = Tally()
    findings = list(confront(rule, context, tally))
    return {str(outcome): count for outcome, count in tally.counts.items() if count}, tally.why, findings


def examples(kind: str) -> list[Any]:
    return [
        pytest.param(rule, example, id=f"{rule.id}-{rule.severity}-{number}")
        for rule in CONDITIONS
        for number, example in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("rule", "example"), examples("fires"))
def test_the_example_of_a_mistake_is_found_once_and_told_in_chinese(rule, example):
    context = context_of(example)
    outcomes, _, findings = held(rule, context)
    assert outcomes[Outcome.FAIL] == len(findings) == 1
    (finding,) = findings
    assert (finding.rule, finding.severity, finding.year) == (rule.id, rule.severity, context.year)
    assert re.search("[\u4e00-\u9fff]{4}", finding.message)
    assert finding.message.endswith("。")
    assert not re.search(r"[{}]|None|Decimal|[a-z]+_[a-z]+|E\+", finding.message), finding.message
    assert set(finding.cells) <= set(context.figures)


@pytest.mark.parametrize(("rule", "example"), examples("silent"))
def test_the_example_of_a_sound_report_is_passed_over(rule, example):
    outcomes, why, findings = held(rule, context_of(example))
    assert findings == []
    assert set(outcomes) <= {Outcome.PASS}, why
    assert outcomes


NAMED_BY_ROW = {"T3-CARRY-PLAUS", "T3-OTHER-SHARE", "T3-SECRET", "T3-APPLICANT-MIX", "T2-RULES-POWER"}
COUNTED = {"V-BLANK"}
SPOKEN_OF_AS_A_WHOLE = {"LAYOUT-LABEL", "LAYOUT-MISSING-ROW", "LAYOUT-EXTRA-ROW", "N-POSTED-ZERO"}
IN_OTHER_WORDS = {"N-LIT": "行政诉讼", "FEE-UNPAID": "逾期未缴费", "N-CATEGORY": "不予公开", "PC-XY": "上年结转"}


@pytest.mark.parametrize(("rule", "example"), examples("fires"))
def test_a_message_about_cells_names_them_in_the_words_of_the_form(rule, example):
    context = context_of(example)
    _, _, (finding,) = held(rule, context)
    if not finding.cells or rule.id in COUNTED or rule.id.startswith("T4-"):
        return
    specs = [context.figures.form.cells[key] for key in finding.cells]
    words = {spec.label for spec in specs} | {spec.row.title for spec in specs if spec.row}
    words |= {part for spec in specs for part in spec.label.split(" · ")}
    words |= {name for spec in specs for name in (spec.column.name, spec.row.name if spec.row else spec.name)}
    words |= {IN_OTHER_WORDS[rule.id]} if rule.id in IN_OTHER_WORDS else set()
    if rule.id in NAMED_BY_ROW:
        words |= {word for spec in specs if spec.row for word in (spec.row.name, spec.row.leaf.label.split(".")[-1])}
        words |= {"（六）其他处理", "国家秘密", "规章"}
    if rule.id in SPOKEN_OF_AS_A_WHOLE:
        words |= {context.figures.form.table(spec.table).name for spec in specs}
    assert any(word in finding.message for word in words), (finding.message, words)


# What a rule says where it cannot know: cells left blank, or no roster line, last year or text.
# (rule, severity, cells, about the report, outcome, why)
ASSUMED, OPEN = "pass_assumed", "n/a"
D, A, R = "disclosure", "applications", "remedies"
OLD = {"form": "2019"}
UNDECIDED: list[tuple[str, dict[str, Any], dict[str, Any], str, str | None]] = [
    ("LAYOUT-YEAR", {}, {"prescribed_layout": None}, OPEN, "没有全国统一表样"),
    ("LAYOUT-MIXED", {}, {}, OPEN, "没有分别识别"),
    ("CH-MISSING", {}, {}, OPEN, "没有正文"),
    ("CH-ORDER", {}, {}, OPEN, "没有正文"),
    ("CH-TITLE", {}, {}, OPEN, "没有正文"),
    ("CH-EMPTY", {}, {"chapters": {2: "乙"}}, OPEN, "缺相关的章"),
    ("CH-FIVE-ASPECTS", {}, {"chapters": {2: "乙"}}, OPEN, "缺相关的章"),
    ("CH-GOV-TRIO", {}, {"chapters": {1: "甲"}, "level": None}, OPEN, "层级"),
    ("CH5-BOTH", {}, {"chapters": {1: "甲"}}, OPEN, "缺相关的章"),
    ("V-SIGN", {f"{D}.licence.items_delta": None}, OLD, ASSUMED, None),
    ("V-SIGN", {f"{D}.licence.items_delta": "若干"}, OLD, OPEN, "不是数字"),
    ("V-ALLZERO", {}, {"fill": None}, OPEN, "没有填任何数字"),
    ("V-OUTLIER", {}, {}, OPEN, "没有 2020 年的数据"),
    ("V-OUTLIER", {f"{D}.licence.decisions": None}, {"last": {f"{D}.licence.decisions": 5000}}, OPEN, "未填"),
    ("T2A-PUBLIC-VS-MADE", {f"{D}.normative.new_made": None, f"{D}.normative.new_public": 5}, OLD, OPEN, "新制作数量” 未填"),
    ("T2A-PUBLIC-VS-MADE", {f"{D}.normative.new_made": 5, f"{D}.normative.new_public": None}, OLD, OPEN, "新公开数量” 未填"),
    (
        "T2A-DECISIONS-EQ-ITEMS",
        {f"{D}.licence.items_prev": None, f"{D}.licence.items_delta": "+75", f"{D}.licence.decisions": 75},
        OLD,
        OPEN,
        "上一年项目数量” 未填",
    ),
    (
        "T2A-DECISIONS-NOITEMS",
        {f"{D}.coercion.items_prev": None, f"{D}.coercion.items_delta": None, f"{D}.coercion.decisions": 17},
        OLD,
        OPEN,
        "上一年项目数量” 未填",
    ),
    ("T2A-DECISIONS-NOITEMS", {f"{D}.coercion.decisions": None}, OLD, ASSUMED, None),
    ("T2A-DELTA-JUMP", {f"{D}.licence.items_prev": None, f"{D}.licence.items_delta": "+75"}, OLD, OPEN, "未填"),
    ("T2A-PROC-PAIR", {f"{D}.procurement.projects": 3, f"{D}.procurement.amount_yuan": None}, OLD, OPEN, "采购总金额” 未填"),
    ("T2A-PROC-PAIR", {f"{D}.procurement.projects": 3, f"{D}.procurement.amount_yuan": "约10万元"}, OLD, OPEN, "不是数字"),
    ("T2A-PROC-UNIT", {f"{D}.procurement.amount_yuan": None}, OLD, ASSUMED, None),
    ("T2A-PROC-MEAN", {f"{D}.procurement.projects": None, f"{D}.procurement.amount_yuan": "1元"}, OLD, ASSUMED, None),
    ("T2B-FORCE-ZERO", {f"{D}.rules.issued": 4, f"{D}.rules.in_force": None}, {}, OPEN, "现行有效件数” 未填"),
    ("T2B-FORCE-ZERO", {f"{D}.rules.issued": 4, f"{D}.rules.repealed": None}, {}, OPEN, "本年废止件数” 未填"),
    ("T2-RULES-POWER", {f"{D}.rules.in_force": None}, {}, ASSUMED, None),
    ("T2-RULES-POWER", {f"{D}.rules.in_force": 2}, {"level": None}, OPEN, "层级"),
    ("T2-FEE-UNIT", {f"{D}.admin_fee.amount_wan": None}, {}, ASSUMED, None),
    ("T2-FEE-UNIT", {f"{D}.admin_fee.amount_wan": "300000"}, {"level": None}, OPEN, "层级"),
    ("T2-NOPOWER", {f"{D}.licence.decisions": None}, {}, ASSUMED, None),
    ("T2-NOPOWER", {f"{D}.licence.decisions": 500}, {"name": None}, OPEN, "机关名称"),
    ("T3-CARRY-PLAUS", {f"{A}.carried_out.total": 40, f"{A}.received.total": None}, {}, OPEN, "未填"),
    ("T3-CARRY-PLAUS", {f"{A}.carried_out.total": None}, {}, ASSUMED, None),
    ("T3-OTHER-SHARE", {f"{A}.other.misc.total": 30, f"{A}.handled_total.total": None}, {}, OPEN, "未填"),
    ("T3-SECRET", {f"{A}.denied.state_secret.total": None}, {}, ASSUMED, None),
    ("T3-SECRET", {f"{A}.denied.state_secret.total": 1}, {"level": None}, OPEN, "层级"),
    ("T3-FEE-BEFORE-2021", {f"{A}.other.fee_unpaid.total": None}, {"year": 2020}, ASSUMED, None),
    ("T3-APPLICANT-MIX", {f"{A}.received.total": 25, f"{A}.received.natural_person": None}, {}, OPEN, "未填"),
    ("T4-AFTER-NEEDS-REVIEW", {f"{R}.litigation_after_review.total": 2}, {}, OPEN, "没有 2020 年的数据"),
    ("T4-AFTER-NEEDS-REVIEW", {f"{R}.litigation_after_review.total": None}, {}, ASSUMED, None),
    ("T4-NEEDS-APPLICATIONS", {f"{R}.review.total": 1}, {}, OPEN, "没有 2020 年的数据"),
    ("T4-NEEDS-APPLICATIONS", {f"{R}.review.total": 1, f"{A}.received.total": None}, {"last": {}}, OPEN, "未填"),
    ("T4-CASES-GT-HANDLED", {f"{R}.review.total": 9}, {}, OPEN, "没有 2020 年的数据"),
    ("T4-CASES-GT-HANDLED", {f"{R}.review.total": 9, f"{A}.handled_total.total": None}, {"last": {}}, OPEN, "未填"),
    ("T4-CORRECTED-EXPLAINED", {f"{R}.review.corrected": 3}, {}, OPEN, "没有正文"),
    ("T4-CORRECTED-EXPLAINED", {f"{R}.review.corrected": None}, {"chapters": {1: "甲"}}, ASSUMED, None),
]  # fmt: skip

NO_TEXT = (
    "N-RECV N-CIN N-COUT N-HANDLED N-CATEGORY N-REVIEW N-LIT N-ZEROCLAIM N-DOCS N-OUTCOME-WORDS N-POSTED-ZERO N-UNIT"
    " N-NARR-TABLE-POWER N-PARTS N-PCT N-YOY N-POSTED-REPEAT N-ONTIME N-CONTRA-SITE N-CONTRA-GENERIC FEE-CH6 FEE-UNPAID"
    " FEE-COLLECTED FEE-STEP TPL-PLACEHOLDER TPL-YEAR TPL-AGENCY TPL-SELFNAME TPL-FILLNOTE TPL-LEADIN-DUP TPL-BROKEN-PARA"
    " TPL-TERM TPL-LAWNAME TPL-NOTICE TPL-PUNCT PRIV-PERSON META-PERIOD META-CONTACT"
)
NO_LAST_YEAR = "XY-CARRY XY-FORCE XY-PENDING XY-JUMP XY-SAME XY-GAP"
NO_LAST_TEXT = "XY-TEXT CH5-LASTYEAR"
NO_CHILDREN = "PC-COVERAGE PC-SUM-T3 PC-SUM-T4 PC-SUM-T2 PC-FLOOR PC-XY"
NO_PEERS = "XA-DUP-TEXT XA-DUP-TABLE XA-OUTLIER"
NO_LEDGER = "LEDGER-APPLICATIONS LEDGER-REMEDIES LEDGER-ORDER LEDGER-OUTSIDE LEDGER-OVERDUE"
NO_PAGE = "META-TITLE META-PUBDATE META-DEADLINE META-EARLY META-INDEXNO"
for ids, why in (
    (NO_TEXT, "没有正文"),
    (NO_LAST_YEAR, "没有 2020 年的数据"),
    (NO_LAST_TEXT, "没有 2020 年的正文"),
    (NO_CHILDREN, "不是汇总报告"),
    (NO_PEERS, "不与其他机构比较"),
    (NO_PAGE, "没有题名和发布信息"),
    (NO_LEDGER, "没有台账"),
):
    UNDECIDED += [(id, {}, {}, OPEN, why) for id in ids.split()]
UNDECIDED += [
    ("META-AGENCY", {}, {"name": None}, OPEN, "没有机关全称"),
    ("XY-DISC-TOTAL", {}, OLD, OPEN, "没有 2018 年的数据"),
    ("XY-ITEMS", {}, OLD, OPEN, "没有 2018 年的数据"),
    ("N-RECV", {}, {"fill": None, "chapters": {1: "收到政府信息公开申请3件。"}}, OPEN, "未填"),
    ("N-ZEROCLAIM", {}, {"fill": None, "chapters": {1: "未收到政府信息公开申请。"}}, ASSUMED, None),
    ("XY-CARRY", {f"{A}.carried_in.total": None}, {"last": {f"{A}.carried_out.total": 2}}, OPEN, "未填"),
]

NEVER_OPEN = {
    "LAYOUT-LABEL": "speaks of labels",
    "LAYOUT-MISSING-ROW": "speaks of labels",
    "LAYOUT-EXTRA-ROW": "speaks of labels",
    "LAYOUT-BROKEN-ROW": "speaks of labels",
    "LAYOUT-SHIFT": "is about which cells of a row are blank",
    "V-INT": "a blank is not a fraction",
    "V-NEG": "a blank is not negative",
    "V-TEXT": "a blank is not a text",
    "V-BLANK": "is about blanks",
    "V-BLANK-KEY": "is about blanks",
    "V-PLACEHOLDER": "a blank is not a placeholder",
    "V-FORMAT": "a blank is not written at all",
    "T3-TOTALONLY": "is about which cells of a row are blank",
    "T3-PARTSONLY": "is about which cells of a row are blank",
}


def of(id: str) -> list[Rule]:
    return [rule for rule in CONDITIONS if rule.id == id]


@pytest.mark.parametrize(
    ("id", "cells", "about", "outcome", "why"), UNDECIDED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_rule_that_cannot_know_says_so_and_never_fails(id, cells, about, outcome, why, report):
    context = report(cells, **about)
    seen = [held(rule, context) for rule in of(id)]
    assert [findings for _, _, findings in seen if findings] == []
    outcomes = {name for counts, _, _ in seen for name in counts}
    assert outcome in outcomes
    assert outcomes <= {outcome, "pass"} | ({ASSUMED} if len(seen) > 1 else set())
    if why is not None:
        assert any(why in (reason or "") for _, reason, _ in seen), [reason for _, reason, _ in seen]


def test_every_condition_is_shown_undecided_or_can_never_be():
    shown = {id for id, *_ in UNDECIDED}
    assert shown | set(NEVER_OPEN) == {rule.id for rule in CONDITIONS}
    assert not shown & set(NEVER_OPEN)


@pytest.mark.parametrize("id", NEVER_OPEN)
def test_a_rule_about_writing_says_nothing_open_on_a_blank_report(id, report):
    for rule in of(id):
        outcomes, _, _ = held(rule, report(fill=None))
        assert set(outcomes) <= {"pass", "fail"}


# -- what the declared examples do not show -------------------------------------------------------------------------


def rules_found(findings) -> set[str]:
    return {finding.rule for finding in findings}


def test_one_filled_cell_is_enough_to_know_that_regulations_were_claimed(checked):
    found = [f for f in checked({f"{D}.rules.in_force": 2}, fill=None) if f.rule == "T2-RULES-POWER"]
    assert [(f.cells, "现行有效件数 2" in f.message) for f in found] == [((f"{D}.rules.in_force",), True)]


def test_one_filled_cell_is_enough_to_know_that_secrecy_was_invoked(checked):
    found = [f for f in checked({f"{A}.denied.security_stability.total": 3}, fill=None) if f.rule == "T3-SECRET"]
    assert [f.cells for f in found] == [(f"{A}.denied.security_stability.total",)]
    assert found[0].message == "以“三安全一稳定”为由不予公开 3 件；请确认已经保密审查和法律审核。"


def test_one_corrected_case_is_enough_to_ask_for_an_explanation(checked):
    found = [
        f
        for f in checked(
            {f"{R}.litigation_direct.corrected": 2}, fill=None, chapters={1: "主动公开。", 5: "问题与改进。"}
        )
        if f.rule == "T4-CORRECTED-EXPLAINED"
    ]
    assert [f.cells for f in found] == [(f"{R}.litigation_direct.corrected",)]
    assert "有 2 件" in found[0].message


@pytest.mark.parametrize("level", ["county", "department", "township"])
def test_below_the_city_nobody_makes_regulations(level, checked):
    assert "T2-RULES-POWER" in rules_found(checked({f"{D}.rules.issued": 1, f"{D}.rules.in_force": 1}, level=level))


@pytest.mark.parametrize("level", ["ministry", "province", "city"])
def test_ministries_provinces_and_cities_make_regulations(level, checked):
    assert "T2-RULES-POWER" not in rules_found(checked({f"{D}.rules.issued": 1, f"{D}.rules.in_force": 1}, level=level))


def test_a_sign_is_asked_for_with_the_plain_number(checked):
    (found,) = [
        f
        for f in checked({f"{D}.licence.items_prev": 90, f"{D}.licence.items_delta": "７项"}, "2019")
        if f.rule == "V-SIGN"
    ]
    assert "增加请写 +7，减少请写 -7" in found.message


def test_a_pasted_code_is_told_apart_from_a_word(checked):
    (found,) = [f for f in checked({f"{A}.received.total": "1142011200000000000"}) if f.rule == "V-TEXT"]
    assert "位数过多" in found.message
    (found,) = [f for f in checked({f"{A}.received.total": "1.02E+05"}) if f.rule == "V-TEXT"]
    assert "科学计数法" in found.message


def test_a_number_alone_under_other_is_said_to_stand_alone(checked):
    (found,) = [f for f in checked({f"{A}.received.legal.other": 7}, fill=None) if f.rule == "LAYOUT-SHIFT"]
    assert "“其他”列的 7 是这一行唯一的数" in found.message
    assert f"{A}.received.total" in found.cells
    cells = {f"{A}.received.natural_person": 5, f"{A}.received.legal.commercial": 2, f"{A}.received.legal.other": 7}
    (found,) = [f for f in checked(cells, fill=None) if f.rule == "LAYOUT-SHIFT"]
    assert "恰是左边各列之和" in found.message


def test_a_chapter_that_nobody_wrote_is_told_apart_from_an_empty_one(report):
    from dataclasses import replace

    from ogi_report.rules import ChapterText, check

    default = ChapterText(5, "五、存在的主要问题及改进情况", "本年度没有需要说明的问题，也没有改进。", written=False)
    found = {f.rule: f.message for f in check(replace(report(), chapters=(default,)))}
    assert "没有写" in found["CH-EMPTY"]
    assert "narrative.md" in found["CH-EMPTY"]
    assert "CH5-BOTH" not in found


def test_last_years_amount_in_another_layout_is_not_compared(checked):
    last = {f"{D}.admin_fee.items_prev": 5000}
    coverage = checked({f"{D}.admin_fee.amount_wan": "5"}, last=None).coverage
    assert coverage["V-OUTLIER"].counts["n/a"] == 201  # each cell, and the comparison with peers
    figures = checked(last, "2019").context.figures
    found = checked({f"{D}.admin_fee.amount_wan": "5", f"{A}.other.misc.total": 9}, last=figures)
    assert "V-OUTLIER" not in rules_found(found)
    assert found.coverage["V-OUTLIER"].why == "上年表样没有这一格"
