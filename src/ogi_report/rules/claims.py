"""What sentences claim of the tables: 收到申请35件, 予以公开12件, 未发生行政复议, each with its possible readings.

A claim is read only where the words around a number say plainly what it counts; whatever speaks of another year,
another body, one channel or one kind of applicant claims nothing. Several readings of one number are usual (受理 may
or may not include what was carried in); a claim is wrong only if no reading fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ogi_report.prose import Paragraph, Quantity, Sentence, patterns

Reading = tuple[str, ...]
"""Keys whose numbers are added: `applications.received` (a row's total), `remedies.review.total` (a cell)."""


@dataclass(frozen=True)
class Claim:
    """A number (or, where `quantity` is None, a nought in words) that a sentence gives to something in the tables.

    `declared` is the sum that the author bound the number to; then nothing is guessed, and there are no `readings`.
    """

    rule: str
    what: str
    sentence: Sentence
    quantity: Quantity | None
    readings: tuple[Reading, ...]
    span: tuple[int, int]
    declared: int | Decimal | None = None
    beside: tuple[Quantity, ...] = ()
    """Numbers of the same kind in the same sentence: bodies or channels listed one by one, or a total and its parts."""

    @property
    def place(self) -> int:
        return self.sentence.start + self.span[0]


@dataclass(frozen=True)
class Phrase:
    """A quantity with the words that belong to it: `before` back to the last number or clause, `after` to the next."""

    sentence: Sentence
    quantity: Quantity
    before: str
    after: str
    lead: str

    @property
    def around(self) -> str:
        return f"{self.before}#{self.after}"


_FAMILIES = (
    (r"诉讼|起诉|litigation", "N-LIT"),
    (r"复议|review", "N-REVIEW"),
    (r"规章|规范性文件|rules|normative", "N-DOCS"),
    (r"本年新收|received", "N-RECV"),
    (r"上年结转|carried_in", "N-CIN"),
    (r"结转下年度|carried_out", "N-COUT"),
    (r"办理结果总计|总计|handled_total", "N-HANDLED"),
)


def family_of(meaning: str) -> str:
    """The rule that speaks of what a number was bound to.

    >>> family_of("received+carried_in"), family_of("不予公开")
    ('N-RECV', 'N-CATEGORY')
    """
    return next((rule for pattern, rule in _FAMILIES if patterns.search(pattern, meaning)), "N-CATEGORY")


# -- phrases -----------------------------------------------------------------------------------------------------------

_CUT = re.compile(r"[，,；;。：:、（）()]|\n")
_LIGHT = re.compile(
    r"[\s“”\"]*(?:其中|共计|总计|合计|累计|共有|共|计|有|为|达到|达|是|约|总数|总量|数量|件数|全年|全部|均|已|年内|本年度?|分别|仅|只|也|另|另有|还有|则)*\s*"
)


_SPACE = re.compile(r"\s+")
_EVERYBODY = re.compile(r"(?:公民|自然人)、法人(?:和|或|及|或者|以及|、)?(?:者)?其他组织")
_HEDGE = re.compile(r"(?:不足|不到|接近|将近|近|大约|大概|约|超过|超|逾|突破|多达)\s*$")


def phrases(sentence: Sentence) -> Iterator[Phrase]:
    """Yields each quantity of a sentence with the words before and after it."""
    text, quantities = sentence.text, sentence.quantities
    for number, quantity in enumerate(quantities):
        begin = quantities[number - 1].end if number else 0
        end = quantities[number + 1].start if number + 1 < len(quantities) else len(text)
        after = text[quantity.end : end]
        if number + 1 < len(quantities):
            # The words just before the next number are that number's.
            cuts = [match.start() for match in _CUT.finditer(after)]
            after = after[: cuts[-1]] if cuts else ""
        before = _before(_all_applicants(text[begin : quantity.start]), follows_a_number=number > 0)
        lead = _all_applicants(text[: quantity.start])
        yield Phrase(sentence, quantity, *(_SPACE.sub("", words) for words in (before, after, lead)))


def _all_applicants(text: str) -> str:
    """公民、法人和其他组织 are everybody, not a list and not one kind of applicant."""
    return _EVERYBODY.sub("群众", text)


def _before(stretch: str, follows_a_number: bool) -> str:
    """The last clause of a stretch; a clause of empty words (“，共”) takes the one before it along.

    The clause right behind a number is that number's: 3件予以公开，2件不予公开.
    """
    if (whole := patterns.sub(r"[（(][^（()）]*[)）]\s*$", "", stretch)).strip():
        stretch = whole
    stretch = _HEDGE.sub("", stretch)
    clauses = _CUT.split(stretch)
    taken = clauses.pop()
    while len(clauses) > follows_a_number and _LIGHT.fullmatch(taken):
        taken = clauses.pop() + taken
    return taken.strip()


# -- what makes a sentence speak of something else ---------------------------------------------------------------------

_OTHER_PERIOD = re.compile(
    r"上半年|下半年|[一二三四1-4]季度|以来|历年|近[两二三四五六七八九十\d]+年|[两二三四五六七八九十\d]年来|五年间|前三年|(?<!临)近年(?![底末关终])|往年|每年|每月|月均|日均"
    r"|截[至止]\s*(?:20\d{2}\s*年)?\s*(?:[1-9]|1[01])月|截[至止]\s*(?:20\d{2}\s*年)?\s*12月(?!\s*31|底|末)|同期|前年"
    r"|截[至止](?:本?年?度?报告)?(?:发布|公布|公开|报送|编制)"
)
_LAST_YEAR = re.compile(
    r"(?<![比较同与和对])(?<!结转)(?<!承接)(?:上年度?|去年|上一年度?)(?!度?(?:未办结|无|没有|未有)?(?:结转|转结|转入|遗留))"
)
_YEAR = re.compile(r"(比|较|与|同|和|对照|〔|\[)?\s*(20\d{2})\s*年")
_OTHER_BODY = re.compile(
    r"下属|所属|直属|下级|分局|科室|股室|派出机构|二级单位|事业单位|某(?:县|区|市|镇|乡|局|街道|单位|部门)|[甲乙丙丁](?:县|区|市|镇|乡|局)|分地区|分部门|分区域|(?:部分|个别|有的|一些|多数|大部分|少数)[^，。；]{0,3}(?:乡镇|镇|街道|部门|单位|机关|科室)|兄弟单位|其他部门|其他单位"
    r"|(?:司法|公安|教育|民政|卫健|住建|城管|自然资源|市场监管|人社)(?:部门|系统|机关)"
)
_SEVERAL_BODIES = re.compile(
    r"(?:^|[，、；：。])[\u4e00-\u9fff]{1,8}(?:县|区|市|镇|乡|街道|局|委)(?:共|新)?(?:收到|受理|办结)"
)
_EACH_BODY = re.compile(r"各(?:镇|乡|街道|部门|单位|科室|县|区|市直|委办局|股室)")
_WHOLE_AREA = re.compile(r"全(?:省|市|县|区|镇|系统|州|盟|旗)(?!政府信息公开工作)")


@dataclass(frozen=True)
class Surroundings:
    """What of a report decides whom its sentences speak of."""

    year: int
    other_names: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    covers_area: bool = True


_COMPARED = re.compile(
    r"(?:比|较|与|同|和|对照)\s*(?:(?P<year>20\d{2})\s*年度?|上年度?|去年|上一年度?)"
    r"(?![^，,。；;]*(?:相比|增|减|上升|下降|提高|降低|回落|持平|多|少|翻))[^，,。；;]*$"
)
"""A number right behind the year that this one is compared with: 与2023年收到17件申请相比."""


def speaks_of_another(text: str, about: Surroundings) -> bool:
    """Whether a sentence, up to a number, is about another year, part of the year, or another body."""
    if (compared := _COMPARED.search(text)) and compared["year"] != str(about.year):
        return True
    years = [(match[1], int(match[2])) for match in _YEAR.finditer(text)]
    if years and all(found != about.year for _, found in years) and any(not compared for compared, _ in years):
        return True
    clause = text[-40:]
    if _OTHER_PERIOD.search(text) or _LAST_YEAR.search(clause) or _OTHER_BODY.search(clause):
        return True
    if len(_SEVERAL_BODIES.findall(text)) > 1:
        return True
    if not about.covers_area and (_WHOLE_AREA.search(text) or _EACH_BODY.search(clause)):
        return True
    return any(name in clause and not any(name in own for own in about.own_names) for name in about.other_names)


# -- applications ------------------------------------------------------------------------------------------------------

_OBJECT = (
    r"(?:的|了|过|到|各类|有关|书面|有效|公民|群众|社会公众|申请人|、|法人|和|其他组织|提出|提交)*"
    r"(?:政府信息依申请公开|依申请公开(?:政府)?信息|依申请(?:政府)?信息公开|政府信息公开|依申请公开|信息公开|公开(?:政府)?信息|申请公开(?:政府)?信息|公开)?(?:工作)?(?:的)?(?:书面)?(?:申请(?!人)|事项(?=$)|件(?=$))?(?:表|书|件)?"
)
_TAIL = r"(?:的)?(?:数量|总数|总量|件数|量)?(?:共计|总计|合计|累计|共|计|有|为|是|达到|达|数|已|均|分别|各|约|\s)*$"
_RECEIVE = re.compile(rf"(?:收到|受理|接收|接到|收悉|收取|收件|登记)(?P<object>{_OBJECT}){_TAIL}")
_NEW = re.compile(rf"(?:新收|新增|新受理|新接收)(?:到)?(?P<object>{_OBJECT}){_TAIL}")
_APPLICATIONS_ARE = re.compile(
    r"(?:信息公开申请|依申请公开(?:申请|件|政府信息)?|公开申请)(?:总数|总量|数量|件数|总计|共计|共|为|计|达|合计|有|\s)*$"
)
_OBJECT_AFTER = re.compile(
    r"\s*(?:有关|书面|各类|群众)?(?:的)?(?:政府信息|信息|依申请)公开(?:政府信息)?(?:的)?申请|\s*依申请公开|\s*公开申请|\s*申请"
)
_HANDLE = re.compile(
    rf"(?P<verb>答复完毕|办理完毕|处理完毕|办毕|办结|答复|审结|办理|处理)(?:了)?(?:申请人)?(?P<object>{_OBJECT}){_TAIL}"
)
_HANDLED_AFTER = re.compile(
    r"\s*(?:政府信息公开|依申请公开)?(?:申请)?(?:已|均已|全部|已全部|均|已经)(?:依法|依规)?(?:办结|答复|办理完毕|处理完毕|作出答复)"
)
_TOPIC = re.compile(r"信息公开申请|依申请|公开申请|申请公开|(?<!复议)(?<!许可)(?<!行政)申请(?!材料|执行|表|补贴)")

_NOT_ALL = re.compile(
    r"网|线上|在线|信函|邮[寄件政]|信件|当面|现场|窗口|传真|电子|自然人|公民个人|个人|法人|企业|商业|科研|公益|法律服务|涉及|关于|有关于"
    r"|(?<![各分])类|内容|按期|按时|延期|逾期|超期|提前|当场|口头|电话|不属于|非本|转办|移送|撤回|补正|征求|平均|平台|来自|以.{0,8}形式|通过|方式"
)
_OTHER_CHANNEL = re.compile(r"平台|网上|网络|在线|当面|口头|电话|邮件")
"""Beside one of these, 书面 is a channel of its own; else every application is made in writing."""
_NOT_OURS = re.compile(
    r"许可|复议|诉讼|起诉|应诉|听证|救助|补贴|补助|立项|查档|咨询|投诉|信访|举报|建议|提案|意见|留言|热线|工单|来电|来信|来访|来函|审批|登记|确权|仲裁|执行|公证|赔偿"
    r"|政务服务|办件|信箱|诉求|案件|低保|资质|备案|检查|处罚|奖励|报名|稿件|问答|提问|反馈|舆情|事项审|网民|公文|文件|解读|回应|查询"
)

_SYNONYMS: dict[str, str] = {
    "granted": r"(?<![不主部分])(?:予以公开|同意公开|准予公开|全部公开|全部予以公开)",
    "partially_granted": r"(?:予以)?部分(?:予以)?公开|区分处理",
    "denied": r"不予(?:以)?公开|不同意公开|不公开",
    "unavailable": r"无法提供|不能提供|未能提供",
    "not_processed": r"不予(?:以)?处理|不作处理",
    "other": r"其[他它](?:方式)?处理|作其[他它]处理",
}
"""How texts name the outcomes of table 三, beside the form's own words; a group stands for its derived sum."""

_REASONS: dict[str, str] = {
    "denied.state_secret": r"国家秘密",
    "denied.other_law": r"(?:其他)?法律[、,，]?行政法规禁止",
    "denied.security_stability": r"三安全一稳定",
    "denied.third_party": r"第三方合法权益",
    "denied.internal_affairs": r"内部事务",
    "denied.process_info": r"过程性",
    "denied.enforcement_file": r"执法案卷",
    "denied.admin_query": r"行政查询",
    "unavailable.not_held": r"不掌握|不存在",
    "unavailable.must_create": r"没有现成|另行制作|需要?(?:加工|汇总)",
    "unavailable.still_unclear": r"补正后",
    "not_processed.petition": r"信访|举报|投诉",
    "not_processed.repeat": r"重复申请",
    "not_processed.publication": r"公开出版物",
    "not_processed.excessive": r"大量[、]?反复",
    "not_processed.reconfirm": r"重新出具|确认",
    "other.no_correction": r"逾期不补正|逾期未补正|不补正",
    "other.fee_unpaid": r"未缴|不缴|未按收费",
}
"""Words by which texts name the reasons in table 三."""

_AND_TAIL = r"[”\"]?(?:的)?(?:政府信息公开)?(?:申请|答复|决定|处理|情形|信息|告知|事项|类|书|共)*(?:的)?(?:有|共计|共|计|为|是|达|合计|数|量|\s|“|”)*$"
_BEFORE_NAME = r"(?:申请)?[，,]?(?:的|中|里)?(?:作出|作|给予|予以|决定|答复|为|是|属于|属|系|因|被|按|予|\s|“)*"


def _application_claims(phrase: Phrase, about: Surroundings) -> Iterator[tuple[str, str, tuple[Reading, ...]]]:
    before, after, lead = phrase.before, phrase.after, phrase.lead
    clause = before + after[: (match.start() if (match := _CUT.search(after)) else len(after))]
    received, both = ("applications.received",), ("applications.received", "applications.carried_in")
    handled = ("applications.handled_total",)

    if carried := _carried(phrase, about):
        yield carried
        return
    if found := _category(phrase):
        yield found
        return
    if _NOT_OURS.search(before) or _NOT_OURS.search(after[:8]) or _NOT_ALL.search(clause):
        return
    part = bool(patterns.search(r"其中[^；;。]*$", lead))
    if match := _NEW.search(before):
        if _on_applications(phrase) or _OBJECT_AFTER.match(after):
            yield "N-RECV", "新收的申请", (received,)
        return
    if patterns.search(r"(?:约|近|超|逾)(?:收到|受理|办结|办理|答复)[^，。；]{0,6}$", before):
        return
    if match := _RECEIVE.search(before):
        on_paper = "书面" in match["object"] and _OTHER_CHANNEL.search(phrase.sentence.text)
        if not part and not on_paper and (_OBJECT_AFTER.match(after) or _on_applications(phrase)):
            yield "N-RECV", "收到的申请", (received, both)
        return
    if match := _HANDLE.search(before):
        if patterns.search(r"结转|顺延|下一?年|次年", before):
            return
        strict = match["verb"] not in ("办理", "处理")
        named = any(patterns.search(words, before) for words in _SYNONYMS.values())
        if not _on_applications(phrase) or part or named:
            return
        others = () if strict else (received, both)
        yield "N-HANDLED", "办理结果总计", (handled, *others, *_answered_only(match["verb"]))
        return
    if _APPLICATIONS_ARE.search(before) and not part:
        yield "N-RECV", "政府信息公开申请", (received, both, handled)
        return
    if _HANDLED_AFTER.match(after) and not before and not part and _on_applications(phrase):
        yield "N-HANDLED", "办理结果总计", (handled, received, both)


def _answered_only(verb: str) -> tuple[Reading, ...]:
    """答复 may leave out what needed no answer: 不予处理 and 其他处理."""
    if not verb.startswith("答复"):
        return ()
    answered = tuple(f"applications.{row}" for row in ("granted", "partially_granted", "denied", "unavailable"))
    return (answered, (*answered, "applications.not_processed"))


_OURS = re.compile(r"信息公开申请|依申请|公开申请|申请公开|申请信息公开")
_ANY = re.compile(r"申请(?!人)")
_PLAIN = re.compile(
    r"(?:^|[\s，。；：、（(“”\d]|收到|受理|新收|接收|接到|收悉|各类|书面|有效|结转|办结|应办|答复|办理|处理|重复|此类|该类|类|的|对|件|宗|起|上述|全部|所有|群众|公民|组织|个人|提交|提出|其中|剩余|其余|因|全年|年度|下年度?|上年度?)$"
)


def _mentions(text: str) -> tuple[int, int]:
    """Where a text last speaks of our applications, and where of anything else that is applied for or handled."""
    text = patterns.sub(r"[（(][^（()）]*[)）]|征求[^，。；]{0,6}意见", lambda aside: "，" * len(aside[0]), text)
    ours = [match.end() for match in _OURS.finditer(text)]
    foreign = [match.end() for match in _NOT_OURS.finditer(text)]
    for match in _ANY.finditer(text):
        if match.end() not in ours and not any(o.start() <= match.start() < o.end() for o in _OURS.finditer(text)):
            (ours if _PLAIN.search(text[: match.start()]) else foreign).append(match.end())
    return max(ours, default=-1), max(foreign, default=-1)


_ANSWERED = re.compile(
    r"(?:(?:部分公开|无法提供|不予处理)[”\"]?(?:的)?(?:答复|告知|决定)(?:书)?"
    r"|作出[“\"]?不予公开[”\"]?(?:的)?(?:答复|决定)(?:书)?)(?:的)?(?:共计|共有|共|计|有)?$"
)
"""Nothing but an application is answered in the words of table 三."""


def _on_applications(phrase: Phrase) -> bool:
    """Whether the talk is of applications: by the nearest mention of a subject before the number."""
    sentence = phrase.sentence
    paragraph = sentence.paragraph
    upto = paragraph.text[: sentence.start - paragraph.start]
    for text in (f"{phrase.lead}，{_CUT.split(phrase.after)[0]}", upto):
        ours, foreign = _mentions(text)
        if ours >= 0 or foreign >= 0:
            return ours >= foreign
    named = sum(bool(patterns.search(words, sentence.text)) for words in _SYNONYMS.values())
    return sentence.chapter == 3 or named >= 3 or bool(_ANSWERED.search(phrase.before))


def _carried(phrase: Phrase, about: Surroundings) -> tuple[str, str, tuple[Reading, ...]] | None:
    before, after = phrase.before, phrase.after
    if patterns.search(r"复议|诉讼|案件|资金|余额|建议|提案", before + after[:12]):
        return None
    ours, foreign = _mentions(f"{phrase.lead}，{_CUT.split(phrase.after)[0]}")
    if foreign > ours:
        return None
    last = rf"(?:上年度?|去年|上一年度?|{about.year - 1}年度?)"
    following = rf"(?:下一?年度?|次年|明年|来年|{about.year + 1}年度?)"
    into, out = (("applications.carried_in",),), (("applications.carried_out",),)
    if patterns.search(
        rf"{last}(?:未办结|跨年)?(?:度)?(?:因[^，。；]{{0,14}})?(?:结转|转结|转入|遗留)(?:而来|下来|至今年|到今年|至本年度?|到本年度?|本年度?)?(?:继续)?(?:办理)?(?:的)?{_OBJECT}{_TAIL}"
        rf"|(?:结转|承接){last}(?:度)?(?:未办结|尚未办结)?(?:的)?{_OBJECT}{_TAIL}",
        before,
    ) or patterns.match(rf"\s*(?:申请)?(?:为|系|是|属于)?{last}(?:度)?(?:结转|转入|遗留)", after):
        return "N-CIN", "上年结转的申请", into
    if patterns.search(
        rf"(?:结转|转结|顺延|转入|延续|延至|跨年|转)(?:至|到|入)?{following}(?:度)?(?:继续)?(?:办理|处理|答复|办结)?(?:的)?{_OBJECT}{_TAIL}",
        before,
    ) or patterns.match(
        rf"(?:(?!无|没有|未有|不存在|零)[^。；;]){{0,28}}?(?:结转|顺延|转入|延至|转)(?:至|到|入)?{following}",
        after,
    ):
        return "N-COUT", "结转下年度的申请", out
    if patterns.search(rf"(?:结转|顺延)(?:的)?(?:申请)?{_TAIL}", before) and _on_applications(phrase):
        return "N-COUT", "结转的申请", (*out, *into)
    open_before = patterns.search(
        r"(?:尚在办理|正在办理|尚未办结|未办结|在办|尚未答复|正在办理中|尚在办理中|办理中)(?:的)?(?:申请)?(?:有|共)?$",
        before,
    )
    if open_before and _on_applications(phrase):
        return "N-COUT", "尚未办结的申请", (*out, *into)
    return None


_ATTRIBUTES = re.compile(r"主动公开[^，。；、]{0,10}[，、][^，。；、\d]{0,4}依申请公开")
"""What documents are marked with when they are drafted; 不予公开 beside these is no outcome of an application."""


def _category(phrase: Phrase) -> tuple[str, str, tuple[Reading, ...]] | None:
    """An outcome of table 三 that a number is given to: a row or a group, by the words next to the number."""
    before, after = phrase.before, phrase.after
    if patterns.search(
        r"自然人|法人|企业|社会公益|科研机构|法律服务|被|撤销|纠正|主动|条目|率|目录|复议|诉讼|征求|文件|上年|去年|同期|评估",
        before,
    ):
        return None
    if patterns.search(rf"公开(?:和|、|及|与|以及)(?:予以)?部分公开{_AND_TAIL}", before) and _on_applications(phrase):
        both = ("applications.granted", "applications.partially_granted")
        return "N-CATEGORY", "予以公开和部分公开", (both, both[1:])
    if _ATTRIBUTES.search(phrase.sentence.text):
        return None
    groups = [row for row, words in _SYNONYMS.items() if patterns.search(f"(?:{words}){_AND_TAIL}", before)]
    reasons = [row for row, words in _REASONS.items() if patterns.search(words, before)]
    if (
        not groups
        and not reasons
        and patterns.fullmatch(r"[\s，,、；;：:]*(?:其中|另有|有|另|还有|和|及|与|以及|对)?\s*", before)
    ):
        groups = [row for row, words in _SYNONYMS.items() if patterns.match(f"{_BEFORE_NAME}(?:{words})", after)]
        clause = after[: (match.start() if (match := patterns.search(r"[，,；;。、]", after)) else len(after))]
        reasons = [row for row, words in _REASONS.items() if patterns.search(words, clause)]
    if len(groups) == 1 and _on_applications(phrase):
        rows = [groups[0], *(row for row in reasons if row.startswith(f"{groups[0]}."))]
        if reasons and len(rows) == 1:
            return None
        readings: list[Reading] = [(f"applications.{row}",) for row in rows]
        if len(rows) > 2:
            readings = [readings[0], tuple(f"applications.{row}" for row in rows[1:])]
        included = patterns.search(r"公开\s*[（(]含[^（）()]{0,4}部分公开[^（）()]{0,4}[）)]\s*$", phrase.lead)
        if groups[0] == "granted" and (included or "部分公开" not in phrase.sentence.text):
            readings.append(("applications.granted", "applications.partially_granted"))
        return "N-CATEGORY", _CHINESE[groups[0]], tuple(readings)
    if not groups and len(reasons) == 1 and _on_reason(phrase, reasons[0]):
        row = reasons[0]
        return (
            "N-CATEGORY",
            f"{_CHINESE[row.partition('.')[0]]}的具体情形",
            (
                (f"applications.{row}",),
                (f"applications.{row.partition('.')[0]}",),
            ),
        )
    return None


_CHINESE = {
    "granted": "予以公开",
    "partially_granted": "部分公开",
    "denied": "不予公开",
    "unavailable": "无法提供",
    "not_processed": "不予处理",
    "other": "其他处理",
}


def _on_reason(phrase: Phrase, row: str) -> bool:
    """A reason alone is a claim only after its outcome's name in the same sentence: 不予处理5件，其中信访类3件."""
    group = _SYNONYMS[row.partition(".")[0]]
    words = _REASONS[row]
    named = patterns.search(group, phrase.lead)
    close = patterns.search(f"(?:{words})[^，,；;、]{{0,12}}$", phrase.before) or patterns.match(
        rf"\s*(?:申请)?(?:属于|因|涉及|为|系|属)(?:[^，,；;、]{{0,6}})(?:{words})", phrase.after
    )
    return bool(named and close)


# -- reviews and lawsuits ----------------------------------------------------------------------------------------------

_REVIEW = r"(?:行政)?复议(?:申请|案件|案|请求)?"
_LAWSUIT = r"(?:行政诉讼|诉讼|行政应诉)(?:案件|案)?"
_OTHER_CASES = re.compile(
    r"一审|二审|再审|上诉|执行|开庭|出庭|旁听|审查|审理(?!中)|代理|指导|调解|和解|作为复议机关|办理(?:行政)?复议|受理(?:行政)?复议|负责人|应诉率|民事|办结(?:行政)?复议|新收(?:行政)?复议"
)
_DISCLOSURE = re.compile(r"信息公开|依申请公开|公开申请|申请公开|公开答复|公开工作")
_RESULTS = {
    "upheld": r"(?:结果)?(?:予以)?维持(?:原[^，,、；;]{0,8})?(?:的|结果|决定)?",
    "corrected": r"(?:结果)?(?:被|予以)?纠正(?:的|结果)?",
    "other": r"其[他它]结果(?:的)?",
    "pending": r"(?:尚未审结|未审结|正在审理|尚在审理|审理中|尚未办结|在审)(?:中)?(?:的)?(?:案件)?",
}


def _case_claims(phrase: Phrase) -> Iterator[tuple[str, str, tuple[Reading, ...]]]:
    before, after = phrase.before, phrase.after
    if patterns.search(r"(?<![经被])复议机关|复议机构|司法局", phrase.sentence.text):
        return
    if not _about_disclosure(phrase) or _OTHER_CASES.search(before) or _OTHER_CASES.search(_CUT.split(after)[0]):
        return
    blocks = _blocks(phrase)
    for field, words in _RESULTS.items():
        tail = r"(?:申请|答复|决定|案件)*(?:有|共|为|计|\s)*$"
        alone = patterns.fullmatch(r"[\s，,、；;：:]*(?:其中|另有|有|另|还有|和)?\s*", before)
        if patterns.search(f"{words}{tail}", before) or (
            alone and patterns.match(rf"\s*(?:被|为|结果|已|的)*{words}", after)
        ):
            if blocks:
                yield _rule_of(blocks), f"{_block_name(blocks)}中“{_RESULT_NAMES[field]}”", _cells(blocks, field)
            return
    if patterns.search(r"维持|纠正|撤销|驳回|胜诉|败诉|违法|终止|撤回|结果|不予受理|审结", before):
        return
    tail = r"(?:的)?(?:数量|总数)?(?:共计|共|计|有|为|是|达|合计|总计|累计|发生|均为|\s)*$"
    both = patterns.search(rf"{_REVIEW}(?:和|、|及|与|或|以及|或者)[^，。；]{{0,20}}{_LAWSUIT}{tail}", before)
    if both:
        total = ("remedies.review.total", "remedies.litigation.total")
        yield "N-REVIEW", "行政复议和行政诉讼", (total, total[:1], total[1:])
    elif patterns.search(f"{_LAWSUIT}{tail}", before) and patterns.search(
        f"{_REVIEW}[、和及与]$", phrase.lead.removesuffix(before)
    ):
        yield "N-REVIEW", "行政复议和行政诉讼", (("remedies.review.total", "remedies.litigation.total"),)
    elif patterns.search(rf"(?:未经复议[^，。；、]{{0,4}}(?:起诉|诉讼|提起)){_OPTIONAL}{tail}", before):
        yield "N-LIT", "未经复议直接起诉", (("remedies.litigation_direct.total",),)
    elif patterns.search(rf"(?:复议后[^，。；、]{{0,4}}(?:起诉|诉讼|提起)){_OPTIONAL}{tail}", before):
        yield "N-LIT", "复议后起诉", (("remedies.litigation_after_review.total",),)
    elif patterns.search(f"{_LAWSUIT}{tail}", before) or (
        _verb_only(before) and patterns.match(rf"\s*[^，。；、]{{0,16}}{_LAWSUIT}", after)
    ):
        if "复议" not in before or "未经复议" in before:
            yield "N-LIT", "行政诉讼", (("remedies.litigation.total",),)
    elif patterns.search(f"{_REVIEW}{tail}", before) or (
        _verb_only(before) and patterns.match(rf"\s*[^，。；、]{{0,16}}{_REVIEW}(?!后)", after)
    ):
        yield "N-REVIEW", "行政复议", (("remedies.review.total",),)


_OPTIONAL = r"(?:的)?(?:政府信息公开)?(?:行政)?(?:诉讼)?(?:案件|案)?"
_RESULT_NAMES = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}


