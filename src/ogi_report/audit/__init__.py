"""Published reports by the thousand: read, checked, compared; one bad file costs itself only."""

from ogi_report.audit.results import Audit
from ogi_report.audit.run import AuditSettings, Row, audit

__all__ = ["Audit", "AuditSettings", "Row", "audit"]
