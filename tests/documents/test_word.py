"""The Word file is an official document (GB/T 9704-2012) that says what the public page says."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from ogi_report.documents.formats import convert
from ogi_report.documents.page import read_page
from ogi_report.readers import read_published
from ogi_report.writers import Heading, Item, Picture, Span, Text, write_docx

W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read(name))


def millimetres(length: int) -> int:
    return round(length / 36_000)


# -- what it says ------------------------------------------------------------------------------------------------------


def test_reading_the_word_file_gives_the_report_that_the_page_shows(published, tmp_path: Path):
    report, page = published
    (tmp_path / "年报.docx").write_bytes(convert("docx", page))
    (tmp_path / "年报.html").write_text(page, encoding="utf-8")
    word, shown = (read_published(tmp_path / name, year=report.year) for name in ("年报.docx", "年报.html"))
    assert {key: cell.raw for key, cell in word.figures.items()} == {k: c.raw for k, c in report.figures.items()}
    assert word.figures.doubts == ()
    assert [(c.number, c.title) for c in word.chapters] == [(c.number, c.title) for c in shown.chapters]
    # Word's lists count for themselves and its tables are named in a paragraph; a chart is told in words.
    added = re.compile(r"^\d+\.|^表[二三四] .*\n?", re.MULTILINE)
    assert [added.sub("", c.text).strip() for c in word.chapters if c.number != 3] == [
        c.text for c in shown.chapters if c.number != 3
    ]
    assert report.chapters[2].text in word.chapters[2].text
    about = ("title", "year", "agency_name", "published_on", "index_no")
    assert {name: getattr(word, name) for name in about} == {name: getattr(shown, name) for name in about}
    assert word.lead_in == report.lead_in.text


@pytest.mark.parametrize("form", ["2019", "2021"])
@pytest.mark.parametrize("fill", [None, 0, 1234567])
def test_full_and_empty_tables_of_both_layouts_come_back(form, fill, figures_of, tmp_path):
    figures = figures_of(fill=fill, form=form)
    pages = [Heading("某局2021年政府信息公开工作年度报告", 0)]
    for section in figures.form.sections:
        pages.append(Heading(section.title))
        pages.append(figures.grid(section.table) if section.table else Text("没有需要报告的事项。"))
    (tmp_path / "年报.docx").write_bytes(write_docx(pages))
    found = read_published(tmp_path / "年报.docx", year=2021)
    assert {key: cell.raw for key, cell in found.figures.items()} == {k: c.raw for k, c in figures.items()}
    assert [chapter.number for chapter in found.chapters] == [section.number for section in figures.form.sections]


# -- how it looks ------------------------------------------------------------------------------------------------------


def test_page_margins_and_page_numbers_are_those_of_an_official_document(demo):
    document = docx.Document(io.BytesIO(convert("docx", demo("kejing", 2021)[1])))
    [section] = document.sections
    assert (millimetres(section.page_width), millimetres(section.page_height)) == (210, 297)
    assert (millimetres(section.top_margin), millimetres(section.left_margin)) == (37, 28)
    wide = section.page_width - section.left_margin - section.right_margin
    high = section.page_height - section.top_margin - section.bottom_margin
    assert (millimetres(wide), millimetres(high)) == (156, 225)
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        [paragraph] = footer.paragraphs
        assert paragraph.text.startswith("— ")
        assert paragraph.text.endswith(" —")
        assert " PAGE " in paragraph._p.xpath("string(.//w:instrText)")
        assert paragraph._p.xpath("string(w:pPr/w:jc/@w:val)") == side


@pytest.mark.parametrize(
    ("style", "font", "points", "line"),
    [
        ("Title", "方正小标宋简体", 22, 35),
        ("BodyText", "仿宋", 16, 28),
        ("Heading1", "黑体", 16, 28),
        ("Heading2", "楷体", 16, 28),
        ("Heading3", "仿宋", 16, 28),
        ("Footer", "宋体", 14, None),
    ],
)
def test_fonts_sizes_and_lines_are_those_of_the_standard(style, font, points, line, demo):
    styles = part(convert("docx", demo("kejing", 2021)[1]), "word/styles.xml")

    def said(path: str) -> str:
        """What a style says, or the one it is based on."""
        name: str | None = style
        while name:
            [found] = styles.xpath(f"w:style[@w:styleId='{name}']", namespaces=W)
            if value := found.xpath(path, namespaces=W):
                return str(value[0])
            name = next(iter(found.xpath("w:basedOn/@w:val", namespaces=W)), None)
        raise AssertionError(f"{style} does not say {path}")

    assert said("w:rPr/w:rFonts/@w:eastAsia") == font
    assert said("w:rPr/w:rFonts/@w:ascii") in ("Times New Roman", "宋体")
    assert int(said("w:rPr/w:sz/@w:val")) == 2 * points
    if line is not None:
        assert (said("w:pPr/w:spacing/@w:line"), said("w:pPr/w:spacing/@w:lineRule")) == (str(20 * line), "exact")
    if style.startswith("Heading"):
        assert said("w:pPr/w:outlineLvl/@w:val") == str(int(style[-1]) - 1)
    if style in ("BodyText", "Heading1"):
        assert said("w:pPr/w:ind/@w:firstLineChars") == "200"


def test_every_font_that_a_style_names_is_in_the_font_table_with_its_other_name(demo):
    content = convert("docx", demo("kejing", 2021)[1])
    named = set(part(content, "word/styles.xml").xpath("//w:rFonts/@*", namespaces=W))
    table = part(content, "word/fontTable.xml")
    assert named == set(table.xpath("w:font/@w:name", namespaces=W))
    chinese = table.xpath("w:font[w:charset/@w:val='86']", namespaces=W)
    assert all(font.xpath("w:altName", namespaces=W) for font in chinese)


def test_every_style_that_a_paragraph_names_is_there(demo):
    content = convert("docx", demo("yunxi", 2024)[1])
    used = set(part(content, "word/document.xml").xpath("//w:pStyle/@w:val", namespaces=W))
    assert used <= set(part(content, "word/styles.xml").xpath("w:style/@w:styleId", namespaces=W))
    assert {"Title", "Heading1", "BodyText", "Caption", "TableText"} <= used


def test_table_heads_repeat_on_each_page_and_no_row_is_parted(demo):
    report, page = demo("yunxi", 2024)
    document = part(convert("docx", page), "word/document.xml")
    tables = {
        table.xpath("string(preceding-sibling::w:p[1])", namespaces=W): table
        for table in document.xpath("//w:tbl", namespaces=W)
    }
    for table in report.form.tables:
        found = tables[f"{table.name}　{table.title}"]
        rows = found.xpath("w:tr", namespaces=W)
        grid = report.figures.grid(table.key)
        assert len(rows) == grid.height
        assert all(row.xpath("w:trPr/w:cantSplit", namespaces=W) for row in rows)
        assert len(found.xpath("w:tr[w:trPr/w:tblHeader]", namespaces=W)) == grid.header_rows


@pytest.mark.parametrize("form", ["2019", "2021", "2031"])
@pytest.mark.parametrize("fill", [None, 0, 1234567])
def test_columns_fill_the_text_block_and_no_number_is_broken(form, fill, figures_of, layout):
    figures = figures_of(fill=fill, form=form)
    for table in layout(form).tables:
        element = part(write_docx([figures.grid(table.key)]), "word/document.xml").find(".//w:tbl", W)
        widths = [int(width) for width in element.xpath("w:tblGrid/w:gridCol/@w:w", namespaces=W)]
        assert 8844 - len(widths) <= sum(widths) <= 8844
        if table.key != "remedies" or fill != 1234567:  # fifteen columns of seven digits are more than a page has
            size = int(element.xpath("string(.//w:rPr/w:sz/@w:val)", namespaces=W))
            digits = len(str(fill or 0)) * size * 5
            for cell in element.iterfind(".//w:tc", W):
                if "".join(cell.itertext()).isdecimal():
                    assert int(cell.find("w:tcPr/w:tcW", W).get(qn("w:w"))) >= digits + 80


# -- what an author may write ------------------------------------------------------------------------------------------


def test_looks_links_and_lists_are_words_own(pieces):
    found = pieces(
        '<p>甲<strong>粗</strong><em>斜</em><del>删</del><a href="https://x.example/?a=1&amp;b=2">链</a></p>'
        "<ol><li>一</li><li>二<ul><li>点</li></ul></li></ol><ol start='7'><li>七</li></ol>"
    )
    content = write_docx(found.pieces)
    document = docx.Document(io.BytesIO(content))
    first = document.paragraphs[0]
    assert [(run.text, run.bold, run.italic, run.font.strike) for run in first.runs] == [
        ("甲", None, None, None), ("粗", True, None, None), ("斜", None, True, None), ("删", None, None, True),
    ]  # fmt: skip
    assert [(link.text, link.url) for link in first.hyperlinks] == [("链", "https://x.example/?a=1&b=2")]
    numbering = part(content, "word/numbering.xml")

    def counted(paragraph) -> tuple[str, str, str]:
        [number], [level] = (paragraph._p.xpath(f"w:pPr/w:numPr/w:{tag}/@w:val") for tag in ("numId", "ilvl"))
        [kind] = numbering.xpath(f"w:num[@w:numId='{number}']/w:abstractNumId/@w:val", namespaces=W)
        start = numbering.xpath(f"string(w:num[@w:numId='{number}']//w:startOverride/@w:val)", namespaces=W)
        return kind, level, start

    assert [counted(p) for p in document.paragraphs[1:]] == [
        ("1", "0", "1"), ("1", "0", "1"), ("0", "1", ""), ("1", "0", "7"),
    ]  # fmt: skip


def test_an_authors_lists_are_read_back_with_their_numbers(tmp_path):
    from ogi_report.readers.docx import read_docx

    items = [Item(Text(word), 1, 0, 1) for word in ("甲", "乙")] + [Item(Text("丙"), 2)]
    assert [piece.text for piece in read_docx(write_docx(items), "年报.docx").pieces] == ["1.甲", "2.乙", "丙"]


def test_a_picture_is_in_the_file_with_its_words_and_no_wider_than_the_text():
    from PIL import Image

    png = io.BytesIO()
    Image.new("RGB", (2000, 500), "white").save(png, "PNG")
    content = write_docx([Picture(png.getvalue(), "走势"), Picture(png.getvalue(), "同一幅")])
    first, second = docx.Document(io.BytesIO(content)).inline_shapes
    assert millimetres(first.width) == 156
    assert millimetres(first.height) == 39
    assert [shape._inline.docPr.get("descr") for shape in (first, second)] == ["走势", "同一幅"]
    assert first._inline.docPr.id != second._inline.docPr.id


def test_a_title_is_broken_behind_the_agencys_name_and_read_as_one(demo, tmp_path):
    report, page = demo("yunxi", 2024)
    content = convert("docx", page)
    [title] = [p for p in docx.Document(io.BytesIO(content)).paragraphs if p.style.name == "Title"]
    assert title.text == report.heading.replace(report.name, f"{report.name}\n")
    (tmp_path / "年报.docx").write_bytes(content)
    assert read_published(tmp_path / "年报.docx", year=2024).title == report.heading


# -- the file ----------------------------------------------------------------------------------------------------------


def test_the_same_page_gives_the_same_bytes_with_no_date_of_today(demo):
    _, page = demo("kejing", 2021)
    content = convert("docx", page)
    assert convert("docx", page) == content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time[:3] for entry in package.infolist()} == {(1980, 1, 1)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2000-01-01T"}
    assert read_page(page).title in core


def test_what_is_no_character_of_xml_costs_no_document():
    spans = (Span("甲\x00乙", bold=True), Span("\x0b丙"))
    document = docx.Document(io.BytesIO(write_docx([Heading("标\x01题"), Text.of(spans)], title="题\x02")))
    assert [p.text for p in document.paragraphs] == ["标题", "甲乙丙"]
