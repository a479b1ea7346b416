"""What the overview says of every agency and year: how the report stands, and whether it came in time. No page is made here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from ogi_report.batch.readings import Key
from ogi_report.batch.result import Result, Status
from ogi_report.batch.source import given_time, newest_day
from ogi_report.in_words import chinese_date
from ogi_report.report import Project
from ogi_report.report.roster import Body
from ogi_report.rules import Severity
from ogi_report.rules.publication import deadline


class State(Enum):
    """How one agency's report of one year stands; each has a sign and words, so that no colour is needed to tell them apart."""

    OK = ("ok", "✔", "完成")
    WARNINGS = ("warnings", "▲", f"有{Severity.WARNING.chinese}问题")
    ERRORS = ("errors", "✖", f"有{Severity.ERROR.chinese}问题")
    FAILED = ("failed", "⚠", "未能生成")
    MISSING = ("missing", "○", "未报送")
    PENDING = ("pending", "…", "尚未生成")
    PUBLIC = ("public", "✔", "年度报告")

    def __init__(self, key: str, icon: str, label: str):
        """Takes the name of its style class, its sign and its words."""
        self.key, self.icon, self.label = key, icon, label


@dataclass(frozen=True)
class Entry:
    """One cell of the matrix. `timing` is what the calendar says in words, `late` whether that is a breach of the limit."""

    agency: str
    year: int
    state: State
    counts: Mapping[str, int] = field(default_factory=dict)
    published_on: str | None = None
    timing: str = ""
    late: bool = False
    messages: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        return f"{self.year}/{self.agency}_{self.year}"

    @property
    def label(self) -> str:
        """The state in a few words, with the number that matters."""
        grave = {State.ERRORS: Severity.ERROR, State.WARNINGS: Severity.WARNING}.get(self.state)
        return self.state.label if grave is None else f"{grave.chinese} {self.counts[grave]} 项"

    @property
    def detail(self) -> str:
        """What else was found beside errors."""
        warnings = self.counts.get(Severity.WARNING, 0)
        return f"{Severity.WARNING.chinese} {warnings} 项" if self.state is State.ERRORS and warnings else ""


@dataclass(frozen=True)
class Overview:
    """All reports of a build: bodies in the roster's order, years from the newest, an entry for each report made or missing.

    `today` is the day by which lateness of missing reports is judged: that of SOURCE_DATE_EPOCH, else the last day on which
    any report is known to have been published. There is no clock in it, so that the same inputs give the same pages.
    """

    bodies: Sequence[Body]
    years: Sequence[int]
    entries: Mapping[Key, Entry]
    today: date | None

    def of(self, state: State) -> list[Entry]:
        return [entry for entry in self if entry.state is state]

    def __iter__(self) -> Iterator[Entry]:
        """All entries, by year from the newest and in the roster's order."""
        for year in self.years:
            for body in self.bodies:
                if (entry := self.entries.get((body.agency, year))) is not None:
                    yield entry


def overview(results: Sequence[Result], project: Project) -> Overview:
    """Returns how every agency's report of every year stands.

    A report is missing where the roster lists the agency, others have a report of the year, and there are no params for it.
    """
    roster = dict(project.roster)
    for result in results:
        # Failed because the roster does not list it: it is shown all the same.
        roster.setdefault(result.agency, Body(result.agency, result.name))
    years = sorted({result.year for result in results}, reverse=True)
    today = _today(results)
    planned = set(project.agency_years())
    entries: dict[Key, Entry] = {}
    for result in results:
        entries[result.agency, result.year] = _made(result, roster[result.agency])
    for year in years:
        for body in roster.values():
            key = (body.agency, year)
            if key in planned:
                entries.setdefault(key, Entry(body.agency, year, State.PENDING))
            elif key not in entries:
                timing, late = _outstanding(body, year, today)
                entries[key] = Entry(body.agency, year, State.MISSING, timing=timing, late=late)
    return Overview(list(roster.values()), years, entries, today)


def public_part(whole: Overview) -> Overview:
    """What everybody may see: the reports without an error that blocks publication, and of these nothing but that they are there."""
    entries = {
        key: Entry(entry.agency, entry.year, State.PUBLIC, published_on=entry.published_on)
        for key, entry in whole.entries.items()
        if entry.state in (State.OK, State.WARNINGS)
    }
    known = {agency for agency, _ in entries}
    years = sorted({year for _, year in entries}, reverse=True)
    return Overview([body for body in whole.bodies if body.agency in known], years, entries, None)


def _made(result: Result, body: Body) -> Entry:
    if result.status is Status.FAILED:
        return Entry(result.agency, result.year, State.FAILED, messages=result.messages)
    graver = State.WARNINGS if result.counts[Severity.WARNING] else State.OK
    state = State.ERRORS if result.counts[Severity.ERROR] else graver
    timing, late = _in_time(result, body)
    return Entry(result.agency, result.year, state, result.counts, result.published_on, timing, late)


def _in_time(result: Result, body: Body) -> tuple[str, bool]:
    """What the calendar says of a report: nothing is guessed where the day or the level is not known."""
    if result.published_on is None:
        return "没有公布日期", False
    day = date.fromisoformat(result.published_on)
    last = last_day(body, result.year, result.scope)
    if last is None and date(result.year + 1, 1, 31) < day <= date(result.year + 1, 3, 31):
        return f"{_shown(day, result.year)}公布，层级不明，无法判断是否逾期", False
    late = day > (last or date(result.year + 1, 3, 31))
    return f"{'逾期，' if late else ''}{_shown(day, result.year)}公布", late


def _outstanding(body: Body, year: int, today: date | None) -> tuple[str, bool]:
    last = last_day(body, year)
    if last is None:
        return "层级不明，期限不明", False
    if today is not None and today > last:
        return f"逾期，期限{_shown(last, year)}", True
    return f"应于{_shown(last, year)}前公布", False


def last_day(body: Body, year: int, scope: str = "own") -> date | None:
    """The day by which a body has to publish its report of a year; None where its level is not known."""
    known = scope == "government_wide" or body.level is not None
    return deadline(year, body.level or "", scope) if known else None


def today_is_given() -> bool:
    """Whether SOURCE_DATE_EPOCH says what day it is."""
    return given_time() is not None


def _today(results: Sequence[Result]) -> date | None:
    if (given := given_time()) is not None:
        return given.date()
    return newest_day(results)


def _shown(day: date, year: int) -> str:
    """A day in the year after the report's, in which it is due, needs no year."""
    return f"{day.month}月{day.day}日" if day.year == year + 1 else chinese_date(day)
