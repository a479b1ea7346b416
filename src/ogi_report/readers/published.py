"""A published report as it was read: figures, chapters, and what the page says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ogi_report.figures import Doubt, Figures


@dataclass(frozen=True, slots=True)
class PublishedChapter:
    """One of the chapters as published; `place` names it to the user."""

    number: int
    title: str
    text: str
    place: str


@dataclass(frozen=True)
class Published:
    """A published report. What the source does not say clearly is None; nothing is filled in.

    `chapters` stand in the order of the source, `lead_in` is the text before them.
    """

    shown: str
    figures: Figures
    title: str | None = None
    lead_in: str = ""
    chapters: tuple[PublishedChapter, ...] = ()
    year: int | None = None
    agency_name: str | None = None
    published_on: date | None = None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        return self.figures.doubts

    def chapter(self, number: int) -> PublishedChapter | None:
        return next((chapter for chapter in self.chapters if chapter.number == number), None)
