"""What became of a report, and the names of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ogi_report.documents.formats import DOCUMENTS
from ogi_report.errors import FormError, OgiError, RuleError, UsageError

PAGES = (".html", ".review.html")
SUFFIXES = (*PAGES, ".ipynb", ".figures.csv", ".findings.json")
"""The files of a report; what is made of its public page on request comes on top (`documents`)."""
DOCUMENT_SUFFIXES = tuple(document.suffix for document in DOCUMENTS)


class Status(StrEnum):
    """`OK`: made, no unwaived error. `ERRORS`: made, has unwaived errors. `FAILED`: not made."""

    OK = "ok"
    ERRORS = "errors"
    FAILED = "failed"

    @property
    def chinese(self) -> str:
        return {"ok": "完成", "errors": "有必须改正的问题", "failed": "未能生成"}[self.value]


class Fault(StrEnum):
    """Whose affair it is that a report could not be made: its agency's (`FILES`), the office's that keeps the settings and the
    roster (`SETTINGS`), or the maintainer's, be it the program, the notebook or the machine (`PROGRAM`).
    """

    FILES = "files"
    SETTINGS = "settings"
    PROGRAM = "program"

    @classmethod
    def of(cls, error: OgiError) -> Fault:
        """Whose affair an error is that was explained to the user."""
        if isinstance(error, (FormError, RuleError)):
            return cls.PROGRAM
        return cls.SETTINGS if isinstance(error, UsageError) else cls.FILES


@dataclass(frozen=True)
class Result:
    """What became of one report: its status, the messages that explain a failure, what it found, when it was published.

    `fault` says of a failed one whose affair that is.
    """

    agency: str
    year: int
    name: str
    status: Status
    messages: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    published_on: str | None = None
    scope: str = "own"
    input_hash: str = ""
    debug: str = ""
    fault: Fault | None = None

    def as_plain(self) -> dict[str, Any]:
        """As values that JSON has."""
        return {**vars(self), "status": str(self.status)}

    @classmethod
    def from_plain(cls, told: Mapping[str, Any]) -> Result:
        fault = Fault(told["fault"]) if told.get("fault") else None
        return cls(**{**told, "status": Status(told["status"]), "messages": tuple(told["messages"]), "fault": fault})
