"""Tables 三 and 四 as a ledger's lines make them, and the way back from each cell to its lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.errors import FormError
from ogi_report.forms import Form, equations
from ogi_report.ledger import Application, Ledger, Remedy, roles, with_ledger

FORMS = ["2019", "2021", "2031"]
IDENTITIES = {"T3-BALANCE", "T3-HANDLED", "T3-ROWSUM", "T4-SUM"}
YEARS = range(2020, 2027)


# -- what counts where -------------------------------------------------------------------------------------------------


def filled(ledger: Ledger, year: int = 2024, table: str = "applications") -> dict[str, int]:
    """The figures of natural persons in table 三 (or a block of table 四) that are not 0."""
    values = ledger.tables(year).values
    return {
        key.removeprefix(f"{table}."): n
        for key, n in values.items()
        if n and key.startswith(table) and (table == "remedies" or key.endswith(".natural_person"))
    }


@pytest.mark.parametrize(
    ("received", "closed", "expected"),
    [
        ("2024-03-05", "2024-03-20", ["received", "granted", "handled_total"]),
        ("2024-01-01", "2024-12-31", ["received", "granted", "handled_total"]),
        ("2023-12-31", "2024-01-01", ["carried_in", "granted", "handled_total"]),
        ("2024-12-20", "2025-01-15", ["received", "carried_out"]),
        ("2024-12-31", None, ["received", "carried_out"]),
        ("2023-11-02", None, ["carried_in", "carried_out"]),
        ("2023-11-02", "2025-01-01", ["carried_in", "carried_out"]),
        ("2023-11-02", "2023-12-31", []),
        ("2025-01-01", None, []),
        ("2025-01-01", "2025-02-01", []),
    ],
)
def test_an_application_counts_by_the_day_it_came_and_the_day_it_was_closed(received, closed, expected, ledger_of, ask):
    found = filled(ledger_of(ask(received, "granted" if closed else None, closed)))
    assert found == {f"{row}.natural_person": 1 for row in expected}


@pytest.mark.parametrize(
    ("remedy", "year", "expected"),
    [
        (("upheld", "2024-03-01", "2024-05-01"), 2024, "upheld"),
        (("corrected", "2023-12-01", "2024-01-02"), 2024, "corrected"),
        (("corrected", "2023-12-01", "2024-01-02"), 2023, "pending"),
        (("other", "2024-12-01", "2025-02-01"), 2024, "pending"),
        (("other", "2024-12-01", "2025-02-01"), 2025, "other"),
        ((None, "2023-12-01", None), 2024, "pending"),
        ((None, "2023-12-01", None), 2022, None),
        ((None, None, None), 2024, "pending"),
        ((None, None, None), 2023, None),
        (("upheld", "2023-03-01", "2023-05-01"), 2024, None),
        (("upheld", None, "2024-05-01"), 2024, "upheld"),
    ],
)
def test_a_review_counts_in_the_year_it_was_decided_or_as_pending_until_then(remedy, year, expected, ledger_of, ask):
    from datetime import date

    result, filed, decided = remedy
    days = [date.fromisoformat(day) if day else None for day in (filed, decided)]
    application = ask("2022-03-05", "granted", "2022-03-20", remedies=(Remedy("review", result, *days),))
    found = filled(ledger_of(application), year, "remedies")
    assert found == ({f"review.{expected}": 1, "review.total": 1} if expected else {})


def test_a_kind_of_remedy_without_columns_stays_blank_not_zero(ledger_of, ask):
    ledger = replace(ledger_of(ask("2024-03-05")), groups=("review",))
    figures = ledger.tables().figures
    assert figures["remedies.review.total"].value == 0
    assert figures["remedies.litigation_direct.total"].value is None
    with pytest.raises(KeyError):
        ledger.trace("remedies.litigation.total")


def test_the_old_layout_has_one_row_for_other_outcomes(forms):
    assert [row for row in roles(forms["2019"]).outcomes if row.startswith("other")] == ["other"]
    assert len(roles(forms["2019"]).outcomes) == 19
    assert len(roles(forms["2021"]).outcomes) == 21


def test_a_made_up_layout_needs_no_code(third_form, ledger_of, ask):
    asked = roles(third_form)
    assert asked.applicants == ("natural_person", "legal.commercial", "legal.media", "legal.other")
    assert asked.outcomes == ("granted", "denied.state_secret", "denied.work_secret")
    ledger = ledger_of(ask("2024-03-05", "denied.work_secret", "2024-03-20", applicant="legal.media"), form="2031")
    figures = ledger.tables().figures
    assert figures["applications.handled_total.total"].value == 1
    assert figures["applications.online.total"].value is None, "no line says how an application came in"


def test_a_layout_that_does_not_connect_receipt_and_outcome_is_refused(forms):
    form = forms["2021"]
    loose = Form.model_construct(
        **{name: getattr(form, name) for name in Form.model_fields}
        | {"equations": tuple(equation for equation in form.equations if equation.id != "T3-BALANCE")}
    )
    with pytest.raises(FormError, match="不能由台账计算"):
        roles(loose)


# -- what holds of every ledger ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_every_ledger_gives_tables_in_which_every_identity_holds(form, data, any_ledger, layout):
    ledger = data.draw(any_ledger(form))
    identities = [equation for equation in equations(layout(form)) if equation.rule in IDENTITIES]
    for year in YEARS:
        values = ledger.tables(year).values
        for equation in identities:
            known = {cell: factor for cell, factor in equation.coefficients.items() if cell in values}
            if known.keys() == equation.coefficients.keys():
                assert sum(factor * values[cell] for cell, factor in known.items()) == 0, (
                    equation.rule,
                    equation.scope,
                )
            else:
                assert not known, "an identity of which the ledger decides only some cells"


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_what_one_year_carries_out_the_next_carries_in_line_by_line(form, data, any_ledger):
    ledger = data.draw(any_ledger(form))
    for year in YEARS:
        now, after = ledger.tables(year), ledger.tables(year + 1)
        for key in now.lines:
            if key.startswith("applications.carried_out."):
                assert now.trace(key) == after.trace(key.replace("carried_out", "carried_in"))


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_the_trace_of_a_sum_is_the_union_of_its_parts(form, data, any_ledger, layout):
    ledger = data.draw(any_ledger(form))
    tables = ledger.tables(2023)
    for key, total in tables.lines.items():
        assert len(total) == tables.values[key]
    rows, columns = roles(layout(form)).outcomes, roles(layout(form)).applicants
    everything = tables.trace("applications.handled_total.total")
    for cells in (
        [f"applications.{row}.total" for row in rows],
        [f"applications.handled_total.{column}" for column in columns],
        [f"applications.{row}.{column}" for row in rows for column in columns],
    ):
        assert sorted(line for cell in cells for line in tables.trace(cell)) == list(everything)
    for key, (_, terms) in layout(form).derived.items():
        if all(term.cell in tables.lines for term in terms):
            assert set(tables.trace(key)) == {line for term in terms for line in tables.trace(term.cell)}


@given(data=st.data())
def test_the_order_of_the_lines_changes_nothing(data, any_ledger):
    ledger = data.draw(any_ledger("2021"))
    mixed = replace(ledger, applications=tuple(data.draw(st.permutations(ledger.applications))), _tables={})
    for year in YEARS:
        assert mixed.tables(year).values == ledger.tables(year).values
        assert mixed.tables(year).lines == ledger.tables(year).lines


@given(data=st.data())
def test_two_halves_of_a_ledger_add_up_to_the_whole(data, any_ledger):
    ledger = data.draw(any_ledger("2021"))
    half = data.draw(st.integers(0, len(ledger.applications)))
    first = replace(ledger, applications=ledger.applications[:half], _tables={})
    second = replace(ledger, applications=ledger.applications[half:], _tables={})
    for key, value in ledger.tables().values.items():
        assert value == first.tables().values[key] + second.tables().values[key]


# -- beside tables that are given --------------------------------------------------------------------------------------


def test_a_ledger_supplies_only_tables_in_which_nothing_is_written(ledger_of, ask, figures_of):
    ledger = ledger_of(ask("2024-03-05", "granted", "2024-03-20"))
    blank = figures_of({"disclosure.licence.decisions": 7}, fill=None)
    supplied = with_ledger(blank, ledger)
    assert supplied["applications.received.total"].value == 1
    assert str(supplied["applications.received.total"].at) == "ledger.csv“一、本年新收政府信息公开申请数量”的“总计”列"
    assert supplied["disclosure.licence.decisions"].value == 7
    given = figures_of({"applications.received.total": 0, "remedies.review.total": 0}, fill=None)
    assert with_ledger(given, ledger) is given


def test_a_ledger_without_columns_on_remedies_leaves_table_four_alone(ledger_of, ask, figures_of):
    ledger: Ledger = replace(ledger_of(ask("2024-03-05")), groups=())
    supplied = with_ledger(figures_of(fill=None), ledger)
    assert supplied["applications.received.total"].value == 1
    assert supplied["remedies.review.total"].value is None


def test_an_application_says_nothing_of_who_applied():
    fields: Callable[..., object] = Application
    assert set(fields.__dataclass_fields__) == {  # type: ignore[attr-defined]
        "line", "number", "received_on", "applicant", "outcome", "closed_on", "completed_on", "is_extended", "extended_on",
        "consulted_from", "consulted_to", "remedies",
    }  # fmt: skip
