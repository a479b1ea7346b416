"""The narrative against itself: lists and their totals, shares, changes on last year, numbers said twice, contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files

import yaml

from ogi_report.prose import Hedge, Quantity, Sentence, patterns
from ogi_report.rules.claims import Claim
from ogi_report.rules.narration import ClaimSubject, Narration, SentenceSubject, found_by, row_value
from ogi_report.rules.rule import BlankCell, Example, NotApplicable, Number, Severity, rule

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

# -- 共 N，其中 a、b、c ------------------------------------------------------------------------------------------------

_LIST = re.compile(r"其中|包括|包含|分别[为是]|具体[为是]|具体情况|含|构成|按[^，,。；;（()）\d]{1,8}分[，,：:]")
_WHOLE = re.compile(
    r"新增|发生|提起|被申请|共|合计|总计|累计|总数|总量|收到|受理|办结|办理|公开|发布|答复|处理|推送|更新|制发|举办|开展"
)
_HOW = r"[，,][^，,。；;（()）\d]{0,6}(?:方式|渠道|类型|途径|形式|来源)[^，,。；;（()）\d]{0,6}[，,：:]"
"""A clause between a total and its list: 收到申请60件，申请方式多样，包括…"""
_OPEN_END = re.compile(
    r"等(?:类|方面|内容|信息|情形|情况|各类|其他)?[^，。；、]{0,6}$|等[，。；]|等$|主要|例如|比如|如：|含"
)
_OVERLAP = re.compile(r"同时|并|又|另外|还|次|以上|同比|上年|去年|较|比|参加|参训|涉及|阅读|点击|关注|占|解读")


@dataclass(frozen=True)
class Breakdown:
    """A total with the parts that a sentence lists for it; `complete` if it reads as a full list."""

    total: Quantity
    parts: tuple[Quantity, ...]
    complete: bool

    @property
    def sum(self) -> Number:
        return sum((part.value for part in self.parts), start=0)


def breakdowns(sentence: Sentence) -> Iterator[Breakdown]:
    """Reads “共 N，其中 a、b、c”; what stands in brackets behind a part belongs to that part alone."""
    yield from _breakdowns(sentence.text, sentence.quantities, 0)


def _breakdowns(text: str, quantities: tuple[Quantity, ...], offset: int) -> Iterator[Breakdown]:
    for number, total in enumerate(quantities):
        after = text[total.end :]
        match = patterns.match(rf"[^，,。；;（()）\d]{{0,10}}(?:{_HOW}|[，,：:（(。\s]*)(?:{_LIST.pattern})", after)
        if not match or not total.unit or not _WHOLE.search(text[max(0, total.start - 30) : total.start]):
            continue
        begin = total.end + match.end()
        bracket = "（" in match[0] or "(" in match[0]
        end = _list_end(text, begin, bracket)
        stretch = text[begin:end]
        inner = _brackets(stretch, begin)
        parts: list[Quantity] = []
        nested = by_semicolon = False
        for quantity in quantities[number + 1 :]:
            if quantity.start >= end:
                break
            if any(start <= quantity.start < stop for start, stop in inner):
                continue
            lead = text[parts[-1].end if parts else begin : quantity.start]
            if not _same_unit(quantity, total) or quantity.hedge is not Hedge.EXACT or quantity.scale > 1:
                continue
            lead = patterns.sub(r"[（(][^（()）]*[)）]", "", lead)
            if (
                parts
                and patterns.search(r"其中|包括|^\s*[，,]\s*(?:含|包含)", lead)
                and not patterns.search(r"[；;]", lead)
            ):
                # A list within the list tells of the part before it; what follows cannot be told apart.
                nested = True
                break
            own_verb = patterns.search(r"结转|办结|化解|答复|同比", lead)
            if parts and own_verb and not patterns.search(own_verb[0], text[begin : parts[0].start]):
                break
            if patterns.search(r"共|合计|总计", lead) and parts:
                break
            semicolon = bool(patterns.search("[；;]", lead))
            if len(parts) == 1:
                by_semicolon = semicolon
            elif parts and semicolon and not by_semicolon:
                # Parts divided by commas end at a semicolon; what follows is another matter.
                end = quantity.start
                break
            parts.append(quantity)
        if len(parts) >= 2 and total.hedge is Hedge.EXACT and total.scale == 1:
            leads = [
                text[a:b]
                for a, b in zip([begin, *(p.end for p in parts)], [*(p.start for p in parts), end], strict=True)
            ]
            told = "".join(leads)
            regular = all(len(lead) <= 40 for lead in leads) and not _OVERLAP.search(_without(told, inner))
            whole_word = patterns.search(r"共|合计|总计|累计|总数|总量", text[max(0, total.start - 24) : total.start])
            listed = patterns.search(r"包括|分别|具体|构成", match[0])
            with_rest = len(parts) >= 3 and patterns.search(r"其[他它](?!结果|处理)", leads[-2])
            each_of_several = any(patterns.search(r"各\s*$", lead) for lead in leads)
            complete = (
                regular
                and not nested
                and not each_of_several
                and not _OPEN_END.search(_without(stretch, inner).rstrip("。；;）) "))
                and not _OPEN_END.search(leads[-1])
                and bool(
                    (whole_word and len(parts) >= 3)
                    or (listed and len(parts) >= 2)
                    or (bracket and len(parts) >= 3)
                    or with_rest
                )
            )
            yield Breakdown(total, tuple(parts), complete)


def _list_end(text: str, begin: int, bracket: bool) -> int:
    """A list ends with its bracket, or with its sentence; semicolons separate parts unless a new topic begins."""
    if bracket:
        depth = 1
        for position in range(begin, len(text)):
            depth += {"（": 1, "(": 1, "）": -1, ")": -1}.get(text[position], 0)
            if depth == 0:
                return position
    stop = patterns.search(
        r"。|[；;](?=[^，；;。\d]{0,12}(?:共|合计|总计|办结|答复|收到|全年|举办|开展|召开|同时|结转))", text[begin:]
    )
    return begin + stop.start() if stop else len(text)


def _brackets(stretch: str, begin: int) -> list[tuple[int, int]]:
    return [
        (begin + m.start(), begin + m.end())
        for m in patterns.finditer(r"[（(][^（()）]*[)）]|〔[^〔〕]*〕|\[[^\[\]]*\]|【[^【】]*】", stretch)
    ]


def _without(text: str, inner: list[tuple[int, int]]) -> str:
    return patterns.sub(r"[（(][^（()）]*[)）]", "", text) if inner else text


def _same_unit(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit or (one.is_cases and other.is_cases)


def _lists(text: Narration) -> Iterator[SentenceSubject]:
    claims = text.claims
    for sentence in text.sentences:
        if sentence.chapter == 0:
            continue
        for found in breakdowns(sentence):
            subject = SentenceSubject(text.context, sentence, (found, _unfitting(text, claims, sentence, found)))
            subject.mark((found.total.start, found.total.end), *((p.start, p.end) for p in found.parts))
            yield subject


def _unfitting(text: Narration, claims: list[Claim], sentence: Sentence, found: Breakdown) -> bool:
    """Whether some number of a list is not the table's: a list whose every number is, may leave something out."""
    own = {claim.span: claim for claim in claims if claim.sentence is sentence}
    for quantity in (found.total, *found.parts):
        claim = own.get((quantity.start, quantity.end))
        if claim is None:
            return True
        try:
            if not ClaimSubject(text.context, claim).fits_any():
                return True
        except (BlankCell, NotApplicable):
            return True
    return False


