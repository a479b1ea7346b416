"""Chapter 六: the statement on the information-processing fee (FEE-…), asked for from the report of 2021 on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ogi_report.figures import Number
from ogi_report.prose import find_quantities, half_width
from ogi_report.rules.context import Context
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.subjects import ChapterSubject, Scope, chapters

FIRST_YEAR = 2021
"""The fee measures took effect on 1 January 2021 (国办函〔2020〕109号)."""

_STATED = re.compile(
    r"信息(?:公开)?处理费|信息公开.{0,12}(?:收费|费用|收取)|(?:未|没有|不)(?:产生|收取|发生)[^，。；]{0,10}费|收费通知|处理费"
)
_NONE = re.compile(r"(?:未|没有|不|无|零)[^，。；]{0,8}(?:收取|发出|产生|发生|收费|收到)|无[^，。；]{0,12}处理费")
_NUMBER = r"(?P<n>\d+(?:\.\d+)?)\s*(?P<wan>万)?"
_NOTICES = re.compile(
    rf"(?:收费通知|通知书?|缴费通知|收费告知书?)[^，。；\d]{{0,10}}?{_NUMBER}\s*(?:件|份|次)|{_NUMBER.replace('n>', 'm>').replace('wan>', 'van>')}\s*(?:件|份|次)[^，。；\d]{{0,6}}收费通知"
)
_NOTIFIED = re.compile(
    rf"(?:通知|应收|应缴|总|涉及|合计)[^，。；\d]{{0,14}}?(?:金额|收取|费用|缴纳|费|收费)[^，。；\d]{{0,10}}?{_NUMBER}\s*元|(?:收费通知|通知书?)[^。；]{{0,24}}?金额[^，。；\d]{{0,6}}?{_NUMBER.replace('n>', 'm>').replace('wan>', 'van>')}\s*元"
)
_COLLECTED = re.compile(
    rf"(?:(?:实际|已|实)(?:收取?|收费|缴纳|到账)[^，。；\d]{{0,16}}?|[，、；]\s*收取\s*){_NUMBER}\s*元"
)


@dataclass(frozen=True)
class Fee:
    """What is known of the fee: from the settings, or read off chapter 六; None is not said. Amounts in yuan."""

    notices: int | None
    notified: Decimal | None
    collected: Decimal | None


def fee_of(context: Context, text: str) -> Fee:
    """Returns the fee of the params file, else what the chapter says."""
    if context.fee is not None:
        fee = context.fee
        return Fee(fee.notices, fee.amount_notified_yuan, fee.amount_collected_yuan)
    text = _arabic(text).replace(",", "")
    if not _STATED.search(text):
        return Fee(None, None, None)
    notices = _first(_NOTICES, text)
    notified, collected = _first(_NOTIFIED, text), _first(_COLLECTED, text)
    nothing = _NONE.search(text) and notices is None and notified is None and collected is None
    if nothing:
        return Fee(0, Decimal(0), Decimal(0))
    return Fee(int(notices) if notices is not None else None, notified, collected)


def _arabic(text: str) -> str:
    """The text with every counted number in plain digits: 四件 becomes 4件."""
    flat = half_width(text)
    for quantity in reversed(find_quantities(text)):
        flat = f"{flat[: quantity.start]}{quantity.value}{quantity.unit}{flat[quantity.end :]}"
    return flat


def _first(pattern: re.Pattern[str], text: str) -> Decimal | None:
    match = pattern.search(text)
    if match is None:
        return None
    groups = match.groupdict()
    digits = groups["n"] or groups.get("m")
    many = groups["wan"] or groups.get("van")
    return Decimal(digits) * (10_000 if many else 1) if digits else None


@dataclass
class FeeSubject(ChapterSubject):
    fee: Fee

    @property
    def unpaid(self) -> Number:
        """Applications closed because the fee was not paid."""
        return self.value("applications.other.fee_unpaid.total")


def _fees() -> Scope:
    def subjects(context: Context) -> Iterator[FeeSubject]:
        if context.year < FIRST_YEAR:
            raise NotApplicable(f"{FIRST_YEAR} 年以前没有信息处理费")
        chapter = context.chapter(6)
        yield FeeSubject(context, chapter, fee_of(context, chapter.text))

    return Scope("第六章", subjects, "缺第六章")


_FEES = _fees()
_SOURCE = "国办公开办函〔2021〕30号；国办函〔2020〕109号（信息处理费管理办法）"


@rule(
    "FEE-CH6",
    WARNING,
    each=chapters(6),
    title="第六章写明收取信息处理费的情况：发出收费通知的件数、总金额、实际收取的金额；没有的写 0",
    source=_SOURCE,
    says="“{it.chapter.title}”没有写信息处理费的情况；没有收取的，也请写明“发出收费通知 0 件，金额 0 元，实际收取 0 元”。",
    fires=Example(chapters={6: "无其他需要报告的事项。"}),
    silent=(
        Example(chapters={6: "本年度没有收取信息处理费。无其他需要报告的事项。"}),
        Example(chapters={6: "发出信息处理费收费通知1件，总金额380元，实际收取380元。"}),
    ),
)
def the_fee_is_stated(it: ChapterSubject) -> bool:
    if it.report.year < FIRST_YEAR:
        raise NotApplicable(f"{FIRST_YEAR} 年以前没有信息处理费")
    return bool(_STATED.search(it.chapter.text))


@rule(
    "FEE-UNPAID",
    WARNING,
    each=_FEES,
    title="有因逾期未缴费而不再处理的申请，收费通知的件数不少于它",
    source="推断：先有收费通知，才有逾期未缴费",
    says="因逾期未缴费不再处理的申请 {it.unpaid} 件，第六章写的收费通知只有 {it.fee.notices} 件；请核对。",
    fires=Example(
        {"applications.other.fee_unpaid.total": 3},
        chapters={6: "发出信息处理费收费通知1件，总金额120元，实际收取0元。"},
    ),
    silent=Example(
        {"applications.other.fee_unpaid.total": 1},
        chapters={6: "发出信息处理费收费通知1件，总金额120元，实际收取0元。"},
    ),
)
def who_did_not_pay_was_notified(it: FeeSubject) -> bool:
    if it.unpaid == 0:
        return True
    if it.fee.notices is None:
        raise NotApplicable("第六章没有写收费通知的件数")
    return it.fee.notices >= it.unpaid


@rule(
    "FEE-COLLECTED",
    ERROR,
    each=_FEES,
    title="实际收取的信息处理费不超过通知收取的；收了费就有收费通知",
    source="推断：先通知、后收取",
    says=lambda it: (
        f"信息处理费实际收取 {_plain(it.fee.collected)} 元，"
        + (
            f"多于通知收取的 {_plain(it.fee.notified)} 元；请核对。"
            if it.fee.notified is not None and it.fee.collected > it.fee.notified
            else "收费通知却是 0 件；请核对。"
        )
    ),
    fires=(
        Example(chapters={6: "发出信息处理费收费通知2件，总金额400元，实际收取600元。"}),
        Example(chapters={6: "发出信息处理费收费通知0件，实际收取信息处理费100元。"}),
    ),
    silent=Example(chapters={6: "发出信息处理费收费通知2件，总金额600元，实际收取400元。"}),
)
def no_more_is_collected_than_was_asked(it: FeeSubject) -> bool:
    if it.fee.collected is None:
        raise NotApplicable("没有写实际收取的金额")
    if it.fee.collected == 0:
        return True
    if it.fee.notices == 0:
        return False
    if it.fee.notified is None:
        raise NotApplicable("没有写通知收取的金额")
    return it.fee.collected <= it.fee.notified


@rule(
    "FEE-STEP",
    NOTE,
    each=_FEES,
    title="信息处理费按件、按页计收，金额是 10 元的整数倍",
    source="国办函〔2020〕109号第四条、第五条：按页每页 10、20、40 元，按件每件 100 元起",
    says=lambda it: f"信息处理费{'、'.join(_plain(v) + ' 元' for v in _odd(it.fee))}不是 10 元的整数倍；请核对标准。",
    fires=Example(chapters={6: "发出信息处理费收费通知1件，总金额385元，实际收取0元。"}),
    silent=Example(chapters={6: "发出信息处理费收费通知1件，总金额380元，实际收取0元。"}),
)
def amounts_are_in_steps(it: FeeSubject) -> bool:
    if it.fee.notified is None and it.fee.collected is None:
        raise NotApplicable("没有写信息处理费的金额")
    return not _odd(it.fee)


def _odd(fee: Fee) -> list[Decimal]:
    amounts = dict.fromkeys(v for v in (fee.notified, fee.collected) if v is not None)
    return [amount for amount in amounts if amount % 10]


def _plain(amount: Decimal | None) -> str:
    return f"{amount.normalize():f}" if amount is not None else ""
