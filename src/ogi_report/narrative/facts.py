"""What a narrative may say without typing a number: the report's facts under their Chinese and English names."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jinja2 import StrictUndefined

from ogi_report.errors import NarrativeError
from ogi_report.figures import Figures, Number
from ogi_report.in_words import InWords


class UnknownFact(StrictUndefined):
    """A name that a narrative uses and nobody knows; any use of it raises."""

    def _fail_with_undefined_error(self, *args: Any, **kwargs: Any) -> Any:
        name = self._undefined_name
        raise NarrativeError(self._undefined_hint or f"没有“{name}”这个名称")

    def __repr__(self) -> str:
        return "空白"

    __str__ = __add__ = __radd__ = __sub__ = __rsub__ = __lt__ = __gt__ = _fail_with_undefined_error
    __le__ = __ge__ = __eq__ = __ne__ = __bool__ = __iter__ = __len__ = _fail_with_undefined_error
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __hash__ = __call__ = _fail_with_undefined_error


def blank_fact(name: str) -> UnknownFact:
    """A fact whose cell is blank: `is defined` is false, and any use of it raises."""
    hint = f"“{name}”在表中是空白，不能写进正文；请先填表，或用 {{% if {name} is defined %}} 判断"
    return UnknownFact(hint=hint, name=name)


class YearFacts(InWords, Mapping[str, Any]):
    """One year's facts by name; also reachable as attributes (`上年.本年新收`)."""

    def __init__(self, figures: Figures):
        self._values = {name: blank_fact(name) if value is None else value for name, value in _named(figures).items()}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def _in_words(self) -> str:
        return f"一年的 {len(self)} 个数，按名称取用"


def _named(figures: Figures) -> dict[str, Number | None]:
    english: dict[str, Number | None] = {}
    for table in figures.form.tables:
        for record in table.records.values():
            total = next((c.key for c in record.fields.values() if c.is_total), None)
            if total and "." not in record.key:
                english[record.key] = figures.value(total)
                for group in table.groups:
                    key = f"{table.key}.{group}.sum.{record.fields[_total_field(record.fields)].field}"
                    english[group] = figures.value(key)
        for quantity in table.derived:
            if quantity.each == "table":
                english[quantity.key.removesuffix(".total")] = figures.value(f"{table.key}.{quantity.key}")
    return english | figures.named()


def _total_field(fields: Mapping[str, Any]) -> str:
    return next(field for field, cell in fields.items() if cell.is_total)


def share(part: Number, whole: Number, decimals: int = 1) -> str:
    """Returns a percentage with a fixed number of decimals, rounded half up.

    >>> share(58, 181)
    '32.0%'
    """
    if whole == 0:
        raise NarrativeError("占比() 的分母是 0；请用 {% if %} 判断")
    return f"{_rounded(Decimal(part) * 100 / Decimal(whole), decimals)}%"


def change(now: Number, before: Number, decimals: int = 1) -> str:
    """Returns a year-on-year change in words.

    >>> change(110, 100), change(96, 100), change(5, 5)
    ('增长10.0%', '下降4.0%', '持平')
    """
    if now == before:
        return "持平"
    if before == 0:
        raise NarrativeError("同比() 的上年数是 0，没有增长率；请用 {% if %} 判断")
    percent = (Decimal(now) - Decimal(before)) * 100 / Decimal(before)
    return f"{'增长' if percent > 0 else '下降'}{_rounded(abs(percent), decimals)}%"


def _rounded(number: Decimal, decimals: int) -> str:
    return f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def facts(figures: Figures, last: Figures | None, about: Mapping[str, Any]) -> dict[str, Any]:
    """Returns everything that a narrative can name: this year's facts, `上年`, functions, and what is known of the report."""

    def number(key: str) -> Any:
        """`数("applications.received.total")`: any cell or derived quantity by its key."""
        try:
            value = figures.value(key)
        except KeyError:
            raise NarrativeError(f"没有代码为“{key}”的单元格") from None
        return blank_fact(key) if value is None else value

    before = YearFacts(last) if last is not None else None
    functions = {"占比": share, "share": share, "同比": change, "change": change, "数": number, "cell": number}
    return {**YearFacts(figures), **functions, "上年": before, "last": before, **about}
