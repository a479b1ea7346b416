"""What sentences claim of table 三: applications received, carried, handled, and their outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogi_report.prose import LONGEST, patterns
from ogi_report.rules.phrases import CUT, Phrase, Reading, Surroundings

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


def application_claims(phrase: Phrase, about: Surroundings) -> Iterator[tuple[str, str, tuple[Reading, ...]]]:
    before, after, lead = phrase.before, phrase.after, phrase.lead
    clause = before + after[: (match.start() if (match := CUT.search(after)) else len(after))]
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
    upto = paragraph.text[max(sentence.start - paragraph.start - LONGEST, 0) : sentence.start - paragraph.start]
    for text in (f"{phrase.lead}，{CUT.split(phrase.after)[0]}", upto):
        ours, foreign = _mentions(text)
        if ours >= 0 or foreign >= 0:
            return ours >= foreign
    named = sum(bool(patterns.search(words, sentence.text)) for words in _SYNONYMS.values())
    return sentence.chapter == 3 or named >= 3 or bool(_ANSWERED.search(phrase.before))


def _carried(phrase: Phrase, about: Surroundings) -> tuple[str, str, tuple[Reading, ...]] | None:
    before, after = phrase.before, phrase.after
    if patterns.search(r"复议|诉讼|案件|资金|余额|建议|提案", before + after[:12]):
        return None
    ours, foreign = _mentions(f"{phrase.lead}，{CUT.split(phrase.after)[0]}")
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
