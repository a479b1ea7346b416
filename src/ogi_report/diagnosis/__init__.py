"""Which cell of a report is wrong, and what it most likely should be. Shown to people, never applied."""

from ogi_report.diagnosis.determined import determined
from ogi_report.diagnosis.diagnose import diagnose
from ogi_report.diagnosis.repairs import Change, Diagnosis, Repair, Status
from ogi_report.diagnosis.suggest import with_suggestions

__all__ = ["Change", "Diagnosis", "Repair", "Status", "determined", "diagnose", "with_suggestions"]
