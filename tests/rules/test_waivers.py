"""A finding may be let pass, with a reason, for as long as the values stay what they were."""

from __future__ import annotations

import pytest

from ogi_report.errors import UnresolvedErrors
from ogi_report.report.params import Waiver
from ogi_report.rules import WaiverState

REVIEW, UPHELD = "remedies.review.total", "remedies.review.upheld"
BROKEN = {REVIEW: 5, UPHELD: 3}


def waiver(rule: str = "T4-SUM", cells: dict | None = None, **said: str) -> Waiver:
    about = {"reason": "两件合并审理，经司法局核实", "by": "王某", "on": "2022-01-20"} | said
    return Waiver(rule=rule, cells={REVIEW: 5, UPHELD: 3} if cells is None else cells, **about)


def sums(findings) -> list:
    return [finding for finding in findings if finding.rule == "T4-SUM"]


def states(findings) -> list[tuple[str, str]]:
    return [(str(use.state), use.why) for use in findings.waivers]


def test_a_waived_error_stays_visible_and_no_longer_blocks_publication(checked):
    found = checked(BROKEN, waivers=[waiver()])
    (finding,) = sums(found)
    assert finding.waived == {
        "reason": "两件合并审理，经司法局核实",
        "by": "王某",
        "on": "2022-01-20",
        "cells": {REVIEW: "5", UPHELD: "3"},
    }
    assert finding.as_json()["waived"] == finding.waived
    assert states(found) == [("in_force", "")]
    assert found.unresolved == ()
    found.raise_on_errors()


def test_a_waived_finding_is_counted_under_waived_only(checked):
    before, after = checked(BROKEN).counts, checked(BROKEN, waivers=[waiver()]).counts
    assert after == before | {"error": before["error"] - 1, "waived": 1}


def test_a_waived_finding_comes_last(checked):
    found = checked(BROKEN | {"applications.received.legal.other": "-"}, waivers=[waiver()])
    assert len(found) > 1
    assert [finding.waived is not None for finding in found] == [False] * (len(found) - 1) + [True]


def test_a_waiver_lapses_when_its_value_changes_and_the_finding_says_so(checked):
    found = checked(BROKEN | {UPHELD: 4}, waivers=[waiver()])
    (finding,) = sums(found)
    assert finding.waived is None
    assert finding.message.endswith(
        "（2022-01-20 曾因“两件合并审理，经司法局核实”豁免，现已失效：“行政复议 · 结果维持”由“3”改为“4”）"
    )
    assert states(found) == [("lapsed", "“行政复议 · 结果维持”由“3”改为“4”")]
    with pytest.raises(UnresolvedErrors):
        found.raise_on_errors()


def test_a_waiver_lapses_when_a_value_is_taken_away_or_put_in(checked):
    cells = {f"{REVIEW}": "5", UPHELD: None}
    assert states(checked({REVIEW: 5, UPHELD: 3}, waivers=[waiver(cells=cells)])) == [
        ("lapsed", "“行政复议 · 结果维持”由“空白”改为“3”")
    ]
    key = "applications.received.total"
    given = waiver("T3-PARTSONLY", {key: "5"})
    found = checked({"applications.received.natural_person": 5, key: None}, waivers=[given])
    assert states(found) == [("lapsed", "“一、本年新收政府信息公开申请数量 · 总计”由“5”改为“空白”")]


def test_a_waiver_is_given_for_a_value_and_not_for_its_spelling(checked):
    assert states(checked({REVIEW: "５", UPHELD: "3件"}, waivers=[waiver()])) == [("in_force", "")]
    text = waiver("V-TEXT", {REVIEW: "见附件"})
    assert states(checked({REVIEW: "见附件"}, waivers=[text])) == [("in_force", "")]
    assert states(checked({REVIEW: "见附页"}, waivers=[text]))[0][0] == "lapsed"


def test_a_waiver_for_a_blank_holds_while_it_is_blank(checked):
    given = waiver("V-BLANK-KEY", {REVIEW: None})
    assert states(checked({REVIEW: None}, waivers=[given])) == [("in_force", "")]
    assert states(checked({REVIEW: None}, waivers=[waiver("V-BLANK-KEY", {REVIEW: ""})])) == [("in_force", "")]


def test_a_waiver_for_a_mistake_that_is_gone_is_unused(checked):
    found = checked({REVIEW: 5, UPHELD: 5}, waivers=[waiver()])
    assert states(found) == [("unused", "没有这样的问题")]
    assert found.counts["waived"] == 0


def test_a_waiver_is_for_its_rule_and_its_cells_only(checked):
    direct = {"remedies.litigation_direct.total": 2}
    found = checked(BROKEN | direct, waivers=[waiver()])
    assert [(f.cells[0], f.waived is not None) for f in sums(found)] == [
        ("remedies.litigation_direct.total", False),
        (REVIEW, True),
    ]
    assert states(checked(BROKEN, waivers=[waiver("T3-BALANCE")])) == [("unused", "没有这样的问题")]
    assert states(checked(BROKEN, waivers=[waiver(cells={"applications.received.total": 0})]))[0][0] == "unused"


