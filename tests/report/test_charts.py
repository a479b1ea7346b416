"""The charts: nothing drawn for what is unknown, everything said in words and in a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report import Report
from ogi_report.errors import ConfigError
from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.readers import read_published
from ogi_report.report import Project
from ogi_report.report.charts import KnownYear, flow_chart, outcomes_chart, years_chart
from ogi_report.report.charts.stream import stream_of

SVG = "{http://www.w3.org/2000/svg}"
SOME = {
    "received": 30,
    "carried_in": 4,
    "granted": 12,
    "partially_granted": 3,
    "denied.enforcement_file": 5,
    "denied.admin_query": 2,
    "unavailable.not_held": 9,
    "handled_total": 31,
    "carried_out": 3,
}


def totals(**changed: int | str | None) -> dict[str, int | str | None]:
    """The total column of a table 三 that adds up, with some rows changed."""
    return {f"applications.{row.replace('__', '.')}.total": value for row, value in (SOME | changed).items()}


def drawn(svg: str | None) -> ElementTree.Element:
    assert svg is not None
    return ElementTree.fromstring(svg)


def letters(svg: str | None) -> list[str]:
    return [element.text or "" for element in drawn(svg).iter(f"{SVG}text")]


def test_the_flow_says_where_every_application_came_from_and_went(figures_of: Callable[..., Figures]) -> None:
    chart = flow_chart(figures_of(totals()), 2024)
    told = drawn(chart.svg).find(f"{SVG}desc")
    assert told is not None
    assert told.text == (
        "来源：本年新收 30 件，上年结转 4 件，共 34 件；"
        "去向：予以公开 12 件 38.7%，部分公开 3 件 9.7%，不予公开 7 件 22.6%，无法提供 9 件 29.0%，"
        "不予处理 0 件 0.0%，其他处理 0 件 0.0%，结转下年度 3 件。"
    )
    assert {"共 34 件", "不予公开 7 件 22.6%", "结转下年度 3 件"} <= set(letters(chart.svg))
    assert ("不予公开", "7") in chart.rows
    assert chart.remarks == ("百分比是占办理结果总计的比例。", "不予处理、其他处理为 0 件，图中不画。")


def test_each_bar_is_as_long_as_its_number_says(figures_of: Callable[..., Figures]) -> None:
    rects = [r for r in drawn(flow_chart(figures_of(totals()), 2024).svg).iter(f"{SVG}rect") if r.get("x")]
    heights = [float(r.get("height", "")) for r in rects]
    assert heights == pytest.approx([v * 190 / 34 for v in (30, 4, 34, 12, 3, 7, 9, 3)], abs=0.1)


def test_shares_of_a_handful_of_cases_are_not_told(figures_of: Callable[..., Figures]) -> None:
    few = flow_chart(figures_of(totals(received=3, carried_in=0, handled_total=3, carried_out=0, granted=3) | dict.fromkeys(
        [f"applications.{row}.total" for row in ("partially_granted", "denied.enforcement_file", "denied.admin_query", "unavailable.not_held")], 0
    )), 2024)  # fmt: skip
    assert "予以公开 3 件" in letters(few.svg)


def test_shares_are_left_out_where_a_label_has_no_room_for_them(figures_of: Callable[..., Figures]) -> None:
    many = totals(received=12345678, carried_in=19, granted=12345675, handled_total=12345694, carried_out=3)
    labels = letters(flow_chart(figures_of(many), 2024).svg)
    assert "予以公开 12345675 件" in labels
    assert "不予公开 7 件" in labels, "of all or of none"


@pytest.mark.parametrize("row", ["received", "carried_in", "handled_total", "carried_out"])
@pytest.mark.parametrize("blank", [None, "若干", "-"])
def test_no_flow_is_drawn_when_one_of_its_ends_is_unknown(
    figures_of: Callable[..., Figures], row: str, blank: str | None
) -> None:
    figures = figures_of(totals(**{row: blank}), fill=None)
    chart = flow_chart(figures, 2024)
    assert chart.svg is None
    assert chart.html is None
    assert figures.form.cells[f"applications.{row}.total"].name in chart.why


def test_blank_outcomes_are_not_taken_for_none(figures_of: Callable[..., Figures]) -> None:
    chart = flow_chart(figures_of(totals(denied__other_law=None)), 2024)
    assert letters(chart.svg)[-2:] == ["办理结果总计 31 件", "结转下年度 3 件"]
    assert chart.remarks[0] == "不予公开有空白，办理结果总计不细分。"
    assert not any("%" in text for text in letters(chart.svg))


def test_a_flow_that_does_not_add_up_is_not_drawn(figures_of: Callable[..., Figures]) -> None:
    assert "不相等" in flow_chart(figures_of(totals(received=31)), 2024).why
    parts = flow_chart(figures_of(totals(granted=13)), 2024)
    assert parts.remarks[0] == "各项办理结果之和与办理结果总计不相等，不细分。"


def test_nothing_is_drawn_where_there_was_nothing(figures_of: Callable[..., Figures]) -> None:
    for draw in (flow_chart, outcomes_chart):
        assert draw(figures_of(), 2024).svg is None
    assert outcomes_chart(figures_of(fill=None), 2024).why == "表三总计列的办理结果空白，不画图。"


def test_outcomes_stand_beside_last_years(figures_of: Callable[..., Figures]) -> None:
    last = figures_of({"applications.granted.total": 8, "applications.other.total": 2}, form="2019")
    chart = outcomes_chart(figures_of(totals()), 2021, last)
    assert chart.header == ("项目", "2021年", "2020年")
    assert ("予以公开", "12", "8") in chart.rows
    assert ("其他处理", "0", "2") in chart.rows, "one row of the older form, three of the newer: the same outcome"
    assert ("　属于行政执法案卷", "5", "0") in chart.rows


def test_a_blank_outcome_is_named_and_not_drawn(figures_of: Callable[..., Figures]) -> None:
    chart = outcomes_chart(figures_of(totals(granted=None)), 2024)
    assert ("予以公开", "—") in chart.rows
    assert chart.remarks == ("予以公开空白，不画。",)
    assert "予以公开" not in letters(chart.svg)


def test_the_years_say_which_of_them_are_unknown(figures_of: Callable[..., Figures]) -> None:
    blank = figures_of({"applications.received.total": None, "applications.handled_total.total": 7}, form="2019")
    years = [KnownYear(2020, blank), KnownYear(2021, None, "无"), KnownYear(2022, figures_of(totals()))]
    chart = years_chart(years)
    assert chart.header == ("年度", "办理结果总计", "结转下年度"), "of 新收 only one year is known: no series"
    assert chart.rows == (("2020年", "7", "0"), ("2021年", "没有数据", "没有数据"), ("2022年", "31", "3"))
    assert chart.remarks == (
        "2021年没有数据。",
        "行政复议、行政诉讼各年都是 0 或者空白，图中不画。",
        "各年的表样不同，图中只取两种表样含义相同的数。",
    )
    assert letters(chart.svg).count("没有数据") == 2
    assert years_chart(years[2:]).why == "没有往年的数据，不画历年图。"


def test_a_new_form_is_drawn_without_new_code(third_form: Form, figures_of: Callable[..., Figures]) -> None:
    stream = stream_of(third_form)
    assert sum(len(part.cells) for part in stream.outcomes) > len(stream.outcomes)
    cells: dict[str, Any] = {key: 2 for part in stream.outcomes for key in part.cells}
    handled = sum(cells.values())
    cells |= {stream.handled.cells[0]: handled, stream.sources[0].cells[0]: handled}
    chart = flow_chart(figures_of(cells, form=third_form), 2031)
    assert {f"{part.name} {2 * len(part.cells)} 件" for part in stream.outcomes} <= set(letters(chart.svg))


@given(data=st.data(), form=st.sampled_from(["2019", "2021"]))
def test_what_is_drawn_is_what_the_table_says(
    data: st.DataObject, form: str, consistent: Callable[[str], st.SearchStrategy[Figures]]
) -> None:
    figures = data.draw(consistent(form))
    chart = flow_chart(figures, 2021)
    numbers = {line[0]: int(line[1]) for line in chart.rows}
    if chart.svg is not None:
        total = figures.value("applications.received.total") + figures.value("applications.carried_in.total")  # type: ignore[operator]
        assert sum(numbers.values()) == 2 * total
        assert sum(len(re.findall(r"\d+(?= 件)", text)) for text in letters(chart.svg)) == 1 + sum(
            value > 0 for value in numbers.values()
        )
        assert flow_chart(figures, 2021) == chart
        _inside_the_picture(chart.svg)
    outcomes = outcomes_chart(figures, 2021, figures)
    if outcomes.svg is not None:
        _inside_the_picture(outcomes.svg)


def _inside_the_picture(svg: str) -> None:
    picture = drawn(svg)
    width, height = map(float, picture.get("viewBox", "").split()[2:])
    for rect in (r for r in picture.iter(f"{SVG}rect") if r.get("x")):
        right, bottom = (float(rect.get(a, "")) + float(rect.get(b, "")) for a, b in (("x", "width"), ("y", "height")))
        assert 0 <= right <= width
        assert 0 <= bottom <= height
    for text in picture.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x", "")) <= width
        assert 0 <= float(text.get("y", "")) <= height


def test_what_a_page_says_of_its_charts_is_not_read_as_another_table(
    small_project: Callable[..., Project], tmp_path: Path
) -> None:
    cells = {
        key.replace(".total", f".{column}"): value
        for key, value in totals().items()
        for column in ("natural_person", "total")
    }
    small_project(cells, year=2023)
    report = Report.open("ju", 2024, project=small_project(cells))
    charts = [report.chart(name) for name in ("applications", "outcomes", "years")]
    pieces = [report.title(), *(report.chapter(n) for n in (1, 2, 3)), *charts, *(report.chapter(n) for n in (4, 5, 6))]
    (tmp_path / "page.html").write_text("".join(str(piece.public) for piece in pieces), encoding="utf-8")
    published = read_published(tmp_path / "page.html", year=2024)
    assert dict(published.figures.cells) == {
        key: replace(published.figures[key], raw=cell.raw, value=cell.value, kind=cell.kind)
        for key, cell in report.figures.items()
    }
    assert published.figures.doubts == ()
    assert [c.text for c in published.chapters] == [c.text for c in report.chapters]


def test_a_report_draws_each_chart_by_name(small_project: Callable[..., Project]) -> None:
    cells = {
        key.replace(".total", f".{column}"): value
        for key, value in totals().items()
        for column in ("natural_person", "total")
    }
    small_project(cells, year=2022)
    project = small_project(cells)
    report = Report.open("ju", 2024, project=project)
    assert [(known.year, known.figures is not None) for known in report.earlier] == [(2023, False), (2022, True)]
    pages = [str(report.chart(name).public) for name in ("applications", "outcomes", "years")]
    ids = [found for page in pages for found in re.findall(r' id="([^"]+)"', page)]
    assert len(set(ids)) == len(ids) == 9, "several charts may stand on one page"
    assert all('role="img"' in page and "<table" in page and "<script" not in page for page in pages)
    with pytest.raises(ConfigError, match=r"没有名为 remedies 的图；现有：applications（申请的来源与去向）、outcomes"):
        report.chart("remedies")
