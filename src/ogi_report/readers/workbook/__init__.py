"""The fill-in workbook, filled in: to figures and words, and where in the workbook each of them stands."""

from ogi_report.readers.workbook.book import FormWorkbook, is_form_workbook, read_form_workbook
from ogi_report.readers.workbook.table_sheet import SheetCell
from ogi_report.readers.workbook.words_sheet import FormWords

__all__ = ["FormWords", "FormWorkbook", "SheetCell", "is_form_workbook", "read_form_workbook"]