def _verb_only(before: str) -> bool:
    return bool(patterns.search(r"(?:发生|收到|产生|引发|涉及|有|被提起|共|新增|出现)(?:了)?$", before.strip()))


def _about_disclosure(phrase: Phrase) -> bool:
    """Cases count here if they are about disclosure: the chapter, the sentence or its paragraph says so."""
    sentence = phrase.sentence
    if patterns.search(r"其中[^。；，]{0,10}信息公开", sentence.text[phrase.quantity.end :]):
        # What comes first is then the number of all cases, whatever they were about.
        return False
    if sentence.chapter == 4 or _DISCLOSURE.search(sentence.text):
        return True
    paragraph = sentence.paragraph
    return bool(
        patterns.search(
            r"依申请公开|信息公开(?:申请|类?(?:争议|案件|行政争议|纠纷))",
            paragraph.text[: sentence.start - paragraph.start],
        )
    )


def _blocks(phrase: Phrase) -> tuple[str, ...]:
    """Which blocks of table 四 the nearest words before a number name."""
    paragraph = phrase.sentence.paragraph
    start = phrase.sentence.start - paragraph.start
    # What stands in brackets is said of the number before them, not of what follows.
    before = patterns.sub(r"[（(][^（()）]*[)）]", "", paragraph.text[:start] + phrase.lead)
    text = before + _CUT.split(phrase.after)[0][:12]
    found = list(patterns.finditer(r"未经复议直接|复议后|复议|诉讼|起诉|法院", text))
    if not found:
        return ()
    last = found[-1][0]
    if last in ("诉讼", "起诉") and len(found) > 1 and found[-1].start() - found[-2].end() < 3:
        last = found[-2][0]
    return {
        "未经复议直接": ("litigation_direct",),
        "复议后": ("litigation_after_review",),
        "复议": ("review",),
    }.get(last, ("litigation_direct", "litigation_after_review"))


