"""One line of a ledger to an `Application`, or to what makes it uncertain where the line counts.

No message quotes what a cell says, unless it looks like a day: a shifted column may hold a name or a telephone number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ogi_report.ledger import PENDING, Application, Remedy
from ogi_report.readers.dates import NotADay, quotable, read_day
from ogi_report.readers.ledger_words import LedgerWords, NotAWord, Words, yes_or_no
from ogi_report.readers.vocabulary import is_stroke

IN_FORCE = date(2008, 5, 1)
"""The day from which there are applications at all (《政府信息公开条例》)."""

_MOBILE, _IDENTITY = (
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    re.compile(r"(?<!\d)\d{6}((?:19|20)\d{2})[01]\d[0-3]\d{4}[\dXx]"),
)
_YOUNGEST = 8
_LONGEST_NUMBER = 60


@dataclass
class LineReader:
    """Reads lines by their columns.

    `columns` maps a field's key to its position, `headings` to the heading as the file has it; `year` is the ledger's own.
    """

    columns: Mapping[str, int]
    headings: Mapping[str, str]
    groups: Sequence[str]
    words: LedgerWords
    year: int
    shown: str
    serials: bool = False
    problems: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def application(self, line: int, values: Sequence[str]) -> Application | None:
        """Returns the application of a line; None with the problems noted if it is uncertain where it counts."""
        reader = _Line(self, line, values)
        number = reader.number()
        received_on = reader.day("received_on", is_required=True)
        applicant = reader.word("applicant", self.words.applicants, is_required=True)
        outcome = reader.word("outcome", self.words.outcomes)
        closed_on = reader.day("closed_on")
        if not reader.problems:
            if outcome is not None and closed_on is None:
                reader.problem("closed_on", f"没有填写，而“{self.headings['outcome']}”已填；不知道哪一年办结，请补填")
            if closed_on is not None and outcome is None:
                reader.problem(
                    "outcome", f"没有填写，而“{self.headings['closed_on']}”已填；请补填，没有办结的把日期删去"
                )
            if received_on is not None and closed_on is not None and closed_on < received_on:
                told = f"是 {closed_on}，早于“{self.headings['received_on']}”的 {received_on}；请核对是哪一个写错了"
                reader.problem("closed_on", told)
        extended_on, is_extended = reader.day("extended_on"), reader.extended()
        application = Application(
            line,
            number,
            received_on or IN_FORCE,
            applicant or "",
            outcome,
            closed_on,
            reader.day("completed_on"),
            is_extended or extended_on is not None,
            extended_on,
            reader.day("consulted_from"),
            reader.day("consulted_to"),
            tuple(remedy for group in self.groups if (remedy := reader.remedy(group)) is not None),
        )
        if application.consulted_to is not None and application.consulted_from is None:
            reader.problem("consulted_to", "已填，却没有开始日期；请补填")
        self.problems += reader.problems
        return None if reader.problems else application


@dataclass
class _Line:
    """One line's cells by field."""

    reader: LineReader
    line: int
    values: Sequence[str]
    problems: list[str] = field(default_factory=list)

    def text(self, key: str) -> str:
        position = self.reader.columns.get(key)
        return self.values[position] if position is not None and position < len(self.values) else ""

    def problem(self, key: str, told: str) -> None:
        heading = self.reader.headings.get(key, key)
        self.problems.append(f"{self.reader.shown} 第 {self.line} 行的“{heading}”{told}。")

    def number(self) -> str:
        text = " ".join(unicodedata.normalize("NFKC", self.text("number")).split())
        if not text:
            self.problem("number", "没有填写；没有编号就看不出有没有重复登记，请补填")
        elif self.is_personal(text):
            self.problem("number", "像是证件号或手机号；请改用办件编号，台账不需要申请人的个人信息")
        elif len(text) > _LONGEST_NUMBER or not re.search(r"\d", text):
            self.problem("number", "不像是编号；请改用办件编号，不要写姓名")
        elif (before := self.reader.numbers.setdefault(text, self.line)) != self.line:
            self.problem("number", f"与第 {before} 行相同；一件申请只写一行，不是同一件的请改正编号")
        return text

    def is_personal(self, text: str) -> bool:
        """Whether a number is that of a telephone or an identity card; one with this year's date in it is a case's."""
        born = [int(found[1]) for found in _IDENTITY.finditer(text)]
        return bool(_MOBILE.search(text)) or any(year <= self.reader.year - _YOUNGEST for year in born)

    def day(self, key: str, is_required: bool = False) -> date | None:
        text = self.text(key)
        if not text or is_stroke(text):
            if is_required:
                self.problem(key, "没有填写；不知道属于哪一年，请补填")
            return None
        try:
            day = read_day(text, self.reader.serials)
        except NotADay as error:
            said = f"是{quotable(text)}，{error}" if quotable(text) else f"的内容{error}"
            self.problem(key, f"{said}；请写成 2024-03-05 的样子")
            return None
        if day < IN_FORCE:
            self.problem(key, f"是 {day}，早于《政府信息公开条例》施行的日子；请核对年份")
            return None
        return day

    def word(self, key: str, words: Words, is_required: bool = False) -> str | None:
        text = self.text(key)
        if not text or is_stroke(text):
            if is_required:
                self.problem(key, f"没有填写；请写明是哪一种：{'、'.join(words.labels.values())}")
            return None
        try:
            return words.key(text)
        except NotAWord as error:
            self.problem(key, error.hint)
            return None

    def extended(self) -> bool:
        try:
            is_extended = yes_or_no(self.text("is_extended"))
        except NotAWord as error:
            self.problem("is_extended", error.hint)
            return False
        written = self.text("is_extended")
        if written and not is_stroke(written) and not is_extended and self.text("extended_on"):
            self.problem("is_extended", f"写的是否，而“{self.reader.headings['extended_on']}”已填；请改正其中一个")
        return is_extended

    def remedy(self, group: str) -> Remedy | None:
        """A review or lawsuit, if the line has any; what its columns say must fit together."""
        filed, result, decided = (f"{group}.{key}" for key in ("filed_on", "result", "decided_on"))
        before = len(self.problems)
        outcome = self.word(result, self.reader.words.results[group])
        filed_on, decided_on = self.day(filed), self.day(decided)
        if len(self.problems) > before:
            return None
        headings, end = self.reader.headings, date(self.reader.year, 12, 31)
        if outcome in (None, PENDING):
            if decided_on is not None:
                self.problem(result, f"没有结果，而“{headings[decided]}”已填；请补填结果，没有审结的把日期删去")
            elif outcome is None and filed_on is None:
                return None
        elif decided_on is None:
            self.problem(result, f"已有结果，却没有“{headings[decided]}”；不知道哪一年审结，请补填")
        elif filed_on is None and decided_on > end:
            self.problem(
                decided, f"是 {decided_on}，在 {end.year} 年之后；请补填收到日期，才知道 {end.year} 年底是否已在审理"
            )
        if filed_on is not None and decided_on is not None and decided_on < filed_on:
            self.problem(decided, f"是 {decided_on}，早于“{headings[filed]}”的 {filed_on}；请核对是哪一个写错了")
        return Remedy(group, None if outcome == PENDING else outcome, filed_on, decided_on)
