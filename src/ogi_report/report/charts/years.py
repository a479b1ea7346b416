"""Several years side by side: applications received, handled and carried out, reviews and lawsuits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ogi_report.figures import Figures
from ogi_report.in_words import InWords
from ogi_report.report.charts.drawing import LETTER, WIDTH, Chart, box, filled, label, picture, undrawn
from ogi_report.report.charts.stream import Part, stream_of

NAME = "years"
CASES = ("remedies.review.total", "remedies.litigation.total")
"""Of table 四: reviews, and all lawsuits together; both layouts have them with one meaning."""
_LEFT, _RIGHT, _BAR = 66, 66, 13
_UNIT = "件"


@dataclass(frozen=True)
class KnownYear(InWords):
    """A year's figures; `why` says in Chinese why there are none."""

    year: int
    figures: Figures | None
    why: str = ""

    def _in_words(self) -> str:
        return f"{self.year} 年：{self.figures if self.figures is not None else self.why}"


@dataclass(frozen=True)
class _Series:
    """A quantity over the years: a number, or None where it is blank or the year is not known."""

    name: str
    values: tuple[int | None, ...]
    scale: int


def years_chart(years: Sequence[KnownYear]) -> Chart:
    """Draws the years, the earliest first; what is unknown is said in its place.

    Args:
        years: consecutive years; the last one is known.
    """
    figures = [year.figures for year in years]
    caption = f"图　{years[0].year}—{years[-1].year}年政府信息公开申请和复议诉讼情况（单位：{_UNIT}）"
    if sum(known is not None for known in figures) < 2:
        return undrawn(NAME, caption, "没有往年的数据，不画历年图。")
    known = [s for s in _series(figures) if sum(value is not None for value in s.values) > 1]
    series = [s for s in known if any(s.values)]
    if not series:
        return undrawn(NAME, caption, "各年的数都是 0 或者空白，不画历年图。")
    told = "；".join(
        f"{s.name}：{'，'.join(f'{y.year}年 {_said(v, y)}' for y, v in zip(years, s.values, strict=True))}"
        for s in series
    )
    remarks = [f"{year.year}年没有数据。" for year in years if year.figures is None]
    if none := [s.name for s in known if not any(s.values)]:
        remarks.append(f"{'、'.join(none)}各年都是 0 或者空白，图中不画。")
    layouts = [known.form.name for known in figures if known is not None]
    if len(set(layouts)) > 1:
        remarks.append("各年的表样不同，图中只取两种表样含义相同的数。")
    rows = tuple((f"{year.year}年", *(_said(s.values[n], year) for s in series)) for n, year in enumerate(years))
    svg = _draw(caption, f"{told}。", years, series)
    return Chart(NAME, caption, svg, ("年度", *(s.name for s in series)), rows, tuple(remarks))


def _said(value: int | None, year: KnownYear) -> str:
    return str(value) if value is not None else "没有数据" if year.figures is None else "空白"


def _series(years: Sequence[Figures | None]) -> Iterator[_Series]:
    """Quantities of table 三 share one scale, those of table 四 another."""
    known = [figures for figures in years if figures is not None]
    stream = stream_of(known[-1].form)
    totals = [part.cells[0] for part in (stream.sources[0], stream.handled, *stream.left)]
    cases = [key for key in CASES if key in known[-1].form.cells or key in known[-1].form.derived]
    shown = [(key, group) for group, keys in enumerate((totals, cases)) for key in keys]
    found = []
    for key, group in shown:
        values = tuple(_value(figures, key) for figures in years)
        found.append((_name(known[-1], key), values, group))
    for name, values, group in found:
        largest = max((v for _, other, g in found if g == group for v in other if v is not None), default=1)
        yield _Series(name, values, max(largest, 1))


def _name(figures: Figures, key: str) -> str:
    return figures.form.cells[key].name if key in figures.form.cells else figures.form.derived[key][0]


def _value(figures: Figures | None, key: str) -> int | None:
    if figures is None:
        return None
    cells = (key,) if key in figures.form.cells else figures.derived_parts.get(key, (key,))
    return Part("", cells).of(figures)


def _draw(title: str, told: str, years: Sequence[KnownYear], series: Sequence[_Series]) -> str:
    parts: list[str] = []
    y = 4.0
    for quantity in series:
        parts.append(label(0, y + LETTER / 2, [quantity.name], bold=True))
        y += 19
        for year, value in zip(years, quantity.values, strict=True):
            parts.append(label(_LEFT - 8, y + LETTER / 2, [f"{year.year}年"], "end"))
            size = 0.0
            if value:
                size = value * (WIDTH - _LEFT - _RIGHT) / quantity.scale
                parts.append(box(_LEFT, y, size, _BAR, filled()))
            parts.append(label(_LEFT + size + (6 if value else 0), y + LETTER / 2, [_said(value, year)]))
            y += _BAR + 4
        y += 8
    return picture(NAME, title, told, y, parts)
