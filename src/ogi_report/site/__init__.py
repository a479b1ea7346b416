"""The pages over all reports: matrix, work list, comparison, rules, downloads; and the edition that everybody may see."""

from ogi_report.site.write import write_public_edition, write_site

__all__ = ["write_public_edition", "write_site"]
