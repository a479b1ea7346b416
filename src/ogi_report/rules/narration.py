"""A report's text as the rules on sentences see it: sentences, claims, and the subjects that rules are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ogi_report.figures import Figures, Number, format_number
from ogi_report.prose import Paragraph, Quantity, Sentence, paragraphs
from ogi_report.rules.claims import claims_of
from ogi_report.rules.context import ChapterText, Context
from ogi_report.rules.phrases import Claim, Reading, Surroundings, family_of
from ogi_report.rules.rule import BlankCell, NotApplicable
from ogi_report.rules.subjects import Scope, Subject


class Narration:
    """The text of one report, read once: its paragraphs by chapter and the claims that it makes."""

    def __init__(self, context: Context):
        """Reads lead-in and chapters."""
        self.context = context
        texts = (context.lead_in, *(context.chapters or ()))
        self.chapters: dict[int, ChapterText] = {text.number: text for text in texts if text is not None}
        self.paragraphs: dict[int, list[Paragraph]] = {
            number: paragraphs(text.text, number) for number, text in self.chapters.items()
        }

    @cached_property
    def claims(self) -> list[Claim]:
        """What the chapters claim of the tables; numbers that their author bound are not guessed at."""
        context = self.context
        own = tuple(name for name in (context.name, *context.short_names) if name)
        covers_area = context.scope == "government_wide" or context.level in (None, "province", "city", "county")
        about = Surroundings(context.year, context.other_names, own, covers_area)
        found: list[Claim] = []
        for number, parts in self.paragraphs.items():
            if number:
                found += [claim for claim in claims_of(parts, about) if not self._is_bound(claim)]
                found += self._declared(number)
        return found

    def _declared(self, number: int) -> Iterator[Claim]:
        """The numbers of a chapter whose author said what in the tables they repeat."""
        told = [bound for bound in self.chapters[number].bound if bound.value is not None]
        for sentence in (s for parts in self.paragraphs[number] for s in parts.sentences):
            for quantity in sentence.quantities if told else ():
                for bound in told:
                    if bound.start < sentence.start + quantity.end and sentence.start + quantity.start < bound.end:
                        span, rule = (quantity.start, quantity.end), family_of(bound.meaning)
                        yield Claim(rule, bound.meaning, sentence, quantity, (), span, bound.value)

    def _is_bound(self, claim: Claim) -> bool:
        bound = self.chapters[claim.sentence.chapter].bound
        start, end = claim.sentence.start + claim.span[0], claim.sentence.start + claim.span[1]
        return claim.quantity is not None and any(b.start < end and start < b.end for b in bound)

    @property
    def all_paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs of all chapters, the lead-in's first."""
        for parts in self.paragraphs.values():
            yield from parts

    @property
    def sentences(self) -> Iterator[Sentence]:
        for paragraph in self.all_paragraphs:
            yield from paragraph.sentences

    def place(self, sentence: Sentence) -> str | None:
        return self.chapters[sentence.chapter].place


