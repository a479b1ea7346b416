"""Tables of the public page back to grids: the official ones as they were written, an author's own as their heads say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ogi_report.forms import Grid, Role, Slot

_MAX_SPAN = 1_000
_SPACE = re.compile(r"[ \t\r\n\f]+")
_OFFICIAL = re.compile(r"\bogi-table ogi-(\w+)")
_ROLES = {str(role): role for role in Role}


def grid_of(table: Any) -> Grid:
    """Returns the grid of a `table` element; its title is the caption."""
    caption = table.find("caption")
    title = squeezed(caption.text_content()) if caption is not None else ""
    groups = list(_row_groups(table))
    slots: list[Slot] = []
    edges = [0]
    for head, rows in groups:
        slots += _slots(rows, edges[-1], head)
        edges.append(edges[-1] + len(rows))
    heads = sum(len(rows) for head, rows in groups if head)
    if heads:
        blocks = [(0, heads, edges[-1])]
    else:
        blocks = [(first, _first_data_row(slots, first, end), end) for first, end in pairwise(edges)]
    width = max((slot.col + slot.colspan for slot in slots), default=0)
    kind = _OFFICIAL.search(table.get("class", ""))
    return Grid(kind[1] if kind else "table", title, width, tuple(slots), tuple(blocks))


def _row_groups(table: Any) -> Iterator[tuple[bool, list[Any]]]:
    """(is it the head, its rows) for each group of rows that has any; rows outside a group are one."""
    for group in table.iterchildren("thead", "tbody", "tfoot"):
        if rows := list(group.iterchildren("tr")):
            yield group.tag == "thead", rows
    if rows := list(table.iterchildren("tr")):
        yield False, rows


def _slots(rows: list[Any], top: int, head: bool) -> Iterator[Slot]:
    """Cells of a group of rows, each in the first place that those above and before it leave free."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        col = 0
        for cell in row.iterchildren("th", "td"):
            while (number, col) in taken:
                col += 1
            tall = min(_span(cell, "rowspan"), len(rows) - number)
            wide = _span(cell, "colspan")
            taken |= {(number + down, col + right) for down in range(tall) for right in range(wide)}
            yield Slot(top + number, col, tall, wide, _text(cell), _role(cell, head), cell.get("scope"))
            col += wide


def _role(cell: Any, head: bool) -> Role:
    if cell.get("class") in _ROLES:
        return _ROLES[cell.get("class")]
    if head:
        return Role.COLUMN
    if cell.tag == "td":
        return Role.VALUE
    return Role.COLUMN if cell.get("scope") in ("col", "colgroup") else Role.STUB


def _first_data_row(slots: list[Slot], first: int, end: int) -> int:
    return min((slot.row for slot in slots if first <= slot.row < end and slot.role is Role.VALUE), default=first)


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "")
    return max(1, min(int(text), _MAX_SPAN)) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _text(cell: Any) -> str:
    """A cell's text; a `br` or a new paragraph is a line break, other white space a space."""
    lines = "".join(_pieces(cell)).split("\n")
    return "\n".join(squeezed(line) for line in lines).strip()


def squeezed(text: str) -> str:
    """A block's text with its white space as a browser shows it; an ideographic space is a character like others."""
    return single_spaced(text).strip(" ")


def single_spaced(text: str) -> str:
    """The same for a piece of a line, whose ends may belong to words beside it."""
    return _SPACE.sub(" ", text)


def _pieces(element: Any) -> Iterator[str]:
    yield (element.text or "").replace("\n", " ")
    for child in element.iterchildren():
        if isinstance(child.tag, str):
            if child.tag in ("br", "p", "div", "li"):
                yield "\n"
            yield from _pieces(child)
        yield (child.tail or "").replace("\n", " ")
