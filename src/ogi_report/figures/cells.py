"""What one box of the form holds, from text to number. Blank is not zero."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum

from ogi_report.errors import Place
from ogi_report.in_words import InWords

Number = int | Decimal
"""Numbers are exact from text to print."""

PLACEHOLDERS = frozenset({"无", "不适用", "n/a", "na"})
_STROKES = re.compile(r"[-‐‑–—―─/\\]+")

# Units that may stand behind a number, and the unit of the same quantity in which the form keeps it.
_COUNTING_UNITS = ("件", "条", "项", "个", "宗", "份", "次", "人次", "人", "起")
_MONEY_UNITS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}

MOST_DIGITS = 15
"""No figure of a report has more digits before the point (Excel keeps no more); what has is a pasted code."""

_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)(?P<digits>[0-9]{{1,{MOST_DIGITS}}}|[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,4}})"
    r"(?P<decimals>\.[0-9]{1,30})?(?P<unit>[^0-9]*)"
)
_EXACT = Context(prec=100)

# Full-width characters are the same characters; ① and ² are not the digits 1 and 2 but a footnote's mark.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord("\u2212"): "-",  # minus sign
    ord("、"): ",",
    ord("\u200b"): None,
    ord("\ufeff"): None,
}


class Kind(StrEnum):
    NUMBER = "number"
    BLANK = "blank"
    PLACEHOLDER = "placeholder"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Cell(InWords):
    """A cell as found: `raw` text, `value` in the form's unit (None unless `kind` is number), and where it stands."""

    raw: str
    value: Number | None
    kind: Kind
    at: Place | None = None

    @property
    def is_number(self) -> bool:
        return self.kind is Kind.NUMBER

    @property
    def is_empty(self) -> bool:
        """Nothing was written, or a sign for nothing (`-`, `/`, 无)."""
        return self.kind in (Kind.BLANK, Kind.PLACEHOLDER)

    def _in_words(self) -> str:
        match self.kind:
            case Kind.NUMBER:
                said = (
                    self.raw
                    if self.raw == format_number(self.value)
                    else f"{format_number(self.value)}（写作“{self.raw}”）"
                )
            case Kind.BLANK:
                said = "空白"
            case Kind.PLACEHOLDER:
                said = f"“{self.raw}”（没有填数）"
            case _:
                said = f"“{self.raw}”（不是数）"
        return f"{said}　{self.at}" if self.at is not None else said


BLANK = Cell("", None, Kind.BLANK)


def parse_cell(raw: str, unit: str = "件", at: Place | None = None) -> Cell:
    """Reads a cell's text; `unit` is the form's unit of the column, into which stated money units are converted.

    Full-width digits, thousands separators (a comma or a space before three digits), an explicit sign and a unit
    behind the number are understood (rule V-FORMAT says that they should not be there); anything else is text, never
    a guess.

    >>> parse_cell("１,024 件").value
    1024
    >>> parse_cell("75394432.52元", unit="元").value
    Decimal('75394432.52')
    >>> parse_cell("", unit="元").kind, parse_cell("-").kind, parse_cell("若干").kind
    (<Kind.BLANK: 'blank'>, <Kind.PLACEHOLDER: 'placeholder'>, <Kind.TEXT: 'text'>)
    """
    if _is_plain(raw):
        return Cell(raw, int(raw), Kind.NUMBER, at)
    text = _plain_text(raw)
    if not text:
        return Cell(raw, None, Kind.BLANK, at)
    if text.lower() in PLACEHOLDERS or _STROKES.fullmatch(text):
        return Cell(raw, None, Kind.PLACEHOLDER, at)
    match = _NUMBER.fullmatch(text)
    factor = _factor(match["unit"], unit) if match else None
    if match is None or factor is None:
        return Cell(raw, None, Kind.TEXT, at)
    number = Decimal(match["sign"] + match["digits"].replace(",", "") + (match["decimals"] or ""))
    if not match["decimals"] and factor == 1:
        return Cell(raw, int(number), Kind.NUMBER, at)
    return Cell(raw, _plain(_EXACT.multiply(number, factor)), Kind.NUMBER, at)


def _is_plain(raw: str) -> bool:
    """Whether a text is digits and nothing else, as nearly all are: there is nothing to be understood."""
    return raw.isdigit() and raw.isascii() and len(raw) <= MOST_DIGITS


def _plain_text(raw: str) -> str:
    """Half-width and without white space; a space between digits counts as a thousands separator."""
    text = raw.translate(_HALF_WIDTH).strip()
    return re.sub(r"\s+", "", re.sub(r"(?<=[0-9])\s+(?=[0-9])", ",", text))


def stated_unit(raw: str) -> str:
    """Returns the unit that is written behind a number, or an empty text.

    >>> stated_unit("98000元"), stated_unit("4145261.25")
    ('元', '')
    """
    match = None if _is_plain(raw) else _NUMBER.fullmatch(_plain_text(raw))
    return match["unit"] if match else ""


def _factor(stated: str, unit: str) -> Decimal | None:
    """What a number in the stated unit is to be multiplied by; None if it is another quantity's unit."""
    if not stated or stated == unit:
        return Decimal(1)
    if unit in _MONEY_UNITS:
        return _MONEY_UNITS[stated] / _MONEY_UNITS[unit] if stated in _MONEY_UNITS else None
    return Decimal(1) if stated in _COUNTING_UNITS else None


def _plain(number: Decimal) -> Decimal:
    """Keeps the stated decimals, but never an exponent."""
    return number if number.as_tuple().exponent <= 0 else number.quantize(Decimal(1))  # type: ignore[operator]


def format_number(value: Number | None) -> str:
    """Prints a number exactly, without exponent; None prints as nothing."""
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def format_difference(difference: Number | None) -> str:
    """Prints how much a number has grown or shrunk; growth has a sign too, and None prints as nothing.

    >>> format_difference(3), format_difference(0), format_difference(-2)
    ('+3', '0', '-2')
    """
    return f"{'+' if difference is not None and difference > 0 else ''}{format_number(difference)}"


WHOLE_DIGITS, DECIMALS = 18, 6
"""Digits before and behind the point that columnar files keep: 万元 to the cent."""


def storable(value: Number | None) -> Decimal | None:
    """The same number if columnar files can hold it exactly, else None: never a rounded one."""
    if value is None or abs(value) >= 10**WHOLE_DIGITS:
        return None
    exact = Decimal(value)
    return exact if exact == round(exact, DECIMALS) else None
