"""The cell values of one report: every cell there, blanks kept, nothing added."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.figures import BLANK, Figures, Kind, parse_cell

RECEIVED = "applications.received.total"


def test_every_cell_of_the_form_is_there_and_what_a_source_lacked_is_blank(forms):
    for form in forms.values():
        figures = Figures(form, {})
        assert list(figures) == list(form.cells)
        assert set(figures.values()) == {BLANK}
        assert len(figures) == len(form.cells)


def test_a_key_that_is_no_cell_is_refused(forms, figures_of):
    with pytest.raises(KeyError, match="no_such_row"):
        figures_of({"applications.no_such_row.total": 1})
    with pytest.raises(KeyError, match="no_such_row"):
        Figures(forms["2021"], {"applications.no_such_row.total": BLANK})


def test_a_float_is_refused(figures_of):
    with pytest.raises(TypeError, match="never float"):
        figures_of({"disclosure.admin_fee.amount_wan": 96171.6})


def test_a_blank_a_placeholder_and_a_text_have_no_value_and_a_zero_has(figures_of):
    figures = figures_of(
        {
            RECEIVED: None,
            "applications.carried_in.total": "-",
            "applications.granted.total": "若干",
            "applications.handled_total.total": 0,
        }
    )
    found = {key: (figures[key].kind, figures.value(key)) for key in list(figures) if figures[key].raw != "0"}
    assert found == {
        RECEIVED: (Kind.BLANK, None),
        "applications.carried_in.total": (Kind.PLACEHOLDER, None),
        "applications.granted.total": (Kind.TEXT, None),
    }
    assert figures.value("applications.handled_total.total") == 0


def test_figures_cannot_be_changed(figures_of):
    figures = figures_of({RECEIVED: 5})
    with pytest.raises(TypeError):
        figures.cells[RECEIVED] = BLANK


def test_an_unknown_quantity_is_an_error_and_not_a_blank(figures_of):
    with pytest.raises(KeyError):
        figures_of().value("applications.received.grand_total")


def test_figures_are_asked_for_by_the_names_that_people_use(figures_of):
    named = figures_of(
        {
            RECEIVED: 5,
            "applications.received.natural_person": 4,
            "applications.denied.third_party.total": 2,
            "applications.denied.admin_query.total": 1,
            "applications.other.misc.total": 6,
            "applications.other.fee_unpaid.total": 1,
            "remedies.litigation_direct.total": 3,
            "remedies.litigation_after_review.total": 4,
            "disclosure.licence.decisions": 12,
            "disclosure.admin_fee.amount_wan": "96171.6",
            "disclosure.rules.in_force": None,
        }
    ).named()
    asked = [
        "本年新收",
        "本年新收自然人",
        "不予公开",
        "其他处理",
        "行政诉讼",
        "行政许可处理决定数量",
        "行政事业性收费收费金额",
        "规章现行有效件数",
    ]
    assert [named[name] for name in asked] == [5, 4, 3, 7, 7, 12, Decimal("96171.6"), None]


def test_a_name_means_the_same_in_both_layouts(figures_of):
    old = figures_of({"applications.other.total": 7}, "2019").named()
    new = figures_of({"applications.other.misc.total": 6, "applications.other.fee_unpaid.total": 1}, "2021").named()
    shared = set(old) & set(new)
    assert {
        "本年新收",
        "上年结转",
        "不予公开",
        "其他处理",
        "办理结果总计",
        "结转下年度",
        "行政复议",
        "行政诉讼",
        "公开合计",
    } <= shared
    assert old["其他处理"] == new["其他处理"] == 7


def test_local_rows_are_kept_apart_from_official_ones(figures_of):
    figures = figures_of(
        {"disclosure.local.other_docs.public_total": 20},
        "2019",
        local={"disclosure": [("local.other_docs", "其他主动公开文件", "normative")]},
    )
    assert figures.local_rows == ("local.other_docs",)
    assert figures.value("disclosure.local.other_docs.public_total") == 20
    assert figures.form.cells["disclosure.local.other_docs.public_total"].local
    assert not figures.form.cells["disclosure.normative.public_total"].local


# -- as printed ------------------------------------------------------------------------------------------------------


def printed(figures: Figures, table: str) -> dict[str, str]:
    return {slot.key: slot.text for slot in figures.grid(table).slots if slot.key}


def test_a_blank_is_printed_as_nothing_and_a_zero_as_zero(figures_of):
    texts = printed(figures_of({"remedies.review.total": 0, "remedies.review.upheld": "-"}, fill=None), "remedies")
    assert texts.pop("remedies.review.total") == "0"
    assert texts.pop("remedies.review.upheld") == "-"
    assert set(texts.values()) == {""}


def test_a_cell_is_printed_as_the_agency_wrote_it(figures_of):
    figures = figures_of({RECEIVED: "１,024 件", "applications.carried_in.total": " 3\u00a0\n"})
    assert figures.printed(RECEIVED) == "１,024 件"
    assert figures.printed("applications.carried_in.total") == "3"


def test_a_unit_stated_in_the_heading_is_not_lost_in_print(forms):
    key = "disclosure.procurement.amount_yuan"
    cells = {key: parse_cell("414.52", "元")}
    assert Figures(forms["2019"], cells, units={"amount_yuan": "万元"}).printed(key) == "414.52万元"
    assert Figures(forms["2019"], cells).printed(key) == "414.52"
    stated = {key: parse_cell("98000元", "元")}
    assert Figures(forms["2019"], stated, units={"amount_yuan": "万元"}).printed(key) == "98000元"
    assert Figures(forms["2019"], {}, units={"amount_yuan": "万元"}).printed(key) == ""


# -- tidy ------------------------------------------------------------------------------------------------------------


def test_the_tidy_table_has_one_line_per_cell_with_key_label_and_exact_value(figures_of):
    figures = figures_of(
        {RECEIVED: 5, "applications.carried_in.total": "-", "disclosure.admin_fee.amount_wan": "96171.60"}, fill=None
    )
    frame = figures.tidy()
    assert list(frame.columns) == ["table", "row", "column", "key", "label", "raw", "kind", "unit", "value"]
    assert frame["key"].tolist() == list(figures.form.cells)
    lines = frame.set_index("key").loc[[RECEIVED, "applications.carried_in.total", "disclosure.admin_fee.amount_wan"]]
    assert lines[["table", "row", "column", "raw", "kind", "unit"]].to_numpy().tolist() == [
        ["applications", "received", "total", "5", "number", "件"],
        ["applications", "carried_in", "total", "-", "placeholder", "件"],
        ["disclosure", "admin_fee", "amount_wan", "96171.60", "number", "万元"],
    ]
    assert lines["value"].tolist() == [5, None, Decimal("96171.60")]
    assert frame["label"][0] == "规章 · 本年制发件数"


@given(data=st.data())
def test_tidying_loses_and_invents_nothing(data, any_figures, forms):
    figures = data.draw(any_figures(data.draw(st.sampled_from(sorted(forms)))))
    frame = figures.tidy()
    assert dict(zip(frame["key"], frame["raw"], strict=True)) == {key: cell.raw for key, cell in figures.items()}
    assert dict(zip(frame["key"], frame["kind"], strict=True)) == {key: str(cell.kind) for key, cell in figures.items()}
    assert dict(zip(frame["key"], frame["value"], strict=True)) == {key: cell.value for key, cell in figures.items()}


def test_figures_show_themselves_in_one_line(figures_of):
    lines: list[str] = []

    class Printer:
        text = staticmethod(lines.append)

    figures_of({RECEIVED: 5}, fill=None)._repr_pretty_(Printer(), cycle=False)
    assert lines == ["2021 年表样，200 格，已填 1 格；列表见 tidy()，一格见 figures[代码]"]
