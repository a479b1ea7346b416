"""Characters on a page to lines, and lines to paragraphs, as a Chinese reader sees them.

Text runs to the right margin and goes on at the left one; a paragraph begins with an indent of two characters, after a
line that ends early, or with a chapter's number. Lines of Chinese are joined without a space.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Length = Any
"""A place or distance on the page in points, as the parser gives it; no figure of a report is ever one."""

_HEADING = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])")
_PAGE_NUMBER = re.compile(
    r"[\s\-—–·~－]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[\s\-—–·~－]*"
)
_ENDS = "。！？!?"
_LATIN = re.compile(r"[A-Za-z0-9,.;:%)]")
# Printing from a browser turns characters into look-alike radicals; those of this block have no compatibility mapping.
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻌⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻩⻬⻮⻰⻳", "母民虎西见角贝车辶长门青韦页风飞食马骨鬼鱼鸟黄齐齿龙龟"
)


@dataclass(frozen=True, slots=True, eq=False)
class Char:
    """A printed character; `eq=False`, because the same sign at the same place may be printed twice."""

    text: str
    x0: Length
    x1: Length
    top: Length
    bottom: Length

    @property
    def size(self) -> Length:
        return max(self.bottom - self.top, 1)

    @property
    def middle(self) -> Length:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    x0: Length
    x1: Length
    top: Length
    bottom: Length
    size: Length
    """Of its characters: half the height of a line on either side of their middle is still the same line."""


def plain(text: str) -> str:
    """A character as it is typed: radicals that only look like it are replaced."""
    if len(text) == 1 and "\u2e80" <= text <= "\u2fdf":
        return unicodedata.normalize("NFKC", text).translate(_RADICALS)
    return "" if text in ("\x00", "\xad", "\u200b", "\ufeff") else text


def lines_of(chars: Sequence[Char]) -> list[Line]:
    """Returns the lines of a page or of a cell from top to bottom; characters that are printed twice count once."""
    rows: list[list[Char]] = []
    last: Length = None
    for char in sorted((c for c in chars if c.text), key=lambda c: (c.middle, c.x0)):
        if last is not None and char.middle - last <= min(char.size, rows[-1][0].size) * 2 / 5:
            rows[-1].append(char)
        else:
            rows.append([char])
        last = char.middle if rows[-1][0].text.strip() or last is None else last
    lines = (_line(row) for row in rows)
    return [line for line in lines if line is not None]


def _line(row: list[Char]) -> Line | None:
    row.sort(key=lambda char: char.x0)
    written = [char for char in row if char.text.strip()]
    if not written:
        return None
    text, before = "", None
    for char in row:
        if before is not None:
            if char.text == before.text and char.text.strip() and abs(char.x0 - before.x0) < char.size / 8:
                continue  # bold type made by printing twice
            text += _gap(before, char)
        text, before = text + char.text, char
    return Line(
        text.strip(),
        written[0].x0,
        max(char.x1 for char in written),
        min(char.top for char in written),
        max(char.bottom for char in written),
        sorted(char.size for char in written)[len(written) // 2],
    )


def _gap(before: Char, char: Char) -> str:
    """A space where there is room for one: two numbers side by side must never become one number."""
    if before.text.isspace() or char.text.isspace():
        return ""
    room = char.x0 - before.x1
    narrow = _LATIN.match(before.text) and _LATIN.match(char.text)
    return " " if (room > char.size / 5 and narrow) or room > char.size * 4 / 5 else ""


def without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Drops page numbers and the lines that repeat at the top or bottom of most pages."""
    edges = Counter(key for lines in pages for key in {_masked(line) for line in (*lines[:1], *lines[-1:])})
    often = {key for key, times in edges.items() if times >= 3 and times * 2 > len(pages)}

    def runs(line: Line) -> bool:
        return bool(_PAGE_NUMBER.fullmatch(line.text)) or _masked(line) in often

    kept = []
    for lines in pages:
        first, end = 0, len(lines)
        if end and runs(lines[0]):
            first = 1
        if end > first and runs(lines[end - 1]):
            end -= 1
        kept.append(lines[first:end])
    return kept


def _masked(line: Line) -> tuple[str, int]:
    """A line's text without its numbers, and its height on the page, which is the same for all running heads."""
    return re.sub(r"\d+", "0", line.text), round(line.top)


def paragraphs(lines: Sequence[tuple[Line, int]], everything: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """Yields paragraphs with the page on which each begins; `everything` shows where the margins of the text are."""
    if not lines:
        return
    margins = _Margins.of(everything)
    text, page, before = "", 0, None
    for line, number in lines:
        if before is not None and margins.goes_on(before, line):
            text = _joined(text, line.text)
        else:
            if text:
                yield text, page
            text, page = line.text, number
        before = line
    yield text, page


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where lines of running text begin and end, and whether paragraphs begin with an indent."""

    left: Length
    right: Length
    indented: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Margins:
        """The leftmost begin that several lines share, and the rightmost end, of lines in the commonest size."""
        sizes: Counter[int] = Counter()
        for line in lines:
            sizes[round(line.size)] += len(line.text)
        usual = sizes.most_common(1)[0][0]
        body = [line for line in lines if abs(line.size - usual) <= 1]
        begins = Counter(round(line.x0) for line in body)
        shared = [x for x, times in begins.items() if times * 20 >= len(body) and times > 1]
        left = min(shared or begins)
        return cls(left, max(line.x1 for line in body), any(line.x0 > left + line.size for line in body))

    def goes_on(self, before: Line, line: Line) -> bool:
        """Whether a line continues the paragraph of the line before it."""
        full = before.x1 >= self.right - 5 * before.size / 2
        flush = line.x0 <= self.left + line.size / 2
        alike = abs(before.size - line.size) * 8 <= before.size
        if not (full and flush and alike):
            return False
        ended = before.text[-1:] in _ENDS
        return not (ended and (_HEADING.match(line.text) or not self.indented))


def _joined(text: str, more: str) -> str:
    between = " " if re.search(r"[A-Za-z,.;:]$", text) and re.match(r"[A-Za-z]", more) else ""
    return text + between + more
