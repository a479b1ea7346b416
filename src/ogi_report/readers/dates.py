"""Days as clerks write them: 2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日, 20240305, with or without a time of day."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

_TIME = r"(?:[T\s]*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?)?"
_DAY = re.compile(
    r"(?P<year>\d{4})(?:\s*(?P<by>[-/.])\s*(?P<month>\d{1,2})\s*(?P=by)\s*(?P<day>\d{1,2})"
    r"|\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]?"
    rf"|(?P<mm>\d{{2}})(?P<dd>\d{{2}})){_TIME}"
)
_SHORT_YEAR = re.compile(r"\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
_NO_YEAR = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
_NO_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?")
_SERIAL = re.compile(r"[34567]\d{4}(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet, such that all days from 1 March 1900 on are right."""


class NotADay(ValueError):
    """A text is no day of the calendar; says in Chinese what is wrong with it, without quoting it."""


@lru_cache(65_536)
def read_day(text: str, serials: bool = False) -> date:
    """Returns the day that a text names.

    Args:
        serials: a number of five digits is a spreadsheet's day number, as cells of a sheet hold it.

    Raises:
        NotADay: it names none, or not for certain.

    >>> read_day("2024年3月5日") == read_day("20240305") == read_day("2024/3/5 0:00") == date(2024, 3, 5)
    True
    >>> read_day("45356", serials=True)
    datetime.date(2024, 3, 5)
    >>> read_day("2024-02-30")
    Traceback (most recent call last):
    ...
    ogi_report.readers.dates.NotADay: 日历上没有这一天
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _DAY.fullmatch(plain):
        parts = (found["year"], found["month"] or found["m"] or found["mm"], found["day"] or found["d"] or found["dd"])
        try:
            return date(*map(int, parts))
        except ValueError:
            raise NotADay("日历上没有这一天") from None
    if _SERIAL.fullmatch(plain):
        if serials:
            return _EPOCH + timedelta(days=int(plain.partition(".")[0]))
        raise NotADay("像是 Excel 的日期序号，请把这一列设为日期格式后再另存")
    if _SHORT_YEAR.fullmatch(plain):
        raise NotADay("年份应当写四位")
    if _NO_YEAR.fullmatch(plain):
        raise NotADay("没有写年份")
    if _NO_DAY.fullmatch(plain):
        raise NotADay("没有写到日")
    raise NotADay("不是日期")


def quotable(text: str) -> str:
    """Returns a text in quotation marks where it has no more digits than a day has and no letters, else nothing.

    What stands in a ledger's cell may be anybody's telephone number.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    is_harmless = re.fullmatch(r"[\d年月日号./:\s-]{1,16}", plain) and sum(c.isdigit() for c in plain) <= 8
    return f"“{plain}”" if is_harmless else ""
