"""The sheets of a workbook as text, cell by cell, from their XML: exactly what is stored, nothing rounded or guessed.

A library that hands out binary floats and dense ranges would do neither: 4145261.25 must print as it was typed, and one
stray cell in the last corner of a sheet must not cost a terabyte.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from ogi_report.errors import DataError
from ogi_report.forms.workbook import cell_place
from ogi_report.readers.packages import EXCEL, Package, main_part

MAX_SHEET_CELLS = 200_000
"""Filled cells of a workbook; an annual report has a thousand."""
MAX_TEXT = 20_000_000
"""Characters of a workbook; a string may stand in many cells."""
_EXACT = Context(prec=15)
"""Excel computes in binary and shows 15 digits: 0.30000000000000004 in the file is the 0.3 on the screen."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_CODE = re.compile(r"[ymdhs]", re.IGNORECASE)
_NO_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""Parts of a number format that are literal text, colours, conditions or spacing."""
_WITH_UNIT = re.compile(r'(?:#,##)?0(?:\.0+)?_?\s*(?:"([^"0-9#?]{1,4})"|\\?([元件条万]))(?:;.*)?')
"""A plain number format that ends in a unit; formats that also scale (`0!.0,"万元"`) are left alone."""
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_BUILT_IN_PERCENT = {9, 10}


@dataclass(frozen=True, slots=True)
class Style:
    """What a number format makes of a number, as far as it changes what the number is."""

    date: bool = False
    percent: bool = False
    unit: str = ""
    ruled: bool = False


_PLAIN = Style()


@dataclass
class Sheet:
    """A sheet's filled cells and merged ranges, by row and column from 0."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, rows, columns."""
    ruled: dict[int, set[int]] = field(default_factory=dict)
    """Row → columns of empty cells that have borders: boxes of a table in which nobody filled in anything."""
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells that hold a formula: its text, empty where it is another cell's formula continued. `cells` has its result."""


def read_sheets(package: Package, *, hidden: bool = False) -> Iterator[Sheet]:
    """Yields the sheets that are shown, in their order, with `hidden` also the others.

    Raises:
        DataError: damaged, or far more cells than any report has.
    """
    main = main_part(package)
    root = package.xml(main)
    related = package.related(main)
    if root is None:
        return
    properties = root.find("{*}workbookPr")
    since_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
    parts = dict(related.values())
    reader = _Reader(package, _styles(package, parts), _strings(package, parts), since_1904)
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        if sheet.get("state", "visible") != "visible" and not hidden:
            continue
        link = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        kind, path = related.get(link, ("", ""))
        if kind == "worksheet":
            yield reader.sheet(sheet.get("name", ""), path)


