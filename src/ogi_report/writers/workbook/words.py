"""The sheet of words: six chapters, a paragraph a cell, beside what the report of last year said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ogi_report.forms.workbook import (
    COLUMNS,
    LAST_COLUMN,
    RETURNED,
    TEXT,
    TEXT_COLUMN,
    TITLE,
    WORDS,
    chapter_key,
    sheet_mark,
)
from ogi_report.writers.text import display_width
from ogi_report.writers.workbook.cells import protect
from ogi_report.writers.workbook.content import FormContent
from ogi_report.writers.workbook.places import GRID, KEYS
from ogi_report.writers.workbook.styles import Styles

SHEET = "正文"
FEWEST_PARAGRAPHS = 6
_WIDTHS = (72, 62)
_TALLEST = 409
"""Points; Excel allows no taller row."""
_LONGEST = 32_000
"""Excel keeps 32,767 characters in a cell."""
_LEGEND = (
    "左列写本年的文字，一段一格，可以插入行。右列是上年的文字，只供参考：不会读进本年的报告；"
    "照抄而不改会被指出（XY-TEXT）。可以用 {{ 本年新收 }} 这样的写法引用表中的数，名称见程序文档的“单元格代码”。"
)


def write_words(sheet: Any, content: FormContent, styles: Styles) -> None:
    """Writes the sheet of words."""
    sheet.set_column(KEYS, KEYS, 4, None, {"hidden": True})
    for col, width in enumerate(_WIDTHS, start=GRID):
        sheet.set_column(col, col, width)
    sheet.write_string(0, KEYS, sheet_mark(WORDS))
    sheet.set_row(0, 30)
    sheet.write_string(0, GRID, f"正文（{content.year} 年）", styles.of("title"))
    sheet.set_row(1, 32)
    sheet.merge_range(1, GRID, 1, GRID + 1, _LEGEND, styles.of("legend"))
    sheet.write_string(2, KEYS, RETURNED)
    sheet.write_blank(2, GRID, None, styles.of("link"))
    for col, name in ((KEYS, COLUMNS), (GRID, TEXT_COLUMN), (GRID + 1, LAST_COLUMN)):
        sheet.write_string(3, col, name)
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.write_string(4, GRID, f"本年（{content.year} 年）的文字", styles.of("head"))
    sheet.write_string(4, GRID + 1, f"上年（{content.year - 1} 年）的文字，只供参考，不读入", styles.of("head"))
    row = 5
    for key, text, last in _lines(content):
        sheet.write_string(row, KEYS, key)
        if key in (TEXT, TITLE):
            _write(sheet, row, GRID, text, styles.of("words"))
            _write(sheet, row, GRID + 1, last, styles.of("last_words" if key == TEXT else "note"))
            if text or last:
                sheet.set_row(row, _height(text, last))
        else:
            sheet.set_row(row, 24)
            sheet.write_string(row, GRID, text, styles.of("chapter"))
            sheet.write_string(row, GRID + 1, last, styles.of("chapter"))
        row += 1
    sheet.freeze_panes(5, 0)
    sheet.set_paper(9)
    sheet.print_area(0, GRID, row - 1, GRID)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A　第 &P 页，共 &N 页")
    protect(sheet, insert_rows=True, delete_rows=False)


def _write(sheet: Any, row: int, col: int, text: str, style: Any) -> None:
    if text:
        sheet.write_string(row, col, text[:_LONGEST], style)
    else:
        sheet.write_blank(row, col, None, style)


def _height(text: str, last: str) -> int:
    """Points for two cells of wrapped text; a row without text is left to grow with what is typed."""
    lines = [
        sum(max(1, -(-display_width(line) // width)) for line in cell.split("\n"))
        for cell, width in ((text, _WIDTHS[0] - 4), (last, _WIDTHS[1]))
    ]
    return min(_TALLEST, 6 + 16 * max(lines))


def _lines(content: FormContent) -> Iterator[tuple[str, str, str]]:
    """(key, this year's text, last year's) for each row."""
    words = content.words
    yield TITLE, words.title, "← 报告的标题；空着就用“机关全称＋年度＋年政府信息公开工作年度报告”"
    chapters = [(0, "引言（第一章之前的文字，可以不写）"), *((s.number, s.title) for s in content.form.sections)]
    for number, title in chapters:
        now, before = words.paragraphs.get(number, ()), words.last_year.get(number, ())
        yield chapter_key(number), title, "（上年）" if before else ""
        for i in range(max(FEWEST_PARAGRAPHS if number else 2, len(now) + 2, len(before))):
            yield TEXT, now[i] if i < len(now) else "", before[i] if i < len(before) else ""
