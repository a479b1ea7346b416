"""What the workbook lets be filled in, and what it says about it: all of it from the form."""

from __future__ import annotations

import io

import openpyxl
import pytest

from ogi_report.figures import Figures
from ogi_report.forms import Role
from ogi_report.forms.workbook import COLUMNS
from ogi_report.writers.workbook import write_workbook
from ogi_report.writers.workbook.places import Places

FORMS = ("2019", "2021", "2031")


@pytest.fixture
def book(blank):
    return lambda form: openpyxl.load_workbook(io.BytesIO(blank(form)))


@pytest.mark.parametrize("form", FORMS)
def test_only_number_boxes_and_rows_to_add_can_be_filled_in(form, book, layout):
    opened = book(form)
    for table in layout(form).tables:
        sheet = opened[table.name]
        places = Places(table)
        boxes = {(row + 1, col + 1) for row, col in places.values.values()}
        own = {row.row + 1 for row in places.own_rows}
        merged = {cell for area in sheet.merged_cells.ranges for cell in area.cells}
        for row in sheet.iter_rows():
            for cell in row:
                at = cell.row, cell.column
                if not cell.protection.locked:
                    assert at in boxes or cell.row in own or at in merged, cell.coordinate
        for at in boxes:
            assert not sheet.cell(*at).protection.locked
        assert sheet.protection.sheet
        assert not sheet.protection.password


@pytest.mark.parametrize("form", FORMS)
def test_the_sheet_has_the_official_merged_headers(form, book, layout):
    opened = book(form)
    for table in layout(form).tables:
        sheet, places = opened[table.name], Places(table)
        areas = {str(area) for area in sheet.merged_cells.ranges}
        for slot in table.grid.slots:
            row, col = places.spot(slot)
            if slot.role is not Role.VALUE:
                assert sheet.cell(row + 1, col + 1).value == (slot.text or None)
            if slot.rowspan > 1 or slot.colspan > 1:
                first, last = sheet.cell(row + 1, col + 1), sheet.cell(row + slot.rowspan, col + slot.colspan)
                assert f"{first.coordinate}:{last.coordinate}" in areas


@pytest.mark.parametrize("form", FORMS)
def test_each_box_lets_in_its_kind_of_number_and_says_what_it_counts(form, book, layout):
    opened = book(form)
    for table in layout(form).tables:
        rules = {str(rule.sqref): rule for rule in opened[table.name].data_validations.dataValidation}
        for key, (row, col) in Places(table).values.items():
            spec = table.cells[key]
            rule = rules[opened[table.name].cell(row + 1, col + 1).coordinate]
            assert rule.type == ("custom" if spec.number == "money" else "whole")
            assert (rule.formula1 == "0") is (spec.number == "count")
            assert rule.errorStyle in (None, "stop")
            assert spec.label[:100] in rule.prompt
            assert len(rule.promptTitle) <= 32
            assert len(rule.prompt) <= 255
            for note in (spec.row.leaf.note if spec.row else None, spec.column.leaf.note):
                assert note is None or note in rule.prompt


def test_keys_are_out_of_sight(book):
    sheet = book("2021")["表三"]
    assert sheet.column_dimensions["A"].hidden
    hidden = [row for row, dimension in sheet.row_dimensions.items() if dimension.hidden]
    assert [sheet.cell(row, 1).value for row in hidden] == [COLUMNS]


def test_every_equation_of_the_form_is_named_on_the_first_sheet(book, layout):
    sheet = book("2021")["首页"]
    told = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {spec.title for spec in layout("2021").equations if not spec.optional} <= told


def test_prefilled_boxes_are_coloured_as_long_as_they_hold_what_was_filled_in(figures_of, content_of):
    key = "applications.carried_in.total"
    content = content_of(figures_of({key: 4}, fill=None), prefilled={key: "黄色：按上年预填"})
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(content)))["表三"]
    formulas = [rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules if rule.formula]
    assert "AND(ISNUMBER(K10),K10=4)" in formulas


@pytest.mark.parametrize("form", FORMS)
def test_the_same_content_gives_the_same_bytes(form, layout, content_of):
    figures = Figures(layout(form), {})
    assert write_workbook(content_of(figures)) == write_workbook(content_of(figures))


def test_a_text_that_looks_like_a_formula_is_text(figures_of, content_of):
    figures = figures_of({"applications.received.total": "=1+1", "applications.carried_in.total": 5})
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(content_of(figures))))["表三"]
    assert (sheet["K9"].data_type, sheet["K9"].quotePrefix) == ("s", True)
    assert (sheet["K10"].data_type, sheet["K10"].value) == ("n", 5)


def test_the_guide_says_how_a_chapter_stays_without_text(book):
    from ogi_report.forms.workbook import NO_TEXT

    told = [cell.value for row in book("2021")["填写说明"].iter_rows() for cell in row if cell.value]
    assert any(f"写一个横线 {NO_TEXT}" in text for text in told)
