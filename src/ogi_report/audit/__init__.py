"""Published reports by the thousand: read, checked, compared; one bad file costs itself only."""

from ogi_report.audit.files import Row
from ogi_report.audit.page import write_page
from ogi_report.audit.results import Audit
from ogi_report.audit.run import AuditSettings, audit

__all__ = ["Audit", "AuditSettings", "Row", "audit", "write_page"]
