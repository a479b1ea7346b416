"""A workbook that was pulled about: each doubtful place gets a message that names it, and what is certain is still read."""

from __future__ import annotations

import io
import zipfile

import pytest

from ogi_report.errors import DataError
from ogi_report.figures import Kind

RECEIVED = "applications.received.total"


@pytest.fixture
def refusal(read):
    """What is said of a workbook that cannot be read."""

    def told(content, form="2021", **more):
        with pytest.raises(DataError) as refused:
            read(content, form, **more)
        return "\n".join(refused.value.messages)

    return told


def rename(book):
    for number, sheet in enumerate(book.worksheets):
        sheet.title = f"工作表{number}"


def test_sheets_may_be_renamed_moved_and_hidden(blank, filled, edited, read):
    def pulled(book):
        rename(book)
        book.move_sheet(book.worksheets[2], 2)
        book.worksheets[1].sheet_state = "hidden"

    workbook = read(edited(filled(blank(), {RECEIVED: 5}), pulled))
    assert workbook.figures[RECEIVED].value == 5
    assert workbook.places[RECEIVED].sheet == "工作表2"


def test_rows_and_columns_may_be_inserted_where_nothing_is(blank, filled, edited, read, insert_row, insert_column):
    cells = {RECEIVED: 5, "remedies.review.total": 3, "disclosure.licence.decisions": 8}

    def pulled(book):
        insert_row(book["表三"], 3)
        insert_row(book["表三"], 10)
        insert_column(book["表三"], 1)
        insert_column(book["表三"], 7)
        insert_column(book["表四"], 4)
        insert_row(book["表二"], 1)

    workbook = read(edited(filled(blank(), cells), pulled))
    assert {key: workbook.figures[key].value for key in cells} == cells
    assert workbook.figures.missing == ()


def test_a_number_in_an_inserted_row_or_column_belongs_to_nothing(blank, edited, refusal, insert_row, insert_column):
    def row(book):
        insert_row(book["表三"], 10)
        book["表三"]["E10"] = 5

    def column(book):
        insert_column(book["表三"], 6)
        book["表三"]["F10"] = 6

    assert "第 10 行：E10“5”，这一行没有隐藏代码，像是插入的行" in refusal(edited(blank(), row))
    assert "第 10 行：F10“6”，这一列没有隐藏代码，像是插入的列" in refusal(edited(blank(), column))


def test_a_deleted_row_is_missing_and_its_neighbours_are_in_their_place(blank, filled, edited, read):
    content = filled(blank(), {"applications.carried_out.total": 4, RECEIVED: 5})
    row = read(content).places["applications.handled_total.total"].row + 1

    def pulled(book):
        sheet = book["表三"]
        for merged in list(sheet.merged_cells.ranges):
            if merged.min_row >= row:
                sheet.unmerge_cells(str(merged))
        sheet.delete_rows(row)

    figures = read(edited(content, pulled)).figures
    assert [found.record for found in figures.missing] == ["handled_total"]
    assert figures["applications.carried_out.total"].value == 4
    assert figures["applications.handled_total.total"].kind is Kind.BLANK


def test_a_row_that_was_moved_keeps_its_numbers(blank, filled, edited, read):
    """Cut and pasted elsewhere: key, label and numbers move together."""
    content = filled(blank(), {"disclosure.penalty.decisions": 7})
    place = read(content).places["disclosure.penalty.decisions"]

    def pulled(book):
        sheet = book["表二"]
        for merged in list(sheet.merged_cells.ranges):
            if merged.min_row in (place.row + 1, place.row + 2):
                sheet.unmerge_cells(str(merged))
        for col in (1, 2, 3):
            upper, lower = sheet.cell(place.row + 1, col), sheet.cell(place.row + 2, col)
            upper.value, lower.value = lower.value, upper.value

    assert read(edited(content, pulled)).figures["disclosure.penalty.decisions"].value == 7


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("＝", Kind.TEXT),
        ("１２", Kind.NUMBER),
        ("007", Kind.NUMBER),
        ("3件", Kind.NUMBER),
        ("12", Kind.NUMBER),
        ("-", Kind.PLACEHOLDER),
    ],
)
def test_text_in_a_number_cell_is_kept_as_it_was_typed(raw, kind, blank, filled, read):
    cell = read(filled(blank(), {RECEIVED: raw})).figures[RECEIVED]
    assert (cell.raw, cell.kind) == (raw, kind)


def test_a_formula_is_no_typed_number_whatever_it_comes_to(blank, filled, read, checked):
    workbook = read(filled(blank(), {RECEIVED: "=SUM(E9:J9)"}))
    cell = workbook.figures[RECEIVED]
    assert (cell.raw, cell.kind) == ("=SUM(E9:J9)", Kind.TEXT)
    (finding,) = [f for f in checked(workbook.figures) if f.rule == "V-TEXT"]
    assert finding.message == (
        "“一、本年新收政府信息公开申请数量 · 总计”是公式“=SUM(E9:J9)”，不是填写的数；请改成数字（复制后“选择性粘贴”为“数值”）。"
    )


def test_an_error_value_is_told_as_one(blank, filled, edited, read, checked):
    def broken(book):
        cell = book["表三"]["K9"]
        cell.value = "#REF!"
        cell.data_type = "e"

    workbook = read(edited(blank(), broken))
    assert workbook.figures[RECEIVED].raw == "#REF!"
    assert any("错误值“#REF!”" in f.message for f in checked(workbook.figures))


