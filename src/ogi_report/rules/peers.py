"""The reports of one year side by side, as rules see them: their sums, what is missing, who is like whom, what is usual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from statistics import median

from ogi_report.figures import Number
from ogi_report.in_words import InWords
from ogi_report.rules.additions import Addition, add_up
from ogi_report.rules.context import Context
from ogi_report.rules.similarity import CROWD, EQUAL, masked, near_copies

SHORTEST, SHORTEST_OF_FORMULAS = 80, 300
"""Characters of a masked chapter, at least, for its likeness to another agency's to mean anything: of chapters 一 and 五,
which each agency has to think of itself, and of the others, which say the same in the same words everywhere."""

FEWEST_CELLS = 5
"""Non-zero cells, at least, for equal tables to be more than chance."""


@dataclass(frozen=True)
class Copy:
    """Another agency's report that is like this one: in which chapters, and how much (the highest share)."""

    name: str
    chapters: tuple[str, ...]
    alike: float


@dataclass(frozen=True)
class Copies:
    """The reports most like one, and how many there are in all."""

    first: tuple[Copy, ...] = ()
    total: int = 0


def _note(shared: dict[str, Copy], other: Context, title: str, alike: float) -> None:
    """Remembers that another report shares a chapter."""
    known = shared.get(other.agency)
    if known is None:
        shared[other.agency] = Copy(other.called, (title,), alike)
    elif title not in known.chapters or alike > known.alike:
        titles = known.chapters if title in known.chapters else (*known.chapters, title)
        shared[other.agency] = Copy(known.name, titles, max(known.alike, alike))


@dataclass(frozen=True)
class Spread:
    """Shares of many agencies: in order, their median, and the median of their distances from it."""

    ordered: tuple[Fraction, ...]
    middle: Fraction
    deviation: Fraction

    @classmethod
    def of(cls, shares: Sequence[Fraction]) -> Spread:
        middle = median(shares)
        return cls(tuple(sorted(shares)), middle, median(abs(share - middle) for share in shares))

    def without(self, own: Fraction) -> tuple[Fraction, Fraction]:
        """The lowest and the highest share among the others."""
        low, high = self.ordered[0], self.ordered[-1]
        return self.ordered[1] if own == low else low, self.ordered[-2] if own == high else high


@dataclass(frozen=True)
class Peers(InWords):
    """Reports of one year, each with its own figures and text, and what is missing among them.

    `expected` maps the agency ids that the roster lists to their names; those without a report are the gaps.
    """

    reports: tuple[Context, ...]
    expected: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        present = {context.agency for context in self.reports}
        return [name for agency, name in self.expected.items() if agency not in present]

    def added(self, key: str) -> Addition:
        """What a cell adds up to, and who is missing in the sum."""
        return add_up(key, self.reports, self.missing)

    @cached_property
    def sums(self) -> dict[str, Number]:
        """Cell → sum over all reports; only cells that every one of them has filled, and nothing while some are missing."""
        if self.missing or not self.reports:
            return {}
        added = {key: self.added(key) for key in self.reports[0].figures}
        return {key: sum_.total for key, sum_ in added.items() if sum_.complete and sum_.total is not None}

    @cached_property
    def copies(self) -> dict[str, Copies]:
        """Agency → the reports that share a chapter with it."""
        authors: dict[str, list[tuple[Context, str]]] = defaultdict(list)
        # Of a crowd only the first are named: who they are must not depend on the order in which reports were read.
        for context in sorted(self.reports, key=lambda context: context.agency):
            names = (context.name or "", *context.short_names)
            for chapter in context.chapters or ():
                text = masked(chapter.text, names) if chapter.written else ""
                if len(text) >= (SHORTEST if chapter.number in (1, 5) else SHORTEST_OF_FORMULAS):
                    authors[text].append((context, chapter.title))
        texts = list(authors)
        found: dict[str, dict[str, Copy]] = defaultdict(dict)
        pairs = [(n, n, EQUAL) for n, text in enumerate(texts) if len(authors[text]) > 1] + near_copies(texts)
        for i, j, alike in pairs:
            for one, title in authors[texts[i]][: CROWD + 1]:
                for other, _ in authors[texts[j]][: CROWD + 1]:
                    if one.agency != other.agency:
                        _note(found[one.agency], other, title, alike)
                        _note(found[other.agency], one, title, alike)
        for text in texts:
            # Of a text that a crowd has copied, the first few are enough to name; each of the crowd is told.
            for one, title in authors[text][CROWD + 1 :]:
                for other, _ in authors[text][:CROWD]:
                    _note(found[one.agency], other, title, EQUAL)
        return {
            agency: Copies(tuple(sorted(shared.values(), key=lambda c: (-c.alike, c.name))[:3]), len(shared))
            for agency, shared in sorted(found.items())
        }

    @cached_property
    def equal_tables(self) -> dict[str, list[str]]:
        """Agency → names of agencies whose non-zero cells are exactly the same."""
        groups: dict[tuple[tuple[str, Number], ...], list[Context]] = defaultdict(list)
        for context in self.reports:
            filled = tuple((key, cell.value) for key, cell in context.figures.items() if cell.value)
            if len(filled) >= FEWEST_CELLS:
                groups[filled].append(context)
        return {
            one.agency: sorted(other.called for other in group if other is not one)
            for group in groups.values()
            if len(group) > 1
            for one in group
        }

    @cached_property
    def medians(self) -> dict[tuple[str | None, str], tuple[Number, int]]:
        """(level, cell) → median of the positive values, and their number."""
        values: dict[tuple[str | None, str], list[Decimal]] = defaultdict(list)
        for context in self.reports:
            for key, cell in context.figures.items():
                if cell.value and cell.value > 0:
                    values[context.level, key].append(Decimal(cell.value))
        return {place: (median(found), len(found)) for place, found in values.items()}

    @cached_property
    def shares(self) -> dict[tuple[str | None, str], Spread]:
        """(level, outcome) → the agencies' shares of their handled applications."""
        found: dict[tuple[str | None, str], list[Fraction]] = defaultdict(list)
        for context in self.reports:
            for outcome in OUTCOMES:
                share = share_of(context, outcome)
                if share is not None:
                    found[context.level, outcome].append(share)
        return {place: Spread.of(shares) for place, shares in found.items()}

    def _in_words(self) -> str:
        return f"{len(self.reports)} 份同年的报告，缺 {len(self.missing)} 份"


OUTCOMES = {"granted": "予以公开", "denied": "不予公开", "other": "其他处理"}
ENOUGH_APPLICATIONS = 20
"""Applications, at least, for shares and rates to mean anything."""


def share_of(context: Context, outcome: str) -> Fraction | None:
    """Returns an outcome's share of the handled applications; None if too few were handled, or a cell is blank."""
    handled = context.figures.value("applications.handled_total.total")
    figures = context.figures
    keys = (f"applications.{outcome}.sum.total", f"applications.{outcome}.total")
    key = next((key for key in keys if figures.knows(key)), "")
    part = figures.value(key) if key else None
    if handled is None or part is None or handled < ENOUGH_APPLICATIONS:
        return None
    return Fraction(Decimal(part)) / Fraction(Decimal(handled))
