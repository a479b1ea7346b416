"""Automatic numbers of Word: “一、” before a heading is often a list number, so the heading's own text lacks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """Returns a number up to 9,999 as it is counted in Chinese; ten to nineteen without a leading one.

    >>> chinese(6), chinese(10), chinese(12), chinese(20), chinese(105)
    ('六', '十', '十二', '二十', '一百〇五')
    """
    text = ""
    for place, digit in enumerate(reversed(str(number))):
        if digit != "0":
            text = digits[int(digit)] + (units[place - 1] if place else "") + text
        elif text and not text.startswith(digits[0]):
            text = digits[0] + text
    return text[1:] if digits == _DIGITS and 10 <= number < 20 else text


def roman(number: int) -> str:
    """Returns a Roman numeral.

    >>> roman(4), roman(19)
    ('IV', 'XIX')
    """
    signs = [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    text = ""
    for value, sign in signs:
        while number >= value:
            text, number = text + sign, number - value
    return text


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


_counting: Callable[[int], str] = chinese
_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalHalfWidth": str,
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "decimalEnclosedCircle": _of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "decimalEnclosedCircleChinese": _of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"),
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "chineseLegalSimplified": lambda number: chinese(number, _FORMAL, "拾佰仟"),
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "japaneseCounting": _counting,
    "japaneseDigitalTenThousand": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "ideographTraditional": _of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _of("子丑寅卯辰巳午未申酉戌亥"),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
}
"""How Word's number formats look. Formats that are not here (bullets, words) give no text: nothing is guessed."""


MAX_COUNT = 9_999
"""Beyond it nobody numbers paragraphs; a start value may be any number in a hostile file."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: where it starts, how it counts, and its text such as `%1、` or `（%2）`."""

    start: int
    format: str
    text: str


@dataclass(frozen=True)
class NumberedList:
    """A list as paragraphs name it; lists of one `kind` continue each other's count, except at levels in `anew`."""

    kind: str
    levels: dict[int, Level]
    anew: frozenset[int] = frozenset()


@dataclass
class Numbering:
    """The lists of a document, and how far each was counted; to be asked for the paragraphs in their order."""

    lists: dict[str, NumberedList] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, numbering: Any | None, styles: Any | None) -> Numbering:
        """Reads the parts numbering.xml and styles.xml, either of which a document may lack."""
        numbered = dict(_numbered_styles(styles))
        return cls(dict(_lists(numbering, numbered)), numbered)

    def next(self, properties: Any | None) -> str:
        """Counts a paragraph by its properties and returns the number that Word prints before it, mostly none."""
        named, level = self._place(properties)
        of = self.lists.get(named)
        if of is None or level not in of.levels:
            return ""
        counts = self._counts.setdefault(of.kind, {})
        if level in of.anew and (named, level) not in self._begun:
            counts.pop(level, None)
        self._begun.add((named, level))
        counts[level] = counts[level] + 1 if level in counts else of.levels[level].start
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        text = of.levels[level].text if of.levels[level].format in _FORMATS else ""
        for above, declared in of.levels.items():
            if f"%{above + 1}" in text:
                show = _FORMATS.get(declared.format)
                count = counts.get(above, declared.start)
                if show is None or not 0 < count <= MAX_COUNT:
                    return ""
                text = text.replace(f"%{above + 1}", show(count))
        return text

    def _place(self, properties: Any | None) -> tuple[str, int]:
        """The list and level of a paragraph: its own, or those of its style."""
        if properties is None:
            return "", 0
        style = properties.find(f"{W}pStyle")
        named, level = self.styles.get(style.get(f"{W}val", "") if style is not None else "", ("", 0))
        own = properties.find(f"{W}numPr")
        if own is not None:
            named = _value(own, "numId") or named
            level = _number(own, "ilvl", level)
        return named, level


def _value(element: Any, child: str) -> str:
    found = element.find(f"{W}{child}")
    return found.get(f"{W}val", "") if found is not None else ""


def _number(element: Any, child: str, absent: int) -> int:
    text = _value(element, child)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else absent


def _numbered_styles(styles: Any | None) -> Iterator[tuple[str, tuple[str, int]]]:
    """The list and level that paragraph styles bring, inherited from the styles that they are based on."""
    declared = {style.get(f"{W}styleId", ""): style for style in (() if styles is None else styles.iter(f"{W}style"))}
    for name in declared:
        at, seen = name, set()
        while at in declared and at not in seen:
            seen.add(at)
            own = declared[at].find(f"{W}pPr/{W}numPr")
            if own is not None:
                # A style's level is often not written with the style but with the list (`pStyle` of a level).
                yield name, (_value(own, "numId"), _number(own, "ilvl", 0))
                break
            at = _value(declared[at], "basedOn")


def _lists(numbering: Any | None, styles: dict[str, tuple[str, int]]) -> Iterator[tuple[str, NumberedList]]:
    if numbering is None:
        return
    kinds = {kind.get(f"{W}abstractNumId", ""): kind for kind in numbering.iterchildren(f"{W}abstractNum")}
    numbers = {number.get(f"{W}numId", ""): number for number in numbering.iterchildren(f"{W}num")}
    for named, number in numbers.items():
        kind = _value(number, "abstractNumId")
        link = _value(kinds[kind], "numStyleLink") if kind in kinds else ""
        if link in styles and styles[link][0] in numbers:
            kind = _value(numbers[styles[link][0]], "abstractNumId")
        if kind not in kinds:
            continue
        levels = {level: _level(element) for element in kinds[kind].iterchildren(f"{W}lvl") for level in _ilvl(element)}
        for element in kinds[kind].iterchildren(f"{W}lvl"):
            for level in _ilvl(element):
                style = _value(element, "pStyle")
                if style in styles:
                    styles[style] = (styles[style][0], level)
        anew = set()
        for override in number.iterchildren(f"{W}lvlOverride"):
            for level in _ilvl(override):
                own = override.find(f"{W}lvl")
                if own is not None:
                    levels[level] = _level(own)
                if override.find(f"{W}startOverride") is not None:
                    anew.add(level)
                    if level in levels:
                        start = _number(override, "startOverride", levels[level].start)
                        levels[level] = Level(start, levels[level].format, levels[level].text)
        yield named, NumberedList(kind, levels, frozenset(anew))


def _ilvl(element: Any) -> tuple[int, ...]:
    text = element.get(f"{W}ilvl", "")
    return (int(text),) if text in tuple("012345678") else ()


def _level(element: Any) -> Level:
    # Word 2010 and later hide formats that older versions do not know in an AlternateContent; the first one is theirs.
    format = element.find(f".//{W}numFmt")
    return Level(
        _number(element, "start", 1),
        format.get(f"{W}val", "decimal") if format is not None else "decimal",
        _value(element, "lvlText"),
    )
