"""The ledger of single applications, held against tables 三 and 四, the calendar and the statutory time limits (LEDGER-…)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from ogi_report.forms import CellSpec
from ogi_report.ledger import APPLICATIONS, HEADINGS, REMEDIES, Application, Remedy, TimeLimit, roles, spoken
from ogi_report.ledger.ledger import is_supplied
from ogi_report.rules.context import Context
from ogi_report.rules.rule import NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.subjects import CellSubject, ReportSubject, Scope


@dataclass
class LedgerCell(CellSubject):
    """A cell of a table, with what the ledger makes of it."""

    counted: int
    lines: tuple[int, ...]
    parts: tuple[str, ...]

    @property
    def is_told_by_its_parts(self) -> bool:
        """Whether a sum's parts are all there: then they are compared themselves, and the form's equations speak of the sum."""
        return bool(self.parts) and all(self.report.figures[part].is_number for part in self.parts)


def _cells(table: str) -> Scope:
    def subjects(context: Context) -> Iterator[LedgerCell]:
        ledger, figures = context.known_ledger, context.figures
        name = figures.form.table(table).name
        if table not in ledger.speaks_of:
            raise NotApplicable(f"台账没有复议、诉讼的列，{name}不能核对")
        if is_supplied(figures, table, ledger):
            raise NotApplicable(f"{name}由台账得出")
        counted = ledger.tables(context.year)
        parts = {sum_.cell: sum_.parts for sum_ in roles(ledger.form).sums}
        for key, value in counted.values.items():
            spec: CellSpec | None = figures.form.cells.get(key)
            if spec is not None and spec.table == table:
                yield LedgerCell(context, spec, value, counted.lines[key], parts.get(key, ()))

    return Scope("每个单元格", subjects, "台账没有这些栏目")


def _differs(it: LedgerCell) -> str:
    assert it.compared is not None
    found, expected = it.compared
    lines = f"（{spoken(it.lines)}）" if it.lines else ""
    return (
        f"“{it.label}”与台账不一致：按台账应为 {expected} 件{lines}，表中是 {it.printed} 件，"
        f"{'多' if found > expected else '少'} {abs(found - expected)} 件；请核对台账和表，改正其中一个。"
    )


def _agrees(it: LedgerCell) -> bool:
    if it.is_told_by_its_parts:
        return True
    it.compared = it.number, it.counted
    return it.number == it.counted


_GRANTED = Application(2, "2024-001", date(2024, 3, 5), "natural_person", "granted", date(2024, 3, 20))
_OPEN = Application(3, "2024-002", date(2024, 12, 20), "natural_person")


def _table(**rows: int) -> dict[str, int | str | None]:
    cells = {f"{APPLICATIONS}.{row}.{column}": n for row, n in rows.items() for column in ("natural_person", "total")}
    return dict(cells)


_REVIEWED = replace(_GRANTED, remedies=(Remedy("review", "upheld", date(2024, 4, 8), date(2024, 6, 3)),))


@rule(
    "LEDGER-APPLICATIONS",
    WARNING,
    each=_cells(APPLICATIONS),
    title="表三的每一格等于台账中相应的件数（既有台账又有表三时）",
    source="表三的栏目含义：一件申请计入一格",
    says=_differs,
    fires=Example(_table(received=2, granted=1, handled_total=1), year=2024, ledger=(_GRANTED, _OPEN)),
    silent=Example(_table(received=1, granted=1, handled_total=1), year=2024, ledger=(_GRANTED,)),
)
def table_three_agrees_with_the_ledger(it: LedgerCell) -> bool:
    return _agrees(it)


@rule(
    "LEDGER-REMEDIES",
    WARNING,
    each=_cells(REMEDIES),
    title="表四的每一格等于台账中相应的件数（既有台账又有表四时）",
    source="表四的栏目含义；由主动公开引起的案件不在台账中，应当说明",
    says=_differs,
    fires=Example({f"{REMEDIES}.review.corrected": 0}, year=2024, ledger=(_REVIEWED,)),
    silent=Example(
        {f"{REMEDIES}.review.upheld": 1, f"{REMEDIES}.review.total": 1},
        year=2024,
        ledger=(_REVIEWED,),
    ),
)
def table_four_agrees_with_the_ledger(it: LedgerCell) -> bool:
    return _agrees(it)


@dataclass
class LedgerSubject(ReportSubject):
    """A ledger as a whole, and the lines that a condition has picked out."""

    picked: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """What is said of the lines, and which they are."""

    def none_of(self, told: dict[str, Callable[[Application], bool]]) -> bool:
        """Returns whether nothing of this can be said of any line, and remembers the lines of which it can."""
        applications = self.report.known_ledger.applications
        found = {what: tuple(a.line for a in applications if is_so(a)) for what, is_so in told.items()}
        self.picked = tuple((what, lines) for what, lines in found.items() if lines)
        return not self.picked

    @property
    def said(self) -> str:
        return "；".join(f"{what}的有{spoken(lines)}" for what, lines in self.picked)

    @property
    def place(self) -> str | None:
        return self.report.known_ledger.shown

    @property
    def overdue(self) -> list[TimeLimit]:
        return [limit for limit in self.report.time_limits if limit.is_overdue]

    @property
    def undecided(self) -> list[TimeLimit]:
        return [limit for limit in self.report.time_limits if limit.is_overdue is None]


def _ledger() -> Scope:
    def subjects(context: Context) -> Iterator[LedgerSubject]:
        if context.known_ledger is not None:
            yield LedgerSubject(context)

    return Scope("台账", subjects)


_HEADING = {heading.key: f"“{heading.label}”" for heading in HEADINGS}


def _days(application: Application) -> Iterator[date]:
    a = application
    own = (a.received_on, a.closed_on, a.completed_on, a.extended_on, a.consulted_from, a.consulted_to)
    yield from (day for day in own if day is not None)
    yield from (day for r in a.remedies for day in (r.filed_on, r.decided_on) if day is not None)


def _is_beside(application: Application, *days: date | None) -> bool:
    """Whether some day lies before the receipt or after the closing, or days that follow each other do not."""
    known = [day for day in (application.received_on, *days, application.closed_on) if day is not None]
    return known != sorted(known)


@rule(
    "LEDGER-ORDER",
    WARNING,
    each=_ledger(),
    title="台账的日期前后相符：补正、延期、征求意见在收到与办结之间，复议、诉讼不早于收到申请",
    source="推断：前后不符的日期多是笔误，会影响期限的计算",
    says=lambda it: f"台账中有的日期前后不符：{it.said}；请核对日期。",
    fires=Example(year=2024, ledger=(replace(_GRANTED, completed_on=date(2024, 5, 9)),)),
    silent=Example(year=2024, ledger=(replace(_REVIEWED, completed_on=date(2024, 3, 9)),)),
)
def days_follow_each_other(it: LedgerSubject) -> bool:
    latest = date(it.report.known_ledger.year + 1, 12, 31)
    return it.none_of(
        {
            f"{_HEADING['completed_on']}不在收到与办结之间": lambda a: _is_beside(a, a.completed_on),
            f"{_HEADING['extended_on']}不在收到与办结之间": lambda a: _is_beside(a, a.extended_on),
            "征求意见不在收到与办结之间": lambda a: _is_beside(a, a.consulted_from, a.consulted_to),
            "复议、诉讼早于收到申请": lambda a: any(
                day < a.received_on for r in a.remedies for day in (r.filed_on, r.decided_on) if day is not None
            ),
            f"日期在 {latest.year} 年以后": lambda a: any(day > latest for day in _days(a)),
        }
    )


@rule(
    "LEDGER-OUTSIDE",
    NOTE,
    each=_ledger(),
    title="台账中没有报告年度以后收到的申请",
    source="推断：这样的行不计入本年的表，可能是年份写错",
    says=lambda it: f"台账中{it.said}，没有计入 {it.report.year} 年的表；请核对年份。",
    fires=Example(year=2024, ledger=(replace(_OPEN, received_on=date(2025, 1, 6)),)),
    silent=Example(year=2024, ledger=(_OPEN,)),
)
def nothing_was_received_after_the_year(it: LedgerSubject) -> bool:
    end = date(it.report.year, 12, 31)
    return it.none_of({f"{_HEADING['received_on']}在 {end.year} 年以后": lambda a: a.received_on > end})


_TOLD = 5
"""Overdue applications that a message describes; the list has them all."""


def _overdue(it: LedgerSubject) -> str:
    described = [_limit_in_words(limit) for limit in it.overdue[:_TOLD]]
    more = f"；等，共 {len(it.overdue)} 件" if len(it.overdue) > _TOLD else ""
    unknown = sorted({limit.unknown for limit in it.undecided if limit.unknown is not None})
    years = "、".join(map(str, unknown))
    undecided = f"另有 {len(it.undecided)} 件因工作日历中没有 {years} 年的放假安排，无法判断。" if it.undecided else ""
    return f"台账中有 {len(it.overdue)} 件超过法定答复期限：{'；'.join(described)}{more}。请核实并说明原因。{undecided}"


def _limit_in_words(limit: TimeLimit) -> str:
    used = (
        f"用了 {limit.used} 个工作日，限 {limit.allowed} 个"
        if limit.used is not None
        else f"限 {limit.allowed} 个工作日"
    )
    end = f"到 {limit.until} 尚未办结" if limit.is_open else f"{limit.until} 办结"
    return f"{spoken([limit.application.line])}应在 {limit.due_on} 前答复，{end}（{used}）"


@rule(
    "LEDGER-OVERDUE",
    NOTE,
    each=_ledger(),
    title="申请在法定期限内答复：20 个工作日，延期的 40 个；补正前和征求意见的时间不计",
    source="《条例》第三十条、第三十三条；工作日按国务院办公厅每年的放假安排",
    says=_overdue,
    fires=Example(year=2024, ledger=(replace(_GRANTED, closed_on=date(2024, 4, 15)),)),
    silent=(
        Example(year=2024, ledger=(_GRANTED, _OPEN)),
        Example(year=2024, ledger=(replace(_GRANTED, closed_on=date(2024, 4, 15), is_extended=True),)),
    ),
)
def answers_are_in_time(it: LedgerSubject) -> bool:
    if it.overdue:
        return False
    if it.undecided:
        raise NotApplicable(
            f"工作日历中没有 {it.undecided[0].unknown} 年的放假安排，{len(it.undecided)} 件无法判断是否超期"
        )
    return True
