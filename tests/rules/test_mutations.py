"""A sound report is sound; one figure changed in it is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

IDENTITIES = {"T3-BALANCE", "T3-HANDLED", "T3-ROWSUM", "T4-SUM"}
FLOORS = {"T2A-TOTAL-GE-NEW", "T2A-ITEMS-NONNEG", "T2B-FORCE-FLOOR", "T3-CARRYOUT-CAP", "T3-CARRYIN-STUCK"}
FORMS = ["2019", "2021"]


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_a_report_without_mistakes_breaks_no_equation(form, data, consistent, checked):
    found = checked(data.draw(consistent(form)))
    assert [finding.message for finding in found if finding.rule in IDENTITIES | FLOORS] == []


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=80)
@given(data=st.data())
def test_one_changed_figure_breaks_an_identity_that_names_it(form, data, consistent, checked):
    figures = data.draw(consistent(form))
    key = data.draw(st.sampled_from([key for key in figures if not key.startswith("disclosure.")]))
    change = data.draw(st.integers(1, 50) | st.integers(-50, -1))
    values = {other: cell.value for other, cell in figures.items()} | {key: figures.value(key) + change}
    broken = [finding for finding in checked(values, form) if finding.rule in IDENTITIES]
    assert broken
    assert all(key in finding.cells for finding in broken)
    assert all(abs(finding.difference) == abs(change) for finding in broken)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_a_changed_figure_breaks_exactly_the_identities_that_it_stands_in(form, data, consistent, checked):
    """Its column's balance or sum of outcomes, its row's sum; in table 四 its block."""
    figures = data.draw(consistent(form))
    row, column = data.draw(st.sampled_from(["received", "carried_in", "handled_total", "granted"])), "natural_person"
    key = f"applications.{row}.{column}"
    values = {other: cell.value for other, cell in figures.items()} | {key: figures.value(key) + 100}
    broken = [finding.rule for finding in checked(values, form) if finding.rule in IDENTITIES]
    expected = {
        "received": ["T3-BALANCE", "T3-ROWSUM"],
        "carried_in": ["T3-BALANCE", "T3-ROWSUM"],
        "handled_total": ["T3-BALANCE", "T3-HANDLED", "T3-ROWSUM"],
        "granted": ["T3-HANDLED", "T3-ROWSUM"],
    }
    assert sorted(broken) == expected[row]


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_taking_one_figure_away_breaks_nothing(form, data, consistent, checked):
    figures = data.draw(consistent(form))
    key = data.draw(st.sampled_from(list(figures)))
    values = {other: cell.value for other, cell in figures.items()} | {key: None}
    assert [f.rule for f in checked(values, form) if f.rule in IDENTITIES | FLOORS] == []


@given(data=st.data())
def test_two_figures_swapped_between_columns_are_noticed(data, consistent, checked):
    figures = data.draw(consistent("2021"))
    row = data.draw(st.sampled_from(["granted", "denied.third_party", "other.misc"]))
    one, other = f"applications.{row}.natural_person", f"applications.{row}.legal.commercial"
    values = {key: cell.value for key, cell in figures.items()}
    values[one], values[other] = values[other], values[one]
    broken = {finding.rule for finding in checked(values) if finding.rule in IDENTITIES}
    assert broken == ({"T3-HANDLED"} if values[one] != values[other] else set())
