"""What a typed number means: `[134 件](ogi:none)`, `[3646 件](ogi:received+carried_in)`.

Most numbers of a narrative are computed from facts. One that is typed may be bound to a fact, a sum or difference of
facts, or to nothing in the tables; the page prints the number, and the rules hold it against what it is bound to.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from ogi_report.errors import NarrativeError
from ogi_report.figures import format_number
from ogi_report.in_words import InWords

SCHEME = "ogi:"
NOTHING = "none"
_BEGIN, _MIDDLE, _END = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"{_BEGIN}([^{_MIDDLE}]*){_MIDDLE}([^{_END}]*){_END}")
_NAME = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Binding(InWords):
    """`start` and `end` count in the chapter's plain text; `value` is None for a number bound to nothing."""

    start: int
    end: int
    meaning: str
    value: int | Decimal | None

    def _in_words(self) -> str:
        return f"第 {self.start}–{self.end} 字：{self.meaning}（{format_number(self.value) or '表中没有'}）"


def without_marks(text: str) -> str:
    """Removes the private characters that mark a binding from what an author wrote."""
    return re.sub(f"[{_BEGIN}{_MIDDLE}{_END}]", "", text)


def marked(text: str, url: str) -> str:
    """Marks a bound number within rendered HTML."""
    return f"{_BEGIN}{html.escape(unquote(url.removeprefix(SCHEME)))}{_MIDDLE}{text}{_END}"


def plain(text: str) -> str:
    """Rendered HTML as it is printed."""
    return _MARKED.sub(r"\2", text)


def bindings(text: str, facts: Mapping[str, Any]) -> tuple[str, tuple[Binding, ...]]:
    """Takes the marks out of a chapter's plain text; returns the text and its bound numbers.

    Raises:
        NarrativeError: a binding names what no report has, or a figure that is blank.
    """
    found = []
    removed = 0
    for match in _MARKED.finditer(text):
        meaning = match[1].strip()
        start = match.start() - removed
        removed += len(match[0]) - len(match[2])
        found.append(Binding(start, start + len(match[2]), meaning, _value(meaning, match[2], facts)))
    return plain(text), tuple(found)


def _value(meaning: str, printed: str, facts: Mapping[str, Any]) -> int | Decimal | None:
    """The sum that a binding asks for; names are those of `{{ … }}`, also with dots: `上年.本年新收`."""
    if meaning == NOTHING:
        return None
    total: int | Decimal = 0
    for sign, name in re.findall(r"([+\-＋－]?)([^+\-＋－]+)", meaning):
        value = _fact(name.strip(), printed, facts)
        total += -value if sign in ("-", "－") else value
    return total


def _fact(name: str, printed: str, facts: Mapping[str, Any]) -> int | Decimal:
    where = f"“{printed}”写明的含义 ogi:{name}"
    value: Any = facts
    if not _NAME.fullmatch(name):
        raise NarrativeError(f"{where} 写法有误：应为 none，或数的名称用 + - 相连")
    for part in name.split("."):
        try:
            value = value[part] if isinstance(value, Mapping) else getattr(value, part)
        except (KeyError, AttributeError):
            raise NarrativeError(f"{where} 不是数的名称；可用的名称见 docs/codebook.md，与表无关的数写 none") from None
    if not isinstance(value, (int, Decimal)):
        raise NarrativeError(f"{where} 在表中是空白，或者不是数；请先填表，或写 none")
    return value
