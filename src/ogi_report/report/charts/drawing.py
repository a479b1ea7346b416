"""What the charts are drawn with: shapes, wrapped labels, and the chart as a picture, a table and words.

Sizes are in the picture's own units: 400 across, letters of 13, so that a phone 360 wide shows them at ten pixels and
a page at seventeen. Letters take the page's colour, so that dark and light themes both work; shapes have one colour
and differ by pattern (filled, hatched, outlined), so that a print in black and white can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ogi_report.in_words import InWords
from ogi_report.writers.plain_tables import TableLook, write_plain_table, write_plain_text
from ogi_report.writers.text import display_width

WIDTH, LETTER, LINE = 400, 13, 16
SHOWN = 520
"""How wide the picture is shown at most, in pixels."""
_INK = "#2f6f9f"
"""5.4 : 1 on white, 3.5 : 1 on the dark themes of notebooks."""


@dataclass(frozen=True)
class Chart(InWords):
    """A chart: the picture (None where there is nothing to draw), the numbers as a table, and remarks on both.

    `why` says in Chinese why nothing is drawn.
    """

    name: str
    caption: str
    svg: str | None = None
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    remarks: tuple[str, ...] = ()
    why: str = ""

    @property
    def text(self) -> str:
        """The chart for a terminal: its table."""
        if self.svg is None:
            return self.why
        table = write_plain_text(self.header, self.rows, numbers=True)
        return "\n".join([self.caption, *table, *self.remarks])

    @property
    def html(self) -> str | None:
        """The picture with its caption and its numbers; styles inline, so that it looks the same wherever it is put."""
        if self.svg is None:
            return None
        remarks = "".join(f"<br>{escape(remark)}" for remark in self.remarks)
        return (
            f'<figure class="ogi-figure">{self.svg}<figcaption>{escape(self.caption)}{remarks}</figcaption>'
            f'<details class="ogi-numbers"><summary>图中的数</summary>{write_plain_table(self.header, self.rows, _LOOK)}</details></figure>'
        )

    def _in_words(self) -> str:
        return self.text


_CELL = "border:1px solid;padding:2px 10px"
_LOOK = TableLook(
    "border-collapse:collapse;margin:8px auto;font-size:14px",
    _CELL,
    f"{_CELL};text-align:right",
    f"{_CELL};text-align:left;font-weight:normal",
)


def undrawn(name: str, caption: str, why: str) -> Chart:
    """A chart of which nothing can be drawn."""
    return Chart(name, caption, why=why)


def picture(name: str, title: str, told: str, height: float, parts: Iterable[str]) -> str:
    """Returns the SVG; `told` says in words what it shows, for those who cannot see it."""
    ids = f"chart-{name}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ogi-chart" role="img" viewBox="0 0 {WIDTH} {_plain(height)}" '
        f'width="{SHOWN}" style="max-width:100%;height:auto" aria-labelledby="{ids}-t {ids}-d" '
        f'fill="currentColor" font-size="{LETTER}">'
        f'<title id="{ids}-t">{escape(title)}</title><desc id="{ids}-d">{escape(told)}</desc>'
        f'<defs><pattern id="{ids}-h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="2" height="5" fill="{_INK}"/></pattern></defs>' + "".join(parts) + "</svg>"
    )


@dataclass(frozen=True, slots=True)
class Look:
    """How a shape is filled."""

    fill: str
    stroke: str = _INK


def filled() -> Look:
    return Look(_INK)


def hatched(name: str) -> Look:
    return Look(f"url(#chart-{name}-h)")


def outlined() -> Look:
    return Look("none")


def box(x: float, y: float, width: float, height: float, look: Look) -> str:
    """A rectangle; one that would be thinner than a line can show is a line."""
    return (
        f'<rect x="{_plain(x)}" y="{_plain(y)}" width="{_plain(max(width, 1))}" height="{_plain(max(height, 1))}" '
        f'fill="{look.fill}" stroke="{look.stroke}"/>'
    )


def band(x: tuple[float, float], y: tuple[float, float], height: float) -> str:
    """A stream from (x₁, y₁) to (x₂, y₂), as broad as it is strong."""
    (x1, x2), (y1, y2), height = x, y, max(height, 1)
    bend = _plain((x1 + x2) / 2)
    return (
        f'<path d="M{_plain(x1)} {_plain(y1)}C{bend} {_plain(y1)} {bend} {_plain(y2)} {_plain(x2)} {_plain(y2)}'
        f"V{_plain(y2 + height)}C{bend} {_plain(y2 + height)} {bend} {_plain(y1 + height)} {_plain(x1)} {_plain(y1 + height)}Z"
        f'" fill="{_INK}" fill-opacity=".22"/>'
    )


def label(x: float, middle: float, lines: Sequence[str], anchor: str = "start", *, bold: bool = False) -> str:
    """Lines of text around the height `middle`."""
    first = middle - (len(lines) - 1) * LINE / 2 + LETTER * 0.36
    weight = ' font-weight="700"' if bold else ""
    return "".join(
        f'<text x="{_plain(x)}" y="{_plain(first + n * LINE)}" text-anchor="{anchor}"{weight}>{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


def wrapped(text: str, most: int) -> list[str]:
    """A label in lines of at most `most` Chinese characters, all about as long; punctuation never begins one.

    >>> wrapped("要求行政机关确认或重新出具已获取信息", 10)
    ['要求行政机关确认或', '重新出具已获取信息']
    >>> wrapped("予以公开", 10)
    ['予以公开']
    """
    wide = display_width(text)
    number = -(-wide // (2 * most))
    if number <= 1:
        return [text]
    cuts, taken = [0], 0
    for place, char in enumerate(text):
        if len(cuts) < number and taken * number >= len(cuts) * wide and char not in "，、。；：）”":
            cuts.append(place)
        taken += display_width(char)
    return [text[start:end] for start, end in pairwise([*cuts, len(text)])]


def _plain(number: float) -> str:
    """Tenths of a unit are exact enough for any screen, and the same on every machine."""
    return f"{round(number, 1):g}"