def test_a_waiver_that_names_no_cell_is_for_findings_that_name_none(checked):
    layout = waiver("LAYOUT-YEAR", {})
    found = checked({REVIEW: 1, UPHELD: 1}, year=2020, prescribed_layout="2019", waivers=[layout])
    assert [(f.rule, f.waived is not None) for f in found if f.rule == "LAYOUT-YEAR"] == [("LAYOUT-YEAR", True)]
    found = checked(BROKEN, waivers=[waiver(cells={})])
    assert states(found) == [("unused", "没有写明单元格和当时的值（cells），不能用于有单元格的问题")]
    assert sums(found)[0].waived is None


def test_a_waiver_for_a_cell_that_the_layout_does_not_have_is_unused(checked):
    assert states(checked(BROKEN, waivers=[waiver(cells={"applications.other.total": 1})]))[0][0] == "unused"


def test_each_waiver_has_a_state_of_its_own(checked):
    given = [waiver(), waiver("V-TEXT"), waiver("T4-SUM", {REVIEW: 9})]
    found = checked(BROKEN | {"remedies.litigation_direct.total": 2}, waivers=given)
    assert [use.state for use in found.waivers] == [WaiverState.IN_FORCE, WaiverState.UNUSED, WaiverState.UNUSED]
    assert [use.waiver for use in found.waivers] == given


def test_waivers_change_no_figure_and_no_coverage(checked):
    before, after = checked(BROKEN), checked(BROKEN, waivers=[waiver()])
    assert dict(before.context.figures) == dict(after.context.figures)
    assert before.as_json()["coverage"] == after.as_json()["coverage"]


# -- what it is bound to ------------------------------------------------------------------------------------------------

TWO_BLANKS = {"applications.received.total": None, "applications.carried_in.total": None}


def test_a_waiver_for_blanks_lapses_when_another_cell_is_left_blank(checked):
    given = waiver("V-BLANK", TWO_BLANKS)
    assert states(checked(TWO_BLANKS, waivers=[given])) == [("in_force", "")]
    found = checked(TWO_BLANKS | {"applications.carried_out.total": None}, waivers=[given])
    assert states(found) == [("lapsed", "又有“四、结转下年度继续办理 · 总计”")]
    assert [f.waived for f in found if f.rule == "V-BLANK"] == [None]


def test_a_waiver_for_blanks_lapses_when_one_is_filled_in(checked):
    given = waiver("V-BLANK", TWO_BLANKS)
    found = checked(TWO_BLANKS | {"applications.received.total": 0}, waivers=[given])
    assert states(found) == [("lapsed", "“一、本年新收政府信息公开申请数量 · 总计”由“空白”改为“0”")]


CONTRADICTION = "本年度新收政府信息公开申请{}件。"


def of_sentence(count: int, checked, *given):
    return checked(chapters={3: CONTRADICTION.format(count)}, waivers=list(given))


def test_a_waiver_for_a_sentence_holds_for_this_sentence_only(checked):
    from ogi_report.rules.waivers import binding

    before = of_sentence(7, checked)
    (wrong,) = [f for f in before if f.quote and "7件" in f.quote.replace("【", "").replace("】", "")]
    bound = binding(wrong, before.context.figures)
    given = Waiver(**vars(bound), reason="含镇街的数，另有说明", by="王某", on="2025-01-20")
    assert states(of_sentence(7, checked, given)) == [("in_force", "")]
    assert states(of_sentence(9, checked, given)) == [("lapsed", "原来引用的句子改了")]


def test_a_waiver_for_words_alone_holds_while_the_finding_says_the_same(checked):
    from ogi_report.rules.waivers import binding

    before = checked(chapters={1: "工作正常开展。"})
    missing = [f for f in before if not f.cells and not f.quote]
    assert len(missing) > 1
    bound = binding(missing[0], before.context.figures)
    assert bound.message == missing[0].message
    given = Waiver(**vars(bound), reason="本年机构合并，见上级文件", by="王某", on="2025-01-20")
    after = checked(chapters={1: "工作正常开展。"}, waivers=[given])
    assert [f.message for f in after if f.waived is not None] == [missing[0].message]


def test_a_new_waiver_takes_the_place_of_one_that_has_lapsed(checked):
    found = checked(BROKEN | {UPHELD: 4}, waivers=[waiver(), waiver(cells={REVIEW: 5, UPHELD: 4})])
    assert [state for state, _ in states(found)] == ["unused", "in_force"]
    (finding,) = sums(found)
    assert "失效" not in finding.message


def test_the_mark_of_a_finding_changes_with_what_it_is_bound_to(checked):
    from ogi_report.rules.waivers import binding

    def mark(cells):
        found = checked(cells)
        return binding(sums(found)[0], found.context.figures).mark

    assert mark(BROKEN) == mark(dict(BROKEN)) != mark(BROKEN | {UPHELD: 4})
