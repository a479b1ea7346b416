"""What a content management system leaves of a page when one pastes it: here, everything."""

from __future__ import annotations

import nh3
import pytest
from hypothesis import given
from lxml import html

from ogi_report.documents.formats import convert
from ogi_report.documents.tables import grid_of
from ogi_report.readers import read_published
from ogi_report.writers import write_pasted_html

EDITOR = nh3.ALLOWED_TAGS - {"h1", "figure", "figcaption", "section", "svg"}
"""What such editors usually let through; of attributes the styles and spans."""


def test_no_document_around_it_and_nothing_that_an_editor_drops(published):
    _, page = published
    text = convert("cms", page).decode()
    for dropped in (
        "<html",
        "<head",
        "<body",
        "<style",
        "<script",
        "<link",
        "<svg",
        "<h1",
        " class=",
        " id=",
        "<!",
        "<nav",
    ):
        assert dropped not in text
    for fetched in ("src=", "url(", "@import"):
        assert fetched not in text


def test_an_editor_that_drops_classes_ids_and_drawings_changes_nothing(published):
    _, page = published
    text = convert("cms", page).decode()
    kept = {"th": {"scope", "rowspan", "colspan", "style"}, "td": {"rowspan", "colspan", "style"}, "*": {"style"}}
    cleaned = nh3.clean(text, tags=EDITOR, attributes=kept | {"a": {"href"}, "ol": {"start"}}, link_rel=None)
    before, after = (html.fragment_fromstring(part, create_parent="div") for part in (text, cleaned))
    assert [(e.tag, dict(e.attrib), e.text) for e in after.iter()] == [
        (e.tag, dict(e.attrib), e.text) for e in before.iter()
    ]


def test_each_cell_has_its_border_by_itself(published):
    report, page = published
    root = html.fragment_fromstring(convert("cms", page).decode(), create_parent="div")
    cells = [*root.iter("th"), *root.iter("td")]
    assert len(cells) >= len(report.figures)
    assert all("border:1px solid" in cell.get("style") for cell in cells)


@pytest.mark.parametrize("form", ["2019", "2021", "2031"])
def test_merged_cells_stay_merged(form, layout, any_figures):
    @given(figures=any_figures(form))
    def holds(figures):
        for table in layout(form).tables:
            grid = figures.grid(table.key)
            found = grid_of(html.fragment_fromstring(write_pasted_html([grid])))
            assert {(s.row, s.col, s.rowspan, s.colspan, s.text) for s in found.slots} == {
                (s.row, s.col, s.rowspan, s.colspan, " ".join(s.text.split())) for s in grid.slots
            }

    holds()


def test_reading_it_gives_the_same_figures(published, tmp_path):
    report, page = published
    (tmp_path / "粘贴.html").write_bytes(convert("cms", page))
    found = read_published(tmp_path / "粘贴.html", year=report.year)
    assert {key: cell.raw for key, cell in found.figures.items()} == {k: c.raw for k, c in report.figures.items()}
    assert [chapter.number for chapter in found.chapters] == [1, 2, 3, 4, 5, 6]


def test_lists_stand_inside_one_another(pieces):
    written = write_pasted_html(
        pieces(
            "<ol start=2><li>甲<ul><li>一</li><li>二<ol><li>深</li></ol></li></ul></li><li>乙</li></ol><ul><li>丙</li></ul>"
        ).pieces
    )
    root = html.fragment_fromstring(written, create_parent="div")
    for element in root.iter():
        element.attrib.pop("style", None)
    assert html.tostring(root, encoding="unicode").strip() == (
        '<div><ol start="2"><li>甲<ul><li>一</li><li>二<ol><li>深</li></ol></li></ul></li><li>乙</li></ol>'
        "<ul><li>丙</li></ul>\n</div>"
    )


def test_what_looks_like_markup_is_text(pieces):
    assert "&lt;b&gt;" in write_pasted_html(pieces("<p>&lt;b&gt;</p>").pieces)
    assert "&lt;i&gt;" in write_pasted_html(pieces("<table><tr><td>&lt;i&gt;</td></tr></table>").pieces)


def test_looks_and_links_are_kept(pieces):
    written = write_pasted_html(
        pieces('<p><b>粗</b><a href="https://x.example/?a&amp;b">链<sup>1</sup></a><br>行</p>').pieces
    )
    assert "<strong>粗</strong>" in written
    assert '<a href="https://x.example/?a&amp;b">链</a>' in written
    assert "<br>行" in written
