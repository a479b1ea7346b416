"""The small language in which a form states its arithmetic: what it means, and what it refuses."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ogi_report.errors import FormError
from ogi_report.forms import Form, LocalRow, derived_quantities, equations, parse_form

SMALL: dict[str, Any] = {
    "id": "s",
    "name": "小表样",
    "notice": "虚构",
    "years": {"first": 2000},
    "sections": [{"number": 1, "title": "一、数字", "table": "t"}],
    "tables": [
        {
            "key": "t",
            "name": "小表",
            "title": "小表",
            "blocks": [
                {
                    "stubhead": "项目",
                    "columns": [
                        {"key": "m", "label": "男"},
                        {"key": "f", "label": "女"},
                        {"key": "total", "label": "总计", "total": True},
                    ],
                    "rows": [
                        {"key": "a", "label": "甲"},
                        {"key": "g", "label": "组", "rows": [{"key": "x", "label": "子"}, {"key": "y", "label": "丑"}]},
                        {"key": "all", "label": "合计"},
                    ],
                },
                {
                    "stubhead": "项目",
                    "columns": [{"key": "money", "label": "金额", "unit": "元", "number": "money"}],
                    "rows": [{"key": "b", "label": "乙"}],
                },
            ],
        }
    ],
}


def small(*holds: str, each: str = "column", table: str = "t", **more: Any) -> Form:
    declared = copy.deepcopy(SMALL)
    declared["equations"] = [
        {
            "id": "E",
            "table": table,
            "each": each,
            "severity": "error",
            "title": "式",
            "source": "虚构",
            "holds": list(holds),
        }
        | more
    ]
    return parse_form(declared)


def compiled(*holds: str, each: str = "column") -> list[tuple[dict[str, int], str, int]]:
    """Coefficients, relation and constant of each equation, for the cells of the column 男 where columns are meant."""
    found = [(e.coefficients, e.relation, e.constant) for e in equations(small(*holds, each=each))]
    return [found[0]] if each == "column" else found


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("a = all", ({"t.a.m": 1, "t.all.m": -1}, "=", 0)),
        ("all = a + sum(g)", ({"t.all.m": 1, "t.a.m": -1, "t.g.x.m": -1, "t.g.y.m": -1}, "=", 0)),
        ("all - a >= 0", ({"t.all.m": 1, "t.a.m": -1}, ">=", 0)),
        ("a <= all", ({"t.a.m": 1, "t.all.m": -1}, "<=", 0)),
        ("-a + all = -(g.x - g.y)", ({"t.a.m": -1, "t.all.m": 1, "t.g.x.m": 1, "t.g.y.m": -1}, "=", 0)),
        ("2 * a + 3 = a * 4 - 1", ({"t.a.m": -2}, "=", 4)),
        ("3 * (a + sum(g)) >= all", ({"t.a.m": 3, "t.g.x.m": 3, "t.g.y.m": 3, "t.all.m": -1}, ">=", 0)),
        ("a + a = all", ({"t.a.m": 2, "t.all.m": -1}, "=", 0)),
        ("sum(a) = all", ({"t.a.m": 1, "t.all.m": -1}, "=", 0)),
    ],
)
def test_a_linear_line_is_read_as_coefficients(line, meaning):
    assert compiled(line) == [meaning]


def test_an_equation_holds_in_each_column_that_has_its_rows():
    found = equations(small("all = a + sum(g)"))
    assert [(e.scope, e.cells[0]) for e in found] == [("男", "t.all.m"), ("女", "t.all.f"), ("总计", "t.all.total")]


def test_an_equation_holds_in_each_row_that_has_its_columns():
    found = equations(small("total = m + f", each="row"))
    assert [(e.scope, e.cells) for e in found] == [
        ("甲", ("t.a.total", "t.a.m", "t.a.f")),
        ("组 子", ("t.g.x.total", "t.g.x.m", "t.g.x.f")),
        ("组 丑", ("t.g.y.total", "t.g.y.m", "t.g.y.f")),
        ("合计", ("t.all.total", "t.all.m", "t.all.f")),
    ]


def test_an_equation_of_the_whole_table_names_its_cells_by_row_and_column():
    (found,) = equations(small("all.total >= a.m + g.x.f", each="table"))
    assert found.coefficients == {"t.all.total": 1, "t.a.m": -1, "t.g.x.f": -1}


@pytest.mark.parametrize(
    "line",
    [
        "a * all = 1",
        "a / 2 = all",
        "1.5 * a = all",
        "a ** 2 = all",
        "max(a, all) = 1",
        "sum(a, all) = 1",
        "sum([a]) = all",
        "a if all else a = 1",
        "a[0] = all",
        "'a' = all",
        "a and all = 1",
        "__import__('os').system('true') = a",
    ],
)
def test_what_is_not_linear_is_refused(line):
    with pytest.raises(FormError, match="算式"):
        small(line)


@pytest.mark.parametrize(
    "line", ["a", "a = b = all", "a == all", "a <> all", "a < all", "= a", "a =", "a + = all", "a ≥ all"]
)
def test_a_line_has_one_relation_between_two_sides(line):
    with pytest.raises(FormError, match="算式"):
        small(line)


def test_a_name_that_is_no_cell_is_refused_by_name():
    with pytest.raises(FormError, match=r"小表样的算式 E 用到了没有声明的名称：al$"):
        small("a = al")
    with pytest.raises(FormError, match=r"没有声明的名称：h$"):
        small("all = sum(h)")


def test_a_slip_in_one_of_several_lines_does_not_go_unnoticed():
    with pytest.raises(FormError, match="没有声明的名称：aal"):
        small("a <= all", "aal = a")


def test_an_optional_line_may_apply_nowhere():
    assert equations(small("g.sum = sum(g)", optional=True)) == ()


def test_an_equation_of_an_unknown_table_is_refused():
    with pytest.raises(FormError, match="算式 E 的表 u 没有声明"):
        small("a = all", table="u")


def test_counts_and_amounts_are_never_added():
    with pytest.raises(FormError, match="只用件数或只用金额"):
        small("b.money = a.m", each="table")


def test_an_equation_without_cells_is_refused():
    with pytest.raises(FormError, match="至少用到一格"):
        small("1 = 1")


def test_two_equations_of_one_name_are_refused():
    declared = copy.deepcopy(SMALL)
    line = {"table": "t", "each": "column", "severity": "error", "title": "式", "source": "虚构", "holds": "a = all"}
    declared["equations"] = [{"id": "E"} | line, {"id": "E"} | line]
    with pytest.raises(FormError, match="重复：E"):
        parse_form(declared)


# -- what the lines of the official forms mean ----------------------------------------------------------------------


def test_the_official_forms_bind_as_many_equations_as_rows_and_columns_they_name(forms):
    def counts(form: Form) -> dict[str, int]:
        found: dict[str, int] = {}
        for equation in equations(form):
            found[equation.rule] = found.get(equation.rule, 0) + 1
        return found

    three = {"T3-BALANCE": 7, "T3-HANDLED": 7, "T3-CARRYOUT-CAP": 7, "T3-CARRYIN-STUCK": 7, "T4-SUM": 3}
    assert counts(forms["2019"]) == three | {"T2A-TOTAL-GE-NEW": 2, "T2A-ITEMS-NONNEG": 5, "T3-ROWSUM": 23}
    assert counts(forms["2021"]) == three | {"T2B-FORCE-FLOOR": 2, "T3-ROWSUM": 25}


@pytest.mark.parametrize(
    ("form", "others"),
    [
        ("2019", ["applications.other.total"]),
        (
            "2021",
            [
                "applications.other.no_correction.total",
                "applications.other.fee_unpaid.total",
                "applications.other.misc.total",
            ],
        ),
    ],
)
def test_the_sum_of_other_is_one_row_in_2019_and_three_in_2021(forms, form, others):
    handled = next(e for e in equations(forms[form]) if e.rule == "T3-HANDLED" and e.scope == "总计")
    assert handled.left[0].cell == "applications.handled_total.total"
    assert [term.cell for term in handled.right if ".other." in term.cell and ".denied" not in term.cell] == others
    assert len(handled.right) == 2 + 8 + 3 + 5 + len(others)
    assert "applications.handled_total.total" not in [term.cell for term in handled.right]


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_local_rows_and_printed_subtotals_are_no_part_of_any_sum(forms, form):
    local = (
        LocalRow("local.withdrawn", "其中：申请人撤回", "other" if form == "2019" else "other.misc"),
        LocalRow("denied.sum", "不予公开小计", "denied.admin_query"),
    )
    plain = {e.scope: e.coefficients for e in equations(forms[form]) if e.rule == "T3-HANDLED"}
    woven = equations(forms[form].with_local_rows({"applications": local}))
    assert {e.scope: e.coefficients for e in woven if e.rule == "T3-HANDLED"} == plain
    subtotal = next(e for e in woven if e.rule == "T3-SUBTOTAL" and e.scope == "总计")
    assert subtotal.left[0].cell == "applications.denied.sum.total"
    assert [term.cell for term in subtotal.right] == [
        f"applications.denied.{reason}.total"
        for reason in (
            "state_secret", "other_law", "security_stability", "third_party",
            "internal_affairs", "process_info", "enforcement_file", "admin_query",
        )
    ]  # fmt: skip
    rows = {e.scope for e in woven if e.rule == "T3-ROWSUM"}
    assert rows >= {
        "（三）不予公开 不予公开小计",
        "其中：申请人撤回" if form == "2019" else "（六）其他处理 其中：申请人撤回",
    }


# -- what the form determines but does not print --------------------------------------------------------------------


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_derived_quantities_add_up_what_their_name_says(figures_of, form):
    parts = {
        "granted": 1, "partially_granted": 2,
        "denied.state_secret": 4, "denied.admin_query": 8,
        "unavailable.not_held": 16, "not_processed.repeat": 32,
        "other" if form == "2019" else "other.misc": 64,
    }  # fmt: skip
    cells = {f"applications.{row}.total": value for row, value in parts.items()}
    cells |= {"applications.received.legal.research": 3, "applications.received.legal.other": 5}
    cells |= {"remedies.litigation_direct.total": 7, "remedies.litigation_after_review.total": 9}
    figures = figures_of(cells, form)
    assert figures.value("applications.disclosed.sum.total") == 1 + 2
    assert figures.value("applications.denied.sum.total") == 4 + 8
    assert figures.value("applications.unavailable.sum.total") == 16
    assert figures.value("applications.not_processed.sum.total") == 32
    assert figures.value("applications.received.legal.sum") == 3 + 5
    assert figures.value("remedies.litigation.total") == 7 + 9
    assert figures.value("applications.other.sum.total" if form == "2021" else "applications.other.total") == 64


def test_a_derived_quantity_with_a_blank_part_is_unknown(figures_of):
    figures = figures_of({"remedies.litigation_direct.total": 7, "remedies.litigation_after_review.total": None})
    assert figures.value("remedies.litigation.total") is None


def test_no_two_quantities_have_one_name_in_narratives(forms, third_form):
    for form in (*forms.values(), third_form):
        names = [cell.name for cell in form.cells.values()]
        names += [name for name, _ in derived_quantities(form).values()]
        assert sorted(names) == sorted(set(names))
