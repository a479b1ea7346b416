"""PDF files with a text layer are read cell by cell; scans and broken files are told apart from them."""

from __future__ import annotations

import random
import zlib

import pytest
from hypothesis import given, settings

from ogi_report.errors import DataError, OgiError
from ogi_report.readers.document import FoundTable, Paragraph
from ogi_report.readers.pdf import read_pdf

pytest.importorskip("pdfplumber", reason="the extra `pdf` is not installed")


def texts(document) -> list[str]:
    return [piece.text for piece in document.pieces if isinstance(piece, Paragraph)]


def one_line(cells):
    """Cells as they are compared with a form: where a narrow box breaks a text is the printer's affair."""
    return {(*cell[:4], "".join(cell[4].split())) for cell in cells}


@pytest.fixture(scope="session")
def prose(sheet):
    """A page with some lines of text, so that nothing is taken for a scan."""

    def page(*lines: str):
        page = sheet()
        for number, line in enumerate(lines or ("本年度政府信息公开工作正常开展，没有需要说明的其他事项。",)):
            page.write(60, 100 + 20 * number, line, 12)
        return page

    return page


# -- tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_ruled_tables_come_back_with_every_merged_cell(form, layout, consistent, sheet, make_pdf, draw, slots):
    @settings(max_examples=6)
    @given(figures=consistent(form))
    def holds(figures):
        pages, grids = [], []
        for table in layout(form).tables:
            grids.append(figures.grid(table.key))
            pages.append(sheet())
            draw(grids[-1], pages[-1])
        found = read_pdf(make_pdf(pages), "年报.pdf").tables
        assert [one_line(slots(t)) for t in found] == [one_line(slots(grid)) for grid in grids]
        assert [t.place for t in found] == [f"第 {n} 页的表格" for n in range(1, len(grids) + 1)]

    holds()


def test_a_table_goes_on_over_the_page_as_two_tables(figures_of, sheet, make_pdf, draw):
    figures = figures_of({"applications.received.total": 41}, fill=3)
    grid = figures.grid("applications")
    first, second = sheet(), sheet()
    draw(grid, first, 500, range(15))
    draw(grid, second, 60, range(15, grid.height))
    document = read_pdf(make_pdf([first, second]), "年报.pdf")
    assert [type(piece) for piece in document.pieces] == [FoundTable, FoundTable]
    assert [(t.height, t.width) for t in document.tables] == [(15, 10), (grid.height - 15, 10)]
    numbers = [cell.text for t in document.tables for cell in t.cells if cell.text.isdigit()]
    assert numbers.count("3") == 174
    assert numbers.count("41") == 1


def test_a_cell_without_a_lower_line_at_the_page_end_stays_a_cell(sheet, make_pdf, prose):
    page = prose("以下为表格，其中一格延续到下一页，因此没有下边线。")
    for x in (100, 200, 300):
        page.line(x, 300, x, 360)
    page.line(100, 300, 300, 300).line(200, 330, 300, 330).line(200, 360, 300, 360)
    page.write(105, 320, "三、本年度").write(105, 350, "办理结果").write(210, 320, "12").write(210, 350, "34")
    document = read_pdf(make_pdf([page]), "年报.pdf")
    assert {(c.row, c.col, c.rowspan, c.text) for c in document.tables[0].cells} == {
        (0, 0, 2, "三、本年度\n办理结果"),
        (0, 1, 1, "12"),
        (1, 1, 1, "34"),
    }
    assert len(texts(document)) == 1


def test_a_table_without_lines_at_its_sides_has_its_outer_columns(sheet, make_pdf, prose):
    page = prose()
    for row, words in enumerate(
        [("信息内容", "本年制发件数", "现行有效件数"), ("规章", "1", "2"), ("规范性文件", "3", "4")]
    ):
        page.line(100, 300 + 20 * row, 400, 300 + 20 * row)
        for col, word in enumerate(words):
            page.write(105 + 100 * col, 314 + 20 * row, word)
    page.line(100, 360, 400, 360).line(200, 300, 200, 360).line(300, 300, 300, 360)
    found = read_pdf(make_pdf([page]), "年报.pdf").tables[0]
    assert [[c.text for c in row] for row in found.rows()] == [
        ["信息内容", "本年制发件数", "现行有效件数"], ["规章", "1", "2"], ["规范性文件", "3", "4"],
    ]  # fmt: skip


def test_columns_of_a_table_above_do_not_move_those_below(sheet, make_pdf, prose):
    page = prose()
    for step in range(40):
        page.line(100 + 2.5 * step, 200, 100 + 2.5 * step, 220)  # a comb of columns, each close to the next
    page.line(100, 200, 300, 200).line(100, 220, 300, 220)
    for x in (100, 120.5, 141, 161.5, 182):
        page.line(x, 300, x, 320)
    page.line(100, 300, 182, 300).line(100, 320, 182, 320)
    for number, x in enumerate((100.8, 121.3, 141.8, 162.3), start=1):
        page.write(x, 312, str(number), 7)
    assert [c.text for c in read_pdf(make_pdf([page]), "年报.pdf").tables[-1].cells] == ["1", "2", "3", "4"]