def test_headings_that_were_merged_away_or_changed_are_asked_for(blank, edited, refusal):
    def merged(book):
        book["表三"].merge_cells("F7:G7")

    def exchanged(book):
        book["表三"]["F7"], book["表三"]["G7"] = "科研机构", "商业企业"

    assert "G 列的表头“科研机构”不见了" in refusal(edited(blank(), merged))
    told = refusal(edited(blank(), exchanged))
    assert "F 列的表头是“科研机构”，隐藏的代码却是“商业企业”" in told


def test_number_cells_that_were_merged_are_asked_for(blank, edited, refusal):
    told = refusal(edited(blank(), lambda book: book["表三"].merge_cells("E9:F9")))
    assert "F9（一、本年新收政府信息公开申请数量 · 商业企业）被合并到 E9 里" in told


def test_labels_that_changed_places_are_asked_for(blank, edited, refusal):
    def exchanged(book):
        sheet = book["表三"]
        sheet["B9"], sheet["B10"] = sheet["B10"].value, sheet["B9"].value

    told = refusal(edited(blank(), exchanged))
    assert "第 9 行的标签是“二、上年结转政府信息公开申请数量”，隐藏的代码却是“一、本年新收政府信息公开申请数量”" in told


def test_another_wording_of_a_label_is_noted_not_refused(blank, edited, read):
    def reworded(book):
        book["表三"]["B9"] = "本年收到的申请"

    (found,) = read(edited(blank(), reworded)).figures.labels
    assert (found.record, found.found) == ("received", "本年收到的申请")


def test_numbers_in_a_row_to_add_want_its_name(blank, edited, refusal):
    def nameless(book):
        sheet = book["表二"]
        row = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("local.own_"))
        sheet.cell(row, 3).value = 9

    assert "C10“9”，却没有写这一行的名称" in refusal(edited(blank(), nameless))


def test_a_deleted_sheet_and_a_copied_one_are_told(blank, edited, refusal):
    def deleted(book):
        del book["表四"]

    def copied(book):
        book.copy_worksheet(book["表三"]).title = "表三（改）"

    assert "找不到表四（政府信息公开行政复议、行政诉讼情况）的工作表" in refusal(edited(blank(), deleted))
    assert "工作表“表三”、“表三（改）”都是表三" in refusal(edited(blank(), copied))


def test_hidden_keys_that_were_deleted_leave_a_table_unreadable(blank, edited, refusal):
    def deleted(book):
        book["表三"].delete_rows(8)

    assert "表三”：隐藏的代码行不见了" in refusal(edited(blank(), deleted))


def test_a_hidden_row_between_blocks_that_was_deleted_loses_no_number_silently(blank, filled, edited, read, refusal):
    content = filled(blank(), {"disclosure.penalty.decisions": 7})
    row = read(content).places["disclosure.penalty.decisions"].row

    def deleted(book):
        sheet = book["表二"]
        for merged in list(sheet.merged_cells.ranges):
            if merged.min_row >= row:
                sheet.unmerge_cells(str(merged))
        sheet.delete_rows(row)

    assert "表中间的隐藏代码行不见了" in refusal(edited(content, deleted))


def test_every_problem_is_told_at_once(blank, edited, refusal):
    def pulled(book):
        del book["表四"]
        book["表三"].merge_cells("E9:F9")

    assert len(refusal(edited(blank(), pulled)).splitlines()) == 2


def test_the_workbook_of_another_year_agency_or_layout_is_refused(content_of, figures_of, refusal):
    from ogi_report.writers.workbook import write_workbook

    content = write_workbook(content_of(figures_of(), year=2023, agency="jiaoyu"))
    told = refusal(content, belongs_to=("ju", 2024))
    assert "是 2023 年的填报表，却放在 2024 年的文件夹里" in told
    assert "是 jiaoyu 的填报表，却放在 ju 的文件夹里" in told
    assert "是按 2021 年表样填写的，而本报告用的是 2019 年表样" in refusal(content, "2019")


# -- files that are no workbook of ours --------------------------------------------------------------------------------


def test_a_password_an_old_format_and_half_a_file_are_told(blank, refusal):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000
    assert "设有打开密码，或者是旧版格式" in refusal(ole)
    assert "已损坏或不完整" in refusal(blank()[:9000])
    assert "空文件" in refusal(b"")


def test_another_workbook_is_no_form(refusal):
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert "不是填报表：找不到隐藏的代码" in refusal(out.getvalue())


def with_macros(content: bytes) -> bytes:
    """A workbook as Excel saves it with macros: another type, and a part that holds programs."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name).decode()
            if name == "[Content_Types].xml":
                part = part.replace(
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    "<Override",
                    '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override',
                    1,
                )
            if name == "xl/_rels/workbook.xml.rels":
                part = part.replace(
                    "</Relationships>",
                    '<Relationship Id="rIdM" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"'
                    ' Target="vbaProject.bin"/></Relationships>',
                )
            target.writestr(name, part)
        target.writestr("xl/vbaProject.bin", b"Attribute VB_Name")
    return out.getvalue()


def test_macros_are_neither_run_nor_handed_on(blank, filled, read):
    from ogi_report.writers.returned import Return, annotate

    content = with_macros(filled(blank(), {RECEIVED: 5}))
    assert read(content).figures[RECEIVED].value == 5
    returned = annotate(content, "form.xlsm", Return("标题", "", (), ()))
    with zipfile.ZipFile(io.BytesIO(returned)) as package:
        assert "xl/vbaProject.bin" not in package.namelist()
        texts = "".join(package.read(n).decode() for n in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"))
    assert "vba" not in texts.lower()
    assert "macroEnabled" not in texts
    assert read(returned).figures[RECEIVED].value == 5
