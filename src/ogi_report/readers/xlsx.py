"""Excel workbooks to paragraphs and tables: official tables as they were pasted into sheets, or as our own form has them.

A sheet has no tables, only cells. Empty rows, and rows that hold nothing but a chapter's heading or a sentence, part one
table from the next; a row whose only text is a label of the form (a banner, a row of blanks) stays in its table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ogi_report.errors import DataError
from ogi_report.figures import Kind, parse_cell
from ogi_report.forms import build_grid, normalise, official_forms, without_numbering
from ogi_report.forms.workbook import FILE_NAME, marked_sheet
from ogi_report.readers.document import MAX_CELLS, Document, FoundCell, FoundTable, Paragraph, Piece
from ogi_report.readers.packages import EXCEL, core_title, open_package
from ogi_report.readers.sheets import Sheet, read_sheets

LONGEST_LABEL = 60
"""Characters; what is longer, or has a full stop, is a sentence and no label."""
_CHAPTER = re.compile(r"[一二三四五六七八九十]+、")


def read_xlsx(content: bytes, shown: str) -> Document:
    """Returns what the visible sheets of an .xlsx or .xlsm file hold; macros are not looked at.

    Raises:
        DataError: no workbook, protected, damaged, built to exhaust the machine, or a fill-in workbook of ours, which has a
            reader of its own.
    """
    package = open_package(content, EXCEL, shown)
    sheets = list(read_sheets(package))
    if any(marked_sheet(text) is not None for sheet in sheets for text in sheet.cells.values()):
        raise DataError(
            f"{shown} 是填报表，不是已公布的报告；请用 ogi-report check 核对，或放进数据文件夹并命名为 {FILE_NAME}。"
        )
    pieces = [piece for sheet in sheets for piece in _pieces(sheet, shown)]
    return Document(shown, tuple(pieces), core_title(package))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row in which text begins: its texts by column; `joined` if nothing parts it from the row with text above."""

    row: int
    texts: dict[int, str]
    joined: bool
    reached: bool
    """A cell merged over several rows reaches into it from above."""
    boxed: bool
    """Beside its first text there are empty boxes with borders."""

    @property
    def only_text(self) -> str | None:
        return next(iter(self.texts.values())) if len(self.texts) == 1 and not self.reached else None


def _pieces(sheet: Sheet, shown: str) -> Iterator[Piece]:
    region: list[_Line] = []
    for line in _lines(sheet):
        if region and not line.joined:
            yield from _region(region, sheet, shown)
            region = []
        if line.only_text is not None and _parts_tables(line.only_text):
            yield from _region(region, sheet, shown)
            yield _paragraph(line, sheet)
            region = []
        else:
            region.append(line)
    yield from _region(region, sheet, shown)


def _lines(sheet: Sheet) -> Iterator[_Line]:
    rows: dict[int, dict[int, str]] = {}
    for (row, col), text in sheet.cells.items():
        rows.setdefault(row, {})[col] = text.strip()
    tall: dict[int, int] = {}
    wide = {(row, col): width for row, col, _, width in sheet.merged}
    for row, col, height, _ in sheet.merged:
        if (row, col) in sheet.cells:
            tall[row] = max(tall.get(row, row), row + height - 1)
    last = reach = -2
    for row in sorted(rows):
        first = min(rows[row])
        end = first + wide.get((row, first), 1)
        boxed = any(not first <= col < end for col in sheet.ruled.get(row, ()))
        yield _Line(row, rows[row], max(last, reach) >= row - 1, reach >= row, boxed)
        last, reach = row, max(reach, tall.get(row, row))


def _parts_tables(text: str) -> bool:
    """Whether a row with this text only cannot belong to a table: a chapter's heading, or a sentence."""
    if normalise(text) in _labels():
        return False
    return bool(_CHAPTER.match(text)) or len(text) > LONGEST_LABEL or "。" in text


@cache
def _labels() -> frozenset[str]:
    """Every label of the official tables, as labels are compared, with and without its numbering."""
    texts = {slot.text for form in official_forms().values() for t in form.tables for slot in build_grid(t).slots}
    return frozenset(normalise(label) for text in texts if text for label in (text, without_numbering(text)))


def _region(lines: list[_Line], sheet: Sheet, shown: str) -> Iterator[Piece]:
    """The lines before and after the table, each a paragraph, and the table between them, if there is one."""
    first, end = 0, len(lines)
    while first < end and _stands_alone(lines[first]):
        first += 1
    while end > first and _stands_alone(lines[end - 1]):
        end -= 1
    yield from (_paragraph(line, sheet) for line in lines[:first])
    if first < end:
        yield _table(lines[first:end], sheet, shown)
    yield from (_paragraph(line, sheet) for line in lines[end:])


def _stands_alone(line: _Line) -> bool:
    """Whether a row is a line of text above or below a table: no label, no lone number, no row of boxes."""
    text = line.only_text
    if text is None or line.boxed or normalise(text) in _labels():
        return False
    return parse_cell(text).kind is Kind.TEXT


def _paragraph(line: _Line, sheet: Sheet) -> Paragraph:
    return Paragraph("".join(line.texts.values()), f"工作表“{sheet.name}”第 {line.row + 1} 行")


def _table(lines: list[_Line], sheet: Sheet, shown: str) -> FoundTable:
    """A table with every cell of its rectangle, blank ones too; what a merged cell hides is not there."""
    top, bottom = lines[0].row, lines[-1].row
    if bottom + 1 in sheet.ruled and not any(row == bottom + 1 for row, _ in sheet.cells):
        bottom += 1  # a last row that nobody filled in, such as the only one of table four
    spans = {(row, col): (height, width) for row, col, height, width in sheet.merged if top <= row <= bottom}
    left = min(col for line in lines for col in line.texts)
    right = max(col + spans.get((line.row, col), (1, 1))[1] - 1 for line in lines for col in line.texts)
    place = f"工作表“{sheet.name}”第 {top + 1}–{bottom + 1} 行"
    if (bottom - top + 1) * (right - left + 1) > MAX_CELLS:
        raise DataError(
            f"{shown} 的{place}共有 {right - left + 1} 列，不像年度报告的表格；"
            f"请只保留报告所在的工作表，另存为“{EXCEL.save_as}”后再试。"
        )
    cells: list[FoundCell] = []
    covered: set[tuple[int, int]] = set()
    for row in range(top, bottom + 1):
        for col in range(left, right + 1):
            if (row, col) in covered:
                continue
            height, width = spans.get((row, col), (1, 1))
            height, width = min(height, bottom - row + 1), min(width, right - col + 1)
            covered.update((r, c) for r in range(row, row + height) for c in range(col, col + width))
            cells.append(FoundCell(row - top, col - left, sheet.cells.get((row, col), "").strip(), height, width))
    return FoundTable(tuple(cells), place)
