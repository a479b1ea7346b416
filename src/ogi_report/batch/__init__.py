"""Many reports: what is to be made, making each in isolation, writing what was made."""

from ogi_report.batch.plan import Settings, Task, plan
from ogi_report.batch.result import Result, Status
from ogi_report.batch.run import Build

__all__ = ["Build", "Result", "Settings", "Status", "Task", "plan"]
