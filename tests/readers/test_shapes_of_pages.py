"""Single oddities of real pages, and what is told of each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import html as lh

from ogi_report.readers import read_html, recognise


def edited(page: str, change: Callable[[list[lh.HtmlElement]], None]) -> str:
    root = lh.document_fromstring(page)
    change(list(root.iter("table")))
    return lh.tostring(root, encoding="unicode")


def cell(text: str = "", **attributes: str) -> lh.HtmlElement:
    element = lh.Element("td", attributes)
    element.text = text
    return element


def row(*cells: lh.HtmlElement) -> lh.HtmlElement:
    element = lh.Element("tr")
    element.extend(cells)
    return element


@pytest.fixture
def new(published_figures, page):
    """A page in the form of 2021 and its figures."""
    figures = published_figures["huaian_2024"]
    return figures, page(figures)


@pytest.fixture
def old(published_figures, page):
    """A page in the form of 2019 and its figures."""
    figures = published_figures["pingtan_2019"]
    return figures, page(figures)


def read(page: str):
    return recognise(read_html(page.encode(), "某局.html"))


def kinds(published) -> list[tuple[str, str]]:
    return [(doubt.kind, doubt.table) for doubt in published.doubts]


def test_a_column_of_remarks_is_told_and_not_read(new, same):
    figures, page = new

    def remarks(tables):
        for number, line in enumerate(tables[1].iter("tr")):
            if number == 0:
                line.append(cell("备注", rowspan="3"))
            elif number > 2:
                line.append(cell("含街道" if number == 4 else ""))

    found = read(edited(page, remarks))
    assert same(figures, found.figures) == []
    assert kinds(found) == [("extra_column", "applications")]


def test_an_eleventh_column_without_a_head_is_left_out(new, same):
    figures, page = new

    def eleventh(tables):
        for number, line in enumerate(tables[1].iter("tr")):
            line.append(cell("9" if number == 4 else ""))

    found = read(edited(page, eleventh))
    assert same(figures, found.figures) == []
    assert kinds(found) == [("extra_column", "applications")]


def test_a_row_that_lost_a_cell_stays_blank_and_is_told(new, same):
    figures, page = new

    def lost(tables):
        line = list(tables[1].iter("tr"))[3]
        line.remove(line[2])

    found = read(edited(page, lost))
    assert {key.rpartition(".received.")[0] for key, _, _ in same(figures, found.figures)} == {"applications"}
    assert all(found.figures[key].raw == "" for key in figures if ".received." in key)
    assert kinds(found) == [("unreadable", "applications")]
    assert "“一、本年新收政府信息公开申请数量”一行有 6 格，表头有 7 栏" in found.doubts[0].message


def test_tables_that_are_pictures_are_missing(new, checked):
    _, page = new
    found = read(re.sub(r"<table.*?</table>", "<img src='a.png'>", page, flags=re.DOTALL))
    assert found.figures.form.id == "2021"
    assert not any(cell.raw for cell in found.figures.values())
    assert found.figures.layouts == {}
    told = [f for f in checked(found.figures, year=2024) if f.rule == "LAYOUT-MISSING-ROW"]
    assert len(told) == 3


def test_a_report_may_mix_two_layouts(new, old, checked):
    (figures, page), (others, other) = new, old
    mixed = page[: page.index("<p><strong>三、")] + other[other.index("<p><strong>三、") :]
    found = read(mixed)
    assert found.figures.form.id == "2021"
    assert found.figures.layouts == {"disclosure": "2021", "applications": "2019", "remedies": "2021"}
    assert all(found.figures[key].raw == figures[key].raw for key in figures if key.startswith("disclosure."))
    # The one row of 其他处理 is kept as what it is, a sum of the three rows that are missing.
    assert found.figures["applications.other.sum.total"].raw == others["applications.other.total"].raw
    assert [m.record for m in found.figures.missing] == ["other.no_correction", "other.fee_unpaid", "other.misc"]
    assert "LAYOUT-MIXED" in [f.rule for f in checked(found.figures, year=2024)]


@pytest.mark.parametrize(
    ("heading", "value", "units"),
    [
        ("本年收费金额（单位：万元）", "96171.6", {}),
        ("本年收费金额（万元）", "96171.6", {}),
        ("本年收费金额(单位:元)", "9.61716", {"amount_wan": "元"}),
    ],
)
def test_the_unit_in_a_heading_counts(heading, value, units, new):
    _, page = new
    found = read(page.replace("本年收费金额（单位：万元）", heading)).figures
    assert str(found.value("disclosure.admin_fee.amount_wan")) == value
    assert found.units == units
    assert found.labels == ()


@pytest.mark.parametrize(
    ("official", "written"),
    [
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（二）部分公开"),
        ("2.其他法律行政法规禁止公开", "2.其他法律法规禁止公开"),
        ("（七）总计", "总计"),
        ("行政规范性文件", "规范性文件"),
        ("本年处理决定数量", "处理决定数量"),
        ("现行有效件数", "现行有效件数（含历年）"),
    ],
)
def test_a_label_that_is_worded_otherwise_is_read_and_told(official, written, new, same):
    figures, page = new
    found = read(page.replace(official, written)).figures
    assert same(figures, found) == []
    assert {(label.found, label.official) for label in found.labels} == {(written, official)}


@pytest.mark.parametrize(
    "written", ["1.属于国家秘密", "1、 属于国家秘密", "１．属于国家秘密", "（1）属于国家秘密", "属于国家秘密"]
)
def test_numbering_and_width_of_a_label_do_not_matter(written, new, same):
    figures, page = new
    assert same(figures, read(page.replace("1.属于国家秘密", written)).figures) == []


def test_a_reason_outside_the_form_is_a_row_of_its_own(new):
    figures, page = new
    found = read(page.replace("8.属于行政查询事项", "8.属于工作秘密")).figures
    (own,) = found.local_rows
    assert found[f"applications.{own}.total"].raw == figures["applications.denied.admin_query.total"].raw
    assert [label.record for label in found.missing] == ["denied.admin_query"]


def test_a_column_of_another_quantity_is_never_read(new):
    _, page = new
    found = read(page.replace("本年处理决定数量", "本年增/减"))
    for row_key in ("licence", "penalty", "coercion"):
        assert found.figures[f"disclosure.{row_key}.decisions"].raw == ""
    assert {kind for kind, _ in kinds(found)} == {"unreadable"}


def test_tables_of_an_agencys_own_are_left_alone(new, same):
    figures, page = new
    own = (
        "<table><tr><td>信息类别</td><td>条数</td></tr><tr><td>行政许可</td><td>69</td></tr>"
        "<tr><td>规范性文件</td><td>68</td></tr><tr><td>行政处罚</td><td>2</td></tr></table>"
        "<table><tr><td>渠道</td><td>自然人</td><td>商业企业</td><td>总计</td></tr>"
        "<tr><td>当面</td><td>1</td><td>2</td><td>3</td></tr></table>"
    )
    for place in ("<p><strong>二、", "<p><strong>五、", "<p><strong>六、"):
        found = read(page.replace(place, own + place))
        assert same(figures, found.figures) == []
        assert found.doubts == ()


@pytest.mark.parametrize("heads", [("项目", "2024 年", "2023 年", "增减"), ("指标", "数量（件）")])
@pytest.mark.parametrize("names", [("本年新收", "上年结转"), ("一、本年新收政府信息公开申请数量", "（七）总计")])
def test_a_comparison_in_the_forms_words_is_no_piece_of_a_table(heads, names, new, same):
    figures, page = new

    def compared(tables):
        table = lh.Element("table")
        table.append(row(*map(cell, heads)))
        for name in names:
            table.append(row(cell(name), *(cell(str(n)) for n, _ in enumerate(heads[1:], start=31))))
        tables[1].addnext(table)

    published = read(edited(page, compared))
    assert same(published.figures, figures) == []
    assert kinds(published) == []


def test_the_same_report_twice_is_one_report(new, same):
    figures, page = new
    found = read(page.replace("</body>", page[page.index("<h1>") :]))
    assert same(figures, found.figures) == []
    assert found.doubts == ()


def test_two_reports_in_one_file_are_told_and_not_mixed(new, published_figures):
    _, page = new
    other = page.replace(">3001<", ">3002<").replace(">3119<", ">3120<")
    found = read(page.replace("</body>", other[other.index("<h1>") :]))
    assert kinds(found) == [("two_tables", "applications")]
    assert all(found.figures[key].raw == "" for key in found.doubts[0].cells)


def test_blocks_of_table_two_may_be_tables_of_their_own(old, same):
    figures, page = old

    def apart(tables):
        at = tables[0]
        for line in list(tables[0].iter("tr")):
            if "第二十条" in line.text_content():
                banner = lh.Element("p")
                banner.text = line.text_content()
                block = lh.Element("table")
                at.addnext(banner)
                banner.addnext(block)
                at = block
            else:
                at.append(line)
        tables[0].drop_tree()

    found = read(edited(page, apart))
    assert same(figures, found.figures) == []
    assert found.figures.missing == ()


@pytest.mark.parametrize("filler", ["", "\xa0", "/", "—"])
def test_boxes_that_the_form_leaves_out_may_be_drawn(filler, old, same):
    figures, page = old

    def drawn(tables):
        for line in tables[0].iter("tr"):
            if len(line) == 3:
                line[2].attrib.pop("colspan", None)
                line.append(cell(filler))

    found = read(edited(page, drawn))
    assert same(figures, found.figures) == []
    assert found.doubts == ()


def test_table_four_may_have_blank_rows_and_a_stub(new, same):
    figures, page = new

    def stub(tables):
        lines = list(tables[2].iter("tr"))
        lines[0].insert(0, cell("", rowspan="3"))
        lines[3].insert(0, cell("件数"))
        lines[2].addnext(row(*(cell() for _ in range(16))))

    found = read(edited(page, stub))
    assert same(figures, found.figures) == []


def test_notes_below_a_table_are_no_rows(new, same):
    figures, page = new

    def notes(tables):
        for table in tables:
            table.append(row(cell("注：1.数据截至12月31日；2.含所属单位。", colspan="15")))

    found = read(edited(page, notes))
    assert same(figures, found.figures) == []
    assert found.figures.local_rows == ()
    assert found.doubts == ()


def test_a_printed_subtotal_is_kept_as_a_subtotal(new, checked):
    _, page = new

    def subtotal(tables):
        for line in tables[1].iter("tr"):
            if "8.属于行政查询事项" in line.text_content():
                line.addnext(row(cell("小计"), *(cell("7") for _ in range(7))))

    found = read(edited(page, subtotal)).figures
    assert found.local_rows == ("denied.sum",)
    assert "T3-SUBTOTAL" in [f.rule for f in checked(found, year=2024)]


def test_hidden_text_and_scripts_are_not_part_of_the_report(new, same):
    figures, page = new
    hidden = '<div style="display: none"><p>二、主动公开政府信息情况</p><table><tr><td>规章</td><td>9</td></tr></table></div>'
    script = "<script>var t = '<table><tr><td>规章</td></tr></table>';</script>"
    found = read(page.replace("<h1>", f"{hidden}{script}<h1>"))
    assert same(figures, found.figures) == []
    assert [c.number for c in found.chapters] == [1, 2, 3, 4, 5, 6]


def test_every_cell_says_where_it_stands(new):
    _, page = new
    at = read(page).figures["applications.received.total"].at
    assert str(at) == "某局.html 第 2 个表格“一、本年新收政府信息公开申请数量”的“总计”列"


def test_chapter_headings_may_be_rows_of_one_long_table(new, same):
    figures, page = new
    body = re.sub(r"<caption>.*?</caption>", "", page[page.index("<p><strong>一、") :])
    body = re.sub(r"</?(?:table|tbody|thead)[^>]*>", "", body)
    rows = re.sub(r"<p>(?:<strong>)?(.*?)(?:</strong>)?</p>", r'<tr><td colspan="15">\1</td></tr>', body)
    found = read(f"{page[: page.index('<p><strong>一、')]}<table>{rows}</table>")
    assert same(figures, found.figures) == []
    assert [c.number for c in found.chapters] == [1, 2, 3, 4, 5, 6]


def test_digits_on_two_lines_of_a_box_are_no_number_and_no_mistake_of_the_agency(figures_of, page):
    figures = figures_of({"disclosure.penalty.decisions": 1234})
    found = recognise(read_html(page(figures).replace(">1234<", ">12<br>34<").encode(), "页.html"), 2024)
    cell = found.figures["disclosure.penalty.decisions"]
    assert (cell.value, cell.raw) == (None, "")
    assert [(doubt.kind, doubt.cells) for doubt in found.doubts] == [("unreadable", ("disclosure.penalty.decisions",))]
    assert "“12／34”" in found.doubts[0].message


def test_numbers_folded_away_beside_a_drawing_are_no_table_of_the_form(new, same):
    figures, page = new
    numbers = (
        "<figure><svg><text>3</text></svg><figcaption>图　来源与去向</figcaption><details><summary>图中的数</summary>"
        "<table><tr><th>本年新收</th><td>292</td></tr><tr><th>（一）予以公开</th><td>127</td><td>43%</td></tr></table>"
        "</details></figure>"
    )
    found = read(page.replace("</body>", f"{numbers}</body>") if "</body>" in page else page + numbers)
    assert found.figures.doubts == ()
    same(found.figures, figures)


@pytest.mark.parametrize(
    "heading", ["某县某局<br>2024年政府信息公开工作年度报告", "某县某局2024年政府信息公开工作年度报告"]
)
def test_a_title_broken_behind_the_agencys_name_is_one_title(heading):
    found = read(f"<html><body><p>{heading}</p><p>一、总体情况</p><p>本年正常。</p></body></html>")
    assert (found.title, found.agency_name) == ("某县某局2024年政府信息公开工作年度报告", "某县某局")


def test_a_line_above_a_title_is_part_of_it_only_within_one_paragraph():
    found = read(
        "<html><body><p>某县某局</p><p>2024年政府信息公开工作年度报告</p><p>一、总体情况</p><p>本年正常。</p></body></html>"
    )
    assert (found.title, found.agency_name) == ("2024年政府信息公开工作年度报告", "某县某局")
