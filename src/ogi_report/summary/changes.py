"""This year against last, over the bodies that have both years' number, so that like is compared with like."""

from __future__ import annotations

from collections.abc import Iterator

from ogi_report.figures import Figures, Number, format_difference, format_number
from ogi_report.forms import Form, Row
from ogi_report.narrative.facts import change
from ogi_report.report.children import Children
from ogi_report.report.fragment import Fragment
from ogi_report.report.listing import listing
from ogi_report.rules.peers import ENOUGH_APPLICATIONS


def watched(form: Form) -> dict[str, str]:
    """Key → name of the figures that a summary compares.

    All of a table without totals (table 二), else the totals: of the rows that the printed identities bind where there
    are rows (table 三), of each group where there are none (table 四), and whatever the form derives from totals.
    """
    found: dict[str, str] = {}
    for table in form.tables:
        totals = [spec for spec in table.cells.values() if spec.is_total]
        shown = [
            spec for spec in totals if spec.row is None or (isinstance(spec.row.leaf, Row) and spec.row.leaf.key_figure)
        ]
        found |= {spec.key: spec.name for spec in shown or table.cells.values() if not spec.local}
    return found | {key: name for key, (name, _) in form.derived.items() if key.endswith(".total")}


def year_on_year(children: Children, form: Form, year: int) -> Fragment:
    """The table of changes; a rate is told only where last year's number is large enough to speak of rates."""
    lines = [line for key, name in watched(form).items() if (line := _line(children, key, name)) is not None]
    remark = f"只比较两年都有数的单位；上年不到 {ENOUGH_APPLICATIONS} 的不计算增长率。"
    header = ("项目", f"{year} 年", f"{year - 1} 年", "增减", "增长率", "单位数", "没有计入")
    none = f"没有一家单位 {year} 年和 {year - 1} 年都有数。"
    return listing(
        "changes", f"{year} 年与 {year - 1} 年对照", header, lines, none=none, remark=remark if lines else ""
    )


def _line(children: Children, key: str, name: str) -> tuple[str, ...] | None:
    pairs, without = [], []
    for child, now, before in _both_years(children, key):
        if now is None or before is None:
            without.append(child)
        else:
            pairs.append((now, before))
    if not pairs:
        return None
    total, earlier = sum(now for now, _ in pairs), sum(before for _, before in pairs)
    rate = change(total, earlier) if earlier >= ENOUGH_APPLICATIONS else ""
    whole = f"{len(pairs)}" if not without else f"{len(pairs)}（不完整）"
    return (
        name,
        format_number(total),
        format_number(earlier),
        format_difference(total - earlier),
        rate,
        whole,
        "、".join(without),
    )


def _both_years(children: Children, key: str) -> Iterator[tuple[str, Number | None, Number | None]]:
    for child in children.bodies:
        now = child.report.figures if child.report is not None else None
        before = child.report.last if child.report is not None else None
        yield child.body.name, _value(now, key), _value(before, key)


def _value(figures: Figures | None, key: str) -> Number | None:
    return figures.value(key) if figures is not None and figures.knows(key) else None
