"""One line of a ledger: an application, what became of it, and the remedies sought against the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ogi_report.in_words import InWords


@dataclass(frozen=True, slots=True)
class Remedy:
    """A review or a lawsuit about an application.

    `group` is the record key of table 四 (`review`, `litigation_direct`, …), `result` the key of its column; None while
    nothing is decided. A result has its day.
    """

    group: str
    result: str | None = None
    filed_on: date | None = None
    decided_on: date | None = None

    def is_pending(self, year: int, known_in: int) -> bool:
        """Whether it was undecided when a year ended.

        A remedy whose filing day nobody wrote down is known to be pending only in the ledger's own year, `known_in`.
        """
        end = date(year, 12, 31)
        if self.decided_on is not None and self.decided_on <= end:
            return False
        return self.filed_on <= end if self.filed_on is not None else year == known_in


@dataclass(frozen=True, slots=True)
class Application(InWords):
    """An application as its line of the ledger tells it; nothing in it says who applied.

    `line` is the row of the sheet, `applicant` the key of a leaf column of table 三, `outcome` the key of a row among its
    outcomes (None while it is open). `completed_on` is the day on which a correction that was asked for came in: the
    time limit runs from there. `consulted_from` and `consulted_to` bound the consultation of third parties.
    """

    line: int
    number: str
    received_on: date
    applicant: str
    outcome: str | None = None
    closed_on: date | None = None
    completed_on: date | None = None
    is_extended: bool = False
    extended_on: date | None = None
    consulted_from: date | None = None
    consulted_to: date | None = None
    remedies: tuple[Remedy, ...] = ()

    def is_in_hand(self, year: int) -> bool:
        """Whether a year's table 三 counts it: received by the year's end and not closed before its beginning."""
        return self.received_on <= date(year, 12, 31) and not (
            self.closed_on is not None and self.closed_on < date(year, 1, 1)
        )

    def _in_words(self) -> str:
        closed = f"{self.closed_on} 办结" if self.closed_on is not None else "尚未办结"
        return f"第 {self.line} 行（{self.number}）：{self.received_on} 收到，{closed}"
