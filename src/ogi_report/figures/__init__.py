"""Cell values of one report and of many. Numbers are int or Decimal from text to print."""

from typing import TYPE_CHECKING, Any

from ogi_report.figures.cells import (
    BLANK,
    Cell,
    Kind,
    Number,
    format_difference,
    format_number,
    parse_cell,
    stated_unit,
)
from ogi_report.figures.figures import TIDY, Doubt, DoubtKind, Figures, FoundLabel, described
from ogi_report.figures.spreadsheets import as_written, harmless

if TYPE_CHECKING:
    from ogi_report.figures.panels import panel, tidy_panel

__all__ = [
    "BLANK",
    "TIDY",
    "Cell",
    "Doubt",
    "DoubtKind",
    "Figures",
    "FoundLabel",
    "Kind",
    "Number",
    "as_written",
    "described",
    "format_difference",
    "format_number",
    "harmless",
    "panel",
    "parse_cell",
    "stated_unit",
    "tidy_panel",
]


def __getattr__(name: str) -> Any:
    """Panels are data frames: pandas is loaded when somebody asks for one."""
    if name in ("panel", "tidy_panel"):
        from ogi_report.figures import panels

        return getattr(panels, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
