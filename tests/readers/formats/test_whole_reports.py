"""A whole report, written as a Word file, a workbook or a printed page, is read back without one wrong cell."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ogi_report.figures import Figures
from ogi_report.readers import Published, read_published
from ogi_report.writers import Heading, Page, Text, write_docx, write_html_table, write_xlsx

PROSE = "全年主动公开政府信息 37 条，新收申请 12 件，均已按期答复。"
STYLE = """
@page { size: A4; margin: 20mm } body { font-family: 'Noto Serif CJK SC', serif; font-size: 14px }
p { text-indent: 2em; line-height: 1.75; text-align: justify }
table { border-collapse: collapse; width: 100%; font-size: 11px } td, th { border: 1px solid #000; padding: 3px }
"""


def pages_of(figures: Figures, year: int) -> list[Page]:
    """A report in its official order: title, six chapters, each with a paragraph of its own and its table."""
    pages: list[Page] = [Heading(f"示例市示例局{year}年政府信息公开工作年度报告", 0)]
    for section in figures.form.sections:
        pages += [Heading(section.title), Text(f"（{section.number}）本章说明。{PROSE}")]
        if section.table:
            pages.append(figures.grid(section.table))
    return pages


def wrong_cells(figures: Figures, read: Published) -> dict[str, tuple[str, str]]:
    """Cells in which something else stands than was written; a blank with a doubt is no wrong cell."""
    assert read.figures.form.id == figures.form.id
    return {
        key: (cell.raw, read.figures[key].raw)
        for key, cell in figures.items()
        if read.figures[key].raw.strip() != cell.raw.strip() and (read.figures[key].raw.strip() or not read.doubts)
    }


def check_chapters(read: Published, *, spaces: bool = True) -> None:
    """Six chapters with their own text; in print nobody can tell a typed space from Chinese and digits set apart."""
    assert [chapter.number for chapter in read.chapters] == [1, 2, 3, 4, 5, 6]
    for chapter in read.chapters:
        text = f"（{chapter.number}）本章说明。{PROSE}"
        assert chapter.text.strip() == (text if spaces else text.replace(" ", ""))


def comes_back(figures: Figures, year: int, write: Callable[[list[Page]], bytes], path: Path) -> None:
    path.write_bytes(write(pages_of(figures, year)))
    read = read_published(path)
    assert read.figures.form.id == figures.form.id
    assert {key: read.figures[key].raw for key in figures} == {key: cell.raw for key, cell in figures.items()}
    assert read.year == year
    assert read.doubts == ()
    check_chapters(read)


FORMATS = pytest.mark.parametrize(("suffix", "write"), [("docx", write_docx), ("xlsx", write_xlsx)])


@pytest.mark.parametrize("form", ["2019", "2021"])
@FORMATS
def test_a_report_comes_back_as_it_was_written(form, suffix, write, consistent, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / f"年报.{suffix}"

    @settings(max_examples=15)
    @given(figures=consistent(form), year=st.integers(2019, 2030))
    def holds(figures, year):
        comes_back(figures, year, write, path)

    holds()


@pytest.mark.parametrize("form", ["2019", "2021"])
@FORMATS
def test_blanks_units_and_text_come_back_too(form, suffix, write, any_figures, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / f"年报.{suffix}"

    @settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
    @given(figures=any_figures(form))
    def holds(figures):
        comes_back(figures, figures.form.years.first, write, path)

    holds()


@pytest.mark.parametrize("report", ["huaian_2024", "pingtan_2019"])
@FORMATS
def test_published_figures_are_read_without_doubt(report, suffix, write, published_figures, tmp_path):
    figures = published_figures[report]
    path = tmp_path / f"{report}.{suffix}"
    path.write_bytes(write(pages_of(figures, figures.form.years.first)))
    read = read_published(path)
    assert wrong_cells(figures, read) == {}
    assert read.doubts == ()
    check_chapters(read)


@pytest.fixture(scope="module")
def printed(published_figures, tmp_path_factory, chromium) -> Callable[[str, str], tuple[Figures, Published]]:
    """A published report's figures, printed to PDF by a browser in this style, and what is read of it."""

    def make(report: str, style: str) -> tuple[Figures, Published]:
        figures = published_figures[report]
        folder = tmp_path_factory.mktemp(report)
        body = [f"<meta charset=utf-8><title>年报</title><style>{STYLE}{style}</style>"]
        for page in pages_of(figures, figures.form.years.first):
            match page:
                case Heading(text, level):
                    body.append(f"<h{level + 1}>{escape(text)}</h{level + 1}>")
                case Text(text):
                    body.append(f"<p>{escape(text)}</p>")
                case _:
                    body.append(write_html_table(page, ""))
        (folder / "a.html").write_text("\n".join(body), encoding="utf-8")
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={folder / 'a.pdf'}", (folder / "a.html").as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return figures, read_published(folder / "a.pdf")

    return make


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("report", ["huaian_2024", "pingtan_2019"])
@pytest.mark.parametrize(
    "style",
    ["", "p { margin-bottom: 120px }", "@page { size: A4 landscape }", "td, th { font-size: 9px; padding: 1px }"],
    ids=["plain", "torn over pages", "landscape", "small"],
)
def test_a_page_printed_by_a_browser_has_no_wrong_cell(report, style, printed):
    figures, read = printed(report, style)
    assert wrong_cells(figures, read) == {}
    filled = sum(1 for key in figures if read.figures[key].raw.strip())
    assert filled >= len(figures) * 9 // 10
    check_chapters(read, spaces=False)
