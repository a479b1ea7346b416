"""Grids and figures to files and pages. Writers know forms and figures only.

What stands on a library of its own (Word, Excel) is loaded when it is first asked for: most runs make pages only.
"""

from typing import TYPE_CHECKING, Any

from ogi_report.writers.csv_tables import write_table_csv
from ogi_report.writers.html import IN_NOTEBOOK, Inline, Mark, write_html_table
from ogi_report.writers.pages import Heading, Item, Manner, Page, Picture, Span, Text
from ogi_report.writers.pasted import write_pasted_html
from ogi_report.writers.text import write_text_table

if TYPE_CHECKING:
    from ogi_report.writers.docx import write_docx
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

_HOMES = {"write_docx": "docx", "write_xlsx": "xlsx"}


def __getattr__(name: str) -> Any:
    """Loads the module of a public name on first use."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
