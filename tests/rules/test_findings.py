"""What a check hands back: findings in order, coverage, counts, and the gate before publication."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogi_report.errors import OgiError, UnresolvedErrors

SOUND = {"remedies.review.total": 1, "remedies.review.upheld": 1, "applications.received.total": 1,
         "applications.received.natural_person": 1, "applications.carried_out.total": 1,
         "applications.carried_out.natural_person": 1}  # fmt: skip
THREE = {
    "remedies.review.total": 9,  # T4-SUM
    "applications.granted.total": 4,  # T3-HANDLED, T3-ROWSUM
    "applications.carried_in.legal.other": "-2",  # V-NEG and more
    "disclosure.normative.issued": 4,  # T2B-FORCE-FLOOR, T2B-FORCE-ZERO
    "applications.received.natural_person": "-",  # V-PLACEHOLDER
}


def test_a_sound_report_has_no_findings_and_may_be_published(checked):
    found = checked(SOUND)
    assert list(found) == []
    assert found.counts == {"error": 0, "warning": 0, "note": 0, "waived": 0}
    found.raise_on_errors()


def test_findings_come_most_severe_first_and_then_in_the_order_of_the_catalogue(checked):
    found = checked(THREE)
    severities = [str(finding.severity) for finding in found]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert set(severities) == {"error", "warning", "note"}
    order = list(found.coverage)
    for severity in ("error", "warning", "note"):
        ranks = [order.index(finding.rule) for finding in found if finding.severity == severity]
        assert ranks == sorted(ranks)


def test_findings_of_one_rule_come_in_the_order_of_print(checked):
    cells = {f"applications.{row}.total": "-1" for row in ("carried_out", "received", "granted")}
    found = [finding.cells[0] for finding in checked(cells) if finding.rule == "V-NEG"]
    assert found == ["applications.received.total", "applications.granted.total", "applications.carried_out.total"]


def test_the_gate_says_how_many_errors_there_are_and_the_first_three(checked):
    found = checked(THREE)
    with pytest.raises(UnresolvedErrors) as error:
        found.raise_on_errors()
    errors = [finding for finding in found if finding.severity == "error"]
    assert len(errors) > 3
    messages = error.value.messages
    assert messages[0] == f"有 {len(errors)} 项必须改正的问题，改正或写明豁免理由后才能发布："
    assert list(messages[1:4]) == [f"{finding.rule}：{finding.message}" for finding in errors[:3]]
    assert messages[4] == f"……其余 {len(errors) - 3} 项见上面的一致性检查。"
    assert isinstance(error.value, OgiError)


def test_the_gate_does_not_speak_of_more_where_there_are_no_more(checked):
    found = checked({"remedies.review.total": 9, "applications.received.total": 9})
    with pytest.raises(UnresolvedErrors) as error:
        found.raise_on_errors()
    assert len(error.value.messages) == 1 + len(found.unresolved) <= 4


def test_warnings_and_notes_do_not_stop_publication(checked):
    found = checked(SOUND | {"disclosure.licence.decisions": "1,024"})
    assert [str(finding.severity) for finding in found] == ["note"]
    found.raise_on_errors()


def test_an_error_shows_itself_in_a_notebook_without_traceback(checked):
    with pytest.raises(UnresolvedErrors) as error:
        checked(THREE).raise_on_errors()
    shown = error.value._render_traceback_()
    assert shown[0] == "UnresolvedErrors："
    assert shown[1:] == list(error.value.messages)


def test_a_finding_holds_what_the_contract_promises(checked):
    (finding,) = [f for f in checked({"remedies.review.total": 9}, fill=0) if f.rule == "T4-SUM"]
    assert finding.as_json() == {
        "rule": "T4-SUM",
        "severity": "error",
        "outcome": "fail",
        "agency": "example",
        "year": 2021,
        "cells": [f"remedies.review.{field}" for field in ("total", "upheld", "corrected", "other", "pending")],
        "message": "“行政复议”栏：总计 9；结果维持 0；两边应当相等，相差 9。",
        "expected": 0,
        "found": 9,
        "difference": 9,
        "quote": None,
        "suggestion": [],
        "waived": None,
    }


def test_amounts_in_findings_stay_exact(checked, third_form):
    cells = {"disclosure.procurement.projects": 1, "disclosure.procurement.amount_yuan": "0.1"}
    found = checked(cells, "2019")
    assert [f.rule for f in found if "0.10 元" in f.message] == ["T2A-PROC-MEAN"]
    assert not [value for f in found for value in f.as_json().values() if isinstance(value, float)]


def test_coverage_counts_every_rule_of_the_catalogue_with_reasons(checked):
    from ogi_report.rules import catalogue

    for form in ("2019", "2021"):
        found = checked({}, form)
        assert list(found.coverage) == list(dict.fromkeys(rule.id for rule in catalogue((found.context.figures.form,))))
        for rule, tally in found.coverage.items():
            said = tally.as_json()
            assert list(said) == ["pass", "pass_assumed", "fail", "n/a", "why"]
            assert sum(said[outcome] for outcome in ("pass", "pass_assumed", "fail", "n/a")) > 0, rule
            assert bool(said["why"]) == bool(said["n/a"]), rule


def test_the_object_of_a_check_can_be_written_as_json(checked):
    said = checked(THREE).as_json()
    assert set(said) == {"findings", "coverage", "counts"}
    json.dumps(said, default=lambda value: str(value) if isinstance(value, Decimal) else 1 / 0)


def test_findings_are_a_sequence(checked):
    found = checked(THREE)
    assert found[0] is next(iter(found))
    assert len(found[:2]) == 2
    assert found[-1].severity == "note"


@settings(max_examples=60)
@given(data=st.data())
def test_checking_changes_no_figure_and_twice_gives_the_same(data, any_figures, checked):
    figures = data.draw(any_figures("2021"))
    before = dict(figures.items())
    first, second = checked(figures), checked(figures)
    assert dict(figures.items()) == before
    assert first.items == second.items
    assert first.as_json() == second.as_json()
