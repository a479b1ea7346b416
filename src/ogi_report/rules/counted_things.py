"""What the text counts and in which unit: postings in 条, documents and cases in 件, powers exercised or denied (N-…)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogi_report.prose import patterns
from ogi_report.rules.narration import Narration, SentenceSubject, found_by, row_value
from ogi_report.rules.rule import NOTE, Example, NotApplicable, rule

_POSTED = re.compile(
    r"(?:发布|公开|公布|推送|更新|上传)(?:了)?[^，。；、]{0,16}(?:信息|政务动态|动态|内容)[^，。；、]{0,4}$|(?:发布|公开|公布|推送|更新)(?:了)?(?:各类)?$"
)


def _posted(text: Narration) -> Iterator[SentenceSubject]:
    """Sentences that count what was put on line, in 条."""
    for sentence in text.sentences:
        if sentence.chapter not in (1, 2):
            continue
        for quantity in sentence.quantities:
            before = sentence.text[: quantity.start]
            if (
                quantity.unit == "条"
                and quantity.value > 0
                and patterns.search(_POSTED.pattern, patterns.split("[，。；]", before)[-1].rstrip(" 共计累"))
            ):
                subject = SentenceSubject(text.context, sentence, quantity)
                subject.mark((quantity.start, quantity.end))
                yield subject
                return


_NEW_FIELDS = ("issued", "new_made", "new_public")


@rule(
    "N-POSTED-ZERO",
    NOTE,
    each=found_by(_posted),
    title="正文发布信息若干条，而表二新制发、新公开全是 0 的，说明条与件的区别",
    source="推断：条是上网信息的条数，件是文件数",
    says="正文写发布信息 {it.data.value} 条，表二新制作、新公开的数量全是 0；条不等于件，请确认没有漏填，必要时说明。",
    fires=Example(chapters={1: "全年通过区政府网站发布各类信息37条。"}),
    silent=Example({"disclosure.normative.issued": 1}, chapters={1: "全年通过区政府网站发布各类信息37条。"}),
)
def postings_go_with_new_documents(it: SentenceSubject) -> bool:
    table = it.report.figures.form.table("disclosure")
    new = [
        cell.key for record in table.records.values() for field, cell in record.fields.items() if field in _NEW_FIELDS
    ]
    if not new:
        raise NotApplicable("表二没有新制发、新公开的栏目")
    return any(it.value(key) for key in new)


_WRONG_UNIT = (
    (
        re.compile(
            r"(?:规范性文件|规章|政府信息公开申请|依申请公开申请|行政复议|行政诉讼)(?:申请|案件)?(?:共|共计|有|为|\s)*$"
        ),
        "条",
        "件",
    ),
    (
        re.compile(
            r"(?:网站|微信|微博|公众号|新媒体|客户端|抖音)[^。；]{0,12}(?:发布|推送|更新)[^，。；、]{0,10}(?:信息|动态|推文|消息|资讯)(?:共|共计|\s)*$"
        ),
        "件",
        "条",
    ),
)


def _counted(text: Narration) -> Iterator[SentenceSubject]:
    for sentence in text.sentences:
        for quantity in sentence.quantities:
            for before, wrong, right in _WRONG_UNIT:
                if before.search(sentence.text[: quantity.start]) and quantity.unit in (wrong, right):
                    subject = SentenceSubject(text.context, sentence, (quantity.unit, wrong, right))
                    subject.mark((quantity.start, quantity.end))
                    yield subject


@rule(
    "N-UNIT",
    NOTE,
    each=found_by(_counted),
    title="文件、申请、案件以件计，上网信息以条计",
    source="审核惯例",
    says="这里的数以“{it.data[1]}”计，一般应当以“{it.data[2]}”计；请核对。",
    fires=Example(
        {"disclosure.normative.issued": 3, "disclosure.normative.in_force": 3}, chapters={2: "制发行政规范性文件3条。"}
    ),
    silent=Example(
        {"disclosure.normative.issued": 3, "disclosure.normative.in_force": 3}, chapters={2: "制发行政规范性文件3件。"}
    ),
)
def things_are_counted_in_their_own_unit(it: SentenceSubject) -> bool:
    found, wrong, _ = it.data
    return bool(found != wrong)


_POWERS = {"licence": "行政许可", "penalty": "行政处罚", "coercion": "行政强制"}
_WITHOUT = r"(?:无|没有|不涉及|不具有|不具备|未开展|未实施|不承担|不行使)[^，。；]{{0,4}}(?:(?:行政许可|行政处罚|行政强制)(?:和|、|及|与|或|以及))*{0}"


def _powers(text: Narration) -> Iterator[SentenceSubject]:
    for sentence in text.sentences:
        if sentence.chapter not in (1, 2) or patterns.search("上年|去年|乱|违法|不当|因|投诉|超期", sentence.text):
            continue
        for row, name in _POWERS.items():
            tail = r"(?:(?:和|、|及|与|或|以及)(?:行政许可|行政处罚|行政强制))*(?:事项|职能|职权|权限|权力|权|业务|行为|决定|案件|处理决定|情况)?(?=[，。；、）)\s]|$)"
            if match := patterns.search(_WITHOUT.format(name) + tail, sentence.text):
                subject = SentenceSubject(text.context, sentence, (row, name, None))
                subject.mark(match.span())
                yield subject
            done = rf"(?:作出|办理|实施|办结)(?:各类)?{name}(?:决定|案件|事项|措施)?(?:共|共计|合计|\s)*$"
            for quantity in sentence.quantities:
                if quantity.is_cases and quantity.value > 0 and patterns.search(done, sentence.text[: quantity.start]):
                    subject = SentenceSubject(text.context, sentence, (row, name, quantity.value))
                    subject.mark((quantity.start, quantity.end))
                    yield subject


@rule(
    "N-NARR-TABLE-POWER",
    NOTE,
    each=found_by(_powers),
    title="正文说没有许可、处罚、强制的，表二也没有；正文写了件数的，表二不是 0",
    source="审核惯例",
    says=lambda it: (
        f"正文{'说没有' if it.data[2] is None else f'写办理 {it.data[2]} 件'}{it.data[1]}，"
        f"表二{it.data[1]}的处理决定数量是 {row_value(it, _decisions(it))}；请核对。"
    ),
    fires=(
        Example({"disclosure.licence.decisions": 12}, chapters={2: "本机关无行政许可事项。"}),
        Example(chapters={2: "全年作出行政处罚决定58件。"}),
    ),
    silent=(Example(chapters={2: "本机关无行政许可、行政处罚和行政强制事项。"}),),
)
def powers_denied_are_not_exercised(it: SentenceSubject) -> bool:
    decisions = row_value(it, _decisions(it))
    return decisions == 0 if it.data[2] is None else decisions > 0


def _decisions(it: SentenceSubject) -> str:
    return f"disclosure.{it.data[0]}.decisions"
