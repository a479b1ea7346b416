"""What rules are held against: one report's figures, its text, and what is known around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ogi_report.figures import Figures
from ogi_report.rules.rule import NotApplicable


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter as the rules see it: plain text; `written` says that an author wrote it (else it is the default)."""

    number: int
    title: str
    text: str
    written: bool = True
    place: str | None = None


@dataclass(frozen=True)
class Context:
    """One report and its surroundings; what is None is unknown, and rules that need it are `n/a`.

    `chapters` lists the chapters in the order of the source. `level` is the roster's, `prescribed_layout` the layout
    of the national notice for the year.
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
    extra: Mapping[str, Any] = field(default_factory=dict)

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

    def chapter(self, number: int) -> ChapterText:
        """Returns a chapter that is there.

        Raises:
            NotApplicable: it is missing, which is another rule's finding.
        """
        for chapter in self.all_chapters:
            if chapter.number == number:
                return chapter
        raise NotApplicable(f"缺第 {number} 章")
