"""What a document for people is made of, whatever its format: headings, paragraphs and tables one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ogi_report.forms import Grid


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the document's title, 1 a chapter, 2 to 4 what stands below it.

    A line break in it is where a long one is best broken (after the agency's name).
    """

    text: str
    level: int = 1


class Manner(StrEnum):
    """How a paragraph is set."""

    BODY = "body"
    """Running text, its first line indented by two characters."""
    PLAIN = "plain"
    """A line that stands for itself: of an address, of an index."""
    CAPTION = "caption"
    """The name of the table or picture that follows or went before."""
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of one look; `link` is a web address, `shift` 1 for a raised and -1 for a lowered character."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    shift: int = 0
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of running text; a line break inside it is kept as one. `spans`, if given, say how `text` looks."""

    text: str
    manner: Manner = Manner.BODY
    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span], manner: Manner = Manner.BODY) -> Text:
        """A paragraph of several looks."""
        kept = tuple(spans)
        return cls("".join(span.text for span in kept), manner, kept)

    @property
    def looks(self) -> tuple[Span, ...]:
        """The paragraph as spans, also where it has one look only."""
        return self.spans or (Span(self.text),)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: in the list numbered `group` within the document, at a depth from 0, bulleted or counted from `start`."""

    content: Text
    group: int
    depth: int = 0
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG, and what it shows in words."""

    png: bytes
    alt: str = ""


Page = Heading | Text | Item | Picture | Grid
"""One piece of a document. A `Grid` is an official table with its figures poured in, or an author's own."""