@dataclass
class _Reader:
    package: Package
    styles: list[Style]
    strings: list[str]
    since_1904: bool
    filled: int = 0
    letters: int = 0

    def sheet(self, name: str, path: str) -> Sheet:
        sheet = Sheet(name)
        row = col = -1
        ruled = 0
        for element in self.package.elements(path, ("{*}c", "{*}row", "{*}mergeCell")):
            tag = element.tag.rpartition("}")[2]
            if tag == "mergeCell":
                merged = _range(element.get("ref", ""))
                if merged and len(sheet.merged) < MAX_SHEET_CELLS:
                    sheet.merged.append(merged)
            elif tag == "row":
                row, col = _line(element, row if col >= 0 else row + 1), -1
            else:
                place = cell_place(element.get("r", ""))
                if place is None:
                    # Without a reference a cell stands right of the one before it, in the row that is still open.
                    place = _line(element.getparent(), row if col >= 0 else row + 1), col + 1
                row, col = place
                formula = element.find("{*}f")
                if formula is not None:
                    sheet.formulas[row, col] = formula.text or ""
                text = self._text(element) if len(element) else ""
                if text.strip():
                    self._count(text, sheet.name)
                    sheet.cells[row, col] = text
                elif ruled < MAX_SHEET_CELLS and self._style(element).ruled:
                    ruled += 1
                    sheet.ruled.setdefault(row, set()).add(col)
        return sheet

    def _style(self, cell: Any) -> Style:
        number = cell.get("s", "0")
        return self.styles[int(number)] if number.isdecimal() and int(number) < len(self.styles) else _PLAIN

    def _count(self, text: str, name: str) -> None:
        self.filled, self.letters = self.filled + 1, self.letters + len(text)
        if self.filled > MAX_SHEET_CELLS or self.letters > MAX_TEXT:
            raise DataError(
                f"{self.package.shown} 的工作表“{name}”内容过多，不像年度报告；"
                f"请只保留报告所在的工作表，另存为“{EXCEL.save_as}”后再试。"
            )

    def _text(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _rich(cell.find("{*}is"))
        stored = cell.findtext("{*}v")
        formula = cell.findtext("{*}f")
        if stored is None:
            # Saved by a program that does not calculate: what it would come to is not known.
            return f"={formula}" if formula else ""
        if kind == "s":
            known = stored.strip()
            return self.strings[int(known)] if known.isdecimal() and int(known) < len(self.strings) else ""
        if kind == "b":
            return "TRUE" if stored.strip() == "1" else "FALSE"
        if kind in ("str", "e", "d"):
            return _unescaped(stored)
        return _number(stored.strip(), self._style(cell), self.since_1904)


def _line(row: Any, otherwise: int) -> int:
    text = row.get("r", "")
    return int(text) - 1 if text.isdecimal() and 0 < len(text) < 8 else otherwise


def _range(text: str) -> tuple[int, int, int, int] | None:
    first, _, last = text.partition(":")
    begin, end = cell_place(first), cell_place(last or first)
    if begin is None or end is None or end < begin:
        return None
    return *begin, end[0] - begin[0] + 1, max(1, end[1] - begin[1] + 1)


def _strings(package: Package, parts: dict[str, str]) -> list[str]:
    return [_rich(item) for item in package.elements(parts.get("sharedStrings", ""), ("{*}si",))]


def _rich(item: Any | None) -> str:
    """The text of a string, of all its runs, without phonetic guides."""
    if item is None:
        return ""
    texts = (element.text or "" for element in item.iter("{*}t") if element.getparent().tag.rpartition("}")[2] != "rPh")
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    """Excel writes control characters as _x000D_; of these only the line break means anything."""
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _styles(package: Package, parts: dict[str, str]) -> list[Style]:
    root = package.xml(parts.get("styles", ""))
    if root is None:
        return []
    own = {code.get("numFmtId"): code.get("formatCode", "") for code in root.iterfind("{*}numFmts/{*}numFmt")}
    borders = [any(side.get("style", "none") != "none" for side in b) for b in root.iterfind("{*}borders/{*}border")]
    ruled = {str(number) for number, border in enumerate(borders) if border}
    return [
        replace(_style(cell.get("numFmtId", "0"), own), ruled=cell.get("borderId", "0") in ruled)
        for cell in root.iterfind("{*}cellXfs/{*}xf")
    ]


def _style(number: str, own: dict[Any, str]) -> Style:
    if number not in own:
        known = int(number) if number.isdecimal() else 0
        return Style(known in _BUILT_IN_DATES, known in _BUILT_IN_PERCENT)
    code = own[number]
    signs = _NO_CODE.sub("", code)
    unit = _WITH_UNIT.fullmatch(code)
    return Style(
        bool(_DATE_CODE.search(signs)) and "general" not in signs.lower(),
        signs.split(";")[0].endswith("%"),
        (unit[1] or unit[2]).strip() if unit else "",
    )


def _number(stored: str, style: Style, since_1904: bool) -> str:
    try:
        number = _EXACT.create_decimal(stored)
    except InvalidOperation:
        return stored
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return stored
    if style.date:
        return _date(number, since_1904) or _plain(number)
    if style.percent:
        return f"{_plain(number * 100)}%"
    return _plain(number) + style.unit


def _plain(number: Decimal) -> str:
    """Returns a number in digits only.

    >>> _plain(Decimal("5.0")), _plain(Decimal("1E+3")), _plain(Decimal("4145261.250")), _plain(Decimal("-0.0"))
    ('5', '1000', '4145261.25', '0')
    """
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def _date(number: Decimal, since_1904: bool) -> str | None:
    """A date as it is written in files; Excel counts days, and believes that 1900 had a 29 February."""
    if not 0 <= number < 2_958_466:
        return None
    day = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 31 if number < 60 else 30)
    moment = day + dt.timedelta(days=int(number), seconds=int(number % 1 * 86_400 + Decimal("0.5")))
    if number < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if number == int(number) else f"{moment:%Y-%m-%d %H:%M:%S}"
