"""The keys on which other people's scripts rely, typed from the table of keys."""

from __future__ import annotations

import pytest

TWO_2019 = {
    "rules": ("new_made", "new_public", "public_total"),
    "normative": ("new_made", "new_public", "public_total"),
    "licence": ("items_prev", "items_delta", "decisions"),
    "other_services": ("items_prev", "items_delta", "decisions"),
    "penalty": ("items_prev", "items_delta", "decisions"),
    "coercion": ("items_prev", "items_delta", "decisions"),
    "admin_fee": ("items_prev", "items_delta"),
    "procurement": ("projects", "amount_yuan"),
}
TWO_2021 = {
    "rules": ("issued", "repealed", "in_force"),
    "normative": ("issued", "repealed", "in_force"),
    "licence": ("decisions",),
    "penalty": ("decisions",),
    "coercion": ("decisions",),
    "admin_fee": ("amount_wan",),
}
THREE = [
    "received", "carried_in", "granted", "partially_granted",
    "denied.state_secret", "denied.other_law", "denied.security_stability", "denied.third_party",
    "denied.internal_affairs", "denied.process_info", "denied.enforcement_file", "denied.admin_query",
    "unavailable.not_held", "unavailable.must_create", "unavailable.still_unclear",
    "not_processed.petition", "not_processed.repeat", "not_processed.publication", "not_processed.excessive",
    "not_processed.reconfirm",
]  # fmt: skip
OTHER = {"2019": ["other"], "2021": ["other.no_correction", "other.fee_unpaid", "other.misc"]}
APPLICANTS = [
    "natural_person", "legal.commercial", "legal.research", "legal.social", "legal.legal_service", "legal.other", "total",
]  # fmt: skip
FOUR = dict.fromkeys(
    ("review", "litigation_direct", "litigation_after_review"), ("upheld", "corrected", "other", "pending", "total")
)


def keys(table: str, rows: dict[str, tuple[str, ...]]) -> list[str]:
    return [f"{table}.{row}.{column}" for row, columns in rows.items() for column in columns]


@pytest.mark.parametrize(("form", "two"), [("2019", TWO_2019), ("2021", TWO_2021)])
def test_every_cell_has_its_published_key_in_the_order_of_print(forms, form, two):
    three = {row: tuple(APPLICANTS) for row in [*THREE, *OTHER[form], "handled_total", "carried_out"]}
    expected = keys("disclosure", two) + keys("applications", three) + keys("remedies", FOUR)
    assert list(forms[form].cells) == expected


def test_the_forms_have_as_many_cells_as_the_notices(forms):
    sizes = {form.id: [len(table.cells) for table in form.tables] for form in forms.values()}
    assert sizes == {"2019": [22, 161, 15], "2021": [10, 175, 15]}


def test_shared_cells_have_one_key_in_both_layouts_and_the_ended_ones_none(forms):
    both = set(forms["2019"].cells) & set(forms["2021"].cells)
    assert {key for key in both if key.startswith("disclosure.")} == {
        "disclosure.licence.decisions",
        "disclosure.penalty.decisions",
        "disclosure.coercion.decisions",
    }
    assert len({key for key in both if key.startswith("applications.")}) == 22 * 7
    assert len({key for key in both if key.startswith("remedies.")}) == 15


def test_fee_items_are_not_fee_amounts(forms):
    fees_2019 = [key for key in forms["2019"].cells if ".admin_fee." in key]
    fees_2021 = [key for key in forms["2021"].cells if ".admin_fee." in key]
    assert not set(fees_2019) & set(fees_2021)
    assert [forms["2019"].cells[key].unit for key in fees_2019] == ["项", "项"]
    assert [(forms["2021"].cells[key].unit, forms["2021"].cells[key].number) for key in fees_2021] == [
        ("万元", "money")
    ]


def test_only_changes_of_items_are_signed_and_only_amounts_are_money(forms):
    special = {
        form.id: {key: cell.number for key, cell in form.cells.items() if cell.number != "count"}
        for form in forms.values()
    }
    rows = ("licence", "other_services", "penalty", "coercion", "admin_fee")
    assert special == {
        "2019": {f"disclosure.{row}.items_delta": "signed" for row in rows}
        | {"disclosure.procurement.amount_yuan": "money"},
        "2021": {"disclosure.admin_fee.amount_wan": "money"},
    }


def test_the_key_figures_are_the_totals(forms):
    for form in forms.values():
        key_figures = {key for key, cell in form.cells.items() if cell.is_key_figure}
        assert key_figures == {key for key in form.cells if key.endswith(".total")}


def test_a_message_names_a_cell_by_row_and_column_in_the_words_of_the_form(forms):
    label = {key: cell.label for key, cell in forms["2021"].cells.items()}
    assert label["applications.received.total"] == "一、本年新收政府信息公开申请数量 · 总计"
    assert label["applications.other.misc.legal.other"] == "（六）其他处理 3.其他 · 其他"
    assert label["remedies.litigation_direct.pending"] == "未经复议直接起诉 · 尚未审结"
    assert label["disclosure.admin_fee.amount_wan"] == "行政事业性收费 · 本年收费金额（单位：万元）"
    assert len(set(label.values())) == len(label), "two cells would be named alike"


@pytest.mark.parametrize(
    ("form", "key", "name"),
    [
        ("2021", "applications.received.total", "本年新收"),
        ("2021", "applications.received.natural_person", "本年新收自然人"),
        ("2021", "applications.granted.total", "予以公开"),
        ("2021", "applications.other.misc.total", "其他处理的其他情形"),
        ("2019", "applications.other.total", "其他处理"),
        ("2021", "remedies.review.total", "行政复议"),
        ("2021", "remedies.review.upheld", "行政复议结果维持"),
        ("2021", "disclosure.licence.decisions", "行政许可处理决定数量"),
    ],
)
def test_a_narrative_asks_for_a_cell_by_the_name_that_people_use(forms, form, key, name):
    assert forms[form].cells[key].name == name


def test_six_chapters_with_three_tables(forms):
    titles = [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    for form in forms.values():
        assert [section.title for section in form.sections] == titles
        assert [section.table for section in form.sections] == [
            None,
            "disclosure",
            "applications",
            "remedies",
            None,
            None,
        ]
