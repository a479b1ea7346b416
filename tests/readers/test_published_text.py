"""Text files as they are saved from pages: the seed, tables of tabs and pipes, one cell a line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.figures import Figures
from ogi_report.forms import Grid
from ogi_report.readers import Published, read_text_document, recognise


def logical(grid: Grid) -> list[list[str]]:
    """A row of text for each row of the grid: merged cells keep their text in their first part."""
    rows = [[""] * grid.width for _ in range(grid.height)]
    for slot in grid.slots:
        rows[slot.row][slot.col] = slot.text
    return rows


def short(grid: Grid) -> list[list[str]]:
    """Only the cells that begin in a row, as a copy from a browser has them."""
    return [[slot.text for slot in row] for row in grid.rows()]


def text_page(figures: Figures, table: Callable[[Grid], str]) -> str:
    year = figures.form.years.first
    parts = [f"示例市示例局{year}年政府信息公开工作年度报告", "", f"现将{year}年工作报告如下。", ""]
    for section in figures.form.sections:
        parts += [section.title, "", table(figures.grid(section.table)) if section.table else "正文。", ""]
    return "\n".join(parts)


def tabs(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def pipes(rows: list[list[str]]) -> str:
    return "\n".join(" | ".join(row) for row in rows)


def swallowed(grid: Grid) -> str:
    """One row a line, ` | ` between cells, a bar more for each column that a merged cell swallowed."""
    return "\n".join(" | ".join(slot.text + " |" * (slot.colspan - 1) for slot in row) for row in grid.rows())


def markdown(grid: Grid) -> str:
    first, *rest = logical(grid)
    lines = ["| " + " | ".join(first) + " |", "|" + "---|" * grid.width]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rest)])


def lone(key: str, figures: Figures, read: Published) -> bool:
    """A lone number of a row whose shape is in doubt goes to the total, and the doubt is told."""
    spec = figures.form.cells[key]
    row = [k for k, cell in figures.form.cells.items() if cell.table == spec.table and cell.record == spec.record]
    told = any(doubt.kind == "shift" and doubt.table == spec.table for doubt in read.doubts)
    return spec.is_total and told and sum(1 for k in row if figures[k].raw) == 1


DUMPS: dict[str, Callable[[Grid], str]] = {
    "tabs, merged cells kept as blanks": lambda grid: tabs(logical(grid)),
    "tabs, only cells that begin in the row": lambda grid: tabs(short(grid)),
    "bars, merged cells kept as blanks": lambda grid: pipes(logical(grid)),
    "bars, only cells that begin in the row": lambda grid: pipes(short(grid)),
    "bars, one more for each swallowed column": swallowed,
    "a Markdown table": markdown,
}

STREAMS: dict[str, Callable[[Grid], str]] = {
    "one cell a line": lambda grid: "\n".join(text for row in short(grid) for text in row),
    "one cell a paragraph": lambda grid: "\n\n".join(text for row in short(grid) for text in row),
    "one cell a line, a bar behind each": lambda grid: "\n".join(text + " |" for row in short(grid) for text in row),
    "one cell a line, bars on lines of their own": lambda grid: "\n|\n".join(
        text for row in short(grid) for text in row
    ),
}


@pytest.mark.parametrize("dump", DUMPS)
@pytest.mark.parametrize("report", ["pingtan_2019", "huaian_2024"])
def test_real_figures_survive_as_text(report, dump, published_figures, same):
    figures = published_figures[report]
    read = recognise(read_text_document(text_page(figures, DUMPS[dump]), "某局.txt"))
    assert same(figures, read.figures) == []
    assert read.figures.missing == ()
    assert [c.number for c in read.chapters] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("dump", STREAMS)
@pytest.mark.parametrize("report", ["pingtan_2019", "huaian_2024"])
def test_real_figures_survive_one_cell_a_line(report, dump, published_figures, same):
    figures = published_figures[report]
    read = recognise(read_text_document(text_page(figures, STREAMS[dump]), "某局.txt"))
    assert same(figures, read.figures) == []
    assert read.figures.missing == ()
    assert [c.number for c in read.chapters] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("dump", DUMPS)
@pytest.mark.parametrize("form", ["2019", "2021", "2031"])
@given(data=st.data())
def test_no_dump_puts_a_figure_into_another_box(form, dump, data, any_figures, layout, same):
    figures = data.draw(any_figures(form))
    forms = (layout("2019"), layout("2021"), layout("2031"))
    read = recognise(read_text_document(text_page(figures, DUMPS[dump]), "某局.txt"), forms=forms)
    different = same(figures, read.figures)
    assert [cell for cell in different if cell[2] not in ("", "lost") and not lone(cell[0], figures, read)] == []
    if "blanks" in dump or "Markdown" in dump:
        assert different == []
        assert read.doubts == ()
    assert not different or read.doubts


@pytest.mark.parametrize("dump", STREAMS)
@given(data=st.data())
def test_no_stream_puts_a_figure_into_another_box(dump, data, any_figures, same):
    figures = data.draw(any_figures(data.draw(st.sampled_from(["2019", "2021"]))))
    read = recognise(read_text_document(text_page(figures, STREAMS[dump]), "某局.txt"))
    different = same(figures, read.figures)
    assert [cell for cell in different if cell[2] not in ("", "lost") and not lone(cell[0], figures, read)] == []
    assert not different or read.doubts or read.figures.missing
