"""Grids as plain text for terminals: one line per row, Chinese characters counted as two columns."""

from __future__ import annotations

import unicodedata

from ogi_report.forms import Grid, Role, Slot


def display_width(text: str) -> int:
    """Returns the number of terminal columns.

    >>> display_width("表三 ok")
    7
    """
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    space = " " * max(0, width - display_width(text))
    return space + text if right else text + space


def write_text_table(grid: Grid) -> str:
    """Returns the table with its last header row over the numbers and stub labels indented by level; a blank is `·`."""
    lines: list[str] = []
    rows = grid.rows()
    for first, body, end in grid.blocks:
        lines += [slot.text for slot in rows[first] if slot.role is Role.BANNER]
        heads = [_leaf_head(grid, slot) for slot in rows[body] if slot.role is Role.VALUE]
        labels: list[str] = []
        values: list[list[str]] = []
        for row in rows[body:end]:
            stubs = [slot for slot in row if slot.role is Role.STUB]
            for stub in stubs[:-1]:
                labels.append("  " * stub.col + stub.text)
                values.append([])
            labels.append("  " * stubs[-1].col + stubs[-1].text if stubs else "")
            values.append([slot.text or "·" for slot in row if slot.role is Role.VALUE])
        left = max((display_width(label) for label in labels), default=0)
        widths = [
            max(display_width(head), *(display_width(line[i]) for line in values if line))
            for i, head in enumerate(heads)
        ]
        lines.append(
            pad("", left) + "".join(f"  {pad(head, w, right=True)}" for head, w in zip(heads, widths, strict=True))
        )
        for label, line in zip(labels, values, strict=True):
            numbers = "".join(f"  {pad(text, w, right=True)}" for text, w in zip(line, widths, strict=False))
            lines.append((pad(label, left) + numbers).rstrip())
    return "\n".join(lines)


def _leaf_head(grid: Grid, value: Slot) -> str:
    heads = [slot for slot in grid.headers(value) if slot.role is Role.COLUMN]
    return heads[-1].text if heads else ""
