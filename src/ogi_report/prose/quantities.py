"""Numbers in Chinese prose: 35件, ３５ 件, 三十五件, 1.2万条, 近2000条, 33.9%.

A quantity is a number with the unit that it counts; numbers that count nothing (years, dates, document and article
numbers, telephones, ordinals) are left out here, once, so that nothing later mistakes one for a figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Number = int | Decimal

_FULL = "０１２３４５６７８９．％"
_WIDTHS = str.maketrans(_FULL, "0123456789.%")
_ANY_FULL = re.compile(f"[{_FULL}]")

CASES = ("件", "宗", "起", "例")
"""Units in which applications, reviews and lawsuits are counted; each may stand for the others."""

PERCENT = "%"

_UNITS = (
    "个百分点|百分点|人次|次数|户次|件次|批次|点击|万元|亿元|元|平方米|公里|小时|分钟|工作日|个月|"
    "件|宗|起|例|条|份|篇|项|个|次|期|场|名|人|家|户|部|册|幅|张|类|种|页|字|天|日|年|月|岁|倍|成|批|本|版|封|则|处|所|轮|分|秒|%|％"
)
_ARABIC = r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CHINESE = "[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?"
_BEFORE = r"(?:(?P<under>不足|不到|接近|将近|近)|(?P<about>约|大约|大概)|(?P<over>超过|超|逾|突破|多达))?"
_QUANTITY = re.compile(
    rf"{_BEFORE}\s*(?:(?P<percent>百分之)\s*)?"
    rf"(?:(?P<arabic>{_ARABIC})|(?P<chinese>{_CHINESE}))"
    rf"\s*(?P<times>[万亿](?!元))?\s*(?P<more>余|多|左右|以上)?\s*(?P<unit>{_UNITS})?(?P<later>左右|以上|以下)?"
)
_LONGEST = 40
"""Characters of a number; a row of digits that is longer counts nothing."""
_WORDS = re.compile(
    r"一件事|一一|一些|一个|一方面|一项项|一次性|一体|一批|一起(?=[来去做学推开研讨抓])|一定|一致|一律|一般|一类|万一|唯一|统一"
    r"|十分|百分百|千万|两级|三审|五公开|一网|一站|一张网|一张图|一张表|一部分|一年来|[上下这头前后]一年|一人一|一月一|一季一|一年一|一事一|一件一|三公|三安全|三农|三资|四议|两公开"
)
_IDENTIFIER = re.compile(
    r"[〔\[（(【]\s*\d{4}\s*[〕\]）)】]\s*\d+\s*号?"  # document numbers
    r"|第\s*[\d一二三四五六七八九十百]+\s*[条款项章节号次届期]"  # articles, ordinals
    r"|(?:19|20)\d{2}\s*(?:[-—~～至到]+\s*(?:19|20)\d{2}\s*)?年"  # years
    r"|\d{1,2}\s*月\s*\d{1,2}\s*日|\d{1,2}\s*月(?:份|底|初|末)?"  # dates
    r"|\d{3,4}[-—]\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)|\d{1,2}[:：]\d{2}|https?://\S+|[\w.]+@[\w.]+"
    r"|\d+/\d+|12345(?=[^\d]|$)"
)


class Hedge(StrEnum):
    """How exactly a number is meant."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the unit it counts; `start` and `end` enclose number and unit in the text they were found in.

    `value` has 万 and 亿 multiplied out; `decimals` are the decimals printed; `scale` is 10000 for 1.2万.
    """

    value: Number
    unit: str
    start: int
    end: int
    hedge: Hedge = Hedge.EXACT
    decimals: int = 0
    scale: int = 1

    @property
    def is_cases(self) -> bool:
        return self.unit in CASES

    def fits(self, number: Number) -> bool:
        """Whether a number may be what was meant: 近2000 fits 1980, 1.2万 fits 12034, 35 fits 35 alone."""
        if self.scale > 1 and self.hedge is Hedge.EXACT:
            unit = Decimal(self.scale) / Decimal(10**self.decimals)
            return abs(Decimal(number) - Decimal(self.value)) < unit
        value, exact = Decimal(self.value), Decimal(number)
        match self.hedge:
            case Hedge.EXACT:
                return exact == value
            case Hedge.OVER:
                return value <= exact <= max(value * 2, value + 10)
            case Hedge.UNDER:
                return value * Decimal("0.8") <= exact <= value
            case Hedge.ABOUT:
                return abs(exact - value) <= max(value / 10, Decimal(1))


def half_width(text: str) -> str:
    """Returns the text with full-width digits made half-width, every character in its place.

    >>> half_width("收到３５件")
    '收到35件'
    """
    return text.translate(_WIDTHS) if _ANY_FULL.search(text) else text


def chinese_number(text: str) -> int | None:
    """Returns the value of a Chinese numeral below 10000, or None.

    >>> chinese_number("三十五"), chinese_number("一百零二"), chinese_number("十"), chinese_number("二〇")
    (35, 102, 10, 20)
    """
    digits = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
    places = {"十": 10, "百": 100, "千": 1000}
    if not any(char in places for char in text):
        return int("".join(str(digits[char]) for char in text)) if text else None
    total, digit = 0, None
    for char in text:
        if char in digits:
            digit = digits[char]
        else:
            if digit == 0 or (digit is None and char != "十"):
                return None
            total += (digit or 1) * places[char]
            digit = None
    return total + (digit or 0)


def find_quantities(text: str) -> list[Quantity]:
    """Returns the quantities of a text in their order.

    >>> [(str(q.value), q.unit) for q in find_quantities("２０２４年收到申请 35 件，占33.9%，第十条，三十五人")]
    [('35', '件'), ('33.9', '%'), ('35', '人')]
    """
    text = half_width(text)
    taken = bytearray(len(text))
    for match in (*_IDENTIFIER.finditer(text), *_WORDS.finditer(text)):
        taken[match.start() : match.end()] = b"1" * (match.end() - match.start())
    found = []
    for match in _QUANTITY.finditer(text):
        digits = match.span("arabic") if match["arabic"] else match.span("chinese")
        before = text[max(digits[0] - 8, 0) : digits[0]]
        if digits[1] - digits[0] > _LONGEST or any(taken[slice(*digits)]) or before.rstrip().endswith("第"):
            continue
        quantity = _quantity(match, digits[0])
        if quantity is not None:
            found.append(quantity)
    return found


def _quantity(match: re.Match[str], start: int) -> Quantity | None:
    unit = PERCENT if match["percent"] else (match["unit"] or "").replace("％", PERCENT)
    if match["chinese"]:
        # A numeral in words counts only with its unit: 三审三校, 一件事 are no quantities.
        whole, _, tenths = match["chinese"].partition("点")
        value: Number | None = chinese_number(whole)
        if value is None or not unit:
            return None
        if tenths:
            places = str(chinese_number(tenths)).rjust(len(tenths), "0")
            value = Decimal(f"{value}.{places}")
    else:
        digits = match["arabic"].replace(",", "")
        value = Decimal(digits) if "." in digits else int(digits)
    scale = {"万": 10_000, "亿": 100_000_000}.get(match["times"] or "", 1)
    fraction = (match["arabic"] or "").partition(".")[2] or (match["chinese"] or "").partition("点")[2]
    value = value * scale
    if isinstance(value, Decimal) and scale > 1 and value == int(value):
        value = int(value)
    hedge = Hedge.EXACT
    if match["under"]:
        hedge = Hedge.UNDER
    elif match["about"] or "左右" in (match["more"] or "", match["later"] or ""):
        hedge = Hedge.ABOUT
    elif match["over"] or match["more"] or match["later"] == "以上":
        hedge = Hedge.OVER
    elif match["later"] == "以下":
        hedge = Hedge.UNDER
    return Quantity(value, unit, start, match.end(), hedge, len(fraction), scale)
