"""The flow of a year's applications: received and carried in, handled in this way and that, carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ogi_report.figures import Figures
from ogi_report.narrative.facts import share
from ogi_report.report.charts.drawing import (
    LETTER,
    LINE,
    WIDTH,
    Chart,
    Look,
    band,
    box,
    filled,
    hatched,
    label,
    picture,
    undrawn,
    wrapped,
)
from ogi_report.report.charts.stream import Part, stream_of
from ogi_report.rules.peers import ENOUGH_APPLICATIONS
from ogi_report.writers.text import display_width

NAME = "applications"
_HEIGHT, _BAR, _TOP = 190, 11, 24
_FEW = 20
"""Height for each application where there are only some: two cases need no tall picture."""
_LEFT, _MIDDLE, _RIGHT = 66, 144, 226
_LABELS = _RIGHT + _BAR + 7
"""Where the three bars begin, of 400 across."""
_UNIT = "件"


@dataclass(frozen=True)
class _Node:
    name: str
    value: int
    look: Look
    share: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} {self.value} {_UNIT} {self.share}".strip()


def flow_chart(figures: Figures, year: int) -> Chart:
    """Draws the flow, where the total column says where every application came from and went to."""
    stream = stream_of(figures.form)
    caption = f"图　{year}年政府信息公开申请的来源与去向（单位：{_UNIT}）"
    known = {part: part.of(figures) for part in (*stream.sources, stream.handled, *stream.left)}
    unknown = [part.name for part, value in known.items() if value is None]
    if unknown:
        return undrawn(NAME, caption, f"表三总计列的{'、'.join(unknown)}空白或者不是数，不画图。")
    into = [(part, known[part] or 0) for part in stream.sources]
    rest = [(part, known[part] or 0) for part in stream.left]
    handled, total = known[stream.handled] or 0, sum(value for _, value in into)
    if total != handled + sum(value for _, value in rest):
        return undrawn(NAME, caption, "表三总计列的来源与去向合计不相等（见一致性检查），不画图。")
    if total == 0:
        return undrawn(NAME, caption, "本年度没有新收和上年结转的政府信息公开申请，不画图。")
    out, remarks = _outcomes(figures, stream.handled, stream.outcomes, handled)
    sources = [_Node(p.name, v, hatched(NAME) if n else filled()) for n, (p, v) in enumerate(into)]
    sinks = [_Node(p.name, v, filled()) for p, v in out] + [_Node(p.name, v, hatched(NAME)) for p, v in rest]
    sinks = _with_shares(sinks, handled, len(out))
    if any(node.share for node in sinks):
        remarks.append(f"百分比是占{stream.handled.name}的比例。")
    none = [node.name for node in (*sources, *sinks) if node.value == 0]
    if none:
        remarks.append(f"{'、'.join(none)}为 0 {_UNIT}，图中不画。")
    told = f"来源：{_told(sources)}，共 {total} {_UNIT}；去向：{_told(sinks)}。"
    svg = _draw(caption, told, [n for n in sources if n.value], [n for n in sinks if n.value], total)
    return Chart(NAME, caption, svg, *_table(into, out, rest), tuple(remarks))


def _outcomes(
    figures: Figures, whole: Part, parts: Sequence[Part], handled: int
) -> tuple[list[tuple[Part, int]], list[str]]:
    """The outcomes, where all are known and add up; else the handled as a whole, and why."""
    values = [(part, part.of(figures)) for part in parts]
    unknown = [part.name for part, value in values if value is None]
    found = [(part, value) for part, value in values if value is not None]
    if unknown:
        return [(whole, handled)], [f"{'、'.join(unknown)}有空白，{whole.name}不细分。"]
    if sum(value for _, value in found) != handled:
        return [(whole, handled)], [f"各项办理结果之和与{whole.name}不相等，不细分。"]
    return found, []


def _told(nodes: Sequence[_Node]) -> str:
    return "，".join(node.label for node in nodes)


def _table(*lines: Sequence[tuple[Part, int]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The numbers, one a row: of a row with shares no reader of the page could tell which is the figure."""
    return ("项目", f"数量（{_UNIT}）"), tuple((part.name, str(value)) for line in lines for part, value in line)


def _with_shares(sinks: Sequence[_Node], handled: int, divided: int) -> list[_Node]:
    """Shares of the handled behind the first `divided` labels, where there are cases enough and all labels have room."""
    if handled < ENOUGH_APPLICATIONS or divided < 2:
        return list(sinks)
    shared = [replace(n, share=share(n.value, handled)) for n in sinks[:divided]] + list(sinks[divided:])
    return shared if all(display_width(n.label) * LETTER / 2 < WIDTH - _LABELS for n in shared) else list(sinks)


def _draw(title: str, told: str, sources: list[_Node], sinks: list[_Node], total: int) -> str:
    tall = min(_HEIGHT, 2 * LINE + _FEW * total)
    scale = tall / total
    left = _slots(sources, scale, 2 * LINE + 2)
    right = _slots(sinks, scale, LINE + 1)
    height = max(tall, left[-1][1], right[-1][1])
    middle = _TOP + (height - tall) / 2
    parts = [label(_MIDDLE + _BAR / 2, middle - 12, [f"共 {total} {_UNIT}"], "middle")]
    y = middle
    for node, (start, _) in zip(sources, _centred(left, height), strict=True):
        size = node.value * scale
        parts.append(band((_LEFT + _BAR, _MIDDLE), (start, y), size))
        parts.append(box(_LEFT, start, _BAR, size, node.look))
        lines = [*wrapped(node.name, 5), f"{node.value} {_UNIT}"]
        parts.append(label(_LEFT - 7, start + size / 2, lines, "end"))
        y += size
    parts.append(box(_MIDDLE, middle, _BAR, tall, filled()))
    y = middle
    for node, (start, _) in zip(sinks, _centred(right, height), strict=True):
        size = node.value * scale
        parts.append(band((_MIDDLE + _BAR, _RIGHT), (y, start), size))
        parts.append(box(_RIGHT, start, _BAR, size, node.look))
        parts.append(label(_LABELS, start + size / 2, [node.label]))
        y += size
    return picture(NAME, title, told, _TOP + height + 8, parts)


def _slots(nodes: list[_Node], scale: float, least: float) -> list[tuple[float, float]]:
    """Where each bar begins and where its slot ends; a thin bar has the room that its label needs."""
    slots, y = [], 0.0
    for node in nodes:
        size = node.value * scale
        room = max(size, least)
        slots.append((y + (room - size) / 2, y + room))
        y += room + 4
    return slots


def _centred(slots: list[tuple[float, float]], height: float) -> list[tuple[float, float]]:
    shift = _TOP + (height - slots[-1][1]) / 2
    return [(start + shift, end + shift) for start, end in slots]
