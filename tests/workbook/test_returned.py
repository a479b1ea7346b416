"""The agency gets its own workbook back: marks are added, and everything that it wrote is as it was."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from openpyxl.comments import Comment

from ogi_report.errors import DataError
from ogi_report.report.filled_in import open_workbook
from ogi_report.report.workbooks import form_of_report
from ogi_report.writers.returned import Remark, Return, Spot, annotate
from ogi_report.writers.returned.comments import AUTHOR
from ogi_report.writers.workbook import Words, write_workbook

LIST = "问题清单"
CELL = "applications.received.natural_person"


def opened(content, **how):
    return openpyxl.load_workbook(io.BytesIO(content), **how)


@pytest.fixture
def marks(read):
    """A return with one remark of each severity."""

    def build(content, *extra):
        places = read(content).places
        at = [places[key] for key in (CELL, "applications.carried_in.natural_person", "remedies.review.total")]
        spots = [Spot(place.sheet, place.row, place.col, "某格") for place in at]
        remarks = [
            Remark("error", "强制性", "T3-BALANCE", "=1+1 两边不等", "原文", "表三!E9 改为 738", tuple(spots[:2])),
            Remark("warning", "核实性", "XY-JUMP", "变化很大", spots=tuple(spots[1:2])),
            Remark("note", "提示", "V-BLANK", "有空白", spots=tuple(spots[2:])),
            *extra,
        ]
        note = Spot("表三", 3, 1, "◀ 本表有 2 项问题")
        return Return("示例局 2024 年", "共 3 项", remarks, (note,))

    return build


def everything(content, but=("B4",)):
    """What a person or a program can see in each cell of the agency's sheets: contents, results, looks, protection."""
    book, results = opened(content), opened(content, data_only=True)
    found = {}
    for sheet in book.worksheets:
        if sheet.title.startswith(LIST):
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.coordinate not in but:
                    found[sheet.title, cell.coordinate] = (
                        cell.value, results[sheet.title][cell.coordinate].value, cell.number_format, repr(cell.font),
                        repr(cell.fill), repr(cell.border), repr(cell.alignment), repr(cell.protection),
                    )  # fmt: skip
        found[sheet.title, "sheet"] = (
            sorted(map(str, sheet.merged_cells.ranges)),
            {key: (d.width, d.hidden) for key, d in sheet.column_dimensions.items()},
            {key: (d.height, d.hidden) for key, d in sheet.row_dimensions.items()},
            sorted((str(d.sqref), d.formula1, d.prompt, d.error) for d in sheet.data_validations.dataValidation),
            [repr(sheet.protection), sheet.freeze_panes, sheet.print_area, sheet.sheet_state],
        )
    return found


def test_whatever_was_written_stays_as_it_was(any_figures, content_of, marks, read):
    @settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
    @given(any_figures("2021"))
    def holds(figures):
        content = write_workbook(content_of(figures, Words("", {1: ("文字", "=1+1")})))
        returned = annotate(content, "form.xlsx", marks(content))
        assert everything(returned) == everything(content)
        again = read(returned)
        assert {k: c.raw for k, c in again.figures.items()} == {k: c.raw for k, c in figures.items()}
        assert again.words.text == read(content).words.text

    holds()


def test_parts_that_are_not_marked_are_the_same_bytes(blank, marks):
    content = blank()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(io.BytesIO(annotate(content, "f", marks(content)))) as after,
    ):
        for name in ("xl/sharedStrings.xml", "xl/theme/theme1.xml", "docProps/core.xml"):
            assert before.read(name) == after.read(name)


def test_marked_cells_have_a_colour_and_a_comment_and_the_list_leads_to_them(blank, marks):
    content = blank()
    book = opened(annotate(content, "form.xlsx", marks(content)))
    sheet = book["表三"]
    comment = sheet["E9"].comment
    assert comment.author == AUTHOR
    assert comment.text.startswith(
        "——ogi-report 核对——\n【强制性】=1+1 两边不等\n建议：表三!E9 改为 738\n原文：原文\n（问题清单第 1 条"
    )
    assert "【核实性】变化很大" in sheet["E10"].comment.text
    ours = {
        str(area.sqref): [rule.priority for rule in rules]
        for area, rules in sheet.conditional_formatting._cf_rules.items()
        if any("ogi-report" in str(rule.formula) for rule in rules)
    }
    assert set(ours) == {"E9:E10"} or set(ours) == {"E9 E10"}
    others = [
        rule.priority
        for area in sheet.conditional_formatting
        for rule in area.rules
        if "ogi-report" not in str(rule.formula)
    ]
    assert max(max(p) for p in ours.values()) < min(others), "our colours come first"
    listed = book[LIST]
    assert book.active.title == LIST
    assert [listed.cell(5, col).value for col in (2, 3, 4, 5, 7)] == [
        1,
        "强制性",
        "表三!E9",
        "=1+1 两边不等",
        "表三!E9 改为 738",
    ]
    assert listed["D5"].hyperlink.location == "'表三'!E9"
    assert sheet["B4"].value == "◀ 本表有 2 项问题"
    assert sheet["B4"].hyperlink.location == f"'{LIST}'!B5"