def _rule_of(blocks: Sequence[str]) -> str:
    return "N-REVIEW" if blocks == ("review",) else "N-LIT"


def _block_name(blocks: Sequence[str]) -> str:
    names = {"review": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}
    return names[blocks[0]] if len(blocks) == 1 else "行政诉讼"


def _cells(blocks: Sequence[str], field: str) -> tuple[Reading, ...]:
    cells = tuple(f"remedies.{block}.{field}" for block in blocks)
    return (cells, *((cell,) for cell in cells)) if len(cells) > 1 else (cells,)


# -- documents ---------------------------------------------------------------------------------------------------------

_MAKE = r"(?:制发|制定|出台|印发|发布|新制定|新制发|修订|公布|公开|新增|新制作|下发|出台了|制作)"
_DOCUMENTS = r"(?:行政)?规范性文件"
_NOT_ISSUED = re.compile(
    r"审查|审核|备案|清理(?!废止)|解读|评估|起草|征求|累计|历年|涉及|转发|梳理|党内|拟|列入|报备|公平竞争|听证|社会稳定"
)
_TAIL_DOCS = r"(?:的)?(?:文本)?(?:数量)?(?:共计|共|计|有|为|达|总计|合计|\s)*$"


def _document_claims(phrase: Phrase) -> Iterator[tuple[str, str, tuple[Reading, ...]]]:
    before, after = phrase.before, phrase.after
    if phrase.quantity.unit not in ("件", "部", "份", "个", "项") or _NOT_ISSUED.search(before + _CUT.split(after)[0]):
        return
    for row, words in (("normative", _DOCUMENTS), ("rules", r"(?<!方)(?:政府|部门)?规章(?!制度)")):
        named = patterns.search(f"{words}{_TAIL_DOCS}", before) or patterns.match(rf"\s*{words}", after)
        if not named:
            continue
        verb = before + patterns.split("[，,；;。、]", after)[0]
        if patterns.search(rf"{_MAKE}[^，。；\d]*\d+[件部]、$", phrase.lead.removesuffix(before)):
            verb = "制发" + verb
        what = "规范性文件" if row == "normative" else "规章"
        keys = {
            name: f"disclosure.{row}.{name}"
            for name in ("issued", "repealed", "in_force", "new_made", "new_public", "public_total")
        }
        if patterns.search(r"废止|失效|宣布失效|清理废止", verb):
            if patterns.search(rf"{_MAKE}|修改", verb):
                return
            yield "N-DOCS", f"废止的{what}", ((keys["repealed"],),)
        elif patterns.search(r"现行有效|继续有效|有效期内|保留", verb):
            yield "N-DOCS", f"现行有效的{what}", ((keys["in_force"],), (keys["public_total"],))
        elif patterns.search(_MAKE, verb):
            made: tuple[Reading, ...] = ((keys["issued"],), (keys["new_made"],), (keys["new_public"],))
            if patterns.search(r"公开|公布|发布", verb):
                made = (*made, (keys["in_force"],), (keys["public_total"],))
            yield "N-DOCS", f"制发的{what}", made


