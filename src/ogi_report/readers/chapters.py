"""The words of a published report: lead-in and chapters.

A line is a chapter's heading if it is worded like the official title or an alias; lists that also number 一、二、 are
not. The text of tables belongs to no chapter, nor does what a web page wraps around the report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz import fuzz

from ogi_report.forms import Form, Section, without_numbering
from ogi_report.readers.document import Document, FoundTable
from ogi_report.readers.page_facts import TextLine, agency_of, is_chrome, is_furniture, published_on, title_of, year_of
from ogi_report.readers.published import PublishedChapter
from ogi_report.readers.vocabulary import exact

_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(
    rf"^[\s#*>＃　]*(?:第?([{_NUMERALS}])\s*(?:[、，,．.：:]|部分[、：:\s]?|\s)|([1-6])\s*[、．.]\s*)\s*(.+)$"
)
_LONGEST_HEADING = 45
_ALIKE = 75
_LEADERS = re.compile(r"(?:[.…·．\s]{3,}|\t)\s*[0-9０-９]*\s*$")


@dataclass(frozen=True, slots=True)
class _Heading:
    at: int
    number: int
    title: str
    rest: str
    rank: int
    """0 as in the form, 1 numbered and alike, 2 worded as in the form without a number, 3 by its place only."""


@dataclass(frozen=True)
class Words:
    """The text of a report by its parts, and what the page says of itself."""

    title: str | None
    lead_in: str
    chapters: tuple[PublishedChapter, ...]
    year: int | None
    agency_name: str | None
    published_on: date | None
    opening: int = 0
    """How many of the document's pieces stand before the first chapter."""


def read_words(document: Document, form: Form, year: int | None = None) -> Words:
    """Splits a document's text into the parts of a report."""
    lines = list(_lines(document, form))
    headings = _headings(lines, form)
    first = headings[0].at if headings else len(lines)
    title, title_at = title_of(document, lines[:first] if headings else lines[:40])
    before = lines[: title_at or 0] + lines[title_at + 1 : first] if title_at is not None else lines[:first]
    lead_in = [
        line.text for line in lines[title_at + 1 if title_at is not None else 0 : first] if not is_furniture(line.text)
    ]
    if not headings:
        lead_in = []
    chapters = tuple(_chapters(lines, headings))
    agency = agency_of(title, lines, title_at)
    return Words(
        title,
        "\n".join(lead_in),
        chapters,
        year if year is not None else year_of(title, lead_in, chapters),
        agency,
        published_on([*before, *(lines[headings[-1].at :] if headings else [])]),
        lines[headings[0].at].nth if headings else 0,
    )


def _lines(document: Document, form: Form) -> Iterator[TextLine]:
    """The lines of all paragraphs, and headings of chapters that stand as rows of a table."""
    titles = {spelling for section in form.sections for spelling in _spellings(section)}
    for nth, piece in enumerate(document.pieces):
        if isinstance(piece, FoundTable):
            for row in piece.rows():
                filled = [cell.text for cell in row if cell.text]
                if len(filled) == 1 and len(filled[-1]) <= _LONGEST_HEADING and exact(filled[-1]) in titles:
                    yield TextLine(" ".join(filled[-1].split()), piece.place, nth)
            continue
        for text in piece.text.split("\n"):
            text = " ".join(text.split())
            if text:
                yield TextLine(text, piece.place, nth)


# -- headings ---------------------------------------------------------------------------------------------------------


def _headings(lines: Sequence[TextLine], form: Form) -> list[_Heading]:
    candidates = [found for at, line in enumerate(lines) for found in _candidates(at, line.text, form)]
    candidates = _without_contents(candidates)
    best: dict[int, _Heading] = {}
    for heading in candidates:
        known = best.get(heading.number)
        if known is None or heading.rank < known.rank:
            best[heading.number] = heading
    # What is only alike counts where it stands between its neighbours.
    sure = {number: heading for number, heading in best.items() if heading.rank == 0}
    for number, heading in list(best.items()):
        if heading.rank and not _stands_between(heading, number, sure):
            del best[number]
    for number, heading in _by_place(lines, best, form):
        best[number] = heading
    return sorted(best.values(), key=lambda heading: heading.at)