def test_text_of_others_is_never_a_formula(blank, marks):
    book = opened(annotate(blank(), "form.xlsx", marks(blank())))
    cell = book[LIST]["E5"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_returning_it_again_replaces_the_marks(blank, marks, read):
    content = blank()
    once = annotate(content, "form.xlsx", marks(content))
    twice = annotate(once, "form.xlsx", marks(once))
    assert everything(twice, ()) == everything(once, ())
    assert [s.title for s in opened(twice).worksheets] == [s.title for s in opened(once).worksheets]
    assert [c.comment.text for r in opened(twice)["表三"]["E9:E10"] for c in r] == [
        c.comment.text for r in opened(once)["表三"]["E9:E10"] for c in r
    ]
    assert annotate(twice, "form.xlsx", marks(twice)) == annotate(once, "form.xlsx", marks(once)), "it does not grow"
    cleared = opened(annotate(once, "form.xlsx", Return("好", "", (), ())))
    assert not [cell for sheet in cleared for row in sheet.iter_rows() for cell in row if cell.comment]


def test_a_clerks_own_comment_stays_and_ours_follows_it(blank, edited, marks):
    def noted(book):
        book["表三"]["E9"].comment = Comment("请科长核对", "张")
        book["表三"]["E20"].comment = Comment("另一处", "张")

    content = edited(blank(), noted)
    once = annotate(content, "form.xlsx", marks(content))
    sheet = opened(once)["表三"]
    assert sheet["E9"].comment.text.startswith("请科长核对")
    assert "两边不等" in sheet["E9"].comment.text
    assert sheet["E20"].comment.text == "另一处"
    cleared = opened(annotate(once, "form.xlsx", Return("好", "", (), ())))["表三"]
    assert cleared["E9"].comment.text == "请科长核对"
    assert cleared["E10"].comment is None


def test_the_same_return_gives_the_same_bytes(blank, marks):
    assert annotate(blank(), "f", marks(blank())) == annotate(blank(), "f", marks(blank()))


@pytest.mark.slow
def test_libreoffice_opens_a_returned_workbook_and_keeps_its_marks(blank, filled, marks, read, saved_again):
    content = filled(blank(), {CELL: 783})
    (saved,) = saved_again([annotate(content, "form.xlsx", marks(content))])
    book = opened(saved)
    assert "两边不等" in book["表三"]["E9"].comment.text
    assert read(saved).figures[CELL].value == 783
    again = opened(annotate(saved, "form.xlsx", marks(saved)))
    assert [s.title for s in again.worksheets] == [s.title for s in book.worksheets]
    assert again["表三"]["E9"].comment.text.count("两边不等") == 1


# -- from findings to marks -------------------------------------------------------------------------------------------


@pytest.fixture
def swapped(small_project, put_workbook):
    """A workbook of 示例局 in which 本年新收 of 自然人 should be 738."""
    cells = {
        f"applications.{row}.{column}": value
        for row, value in (("received", 738), ("granted", 738), ("handled_total", 738))
        for column in ("natural_person", "total")
    }
    project = small_project(cells | {CELL: 783}, narrative="## 一、总体情况\n\n本年度收到申请 900 件。\n")
    from ogi_report.report import Report

    content = write_workbook(form_of_report(Report.open("ju", 2024, project=project)))
    return project, put_workbook(content)


def test_the_cell_that_is_most_likely_wrong_is_suggested_with_its_number(swapped):
    project, path = swapped
    filled_in = open_workbook(path, project=project)
    book = opened(filled_in.returned(filled_in.report.check()))
    lines = [[cell.value for cell in row] for row in book[LIST].iter_rows(min_row=5)]
    balance = next(line for line in lines if "T3-BALANCE" in line)
    assert balance[3] == "表三!E9"
    assert balance[6] == "表三!E9 改为 738"
    assert "改为 738" in book["表三"]["E9"].comment.text


def test_a_finding_about_words_leads_to_the_paragraph(swapped):
    project, path = swapped
    filled_in = open_workbook(path, project=project)
    place = next(place for place, text in filled_in.workbook.words.cells if "900" in text)
    book = opened(filled_in.returned(filled_in.report.check()))
    quoting = [row for row in book[LIST].iter_rows(min_row=5) if row[5].value and "900" in row[5].value]
    assert quoting
    assert quoting[0][3].hyperlink.location == f"'正文'!{place.name}"


def test_a_workbook_from_elsewhere_is_checked_without_a_project(blank, filled, put_workbook):
    path = put_workbook(filled(blank(), {CELL: 3}), "某局.xlsx")
    filled_in = open_workbook(path)
    assert (filled_in.report.agency, filled_in.report.year) == ("某局", 2024)
    assert filled_in.report.check().counts["error"] >= 0
    assert filled_in.report.figures[CELL].value == 3


def test_strict_workbooks_are_read_but_not_marked(blank, marks, read):
    content = blank()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            target.writestr(name, part)
    assert read(out.getvalue()).figures
    with pytest.raises(DataError, match="严格开放 XML"):
        annotate(out.getvalue(), "form.xlsx", marks(content))