def test_two_numbers_side_by_side_never_become_one(sheet, make_pdf, prose):
    page = prose()
    page.box(100, 300, 100, 30).box(200, 300, 100, 30)
    page.write(110, 320, "396").write(132, 320, "442").write(210, 318, "5").write(210, 328, "7")
    assert [c.text for c in read_pdf(make_pdf([page]), "年报.pdf").tables[0].cells] == ["396 442", "5\n7"]


def rows_of(page, rows, left=100, width=26, top=300):
    """Draws narrow boxes with the lines of each."""
    for number, row in enumerate(rows):
        for col, lines in enumerate(row):
            page.box(left + col * width, top + 40 * number, width, 40)
            for down, line in enumerate(lines):
                page.write(left + col * width + 6, top + 40 * number + 14 + 13 * down, line, 12)


def test_a_number_that_a_narrow_box_broke_is_one_number(sheet, make_pdf, prose):
    page = prose()
    rows_of(page, [[["12", "88"], ["0"], ["10", "5"]], [["1"], ["2"], ["3"]]])
    found = read_pdf(make_pdf([page]), "年报.pdf").tables[0].rows()
    assert [[c.text for c in row] for row in found] == [["1288", "0", "105"], ["1", "2", "3"]]


def test_numbers_one_below_the_other_stay_two_numbers(sheet, make_pdf, prose):
    page = prose()
    rows_of(page, [[["12", "88"], ["10", "11"]], [["1"], ["2"]]])  # the line between two rows is lost
    rows_of(page, [[["1", "2"], ["0"]], [["12", "345"], ["0"]]], left=300)
    rows_of(page, [[["12", "88"], ["0"]]], left=100, width=60, top=500)  # there was room for a third digit
    found = read_pdf(make_pdf([page]), "年报.pdf").tables
    stacked = sorted(c.text for t in found for c in t.cells if "\n" in c.text)
    assert stacked == ["1\n2", "10\n11", "12\n345", "12\n88", "12\n88"]


def test_bold_type_made_by_printing_twice_counts_once(sheet, make_pdf, prose):
    page = prose()
    page.box(100, 300, 100, 30).box(200, 300, 100, 30)
    page.write(110, 320, "12").write(110.3, 320, "12").write(210, 320, "11")
    assert [c.text for c in read_pdf(make_pdf([page]), "年报.pdf").tables[0].cells] == ["12", "11"]


def test_a_frame_around_text_is_no_table(sheet, make_pdf, prose):
    page = prose("第一行文字写得长一些免得被当作扫描件。").box(50, 80, 400, 30)
    document = read_pdf(make_pdf([page]), "年报.pdf")
    assert document.tables == ()
    assert texts(document) == ["第一行文字写得长一些免得被当作扫描件。"]


# -- text --------------------------------------------------------------------------------------------------------------


def test_lines_are_joined_to_paragraphs_as_a_reader_does(sheet, make_pdf):
    page = sheet()
    page.write(150, 60, "某局2021年政府信息公开工作年度报告", 18)
    lines = [
        (84, "一、总体情况"),
        (84, "本机关认真贯彻落实条例要求全年公开信息三百件其中办"),
        (60, "公室牵头"),
        (84, "（一）主动公开。全年发布信息二百三十四条比上年多十条。"),
        (84, "（二）依申请公开。全年收到申请十二件全部按期答复了。"),
    ]
    for number, (x, text) in enumerate(lines):
        page.write(x, 100 + 20 * number, text, 12)
    page.write(280, 820, "— 1 —", 9)
    second = sheet().write(60, 60, "二、主动公开政府信息情况", 12).write(290, 820, "2", 9)
    assert texts(read_pdf(make_pdf([page, second]), "年报.pdf")) == [
        "某局2021年政府信息公开工作年度报告",
        "一、总体情况",
        "本机关认真贯彻落实条例要求全年公开信息三百件其中办公室牵头",
        "（一）主动公开。全年发布信息二百三十四条比上年多十条。",
        "（二）依申请公开。全年收到申请十二件全部按期答复了。",
        "二、主动公开政府信息情况",
    ]


def test_a_paragraph_goes_on_over_the_page(sheet, make_pdf):
    first = sheet().write(60, 100, "本机关认真贯彻落实条例要求切实保障公众的知情权，全年共", 12)
    second = sheet().write(60, 60, "公开信息三百件。", 12)
    found = read_pdf(make_pdf([first, second]), "年报.pdf").pieces
    assert [(p.text, p.place) for p in found] == [
        ("本机关认真贯彻落实条例要求切实保障公众的知情权，全年共公开信息三百件。", "第 1 页")
    ]


