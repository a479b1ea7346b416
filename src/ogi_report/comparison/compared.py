"""Two reports compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ogi_report.comparison.figures import FigureChange, changed_figures
from ogi_report.comparison.findings import changed_findings
from ogi_report.comparison.sentences import Known, Repetition, SentenceChange, changed_sentences, sentences
from ogi_report.comparison.side import Side


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """A chapter: its changed sentences, and how much of B's text stood in A already."""

    number: int
    title: str
    changes: tuple[SentenceChange, ...]
    repetition: Repetition

    def count(self, kind: str) -> int:
        return sum(change.kind == kind for change in self.changes)


@dataclass(frozen=True)
class Compared:
    """What changed from A to B. `cells` is the number of cells that both have."""

    a: Side
    b: Side
    cells: int
    figures: tuple[FigureChange, ...]
    chapters: tuple[ChapterChange, ...]
    gone: tuple[Mapping[str, Any], ...]
    new: tuple[Mapping[str, Any], ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know about the comparison."""
        if self.a.form.id == self.b.form.id:
            return ()
        return (
            f"两份报告的表样不同（{self.a.form.name}、{self.b.form.name}）：只比较两种表样都有的 {self.cells} 格，其余的格含义不同，不比较。",
        )

    @property
    def repetition(self) -> Repetition:
        """Of all chapters together."""
        return sum((chapter.repetition for chapter in self.chapters), Repetition(0, 0, 0))

    @property
    def is_revision(self) -> bool:
        """Whether these are two versions of one report: that a correction repeats the text says nothing."""
        return (self.a.agency, self.a.year) == (self.b.agency, self.b.year)

    def repeating(self, percent: Decimal) -> tuple[ChapterChange, ...]:
        """The chapters of which more than so many per cent stood in the other report already."""
        return () if self.is_revision else tuple(c for c in self.chapters if c.repetition.exceeds(percent))

    @property
    def is_same(self) -> bool:
        """Whether nothing changed at all."""
        texts = any(chapter.changes for chapter in self.chapters)
        return not (self.figures or texts or self.gone or self.new)

    def as_json(self) -> dict[str, Any]:
        """Everything that changed; numbers exact."""
        return {
            **{name: _about(side) for name, side in (("a", self.a), ("b", self.b))},
            "notes": list(self.notes),
            "revision": self.is_revision,
            "cells": self.cells,
            "figures": [change.as_json() for change in self.figures],
            "chapters": [
                {
                    "number": chapter.number,
                    "title": chapter.title,
                    "repetition": chapter.repetition.as_json(),
                    "changes": [change.as_json() for change in chapter.changes],
                }
                for chapter in self.chapters
            ],
            "repetition": self.repetition.as_json(),
            "findings": {"gone": list(self.gone), "new": list(self.new)},
        }


def _about(side: Side) -> dict[str, Any]:
    return {
        "agency": side.agency,
        "name": side.name,
        "year": side.year,
        "layout": side.form.id,
        "source": side.shown,
    }


def compare(a: Side, b: Side) -> Compared:
    """Compares two reports: of two years, of two bodies, or of one body before and after a correction."""
    cells, figures = changed_figures(a, b)
    known = Known(list(a.chapters.values()), (*a.names, *b.names))
    chapters = []
    for number in sorted(a.chapters.keys() | b.chapters.keys()):
        before, after = sentences(a.chapters.get(number, "")), sentences(b.chapters.get(number, ""))
        title = b.form.section(number).title
        changes = tuple(changed_sentences(before, after))
        chapters.append(ChapterChange(number, title, changes, known.repetition(after)))
    gone, new = changed_findings(a.told["findings"], b.told["findings"])
    return Compared(a, b, cells, tuple(figures), tuple(chapters), tuple(gone), tuple(new))
