"""An HTML table says the same as the grid that it was written from, and a blank stays a blank."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from ogi_report.figures import Figures
from ogi_report.forms import Form, Grid
from ogi_report.writers import IN_NOTEBOOK, Mark, write_html_table, write_text_table


class _Table(HTMLParser):
    """Resolves spans: (row, column) → (tag, attributes, text, rowspan, colspan), at the upper left of each cell."""

    def __init__(self, html: str):
        super().__init__()
        self.cells: dict[tuple[int, int], dict[str, object]] = {}
        self.taken: set[tuple[int, int]] = set()
        self.row, self.open = -1, None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.row += 1
        if tag in ("td", "th"):
            found = dict(attrs)
            height, width = int(found.get("rowspan") or 1), int(found.get("colspan") or 1)
            column = next(c for c in range(99) if (self.row, c) not in self.taken)
            self.taken |= {(self.row + i, column + j) for i in range(height) for j in range(width)}
            self.open = {"tag": tag, "text": "", "span": (height, width), **found}
            self.cells[self.row, column] = self.open

    def handle_data(self, data: str) -> None:
        if self.open is not None:
            self.open["text"] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.open = None


def _told(grid: Grid) -> dict[tuple[int, int], tuple[str, str, tuple[int, int]]]:
    return {(s.row, s.col): ("th" if s.is_header else "td", s.text, (s.rowspan, s.colspan)) for s in grid.slots}


TABLES = [(form, table) for form in ("2019", "2021", "2031") for table in ("disclosure", "applications", "remedies")]


@pytest.mark.parametrize(("form", "table"), TABLES)
@pytest.mark.parametrize("inline", [None, IN_NOTEBOOK], ids=["classes", "styles"])
def test_reading_the_html_gives_the_grid_back(
    form: str, table: str, inline: bool, figures_of: Callable[..., Figures]
) -> None:
    """The made-up layout of 2031 goes the same way: no line of the package knows it."""
    figures = figures_of({}, form, fill=7)
    grid = figures.grid(table)
    read = _Table(write_html_table(grid, "表", inline=inline))
    assert {at: (c["tag"], c["text"], c["span"]) for at, c in read.cells.items()} == _told(grid)
    assert all(c.get("scope") for c in read.cells.values() if c["tag"] == "th")


@pytest.mark.parametrize(("form", "table"), TABLES)
def test_each_number_names_the_headers_above_and_beside_it(
    form: str, table: str, layout: Callable[[str], Form], figures_of: Callable[..., Figures]
) -> None:
    grid = figures_of({}, form).grid(table)
    cells = _Table(write_html_table(grid, "表")).cells
    texts = {str(c["id"]): str(c["text"]) for c in cells.values() if "id" in c}
    assert len(texts) == sum(s.is_header for s in grid.slots), "ids are unique"
    for slot in grid.slots:
        if slot.key:
            named = [texts[id] for id in str(cells[slot.row, slot.col]["headers"]).split()]
            spec = layout(form).cells[slot.key]
            assert spec.column.label in named
            assert spec.row is None or spec.row.label in named


def test_a_blank_is_an_empty_cell_and_a_zero_is_a_zero(figures_of: Callable[..., Figures]) -> None:
    figures = figures_of({"applications.received.total": 0}, fill=None)
    texts = [
        c["text"]
        for c in _Table(write_html_table(figures.grid("applications"), "表三")).cells.values()
        if c["tag"] == "td"
    ]
    assert texts.count("0") == 1
    assert texts.count("") == 174


def test_whatever_an_agency_writes_is_text(figures_of: Callable[..., Figures]) -> None:
    attack = '<img src=x onerror="alert(1)">'
    local = {"disclosure": [("local.x", attack, "normative")]}
    html = write_html_table(figures_of({"disclosure.rules.issued": attack}, local=local).grid("disclosure"), attack)
    assert "<img" not in html
    assert html.count("&lt;img") == 3


def test_a_marked_cell_links_to_its_finding_and_back(figures_of: Callable[..., Figures]) -> None:
    key = "remedies.review.total"
    html = write_html_table(
        figures_of({}, fill=None).grid("remedies"),
        "表四",
        inline=IN_NOTEBOOK,
        marks={key: Mark("error", "#f-1", "T4-SUM")},
    )
    assert f'id="c-{key}"' in html
    assert '<a href="#f-1" title="T4-SUM">（空白）</a>' in html


def test_a_terminal_shows_a_blank_as_a_dot(figures_of: Callable[..., Figures]) -> None:
    lines = write_text_table(
        figures_of({"applications.received.total": 12}, fill=None).grid("applications")
    ).splitlines()
    received = next(line for line in lines if line.startswith("一、本年新收"))
    assert received.split()[1:] == ["·"] * 6 + ["12"]
