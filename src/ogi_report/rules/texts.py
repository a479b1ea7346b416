"""A report's text as the rules on its wording see it: all of it at once, or a paragraph and the one after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ogi_report.prose import Paragraph, half_width
from ogi_report.rules.context import Context
from ogi_report.rules.narration import Narration, narration
from ogi_report.rules.subjects import Scope, Subject
from ogi_report.rules.words import quoted


@dataclass
class TextSubject(Subject):
    """All of a report's text, or one paragraph of it; `found` is what the condition stumbled on."""

    text: Narration
    found: list[Any]

    @property
    def told(self) -> str:
        """The first three things that were found, and how many there are."""
        return quoted([str(item) for item in self.found], "处", limit=3)


TEXT = Scope("全部正文", lambda context: iter([TextSubject(context, narration(context), [])]), "没有正文")
"""The text of a report, once."""


def each_paragraph() -> Scope:
    """Each paragraph with the one after it in the same chapter."""

    def subjects(context: Context) -> Iterator[TextSubject]:
        text = narration(context)
        for parts in text.paragraphs.values():
            for here, following in pairwise(parts):
                subject = TextSubject(context, text, [here, following])
                subject.quote = f"{here.text[-16:]} / {following.text[:16]}"
                yield subject

    return Scope("正文每一段", subjects, "正文各章都只有一段")


def search(it: TextSubject, *patterns: re.Pattern[str], context: int = 8) -> bool:
    """Collects all matches in the text and quotes the first; returns whether there are none.

    Args:
        context: characters around a match that are told with it.
    """
    it.found.clear()
    for paragraph in it.text.all_paragraphs:
        flat = half_width(paragraph.text)
        for pattern in patterns:
            for match in pattern.finditer(flat):
                told = paragraph.text[max(0, match.start() - context) : match.end() + context].strip()
                it.found.append(told)
                if it.quote is None:
                    it.quote = around(paragraph, match.span(), before=30, after=30).strip()
    return not it.found


def around(paragraph: Paragraph, span: tuple[int, int], *, before: int, after: int) -> str:
    """Returns a stretch of a paragraph in 【】, with so many characters before and after it."""
    text, (start, end) = paragraph.text, span
    return f"{text[max(0, start - before) : start]}【{text[start:end]}】{text[end : end + after]}"
