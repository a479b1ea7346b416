"""Draws table 三 as the form declares it, with this project's words for its parts: `docs/images/form.svg`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from math import ceil

from ogi_report.forms import Form, Grid, Role, Slot, Table, equations, official_forms

FONT = 12
LINE = 16
MARGIN = 176
"""Room on both sides for the words."""
TOP = 62
VALUE_WIDTH = 66
STUB_WIDTHS = (84, 130, 260)
FILLS = {
    Role.STUBHEAD: "#e8eaf6",
    Role.COLUMN: "#e3f2fd",
    Role.STUB: "#f1f8e9",
    Role.VALUE: "#ffffff",
    Role.BANNER: "#eeeeee",
}
EQUATION = "#ffe0b2"
INK, POINTER = "#333333", "#b71c1c"


@dataclass(frozen=True)
class Word:
    """A word with the slot that it points to, from the left or from the right."""

    chinese: str
    english: str
    slot: Slot
    side: str
    key: tuple[str, ...] = ()
    """The part's key, in as many lines as it needs."""


def picture() -> str:
    """Returns the drawing for the newest layout."""
    form = list(official_forms().values())[-1]
    table = form.table("applications")
    return _Drawing(form, table, table.grid).svg()


class _Drawing:
    """The grid's lines in pixels, and what is drawn between them."""

    def __init__(self, form: Form, table: Table, grid: Grid):
        self.form, self.table, self.grid = form, table, grid
        stub = max(slot.col + slot.colspan for slot in grid.slots if slot.role is Role.STUB)
        widths = [*STUB_WIDTHS[:stub], *[VALUE_WIDTH] * (grid.width - stub)]
        self.x = list(accumulate(widths, initial=MARGIN))
        self.y = list(accumulate(map(self._height, range(grid.height)), initial=TOP))
        self.equation = next(e for e in equations(form) if e.rule == "T3-BALANCE")

    def svg(self) -> str:
        width, height = self.x[-1] + MARGIN, self.y[-1] + 72
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'font-family="PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif" font-size="{FONT}" fill="{INK}">',
            f"<title>{escape(self.table.name)}各部分的名称</title>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *self._head(),
            *(line for slot in self.grid.slots for line in self._slot(slot)),
            *(line for word in self._words() for line in self._word(word)),
            *self._foot(),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    # -- the table ---------------------------------------------------------------------------------------------------

    def _height(self, row: int) -> int:
        beginning = [slot for slot in self.grid.slots if slot.row == row and slot.rowspan == 1]
        return 8 + LINE * max((len(self._lines(slot)) for slot in beginning), default=1)

    def _lines(self, slot: Slot) -> list[str]:
        room = self.x[slot.col + slot.colspan] - self.x[slot.col] - 8
        most = max(1, room // FONT)
        count = max(1, ceil(len(slot.text) / most))
        size = ceil(len(slot.text) / count) if slot.role is Role.COLUMN else most
        return [slot.text[start : start + size] for start in range(0, len(slot.text), size)] or [""]

    def _box(self, slot: Slot) -> tuple[int, int, int, int]:
        left, top = self.x[slot.col], self.y[slot.row]
        return left, top, self.x[slot.col + slot.colspan] - left, self.y[slot.row + slot.rowspan] - top

    def _slot(self, slot: Slot) -> Iterator[str]:
        left, top, width, height = self._box(slot)
        bound = slot.key in self.equation.coefficients
        fill = EQUATION if bound else FILLS[slot.role]
        yield f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{fill}" stroke="#9e9e9e"/>'
        text = [self._signs[slot.key]] if slot.key and bound else self._lines(slot)
        middle = top + height / 2 - LINE * (len(text) - 1) / 2 + FONT * 0.36
        centred = slot.role is not Role.STUB
        at = f'x="{left + width // 2}" text-anchor="middle"' if centred else f'x="{left + 4}"'
        for number, line in enumerate(text):
            yield f'<text {at} y="{middle + number * LINE:.0f}">{escape(line)}</text>'

    @property
    def _signs(self) -> dict[str, str]:
        """Cell of the equation → the sign that stands for it."""
        return dict(zip(self.equation.coefficients, "①②③④⑤⑥⑦⑧⑨", strict=False))

    # -- the words ---------------------------------------------------------------------------------------------------

    def _words(self) -> Iterator[Word]:
        stubs = [slot for slot in self.grid.slots if slot.role is Role.STUB]
        columns = [slot for slot in self.grid.slots if slot.role is Role.COLUMN]
        group = next(slot for slot in columns if slot.colspan > 1 and slot.row > 0)
        leaf = [slot for slot in columns if slot.row == group.row + group.rowspan][-1]
        rows = next(slot for slot in stubs if slot.rowspan > 1 and slot.col == 1)
        row = next(slot for slot in stubs if slot.row == rows.row and slot.col == rows.col + rows.colspan)
        of_row = [slot for slot in self.grid.slots if slot.role is Role.VALUE and slot.row == row.row]
        cell = next(slot for slot in of_row if slot.col == leaf.col)
        corner = [slot for slot in self.grid.slots if slot.role is Role.STUBHEAD]
        if corner:
            yield Word("表左上角", "stubhead", corner[0], "left")
        spec = self.form.cells[cell.key or ""]
        yield Word("行", "row", row, "left", (spec.record,))
        yield Word("行组", "row group", stubs[2], "left")
        yield Word("列组", "column group", group, "right")
        yield Word("列", "column", leaf, "right", (spec.field,))
        yield Word("单元格", "cell", cell, "right", (f"{spec.table}.", f"{spec.record}.", spec.field))

    def _word(self, word: Word) -> Iterator[str]:
        left, top, width, height = self._box(word.slot)
        middle = top + min(height, 36) / 2
        if word.side == "left":
            start, end, text, anchor = MARGIN - 34, left, MARGIN - 40, "end"
        else:
            start, end, text, anchor = self.x[-1] + 34, left + width - 4, self.x[-1] + 40, "start"
        yield f'<path d="M{start} {middle:.0f}H{end}" stroke="{POINTER}" fill="none"/>'
        yield f'<circle cx="{end}" cy="{middle:.0f}" r="3" fill="{POINTER}"/>'
        yield f'<text x="{text}" y="{middle + 4:.0f}" text-anchor="{anchor}" fill="{POINTER}"><tspan font-weight="bold">{word.chinese}</tspan> {word.english}</text>'
        for number, line in enumerate(word.key, start=1):
            yield f'<text x="{text}" y="{middle + 4 + 14 * number:.0f}" text-anchor="{anchor}" fill="#757575" font-size="11">{escape(line)}</text>'

    def _head(self) -> Iterator[str]:
        section = next(section for section in self.form.sections if section.table == self.table.key)
        yield f'<text x="{MARGIN}" y="20" font-size="15" font-weight="bold">{escape(section.title)}</text>'
        yield f'<text x="{MARGIN - 40}" y="20" text-anchor="end" fill="{POINTER}"><tspan font-weight="bold">章</tspan> section</text>'
        yield f'<path d="M{MARGIN - 34} 15H{MARGIN - 6}" stroke="{POINTER}"/>'
        yield from self._brace(self.x[0], self._stub_end, TOP - 8, "表栏", "stub")
        yield from self._brace(self._stub_end, self.x[-1], TOP - 8, "表头", "header")

    @property
    def _stub_end(self) -> int:
        return self.x[max(slot.col + slot.colspan for slot in self.grid.slots if slot.role is Role.STUB)]

    def _brace(self, start: int, end: int, y: int, chinese: str, english: str) -> Iterator[str]:
        yield f'<path d="M{start + 2} {y + 5}V{y}H{end - 2}V{y + 5}" stroke="{POINTER}" fill="none"/>'
        yield f'<text x="{(start + end) // 2}" y="{y - 4}" text-anchor="middle" fill="{POINTER}"><tspan font-weight="bold">{chinese}</tspan> {english}</text>'

    def _foot(self) -> Iterator[str]:
        y = self.y[-1] + 26
        yield f'<rect x="{MARGIN}" y="{y - 12}" width="14" height="14" fill="{EQUATION}" stroke="#9e9e9e"/>'
        yield f'<text x="{MARGIN + 22}" y="{y}" fill="{POINTER}"><tspan font-weight="bold">勾稽关系</tspan> equation</text>'
        yield f'<text x="{MARGIN + 150}" y="{y}">{self._said()}　（每一列都要成立；图中是“{escape(self.equation.scope)}”一列）</text>'
        parts = [f"{sign} {escape(self.form.cells[key].name)}" for key, sign in self._signs.items()]
        yield f'<text x="{MARGIN + 22}" y="{y + 22}" fill="#757575">{"　".join(parts)}</text>'

    def _said(self) -> str:
        sides = (self.equation.left, self.equation.right)
        return " = ".join(" + ".join(self._signs[term.cell] for term in side) for side in sides)
