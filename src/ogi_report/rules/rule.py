"""What a rule is, what it says, and how a verdict is reached. Nothing here is about any particular rule.

A rule is a declaration. Its arithmetic is either an equation of the form (`rules.equations`) or a function that
returns True when all is well. Reading a blank in such a function raises `BlankCell`, so that no author can take a
blank for a zero; `verdict` turns it into an outcome in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ogi_report.errors import RuleError
from ogi_report.figures import Number
from ogi_report.forms import SEVERITIES
from ogi_report.in_words import InWords

if TYPE_CHECKING:
    from ogi_report.ledger import Application
    from ogi_report.rules.context import Context
    from ogi_report.rules.subjects import Scope, Subject


class Outcome(StrEnum):
    PASS = "pass"
    ASSUMED = "pass_assumed"
    FAIL = "fail"
    NOT_APPLICABLE = "n/a"

    @property
    def chinese(self) -> str:
        return {"pass": "成立", "pass_assumed": "空白按 0 成立", "fail": "不成立", "n/a": "不适用"}[self.value]


class Severity(StrEnum):
    """How grave a finding is, the gravest first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def chinese(self) -> str:
        return SEVERITIES[self.value]

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
"""As the declarations of rules name them."""


class BlankCell(Exception):
    """A condition touched a cell that holds no number because nothing was written in it."""


class NotApplicable(Exception):
    """A condition cannot be decided; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Example:
    """A report in a few words, for tests and for the handbook: the cells named, all other cells holding `fill`.

    `around` gives further fields of `Context`, `source` what a reader noted; `children` are the reports that this one
    adds up, `peers` the other reports of the year, `ledger` the applications of a ledger beside the tables.
    """

    cells: Mapping[str, int | str | None] = field(default_factory=dict)
    form: str = "2021"
    year: int | None = None
    fill: int | None = 0
    last: Mapping[str, int | str | None] | None = None
    level: str | None = "department"
    name: str = "示例局"
    scope: str = "own"
    chapters: Mapping[int, str] | None = None
    last_chapters: Mapping[int, str] | None = None
    lead_in: str | None = None
    around: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    agency: str = "example"
    children: tuple[Example, ...] | None = None
    peers: tuple[Example, ...] | None = None
    ledger: tuple[Application, ...] | None = None


@dataclass(frozen=True)
class Rule:
    """One entry of the catalogue.

    `title` explains in Chinese what holds; `source` is the notice, article or practice that it comes from; `says` is
    the message of a finding, a format string over the subject `it`, or a function of the subject.
    """

    id: str
    severity: Severity
    title: str
    source: str
    scope: Scope | None = None
    holds: Callable[[Any], bool] | None = None
    says: str | Callable[[Any], str] = ""
    fires: tuple[Example, ...] = ()
    silent: tuple[Example, ...] = ()
    where: str = ""

    def message(self, subject: Subject) -> str:
        """Returns what a finding says.

        Raises:
            RuleError: the rule's function gave something else than a text.
        """
        text = self.says(subject) if callable(self.says) else self.says.format(it=subject)
        if not isinstance(text, str):
            raise RuleError(f"规则 {self.id} 的 says 应当给出文字")
        return text


@dataclass(frozen=True)
class Finding(InWords):
    """A rule that does not hold, with everything that a reviewer needs in order to quote it."""

    rule: str
    severity: Severity
    agency: str
    year: int
    cells: tuple[str, ...]
    message: str
    found: Number | None = None
    expected: Number | None = None
    difference: Number | None = None
    quote: str | None = None
    suggestion: tuple[tuple[str, Number | None], ...] = ()
    waived: Mapping[str, Any] | None = None
    place: str | None = None
    lapsed: str = ""
    """The end of `message` that tells of waivers which no longer hold."""

    @property
    def sort_key(self) -> tuple[bool, int]:
        return self.waived is not None, self.severity.rank

    def as_json(self) -> dict[str, Any]:
        """The contract's object; numbers stay exact."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "outcome": str(Outcome.FAIL),
            "agency": self.agency,
            "year": self.year,
            "cells": list(self.cells),
            "message": self.message,
            "expected": self.expected,
            "found": self.found,
            "difference": self.difference,
            "quote": self.quote,
            "suggestion": [{"cell": cell, "value": value} for cell, value in self.suggestion],
            "waived": dict(self.waived) if self.waived is not None else None,
        }

    def _in_words(self) -> str:
        waived = "（已豁免）" if self.waived is not None else ""
        return f"[{self.severity.chinese}]{waived} {self.rule}  {self.message}"


def order_of(told: Mapping[str, Any]) -> tuple[bool, int]:
    """`Finding.sort_key` of a finding that is there as JSON: the gravest first, waived ones last."""
    return told["waived"] is not None, Severity(told["severity"]).rank


