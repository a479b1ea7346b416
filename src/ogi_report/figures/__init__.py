"""Cell values of one report and of many. Numbers are int or Decimal from text to print."""

from ogi_report.figures.cells import BLANK, Cell, Kind, format_number, parse_cell, stated_unit
from ogi_report.figures.figures import TIDY, Doubt, DoubtKind, Figures, FoundLabel, described
from ogi_report.figures.panel import panel, tidy_panel
from ogi_report.figures.spreadsheets import as_written, harmless

__all__ = [
    "BLANK",
    "TIDY",
    "Cell",
    "Doubt",
    "DoubtKind",
    "Figures",
    "FoundLabel",
    "Kind",
    "as_written",
    "described",
    "format_number",
    "harmless",
    "panel",
    "parse_cell",
    "stated_unit",
    "tidy_panel",
]
