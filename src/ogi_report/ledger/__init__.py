"""A ledger of applications, one by one: what they add up to in tables 三 and 四, and whether they were answered in time."""

from ogi_report.ledger.applications import Application, Remedy
from ogi_report.ledger.columns import HEADINGS, REMEDY_HEADINGS, Heading, RemedyHeading, headings_of
from ogi_report.ledger.ledger import Ledger, with_ledger
from ogi_report.ledger.lines import spoken
from ogi_report.ledger.roles import APPLICATIONS, PENDING, REMEDIES, Roles, roles
from ogi_report.ledger.tables import LedgerTables
from ogi_report.ledger.time_limits import TimeLimit, time_limit, time_limits
from ogi_report.ledger.working_days import UnknownYear, WorkingDays

__all__ = [
    "APPLICATIONS",
    "HEADINGS",
    "PENDING",
    "REMEDIES",
    "REMEDY_HEADINGS",
    "Application",
    "Heading",
    "Ledger",
    "LedgerTables",
    "Remedy",
    "RemedyHeading",
    "Roles",
    "TimeLimit",
    "UnknownYear",
    "WorkingDays",
    "headings_of",
    "roles",
    "spoken",
    "time_limit",
    "time_limits",
    "with_ledger",
]
