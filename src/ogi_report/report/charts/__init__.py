"""Small static charts, where people would rather look than read: SVG of our own, no script, no font, no colour alone.

Nothing is drawn for what is unknown, and every chart says in words and in a table what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from ogi_report.errors import ConfigError
from ogi_report.figures import Figures
from ogi_report.report.charts.drawing import Chart
from ogi_report.report.charts.flow import flow_chart
from ogi_report.report.charts.outcomes import outcomes_chart
from ogi_report.report.charts.years import KnownYear, years_chart

CHARTS = {"applications": "申请的来源与去向", "outcomes": "办理结果，与上年对照", "years": "历年情况"}
"""The charts that there are, and what each shows."""

__all__ = ["CHARTS", "Chart", "KnownYear", "draw", "flow_chart", "outcomes_chart", "require", "years_chart"]


def require(name: str) -> None:
    """Raises:
    ConfigError: there is no chart of that name.
    """
    if name not in CHARTS:
        known = "、".join(f"{key}（{what}）" for key, what in CHARTS.items())
        raise ConfigError(f"没有名为 {name} 的图；现有：{known}。")


def draw(name: str, year: int, figures: Figures, last: Figures | None, earlier: Sequence[KnownYear]) -> Chart:
    """Draws one of `CHARTS`.

    Args:
        last: the figures of the year before, if they are known.
        earlier: the years before this one, the latest first; only `years` looks at them.
    """
    match name:
        case "applications":
            return flow_chart(figures, year)
        case "outcomes":
            return outcomes_chart(figures, year, last)
        case _:
            return years_chart([*reversed(earlier), KnownYear(year, figures)])
