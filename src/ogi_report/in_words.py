"""How an object says what it is, where an analyst looks at it: in IPython, in Jupyter and by `print`.

`repr` stays what it is for those who write programs; it shows how an object is built.
"""

from __future__ import annotations

from datetime import date
from typing import Any


class InWords:
    """An object that introduces itself in Chinese; a class says how in `_in_words`.

    IPython asks each class of an object for its printer before it asks the class above, and a dataclass has a `__repr__`
    of its own: so each class gets the printer, not only this one.
    """

    __slots__ = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._repr_pretty_ = InWords._repr_pretty_  # type: ignore[method-assign]

    def _in_words(self) -> str:
        raise NotImplementedError

    def __str__(self) -> str:
        return self._in_words()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text("…" if cycle else self._in_words())


def chinese_date(day: date) -> str:
    """Returns a day as it is written in Chinese.

    >>> chinese_date(date(2025, 1, 20))
    '2025年1月20日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
