"""The fill-in workbook: everything on it is derived from the form; the same content gives the same bytes."""

from __future__ import annotations

import io

import xlsxwriter

from ogi_report.writers.workbook.checks import Checked
from ogi_report.writers.workbook.content import FormContent, Standing, Words
from ogi_report.writers.workbook.front import SHEET as FRONT_SHEET
from ogi_report.writers.workbook.front import write_front
from ogi_report.writers.workbook.guide import SHEET as GUIDE_SHEET
from ogi_report.writers.workbook.guide import write_guide
from ogi_report.writers.workbook.places import Places
from ogi_report.writers.workbook.styles import Styles
from ogi_report.writers.workbook.tables import TableSheet
from ogi_report.writers.workbook.words import SHEET as WORDS_SHEET
from ogi_report.writers.workbook.words import write_words
from ogi_report.writers.xlsx import MADE_ON

__all__ = ["Checked", "FormContent", "Standing", "Words", "build_workbook", "write_workbook"]

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(content: FormContent) -> bytes:
    """Returns a fill-in workbook as an .xlsx file: front, the official tables, words, how to fill it in."""
    return build_workbook(content)[0]


def build_workbook(content: FormContent) -> tuple[bytes, tuple[Checked, ...]]:
    """Returns the workbook, and where on its sheets each equation is checked."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, _OPTIONS)
    workbook.set_properties({"title": f"政府信息公开工作年度报告填报表（{content.year} 年）", "created": MADE_ON})
    styles = Styles(workbook)
    front = workbook.add_worksheet(FRONT_SHEET)
    checked: list[Checked] = []
    for table in content.form.tables:
        places = Places(table, content.own_rows.get(table.key, ()))
        checked += TableSheet(workbook.add_worksheet(table.name), styles, content, places).write()
    # The ledger of single applications (台账) has its place here, between the tables and the words.
    write_words(workbook.add_worksheet(WORDS_SHEET), content, styles)
    write_guide(workbook.add_worksheet(GUIDE_SHEET), content, styles)
    write_front(front, content, checked, styles)
    front.activate()
    workbook.close()
    return out.getvalue(), tuple(checked)
