"""A small static chart: what became of the applications, this year and last. No script, no font, no colour alone."""

from __future__ import annotations

from html import escape

from ogi_report.figures import Figures
from ogi_report.writers.text import display_width

_WIDTH, _BAR, _GAP, _LEFT, _RIGHT = 640, 15, 12, 110, 64


def outcomes(figures: Figures) -> list[tuple[str, int]] | None:
    """Returns the outcomes of table 三 (total column) and what is carried out; None where one of them is blank."""
    names = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理", "结转下年度")
    named = figures.named()
    values = [(name, named.get(name)) for name in names]
    if any(value is None or value != int(value) or value < 0 for _, value in values):
        return None
    return [(name, int(value)) for name, value in values if value is not None]


def outcomes_chart(now: list[tuple[str, int]], year: int, before: list[tuple[str, int]] | None = None) -> str:
    """Returns an inline SVG of horizontal bars, filled for this year and outlined for last year."""
    last = dict(before or [])
    largest = max(max(value for _, value in now), max(last.values(), default=0), 1)
    scale = (_WIDTH - _LEFT - _RIGHT) / largest
    rows = 2 if last else 1
    step = rows * _BAR + _GAP
    top = 26 if last else 8
    height = top + step * len(now)
    title = f"{year}年政府信息公开申请办理结果（件）"
    told = "；".join(f"{name} {value} 件" + (f"，上年 {last[name]} 件" if name in last else "") for name, value in now)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ogi-chart" role="img" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" style="max-width:100%;height:auto" aria-labelledby="chart-t chart-d" '
        'fill="currentColor" font-size="13">',
        f'<title id="chart-t">{escape(title)}</title><desc id="chart-d">{escape(told)}。</desc>',
    ]
    if last:
        parts.append(
            f'<rect x="{_LEFT}" y="5" width="22" height="11"/><text x="{_LEFT + 28}" y="15">{year}年</text>'
            f'<rect x="{_LEFT + 100}" y="5" width="22" height="11" fill="none" stroke="currentColor"/>'
            f'<text x="{_LEFT + 128}" y="15">{year - 1}年</text>'
        )
    for number, (name, value) in enumerate(now):
        y = top + number * step
        middle = y + rows * _BAR / 2 + 5
        parts.append(f'<text x="{_LEFT - 10}" y="{middle:g}" text-anchor="end">{escape(name)}</text>')
        parts.append(_bar(y, value, scale, 'fill-opacity=".85"'))
        if name in last:
            parts.append(_bar(y + _BAR, last[name], scale, 'fill="none" stroke="currentColor"'))
    return "".join([*parts, "</svg>"])


def _bar(y: int, value: int, scale: float, look: str) -> str:
    width = round(value * scale, 1)
    return (
        f'<rect x="{_LEFT}" y="{y + 1}" width="{width:g}" height="{_BAR - 3}" {look}/>'
        f'<text x="{_LEFT + width + 6:g}" y="{y + _BAR - 3}">{value}</text>'
    )


def outcomes_text(now: list[tuple[str, int]]) -> str:
    """Returns the chart for a terminal."""
    largest = max(max(value for _, value in now), 1)
    return "\n".join(
        f"{name}{' ' * (12 - display_width(name))}{'█' * round(value * 40 / largest)} {value}" for name, value in now
    )
