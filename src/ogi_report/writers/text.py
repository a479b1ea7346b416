"""Grids as plain text for terminals: one line per row, Chinese characters counted as two columns."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

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
    for block in _frame(grid.empty or grid):
        values = [[grid.slots[place].text or "·" for place in places] for places in block.places]
        written = [line for line in values if line]
        widths = [
            max(display_width(head), *(display_width(line[i]) for line in written))
            for i, head in enumerate(block.heads)
        ]
        lines += block.banners
        lines.append(
            pad("", block.left)
            + "".join(f"  {pad(head, w, right=True)}" for head, w in zip(block.heads, widths, strict=True))
        )
        for label, line in zip(block.labels, values, strict=True):
            numbers = "".join(f"  {pad(text, w, right=True)}" for text, w in zip(line, widths, strict=False))
            lines.append((label + numbers).rstrip())
    return "\n".join(lines)


class _Block(NamedTuple):
    """What is the same for every report: headings, labels filled up to `left` columns, and for each where its values stand."""

    banners: list[str]
    heads: list[str]
    left: int
    labels: list[str]
    places: list[list[int]]


@lru_cache(maxsize=64)
def _frame(grid: Grid) -> list[_Block]:
    rows, place_of = grid.rows(), {(slot.row, slot.col): number for number, slot in enumerate(grid.slots)}
    blocks = []
    for first, body, end in grid.blocks:
        labels: list[str] = []
        places: list[list[int]] = []
        for row in rows[body:end]:
            stubs = [slot for slot in row if slot.role is Role.STUB]
            for stub in stubs[:-1]:
                labels.append("  " * stub.col + stub.text)
                places.append([])
            labels.append("  " * stubs[-1].col + stubs[-1].text if stubs else "")
            places.append([place_of[slot.row, slot.col] for slot in row if slot.role is Role.VALUE])
        left = max((display_width(label) for label in labels), default=0)
        blocks.append(
            _Block(
                [slot.text for slot in rows[first] if slot.role is Role.BANNER],
                [_leaf_head(grid, slot) for slot in rows[body] if slot.role is Role.VALUE],
                left,
                [pad(label, left) for label in labels],
                places,
            )
        )
    return blocks


def _leaf_head(grid: Grid, value: Slot) -> str:
    heads = [slot for slot in grid.headers(value) if slot.role is Role.COLUMN]
    return heads[-1].text if heads else ""