def same_unit(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers count the same thing; applications, reviews and lawsuits have several units."""
    return one.unit == other.unit or (one.is_cases and other.is_cases)


def narration(context: Context) -> Narration:
    """Returns a report's text as read; read once per report.

    Raises:
        NotApplicable: there is no text.
    """
    if context.chapters is None:
        raise NotApplicable("没有正文")
    return context.narration


def row_value(subject: Subject, key: str, figures: Figures | None = None) -> Number:
    """A cell, a derived quantity, or (`applications.denied`) a row's or group's total; Σ of parts if that is blank.

    Raises:
        BlankCell: nothing is written there. NotApplicable: the layout has no such cell.
    """
    figures = figures or subject.report.figures
    read = subject.value if figures is subject.report.figures else lambda k: subject.last_value(k)
    if figures.knows(key):
        return read(key)
    for total in (f"{key}.sum.total", f"{key}.total"):
        if figures.knows(total):
            try:
                return read(total)
            except BlankCell:
                parts = _parts_of_blank_total(figures, key)
                if parts is None:
                    raise
                subject.point_at(parts)
                return sum((figures[part].value or 0 for part in parts), start=0)
    raise NotApplicable(f"{figures.form.name}没有这一栏")


def _parts_of_blank_total(figures: Figures, key: str) -> list[str] | None:
    """The applicant columns of a row (or of a group's rows) whose totals were all left blank."""
    table = key.partition(".")[0]
    row = key.removeprefix(f"{table}.")
    cells = [
        cell.key
        for record in figures.form.table(table).records.values()
        if record.key == row or record.key.startswith(f"{row}.")
        for cell in record.fields.values()
        if not cell.is_total
    ]
    totals = [k for k in figures if k.startswith(f"{key}.") and k.endswith(".total")]
    if any(not figures[k].is_empty for k in totals) or not any(figures[k].is_number for k in cells):
        return None
    return cells


@dataclass
class ClaimSubject(Subject):
    """A claim and the numbers that it may mean."""

    claim: Claim

    def __post_init__(self) -> None:
        self.quote = self.claim.sentence.marked(self.claim.span)

    @property
    def place(self) -> str | None:
        return self.report.narration.place(self.claim.sentence)

    @property
    def stated(self) -> Number:
        return self.claim.quantity.value if self.claim.quantity else 0

    @property
    def printed(self) -> str:
        quantity = self.claim.quantity
        return "".join(self.claim.sentence.original[quantity.start : quantity.end].split()) if quantity else "没有"

    def amount(self, reading: Reading) -> Number:
        return sum((row_value(self, key) for key in reading), start=0)

    def fits(self, reading: Reading) -> bool:
        number = self.amount(reading)
        if self.claim.quantity is None:
            return number == 0
        return self.claim.quantity.fits(number) or self._is_part_of(number)

    def _is_part_of(self, number: Number) -> bool:
        """Whether the sentence names the table's number too, of which this is less, or lists what adds up to it."""
        beside = self.claim.beside
        if not beside or self.claim.quantity is None or self.stated >= number:
            return False
        total = self.stated + sum(quantity.value for quantity in beside)
        return total == number or any(quantity.value == number for quantity in beside)

    def fits_any(self) -> bool:
        """Whether some reading fits; readings of cells that this layout lacks do not count.

        Raises:
            BlankCell: none fits so far, and one of them is blank. NotApplicable: the layout has none of the readings.
        """
        if self.claim.declared is not None:
            return self.claim.quantity is not None and self.claim.quantity.fits(self.claim.declared)
        blank: BlankCell | None = None
        possible = 0
        for reading in self.claim.readings:
            try:
                if self.fits(reading):
                    return True
                possible += 1
            except BlankCell as cell:
                blank = cell
            except NotApplicable:
                continue
        if blank is not None:
            raise blank
        if not possible:
            raise NotApplicable("本表样没有对应的栏目")
        return False

    @property
    def in_tables(self) -> str:
        """“本年新收 33 件；本年新收＋上年结转 35 件”: what the tables say under each reading."""
        if self.claim.declared is not None:
            return f"按写明的含义应为 {format_number(self.claim.declared)}"
        told = []
        for reading in self.claim.readings:
            try:
                number = self.amount(reading)
            except (BlankCell, NotApplicable):
                continue
            names = "＋".join(_name(self.report.figures, key) for key in reading)
            told.append(f"{names} {number}")
        return "；".join(dict.fromkeys(told))


def _name(figures: Figures, key: str) -> str:
    form = figures.form
    for candidate in (key, f"{key}.total"):
        if candidate in form.cells:
            spec = form.cells[candidate]
            return spec.name if spec.table != "applications" or not spec.row else spec.row.name
    table, _, row = key.partition(".")
    groups = form.table(table).groups if any(t.key == table for t in form.tables) else {}
    return groups[row].name if row in groups else {"remedies.litigation.total": "行政诉讼合计"}.get(key, "合计")


@dataclass
class SentenceSubject(Subject):
    """A sentence with some stretches of it marked; `data` is what the rule's finder found there."""

    sentence: Sentence
    data: Any = None

    def mark(self, *spans: tuple[int, int]) -> None:
        self.quote = self.sentence.marked(*spans)

    @property
    def place(self) -> str | None:
        return self.report.narration.place(self.sentence)


def claims(rule: str) -> Scope:
    """Each claim that a rule's family of phrases makes."""

    def subjects(context: Context) -> Iterator[ClaimSubject]:
        for claim in narration(context).claims:
            if claim.rule == rule:
                yield ClaimSubject(context, claim)

    return Scope("正文中的每一处说法", subjects, "正文中没有读到这样的说法")


def found_by(finder: Callable[[Narration], Iterator[SentenceSubject]], name: str = "正文中的每一处") -> Scope:
    """Whatever a finder picks out of a report's text."""
    return Scope(name, lambda context: finder(narration(context)), "正文中没有读到这样的说法")
