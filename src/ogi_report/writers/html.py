"""Grids to HTML tables that browsers, screen readers and printers understand.

Two looks of one table: with classes for our own pages, which bring their style sheet, and with inline styles for
places that drop or sanitise style sheets (JupyterLab, VS Code). Borders take the text's colour, so both themes work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import NamedTuple

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
    rows = [[_piece(box, grid, marks or {}) for box in row] for row in _frame(grid.empty or grid, inline)]
    lines = [
        f'<table class="ogi-table ogi-{escape(grid.table)}"{_table_style(inline)}>',
        f"<caption>{escape(caption)}</caption>",
    ]
    repeated = grid.header_rows
    if repeated:
        lines += ["<thead>", *(_row(row) for row in rows[:repeated]), "</thead>"]
    for first, _, end in grid.blocks:
        lines += ["<tbody>", *(_row(row) for row in rows[max(first, repeated) : end]), "</tbody>"]
    return "\n".join([*lines, "</table>"])


def _table_style(inline: bool) -> str:
    return ' style="border-collapse:collapse;margin:8px 0;font-size:13px"' if inline else ""


def _row(pieces: list[str]) -> str:
    return f"<tr>{''.join(pieces)}</tr>"


class _Box(NamedTuple):
    """A value cell without its value: where in `Grid.slots` it stands, its attributes, its inline style."""

    place: int
    attributes: str
    style: str


@lru_cache(maxsize=64)
def _frame(grid: Grid, inline: bool) -> tuple[tuple[str | _Box, ...], ...]:
    """What is the same for every report, row by row: header cells as they are written, and the boxes between them."""
    headers = [slot for slot in grid.slots if slot.is_header]
    ids = {(slot.row, slot.col): f"{grid.table[:3]}{number}" for number, slot in enumerate(headers)}
    places = {(slot.row, slot.col): number for number, slot in enumerate(grid.slots)}

    def written(slot: Slot) -> str | _Box:
        spans = f' rowspan="{slot.rowspan}"' if slot.rowspan > 1 else ""
        spans += f' colspan="{slot.colspan}"' if slot.colspan > 1 else ""
        if slot.is_header:
            style = _INLINE_STUB if slot.role is Role.STUB else _INLINE_HEAD
            look = f' style="{style}"' if inline else f' class="{slot.role}"'
            scope = f' scope="{slot.scope}"' if slot.scope else ""
            named = "" if inline else f' id="{ids[slot.row, slot.col]}"'
            return f"<th{named}{scope}{spans}{look}>{escape(slot.text)}</th>"
        above = "" if inline else f' headers="{" ".join(ids[h.row, h.col] for h in grid.headers(slot))}"'
        return _Box(places[slot.row, slot.col], f"{above}{spans}", _INLINE if inline else "")

    return tuple(tuple(written(slot) for slot in row) for row in grid.rows())


def _piece(box: str | _Box, grid: Grid, marks: Mapping[str, Mark]) -> str:
    if isinstance(box, str):
        return box
    slot = grid.slots[box.place]
    text, attributes, style = escape(slot.text), box.attributes, box.style
    mark = marks.get(slot.key or "")
    if mark is not None:
        style += f";outline:{MARK_STYLE[mark.severity]};outline-offset:-3px"
        text = f'<a href="{mark.href}" title="{escape(mark.title)}">{text or "（空白）"}</a>'
        if mark.proposed is not None:
            style += ";background:#fff3c4;color:#1d1d1f"
            text += f"<br><small>应为 {escape(mark.proposed)}？</small>"
        attributes += f' id="c-{escape(slot.key or "")}"'
    styled = f' style="{style.lstrip(";")}"' if style else ""
    return f"<td{attributes}{styled}>{text}</td>"
