"""Totals and the parts that a sentence lists for them (N-PARTS): 共 N，其中 a、b、c."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ogi_report.figures import Number
from ogi_report.prose import Hedge, Quantity, Sentence, patterns
from ogi_report.rules.narration import ClaimSubject, Narration, SentenceSubject, found_by, same_unit
from ogi_report.rules.phrases import Claim
from ogi_report.rules.rule import ERROR, BlankCell, Example, NotApplicable, rule

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


@dataclass(frozen=True)
class _Listing:
    """What a sentence lists behind a total: from `begin` to `end` of its text, introduced by a few words.

    `stretch` is the text that the list could take up, `inner` the places in brackets within it; `nested` says that a part has a
    list of its own.
    """

    text: str
    total: Quantity
    introduction: str
    begin: int
    end: int
    stretch: str
    inner: list[tuple[int, int]]
    parts: tuple[Quantity, ...]
    nested: bool

    def is_complete(self) -> bool:
        """Whether it reads as a full list, and not as a selection, a list of several things, or one within another."""
        begins, ends = [self.begin, *(p.end for p in self.parts)], [*(p.start for p in self.parts), self.end]
        leads = [self.text[begin:end] for begin, end in zip(begins, ends, strict=True)]
        if self.nested or any(len(lead) > 40 or patterns.search(r"各\s*$", lead) for lead in leads):
            return False
        if _OVERLAP.search(_without("".join(leads), self.inner)):
            return False
        if _OPEN_END.search(_without(self.stretch, self.inner).rstrip("。；;）) ")) or _OPEN_END.search(leads[-1]):
            return False
        if patterns.search(r"包括|分别|具体|构成", self.introduction):
            return True
        if len(self.parts) < 3:
            return False
        before = self.text[max(0, self.total.start - 24) : self.total.start]
        whole_word = patterns.search(r"共|合计|总计|累计|总数|总量", before)
        with_rest = patterns.search(r"其[他它](?!结果|处理)", leads[-2])
        return bool(whole_word or with_rest or _is_bracketed(self.introduction))


def breakdowns(sentence: Sentence) -> Iterator[Breakdown]:
    """Reads “共 N，其中 a、b、c”; what stands in brackets behind a part belongs to that part alone."""
    text, quantities = sentence.text, sentence.quantities
    for number, total in enumerate(quantities):
        introduction = patterns.match(
            rf"[^，,。；;（()）\d]{{0,10}}(?:{_HOW}|[，,：:（(。\s]*)(?:{_LIST.pattern})", text[total.end :]
        )
        if not introduction or not total.unit or not _WHOLE.search(text[max(0, total.start - 30) : total.start]):
            continue
        listing = _listing(text, total, introduction[0], quantities[number + 1 :])
        if len(listing.parts) >= 2 and total.hedge is Hedge.EXACT and total.scale == 1:
            yield Breakdown(total, listing.parts, listing.is_complete())


def _is_bracketed(introduction: str) -> bool:
    return "（" in introduction or "(" in introduction


def _listing(text: str, total: Quantity, introduction: str, following: tuple[Quantity, ...]) -> _Listing:
    """The quantities behind a total that are parts of it, up to where the talk is of something else."""
    begin = total.end + len(introduction)
    end = _list_end(text, begin, _is_bracketed(introduction))
    stretch = text[begin:end]
    inner = _brackets(stretch, begin)
    parts: list[Quantity] = []
    nested = by_semicolon = False
    for quantity in following:
        if quantity.start >= end:
            break
        if any(start <= quantity.start < stop for start, stop in inner):
            continue
        if not same_unit(quantity, total) or quantity.hedge is not Hedge.EXACT or quantity.scale > 1:
            continue
        lead = patterns.sub(r"[（(][^（()）]*[)）]", "", text[parts[-1].end if parts else begin : quantity.start])
        semicolon = bool(patterns.search("[；;]", lead))
        if parts and not semicolon and patterns.search(r"其中|包括|^\s*[，,]\s*(?:含|包含)", lead):
            # A list within the list tells of the part before it; what follows cannot be told apart.
            nested = True
            break
        own_verb = patterns.search(r"结转|办结|化解|答复|同比", lead)
        if parts and own_verb and not patterns.search(own_verb[0], text[begin : parts[0].start]):
            break
        if parts and patterns.search(r"共|合计|总计", lead):
            break
        if len(parts) == 1:
            by_semicolon = semicolon
        elif parts and semicolon and not by_semicolon:
            # Parts divided by commas end at a semicolon; what follows is another matter.
            end = quantity.start
            break
        parts.append(quantity)
    return _Listing(text, total, introduction, begin, end, stretch, inner, tuple(parts), nested)


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
    """A text without what stands in brackets, where there are brackets in the list."""
    return patterns.sub(r"[（(][^（()）]*[)）]", "", text) if inner else text


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
