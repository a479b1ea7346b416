"""Shares and changes on last year as the narrative states them, computed again (N-PCT, N-YOY)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ogi_report.figures import Number
from ogi_report.prose import Hedge, Quantity, patterns
from ogi_report.rules.narration import ClaimSubject, Narration, SentenceSubject, found_by, row_value, same_unit
from ogi_report.rules.phrases import Claim
from ogi_report.rules.rule import NOTE, WARNING, BlankCell, Example, NotApplicable, rule

# -- 占 x% ------------------------------------------------------------

_SHARE = re.compile(
    r"占(?:比|到|总数|总量|全部|所有|全年|当年|本年|申请|办结|办理|答复|收到|信息|公开|新收|受理|处理|发布|件数|数量|总|的|量|数|为|达|约|到|的|\s|[：:])*(?:百分之)?\s*$"
)


@dataclass(frozen=True)
class Share:
    """A percentage, the quantity that it is said of, and those that it may be a share of."""

    percent: Quantity
    part: Quantity
    wholes: tuple[Number, ...]

    def of(self, whole: Number) -> Decimal:
        return (Decimal(self.part.value) * 100 / Decimal(whole)).quantize(
            Decimal(1).scaleb(-self.percent.decimals), ROUND_HALF_UP
        )

    def off_by(self) -> Decimal:
        """The smallest distance from any possible share, in units of the last printed digit."""
        unit = Decimal(1).scaleb(-self.percent.decimals)
        return min(abs(self.of(whole) - self.percent.value) / unit for whole in self.wholes)


_TABLE_WHOLES = ("applications.received", "applications.carried_in", "applications.handled_total")


def _shares(text: Narration) -> Iterator[SentenceSubject]:
    for sentence in text.sentences:
        for number, percent in enumerate(sentence.quantities):
            lead = sentence.text[: percent.start]
            word = _SHARE.search(lead)
            if percent.unit != "%" or word is None or percent.hedge is not Hedge.EXACT:
                continue
            before = [q for q in sentence.quantities[:number] if q.unit != "%" and q.unit]
            if (
                not before
                or len(lead) - before[-1].end > 24
                or before[-1].hedge is not Hedge.EXACT
                or before[-1].scale > 1
            ):
                continue
            part = before[-1]
            # Words between the number and 占 name something else whose number is not given.
            link = lead[part.end : word.start()]
            if patterns.sub(r"[\s，,（(、]|约|均|共|分别|其中|比重|数", "", link):
                continue
            if patterns.search(r"上年|去年|同比|比上|较上", sentence.text[part.end : percent.start]):
                continue
            wholes = [q.value for q in before[:-1] if same_unit(q, part) and q.value >= part.value and q.scale == 1]
            stated = bool(wholes) and any(q.hedge is Hedge.EXACT for q in before[:-1])
            if not stated:
                continue
            earlier = sentence.paragraph.sentences
            wholes += [
                q.value
                for s in earlier
                for q in s.quantities
                if same_unit(q, part) and q.value >= part.value and q.value
            ]
            wholes += [a + b for a in wholes[:4] for b in wholes[:4]]
            if part.is_cases:
                wholes += _table_wholes(text, part.value)
            wholes = [whole for whole in dict.fromkeys(wholes) if whole > 0]
            if not wholes:
                continue
            subject = SentenceSubject(text.context, sentence, Share(percent, part, tuple(wholes)))
            subject.mark((part.start, part.end), (percent.start, percent.end))
            yield subject


def _table_wholes(text: Narration, least: Number) -> list[Number]:
    figures = text.context.figures
    values = [figures.value(f"{key}.total") for key in _TABLE_WHOLES if f"{key}.total" in figures]
    known = [value for value in values if value is not None]
    return [whole for whole in (*known, sum(known[:2], start=0)) if whole >= least]


_SHARES = found_by(_shares, "正文中的每一处占比")
_SHARE_FIRES = Example(chapters={1: "办结申请181件，其中予以公开58件，占33.9%。"})
_SHARE_SILENT = Example(chapters={1: "办结申请181件，其中予以公开58件，占32.0%。"})


@rule(
    "N-PCT",
    WARNING,
    each=_SHARES,
    title="正文的占比等于所写的部分与总数之比",
    source="审核惯例",
    says=lambda it: _share_message(it.data),
    fires=_SHARE_FIRES,
    silent=_SHARE_SILENT,
)
def shares_are_as_computed(it: SentenceSubject) -> bool:
    return bool(it.data.off_by() <= 1)


@rule(
    "N-PCT",
    NOTE,
    each=_SHARES,
    title="正文的占比四舍五入后与计算一致",
    source="审核惯例：末位相差 1 多半是没有四舍五入",
    says=lambda it: _share_message(it.data),
    fires=Example(chapters={1: "办结申请181件，其中予以公开58件，占32.1%。"}),
    silent=_SHARE_SILENT,
)
def shares_are_rounded(it: SentenceSubject) -> bool:
    return bool(it.data.off_by() != 1)


def _share_message(share: Share) -> str:
    whole = min(share.wholes, key=lambda w: abs(share.of(w) - share.percent.value))
    return f"正文写占 {share.percent.value}%；{share.part.value} 占 {whole} 的 {share.of(whole)}%，请核对。"


# -- 较上年增长 x% ------------------------------------------------------------

_CHANGE = re.compile(
    r"(?:同比|较上一?年度?|比上一?年度?|较去年|比去年|与上一?年度?(?:的\d+[件宗起])?(?:相比|比)|与去年(?:相比|同期相比|比)|较20\d{2}年度?|比20\d{2}年度?|与20\d{2}年度?相比|环比)"
    r"(?:同期)?[，,]?(?:略有|大幅|均|有所|明显|显著|申请量|申请数|申请|数量|总量|共|分别)*(?P<way>增长|上升|增加|提高|上涨|增幅|多|下降|减少|降低|回落|下滑|降幅|少)(?:率为|幅度为|幅度|了|约|为|达|到)*\s*(?:百分之)?\s*$"
)
_UP = ("增长", "上升", "增加", "提高", "上涨", "增幅", "多")
_MULTIPLE = re.compile(r"(?:是|为|达|达到|相当于)(?:上一?年度?|去年)(?:同期)?的\s*$")
_BETWEEN = re.compile(
    r"[\s，,、（(]*(?:其?(?:申请|办件|收件|办理|案件|受理|答复)?(?:总?数?量|总数|件数|数)?)(?:总体|分别|均|呈|也|则)?[，,\s]*相?"
)
"""What may stand between a number and its change; 收到申请36件，网站访问量同比增长85% is a change of something else."""
_TENTHS, _TIMES = "成", "倍"


@dataclass(frozen=True)
class Change:
    """A change on last year that a sentence states for a claim: in per cent, tenths (三成) or cases, or as a multiple."""

    quantity: Quantity
    claim: Claim
    rises: bool

    @property
    def is_share(self) -> bool:
        """Whether the change is relative to last year's number."""
        return self.quantity.unit in ("%", _TENTHS, _TIMES)

    @property
    def stated(self) -> Decimal:
        """The signed change (per cent for 成), or the multiple."""
        value = Decimal(self.quantity.value) * (10 if self.quantity.unit == _TENTHS else 1)
        return value if self.rises else -value

    def computed(self, before: Number, now: Number) -> Decimal:
        """What the numbers give, rounded as the change was printed; last year's must not be 0 for a share."""
        difference = Decimal(now) - Decimal(before)
        if not self.is_share:
            return difference
        if self.quantity.unit == _TIMES:
            return (Decimal(now) / Decimal(before)).quantize(self.unit, ROUND_HALF_UP)
        percent = difference * 100 / Decimal(before)
        if self.quantity.unit == _TENTHS:
            # 四成 is said of 40 to 49 per cent as well as of 35 to 44.
            near = abs(percent - self.stated) < 10 and abs(percent) > abs(self.stated) - 5
            return self.stated if near else percent.quantize(Decimal(1), ROUND_HALF_UP)
        return percent.quantize(self.unit, ROUND_HALF_UP)

    @property
    def unit(self) -> Decimal:
        """One in the last printed place."""
        return Decimal(1).scaleb(-self.quantity.decimals)


