"""Headings, paragraphs and grids to an Excel workbook: official tables with merged headers, numbers as numbers.

No text ever becomes a formula. The same pieces give the same bytes, whatever the day and the machine.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import xlsxwriter

from ogi_report.figures.cells import MOST_DIGITS
from ogi_report.forms import Grid, Role, Slot
from ogi_report.writers.pages import Heading, Page, Text

MADE_ON = dt.datetime(2000, 1, 1)
FONT = "仿宋"
_NUMBER = re.compile(rf"(?:0|[1-9]\d{{0,{MOST_DIGITS - 1}}})(?:\.\d{{0,6}}[1-9])?")
"""What Excel stores and shows exactly as written: up to 15 digits, no leading or trailing zeros, no sign."""
MAX_TEXT = 32_767
"""Characters that Excel allows in a cell."""


def write_xlsx(pages: Iterable[Page], title: str = "", sheet: str = "年度报告") -> bytes:
    """Returns an .xlsx file with everything on one sheet; `title` becomes the workbook's title property."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"title": title, "created": MADE_ON})
    worksheet = workbook.add_worksheet(sheet)
    formats = {
        "heading": workbook.add_format({"bold": True, "font_name": FONT}),
        "text": workbook.add_format({"font_name": FONT}),
        "head": workbook.add_format({"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "font_name": FONT}),
        "stub": workbook.add_format({"border": 1, "align": "left", "valign": "vcenter", "text_wrap": True, "font_name": FONT}),
    }  # fmt: skip
    row = 0
    for page in pages:
        match page:
            case Heading(text) | Text(text):
                style = formats["heading" if isinstance(page, Heading) else "text"]
                for start in range(0, len(text), MAX_TEXT):
                    worksheet.write_string(row, 0, text[start : start + MAX_TEXT], style)
                    row += 1
            case Grid():
                for slot in page.slots:
                    _slot(worksheet, slot, row, formats["stub" if slot.role is Role.STUB else "head"])
                row += page.height + 1
    workbook.close()
    return out.getvalue()


def _slot(worksheet: Any, slot: Slot, down: int, style: Any) -> None:
    top, left = slot.row + down, slot.col
    if slot.rowspan > 1 or slot.colspan > 1:
        worksheet.merge_range(top, left, top + slot.rowspan - 1, left + slot.colspan - 1, "", style)
    if not slot.text:
        worksheet.write_blank(top, left, None, style)
    elif slot.role is Role.VALUE and _NUMBER.fullmatch(slot.text) and len(slot.text.replace(".", "")) <= MOST_DIGITS:
        worksheet.write_number(top, left, Decimal(slot.text), style)
    else:
        worksheet.write_string(top, left, slot.text[:MAX_TEXT], style)
