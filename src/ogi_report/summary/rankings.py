"""The bodies in order of a figure or a share, without the nonsense that rankings are known for.

A share of a handful of cases is no share: below a least number of cases a body is not ranked. Equal ones share a place,
a blank has none, and both are listed apart, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ogi_report.errors import ConfigError
from ogi_report.figures import Figures, format_number
from ogi_report.in_words import InWords
from ogi_report.narrative.facts import share
from ogi_report.report.children import Child, Children
from ogi_report.report.fragment import Fragment
from ogi_report.report.listing import listing


@dataclass(frozen=True, slots=True)
class Ranked(InWords):
    """A body, its place (None where it has none, and `why`), the figure and what it is a share of."""

    name: str
    place: int | None
    value: int | Decimal | None = None
    whole: int | Decimal | None = None
    why: str = ""

    def _in_words(self) -> str:
        place = f"第 {self.place} 位" if self.place is not None else "不排名"
        return f"{place}　{self.name}　{self.why or format_number(self.value)}"


@dataclass(frozen=True, slots=True)
class Ranking(InWords):
    """All bodies: the ranked ones first, by place and then in the roster's order."""

    name: str
    of: str | None
    bodies: tuple[Ranked, ...]

    def _in_words(self) -> str:
        return view(self).text


def rank(children: Children, name: str, of: str | None, least: int) -> Ranking:
    """Ranks the bodies, the largest first.

    Raises:
        ConfigError: no figure has that name.
    """
    found = [_measured(child, name, of, least) for child in children.bodies]
    known = sorted((f for f in found if not f.why), key=_size, reverse=True)  # stable: equal ones as in the roster
    ranked: list[Ranked] = []
    for number, body in enumerate(known, 1):
        tied = ranked and _size(ranked[-1]) == _size(body)
        place = ranked[-1].place if tied else number
        ranked.append(Ranked(body.name, place, body.value, body.whole))
    return Ranking(name, of, (*ranked, *(f for f in found if f.why)))


def _measured(child: Child, name: str, of: str | None, least: int) -> Ranked:
    body = child.body.name
    if child.report is None:
        return Ranked(body, None, why="缺报告")
    value = _figure(child.report.figures, name)
    whole = _figure(child.report.figures, of) if of is not None else None
    if value is None or (of is not None and whole is None):
        return Ranked(body, None, value, whole, f"“{name if value is None else of}”空白")
    if whole is not None and whole < max(least, 1):
        return Ranked(body, None, value, whole, f"{of}不到 {max(least, 1)}，不计算占比")
    return Ranked(body, None, value, whole)


def _figure(figures: Figures, name: str) -> int | Decimal | None:
    named = figures.named()
    if name not in named:
        raise ConfigError(f"没有名为“{name}”的数；可用的名称见 docs/codebook.md。")
    return named[name]


def _size(body: Ranked) -> Fraction:
    assert body.value is not None
    value = Fraction(Decimal(body.value))
    return value if body.whole is None else value / Fraction(Decimal(body.whole))


def view(ranking: Ranking) -> Fragment:
    """The ranking as a table, for the compiler's eyes."""
    shares = ranking.of is not None
    title = f"{ranking.name}占{ranking.of}的比例" if shares else ranking.name
    header = ("位次", "机构", *((ranking.name, ranking.of or "", "占比") if shares else (ranking.name,)), "说明")
    return listing("ranking", f"各单位排名：{title}", header, [_line(body, shares) for body in ranking.bodies])


def _line(body: Ranked, shares: bool) -> tuple[str, ...]:
    value, whole = format_number(body.value), format_number(body.whole)
    known = body.place is not None and body.value is not None
    numbers = (value,)
    if shares:
        printed = share(body.value, body.whole) if known and body.value is not None and body.whole is not None else ""
        numbers = (value, whole, printed)  # type: ignore[assignment]
    return (str(body.place) if known else "—", body.name, *numbers, body.why)
