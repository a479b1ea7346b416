"""What a document for people is made of, whatever its format: headings, paragraphs and tables one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from ogi_report.forms import Grid


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the document's title, 1 a chapter, 2 and 3 what stands below it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of running text; a line break inside it is kept as one."""

    text: str


Page = Heading | Text | Grid
"""One piece of a document. A `Grid` is an official table with its figures poured in."""