# -- noughts in words --------------------------------------------------------------------------------------------------

_NOUGHT = re.compile(
    r"(?:(?:均|也|暂|尚|从|亦)?(?:未曾|未|没有|没)(?:有)?(?:收到|接到|受理|接收|发生|产生|出现|引发|涉及|提起|被提起|被申请|有|办理)?(?:过)?|(?<![有尚或])无|零)"
    r"(?P<object>[^，,。；;：:（）()]{2,48})"
)
_FILLERS = re.compile(
    r"任何|自然人|以及|其他组织|其他|相关|有关|公民|法人|组织|群众|社会公众|申请人|当事人|本机关|本单位|我[局办委镇乡县区市厅]|本[局办委镇乡县区市级厅]|被提起|被申请|提起|提出|提交|申请的|引起|引发|导致|产生|发生|受理|收到|涉及"
    r"|因|由|与|对|向|就|关于|针对|不服|的|而|和|及|以及|或者|或|与|、|等|均|也|过|被|情况|情形|事项|事件|案件|案例|现象|件|投诉|举报|工作|年度|本年|方面|一起|1起|一件|一例|起|新收|新增|上级|依法|政务|书面|无|没有|政府信息公开(?!申请)|信息公开(?!申请)|公开政府信息|答复|“|”|\s"
)
_TARGETS: tuple[tuple[str, str, str], ...] = (
    (r"(?:上年|去年|上一年)度?结转(?:的)?(?:申请)?", "applications.carried_in", "上年结转的申请"),
    (
        r"结转(?:至|到)?(?:下|次|明)一?年度?(?:继续)?(?:办理)?(?:的)?(?:申请)?",
        "applications.carried_out",
        "结转下年度的申请",
    ),
    (r"不予公开", "applications.denied", "不予公开的申请"),
    (r"不予处理", "applications.not_processed", "不予处理的申请"),
    (
        r"(?:政府信息|信息)?依申请(?:公开)?(?:政府)?信息公开(?:的)?(?:申请|事项|件)?|依申请公开(?:的)?(?:政府信息|信息)?(?:申请|事项|件)?|(?:要求|申请)?(?:政府)?信息公开(?:的)?申请|(?:要求|申请)?公开(?:政府)?(?:信息)?(?:的)?申请|申请公开(?:政府)?信息(?:的申请)?|(?<!复议)申请(?=[、和或及的情事]|$)",
        "applications.received",
        "收到的申请",
    ),
    (r"行政复议(?:申请|案件)?|复议(?:申请|案件)?", "remedies.review.total", "行政复议"),
    (r"行政诉讼(?:案件|请求)?|诉讼(?:案件)?", "remedies.litigation.total", "行政诉讼"),
)