@rule(
    "N-PARTS",
    ERROR,
    each=found_by(_lists, "正文中的每一处“共…其中…”"),
    title="“共 N，其中 a、b、c”：各项之和等于 N；没有列全的，不大于 N",
    source="审核惯例：正文的分项与合计",
    says=lambda it: _parts_message(it.data[0]),
    fires=Example(chapters={2: "全年公开信息共325条，其中政务动态108条、通知公告167条、其他43条。"}),
    silent=(
        Example(chapters={2: "全年公开信息共325条，其中政务动态108条、通知公告167条、其他50条。"}),
        Example(chapters={2: "全年公开信息共325条，其中政务动态108条（含图片类20条）、通知公告67条等。"}),
    ),
)
def parts_add_up(it: SentenceSubject) -> bool:
    found, unfitting = it.data
    if found.sum > found.total.value:
        return False
    return bool(found.sum == found.total.value or not (found.complete and unfitting))


def _parts_message(found: Breakdown) -> str:
    unit = found.total.unit
    added = "＋".join(str(part.value) for part in found.parts)
    difference = abs(found.sum - found.total.value)
    way = "多" if found.sum > found.total.value else "少"
    return f"正文所列各项之和 {added} ＝ {found.sum} {unit}，合计写的是 {found.total.value} {unit}，{way} {difference} {unit}。"


