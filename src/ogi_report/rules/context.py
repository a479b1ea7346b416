"""What rules are held against: one report's figures, its text, and what is known around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from ogi_report.figures import Figures
from ogi_report.in_words import InWords
from ogi_report.ledger import Ledger, TimeLimit, time_limits
from ogi_report.rules.big_changes import USUAL, BigChange
from ogi_report.rules.rule import NotApplicable

if TYPE_CHECKING:
    from ogi_report.rules.narration import Narration
    from ogi_report.rules.peers import Peers

LEAD_IN = 0
"""The number of the text before the first chapter."""


@dataclass(frozen=True, slots=True)
class BoundNumber:
    """A typed number whose meaning its author declared; `start` and `end` count in the chapter's text.

    `[3646 件](ogi:received+carried_in)` has the meaning `received+carried_in` and that sum as `value`;
    `[134 件](ogi:none)` says that the tables have nothing to do with it: its value is None.
    """

    start: int
    end: int
    meaning: str
    value: int | Decimal | None


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter as the rules see it: plain text; `written` says that an author wrote it (else it is the default)."""

    number: int
    title: str
    text: str
    written: bool = True
    place: str | None = None
    bound: tuple[BoundNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class FeeStatement:
    """The information-processing fee of a year (国办函〔2020〕109号): notices in 件, amounts in yuan."""

    notices: int
    amount_notified_yuan: Decimal
    amount_collected_yuan: Decimal


@dataclass(frozen=True, slots=True)
class Publication:
    """How a report presents itself to readers; what is None it does not say."""

    title: str | None = None
    published_on: date | None = None
    index_no: str | None = None
    doc_no: str | None = None
    issuer: str | None = None


@dataclass(frozen=True)
class Context(InWords):
    """One report and its surroundings; what is None is unknown, and rules that need it are `n/a`.

    `chapters` lists the chapters in the order of the source, `lead_in` is the text before them. `level` is the
    roster's, `prescribed_layout` the layout of the national notice for the year. `other_names` are the names of the
    roster's other bodies, those at least that the text has. `gap` says in Chinese why last year is lacking where it should be known. `children` are the reports that a government-wide one adds up, `peers` all reports of the
    year: both are asked for only by rules that need them. `ledger` lists the applications that tables 三 and 四 count; those
    that are open are judged as of `ledger_on`. `big_change` is the office's measure of changes that need a reason.
    """

    figures: Figures
    agency: str
    year: int
    name: str | None = None
    level: str | None = None
    scope: str = "own"
    prescribed_layout: str | None = None
    last: Figures | None = None
    chapters: tuple[ChapterText, ...] | None = None
    lead_in: ChapterText | None = None
    short_names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    website: str | None = None
    publication: Publication | None = None
    fee: FeeStatement | None = None
    find_last_chapters: Callable[[], tuple[ChapterText, ...] | None] | None = None
    find_children: Callable[[], Peers | None] | None = None
    peers: Peers | None = None
    gap: str | None = None
    ledger: Ledger | None = None
    ledger_on: date | None = None
    big_change: BigChange = USUAL

    @property
    def called(self) -> str:
        """The body's full name; its id where the roster does not tell it."""
        return self.name or self.agency

    @property
    def known_ledger(self) -> Ledger:
        if self.ledger is None:
            raise NotApplicable("没有台账")
        return self.ledger

    @cached_property
    def time_limits(self) -> list[TimeLimit]:
        """The year's applications held against their statutory limits, open ones as of the end of the year or `ledger_on`."""
        on = self.ledger_on or date(self.year, 12, 31)
        return time_limits(self.known_ledger.in_hand(self.year), on)

    @property
    def last_year(self) -> Figures:
        if self.last is None:
            raise NotApplicable(f"没有 {self.year - 1} 年的数据")
        return self.last

    @property
    def known_level(self) -> str:
        if self.level is None:
            raise NotApplicable("名录中没有填写层级 level")
        return self.level

    @property
    def all_chapters(self) -> tuple[ChapterText, ...]:
        if self.chapters is None:
            raise NotApplicable("没有正文")
        return self.chapters

    @property
    def presented(self) -> Publication:
        if self.publication is None:
            raise NotApplicable("没有题名和发布信息")
        return self.publication

    @cached_property
    def narration(self) -> Narration:
        """The text, read once for all rules."""
        from ogi_report.rules.narration import Narration

        return Narration(self)

    @cached_property
    def last_chapters(self) -> tuple[ChapterText, ...]:
        found = self.find_last_chapters() if self.find_last_chapters is not None else None
        if found is None:
            raise NotApplicable(f"没有 {self.year - 1} 年的正文")
        return found

    @cached_property
    def children(self) -> Peers:
        found = self.find_children() if self.find_children is not None else None
        if found is None:
            raise NotApplicable("不是汇总报告，或名录中没有下级机构")
        return found

    @property
    def known_peers(self) -> Peers:
        if self.peers is None:
            raise NotApplicable("单独核对一份报告时不与其他机构比较；批量生成或一次核对多份时比较")
        return self.peers

    def among(self, peers: Peers) -> Context:
        """Returns the same report with all reports of the year around it."""
        return replace(self, peers=peers)

    def chapter(self, number: int) -> ChapterText:
        """Returns a chapter that is there.

        Raises:
            NotApplicable: it is missing, which is another rule's finding.
        """
        for chapter in self.all_chapters:
            if chapter.number == number:
                return chapter
        raise NotApplicable(f"缺第 {number} 章")

    def _in_words(self) -> str:
        return f"{self.called} {self.year} 年的报告，供规则核对（{self.figures.form.name}）"
