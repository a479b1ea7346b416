"""The sheet of words: this year's column, a paragraph a cell, as the Markdown that narrative.md would hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ogi_report.forms import Form
from ogi_report.forms.workbook import COLUMNS, NO_TEXT, TEXT_COLUMN, TITLE, chapter_of
from ogi_report.readers.sheets import Sheet
from ogi_report.readers.workbook.table_sheet import SheetCell


@dataclass(frozen=True)
class FormWords:
    """The words of a workbook as one Markdown text; `rows` gives the sheet's row (from 1) of each of its lines.

    `cells` are the paragraphs with their places, for those who mark them.
    """

    text: str
    shown: str
    rows: tuple[int, ...]
    cells: tuple[tuple[SheetCell, str], ...]


def read_words_sheet(
    sheet: Sheet, mark: tuple[int, int], form: Form, shown: str, problems: list[str]
) -> FormWords | None:
    """Returns what was written this year, or None if nothing was; last year's column is not looked at."""
    where = f"{shown} 工作表“{sheet.name}”"
    top, side = mark
    keys = {row: text.strip() for (row, col), text in sheet.cells.items() if col == side and row > top}
    head = next((row for row, key in sorted(keys.items()) if key == COLUMNS), None)
    found = (col for (row, col), text in sheet.cells.items() if row == head and text.strip() == TEXT_COLUMN)
    column = next(found, None)
    if head is None or column is None:
        problems.append(f"{where}：隐藏的代码行不见了，读不出哪一列是本年的文字；请从原来的填报表重新填写。")
        return None
    titles = {section.number: section.title for section in form.sections}
    lines: list[tuple[str, int]] = []
    cells: list[tuple[SheetCell, str]] = []
    waiting: tuple[str, int] | None = None
    number = 0
    for row in sorted({row for row, _ in sheet.cells if row > head}):
        key = keys.get(row, "")
        chapter = chapter_of(key)
        if chapter is not None:
            if chapter and chapter not in titles:
                problems.append(f"{where}第 {row + 1} 行：{form.name}没有第 {chapter} 章；请从原来的填报表重新填写。")
            number = chapter
            waiting = (f"## {titles[number]}", row) if number in titles else None
            continue
        text = sheet.cells.get((row, column), "").strip()
        if not text or (not key and row == head + 1):
            continue
        if (row, column) in sheet.formulas:
            problems.append(
                f"{where}第 {row + 1} 行是公式 ={sheet.formulas[row, column] or '…'}，不是文字；请把它改成文字（以 = 开头的文字前面加一个空格）。"
            )
            continue
        cells.append((SheetCell(sheet.name, row, column), text))
        if key == TITLE:
            lines += [(f"# {' '.join(text.split())}", row), ("", row)]
            continue
        if waiting is not None:
            lines += [waiting, ("", row)]
            waiting = None
        if text == NO_TEXT:
            continue
        lines += [(line, row) for line in (*_paragraphs(text), "")]
    if not cells:
        return None
    return FormWords("\n".join(text for text, _ in lines), where, tuple(row + 1 for _, row in lines), tuple(cells))


_IN_A_BLOCK = re.compile(r"\s*(?:[|>]|[-*+]\s|\d{1,3}[.)]\s)")
"""How the lines of a Markdown list, table or quotation begin: these belong together."""
_BLANKS = " \t\u3000"


def _paragraphs(text: str) -> list[str]:
    """The lines of a cell as lines of Markdown: each a paragraph of its own, unless they are a list or a table.

    The blanks that Chinese typists begin a paragraph with would make it code in Markdown.
    """
    found: list[str] = []
    for line in text.split("\n"):
        in_block = _IN_A_BLOCK.match(line) is not None
        if not line.strip(_BLANKS):
            continue
        if found and not (in_block and _IN_A_BLOCK.match(found[-1])):
            found.append("")
        found.append(line.rstrip() if in_block else line.strip(_BLANKS))
    return found
