"""narrative.md: the report's words. Six chapters as Markdown headings, with facts computed rather than typed."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError

from ogi_report.errors import NarrativeError
from ogi_report.forms import Form, normalise, without_numbering
from ogi_report.in_words import InWords
from ogi_report.narrative.bindings import Binding, bindings, plain
from ogi_report.narrative.markdown import to_html, to_text
from ogi_report.narrative.sandbox import LONGEST, Environment, budget

_HEADING = re.compile(r"^(#{1,2})\s+(.+?)\s*#*\s*$")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_NUMERALS = "一二三四五六七八九十"
LEAD_IN = 0
"""The number of the text before the first chapter."""


@dataclass(frozen=True)
class Part:
    """A piece of a narrative before its facts are filled in; `first_line` is where its text begins in the file."""

    number: int
    title: str
    source: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Source:
    """A narrative file cut into its parts, in the file's order.

    `rows` are the lines by which its author knows the text's lines, where these are others: the rows of a sheet.
    """

    shown: str
    title: str | None = None
    title_line: int = 1
    parts: tuple[Part, ...] = ()
    rows: tuple[int, ...] = ()

    def part(self, number: int) -> Part | None:
        return next((part for part in self.parts if part.number == number), None)


@dataclass(frozen=True)
class Chapter(InWords):
    """A chapter ready to print: safe HTML, and plain text for those who check it.

    `written` is False for a default text; `lines` are the first and last line in `shown`.
    """

    number: int
    title: str
    html: str
    text: str
    written: bool
    shown: str | None = None
    lines: tuple[int, int] | None = field(default=None)
    bound: tuple[Binding, ...] = ()

    def _in_words(self) -> str:
        return f"{self.title}\n\n{self.text}".strip()


def _told(line: int, rows: Sequence[int]) -> int:
    """The line as its author knows it."""
    return rows[min(line, len(rows)) - 1] if rows else line


def split(text: str, form: Form, shown: str, rows: tuple[int, ...] = ()) -> Source:
    """Cuts a narrative at its chapter headings; `rows` see `Source`.

    Raises:
        NarrativeError: it is far too long, a chapter stands there twice, or a numbered heading is beyond the form's chapters.
    """
    if len(text) > LONGEST:
        raise NarrativeError(
            f"{shown} 有 {len(text)} 字，不像是一份年度报告的正文（最多 {LONGEST} 字）；请检查是否放错了文件。"
        )
    title: str | None = None
    title_line = 1
    begun: list[tuple[int, str, int]] = [(LEAD_IN, "", 0)]
    lines = text.splitlines()
    # A heading within a remark to the author begins no chapter.
    seen = _COMMENT.sub(lambda remark: re.sub(r"\S", " ", remark[0]), text) if "{#" in text else text
    for index, line in enumerate(seen.splitlines()):
        match = _HEADING.match(line)
        number = _chapter_number(match[2], form, f"{shown} 第 {_told(index + 1, rows)} 行") if match else None
        if match and number is not None:
            if any(number == other for other, _, _ in begun):
                raise NarrativeError(
                    f"{shown} 第 {_told(index + 1, rows)} 行：“{match[2]}”这一章出现了两次；请合并成一章。"
                )
            begun.append((number, match[2], index + 1))
        elif match and match[1] == "#" and title is None and len(begun) == 1:
            title, title_line = match[2], index + 1
            lines[index] = ""
    ends = [start - 1 for _, _, start in begun[1:]] + [len(lines)]
    parts = [
        Part(number, heading, "\n".join(lines[start:end]), start + 1, end)
        for (number, heading, start), end in zip(begun, ends, strict=True)
    ]
    # What stands before the first chapter is a lead-in unless it is a remark to the author only.
    said = (p for p in parts if p.number != LEAD_IN or _COMMENT.sub("", p.source).strip())
    return Source(shown, title, title_line, tuple(said), rows)


def _chapter_number(heading: str, form: Form, place: str) -> int | None:
    found = normalise(heading)
    for section in form.sections:
        if found in section.spellings() or found == normalise(without_numbering(section.title)):
            return section.number
    match = re.match(f"([{_NUMERALS}]+)[、,，.．]", heading)
    if not match:
        return None
    number = _NUMERALS.find(match[1]) + 1 if len(match[1]) == 1 else 0
    if not 1 <= number <= len(form.sections):
        raise NarrativeError(f"{place}：“{heading}”不是表样的章；年度报告只有 {len(form.sections)} 章。")
    return number


_DEFAULTS: dict[tuple[str, ...], Source] = {}
"""Default texts cut at their headings, by the titles of a form's chapters: a report's own rows change nothing in them."""


def default_source(form: Form) -> Source:
    """The texts of chapters that nobody wrote, generated from the figures."""
    titles = tuple(section.title for section in form.sections)
    if titles not in _DEFAULTS:
        text = (files("ogi_report.narrative") / "defaults.md").read_text(encoding="utf-8")
        _DEFAULTS[titles] = split(text, form, "defaults.md")
    return _DEFAULTS[titles]


_environment = Environment()


@lru_cache(256)
def _compiled(source: str) -> jinja2.Template:
    """Default texts are the same in every report."""
    return _environment.from_string(source)


def fill(source: str, facts: Mapping[str, Any], shown: str, first_line: int = 1, rows: Sequence[int] = ()) -> str:
    """Fills facts into a text.

    Raises:
        NarrativeError: with the file and line: an unknown or blank name, a mistake in the template, a forbidden access.
    """
    # Lines are kept, so that an error speaks of the line in the author's file.
    padded = "\n" * (first_line - 1) + source
    try:
        template = _compiled(padded)
        with budget():
            return template.render(facts)[first_line - 1 :]
    except jinja2.TemplateSyntaxError as error:
        why = re.sub(r"No filter named '(.*)'\.", r"没有“\1”这个过滤器", str(error.message))
        raise NarrativeError(
            f"{shown} 第 {_told(error.lineno, rows)} 行：{{{{ }}}} 或 {{% %}} 写法有误（{why}）。"
        ) from None
    except SecurityError as error:
        line = _template_line(error) or first_line
        raise NarrativeError(
            f"{shown} 第 {_told(line, rows)} 行：正文中只能使用报告的数据，不能访问程序内部。"
        ) from None
    except NarrativeError as error:
        line = _template_line(error) or first_line
        raise NarrativeError(f"{shown} 第 {_told(line, rows)} 行：{error.messages[0]}。") from None
    except (RecursionError, SyntaxError, MemoryError):
        raise NarrativeError(f"{shown}：{{{{ }}}} 或 {{% %}} 的层数太多；请写得简单些。") from None
    except (TypeError, ValueError, ArithmeticError, LookupError, jinja2.TemplateError) as error:
        line = _template_line(error) or first_line
        raise NarrativeError(f"{shown} 第 {_told(line, rows)} 行：无法计算（{error}）；请检查名称和算式。") from None


def _template_line(error: BaseException) -> int | None:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return frames[-1].lineno if frames else None


def render_chapters(source: Source, form: Form, facts: Mapping[str, Any]) -> tuple[Chapter, ...]:
    """Returns the report's chapters in the order of the source, defaults in their official place."""
    defaults = default_source(form)
    written = [part for part in source.parts if part.number != LEAD_IN]
    chapters = [_chapter(part, source, facts, written=True) for part in written]
    for section in form.sections:
        if source.part(section.number) is None:
            part = defaults.part(section.number)
            assert part is not None, f"no default text for chapter {section.number}"
            position = next((i for i, chapter in enumerate(chapters) if chapter.number > section.number), len(chapters))
            chapters.insert(position, _chapter(part, defaults, facts, written=False, title=section.title))
    return tuple(chapters)


def render_lead_in(source: Source, form: Form, facts: Mapping[str, Any]) -> Chapter:
    """Returns the text before the first chapter; the default one names law, period and contact."""
    written = source.part(LEAD_IN)
    part = written or default_source(form).part(LEAD_IN)
    assert part is not None, "no default lead-in"
    return _chapter(part, source if written else default_source(form), facts, written=written is not None)


def _chapter(
    part: Part, source: Source, facts: Mapping[str, Any], *, written: bool, title: str | None = None
) -> Chapter:
    shown, rows = source.shown, source.rows
    rendered = to_html(fill(part.source, facts, shown, part.first_line, rows))
    first, last = _told(part.first_line, rows), _told(max(part.first_line, part.last_line), rows)
    try:
        text, bound = bindings(to_text(rendered), facts)
    except NarrativeError as error:
        raise NarrativeError(f"{shown} 第 {first}–{last} 行：{error.messages[0]}。") from None
    title = title or part.title
    if not written:
        return Chapter(part.number, title, plain(rendered), text, written, bound=bound)
    return Chapter(part.number, title, plain(rendered), text, written, shown, (first, last), bound)
