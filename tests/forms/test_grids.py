"""The printed tables, typed from the notices cell by cell: nothing here is computed from the forms under test.

A row lists the cells that begin in it, as in HTML: `("申请人情况", 1, 7)` is a heading one row high and seven columns
wide, a plain text is a heading of one box, `box("received.total")` the box into which that number goes.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ogi_report.forms import Grid, Role, build_grid


class box(NamedTuple):  # noqa: N801  # reads as a word of the tables below
    key: str
    rowspan: int = 1
    colspan: int = 1


def boxes(row: str, *columns: str) -> list[box]:
    return [box(f"{row}.{column}") for column in columns]


def applicants(row: str) -> list[box]:
    return boxes(
        row,
        "natural_person",
        "legal.commercial",
        "legal.research",
        "legal.social",
        "legal.legal_service",
        "legal.other",
        "total",
    )


APPLICATIONS_HEAD = [
    [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", 3, 3), ("申请人情况", 1, 7)],
    [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
    ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"],
]


def applications(outcomes: int, other: list[list[object]]) -> list[list[object]]:
    """Table 三; the layouts differ in （六） only."""
    return [
        *APPLICATIONS_HEAD,
        [("一、本年新收政府信息公开申请数量", 1, 3), *applicants("received")],
        [("二、上年结转政府信息公开申请数量", 1, 3), *applicants("carried_in")],
        [("三、本年度办理结果", outcomes, 1), ("（一）予以公开", 1, 2), *applicants("granted")],
        [("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1, 2), *applicants("partially_granted")],
        [("（三）不予公开", 8, 1), "1.属于国家秘密", *applicants("denied.state_secret")],
        ["2.其他法律行政法规禁止公开", *applicants("denied.other_law")],
        ["3.危及“三安全一稳定”", *applicants("denied.security_stability")],
        ["4.保护第三方合法权益", *applicants("denied.third_party")],
        ["5.属于三类内部事务信息", *applicants("denied.internal_affairs")],
        ["6.属于四类过程性信息", *applicants("denied.process_info")],
        ["7.属于行政执法案卷", *applicants("denied.enforcement_file")],
        ["8.属于行政查询事项", *applicants("denied.admin_query")],
        [("（四）无法提供", 3, 1), "1.本机关不掌握相关政府信息", *applicants("unavailable.not_held")],
        ["2.没有现成信息需要另行制作", *applicants("unavailable.must_create")],
        ["3.补正后申请内容仍不明确", *applicants("unavailable.still_unclear")],
        [("（五）不予处理", 5, 1), "1.信访举报投诉类申请", *applicants("not_processed.petition")],
        ["2.重复申请", *applicants("not_processed.repeat")],
        ["3.要求提供公开出版物", *applicants("not_processed.publication")],
        ["4.无正当理由大量反复申请", *applicants("not_processed.excessive")],
        ["5.要求行政机关确认或重新出具已获取信息", *applicants("not_processed.reconfirm")],
        *other,
        [("（七）总计", 1, 2), *applicants("handled_total")],
        [("四、结转下年度继续办理", 1, 3), *applicants("carried_out")],
    ]


RESULTS = ("upheld", "corrected", "other", "pending", "total")
REMEDIES = [
    [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
    [
        ("结果维持", 2, 1),
        ("结果纠正", 2, 1),
        ("其他结果", 2, 1),
        ("尚未审结", 2, 1),
        ("总计", 2, 1),
        ("未经复议直接起诉", 1, 5),
        ("复议后起诉", 1, 5),
    ],
    ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
    [*boxes("review", *RESULTS), *boxes("litigation_direct", *RESULTS), *boxes("litigation_after_review", *RESULTS)],
]

ITEMS = ("items_prev", "items_delta", "decisions")
ITEMS_HEAD = ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]

PRINTED = {
    ("2019", "disclosure"): [
        [("第二十条第（一）项", 1, 4)],
        ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
        ["规章", *boxes("rules", "new_made", "new_public", "public_total")],
        ["规范性文件", *boxes("normative", "new_made", "new_public", "public_total")],
        [("第二十条第（五）项", 1, 4)],
        ITEMS_HEAD,
        ["行政许可", *boxes("licence", *ITEMS)],
        ["其他对外管理服务事项", *boxes("other_services", *ITEMS)],
        [("第二十条第（六）项", 1, 4)],
        ITEMS_HEAD,
        ["行政处罚", *boxes("penalty", *ITEMS)],
        ["行政强制", *boxes("coercion", *ITEMS)],
        [("第二十条第（八）项", 1, 4)],
        ["信息内容", "上一年项目数量", ("本年增/减", 1, 2)],
        ["行政事业性收费", box("admin_fee.items_prev"), box("admin_fee.items_delta", 1, 2)],
        [("第二十条第（九）项", 1, 4)],
        ["信息内容", "采购项目数量", ("采购总金额", 1, 2)],
        ["政府集中采购", box("procurement.projects"), box("procurement.amount_yuan", 1, 2)],
    ],
    ("2021", "disclosure"): [
        [("第二十条第（一）项", 1, 4)],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", *boxes("rules", "issued", "repealed", "in_force")],
        ["行政规范性文件", *boxes("normative", "issued", "repealed", "in_force")],
        [("第二十条第（五）项", 1, 4)],
        ["信息内容", ("本年处理决定数量", 1, 3)],
        ["行政许可", box("licence.decisions", 1, 3)],
        [("第二十条第（六）项", 1, 4)],
        ["信息内容", ("本年处理决定数量", 1, 3)],
        ["行政处罚", box("penalty.decisions", 1, 3)],
        ["行政强制", box("coercion.decisions", 1, 3)],
        [("第二十条第（八）项", 1, 4)],
        ["信息内容", ("本年收费金额（单位：万元）", 1, 3)],
        ["行政事业性收费", box("admin_fee.amount_wan", 1, 3)],
    ],
    ("2019", "applications"): applications(20, [[("（六）其他处理", 1, 2), *applicants("other")]]),
    ("2021", "applications"): applications(
        22,
        [
            [
                ("（六）其他处理", 3, 1),
                "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                *applicants("other.no_correction"),
            ],
            [
                "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
                *applicants("other.fee_unpaid"),
            ],
            ["3.其他", *applicants("other.misc")],
        ],
    ),
    ("2019", "remedies"): REMEDIES,
    ("2021", "remedies"): REMEDIES,
}
SIZES = {
    ("2019", "disclosure"): (18, 4),
    ("2021", "disclosure"): (14, 4),
    ("2019", "applications"): (26, 10),
    ("2021", "applications"): (28, 10),
    ("2019", "remedies"): (4, 15),
    ("2021", "remedies"): (4, 15),
}

every_table = pytest.mark.parametrize(("form", "table"), PRINTED, ids=lambda value: value)


def laid_out(rows: list[list[object]], table: str) -> list[list[str]]:
    """Lays the cells of the rows out as a browser does: each into the next free boxes, spans included."""
    taken: dict[tuple[int, int], str] = {}
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            text, rowspan, colspan = (cell, 1, 1) if isinstance(cell, str) else cell
            if isinstance(cell, box):
                text = f"<{table}.{cell.key}>"
            for down in range(rowspan):
                for right in range(colspan):
                    assert (row + down, column + right) not in taken
                    taken[row + down, column + right] = text
    height, width = max(row for row, _ in taken) + 1, max(column for _, column in taken) + 1
    return [[taken[row, column] for column in range(width)] for row in range(height)]


def covered(grid: Grid) -> list[list[str]]:
    """What stands in each box of a grid."""
    boxes: dict[tuple[int, int], str] = {}
    for slot in grid.slots:
        for row in range(slot.row, slot.row + slot.rowspan):
            for column in range(slot.col, slot.col + slot.colspan):
                assert (row, column) not in boxes, f"{slot} lies over another"
                boxes[row, column] = f"<{slot.key}>" if slot.key else slot.text
    return [[boxes[row, column] for column in range(grid.width)] for row in range(grid.height)]


@every_table
def test_every_box_of_the_printed_table_is_where_the_notice_has_it(forms, form, table):
    assert covered(build_grid(forms[form].table(table))) == laid_out(PRINTED[form, table], table)


@every_table
def test_every_merged_cell_spans_what_it_spans_in_the_notice(forms, form, table):
    def span(cell: object) -> tuple[str, int, int]:
        if isinstance(cell, box):
            return f"<{table}.{cell.key}>", cell.rowspan, cell.colspan
        return (cell, 1, 1) if isinstance(cell, str) else cell

    found = [
        [(f"<{slot.key}>" if slot.key else slot.text, slot.rowspan, slot.colspan) for slot in row]
        for row in build_grid(forms[form].table(table)).rows()
    ]
    assert found == [[span(cell) for cell in row] for row in PRINTED[form, table]]


@every_table
def test_a_table_is_as_large_as_in_the_notice(forms, form, table):
    grid = build_grid(forms[form].table(table))
    assert (grid.height, grid.width) == SIZES[form, table]


def test_tables_three_and_four_have_three_header_rows_and_stacked_blocks_none(forms):
    for form in forms.values():
        assert [build_grid(table).header_rows for table in form.tables] == [0, 3, 3]


def test_table_two_is_a_stack_of_blocks_each_with_banner_and_header(forms):
    # (first row, first data row, end)
    assert build_grid(forms["2019"].table("disclosure")).blocks == (
        (0, 2, 4),
        (4, 6, 8),
        (8, 10, 12),
        (12, 14, 15),
        (15, 17, 18),
    )
    assert build_grid(forms["2021"].table("disclosure")).blocks == ((0, 2, 4), (4, 6, 7), (7, 9, 11), (11, 13, 14))


@every_table
def test_value_boxes_are_empty_and_keyed_and_all_others_say_something(forms, form, table):
    for slot in build_grid(forms[form].table(table)).slots:
        assert (slot.role is Role.VALUE) == (slot.key is not None) == (slot.text == "")
        assert slot.is_header == (slot.role is not Role.VALUE)


def roles(grid: Grid) -> dict[str, set[tuple[str, str | None]]]:
    found: dict[str, set[tuple[str, str | None]]] = {}
    for slot in grid.slots:
        found.setdefault(slot.text if slot.is_header else "a number", set()).add((str(slot.role), slot.scope))
    return found


def test_headings_say_what_they_are_heads_of(forms):
    found = roles(build_grid(forms["2021"].table("applications")))
    assert found["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"] == {("stubhead", "col")}
    assert found["申请人情况"] == found["法人或其他组织"] == {("column", "colgroup")}
    assert found["自然人"] == found["商业企业"] == {("column", "col")}
    assert found["三、本年度办理结果"] == found["（三）不予公开"] == found["（六）其他处理"] == {("stub", "rowgroup")}
    assert found["一、本年新收政府信息公开申请数量"] == found["（七）总计"] == found["3.其他"] == {("stub", "row")}
    assert found["其他"] == {("column", "col")}
    assert found["a number"] == {("value", None)}


def test_banners_head_the_rows_below_them_and_stub_heads_their_column(forms):
    found = roles(build_grid(forms["2019"].table("disclosure")))
    assert found["第二十条第（一）项"] == found["第二十条第（九）项"] == {("banner", "rowgroup")}
    assert found["信息内容"] == {("stubhead", "col")}
    assert found["采购总金额"] == {("column", "col")}
    assert found["政府集中采购"] == {("stub", "row")}


@pytest.mark.parametrize(
    ("form", "key", "heads"),
    [
        (
            "2021",
            "applications.other.misc.legal.other",
            ["申请人情况", "法人或其他组织", "其他", "三、本年度办理结果", "（六）其他处理", "3.其他"],
        ),
        ("2021", "applications.carried_out.total", ["申请人情况", "总计", "四、结转下年度继续办理"]),
        ("2019", "applications.other.natural_person", ["申请人情况", "自然人", "三、本年度办理结果", "（六）其他处理"]),
        ("2021", "remedies.litigation_after_review.pending", ["行政诉讼", "复议后起诉", "尚未审结"]),
        ("2021", "disclosure.coercion.decisions", ["第二十条第（六）项", "本年处理决定数量", "行政强制"]),
        ("2019", "disclosure.procurement.amount_yuan", ["第二十条第（九）项", "采购总金额", "政府集中采购"]),
        ("2019", "disclosure.rules.public_total", ["第二十条第（一）项", "对外公开总数量", "规章"]),
    ],
)
def test_a_number_is_headed_by_its_banner_its_columns_and_its_rows(forms, form, key, heads):
    grid = build_grid(forms[form].table(key.split(".")[0]))
    value = next(slot for slot in grid.slots if slot.key == key)
    assert [head.text for head in grid.headers(value)] == heads


def test_filling_a_grid_changes_the_value_boxes_only(forms):
    grid = build_grid(forms["2021"].table("remedies"))
    filled = grid.fill({slot.key: "7" for slot in grid.slots if slot.key} | {"remedies.review.total": ""})
    for before, after in zip(grid.slots, filled.slots, strict=True):
        expected = before.text if before.is_header else "" if before.key == "remedies.review.total" else "7"
        assert (after.text, after.row, after.col) == (expected, before.row, before.col)