def _changes(text: Narration) -> Iterator[SentenceSubject]:
    by_sentence: dict[int, list[Claim]] = {}
    for claim in text.claims:
        by_sentence.setdefault(id(claim.sentence), []).append(claim)
    for sentence in text.sentences:
        for quantity in sentence.quantities:
            lead = sentence.text[: quantity.start]
            match = (_MULTIPLE if quantity.unit == _TIMES else _CHANGE).search(lead)
            measured = quantity.is_cases or quantity.unit in ("%", _TENTHS, _TIMES)
            if not match or not measured or quantity.hedge is not Hedge.EXACT:
                continue
            # 分别 shares several changes out among several numbers.
            if patterns.search("环比|分别", match[0]) or _names_another_year(match[0], text.context.year):
                continue
            nearest = [q for q in sentence.quantities if q.end <= match.start()][-1:]
            own = [
                claim
                for claim in by_sentence.get(id(sentence), [])
                if nearest and claim.span == (nearest[0].start, nearest[0].end)
            ]
            # Only the number just before the change is what changed.
            if not own or own[0].quantity is None or own[0].quantity.scale > 1:
                continue
            if not _BETWEEN.fullmatch(sentence.text[own[0].span[1] : match.start()]):
                continue
            rises = quantity.unit == _TIMES or match["way"] in _UP
            subject = SentenceSubject(text.context, sentence, Change(quantity, own[0], rises))
            subject.mark(own[0].span, (quantity.start, quantity.end))
            yield subject


