"""Statutory time limits (《政府信息公开条例》第三十条、第三十三条): twenty working days, twenty more if extended.

The day of receipt does not count; where a correction was asked for, the day on which it came in takes its place. The
time in which third parties or other bodies are consulted does not count either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ogi_report.ledger.applications import Application
from ogi_report.ledger.working_days import UnknownYear, WorkingDays

LIMIT, EXTENSION = 20, 20
"""Working days for an answer, and those by which the limit may be extended."""


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """An application held against its time limit.

    `until` is the day of the answer or, of an open application, the day as of which it is judged. `used` working days have
    passed of `allowed`; `due_on` is the last day for an answer. What depends on holidays that are not announced is
    None, `is_overdue` included; `unknown` then names the year.
    """

    application: Application
    allowed: int
    until: date
    is_open: bool
    used: int | None
    due_on: date | None
    is_overdue: bool | None
    unknown: int | None = None


def time_limit(application: Application, on: date, calendar: WorkingDays) -> TimeLimit:
    """Holds one application against its limit; one that was not closed by `on` is judged as of that day."""
    is_open = application.closed_on is None or application.closed_on > on
    until = on if is_open or application.closed_on is None else application.closed_on
    start = max(application.completed_on or application.received_on, application.received_on)
    allowed = LIMIT + EXTENSION if application.is_extended else LIMIT
    used, unknown = _counted(calendar, start, until)
    due_on, beyond = _due(calendar, start, allowed)
    asked, answered = application.consulted_from, application.consulted_to
    if asked is not None and (due_on is None or asked < due_on):
        # A consultation that began within the limit stops the clock; while it runs, nobody can say when the limit ends.
        still_asking = is_open and (answered is None or answered > on)
        stretch = (max(start, asked), until if answered is None else min(answered, until))
        paused, _ = _counted(calendar, *stretch)
        used = used - paused if used is not None and paused is not None else None
        if still_asking:
            due_on, beyond = None, None
        elif due_on is not None and paused is not None:
            due_on, beyond = _due(calendar, start, allowed + paused)
    if due_on is not None:
        is_overdue: bool | None = until > due_on
    else:
        is_overdue = False if used is not None and used <= allowed else None
    return TimeLimit(application, allowed, until, is_open, used, due_on, is_overdue, unknown or beyond)


def _counted(calendar: WorkingDays, start: date, end: date) -> tuple[int | None, int | None]:
    """Working days after `start` until `end`, or the year that is not known."""
    try:
        return calendar.between(start, end), None
    except UnknownYear as error:
        return None, error.year


def _due(calendar: WorkingDays, start: date, days: int) -> tuple[date | None, int | None]:
    """The day on which a limit ends, or the year that is not known."""
    try:
        return calendar.after(start, days), None
    except UnknownYear as error:
        return None, error.year


def time_limits(applications: Iterable[Application], on: date) -> list[TimeLimit]:
    """Holds applications against their limits as of a day; those received after it are left out."""
    known = [application for application in applications if application.received_on <= on]
    if not known:
        return []
    first = min(application.received_on.year for application in known)
    # An extended limit ends a good two months after receipt; consultations last as long as they last.
    calendar = WorkingDays(first, on.year + 1)
    return [time_limit(application, on, calendar) for application in known]