def _candidates(at: int, text: str, form: Form) -> Iterator[_Heading]:
    text = re.sub(r"^[\s#*>＃]+|[*]+$", "", text).strip()
    if not text or len(text) > 2000:
        return
    found = exact(_LEADERS.sub("", text[:80])).rstrip(".:")
    for section in form.sections:
        for spelling in _spellings(section):
            if found == spelling or found.removeprefix("第") == spelling:
                yield _Heading(at, section.number, _LEADERS.sub("", text), "", 0)
                return
    match = _HEADING.match(text)
    if match:
        number = _NUMERALS.index(match[1]) + 1 if match[1] else int(match[2])
        section_of = next((section for section in form.sections if section.number == number), None)
        if section_of is None:
            return
        head, rest = _cut(text, section_of)
        if head:
            yield _Heading(at, number, head, rest, 0 if match[1] else 1)
            return
        words = _LEADERS.sub("", match[3]).rstrip("。.：: ")
        if len(words) <= _LONGEST_HEADING - 5 and "。" not in words:
            likeness = max(
                fuzz.ratio(_words(words), _words(title)) for title in (section_of.title, *section_of.aliases)
            )
            if likeness >= _ALIKE:
                yield _Heading(at, number, _LEADERS.sub("", text), "", 1)
        return
    if len(text) <= _LONGEST_HEADING:
        own = _words(text)
        for section in form.sections:
            if own in {_words(title) for title in (section.title, *section.aliases)}:
                yield _Heading(at, section.number, text, "", 2)
                return


@lru_cache(64)
def _spellings(section: Section) -> frozenset[str]:
    return frozenset(section.spellings())


@lru_cache(4096)
def _words(title: str) -> str:
    """A heading without number and punctuation."""
    return re.sub(r"[\W_]+", "", without_numbering(unicodedata.normalize("NFKC", title).strip()))


def _cut(text: str, section: Section) -> tuple[str, str]:
    """Cuts a heading from the text that goes on behind it on the same line."""
    for title in sorted((section.title, *section.aliases), key=len, reverse=True):
        letters = [re.escape(char) + r"\s*" for char in without_numbering(title) if char not in "、，,"]
        pattern = rf"^\s*第?[{_NUMERALS}1-6](?:部分)?\s*[、，,．.：:\s]\s*" + "[、，,]?".join(letters)
        if match := re.match(pattern, text):
            rest = text[match.end() :]
            # 的 or 及 behind the words: another, longer heading or a sentence.
            if rest and not re.match(r"[\s。．.：:；;—\-（(]|[^的和及与等中]", rest):
                return "", ""
            return match[0].strip(), rest.lstrip("。．.：:；;—- \t")
    return "", ""


def _without_contents(candidates: list[_Heading]) -> list[_Heading]:
    """Drops a table of contents: three or more headings with no text between them, all of which come again."""
    run: list[_Heading] = []
    dropped: set[int] = set()

    def close() -> None:
        later = {heading.number for heading in candidates if run and heading.at > run[-1].at}
        if len(run) >= 3 and {heading.number for heading in run} <= later:
            dropped.update(heading.at for heading in run)

    for heading in candidates:
        if heading.rest:
            continue
        if run and heading.at - run[-1].at <= 1 and heading.number > run[-1].number:
            run.append(heading)
        else:
            close()
            run = [heading]
    close()
    return [heading for heading in candidates if heading.at not in dropped]


def _stands_between(heading: _Heading, number: int, sure: dict[int, _Heading]) -> bool:
    before = max((h.at for n, h in sure.items() if n < number), default=-1)
    after = min((h.at for n, h in sure.items() if n > number), default=1 << 60)
    return before < heading.at < after


def _by_place(lines: Sequence[TextLine], best: dict[int, _Heading], form: Form) -> Iterator[tuple[int, _Heading]]:
    """A short numbered line between the chapters before and after it, where no other numbered line stands."""
    for section in form.sections:
        number = section.number
        if number in best or len(best) < len(form.sections) - 2:
            continue
        start = best[number - 1].at if number - 1 in best else (-1 if number == 1 else None)
        end = best[number + 1].at if number + 1 in best else (len(lines) if number == len(form.sections) else None)
        if start is None or end is None or start > end:
            continue
        numbered = [
            (at, match)
            for at in range(start + 1, end)
            if (match := _HEADING.match(lines[at].text))
            and match[1]
            and len(lines[at].text) <= 30
            and "。" not in lines[at].text
        ]
        if len(numbered) == 1 and _NUMERALS.index(numbered[0][1][1]) + 1 == number:
            at = numbered[0][0]
            yield number, _Heading(at, number, lines[at].text, "", 3)


def _chapters(lines: Sequence[TextLine], headings: Sequence[_Heading]) -> Iterator[PublishedChapter]:
    for position, heading in enumerate(headings):
        last = position == len(headings) - 1
        end = len(lines) if last else headings[position + 1].at
        text = [heading.rest] if heading.rest else []
        for line in lines[heading.at + 1 : end]:
            if last and is_chrome(line.text):
                break
            text.append(line.text)
        title = heading.title.rstrip("。：: ")
        yield PublishedChapter(heading.number, title, "\n".join(text), lines[heading.at].place)
