"""The acceptance case as it was published: tabs, the form of 2019 in a report of 2021, a table that lost cells.

`seed.txt` holds its tables and headings as they stand there; of its sentences nothing is kept.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ogi_report.readers import read_figures, read_published

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def seed():
    return read_published(HERE / "seed.txt")


def test_it_holds_the_figures_that_were_typed_from_it(seed, forms):
    typed = read_figures(HERE.parents[1] / "data" / "2021" / "kejing", forms["2019"], "data/2021/kejing")
    assert {k: (c.raw, c.value) for k, c in seed.figures.items()} == {k: (c.raw, c.value) for k, c in typed.items()}
    assert seed.figures.missing == seed.figures.labels == ()
    assert set(seed.figures.layouts.values()) == {"2019"}


def test_its_two_lone_zeros_stand_in_the_total(seed):
    filled = [key for key, cell in seed.figures.items() if cell.raw and key.startswith("applications.")]
    assert filled == ["applications.received.total", "applications.carried_in.total"]


def test_its_lost_cells_and_its_shifted_heads_are_told_once_each(seed, checked):
    assert [(doubt.kind, doubt.table) for doubt in seed.doubts] == [
        ("broken_row", "applications"),
        ("shift", "applications"),
    ]
    found = checked(seed.figures, year=2021, prescribed_layout="2021")
    told = [(f.rule, str(f.severity)) for f in found if f.rule.startswith("LAYOUT-")]
    assert sorted(told) == [
        ("LAYOUT-BROKEN-ROW", "note"),
        ("LAYOUT-EXTRA-ROW", "note"),
        ("LAYOUT-SHIFT", "note"),
        ("LAYOUT-YEAR", "error"),
    ]
    broken = next(f for f in found if f.rule == "LAYOUT-BROKEN-ROW")
    for label in ("5. 要求", "(六) 其他处理", "(七) 总计"):
        assert label in broken.message


def test_its_words_are_split_into_six_chapters(seed):
    assert [chapter.number for chapter in seed.chapters] == [1, 2, 3, 4, 5, 6]
    assert [chapter.number for chapter in seed.chapters if not chapter.text] == [2, 3, 4]
    assert seed.chapters[0].text.count("\n") == 2
    assert (seed.title, seed.year, seed.agency_name) == ("区科经局政府信息公开工作年度报告", 2021, "区科经局")
    assert seed.published_on is None
    assert seed.lead_in == "现将我局 2021 年工作报告如下："
