"""Grids to HTML tables that browsers, screen readers and printers understand.

Two looks of one table: with classes for our own pages, which bring their style sheet, and with inline styles for
places that drop or sanitise style sheets (JupyterLab, VS Code, content management systems).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from ogi_report.forms import Grid, Role, Slot


@dataclass(frozen=True, slots=True)
class Inline:
    """A table's look as values of `style` attributes. `named` keeps class names and caption; what drops classes gets neither."""

    table: str
    value: str
    stub: str
    head: str
    named: bool = True


_BORDERED = "border:1px solid;text-align:center"
IN_NOTEBOOK = Inline(
    "border-collapse:collapse;margin:8px 0;font-size:13px",
    _BORDERED,
    "border:1px solid;text-align:left;font-weight:normal",
    _BORDERED + ";background:#8882",
)
"""Borders take the text's colour, so light and dark themes work."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a cell is marked: its severity, the finding that a click leads to, and what it most likely should hold."""

    severity: str
    href: str
    title: str
    proposed: str | None = None


MARK_STYLE = {"error": "3px solid #c62828", "warning": "3px dashed #8f5300", "note": "2px dotted #1565c0"}


def write_html_table(
    grid: Grid, caption: str, *, inline: Inline | None = None, marks: Mapping[str, Mark] | None = None
) -> str:
    """Returns a `table` with caption, `th` with scope and, for our own pages, `headers` on each value cell.

    Args:
        caption: none is written if it is empty.
        inline: style the cells by attributes instead of by class.
        marks: cell key → how to mark it (never given for a public page).
    """
    ids = {slot: f"{grid.table[:3]}{number}" for number, slot in enumerate(s for s in grid.slots if s.is_header)}
    rows = grid.rows()
    named = f' class="ogi-table ogi-{escape(grid.table)}"' if inline is None or inline.named else ""
    lines = [f"<table{named}{_style(inline.table) if inline else ''}>"]
    if caption:
        lines.append(f"<caption>{escape(caption)}</caption>")
    repeated = grid.header_rows
    if repeated:
        lines += ["<thead>", *(_row(row, grid, ids, inline, marks or {}) for row in rows[:repeated]), "</thead>"]
    for first, _, end in grid.blocks:
        body = rows[max(first, repeated) : end]
        lines += ["<tbody>", *(_row(row, grid, ids, inline, marks or {}) for row in body), "</tbody>"]
    return "\n".join([*lines, "</table>"])


def _style(style: str) -> str:
    return f' style="{style}"'


def _row(row: list[Slot], grid: Grid, ids: dict[Slot, str], inline: Inline | None, marks: Mapping[str, Mark]) -> str:
    return f"<tr>{''.join(_slot(slot, grid, ids, inline, marks) for slot in row)}</tr>"


def _slot(slot: Slot, grid: Grid, ids: dict[Slot, str], inline: Inline | None, marks: Mapping[str, Mark]) -> str:
    attributes = ""
    if slot.rowspan > 1:
        attributes += f' rowspan="{slot.rowspan}"'
    if slot.colspan > 1:
        attributes += f' colspan="{slot.colspan}"'
    text = escape(slot.text).replace("\n", "<br>") if inline else escape(slot.text)
    if slot.is_header:
        if inline is not None:
            attributes += _style(inline.stub if slot.role is Role.STUB else inline.head)
        else:
            attributes += f' class="{slot.role}"'
        scope = f' scope="{slot.scope}"' if slot.scope else ""
        named = "" if inline else f' id="{ids[slot]}"'
        return f"<th{named}{scope}{attributes}>{text}</th>"
    headers = "" if inline else f' headers="{" ".join(ids[header] for header in grid.headers[slot])}"'
    mark = marks.get(slot.key or "")
    style = inline.value if inline else ""
    if mark is not None:
        style += f";outline:{MARK_STYLE[mark.severity]};outline-offset:-3px"
        text = f'<a href="{mark.href}" title="{escape(mark.title)}">{text or "（空白）"}</a>'
        if mark.proposed is not None:
            style += ";background:#fff3c4;color:#1d1d1f"
            text += f"<br><small>应为 {escape(mark.proposed)}？</small>"
        attributes += f' id="c-{escape(slot.key or "")}"'
    styled = f' style="{style.lstrip(";")}"' if style else ""
    return f"<td{headers}{attributes}{styled}>{text}</td>"
