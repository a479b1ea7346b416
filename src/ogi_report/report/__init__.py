"""A report: settings, figures, words and findings of one agency-year."""

from ogi_report.report.params import Params
from ogi_report.report.project import Project
from ogi_report.report.report import Report
from ogi_report.report.roster import Body

__all__ = ["Body", "Params", "Project", "Report"]