def _noughts(sentence: Sentence, about: Surroundings) -> Iterator[Claim]:
    for match in _NOUGHT.finditer(sentence.text):
        lead = sentence.text[: match.start()]
        if speaks_of_another(lead + match["object"], about) or patterns.search(r"[其各]中?[^，。；]{0,6}$", lead[-3:]):
            continue
        rest = match["object"]
        found: list[tuple[str, str]] = []
        for pattern, key, what in _TARGETS:
            if patterns.search(pattern, rest):
                found.append((key, what))
                rest = patterns.sub(pattern, "", rest)
        if not found or _FILLERS.sub("", rest):
            continue
        disclosure = (
            sentence.chapter in (3, 4)
            or _DISCLOSURE.search(sentence.text)
            or _DISCLOSURE.search(sentence.paragraph.text)
        )
        if not disclosure and patterns.search("许可|信访|处罚", sentence.text):
            continue
        end = match.start() + len(match[0].rstrip())
        for key, what in found:
            if key == "applications.received" and patterns.search(r"按期|逾期|超期|撤回|驳回", match["object"]):
                continue
            if key == "applications.received" and _one_kind_only(match["object"]):
                continue
            yield Claim("N-ZEROCLAIM", what, sentence, None, ((key,),), (match.start(), end))


def _one_kind_only(text: str) -> bool:
    """Whether a text speaks of natural persons or of organisations alone."""
    persons = bool(patterns.search(r"自然人|公民|个人|群众|居民|村民", text))
    bodies = bool(patterns.search(r"法人|组织|企业|公司|科研|法律服务", text))
    return persons != bodies


