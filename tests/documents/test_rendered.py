"""The Word file as LibreOffice prints it: nothing cut, nothing outside of the text block, page numbers on the outer side."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise

import pdfplumber
import pytest

from ogi_report.documents.formats import convert
from ogi_report.writers import write_docx

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice Writer"),
]
POINT = 72 / 25.4
"""Points in a millimetre."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], bytes]:
    """`printed(docx)`: the document as PDF."""
    folder = tmp_path_factory.mktemp("printed")

    def go(content: bytes) -> bytes:
        (folder / "a.docx").write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(folder / "a.docx"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return (folder / "a.pdf").read_bytes()

    return go


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def cells_of(table: list[list[str | None]]) -> list[str]:
    return [squeezed(cell) for line in table for cell in line if cell]


@pytest.mark.parametrize(("agency", "year"), [("kejing", 2021), ("yunxi", 2024)])
def test_every_word_is_printed_within_the_text_block(agency, year, demo, printed):
    report, page = demo(agency, year)
    with pdfplumber.open(io.BytesIO(printed(convert("docx", page)))) as pdf:
        text = squeezed("".join(p.extract_text() for p in pdf.pages))
        for number, p in enumerate(pdf.pages, start=1):
            assert (round(p.width / POINT), round(p.height / POINT)) == (210, 297)
            body = [char for char in p.chars if char["bottom"] < (297 - 35) * POINT + 1]
            assert min(char["x0"] for char in body) > 27 * POINT
            # Punctuation may hang over the edge by half a character.
            assert max(char["x1"] for char in body if char["text"] not in "，。；：、） ") < (210 - 25) * POINT
            assert min(char["top"] for char in body) > 36 * POINT
            foot = [char for char in p.chars if char["top"] > (297 - 35) * POINT + 1 and char["text"].strip()]
            assert "".join(char["text"] for char in foot) == f"—{number}—"
            assert (foot[0]["x0"] > p.width / 2) == (number % 2 == 1)
    for chapter in report.chapters:
        assert squeezed(chapter.title) in text
        assert all(squeezed(line)[:10] in text for line in chapter.text.split("\n"))


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_full_official_tables_are_whole_on_a_page_with_every_label_and_number(form, figures_of, printed):
    figures = figures_of(form=form, fill=1234)
    grids = [figures.grid(table.key) for table in figures.form.tables]
    with pdfplumber.open(io.BytesIO(printed(write_docx(grids)))) as pdf:
        found = [cells_of(table) for p in pdf.pages for table in p.extract_tables()]
    for grid in grids:
        expected = sorted(squeezed(slot.text) for slot in grid.slots if slot.text)
        assert any(sorted(cells) == expected for cells in found), grid.table


def test_a_page_has_twenty_two_lines_of_twenty_eight_characters(printed):
    from ogi_report.writers import Text

    with pdfplumber.open(io.BytesIO(printed(write_docx([Text("公" * 28 * 40)])))) as pdf:
        first = pdf.pages[0]
        tops = sorted({round(char["top"]) for char in first.chars if char["text"] == "公"})
        assert len(tops) == 22
        second = [char for char in first.chars if round(char["top"]) == tops[1]]
        assert len(second) == 28
        assert {round(b - a) for a, b in pairwise(tops)} == {28}


def test_a_table_that_is_longer_than_a_page_repeats_its_head(pieces, printed):
    rows = "".join(f"<tr><td>第{number}行</td><td>{number}</td></tr>" for number in range(90))
    found = pieces(f"<table><thead><tr><th>项目</th><th>件数</th></tr></thead><tbody>{rows}</tbody></table>")
    with pdfplumber.open(io.BytesIO(printed(write_docx(found.pieces)))) as pdf:
        tables = [p.extract_tables()[0] for p in pdf.pages]
    assert len(tables) > 1
    assert all(table[0] == ["项目", "件数"] for table in tables)
    assert sum(len(table) - 1 for table in tables) == 90
