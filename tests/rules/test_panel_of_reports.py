"""Many reports at once: the same verdicts as one at a time."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogi_report.errors import DataError
from ogi_report.figures import panel
from ogi_report.rules import Context, Outcome, check, check_panel
from ogi_report.rules.equations import system

MONEY = "disclosure.admin_fee.amount_wan"


def told(findings):
    return [(f.agency, f.year, f.rule, f.cells, f.message) for f in findings]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_panel_breaks_the_equations_that_its_reports_break_one_by_one(data, any_figures, forms):
    """Random figures of both layouts, blanks and nonsense included (nonsense is a blank to a panel)."""
    reports = [
        (f"a{n}", {"2019": 2020, "2021": 2022}[form], data.draw(any_figures(form)))
        for n, form in enumerate(data.draw(st.lists(st.sampled_from(["2019", "2021"]), min_size=1, max_size=4)))
    ]
    found = check_panel(panel(reports), conditions=False)
    expected = []
    for agency, year, figures in reports:
        cleared = type(figures).of(
            forms[figures.form.id],
            {k: figures[k].value if figures[k].is_number else None for k in forms[figures.form.id].cells},
        )
        one = check(Context(cleared, agency, year))
        ids = {equation.rule for equation in system(cleared.form).equations}
        expected += [f for f in one if f.rule in ids]
    key = lambda row: (row[0], row[2], row[3])  # noqa: E731
    whole = list(told(expected))
    assert sorted(told(found.items), key=key) == sorted(whole, key=key)


def test_a_panel_knows_the_year_before_of_the_same_agency(figures_of):
    before = figures_of({"applications.carried_out.total": 3, "applications.carried_out.natural_person": 3}, fill=0)
    now = figures_of({"applications.carried_in.total": 5, "applications.carried_in.natural_person": 5}, fill=0)
    found = check_panel(panel([("a", 2022, before), ("a", 2023, now), ("b", 2023, now)]))
    carried = [f for f in found.items if f.rule == "XY-CARRY"]
    assert {(f.agency, f.year) for f in carried} == {("a", 2023)}


def test_the_outcomes_of_all_reports_are_counted(figures_of):
    good, blank = figures_of({}, fill=0), figures_of({}, fill=None)
    found = check_panel(panel([("a", 2023, good), ("b", 2023, blank)]), conditions=False)
    assert found.items == ()
    assert {str(o): n for o, n in found.coverage["T3-BALANCE"].counts.items()} == {
        "pass": 7,
        "pass_assumed": 7,
        "fail": 0,
        "n/a": 0,
    }
    assert found.outcomes().loc["T4-SUM"].to_dict() == {"pass": 3, "pass_assumed": 3, "fail": 0, "n/a": 0}


def test_a_layout_column_says_which_form_a_report_was_made_in(figures_of):
    old = figures_of({"applications.other.total": 4}, "2019", 0)
    frame = panel([("seed", 2021, old)])
    frame["layout"] = "2019"
    rules = {f.rule for f in check_panel(frame).items}
    assert {"LAYOUT-YEAR", "T3-ROWSUM", "T3-HANDLED"} <= rules


def test_money_is_exact_in_a_panel(figures_of):
    frame = panel([("a", 2023, figures_of({MONEY: Decimal("0.1")}, fill=0))])
    assert check_panel(frame, conditions=False).coverage["T3-BALANCE"].counts[Outcome.PASS] == 7
    with pytest.raises(DataError, match="二进制小数"):
        check_panel(frame.astype({"applications.received.total": "float64"}), conditions=False)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda frame: frame.reset_index(), "索引应当是"),
        (lambda frame: pd.concat([frame, frame]), "出现了两次"),
        (lambda frame: frame.assign(height=1), "没有的列：height"),
        (lambda frame: frame.assign(layout="2031"), "layout 列写的是 2031；只能是 2019、2021"),
    ],
)
def test_a_frame_that_is_no_panel_is_refused_with_the_reason(spoil, message, figures_of):
    with pytest.raises(DataError, match=message):
        check_panel(spoil(panel([("a", 2023, figures_of({}, fill=0))])))
