"""Many reports in one frame: types that know NA and no binary floating point."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.figures import Figures, panel, parse_cell, tidy_panel
from ogi_report.figures.panels import MONEY

RECEIVED, OTHER = "applications.received.total", "applications.other.total"
FEE, PROCUREMENT = "disclosure.admin_fee.amount_wan", "disclosure.procurement.amount_yuan"


def test_one_row_per_agency_year_and_one_column_per_cell_of_any_layout(forms, figures_of):
    frame = panel([("a", 2020, figures_of({RECEIVED: 3}, "2019")), ("a", 2021, figures_of({RECEIVED: 4}))])
    assert frame.index.tolist() == [("a", 2020), ("a", 2021)]
    assert frame.index.names == ["agency", "year"]
    assert set(frame.columns) == set(forms["2019"].cells) | set(forms["2021"].cells)
    assert frame[RECEIVED].tolist() == [3, 4]


def test_cells_that_a_layout_does_not_have_are_na_and_not_zero(figures_of):
    frame = panel([("a", 2020, figures_of({}, "2019")), ("a", 2021, figures_of())])
    assert frame[OTHER].isna().tolist() == [False, True]
    assert frame[FEE].isna().tolist() == [True, False]
    assert frame["disclosure.admin_fee.items_prev"].isna().tolist() == [False, True]


def test_counts_are_nullable_integers_and_amounts_exact_decimals(figures_of):
    frame = panel([("a", 2020, figures_of({}, "2019")), ("a", 2021, figures_of())])
    assert frame.dtypes[RECEIVED] == pd.Int64Dtype()
    assert frame.dtypes["disclosure.licence.items_delta"] == pd.Int64Dtype()
    assert frame.dtypes[FEE] == frame.dtypes[PROCUREMENT] == MONEY
    assert not [key for key, dtype in frame.dtypes.items() if pd.api.types.is_float_dtype(dtype)]


@pytest.mark.parametrize("raw", ["", "-", "若干", "12.5", "9" * 20])
def test_what_is_no_whole_number_is_na_in_a_count_and_never_zero(figures_of, raw):
    frame = panel([("a", 2021, figures_of({RECEIVED: raw}))])
    assert frame[RECEIVED].isna().all()


def test_a_sum_over_blanks_is_not_a_sum_over_zeros(figures_of):
    reports = [("a", 2021, figures_of({RECEIVED: 3})), ("b", 2021, figures_of({RECEIVED: None}))]
    frame = panel(reports)
    assert frame[RECEIVED].sum(skipna=False) is pd.NA
    assert frame[RECEIVED].count() == 1


def test_an_amount_keeps_its_cents_through_a_thousand_reports(figures_of):
    reports = [(f"a{n}", 2021, figures_of({FEE: "0.1"})) for n in range(100)]
    assert panel(reports)[FEE].sum() == Decimal(10)


@pytest.mark.parametrize("raw", ["96171.60000000001", "123456789012345.1亿元"])
def test_an_amount_that_a_file_cannot_hold_exactly_is_na_and_stops_nothing(figures_of, raw):
    reports = [("a", 2021, figures_of({FEE: raw})), ("b", 2021, figures_of({FEE: "1.5"}))]
    assert [None if pd.isna(value) else value for value in panel(reports)[FEE]] == [None, Decimal("1.500000")]
    tidy = tidy_panel(reports)
    line = tidy[(tidy["key"] == FEE) & (tidy["agency"] == "a")]
    assert line["raw"].tolist() == [raw]
    assert line["value"].isna().all()


def test_a_panel_of_nothing_is_empty(figures_of):
    assert panel([]).empty
    assert tidy_panel([]).empty


def test_local_rows_are_in_the_tidy_panel_and_not_in_the_wide_one(figures_of):
    local = {"disclosure": [("local.a", "其他主动公开文件", "normative")]}
    reports = [("a", 2019, figures_of({"disclosure.local.a.public_total": 20}, "2019", local=local))]
    assert not [key for key in panel(reports).columns if ".local." in key]
    tidy = tidy_panel(reports)
    assert tidy[tidy["row"] == "local.a"][["label", "value"]].to_numpy().tolist()[-1] == [
        "其他主动公开文件 · 对外公开总数量",
        Decimal(20),
    ]


def test_the_tidy_panel_says_whose_figure_of_which_year_in_which_layout(figures_of):
    frame = tidy_panel([("a", 2020, figures_of({}, "2019")), ("b", 2021, figures_of({RECEIVED: 7}))])
    assert list(frame.columns)[:3] == ["agency", "year", "layout"]
    assert len(frame) == 198 + 200
    assert frame.dtypes["value"] == MONEY
    assert frame.dtypes["year"] == pd.Int64Dtype()
    line = frame[(frame["key"] == RECEIVED) & (frame["agency"] == "b")].iloc[0]
    assert (line["agency"], line["year"], line["layout"], line["value"]) == ("b", 2021, "2021", Decimal(7))


@given(data=st.data())
def test_a_panel_holds_exactly_the_whole_numbers_and_amounts_of_its_reports(data, any_figures):
    reports = [
        ("a", 2020, data.draw(any_figures("2019"))),
        ("a", 2021, data.draw(any_figures("2021"))),
        ("b", 2021, data.draw(any_figures("2021"))),
    ]
    frame = panel(reports)
    for (agency, year, figures), row in zip(reports, frame.itertuples(index=True), strict=True):
        assert row.Index == (agency, year)
        found = dict(zip(frame.columns, row[1:], strict=True))
        for key, value in found.items():
            cell = figures.get(key)
            whole = (
                cell is not None
                and cell.value is not None
                and (cell.value == int(cell.value) or key in (FEE, PROCUREMENT))
            )
            assert (None if pd.isna(value) else value) == (cell.value if whole else None)


@given(st.permutations(range(4)))
def test_the_order_of_reports_changes_no_figure(order):
    from ogi_report.forms import official_forms

    form = official_forms()["2021"]
    reports = [(f"a{n}", 2021, Figures(form, {RECEIVED: parse_cell(str(n))})) for n in range(4)]
    shuffled = panel(reports[n] for n in order)
    pd.testing.assert_frame_equal(shuffled.sort_index(), panel(reports))
