"""Outcomes by kind, with the reasons under each, this year filled and last year outlined."""

from __future__ import annotations

from collections.abc import Iterator

from ogi_report.figures import Figures
from ogi_report.report.charts.drawing import (
    LETTER,
    LINE,
    WIDTH,
    Chart,
    Look,
    box,
    filled,
    hatched,
    label,
    outlined,
    picture,
    undrawn,
    wrapped,
)
from ogi_report.report.charts.stream import Part, stream_of

NAME = "outcomes"
_LEFT, _RIGHT, _BAR = 132, 46, 13
_UNIT, _BLANK = "件", "—"
"""A dash in the table is a number that the tables leave blank."""


def outcomes_chart(figures: Figures, year: int, last: Figures | None = None) -> Chart:
    """Draws the outcomes of table 三 (total column) and what is carried out; blank ones are named, never drawn as 0."""
    caption = f"图　{year}年政府信息公开申请办理结果（单位：{_UNIT}）"
    stream = stream_of(figures.form)
    now = {part: part.of(figures) for part in (*stream.outcomes, *stream.left)}
    unknown = [part.name for part, value in now.items() if value is None]
    if len(unknown) == len(now):
        return undrawn(NAME, caption, "表三总计列的办理结果空白，不画图。")
    if not any(now.values()):
        zero = "" if not unknown else f"（{'、'.join(unknown)}空白）"
        return undrawn(NAME, caption, f"本年度没有办理政府信息公开申请{zero}，不画图。")
    before = _of_last_year(last)
    lines = list(_lines(figures, now, before))
    remarks = [f"{'、'.join(unknown)}空白，不画。"] if unknown else []
    told = "；".join(
        f"{name} {value} {_UNIT}" + (f"，上年 {earlier} {_UNIT}" if earlier is not None else "")
        for name, value, earlier, _ in lines
    )
    header = ("项目", f"{year}年", f"{year - 1}年") if before else ("项目", f"{year}年")
    rows = [
        (f"{'　' if detail else ''}{name}", str(value), _BLANK if earlier is None else str(earlier))[: len(header)]
        for name, value, earlier, detail in lines
    ]
    rows += [(name, _BLANK, _BLANK)[: len(header)] for name in unknown]
    if before and any(earlier is None for _, _, earlier, detail in lines if not detail):
        remarks.append(f"{year - 1}年的数有空白，空白的不画。")
    svg = _draw(caption, f"{told}。", lines, year, bool(before))
    return Chart(NAME, caption, svg, header, tuple(rows), tuple(remarks))


_Line = tuple[str, int, int | None, bool]
"""Name, number, last year's number, and whether it is a part of the outcome above it."""


def _of_last_year(last: Figures | None) -> dict[str, int | None]:
    """Last year's numbers by the names of the same outcomes: a layout with other rows has the same groups."""
    if last is None:
        return {}
    stream = stream_of(last.form)
    parts = (*stream.outcomes, *stream.left)
    return {part.name: part.of(last) for part in (*parts, *(detail for part in parts for detail in part.parts))}


def _lines(figures: Figures, now: dict[Part, int | None], before: dict[str, int | None]) -> Iterator[_Line]:
    for part, value in now.items():
        if value is None:
            continue
        yield part.name, value, before.get(part.name), False
        for detail in part.parts:
            number = detail.of(figures)
            if number:
                yield detail.name, number, before.get(detail.name), True


def _draw(title: str, told: str, lines: list[_Line], year: int, compared: bool) -> str:
    largest = max(*(max(value, earlier or 0) for _, value, earlier, _ in lines), 1)
    scale = (WIDTH - _LEFT - _RIGHT) / largest
    parts: list[str] = []
    y = 4.0
    if compared:
        parts += [box(_LEFT, y, 20, 10, filled()), label(_LEFT + 26, y + 5, [f"{year}年"])]
        parts += [box(_LEFT + 90, y, 20, 10, outlined()), label(_LEFT + 116, y + 5, [f"{year - 1}年"])]
        y += 22
    for name, value, earlier, detail in lines:
        words = wrapped(name, 9 if not detail else 8)
        bars = 1 + (earlier is not None and not detail)
        room = max(bars * (_BAR + 2), len(words) * LINE)
        parts.append(label(_LEFT - 8, y + room / 2, words, "end", bold=not detail))
        top = y + (room - bars * (_BAR + 2)) / 2
        parts.append(_bar(top, value, scale, hatched(NAME) if detail else filled(), _BAR - 4 if detail else _BAR))
        if bars > 1:
            assert earlier is not None
            parts.append(_bar(top + _BAR + 2, earlier, scale, outlined(), _BAR))
        y += room + (5 if detail else 7)
    return picture(NAME, title, told, y + 2, parts)


def _bar(y: float, value: int, scale: float, look: Look, thick: int) -> str:
    shape = box(_LEFT, y + (_BAR - thick) / 2, value * scale, thick, look) if value else ""
    return shape + label(_LEFT + value * scale + 6, y + LETTER / 2, [str(value)])