def test_running_heads_are_dropped_if_they_stand_on_most_pages(sheet, make_pdf, prose):
    pages = [prose(f"第{n}部分的正文写得长一些免得被当作扫描件。").write(60, 40, "某局年度报告") for n in "一二三"]
    assert texts(read_pdf(make_pdf(pages), "年报.pdf")) == [
        f"第{n}部分的正文写得长一些免得被当作扫描件。" for n in "一二三"
    ]


def test_text_off_the_page_is_not_read(sheet, make_pdf, prose):
    page = prose("看得见的文字写得长一些免得被当作扫描件。").write(60, 900, "看不见").write(700, 100, "看不见")
    assert texts(read_pdf(make_pdf([page]), "年报.pdf")) == ["看得见的文字写得长一些免得被当作扫描件。"]


def test_the_title_of_the_file_is_kept(make_pdf, prose):
    assert read_pdf(make_pdf([prose()]), "年报.pdf").title == "年度报告"


def test_a_damaged_title_costs_the_title_only(make_pdf, prose):
    content = make_pdf([prose()]).replace("年度报告".encode("utf-16-be"), b"\xd8\x00" * 4)
    assert read_pdf(content, "年报.pdf").title is None
    assert len(read_pdf(content, "年报.pdf").pieces) == 1


# -- what cannot be read -----------------------------------------------------------------------------------------------


def test_a_scan_is_said_to_be_a_scan(sheet, make_pdf):
    with pytest.raises(DataError, match=r"扫描件（图片），没有文字层"):
        read_pdf(make_pdf([sheet().picture(), sheet().picture().write(280, 820, "2")]), "年报.pdf")


def test_recognised_text_under_a_scan_is_not_trusted(sheet, make_pdf, prose):
    with pytest.raises(DataError, match="带识别文字的扫描件"):
        read_pdf(make_pdf([prose().picture()]), "年报.pdf")


def test_a_picture_behind_a_ruled_table_is_no_scan(sheet, make_pdf, draw, figures_of):
    page = sheet().picture()
    draw(figures_of(fill=3).grid("remedies"), page)
    assert len(read_pdf(make_pdf([page]), "年报.pdf").tables) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "不是 PDF"),
        (b"<html>", "不是 PDF"),
        (b"%PDF-1.7\nnothing", "已损坏"),
        (b"%PDF-1.7" + bytes(999), "已损坏"),
    ],
)
def test_what_is_no_pdf_is_told_apart(content, says):
    with pytest.raises(DataError, match=says):
        read_pdf(content, "年报.pdf")


def test_far_too_many_pages_are_refused(sheet, make_pdf):
    with pytest.raises(DataError, match="有 1000 页"):
        read_pdf(make_pdf([sheet().write(60, 60, "字")] * 1000), "年报.pdf")


def test_a_stream_that_unfolds_to_gigabytes_is_not_unfolded(make_pdf, prose):
    content = make_pdf([prose()])
    packed = zlib.compress(bytes(80_000_000), 9)
    bomb = b"99 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n" % len(packed) + packed + b"\nendstream\nendobj\n"
    with pytest.raises(DataError, match="异常庞大"):
        read_pdf(content.replace(b"xref\n", bomb + b"xref\n", 1), "年报.pdf")


def test_a_book_is_refused(sheet, make_pdf):
    page = sheet()
    for line in range(70):
        page.write(20, 50 + 11 * line, "字" * 50)
    with pytest.raises(DataError, match="文字或图形过多"):
        read_pdf(make_pdf([page] * 40), "年报.pdf")


def test_endless_drawings_are_refused_and_maps_are_no_tables(sheet, make_pdf, prose):
    endless = prose()
    endless.marks.append("0 0 m 9 9 l S\n" * 200_000)
    with pytest.raises(DataError, match="文字或图形过多"):
        read_pdf(make_pdf([endless]), "年报.pdf")
    plan = prose()
    for step in range(150):
        plan.line(20 + 3.5 * step, 300, 20 + 3.5 * step, 800).line(20, 300 + 3.3 * step, 570, 300 + 3.3 * step)
    assert read_pdf(make_pdf([plan]), "年报.pdf").tables == ()


def test_a_file_cut_off_or_with_random_bytes_ends_in_a_document_or_in_a_message(sheet, make_pdf, draw, figures_of):
    page = sheet()
    draw(figures_of(fill=3).grid("remedies"), page)
    content = make_pdf([page])
    chance = random.Random(11)
    outcomes = set()
    for number in range(120):
        damaged = bytearray(content[: chance.randrange(len(content))] if number % 4 == 0 else content)
        for _ in range(chance.randint(0, 12)):
            if damaged:
                at = chance.randrange(len(damaged))
                damaged[at : at + chance.choice([0, 1, 30])] = bytes([chance.randrange(256)])
        try:
            outcomes.add(type(read_pdf(bytes(damaged), "年报.pdf")).__name__)
        except OgiError:
            outcomes.add("OgiError")
    assert outcomes == {"Document", "OgiError"}
