"""Working days in mainland China: holidays, and the weekends that are worked in their place (调休).

The State Council office announces each year's holidays in the autumn before. chinesecalendar transcribes these
announcements and refuses years that are not announced, which is why it is used: it never takes a guess for a fact.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from itertools import accumulate


class UnknownYear(Exception):
    """The holidays of a year are not known (yet)."""

    def __init__(self, year: int):
        self.year = year
        super().__init__(f"工作日历中没有 {year} 年的放假安排")


class WorkingDays:
    """Counts working days, from one array of running totals over the years that are known."""

    def __init__(self, first: int, last: int):
        """Looks up the years `first` to `last`; a year that is not known ends the calendar (or begins it later)."""
        known = [year for year in range(first, last + 1) if is_known(year)]
        self._first = date(known[0], 1, 1) if known else date(first, 1, 1)
        days = [day for year in known for day in _days(year)]
        self._running = list(accumulate(int(works) for works in days))
        self._last = self._first + timedelta(days=len(days) - 1)

    def until(self, day: date) -> int:
        """Returns how many working days the calendar has up to and including a day.

        Raises:
            UnknownYear: the day's year is not known.
        """
        if not self._first <= day <= self._last:
            raise UnknownYear(day.year)
        return self._running[(day - self._first).days]

    def between(self, start: date, end: date) -> int:
        """Returns how many working days lie after `start` up to and including `end`; the first day does not count.

        Raises:
            UnknownYear: a year is not known.
        """
        return self.until(end) - self.until(start) if end > start else 0

    def after(self, start: date, days: int) -> date:
        """Returns the day on which the `days`-th working day after `start` falls.

        Raises:
            UnknownYear: that day lies beyond the years that are known.
        """
        wanted = self.until(start) + days
        found = bisect_left(self._running, wanted)
        if found == len(self._running):
            raise UnknownYear(self._last.year + 1)
        return self._first + timedelta(days=found)


def is_known(year: int) -> bool:
    """Whether the holidays of a year have been announced, as far as the installed calendar goes."""
    from chinese_calendar import is_workday

    try:
        is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


_years: dict[int, tuple[bool, ...]] = {}


def _days(year: int) -> tuple[bool, ...]:
    """Whether each day of a known year is worked."""
    from chinese_calendar import is_workday

    if year not in _years:
        first = date(year, 1, 1)
        length = (date(year + 1, 1, 1) - first).days
        _years[year] = tuple(is_workday(first + timedelta(days=n)) for n in range(length))
    return _years[year]