# -- together ----------------------------------------------------------------------------------------------------------


def claims_of(paragraphs: Sequence[Paragraph], about: Surroundings) -> list[Claim]:
    """Returns every claim of a text about the tables, in the text's order."""
    found: list[Claim] = []
    finders: tuple[Callable[[Phrase], Iterator[tuple[str, str, tuple[Reading, ...]]]], ...] = (
        lambda phrase: _application_claims(phrase, about) if phrase.quantity.is_cases else iter(()),
        lambda phrase: _case_claims(phrase) if phrase.quantity.is_cases else iter(()),
        _document_claims,
    )
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            for phrase in phrases(sentence):
                claim = next((claim for find in finders for claim in find(phrase)), None)
                if claim and not speaks_of_another(_own_lead(phrase, claim[0]), about):
                    span = (phrase.quantity.start, phrase.quantity.end)
                    found.append(Claim(*claim[:2], sentence, phrase.quantity, claim[2], span))
            found.extend(_noughts(sentence, about))
    return [_with_neighbours(claim, found) for claim in found]


def _with_neighbours(claim: Claim, found: Sequence[Claim]) -> Claim:
    """Lets a claim know the numbers that may be parts of one total with it."""
    if claim.rule not in ("N-RECV", "N-HANDLED") or claim.quantity is None:
        return claim
    beside = (c.quantity for c in found if c is not claim and c.rule == claim.rule and c.sentence is claim.sentence)
    return replace(claim, beside=tuple(quantity for quantity in beside if quantity is not None))


def _own_lead(phrase: Phrase, rule: str) -> str:
    """What precedes a number; a carried number names last or next year without being about them."""
    if rule in ("N-CIN", "N-COUT"):
        return phrase.lead[: len(phrase.lead) - len(phrase.before)]
    return phrase.lead
