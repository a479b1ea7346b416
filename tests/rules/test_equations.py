"""Each equation of the official forms: one report where it holds, one where it is broken, one that leaves it open.

Cells not named are blank, so that a case shows exactly the numbers that decide it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from ogi_report.forms import official_forms

PARTS = ("natural_person", "legal.commercial", "legal.research", "legal.social", "legal.legal_service", "legal.other")


class Case(NamedTuple):
    rule: str
    form: str
    scope: str
    holds: dict[str, Any]
    broken: dict[str, Any]
    undecided: dict[str, Any]


def column(name: str = "total", **rows: Any) -> dict[str, Any]:
    return {f"applications.{row.replace('__', '.')}.{name}": value for row, value in rows.items()}


def row(table: str, key: str, **columns: Any) -> dict[str, Any]:
    return {f"{table}.{key}.{name.replace('__', '.')}": value for name, value in columns.items()}


OUTCOMES_2021 = {
    "granted": 1, "partially_granted": 2,
    "denied__state_secret": 3, "denied__other_law": 4, "denied__security_stability": 5, "denied__third_party": 6,
    "denied__internal_affairs": 7, "denied__process_info": 8, "denied__enforcement_file": 9, "denied__admin_query": 10,
    "unavailable__not_held": 11, "unavailable__must_create": 12, "unavailable__still_unclear": 13,
    "not_processed__petition": 14, "not_processed__repeat": 15, "not_processed__publication": 16,
    "not_processed__excessive": 17, "not_processed__reconfirm": 18,
    "other__no_correction": 19, "other__fee_unpaid": 20, "other__misc": 21,
}  # fmt: skip
OUTCOMES_2019 = {name: value for name, value in OUTCOMES_2021.items() if not name.startswith("other")} | {"other": 60}
SUBTOTAL = {"applications": [("denied.sum", "不予公开小计", "denied.admin_query")]}
DENIED = {name: value for name, value in OUTCOMES_2021.items() if name.startswith("denied")}

CASES = [
    Case(
        "T2A-TOTAL-GE-NEW", "2019", "规范性文件",
        row("disclosure", "normative", new_public=5, public_total=5),
        row("disclosure", "normative", new_public=5, public_total=3),
        row("disclosure", "normative", new_public=5),
    ),
    Case(
        "T2A-ITEMS-NONNEG", "2019", "行政许可",
        row("disclosure", "licence", items_prev=3, items_delta="-3"),
        row("disclosure", "licence", items_prev=3, items_delta="-5"),
        row("disclosure", "licence", items_delta="-5"),
    ),
    Case(
        "T2B-FORCE-FLOOR", "2021", "行政规范性文件",
        row("disclosure", "normative", issued=8, repealed=26, in_force=66),
        row("disclosure", "normative", issued=5, repealed=0, in_force=3),
        row("disclosure", "normative", issued=5, in_force=3),
    ),
    Case(
        "T3-BALANCE", "2021", "总计",
        column(received=839, carried_in=0, handled_total=838, carried_out=1),
        column(received=839, carried_in=0, handled_total=838, carried_out=0),
        column(received=839, carried_in=0),
    ),
    Case(
        "T3-BALANCE", "2019", "自然人",
        column("natural_person", received=18, carried_in=2, handled_total=18, carried_out=2),
        column("natural_person", received=18, carried_in=2, handled_total=18, carried_out=1),
        column("natural_person", received=18, carried_in=2, handled_total=18),
    ),
    Case(
        "T3-HANDLED", "2021", "总计",
        column(**OUTCOMES_2021, handled_total=231),
        column(**OUTCOMES_2021 | {"denied__third_party": 0}, handled_total=231),
        column(handled_total=805),
    ),
    Case(
        "T3-HANDLED", "2019", "总计",
        column(**OUTCOMES_2019, handled_total=231),
        column(**OUTCOMES_2019 | {"other": 0}, handled_total=231),
        column(granted=800, handled_total=805),
    ),
    Case(
        "T3-ROWSUM", "2021", "一、本年新收政府信息公开申请数量",
        row("applications", "received", natural_person=821, legal__commercial=35, legal__research=0, legal__social=2,
            legal__legal_service=1, legal__other=0, total=859),
        row("applications", "received", natural_person=821, legal__commercial=35, legal__research=0, legal__social=2,
            legal__legal_service=1, legal__other=0, total=858),
        row("applications", "received", natural_person=821, legal__commercial=35, total=859),
    ),
    Case(
        "T3-SUBTOTAL", "2021", "总计",
        column(**DENIED, denied__sum=52),
        column(**DENIED, denied__sum=51),
        column(denied__state_secret=3, denied__sum=52),
    ),
    Case(
        "T3-CARRYOUT-CAP", "2021", "总计",
        column(received=5, carried_in=1, carried_out=6),
        column(received=5, carried_in=1, carried_out=7),
        column(received=5, carried_out=7),
    ),
    Case(
        "T3-CARRYIN-STUCK", "2021", "总计",
        column(carried_in=4, handled_total=4),
        column(carried_in=4, handled_total=3),
        column(carried_in=4),
    ),
    Case(
        "T4-SUM", "2021", "行政复议",
        row("remedies", "review", upheld=5, corrected=0, other=2, pending=0, total=7),
        row("remedies", "review", upheld=5, corrected=0, other=2, pending=1, total=7),
        row("remedies", "review", upheld=5, other=2, total=8),
    ),
    Case(
        "T4-SUM", "2019", "复议后起诉",
        row("remedies", "litigation_after_review", upheld=1, corrected=1, other=1, pending=1, total=4),
        row("remedies", "litigation_after_review", upheld=1, corrected=1, other=1, pending=1, total=5),
        row("remedies", "litigation_after_review", upheld=1, corrected=1, other=1, total=4),
    ),
]  # fmt: skip

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.form}-{case.scope[:6]}")


def test_every_equation_of_the_official_forms_has_its_three_cases():
    declared = {(spec.id) for form in official_forms().values() for spec in form.equations}
    assert {case.rule for case in CASES} == declared


def counts(findings, rule: str) -> dict[str, int]:
    return {str(outcome): n for outcome, n in findings.coverage[rule].counts.items() if n}


def local_of(case: Case) -> dict[str, Any] | None:
    return SUBTOTAL if case.rule == "T3-SUBTOTAL" else None


@every_case
def test_an_equation_that_holds_is_passed_over(case, checked):
    found = checked(case.holds, case.form, None, local=local_of(case))
    assert [finding for finding in found if finding.rule == case.rule] == []
    assert counts(found, case.rule)["pass"] == 1


@every_case
def test_an_equation_that_is_broken_is_found_once_in_its_place(case, checked):
    found = checked(case.broken, case.form, None, local=local_of(case))
    (finding,) = [finding for finding in found if finding.rule == case.rule]
    assert finding.message.startswith(f"“{case.scope}”")
    assert set(finding.cells) == set(case.broken)
    assert finding.found - finding.expected == finding.difference != 0
    assert counts(found, case.rule)["fail"] == 1


@every_case
def test_an_equation_that_blanks_leave_open_is_not_applicable_and_says_which(case, checked):
    found = checked(case.undecided, case.form, None, local=local_of(case))
    assert [finding for finding in found if finding.rule == case.rule] == []
    assert counts(found, case.rule)["n/a"] == 1
    assert "未填" in found.coverage[case.rule].why


# -- the blank policy, in the sentences of the catalogue ---------------------------------------------------------------


def balance(checked, **rows: Any) -> dict[str, int]:
    return counts(checked(column(**rows), fill=None), "T3-BALANCE")


def test_zero_and_zero_against_two_blanks_holds_if_blanks_are_zero(checked):
    assert balance(checked, received=0, carried_in=0) == {"pass_assumed": 7}


def test_no_filling_of_a_blank_can_save_five_against_seven_and_a_blank(checked):
    assert balance(checked, received=5, carried_in=0, handled_total=7) == {"pass_assumed": 6, "fail": 1}


def test_five_against_two_blanks_is_open(checked):
    assert balance(checked, received=5, carried_in=0) == {"pass_assumed": 6, "n/a": 1}


def test_a_blank_total_never_breaks_the_balance(checked):
    for known in ({"received": 5}, {"handled_total": 5}, {"received": 5, "handled_total": 5}, {"carried_out": 3}):
        assert "fail" not in balance(checked, **known)


@pytest.mark.parametrize(("granted", "outcome"), [(None, "n/a"), (805, "pass_assumed"), (800, "n/a"), (810, "fail")])
def test_outcomes_left_blank_leave_805_handled_open_until_they_exceed_it(granted, outcome, checked):
    found = checked(column(handled_total=805, granted=granted), fill=None)
    assert counts(found, "T3-HANDLED").get(outcome, 0) == (7 if outcome == "pass_assumed" else 1)


def test_a_placeholder_counts_as_a_blank(checked):
    assert balance(checked, received=5, carried_in="-", handled_total=5, carried_out="/") == {"pass_assumed": 7}


def test_a_text_is_neither_zero_nor_any_number(checked):
    assert balance(checked, received="若干", carried_in=0, handled_total=0, carried_out=0) == {
        "pass_assumed": 6,
        "n/a": 1,
    }
    assert balance(checked, received="若干", carried_in=0, handled_total=5, carried_out=0) == {
        "pass_assumed": 6,
        "n/a": 1,
    }
    assert balance(checked, received="若干", carried_in=9, handled_total=5, carried_out=0) == {
        "pass_assumed": 6,
        "fail": 1,
    }


def test_a_fraction_of_a_case_is_no_number_of_cases(checked):
    found = checked(column(received="12.5", carried_in=0, handled_total=12, carried_out=0), fill=None)
    assert counts(found, "T3-BALANCE") == {"pass_assumed": 6, "n/a": 1}
    assert "一、本年新收政府信息公开申请数量 · 总计”不是整数" in found.coverage["T3-BALANCE"].why
    assert "V-INT" in {finding.rule for finding in found}


def test_a_change_may_be_negative_and_so_may_a_blank_one(checked):
    prev = {"disclosure.licence.items_prev": -3}
    assert counts(checked(prev, "2019", None), "T2A-ITEMS-NONNEG") == {"pass_assumed": 4, "n/a": 1}


def test_only_the_first_three_blanks_are_named_and_the_others_counted(checked):
    why = checked(column(handled_total=805), fill=None).coverage["T3-HANDLED"].why
    assert why.startswith("“（一）予以公开 · 总计”、“（二）部分公开")
    assert why.endswith("等 21 格未填")


# -- messages ----------------------------------------------------------------------------------------------------------


def message(checked, rule: str, cells: dict[str, Any], form: str = "2021", **about: Any) -> str:
    (finding,) = [finding for finding in checked(cells, form, None, **about) if finding.rule == rule]
    return finding.message


def test_a_balance_that_fails_is_told_with_both_sums(checked):
    cells = column("natural_person", received=18, carried_in=2, handled_total=18, carried_out=1)
    assert message(checked, "T3-BALANCE", cells) == (
        "“自然人”列：本年新收 18 ＋ 上年结转 2 ＝ 20；办理结果总计 18 ＋ 结转下年度 1 ＝ 19；两边应当相等，相差 1。"
    )


def test_addends_of_zero_are_left_out_of_a_long_sum(checked):
    cells = column(**dict.fromkeys(OUTCOMES_2021, 0) | {"granted": 3, "other__misc": 2}, handled_total=6)
    assert message(checked, "T3-HANDLED", cells) == (
        "“总计”列：办理结果总计 6；予以公开 3 ＋ 其他处理的其他情形 2 ＝ 5；两边应当相等，相差 1。"
    )


def test_a_row_is_named_with_its_group_and_its_columns_by_name(checked):
    cells = row("applications", "other.misc", natural_person=2, legal__other=1, total=2)
    cells |= row(
        "applications", "other.misc", legal__commercial=0, legal__research=0, legal__social=0, legal__legal_service=0
    )
    assert message(checked, "T3-ROWSUM", cells) == (
        "“（六）其他处理 3.其他”行：总计 2；自然人 2 ＋ 其他组织 1 ＝ 3；两边应当相等，相差 1。"
    )


def test_a_side_of_zeros_still_shows_its_first_cell(checked):
    cells = row("remedies", "litigation_direct", upheld=0, corrected=0, other=0, pending=0, total=4)
    assert message(checked, "T4-SUM", cells) == "“未经复议直接起诉”栏：总计 4；结果维持 0；两边应当相等，相差 4。"


def test_a_floor_says_which_side_is_to_be_the_larger(checked):
    cells = row("disclosure", "normative", issued=5, repealed=1, in_force=3)
    assert message(checked, "T2B-FORCE-FLOOR", cells) == (
        "“行政规范性文件”行：现行有效件数 3；制发件数 5 － 废止件数 1 ＝ 4；前者不应小于后者，相差 1。"
    )
    cells = column(received=5, carried_in=1, carried_out=7)
    assert message(checked, "T3-CARRYOUT-CAP", cells) == (
        "“总计”列：结转下年度 7；本年新收 5 ＋ 上年结转 1 ＝ 6；前者不应大于后者，相差 1。"
    )


def test_a_negative_change_is_told_as_it_is(checked):
    cells = row("disclosure", "licence", items_prev=3, items_delta="-5")
    assert message(checked, "T2A-ITEMS-NONNEG", cells, "2019") == (
        "“行政许可”行：上一年项目数量 3 ＋ 项目增减 -5 ＝ -2；0；前者不应小于后者，相差 2。"
    )


def test_the_blank_cells_of_a_broken_equation_are_not_blamed(checked):
    cells = column(received=5, carried_in=0, handled_total=7)
    (finding,) = [finding for finding in checked(cells, fill=None) if finding.rule == "T3-BALANCE"]
    assert "applications.carried_out.total" not in finding.cells
    assert finding.cells == (
        "applications.received.total",
        "applications.carried_in.total",
        "applications.handled_total.total",
    )
    assert (finding.found, finding.expected, finding.difference) == (5, 7, -2)


def test_a_finding_points_at_the_place_in_the_file(figures_of, read_back, checked):
    figures = read_back(figures_of({"remedies.review.total": 4}))
    (finding,) = [finding for finding in checked(figures) if finding.rule == "T4-SUM"]
    assert finding.place == "data/2021/kejing/remedies.csv 第 2 行“行政复议”的“总计”列"


def test_sums_of_large_numbers_are_exact(checked):
    large = 999_999_999_999_999
    cells = row(
        "remedies", "review", upheld=large, corrected=large, other=large, pending=large, total=4 * large % 10**15
    )
    (finding,) = [finding for finding in checked(cells, fill=None) if finding.rule == "T4-SUM"]
    assert finding.difference == 999_999_999_999_996 - 4 * large
