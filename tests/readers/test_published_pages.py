"""What was published is read, whatever a CMS, a word processor or a clerk did to the page on its way."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lh

from ogi_report.figures import Figures
from ogi_report.forms import LocalRow
from ogi_report.readers import read_html, recognise

Change = Callable[[lh.HtmlElement], None]


def cells(root: lh.HtmlElement) -> list[lh.HtmlElement]:
    return list(root.iter("td", "th"))


def spans_dropped(root: lh.HtmlElement) -> None:
    for cell in cells(root):
        for name in ("rowspan", "colspan"):
            cell.attrib.pop(name, None)


def rowspans_dropped(root: lh.HtmlElement) -> None:
    for cell in cells(root):
        cell.attrib.pop("rowspan", None)


def spans_dropped_with_blank_cells_left(root: lh.HtmlElement) -> None:
    """Every merged cell keeps its text in its first part, the other parts stay as blank cells."""
    for table in root.iter("table"):
        rows = list(table.iter("tr"))
        grid: list[list[lh.HtmlElement | None]] = [[] for _ in rows]
        for number, row in enumerate(rows):
            col = 0
            for cell in list(row):
                while col < len(grid[number]) and grid[number][col] is not None:
                    col += 1
                wide, high = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
                for down in range(number, min(number + high, len(rows))):
                    grid[down].extend([None] * (col + wide - len(grid[down])))
                    for across in range(col, col + wide):
                        grid[down][across] = cell if (down, across) == (number, col) else lh.Element("td")
                cell.attrib.pop("rowspan", None)
                cell.attrib.pop("colspan", None)
        for row, line in zip(rows, grid, strict=True):
            for cell in list(row):
                row.remove(cell)
            row.extend([cell if cell is not None else lh.Element("td") for cell in line])


def no_th(root: lh.HtmlElement) -> None:
    for cell in cells(root):
        cell.tag = "td"
        for name in ("scope", "headers", "id"):
            cell.attrib.pop(name, None)
    for name in ("thead", "tbody", "caption"):
        for element in list(root.iter(name)):
            if name == "caption":
                element.drop_tree()
            else:
                element.drop_tag()


def laid_out_in_tables(root: lh.HtmlElement) -> None:
    body = root.find("body")
    outer = lh.fromstring("<table><tr><td>导航</td><td class='main'></td></tr></table>")
    for child in list(body):
        outer.find(".//td[@class='main']").append(child)
    wrapped = lh.fromstring("<table width='100%'><tr><td></td></tr></table>")
    wrapped.find(".//td").append(outer)
    body.append(wrapped)


def header_repeated(root: lh.HtmlElement) -> None:
    """A page break in table 三: the heads are printed again."""
    for table in root.iter("table"):
        rows = list(table.iter("tr"))
        if "申请人情况" in rows[0].text_content() and len(rows) > 9:
            place = rows[6]
            for row in reversed(rows[:3]):
                place.addnext(deepcopy(row))


def broken_words(root: lh.HtmlElement) -> None:
    for cell in cells(root):
        text = cell.text or ""
        if len(text) > 5 and not text[2].isdigit():
            cell.text = text[:3]
            broken = lh.Element("br")
            broken.tail = text[3:]
            cell.insert(0, broken)
        elif text.strip():
            cell.text = "\xa0" + text + "\xa0\xa0\xa0\xa0\xa0"
        else:
            cell.text = "\xa0"


def blank_column_behind(root: lh.HtmlElement) -> None:
    for row in root.iter("tr"):
        row.append(lh.Element("td"))


def blank_columns_in_the_middle(root: lh.HtmlElement) -> None:
    """A blank column between label and figures, below heads that were widened with it."""
    for table in root.iter("table"):
        # The first head cell of each row gets one column wider, data rows get a blank cell behind their last label
        for row in table.iter("tr"):
            labels = [cell for cell in row if "text-align:left" in cell.get("style", "")]
            if labels:
                labels[-1].addnext(lh.Element("td"))
            elif row[0].text and ("勾稽" in row[0].text or "信息内容" in row[0].text or "第二十条" in row[0].text):
                row[0].set("colspan", str(int(row[0].get("colspan", 1)) + 1))


def full_width(root: lh.HtmlElement) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    for cell in cells(root):
        if re.fullmatch(r"\d+", cell.text or ""):
            cell.text = cell.text.translate(wide)


def with_separators(root: lh.HtmlElement) -> None:
    for cell in cells(root):
        if re.fullmatch(r"\d{4,9}", cell.text or ""):
            cell.text = f"{int(cell.text):,}"


def cut_in_two(root: lh.HtmlElement) -> None:
    """A page break: the rest of the table is a table of its own, without heads and without the groups' labels."""
    for table in list(root.iter("table")):
        rows = list(table.iter("tr"))
        if len(rows) < 8:
            continue
        rest = lh.fromstring("<table><tbody></tbody></table>")
        for row in rows[len(rows) // 2 :]:
            rest[0].append(row)
        table.addnext(rest)


def labels_with_notes(root: lh.HtmlElement) -> None:
    notes = {
        "上一年项目数量": "上一年项目数量（指2019年事项数）",
        "本年增/减": "本年增/减（指2020年增加或减少的事项数，减用负值表示，如-8）",
        "处理决定数量": "处理决定数量（指2020年办件量）",
        "本年制发件数": "本年制发件数（含联合发文）",
        "行政许可": "行政许可（件）",
    }
    for cell in cells(root):
        cell.text = notes.get(cell.text or "", cell.text)


def word_export(root: lh.HtmlElement) -> None:
    """Long inline styles, a paragraph and nested spans in every cell, numbers split over spans."""
    style = "mso-element:frame;font-size:12.0pt;font-family:仿宋_GB2312;mso-bidi-font-family:宋体"
    for cell in cells(root):
        if len(cell):
            continue
        text, cell.text = cell.text or "", None
        half = len(text) // 2
        inner = lh.fromstring(
            f"<p class='MsoNormal' style='{style}'><span lang='EN-US' style='{style}'><span>{text[:half]}</span></span>"
            f"<span style='{style}'><font>{text[half:]}</font><o:p></o:p></span></p>"
        )
        cell.append(inner)
        cell.set("style", style)


def one_table(root: lh.HtmlElement) -> None:
    """Tables 二, 三 and 四 in one, with the chapters' headings as rows."""
    tables = list(root.iter("table"))
    for table in tables[1:]:
        for row in list(table.iter("tr")):
            tables[0].append(row)
        table.getparent().remove(table)


def group_label_repeated(root: lh.HtmlElement) -> None:
    """三、本年度办理结果 stands there twice: a page break in the source document."""
    for cell in cells(root):
        if (cell.text or "").startswith("三、") and cell.get("rowspan"):
            high = int(cell.get("rowspan"))
            if high < 8:
                continue
            row = cell.getparent()
            rows = list(row.getparent())
            cell.set("rowspan", "10")
            again = deepcopy(cell)
            again.set("rowspan", str(high - 10))
            rows[rows.index(row) + 10].insert(0, again)


def heads_and_body_disagree(root: lh.HtmlElement) -> None:
    """Five physical columns in table 二: heads have the second value wide, bodies the first."""
    for table in root.iter("table"):
        if "第二十条" not in table.text_content():
            continue
        for row in table.iter("tr"):
            if len(row) == 4:
                row[2 if row[0].text == "信息内容" else 1].set("colspan", "2")
            elif len(row) == 1:
                row[0].set("colspan", "5")


def narrow_note(root: lh.HtmlElement) -> None:
    """The 勾稽 note of table 三 is one column too narrow, so heads stand left of their figures."""
    for cell in cells(root):
        if "勾稽" in (cell.text or ""):
            cell.set("colspan", "2")


def group_heights_wrong(root: lh.HtmlElement) -> None:
    for cell in cells(root):
        high = int(cell.get("rowspan", 1))
        if high > 4:
            cell.set("rowspan", str(high - 1))


def unclosed(root: lh.HtmlElement) -> None:
    """Marked below: the page is written without closing tags of rows and cells."""


def heads_without_rowspan(root: lh.HtmlElement) -> None:
    """Heads of two storeys lose their height; blank cells stand below them."""
    for table in root.iter("table"):
        rows = list(table.iter("tr"))
        for number, row in enumerate(rows[:3]):
            for place, cell in enumerate(list(row)):
                if cell.get("rowspan") == "2" and number == 1:
                    cell.attrib.pop("rowspan")
                    below = rows[number + 1]
                    if place < len(row) // 2 or "结果" in (cell.text or "") or len(row) > 4:
                        below.insert(min(place, len(below)), lh.Element("td"))
                    else:
                        below.append(lh.Element("td"))


DISTORTIONS: dict[str, Change] = {
    name: change
    for name, change in globals().items()
    if callable(change) and getattr(change, "__annotations__", {}).get("root") == "lh.HtmlElement" and name != "cells"
}


def distorted(page: str, *names: str) -> bytes:
    root = lh.document_fromstring(page)
    for name in names:
        DISTORTIONS[name](root)
    text = lh.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    if "unclosed" in names:
        text = re.sub(r"</(?:td|th|tr|p)>", "", text)
    return text.encode()


@pytest.mark.parametrize("name", DISTORTIONS)
@pytest.mark.parametrize("report", ["pingtan_2019", "huaian_2024"])
def test_real_figures_survive(report, name, published_figures, page, same):
    figures = published_figures[report]
    read = recognise(read_html(distorted(page(figures), name), "某局.html"))
    plain = same(figures, read.figures)
    if name in ("full_width", "with_separators"):
        plain = [key for key in figures if figures[key].value != read.figures[key].value]
    assert plain == []
    assert read.figures.missing == ()
    assert [c.number for c in read.chapters] == [1, 2, 3, 4, 5, 6]
    assert not [doubt for doubt in read.doubts if doubt.kind in ("unreadable", "two_tables", "extra_column")]


@pytest.mark.parametrize("form", ["2019", "2021", "2031"])
@given(data=st.data())
def test_reading_a_page_that_we_wrote_gives_the_same_report(form, data, any_figures, layout, page, same):
    figures = data.draw(any_figures(form))
    forms = (layout("2019"), layout("2021"), layout("2031"))
    read = recognise(read_html(page(figures).encode(), "某局.html"), forms=forms)
    assert read.figures.form.id == form
    assert same(figures, read.figures) == []
    assert read.figures.missing == read.figures.labels == read.doubts == ()
    assert set(read.figures.layouts.values()) == {form}


@given(data=st.data())
def test_rows_of_the_reports_own_come_back(data, forms, raw_texts, page, same):
    form = forms[data.draw(st.sampled_from(["2019", "2021"]))]
    after = st.sampled_from(sorted(form.table("disclosure").records))
    local = [
        LocalRow(f"local.r{n}", f"本地自行增加的行{n}", data.draw(after)) for n in range(data.draw(st.integers(1, 4)))
    ]
    woven = form.with_local_rows({"disclosure": tuple(local)})
    own = [key for key, cell in woven.cells.items() if cell.local]
    figures = Figures.of(woven, {key: data.draw(raw_texts) for key in own}, 0)
    read = recognise(read_html(page(figures).encode(), "某局.html"))
    assert same(figures, read.figures) == []
    labels = [r.label for r in read.figures.form.table("disclosure").records.values()]
    assert labels == [r.label for r in woven.table("disclosure").records.values()]


@pytest.mark.parametrize("form", ["2019", "2021", "2031"])
@given(data=st.data())
def test_no_distortion_puts_a_figure_into_another_box(form, data, any_figures, layout, page, same):
    """A box may stay blank with a doubt; it never holds another box's figure."""
    figures = data.draw(any_figures(form))
    names = data.draw(
        st.lists(st.sampled_from(sorted(set(DISTORTIONS) - {"full_width", "with_separators"})), max_size=3, unique=True)
    )
    forms = (layout("2019"), layout("2021"), layout("2031"))
    read = recognise(read_html(distorted(page(figures), *names), "某局.html"), forms=forms)
    if read.figures.form.id != form:
        return
    wrong = [(key, before, after) for key, before, after in same(figures, read.figures) if after not in ("", "lost")]
    assert wrong == []
    if same(figures, read.figures):
        assert read.doubts or read.figures.missing
