"""What the public page shows is what other formats are made from: every table, every word, every look."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given

from ogi_report.documents.page import read_page
from ogi_report.documents.tables import grid_of
from ogi_report.forms import Grid
from ogi_report.writers import Heading, Manner, Picture, Span, Text, write_html_table


@pytest.mark.parametrize("form", ["2019", "2021", "2031"])
def test_an_official_table_comes_back_as_the_grid_it_was_written_from(form, layout, any_figures):
    from lxml import html

    @given(figures=any_figures(form))
    def holds(figures):
        for table in layout(form).tables:
            grid = figures.grid(table.key)
            found = grid_of(html.fromstring(write_html_table(grid, table.title)))
            assert (found.table, found.title, found.width) == (grid.table, table.title, grid.width)
            assert found.blocks == grid.blocks
            places = [(s.row, s.col, s.rowspan, s.colspan, " ".join(s.text.split()), s.role) for s in grid.slots]
            assert sorted((s.row, s.col, s.rowspan, s.colspan, s.text, s.role) for s in found.slots) == sorted(places)

    holds()


def test_the_seed_page_has_its_title_lead_in_six_chapters_and_three_tables(demo):
    report, page = demo("kejing", 2021)
    found = read_page(page)
    headings = [piece for piece in found.pieces if isinstance(piece, Heading)]
    assert found.title == report.heading
    assert [h.text.replace("\n", "") for h in headings if h.level == 0] == [report.heading]
    assert [h.text for h in headings if h.level == 1] == [section.title for section in report.form.sections]
    assert [piece.table for piece in found.pieces if isinstance(piece, Grid)] == [t.key for t in report.form.tables]
    lead = next(piece for piece in found.pieces if isinstance(piece, Text))
    assert lead.text == report.lead_in.text.split("\n")[0]


def test_what_an_author_marked_keeps_its_look(pieces):
    [text] = pieces(
        '<p>增长<strong>很<em>快</em></strong>，见<a href="https://x.example/a">公报</a>H<sub>2</sub></p>'
    ).pieces
    assert text.spans == (
        Span("增长"),
        Span("很", bold=True),
        Span("快", bold=True, italic=True),
        Span("，见"),
        Span("公报", link="https://x.example/a"),
        Span("H"),
        Span("2", shift=-1),
    )


def test_a_link_that_is_no_address_is_plain_text(pieces):
    assert pieces('<p><a href="javascript:alert(1)">甲</a><a href="#ch1">乙</a></p>').pieces == (Text("甲乙"),)


def test_lists_keep_their_depth_and_their_first_number(pieces):
    found = pieces('<ol start="3"><li>三<ul><li>点</li></ul></li><li><p>四</p></li></ol><ul><li>另</li></ul>').pieces
    assert [(item.content.text, item.depth, item.start) for item in found] == [
        ("三", 0, 3), ("点", 1, None), ("四", 0, 3), ("另", 0, None),
    ]  # fmt: skip
    assert found[0].group == found[2].group
    assert len({found[0].group, found[1].group, found[3].group}) == 3


def test_white_space_is_what_a_browser_shows_and_breaks_are_kept(pieces):
    assert pieces("<p>\n 甲 \n 乙<br> 丙　丁 \n</p>").pieces == (Text("甲 乙\n丙　丁"),)


def test_text_outside_of_any_element_is_not_lost(pieces):
    assert [piece.text for piece in pieces("前<div>中<p>里</p></div>后 <b>粗</b><!-- 注 -->").pieces] == [
        "前",
        "中",
        "里",
        "后 粗",
    ]


def test_an_authors_own_table_is_a_grid_with_its_heads(pieces):
    caption, grid = pieces(
        "<table><caption>自拟</caption><thead><tr><th>项目</th><th colspan=2>数</th></tr></thead>"
        "<tbody><tr><th>甲</th><td rowspan=2>1</td><td>2</td></tr><tr><th>乙</th><td>3</td></tr></tbody></table>"
    ).pieces
    assert caption == Text("自拟", Manner.CAPTION)
    assert [(s.row, s.col, s.rowspan, s.colspan, s.text, str(s.role)) for s in grid.slots] == [
        (0, 0, 1, 1, "项目", "column"), (0, 1, 1, 2, "数", "column"),
        (1, 0, 1, 1, "甲", "stub"), (1, 1, 2, 1, "1", "value"), (1, 2, 1, 1, "2", "value"),
        (2, 0, 1, 1, "乙", "stub"), (2, 2, 1, 1, "3", "value"),
    ]  # fmt: skip
    assert grid.header_rows == 1


def test_spans_without_sense_do_no_harm(pieces):
    (grid,) = pieces(
        '<table><tr><td rowspan="0" colspan="999999999999">甲</td><td rowspan="5">乙</td></tr></table>'
    ).pieces
    assert [(s.rowspan, s.text) for s in grid.slots] == [(1, "甲"), (1, "乙")]


def test_a_picture_is_taken_along_and_one_that_is_elsewhere_is_not(pieces):
    png = base64.b64encode(b"\x89PNG").decode()
    found = pieces(
        f'<figure><img alt="图" src="data:image/png;base64,{png}"></figure><img src="https://x.example/a.png">'
    ).pieces
    assert found == (Picture(b"\x89PNG", "图"),)


def test_a_drawing_is_told_in_its_words_or_by_its_numbers(pieces):
    told = pieces(
        "<figure><svg><title>图　2024年来源</title><desc>新收 3 件</desc><text>3</text></svg><figcaption>图　来源</figcaption></figure>"
    )
    assert told.pieces == (Text("2024年来源：新收 3 件"),)
    counted = pieces(
        "<figure><svg><text>3</text></svg><figcaption>图 3：来源（件）</figcaption><details><summary>数</summary>"
        "<table><tr><th>新收</th><td>3</td></tr></table></details></figure>"
    ).pieces
    assert counted[0] == Text("来源（件）", Manner.CAPTION)
    assert [slot.text for slot in counted[1].slots] == ["新收", "3"]


def test_the_table_of_contents_and_the_skip_link_belong_to_the_screen(published):
    report, page = published
    lines = [piece.text for piece in read_page(page).pieces if isinstance(piece, Heading | Text)]
    for section in report.form.sections:
        assert page.count(section.title) == 2
        assert lines.count(section.title) == 1
    assert "跳到正文" in page
    assert "跳到正文" not in "".join(lines)