# -- 占 x% -------------------------------------------------------------------------------------------------------------

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
            wholes = [q.value for q in before[:-1] if _same_unit(q, part) and q.value >= part.value and q.scale == 1]
            stated = bool(wholes) and any(q.hedge is Hedge.EXACT for q in before[:-1])
            if not stated:
                continue
            earlier = sentence.paragraph.sentences
            wholes += [
                q.value
                for s in earlier
                for q in s.quantities
                if _same_unit(q, part) and q.value >= part.value and q.value
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


# -- 较上年增长 x% -----------------------------------------------------------------------------------------------------

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


# -- the same quantity twice -------------------------------------------------------------------------------------------

_EMPTY_WORDS = re.compile(
    r"20\d{2}年度?|全年度?|本年度?|年内|一年来|截至年底|共计|总计|合计|累计|各类|各项|有关|相关|政务|政府|主动|本机关|本单位|本?[我全][局办委镇乡县区市厅街道]+|虽然|共|计|了|的|达到|达|为|约|已|在|通过|依托|利用|以及|\s|[，,：:]"
)
_ITEM = re.compile(
    r"(?P<channel>(?:[^\s，,。；;：:、（）()\d]{0,14}(?:网站|公众号|微信|微博|平台|公告栏|抖音|客户端|新媒体|今日头条|专栏|政府公报))?)[^，,。；;：:、（）()\d]{0,4}"
    r"(?P<verb>发布|公开|公布|推送|更新)(?:了)?(?P<object>[^，,。；;：:、（）()\d]{0,14})$"
)


_COUNTED_EVENT = re.compile(
    r"(?:举办|召开|组织|开展|发布|制作|编发)(?P<what>(?:新闻发布会|政策解读材料|政策解读|政务公开培训|政府开放日活动|新闻发布|在线访谈|政风行风热线))\s*(?:共|共计)?\s*$"
)


def _postings(text: Narration) -> Iterator[tuple[str, Sentence, Quantity]]:
    """Yields (what was put on line and where, sentence, quantity) for totals in 条; parts of lists are left out."""
    for sentence in text.sentences:
        if sentence.chapter == 0:
            continue
        for quantity in sentence.quantities:
            if quantity.unit not in ("条", "篇", "场", "期", "次"):
                continue
            lead = sentence.text[: quantity.start]
            clause = patterns.split(r"[，,。；;：:（(]", lead)
            stretch = clause[-1] if len(_EMPTY_WORDS.sub("", clause[-1])) > 1 else "".join(clause[-2:])
            if patterns.search(r"其中|上年|去年|同比|包括|含|月|季度|上半年", lead) or _other_year(
                lead, text.context.year
            ):
                continue
            if (counted := _COUNTED_EVENT.search(stretch)) and patterns.search(r"全年|共|年内|本年", stretch):
                yield f"{counted['what']}|{quantity.unit}", sentence, quantity
                continue
            if quantity.unit not in ("条", "篇"):
                continue
            match = _ITEM.search(_EMPTY_WORDS.sub("", stretch))
            if match and match["object"] in ("", "信息", "公开信息", "内容", "信息公开"):
                verb = "公开" if match["verb"] == "公布" else match["verb"]
                # 我镇微信公众号 and 微信公众号 are one; 局网站 and 区政府网站 are two.
                account = patterns.search(r"公众号|微博|抖音|客户端|今日头条", match["channel"])
                channel = account[0] if account else match["channel"][-6:]
                yield f"{channel}|{verb}|{quantity.unit}", sentence, quantity


def _other_year(text: str, year: int) -> bool:
    years = patterns.findall(r"(20\d{2})\s*年", text)
    return bool(years) and str(year) not in years


def _repeated(text: Narration) -> Iterator[SentenceSubject]:
    first: dict[str, tuple[Sentence, Quantity]] = {}
    for what, sentence, quantity in _postings(text):
        if what not in first:
            first[what] = (sentence, quantity)
            continue
        before, number = first[what]
        if before is sentence:
            continue
        subject = SentenceSubject(text.context, sentence, (number, quantity, before))
        subject.mark((quantity.start, quantity.end))
        subject.quote = f"{before.marked((number.start, number.end))} …… {subject.quote}"
        yield subject


@rule(
    "N-POSTED-REPEAT",
    ERROR,
    each=found_by(_repeated, "正文中重复出现的数"),
    title="同一个数在正文各处写得一样",
    source="审核惯例",
    says="同一事项前面写 {it.data[0].value} {it.data[0].unit}，这里写 {it.data[1].value} {it.data[1].unit}；请统一。",
    fires=Example(
        chapters={1: "全年通过区政府网站公开信息356条。", 2: "通过区政府网站公开信息365条，内容涉及财政预决算。"}
    ),
    silent=Example(
        chapters={
            1: "全年通过区政府网站公开信息356条。",
            2: "通过区政府网站公开信息356条，通过微信公众号公开信息40条。",
        }
    ),
)
def a_number_is_the_same_wherever_it_stands(it: SentenceSubject) -> bool:
    one, other, _ = it.data
    return bool(one.value == other.value or one.fits(other.value) or other.fits(one.value))


# -- contradictions ----------------------------------------------------------------------------------------------------

_ALL_ON_TIME = re.compile(
    r"(?:按期|按时|限期内|及时)(?:办结|答复|办理|回复)率(?:均|达到|达|为|是|保持|继续保持|，)*\s*(?:100\s*[%％]|百分之百)|(?:全部|均|全都)(?:已)?(?:按期|按时|在法定(?:期限|时限)内|在规定(?:期限|时限)内)(?:办结|答复|作出答复|予以答复)|法定(?:时限|期限)内(?:办结|答复)率(?:达到|达|为)?\s*100\s*%"
)
_LATE = re.compile(
    r"未(?:能)?(?:在(?:法定|规定)(?:期限|时限)内|按期|按时)(?:答复|办结|作出答复)|(?:超期|逾期|超时|超过(?:法定|规定)?(?:期限|时限)|超出(?:法定|规定)?(?:期限|时限))(?:未)?(?:答复|办结|办理|回复|的情况|的问题|现象|情形)?"
)
_NOT_LATE = re.compile(
    r"(?:没有|避免|防止|杜绝|严禁|不存在|未发生|未出现|不得)[^，。；]{0,8}$|(?:无|未|零|不)[^，。；]{0,2}$"
)


def _punctuality(text: Narration) -> Iterator[SentenceSubject]:
    late = [(s, m) for s in text.sentences for m in _LATE.finditer(s.text) if _is_late(s, m)]
    for sentence in text.sentences:
        if (match := _ALL_ON_TIME.search(sentence.text)) and not patterns.search(
            r"上年|去年|目标|力争|确保|建议|提案|工单", sentence.text
        ):
            subject = SentenceSubject(text.context, sentence, late)
            subject.mark(match.span())
            yield subject
            return


def _is_late(sentence: Sentence, match: re.Match[str]) -> bool:
    start, end = sentence.clause(match.start())
    clause = sentence.text[start:end]
    if (
        sentence.chapter == 0
        or _NOT_LATE.search(sentence.text[: match.start()])
        or patterns.search(r"^(?:申请人|未缴)", clause)
    ):
        return False
    about = patterns.search(r"申请|答复|回复", clause) and not patterns.search(r"栏目|公文|更新|发布", clause)
    someone = patterns.search(
        r"申请人(?:无正当理由)?逾期|逾期(?:不|未)补正|逾期未缴|未缴|缴费|补正|任务|督办|上年|去年|往年|以往|此前|防止|防范|避免|预警|杜绝|倒查|考核|扣分|追究|建议|提案",
        sentence.text,
    )
    return bool(about) and not someone


@rule(
    "N-ONTIME",
    NOTE,
    each=found_by(_punctuality),
    title="写了全部按期答复的，正文没有逾期答复的情形",
    source="推断：前后矛盾",
    says=lambda it: f"正文一处说全部按期答复，另一处说有逾期：“{it.data[0][0].marked(it.data[0][1].span())}”。请核对。",
    fires=Example(chapters={1: "申请按期答复率100%。", 5: "个别申请超期答复，对时限把握不严。"}),
    silent=Example(chapters={1: "申请按期答复率100%，没有逾期答复的情形。", 5: "主要问题是解读偏少。"}),
)
def nothing_is_late_where_all_is_on_time(it: SentenceSubject) -> bool:
    return not it.data


_NO_SITE = re.compile(
    r"(?:不设|未设|没有|无|未开设|未建立?|未开通|未单独(?:设立|建设|开设|建立)|不单独设)(?:有|立)?(?:自己的|独立的?|单独的?|专门的?|本单位|本部门|外网|门户|官方|政府)*(?:网站|官网|门户网站)"
)
_OWN_SITE = re.compile(
    r"(?<![市省县区州家各部厅育察法政健建管利业通安务游计统源监])(?:局|我局|本局|我委|委|厅|本机关|本单位|我单位|我镇|本镇|我办|单位|院|我街道)(?:门户|官方|政府|政务|的)*(?:网站|官网|门户网站)|依托门户网站和"
)


def _is_gone(sentence: Sentence, match: re.Match[str]) -> bool:
    """A site that was closed or merged is none."""
    former = patterns.search(r"原\s*$", sentence.text[: match.start()])
    return bool(
        former or patterns.match(r"[^，。；]{0,16}(?:关停|关闭|并入|下线|注销|撤销|停运)", sentence.text[match.end() :])
    )


def _sites(text: Narration) -> Iterator[SentenceSubject]:
    own = [
        (s, m)
        for s in text.sentences
        for m in _OWN_SITE.finditer(s.text)
        if not _NO_SITE.search(s.text[max(0, m.start() - 12) : m.end()]) and not _is_gone(s, m)
    ]
    for sentence in text.sentences:
        match = _NO_SITE.search(sentence.text)
        if (
            match
            and sentence.chapter
            and not patterns.search(r"(?:属|下级|基层|直属)[^，。；]{0,14}$", sentence.text[: match.start()])
            and not patterns.search(
                r"问题$|故障|漏洞|安全|链接|错误|隐患|检查", sentence.text[match.end() : match.end() + 12]
            )
        ):
            subject = SentenceSubject(text.context, sentence, own)
            subject.mark(match.span())
            yield subject
            return


@rule(
    "N-CONTRA-SITE",
    WARNING,
    each=found_by(_sites),
    title="说没有网站的，别处不写自己的网站",
    source="推断：前后矛盾",
    says=lambda it: (
        f"正文一处说没有自己的网站，另一处写到自己的网站：“{it.data[0][0].marked(it.data[0][1].span())}”。请核对。"
    ),
    fires=Example(chapters={1: "通过局网站公开信息。按上级要求，本局不设门户网站。"}),
    silent=Example(chapters={1: "通过区政府网站公开信息。按上级要求，本局不设门户网站。"}),
)
def who_has_no_site_names_none(it: SentenceSubject) -> bool:
    return not it.data


@dataclass(frozen=True)
class Pair:
    """One line of `contradictions.yaml`: words that deny something, and words with a number that assert it."""

    topic: str
    denies: re.Pattern[str]
    asserts: re.Pattern[str]


def pairs() -> list[Pair]:
    """The editable list of things that reports deny in one place and count in another."""
    loaded = yaml.safe_load((files("ogi_report.rules") / "contradictions.yaml").read_text(encoding="utf-8"))
    return [Pair(p["topic"], re.compile(p["denies"]), re.compile(p["asserts"])) for p in loaded]


_PAIRS = pairs()
_NOT_THIS_YEAR = re.compile(r"上年|去年|上一年|明年|下一步|计划|将|拟|力争")


def _denials(text: Narration) -> Iterator[SentenceSubject]:
    sentences = [s for s in text.sentences if s.chapter and not _NOT_THIS_YEAR.search(s.text)]
    for pair in _PAIRS:
        for sentence in sentences:
            if _other_year(sentence.text, text.context.year):
                continue
            if match := pair.denies.search(sentence.text):
                counted = [
                    (s, m)
                    for s in sentences
                    for m in pair.asserts.finditer(s.text)
                    if _counts(s, m) and not _overlap(s, m, sentence, match)
                ]
                subject = SentenceSubject(text.context, sentence, (pair.topic, counted))
                subject.mark(match.span())
                yield subject
                break


def _counts(sentence: Sentence, match: re.Match[str]) -> bool:
    return match["n"].strip() not in ("0", "零", "〇") and not patterns.search(
        r"未|没有|无$", sentence.text[max(0, match.start() - 4) : match.start()]
    )


def _overlap(one: Sentence, a: re.Match[str], other: Sentence, b: re.Match[str]) -> bool:
    return one is other and a.start() < b.end() and b.start() < a.end()


@rule(
    "N-CONTRA-GENERIC",
    NOTE,
    each=found_by(_denials),
    title="说没有的事，别处不写次数、件数",
    source="推断：前后矛盾",
    says=lambda it: (
        f"关于{it.data[0]}，正文一处说没有，另一处写了数：“{it.data[1][0][0].marked(it.data[1][0][1].span())}”。请核对。"
    ),
    fires=Example(chapters={1: "全年举办政务公开培训3次。", 5: "本年度未开展政务公开培训。"}),
    silent=Example(chapters={1: "全年举办政务公开培训3次，没有责任追究的情形。"}),
)
def what_is_denied_is_not_counted(it: SentenceSubject) -> bool:
    return not it.data[1]
