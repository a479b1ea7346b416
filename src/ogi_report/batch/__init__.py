"""Many reports: what is to be made, making each in isolation, writing what was made."""

from ogi_report.batch.plan import Settings, Task, plan
from ogi_report.batch.run import Result, Status, run

__all__ = ["Result", "Settings", "Status", "Task", "plan", "run"]
