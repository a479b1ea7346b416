"""A comparison in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ogi_report.comparison.compared import ChapterChange, Compared
from ogi_report.comparison.sentences import SentenceChange
from ogi_report.comparison.side import Side
from ogi_report.figures import format_difference, format_number
from ogi_report.forms import numeral
from ogi_report.rules import Severity

NO_ROW = "没有这一行"


def shown_raw(raw: str | None) -> str:
    """What was written in a cell, a blank by its name."""
    return NO_ROW if raw is None else " ".join(raw.split()) or "空白"


def side_line(side: Side) -> str:
    return f"{side.name} {side.year} 年（{side.shown}）"


def summary_line(compared: Compared, repeat: Decimal) -> str:
    """One line on two reports."""
    changed = sum(len(chapter.changes) for chapter in compared.chapters)
    parts = [
        f"数 {len(compared.figures)} 格有变动",
        f"文字 {changed} 句有变动",
        f"问题消失 {len(compared.gone)} 项、新增 {len(compared.new)} 项",
    ]
    if not compared.is_revision and compared.repetition.percent:
        parts.append(f"重复率 {compared.repetition.percent}")
    if marked := compared.repeating(repeat):
        parts.append(f"超过 {format_number(repeat)}% 的章：{'、'.join(numeral(c.title) for c in marked)}")
    return "，".join(parts)


def chapter_line(compared: Compared, chapter: ChapterChange, repeat: Decimal) -> str:
    """How many of a chapter's sentences changed and, where that says something, its rate."""
    counts = "，".join(
        f"{word} {chapter.count(kind)} 句" for kind, word in (("changed", "改"), ("new", "增"), ("gone", "删"))
    )
    repetition = chapter.repetition
    if compared.is_revision or not repetition.characters:
        return f"{chapter.title}　{counts}"
    mark = f"　▲ 超过 {format_number(repeat)}%" if chapter in compared.repeating(repeat) else ""
    return (
        f"{chapter.title}　{counts}；重复率 {repetition.percent}"
        f"（{repetition.characters} 字中，原样 {repetition.exact} 字，近似 {repetition.near} 字）{mark}"
    )


def _told(change: SentenceChange) -> list[tuple[str, str]]:
    """Word and sentence: what went, what came, or both."""
    words = ("改前", "改后") if change.kind == "changed" else ("删", "增")
    return [(word, text) for word, text in zip(words, (change.before, change.after), strict=True) if text is not None]


def lines(compared: Compared, repeat: Decimal) -> Iterator[str]:
    """The whole comparison.

    Args:
        repeat: per cent of repeated text beyond which a chapter is marked.
    """
    yield f"A：{side_line(compared.a)}"
    yield f"B：{side_line(compared.b)}"
    yield from compared.notes
    if compared.is_same:
        yield "没有变动。"
    yield ""
    yield f"数：{compared.cells} 格可比，{len(compared.figures)} 格有变动"
    for change in compared.figures:
        yield f"  {change.label}：{shown_raw(change.before)} → {shown_raw(change.after)}{f'（{told}）' if (told := format_difference(change.difference)) else ''}"
    yield ""
    yield "文字"
    for chapter in compared.chapters:
        yield f"  {chapter_line(compared, chapter, repeat)}"
        for sentence in chapter.changes:
            yield from (f"    {word}　{text}" for word, text in _told(sentence))
    yield ""
    yield f"问题：消失 {len(compared.gone)} 项，新增 {len(compared.new)} 项"
    for sign, findings in (("消失", compared.gone), ("新增", compared.new)):
        for finding in findings:
            yield f"  {sign}　[{Severity(finding['severity']).chinese}] {finding['rule']}　{finding['message']}"
