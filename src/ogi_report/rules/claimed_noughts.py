"""What sentences deny: 未收到申请, 未发生复议."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogi_report.prose import Sentence, patterns
from ogi_report.rules.claimed_cases import DISCLOSURE
from ogi_report.rules.phrases import Claim, Surroundings, speaks_of_another

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


def noughts(sentence: Sentence, about: Surroundings) -> Iterator[Claim]:
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
            sentence.chapter in (3, 4) or DISCLOSURE.search(sentence.text) or DISCLOSURE.search(sentence.paragraph.text)
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
