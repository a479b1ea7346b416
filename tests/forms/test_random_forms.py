"""What must hold of the grid of any form that anybody could declare."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ogi_report.forms import Form, Grid, Role, build_grid, parse_form


def _tree(draw: st.DrawFn, names: itertools.count[int], child: str, depth: int) -> dict[str, Any]:
    number = next(names)
    label: dict[str, Any] = {"key": f"k{number}", "label": f"标签{number}"}
    if depth > 1 and draw(st.booleans()):
        label[child] = [_tree(draw, names, child, depth - 1) for _ in range(draw(st.integers(1, 3)))]
        if draw(st.booleans()):
            del label["key"]  # a heading that adds nothing to the key, such as 申请人情况
    return label


@st.composite
def made_up_forms(draw: st.DrawFn) -> Form:
    """One table: a stack of blocks with rows, or a single header of column groups without rows."""
    names = itertools.count()
    with_rows = draw(st.booleans())
    blocks = []
    for _ in range(draw(st.integers(1, 3)) if with_rows else 1):
        columns = [_tree(draw, names, "columns", 3) for _ in range(draw(st.integers(1, 4)))]
        block: dict[str, Any] = {"columns": columns}
        if with_rows:
            block["rows"] = [_tree(draw, names, "rows", 3) for _ in range(draw(st.integers(1, 4)))]
            block["stubhead"] = draw(st.sampled_from([None, "信息内容"]))
        else:
            block["columns"] = [
                {"key": f"g{i}", "label": f"组{i}", "columns": [column]} for i, column in enumerate(columns)
            ]
        if draw(st.booleans()):
            block["banner"] = f"第{next(names)}项"
        blocks.append(block)
    table = {"key": "t", "name": "表", "title": "表", "blocks": blocks}
    return parse_form(
        {"id": "x", "name": "x", "notice": "x", "years": {"first": 2000}, "sections": [], "tables": [table]}
    )


def boxes_of(grid: Grid) -> list[tuple[int, int]]:
    return [
        (row, column)
        for slot in grid.slots
        for row in range(slot.row, slot.row + slot.rowspan)
        for column in range(slot.col, slot.col + slot.colspan)
    ]


@given(made_up_forms())
def test_a_grid_covers_its_rectangle_without_overlap_or_gap(form):
    grid = build_grid(form.tables[0])
    boxes = boxes_of(grid)
    assert len(boxes) == len(set(boxes))
    assert set(boxes) == set(itertools.product(range(grid.height), range(grid.width)))


@given(made_up_forms())
def test_every_cell_of_the_form_has_one_box_and_every_box_a_cell(form):
    grid = build_grid(form.tables[0])
    keys = [slot.key for slot in grid.slots if slot.role is Role.VALUE]
    assert sorted(keys) == sorted(form.cells)


@given(made_up_forms())
def test_a_number_is_headed_by_exactly_the_labels_above_and_beside_it(form):
    (table,) = form.tables
    grid = build_grid(table)
    banners = {record.key: table.blocks[record.block].banner for record in table.records.values()}
    for value in (slot for slot in grid.slots if not slot.is_header):
        cell = form.cells[value.key]
        expected = [banners[cell.record]] if banners[cell.record] else []
        expected += [label.label for label in (*cell.column.above, cell.column.leaf)]
        if cell.row is not None:
            expected += [label.label for label in (*cell.row.above, cell.row.leaf)]
        assert [head.text for head in grid.headers(value)] == expected


@given(made_up_forms())
def test_headings_and_numbers_do_not_mix(form):
    grid = build_grid(form.tables[0])
    for slot in grid.slots:
        _, body, _ = next(block for block in grid.blocks if block[0] <= slot.row < block[2])
        if slot.role in (Role.VALUE, Role.STUB):
            assert slot.row >= body
        else:
            assert slot.row + slot.rowspan <= body


def test_the_official_grids_cover_their_rectangles_with_local_rows_too(forms):
    from ogi_report.forms import LocalRow

    local = {
        "disclosure": (LocalRow("local.a", "其他主动公开文件", "normative"), LocalRow("local.b", "再一行", "local.a")),
        "applications": (
            LocalRow("denied.sum", "小计", "denied.admin_query"),
            LocalRow("local.c", "撤回", "carried_out"),
        ),
    }
    for form in forms.values():
        for table in form.with_local_rows(local).tables:
            grid = build_grid(table)
            boxes = boxes_of(grid)
            assert len(boxes) == len(set(boxes)) == grid.height * grid.width
            official = build_grid(form.table(table.key))
            assert grid.height == official.height + len(local.get(table.key, ()))


def test_a_local_row_stands_behind_the_row_that_it_followed(forms):
    from ogi_report.forms import LocalRow

    local = (LocalRow("local.a", "甲", "normative"), LocalRow("local.b", "乙", "local.a"))
    table = forms["2019"].with_local_rows({"disclosure": local}).table("disclosure")
    assert list(table.records)[:4] == ["rules", "normative", "local.a", "local.b"]
    assert [cell.local for cell in table.records["local.b"].fields.values()] == [True, True, True]