def _names_another_year(words: str, year: int) -> bool:
    named = patterns.search(r"20\d{2}", words)
    return named is not None and int(named[0]) != year - 1


def _year_on_year(it: SentenceSubject) -> list[tuple[Number, Number]]:
    """(last year, stated now) under each reading that last year's layout has.

    Raises:
        NotApplicable: there is no last year, or it has none of the cells.
    """
    last = it.report.last_year
    subject = ClaimSubject(it.report, it.data.claim)
    found: list[tuple[Number, Number]] = []
    for reading in it.data.claim.readings:
        try:
            before = sum((row_value(subject, key, last) for key in reading), start=0)
        except (BlankCell, NotApplicable):
            continue
        found.append((before, it.data.claim.quantity.value))
    if not found:
        raise NotApplicable("上年表中没有可比的数")
    return found


def _comparable(it: SentenceSubject) -> list[tuple[Number, Number]]:
    """The pairs that a change can be computed from.

    Raises:
        NotApplicable: last year's number is 0, or there is none.
    """
    pairs = [pair for pair in dict.fromkeys(_year_on_year(it)) if pair[0] or not it.data.is_share]
    if not pairs:
        raise NotApplicable("上年的数是 0，没有增长率")
    return pairs


def _change_off_by(it: SentenceSubject) -> Decimal:
    change: Change = it.data
    return min(abs(change.computed(*pair) - change.stated) / change.unit for pair in _comparable(it))


def _change_message(it: SentenceSubject) -> str:
    change: Change = it.data
    told = []
    for before, now in _comparable(it):
        computed = change.computed(before, now)
        if change.quantity.unit == _TIMES:
            told.append(f"上年 {before}，本年 {now}，应为 {computed} 倍")
        elif change.is_share:
            told.append(f"上年 {before}，本年 {now}，应为{'增长' if computed >= 0 else '下降'} {abs(computed)}%")
        else:
            told.append(f"上年 {before}，本年 {now}，相差 {now - before}")
    unit = change.quantity.unit if change.is_share else f" {change.quantity.unit}"
    way = "上年的" if change.quantity.unit == _TIMES else "增长" if change.rises else "下降"
    return f"正文写{way} {change.quantity.value}{unit}；{'；或'.join(told)}。请核对。"


_CHANGES = found_by(_changes, "正文中的每一处同比")
_BEFORE = {"applications.received.total": 28, "applications.handled_total.total": 28}
_NOW = {"applications.received.total": 36, "applications.handled_total.total": 36}


@rule(
    "N-YOY",
    WARNING,
    each=_CHANGES,
    title="正文的同比增减与上年报告的数一致",
    source="审核惯例",
    says=_change_message,
    fires=Example(_NOW, last=_BEFORE, chapters={1: "收到政府信息公开申请36件，较上年增长25%。"}),
    silent=Example(_NOW, last=_BEFORE, chapters={1: "收到政府信息公开申请36件，较上年增长28.6%。"}),
)
def changes_are_as_computed(it: SentenceSubject) -> bool:
    return _change_off_by(it) <= (1 if it.data.is_share else 0)


@rule(
    "N-YOY",
    NOTE,
    each=_CHANGES,
    title="正文的同比增减四舍五入后与计算一致",
    source="审核惯例：末位相差 1 多半是没有四舍五入",
    says=_change_message,
    fires=Example(_NOW, last=_BEFORE, chapters={1: "收到政府信息公开申请36件，较上年增长28.5%。"}),
    silent=Example(_NOW, last=_BEFORE, chapters={1: "收到政府信息公开申请36件，较上年增长28.6%。"}),
)
def changes_are_rounded(it: SentenceSubject) -> bool:
    return not it.data.is_share or _change_off_by(it) != 1
