"""Files to figures. Readers know forms and figures only."""

from ogi_report.readers.csv_tables import read_figures
from ogi_report.readers.text_files import read_text

__all__ = ["read_figures", "read_text"]
