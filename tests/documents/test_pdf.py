"""The PDF shows what the public page shows, in fonts that it brings along, and is the same wherever it is made."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys

import pdfplumber
import pypdfium2
import pytest
from pdfminer.pdftypes import resolve1

from ogi_report.documents.formats import convert
from ogi_report.documents.pdf import write_pdf
from ogi_report.errors import DataError
from ogi_report.readers import read_published

pytestmark = pytest.mark.usefixtures("pango")


@pytest.fixture(scope="module")
def full(demo):
    """A government's report with full tables, its page, and the PDF."""
    report, page = demo("yunxi", 2024)
    return report, page, convert("pdf", page)


def text_of(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


def test_every_figure_and_every_word_can_be_selected(full):
    report, _, content = full
    text = re.sub(r"\s", "", text_of(content))
    for chapter in report.chapters:
        for line in chapter.text.split("\n"):
            # A browser's text has page numbers between pages; what stands on one page is whole.
            assert re.sub(r"\s", "", line)[:12] in text
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        cells = [
            cell for page in pdf.pages for table in page.extract_tables() for line in table for cell in line if cell
        ]
    for key, cell in report.figures.items():
        assert cell.raw in cells, key


def test_reading_the_pdf_gives_the_same_figures_and_chapters(full, tmp_path):
    report, _, content = full
    (tmp_path / "年报.pdf").write_bytes(content)
    found = read_published(tmp_path / "年报.pdf", year=report.year)
    assert {key: cell.raw for key, cell in found.figures.items()} == {k: c.raw for k, c in report.figures.items()}
    assert found.figures.doubts == ()
    assert [chapter.title for chapter in found.chapters] == [section.title for section in report.form.sections]


def test_nothing_stands_outside_of_the_page(full):
    _, _, content = full
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            assert (round(page.width), round(page.height)) == (595, 842)
            assert min(char["x0"] for char in page.chars) > 40
            assert max(char["x1"] for char in page.chars) < page.width - 40
            numbers = [char["text"] for char in page.chars if char["top"] > page.height - 57]
            assert "".join(numbers).replace(" ", "") == f"—{page.page_number}—"


def test_fonts_are_embedded_outlines_with_their_characters(full):
    _, _, content = full
    fonts = {}
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            for name, reference in resolve1(resolve1(page.page_obj.resources)["Font"]).items():
                fonts[name] = resolve1(reference)
    assert fonts
    for font in fonts.values():
        assert font["Subtype"].name == "Type0"
        assert "ToUnicode" in font
        descriptor = resolve1(resolve1(resolve1(font["DescendantFonts"])[0])["FontDescriptor"])
        assert any(f"FontFile{kind}" in descriptor for kind in ("2", "3"))


def test_it_is_tagged_has_its_title_and_no_date(full):
    report, _, content = full
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        catalog = pdf.doc.catalog
        assert resolve1(catalog["MarkInfo"])["Marked"]
        assert resolve1(catalog["Lang"]) == b"zh-CN"
        assert "StructTreeRoot" in catalog
        assert pdf.metadata["Title"] == report.heading
        assert not {"CreationDate", "ModDate"} & set(pdf.metadata)


def test_another_process_in_another_time_zone_makes_the_same_bytes(full, tmp_path):
    _, page, content = full
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    script = (
        "import sys, hashlib, pathlib; from ogi_report.documents.formats import convert;"
        "print(hashlib.sha256(convert('pdf', pathlib.Path(sys.argv[1]).read_text(encoding='utf-8'))).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "page.html")],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7"},
    )
    assert run.stdout.strip() == hashlib.sha256(content).hexdigest()


def test_a_table_stays_on_one_page(full):
    report, _, content = full
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        tables = [table for page in pdf.pages for table in page.extract_tables()]
    for name in ("applications", "remedies"):  # programs see more rows in 表二, whose blocks have columns of their own
        assert [len(found) for found in tables].count(report.figures.grid(name).height) == 1


def test_nothing_is_fetched_from_the_disk_or_the_network(tmp_path):
    from PIL import Image

    picture = tmp_path / "a.png"
    Image.new("RGB", (50, 50), "red").save(picture)
    page = "<html lang='zh'><head><title>页</title></head><body><p>甲</p>{}</body></html>"
    plain = write_pdf(page.format(""))
    for source in (picture.as_uri(), "http://127.0.0.1:9/a.png"):
        assert b"/Image" not in write_pdf(page.format(f'<img src="{source}" alt="">'))
    assert text_of(plain).strip().startswith("甲")


def test_a_character_that_no_font_has_is_named_instead_of_a_box_being_printed():
    with pytest.raises(DataError, match=r"有 1 个字.*U\+10FFFD.*请安装一种中文字体"):
        write_pdf("<html lang='zh'><head><title>页</title></head><body><p>甲\U0010fffd乙\U0010fffd</p></body></html>")


def test_what_a_style_asks_for_and_paper_cannot_do_is_no_message(caplog):
    write_pdf(
        "<html lang='zh'><head><title>页</title><style>p { cursor: wait; nonsense: 1 }</style></head><p>甲</p></html>"
    )
    assert caplog.records == []
