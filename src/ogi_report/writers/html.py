"""Grids to HTML tables that browsers, screen readers and printers understand.

Two looks of one table: with classes for our own pages, which bring their style sheet, and with inline styles for
places that drop or sanitise style sheets (JupyterLab, VS Code, content management systems).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import NamedTuple

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
    rows = [[_piece(box, grid, marks or {}, inline) for box in row] for row in _frame(grid.empty or grid, inline)]
    named = f' class="ogi-table ogi-{escape(grid.table)}"' if inline is None or inline.named else ""
    lines = [f"<table{named}{style_attribute(inline.table if inline else '')}>"]
    if caption:
        lines.append(f"<caption>{escape(caption)}</caption>")
    repeated = grid.header_rows
    if repeated:
        lines += ["<thead>", *(_row(row) for row in rows[:repeated]), "</thead>"]
    for first, _, end in grid.blocks:
        lines += ["<tbody>", *(_row(row) for row in rows[max(first, repeated) : end]), "</tbody>"]
    return "\n".join([*lines, "</table>"])


def style_attribute(style: str) -> str:
    """Returns the attribute as it stands in a tag, with the space before it; nothing for an empty style."""
    return f' style="{style}"' if style else ""


def _text(text: str, inline: Inline | None) -> str:
    """A cell's text; where an author's own tables are written too, its line breaks are kept."""
    if text.isalnum():
        return text  # nearly always: a number, with nothing to escape
    return escape(text).replace("\n", "<br>") if inline and not inline.named else escape(text)


def _row(pieces: list[str]) -> str:
    return f"<tr>{''.join(pieces)}</tr>"


class _Box(NamedTuple):
    """A value cell without its value: where in `Grid.slots` it stands, its attributes, its inline style."""

    place: int
    attributes: str
    style: str


@lru_cache(maxsize=64)
def _frame(grid: Grid, inline: Inline | None) -> tuple[tuple[str | _Box, ...], ...]:
    """What is the same for every report, row by row: header cells as they are written, and the boxes between them."""
    headers = [slot for slot in grid.slots if slot.is_header]
    ids = {(slot.row, slot.col): f"{grid.table[:3]}{number}" for number, slot in enumerate(headers)}
    places = {(slot.row, slot.col): number for number, slot in enumerate(grid.slots)}

    def written(slot: Slot) -> str | _Box:
        spans = f' rowspan="{slot.rowspan}"' if slot.rowspan > 1 else ""
        spans += f' colspan="{slot.colspan}"' if slot.colspan > 1 else ""
        if slot.is_header:
            if inline is None:
                look = f' class="{slot.role}"'
            else:
                look = style_attribute(inline.stub if slot.role is Role.STUB else inline.head)
            scope = f' scope="{slot.scope}"' if slot.scope else ""
            named = "" if inline else f' id="{ids[slot.row, slot.col]}"'
            return f"<th{named}{scope}{spans}{look}>{_text(slot.text, inline)}</th>"
        above = "" if inline else f' headers="{" ".join(ids[h.row, h.col] for h in grid.headers(slot))}"'
        return _Box(places[slot.row, slot.col], f"{above}{spans}", inline.value if inline else "")

    return tuple(tuple(written(slot) for slot in row) for row in grid.rows())


def _piece(box: str | _Box, grid: Grid, marks: Mapping[str, Mark], inline: Inline | None) -> str:
    if isinstance(box, str):
        return box
    slot = grid.slots[box.place]
    text, attributes, style = _text(slot.text, inline), box.attributes, box.style
    mark = marks.get(slot.key or "")
    if mark is not None:
        style += f";outline:{MARK_STYLE[mark.severity]};outline-offset:-3px"
        # On a ground of its own, links of a dark theme could not be read.
        link = ' style="color:#00508f"' if mark.proposed is not None else ""
        text = f'<a href="{mark.href}" title="{escape(mark.title)}"{link}>{text or "（空白）"}</a>'
        if mark.proposed is not None:
            style += ";background:#fff3c4;color:#1d1d1f"
            text += f"<br><small>应为 {escape(mark.proposed)}？</small>"
        attributes += f' id="c-{escape(slot.key or "")}"'
    return f"<td{attributes}{style_attribute(style.lstrip(';'))}>{text}</td>"
