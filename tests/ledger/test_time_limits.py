"""Working days with their make-up weekends, and the statutory limits counted in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.ledger import UnknownYear, WorkingDays, time_limit, time_limits
from ogi_report.ledger.working_days import is_known

# Typed from the State Council office's notices for 2024 and 2025: working days off, and weekends worked in their place.
OFF = {
    2024: "0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007",
    2025: "0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008",
}
WORKED = {
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
}


def days(told: dict[int, str]) -> set[date]:
    return {date(year, int(day[:2]), int(day[2:])) for year, text in told.items() for day in text.split()}


def is_worked(day: date) -> bool:
    return day in days(WORKED) or (day.weekday() < 5 and day not in days(OFF))


CALENDAR = WorkingDays(2024, 2025)
ANY_DAY = st.dates(date(2024, 1, 1), date(2025, 12, 31))


def test_make_up_weekends_are_working_days_and_holidays_are_not():
    day = date(2024, 1, 2)
    while day <= date(2025, 12, 31):
        assert CALENDAR.between(day - timedelta(days=1), day) == int(is_worked(day)), day
        day += timedelta(days=1)


@given(ANY_DAY, ANY_DAY)
def test_counting_is_what_counting_day_by_day_gives(start, end):
    counted = sum(is_worked(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    assert CALENDAR.between(start, end) == counted


@given(st.dates(date(2024, 1, 1), date(2025, 9, 1)), st.integers(1, 40))
def test_the_last_day_of_a_limit_is_a_working_day_and_closes_it(start, limit):
    last = CALENDAR.after(start, limit)
    assert is_worked(last)
    assert CALENDAR.between(start, last) == limit
    assert CALENDAR.between(start, last - timedelta(days=1)) == limit - 1


def test_a_year_whose_holidays_are_not_announced_is_never_guessed():
    unknown = next(year for year in range(date.today().year, 2100) if not is_known(year))
    calendar = WorkingDays(unknown - 1, unknown)
    assert calendar.between(date(unknown - 1, 12, 1), date(unknown - 1, 12, 31)) > 15
    for ask in (
        lambda: calendar.between(date(unknown - 1, 12, 1), date(unknown, 1, 5)),
        lambda: calendar.after(date(unknown - 1, 12, 20), 20),
        lambda: WorkingDays(unknown, unknown).until(date(unknown, 3, 1)),
    ):
        with pytest.raises(UnknownYear, match=f"没有 {unknown} 年的放假安排"):
            ask()


# -- limits ------------------------------------------------------------------------------------------------------------

ON = date(2024, 12, 31)


def limit(application, on=ON):
    return time_limit(application, on, CALENDAR)


def test_twenty_working_days_after_the_day_of_receipt(ask):
    # 6 to 29 March are 18 working days, 1 and 2 April two more.
    in_time = limit(ask("2024-03-05", "granted", "2024-04-02"))
    assert (in_time.used, in_time.allowed, in_time.due_on, in_time.is_overdue) == (20, 20, date(2024, 4, 2), False)
    late = limit(ask("2024-03-05", "granted", "2024-04-03"))
    assert (late.used, late.due_on, late.is_overdue) == (21, date(2024, 4, 2), True)


def test_a_late_answer_on_a_day_off_is_late_though_no_working_day_was_used(ask):
    late = limit(ask("2024-03-06", "granted", "2024-04-05"))
    assert (late.used, late.due_on, late.is_overdue) == (20, date(2024, 4, 3), True)


def test_an_extension_gives_twenty_more(ask):
    late = limit(ask("2024-03-05", "granted", "2024-05-10", is_extended=True))
    assert (late.allowed, late.due_on, late.is_overdue) == (40, date(2024, 4, 30), True)
    assert limit(ask("2024-03-05", "granted", "2024-04-30", is_extended=True)).is_overdue is False


def test_the_limit_runs_from_the_day_a_correction_came_in(ask):
    assert limit(ask("2024-03-05", "granted", "2024-04-16", completed_on="2024-03-18")).due_on == date(2024, 4, 16)
    assert limit(ask("2024-03-05", "granted", "2024-04-16")).is_overdue is True


def test_the_time_in_which_others_are_consulted_does_not_count(ask):
    # Ten working days, 12 to 25 March.
    asked = limit(ask("2024-03-05", "granted", "2024-04-17", consulted_from="2024-03-11", consulted_to="2024-03-25"))
    assert (asked.used, asked.due_on, asked.is_overdue) == (20, date(2024, 4, 17), False)


def test_a_consultation_after_the_limit_saves_nothing(ask):
    late = limit(ask("2024-03-05", "granted", "2024-05-20", consulted_from="2024-04-10", consulted_to="2024-05-20"))
    assert (late.due_on, late.is_overdue) == (date(2024, 4, 2), True)
    assert late.used == CALENDAR.between(date(2024, 3, 5), date(2024, 5, 20))


def test_while_others_are_still_consulted_no_day_is_due(ask):
    waiting = limit(ask("2024-03-05", consulted_from="2024-03-11"))
    assert (waiting.used, waiting.due_on, waiting.is_overdue) == (4, None, False)


def test_open_applications_are_judged_as_of_a_day(ask):
    application = ask("2024-12-02")
    assert limit(application, date(2024, 12, 30)).is_overdue is False
    late = limit(application, date(2024, 12, 31))
    assert (late.used, late.is_open, late.due_on, late.is_overdue) == (21, True, date(2024, 12, 30), True)
    closed_later = limit(ask("2024-12-02", "granted", "2025-01-20"), date(2024, 12, 31))
    assert closed_later.is_open
    assert closed_later.until == date(2024, 12, 31)


def test_what_holidays_nobody_knows_would_decide_is_left_undecided(ask):
    unknown = next(year for year in range(date.today().year, 2100) if not is_known(year))
    december = f"{unknown - 1}-12-20"
    calendar = WorkingDays(unknown - 1, unknown)
    open_one = time_limit(ask(december), date(unknown - 1, 12, 31), calendar)
    assert (open_one.due_on, open_one.is_overdue, open_one.unknown) == (None, False, unknown)
    later = time_limit(ask(december, "granted", f"{unknown}-02-20"), date(unknown, 3, 1), calendar)
    assert (later.used, later.due_on, later.is_overdue, later.unknown) == (None, None, None, unknown)
    known = time_limit(ask(f"{unknown - 1}-10-20", "granted", f"{unknown}-02-20"), date(unknown, 3, 1), calendar)
    assert (known.used, known.is_overdue) == (None, True), "the limit ended in a year that is known"


def test_applications_received_after_the_day_are_left_out(ask, ledger_of):
    ledger = ledger_of(ask("2024-03-05"), ask("2024-12-30"))
    assert [found.application.line for found in time_limits(ledger.applications, date(2024, 6, 1))] == [2]
    assert time_limits([], ON) == []
