"""Workbooks are read exactly as they are stored, and official tables pasted into sheets are found whole."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.errors import DataError
from ogi_report.forms import Grid, Role, Slot
from ogi_report.readers.document import FoundTable, Paragraph
from ogi_report.readers.sheets import Style, _number
from ogi_report.readers.xlsx import read_xlsx
from ogi_report.writers import Heading, Text, write_xlsx


@pytest.fixture
def workbook():
    """`workbook(lambda sheet, book: …)`: what is read of a workbook that XlsxWriter fills."""

    def make(fill, name="表"):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        fill(book.add_worksheet(name), book)
        book.close()
        return read_xlsx(out.getvalue(), "年报.xlsx")

    return make


@pytest.fixture
def stored(make_zip):
    """Reads a sheet with this XML, as programs other than Excel write it."""

    def read(sheet: str, styles: str = "", strings: str = "", properties: str = ""):
        space = (
            'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        )
        parts = {
            "xl/workbook.xml": f'<workbook {space}>{properties}<sheets><sheet name="表" r:id="a"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="x">'
            '<Relationship Id="a" Type="x/worksheet" Target="/xl/worksheets/s.xml"/>'
            '<Relationship Id="b" Type="x/styles" Target="styles.xml"/>'
            '<Relationship Id="c" Type="x/sharedStrings" Target="strings.xml"/></Relationships>',
            "xl/worksheets/s.xml": f"<worksheet {space}>{sheet}</worksheet>",
            "xl/styles.xml": f"<styleSheet {space}>{styles}</styleSheet>",
            "xl/strings.xml": f"<sst {space}>{strings}</sst>",
        }
        return read_xlsx(make_zip(parts), "年报.xlsx")

    return read


def shape(document) -> list[str]:
    return [p.text if isinstance(p, Paragraph) else f"{p.height}×{p.width}" for p in document.pieces]


def texts(document) -> list[list[str]]:
    return [[cell.text for cell in row] for row in document.tables[0].rows()]


# -- what we write -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_official_tables_come_back_with_every_merged_cell(form, layout, any_figures, slots):
    @given(figures=any_figures(form))
    def holds(figures):
        grids = [figures.grid(table.key) for table in layout(form).tables]
        found = read_xlsx(write_xlsx(grids), "年报.xlsx").tables
        assert [slots(t) for t in found] == [{(*s[:4], s[4].strip()) for s in slots(grid)} for grid in grids]

    holds()


@given(
    st.decimals(0, 10**9, places=2).map(lambda d: f"{d.normalize():f}"),
    st.integers(0, 10**15 - 1).map(str),
    st.sampled_from(["007", "1.50", "+8", "-3", "1,024", "12件", "=1+1", "1e5", "9" * 16, "１２", "0.1", "."]),
)
def test_a_number_comes_back_as_it_was_written(amount, count, odd):
    row = [Slot(0, n, 1, 1, text, Role.VALUE) for n, text in enumerate([amount, count, odd])]
    found = read_xlsx(write_xlsx([Grid("t", "", 3, tuple(row), ((0, 0, 1),))]), "年报.xlsx").tables[0]
    assert [cell.text for cell in found.cells] == [amount, count, odd]


def test_text_that_looks_like_a_formula_stays_text():
    content = write_xlsx([Heading("=HYPERLINK(1)"), Text("+1+1"), Text("@SUM(1)"), Text("http://x.y/")])
    assert shape(read_xlsx(content, "年报.xlsx")) == ["=HYPERLINK(1)", "+1+1", "@SUM(1)", "http://x.y/"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in archive.namelist()


def test_the_same_pieces_give_the_same_bytes(figures_of):
    pages = [Heading("年度报告", 0), Text("正文。"), figures_of().grid("remedies")]
    assert write_xlsx(pages, "题") == write_xlsx(pages, "题")
    assert read_xlsx(write_xlsx(pages, "题"), "年报.xlsx").title == "题"


# -- numbers as they are stored ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored_as", "reads"),
    [
        ("5.0", "5"),
        ("5", "5"),
        ("1E+3", "1000"),
        ("4145261.25", "4145261.25"),
        ("0.30000000000000004", "0.3"),
        ("75394432.519999996", "75394432.52"),
        ("-3", "-3"),
        ("-0.0", "0"),
        ("1.0E-2", "0.01"),
        ("123456789012345", "123456789012345"),
        ("1E+300", "1E+300"),
        ("NaN", "NaN"),
        ("三", "三"),
    ],
)
def test_numbers_are_exact(stored_as, reads, stored):
    assert texts(stored(f"<row><c><v>{stored_as}</v></c><c><v>1</v></c></row>")) == [[reads, "1"]]


@given(st.decimals(0, 10**12, places=2))
def test_a_binary_float_prints_as_the_decimal_that_was_typed(number):
    binary = f"{float(number):.17g}"
    expected = Decimal(f"{float(number):.15g}")
    assert Decimal(_number(binary, Style(), False)) == expected


def test_numbers_keep_the_unit_and_the_percent_sign_of_their_format(workbook):
    def fill(sheet, book):
        for col, (number, code) in enumerate(
            [(12.5, '0.00"万元"'), (8, '0"件"'), (5, "0元"), (0.125, "0.0%"), (1234, "#,##0"), (3, '"第"0"项"'), (120000, '0!.0,"万元"')]
        ):  # fmt: skip
            sheet.write_number(0, col, number, book.add_format({"num_format": code}))

    assert texts(workbook(fill)) == [["12.5万元", "8件", "5元", "12.5%", "1234", "3", "120000"]]


def test_dates_booleans_and_errors_are_read_as_they_are_shown(workbook):
    def fill(sheet, book):
        date = book.add_format({"num_format": "yyyy年m月d日"})
        sheet.write_datetime(0, 0, dt.datetime(2022, 1, 28), date)
        sheet.write_datetime(0, 1, dt.datetime(2022, 1, 28, 9, 30), date)
        sheet.write_boolean(0, 2, True)
        sheet.write_formula(0, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(0, 4, "=SUM(A1:A2)", None, 7)
        sheet.write_formula(0, 5, '="甲"', None, "甲")

    assert texts(workbook(fill)) == [["2022-01-28", "2022-01-28 09:30:00", "TRUE", "#DIV/0!", "7", "甲"]]


def test_days_are_counted_from_1904_in_workbooks_of_old_macs(stored):
    styles = '<cellXfs><xf numFmtId="14"/></cellXfs>'
    row = '<row><c s="0"><v>1</v></c><c s="0"><v>61</v></c></row>'
    assert texts(stored(row, styles)) == [["1900-01-01", "1900-03-01"]]
    assert texts(stored(row, styles, properties='<workbookPr date1904="1"/>')) == [["1904-01-02", "1904-03-02"]]


def test_a_formula_that_nobody_calculated_is_shown_as_one(stored):
    assert texts(stored("<row><c><f>SUM(A2:A3)</f></c><c><v>1</v></c></row>")) == [["=SUM(A2:A3)", "1"]]


def test_strings_of_all_kinds(stored):
    strings = "<si><r><t>行政</t></r><r><t>许可</t></r><rPh><t>xukě</t></rPh></si><si><t>a_x000D_\nb_x4E2D_</t></si>"
    row = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>内</t></is></c>'
        '<c t="str"><v>串</v></c><c t="s"><v>99</v></c><c t="b"><v>0</v></c></row>'
    )
    assert texts(stored(row, strings=strings)) == [["行政许可", "a\nb中", "内", "串", "", "FALSE"]]


def test_cells_and_rows_without_references_follow_each_other(stored):
    sheet = '<row r="3"><c><v>1</v></c><c r="D3"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    assert texts(stored(sheet)) == [["1", "", "", "2", "3"], ["4", "", "", "", ""]]


# -- which cells are a table -------------------------------------------------------------------------------------------


def test_hidden_sheets_are_left_out_and_sheets_are_named(workbook):
    def fill(sheet, book):
        sheet.write_row(0, 0, [1, 2])
        hidden = book.add_worksheet("去年")
        hidden.write_row(0, 0, [3, 4])
        hidden.hide()
        book.add_worksheet("表三").write_row(4, 2, [5, 6])

    document = workbook(fill, "表二")
    assert [t.place for t in document.tables] == ["工作表“表二”第 1–1 行", "工作表“表三”第 5–5 行"]
    assert [[c.text for c in t.cells] for t in document.tables] == [["1", "2"], ["5", "6"]]


def test_headings_and_sentences_part_tables_that_touch(figures_of, slots):
    figures = figures_of(fill=None)
    pages = [
        Heading("某局年度报告", 0), Heading("一、总体情况"), Text("工作正常。"), Heading("二、主动公开政府信息情况"),
        figures.grid("disclosure"), Heading("三、收到和处理政府信息公开申请情况"), figures.grid("applications"),
    ]  # fmt: skip
    document = read_xlsx(write_xlsx(pages), "年报.xlsx")
    assert shape(document) == [
        "某局年度报告", "一、总体情况", "工作正常。", "二、主动公开政府信息情况", "14×4",
        "三、收到和处理政府信息公开申请情况", "28×10",
    ]  # fmt: skip
    assert [slots(t) for t in document.tables] == [slots(p) for p in pages if hasattr(p, "slots")]


def test_a_label_with_blanks_beside_it_is_not_taken_for_a_heading(workbook, layout):
    labels = [record.label for record in layout("2021").table("applications").records.values()]

    def fill(sheet, book):
        sheet.write_row(0, 0, ["某局", "自然人", "总计"])
        for row, label in enumerate(labels, start=1):
            sheet.write_string(row, 0, label)

    assert shape(workbook(fill)) == [f"{len(labels) + 1}×3"]


def test_tables_without_a_heading_between_them_are_parted_by_an_empty_row(workbook):
    def fill(sheet, book):
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["c", "d"])
        sheet.write_row(3, 0, ["e", "f"])

    assert shape(workbook(fill)) == ["2×2", "1×2"]


def test_rows_inside_a_merged_cell_are_not_parted(workbook):
    def fill(sheet, book):
        sheet.merge_range(0, 0, 4, 0, "三")
        sheet.write_string(0, 1, "甲")
        sheet.write_string(4, 1, "乙")

    assert shape(workbook(fill)) == ["5×2"]


def test_lines_above_and_below_a_table_are_paragraphs(workbook):
    def fill(sheet, book):
        sheet.merge_range(0, 0, 0, 2, "某局2021年政府信息公开工作年度报告")
        sheet.write_string(1, 2, "单位：件")
        sheet.write_row(2, 0, ["规章", 0, 1])
        sheet.write_string(3, 0, "填报人：某某")

    assert shape(workbook(fill)) == ["某局2021年政府信息公开工作年度报告", "单位：件", "1×3", "填报人：某某"]


def test_the_blank_row_of_a_table_is_there_if_it_has_borders(workbook):
    def fill(sheet, book):
        border = book.add_format({"border": 1})
        sheet.write_row(0, 0, ["结果维持", "结果纠正"])
        sheet.write_blank(1, 0, None, border)
        sheet.write_blank(1, 1, None, border)

    assert texts(workbook(fill)) == [["结果维持", "结果纠正"], ["", ""]]


def test_what_a_merged_cell_hides_is_not_read(stored):
    sheet = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>9</v></c><c r="C1"><v>2</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )
    assert [(c.col, c.colspan, c.text) for c in stored(sheet).tables[0].cells] == [(0, 2, "1"), (2, 1, "2")]


# -- within bounds -----------------------------------------------------------------------------------------------------


def test_a_stray_cell_in_the_last_corner_is_no_part_of_the_table(stored):
    sheet = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="1048576"><c r="XFC1048576"><v>3</v></c><c r="XFD1048576"><v>4</v></c></row>'
    )
    assert shape(stored(sheet)) == ["1×2", "1×2"]


def test_a_table_as_wide_as_a_sheet_is_refused(stored):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>2</v></c></row>' for n in range(1, 9))
    with pytest.raises(DataError, match="不像年度报告的表格"):
        stored(rows)


def test_a_sheet_with_a_million_formatted_rows_is_read(stored):
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(3, 300_000))
    assert shape(stored(f'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>{rows}')) == ["1×2"]


def test_far_too_many_cells_are_refused(stored):
    with pytest.raises(DataError, match="内容过多"):
        stored("".join(f'<row r="{n}"><c><v>{n * 7919 % 100_003}</v></c></row>' for n in range(1, 200_002)))


def test_one_long_text_in_very_many_cells_does_not_fill_the_memory(stored):
    cell = '<c t="s"><v>0</v></c>'
    with pytest.raises(DataError, match="内容过多"):
        stored(f"<row>{cell * 300}</row>", strings=f"<si><t>{'字' * 100_000}</t></si>")


def test_macros_are_not_looked_at(make_zip, repacked, figures_of):
    content = repacked(write_xlsx([figures_of().grid("remedies")]), "docProps/app.xml", b"\x00 no xml")
    assert isinstance(read_xlsx(content, "年报.xlsm").tables[0], FoundTable)