_OUTCOMES = tuple(map(str, Outcome))


@dataclass
class Tally(InWords):
    """How often a rule reached each outcome in one report, and why it did not apply where it did not."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    why: str | None = None

    def add(self, outcome: Outcome, why: str | None = None) -> None:
        self.counts[outcome] += 1
        if outcome is Outcome.NOT_APPLICABLE and self.why is None:
            self.why = why

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Tally:
        """Reads what `as_json` gives."""
        return cls({outcome: told[str(outcome)] for outcome in Outcome}, told["why"])

    @property
    def decided(self) -> int:
        """How often the rule reached a verdict."""
        return sum(self.counts.values()) - self.counts[Outcome.NOT_APPLICABLE]

    def joined(self, other: Tally) -> Tally:
        """Both counts together; a reason for not applying holds only where neither has decided anything."""
        counts = {outcome: self.counts[outcome] + other.counts[outcome] for outcome in Outcome}
        for one, another in ((self, other), (other, self)):
            if another.decided and not one.decided:
                counts[Outcome.NOT_APPLICABLE] = another.counts[Outcome.NOT_APPLICABLE]
        return Tally(counts, (other.why or self.why) if counts[Outcome.NOT_APPLICABLE] else None)

    def as_json(self) -> dict[str, Any]:
        return {**dict(zip(_OUTCOMES, self.counts.values(), strict=True)), "why": self.why}

    def _in_words(self) -> str:
        told = "，".join(f"{outcome.chinese} {number}" for outcome, number in self.counts.items() if number)
        return f"{told or '没有核对'}{f'（{self.why}）' if self.why else ''}"


def rule(
    id: str,
    severity: Severity,
    *,
    title: str,
    source: str,
    each: Scope,
    says: str | Callable[[Any], str],
    fires: Example | Iterable[Example] = (),
    silent: Example | Iterable[Example] = (),
) -> Callable[[Callable[[Any], bool]], Rule]:
    """Declares a rule; the decorated function states what holds for one subject of `each`.

    @rule("T2A-DECISIONS-EQ-ITEMS", WARNING, each=rows("disclosure", having=(...)), title=..., source=..., says=...)
    def decisions_are_cases_not_items(row): return row["decisions"] != row["items_prev"] + row["items_delta"]
    """

    def declare(holds: Callable[[Any], bool]) -> Rule:
        if not source or not title:
            raise RuleError(f"规则 {id} 没有写明说明或来源")
        if severity not in tuple(Severity):
            raise RuleError(f"规则 {id} 的轻重写作“{severity}”，应为 error、warning 或 note")
        graded = Severity(severity)
        return Rule(id, graded, title, source, each, holds, says, _examples(fires), _examples(silent), each.name)

    return declare


def _examples(value: Example | Iterable[Example]) -> tuple[Example, ...]:
    return (value,) if isinstance(value, Example) else tuple(value)


def verdict(rule: Rule, subject: Subject) -> tuple[Outcome, str | None]:
    """Returns a rule's outcome for one subject, and the reason where it is `n/a`."""
    assert rule.holds is not None
    try:
        return (Outcome.PASS if rule.holds(subject) else Outcome.FAIL), None
    except NotApplicable as reason:
        return Outcome.NOT_APPLICABLE, str(reason)
    except BlankCell as blank:
        why = f"{blank} 未填"
    try:
        return (
            (Outcome.ASSUMED, None) if rule.holds(subject.reading_blanks_as_zero()) else (Outcome.NOT_APPLICABLE, why)
        )
    except NotApplicable as reason:
        return Outcome.NOT_APPLICABLE, str(reason)


def confront(rule: Rule, context: Context, tally: Tally) -> Iterator[Finding]:
    """Holds a rule against each of its subjects in one report; counts the outcomes and yields the fails."""
    assert rule.scope is not None
    subjects = rule.scope.hold_anyway(context)
    tally.counts[Outcome.PASS] += subjects
    try:
        for subject in rule.scope.subjects(context):
            subjects += 1
            outcome, why = verdict(rule, subject)
            tally.add(outcome, why)
            if outcome is Outcome.FAIL:
                found, expected = subject.compared or (None, None)
                yield Finding(
                    rule.id,
                    rule.severity,
                    context.agency,
                    context.year,
                    subject.cells,
                    rule.message(subject),
                    found=found,
                    expected=expected,
                    difference=None if found is None or expected is None else found - expected,
                    quote=subject.quote,
                    place=subject.place,
                )
    except NotApplicable as reason:
        tally.add(Outcome.NOT_APPLICABLE, str(reason))
        return
    if not subjects:
        tally.add(Outcome.NOT_APPLICABLE, rule.scope.nothing(context))
