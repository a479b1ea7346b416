"""Grids to tables of Word: really merged cells, a head that repeats on each page, rows that are never cut.

The XML is built directly: python-docx's own table finds each cell by counting through the whole table.
"""

from __future__ import annotations

from typing import Any

from ogi_report.forms import Grid, Role, Slot
from ogi_report.writers.docx_xml import add_text, child, element

PAGE_WIDTH = 8_844
"""The text block of GB/T 9704, 156 mm, in twentieths of a point."""
_SIZES = (21, 18, 15)
"""Sizes in half points: 五号 where few columns share the line, else 小五, and 小六 where long numbers need it."""
_MANY_COLUMNS = 6
_ONE_PAGE, _FEW_ROWS = 36, 16
"""Rows that surely fit on a page at the small size, so that such a table is not parted; and rows with room to breathe."""
MARGIN = 40
"""Left and right of a cell's text."""
_SLACK = 30
"""What programs differ in when they measure a line."""
_HEADS = ((2, 4), (2, 1), (3, 1))
"""(lines that a column's head may take, characters that stay together), the first that fits on the page."""
_LONGEST_LABEL = 13


def table_element(grid: Grid) -> Any:
    """Returns the `w:tbl` of a grid."""
    table = element("w:tbl")
    properties = child(table, "w:tblPr")
    child(properties, "w:tblW", type="dxa", w=str(PAGE_WIDTH))
    child(properties, "w:jc", val="center")
    borders = child(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        child(borders, f"w:{side}", val="single", sz="4", space="0", color="auto")
    child(properties, "w:tblLayout", type="fixed")
    margins = child(properties, "w:tblCellMar")
    for side in ("left", "right"):
        child(margins, f"w:{side}", w=str(MARGIN), type="dxa")
    size, widths = _fitting(grid)
    shares = child(table, "w:tblGrid")
    for width in widths:
        child(shares, "w:gridCol", w=str(width))
    covered = {(row, slot.col): slot for slot in grid.slots for row in range(slot.row + 1, slot.row + slot.rowspan)}
    begins = {(slot.row, slot.col): slot for slot in grid.slots}
    for row in range(grid.height):
        line = child(table, "w:tr")
        properties = child(line, "w:trPr")
        child(properties, "w:cantSplit")  # a row broken over two pages can hardly be read, by people or by programs
        if grid.height <= _FEW_ROWS:
            child(properties, "w:trHeight", val="420", hRule="atLeast")
        if row < grid.header_rows:
            child(properties, "w:tblHeader")
        keep = row < grid.height - 1 and grid.height <= _ONE_PAGE
        for col in range(grid.width):
            begun, above = begins.get((row, col)), covered.get((row, col))
            if begun is not None:
                _cell(line, begun, "restart" if begun.rowspan > 1 else None, widths, size, keep)
            elif above is not None:
                _cell(line, above, "continue", widths, size, keep)
    return table


def _fitting(grid: Grid) -> tuple[str, list[int]]:
    """The size of the text, and the columns' widths in twentieths of a point.

    Numbers are not broken, and heads stand in as few lines as there is room for.
    """
    least: list[int] = []
    for size in _SIZES[grid.width > _MANY_COLUMNS :]:
        character = size * 10
        for lines, whole in _HEADS:
            least = [_least(grid, col, lines, whole * character, character) for col in range(grid.width)]
            if sum(least) <= PAGE_WIDTH:
                return str(size), _shared_out(grid, least, character)
    return str(_SIZES[-1]), [PAGE_WIDTH * width // sum(least) for width in least]


def _shared_out(grid: Grid, least: list[int], character: int) -> list[int]:
    """What is left of the line goes to the labels first, and then to all columns but those of groups of rows."""
    left = PAGE_WIDTH - sum(least)
    stubs = {slot.col for slot in grid.slots if slot.role is Role.STUB and slot.colspan == slot.rowspan == 1}
    for col in stubs:
        texts = [slot.text for slot in grid.slots if slot.col == col and slot.colspan == 1]
        wished = min(max(_length(text, character) for text in texts), _LONGEST_LABEL * character) + 2 * MARGIN + _SLACK
        more = min(left, max(0, wished - least[col]))
        least[col], left = least[col] + more, left - more
    groups = {slot.col for slot in grid.slots if slot.role is Role.STUB and slot.rowspan > 1 and slot.colspan == 1}
    growing = [col for col in range(grid.width) if col not in groups] or list(range(grid.width))
    for number, col in enumerate(growing):
        least[col] += left * (number + 1) // len(growing) - left * number // len(growing)
    return least


def _least(grid: Grid, col: int, lines: int, whole: int, character: int) -> int:
    """The width below which a column could not be read, if its heads may be broken into so many lines."""
    needed = 2 * character
    for slot in grid.slots:
        if slot.col == col and slot.colspan == 1:
            length = _length(slot.text, character)
            if slot.role is Role.STUB:
                # The label of a group of rows runs down beside them.
                length = min(length, 3 * character) if slot.rowspan > 1 else 2 * character
            elif slot.role is not Role.VALUE:
                length = max(min(length, whole), -(-length // character // lines) * character)
            elif not slot.text.isascii():
                length = min(length, 8 * character)  # words in place of a number may be broken
            needed = max(needed, length)
    return needed + 2 * MARGIN + _SLACK


def _length(text: str, character: int) -> int:
    """How long a text's longest line is; a digit takes half a character in the font asked for, more in some others."""
    return max(sum(character if ord(c) > 0x2E7F else character * 13 // 20 for c in line) for line in text.split("\n"))


def _cell(line: Any, slot: Slot, merge: str | None, widths: list[int], size: str, keep: bool) -> None:
    cell = child(line, "w:tc")
    properties = child(cell, "w:tcPr")
    child(properties, "w:tcW", type="dxa", w=str(sum(widths[slot.col : slot.col + slot.colspan])))
    if slot.colspan > 1:
        child(properties, "w:gridSpan", val=str(slot.colspan))
    if merge is not None:
        child(properties, "w:vMerge", val=merge)
    child(properties, "w:vAlign", val="center")
    paragraph = child(cell, "w:p")
    properties = child(paragraph, "w:pPr")
    child(properties, "w:pStyle", val="TableText")
    if keep:
        child(properties, "w:keepNext")
    if slot.role is Role.STUB and slot.rowspan == 1:
        child(properties, "w:jc", val="left")
    if merge == "continue" or not slot.text:
        return
    run = child(paragraph, "w:r")
    child(child(run, "w:rPr"), "w:sz", val=size)
    add_text(run, slot.text)
