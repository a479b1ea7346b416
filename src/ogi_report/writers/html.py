"""Grids to HTML tables that browsers, screen readers and printers understand.

Two looks of one table: with classes for our own pages, which bring their style sheet, and with inline styles for
places that drop or sanitise style sheets (JupyterLab, VS Code). Borders take the text's colour, so both themes work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from ogi_report.forms import Grid, Role, Slot

_INLINE = "border:1px solid;text-align:center"
_INLINE_STUB = "border:1px solid;text-align:left;font-weight:normal"
_INLINE_HEAD = _INLINE + ";background:#8882"


@dataclass(frozen=True, slots=True)
class Mark:
    """How a cell is marked: its severity, the finding that a click leads to, and what it most likely should hold."""

    severity: str
    href: str
    title: str
    proposed: str | None = None


MARK_STYLE = {"error": "3px solid #c62828", "warning": "3px dashed #8f5300", "note": "2px dotted #1565c0"}


def write_html_table(grid: Grid, caption: str, *, inline: bool = False, marks: Mapping[str, Mark] | None = None) -> str:
    """Returns a `table` with caption, `th` with scope and, for our own pages, `headers` on each value cell.

    Args:
        inline: style the cells by attributes instead of by class.
        marks: cell key → how to mark it (never given for a public page).
    """
    ids = {slot: f"{grid.table[:3]}{number}" for number, slot in enumerate(s for s in grid.slots if s.is_header)}
    rows = grid.rows()
    lines = [
        f'<table class="ogi-table ogi-{escape(grid.table)}"{_table_style(inline)}>',
        f"<caption>{escape(caption)}</caption>",
    ]
    repeated = grid.header_rows
    if repeated:
        lines += ["<thead>", *(_row(row, grid, ids, inline, marks or {}) for row in rows[:repeated]), "</thead>"]
    for first, _, end in grid.blocks:
        body = rows[max(first, repeated) : end]
        lines += ["<tbody>", *(_row(row, grid, ids, inline, marks or {}) for row in body), "</tbody>"]
    return "\n".join([*lines, "</table>"])


def _table_style(inline: bool) -> str:
    return ' style="border-collapse:collapse;margin:8px 0;font-size:13px"' if inline else ""


def _row(row: list[Slot], grid: Grid, ids: dict[Slot, str], inline: bool, marks: Mapping[str, Mark]) -> str:
    return f"<tr>{''.join(_slot(slot, grid, ids, inline, marks) for slot in row)}</tr>"


def _slot(slot: Slot, grid: Grid, ids: dict[Slot, str], inline: bool, marks: Mapping[str, Mark]) -> str:
    attributes = ""
    if slot.rowspan > 1:
        attributes += f' rowspan="{slot.rowspan}"'
    if slot.colspan > 1:
        attributes += f' colspan="{slot.colspan}"'
    text = escape(slot.text)
    if slot.is_header:
        style = _INLINE_STUB if slot.role is Role.STUB else _INLINE_HEAD
        attributes += f' style="{style}"' if inline else f' class="{slot.role}"'
        scope = f' scope="{slot.scope}"' if slot.scope else ""
        named = "" if inline else f' id="{ids[slot]}"'
        return f"<th{named}{scope}{attributes}>{text}</th>"
    headers = "" if inline else f' headers="{" ".join(ids[header] for header in grid.headers[slot])}"'
    mark = marks.get(slot.key or "")
    style = _INLINE if inline else ""
    if mark is not None:
        style += f";outline:{MARK_STYLE[mark.severity]};outline-offset:-3px"
        text = f'<a href="{mark.href}" title="{escape(mark.title)}">{text or "（空白）"}</a>'
        if mark.proposed is not None:
            style += ";background:#fff3c4;color:#1d1d1f"
            text += f"<br><small>应为 {escape(mark.proposed)}？</small>"
        attributes += f' id="c-{escape(slot.key or "")}"'
    styled = f' style="{style.lstrip(";")}"' if style else ""
    return f"<td{headers}{attributes}{styled}>{text}</td>"
