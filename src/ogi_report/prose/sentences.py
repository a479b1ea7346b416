"""A chapter's text as paragraphs and sentences, each knowing its place and its quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ogi_report.prose.quantities import Quantity, find_quantities, half_width

_END = re.compile(r"[。！？!?]+[”’）)]*|\n")
LONGEST = 2_000
"""Characters of a sentence; what goes on longer without a full stop is no sentence, and nothing is read out of it."""
_CLAUSE = re.compile(r"[，,；;：:、（）()。\n]")


@dataclass(frozen=True)
class Sentence:
    """`start` counts in the chapter's text; `text` has half-width digits and the same length as the original."""

    text: str
    original: str
    start: int
    chapter: int
    paragraph: Paragraph = field(repr=False)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(find_quantities(self.text))

    def marked(self, *places: tuple[int, int]) -> str:
        """The sentence as written, with the stretches given in 【】."""
        text = self.original
        for start, end in sorted(places, reverse=True):
            text = f"{text[:start]}【{text[start:end].strip()}】{text[end:]}"
        return " ".join(text.split())

    def clause(self, position: int) -> tuple[int, int]:
        """Start and end of the clause around a position."""
        starts = [match.end() for match in _CLAUSE.finditer(self.text, 0, position)]
        after = _CLAUSE.search(self.text, position)
        return (starts[-1] if starts else 0), (after.start() if after else len(self.text))


@dataclass(frozen=True)
class Paragraph:
    """One line of a chapter's plain text: a paragraph, a list item, a sub-heading, a row of a typed table."""

    text: str
    start: int
    chapter: int
    number: int

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[Sentence]:
        begin = 0
        for match in (*_END.finditer(self.text), None):
            end = match.end() if match else len(self.text)
            piece = self.text[begin:end]
            if piece.strip() and len(piece) <= LONGEST:
                yield Sentence(half_width(piece), piece, self.start + begin, self.chapter, self)
            begin = end


def paragraphs(text: str, chapter: int) -> list[Paragraph]:
    """Cuts a chapter's text at its line breaks."""
    found, begin = [], 0
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            found.append(Paragraph(line, begin, chapter, number))
        begin += len(line) + 1
    return found
