"""Grids and figures to files and pages. Writers know forms and figures only."""

from ogi_report.writers.csv_tables import write_table_csv
from ogi_report.writers.docx import write_docx
from ogi_report.writers.html import IN_NOTEBOOK, Inline, Mark, write_html_table
from ogi_report.writers.pages import Heading, Item, Manner, Page, Picture, Span, Text
from ogi_report.writers.pasted import write_pasted_html
from ogi_report.writers.text import write_text_table
from ogi_report.writers.xlsx import write_xlsx

__all__ = [
    "IN_NOTEBOOK",
    "Heading",
    "Inline",
    "Item",
    "Manner",
    "Mark",
    "Page",
    "Picture",
    "Span",
    "Text",
    "write_docx",
    "write_html_table",
    "write_pasted_html",
    "write_table_csv",
    "write_text_table",
    "write_xlsx",
]
