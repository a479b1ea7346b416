"""What one cell adds up to over several reports, and whose number the sum lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ogi_report.figures import Number, format_number
from ogi_report.in_words import InWords
from ogi_report.rules.context import Context


@dataclass(frozen=True, slots=True)
class Addition(InWords):
    """The sum of one cell, as far as it is known.

    `total` is None where nobody's number is known; it is a whole only if `complete`. `lacking` maps the names of the
    bodies whose number is not in it to the reason, in Chinese.
    """

    total: Number | None
    known: int
    lacking: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return self.total is not None and not self.lacking

    def _in_words(self) -> str:
        said = f"{format_number(self.total) or '没有数'}（{self.known} 家之和"
        lacking = "、".join(f"{name}（{why}）" for name, why in self.lacking.items())
        return f"{said}；缺 {len(self.lacking)} 家：{lacking}）" if lacking else f"{said}）"


def add_up(key: str, reports: Sequence[Context], missing: Sequence[str] = ()) -> Addition:
    """Adds up one cell over reports of one layout or several.

    A cell that a report's layout does not have is lacking: nothing of another layout is put in its place. Cells of the
    same key mean the same in every layout.

    Args:
        missing: names of bodies whose report should be among them.
    """
    values: list[Number] = []
    lacking = dict.fromkeys(missing, "没有可用的报告")
    for report in reports:
        name = report.called
        if key not in report.figures:
            lacking[name] = f"用的是{report.figures.form.name}，没有这一格"
        elif (value := report.figures[key].value) is not None:
            values.append(value)
        else:
            lacking[name] = "空白" if report.figures[key].is_empty else "不是数"
    return Addition(sum(values, start=0) if values else None, len(values), lacking)
