"""The page over all reports."""

from ogi_report.site.index import write_index

__all__ = ["write_index"]
