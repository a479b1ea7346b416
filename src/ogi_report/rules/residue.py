"""What a template, last year's report or another body's leaves in the text (TPL-…)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogi_report.prose import half_width, patterns
from ogi_report.rules.context import LEAD_IN, Context
from ogi_report.rules.narration import Narration, SentenceSubject, found_by
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.texts import TEXT, TextSubject, around, search

_PLACEHOLDERS = re.compile(
    r"(?<![A-Za-z0-9])[XxＸ]{2,}(?![A-Za-z0-9])|[×✕]{2,}|(?<![\d*])\*{3,}(?![\d*])|[□▢]|【\s*】|【[^】]{0,8}(?:填写|待|补充|插入|名称|单位|数字|年份)[^】]{0,8}】"
    r"|\{\{|\}\}|\{%|(?<![A-Za-z])(?:nan|NaN|None|null|undefined|TODO|TBD)(?![A-Za-z])|此处(?:填写|插入|输入)|待补充|待填写|待核实|(?<!_)_{3,}|#(?:REF|VALUE|DIV/0|N/A)[!?]?"
)


@rule(
    "TPL-PLACEHOLDER",
    ERROR,
    each=TEXT,
    title="正文没有 XX、××、□、“待补充”等没有填写的占位符",
    source="审核惯例：模板残留",
    says="正文有没有填写的占位符：{it.told}。",
    fires=Example(chapters={1: "XX局认真做好政府信息公开工作。"}),
    silent=Example(chapters={1: "本局认真做好信息公开工作，网址 www.xxgk.example，办件查询码 A**1。"}),
)
def no_placeholder_is_left(it: TextSubject) -> bool:
    title = it.report.publication.title if it.report.publication else None
    clean = search(it, _PLACEHOLDERS)
    if title and (match := _PLACEHOLDERS.search(title)):
        it.found.insert(0, match[0])
        return False
    return clean


_PERIOD = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]\s*)?(?:[一二三四五]是)?[^，。；：:\d]{0,10}?(?P<year>20\d{2})\s*年(?:度)?(?:\s*[，,]\s*(?P<after>.{0,30})|(?P<subject>\s*(?:我|本|全)[^，。；]{1,8}.{0,20}))"
)
_NOT_A_PERIOD = re.compile(
    r"将|计划|拟|继续|下一步|以来|起|相比|印发|出台|制定的|成立|机构改革|换届|修订|启用|上线|试点"
)


def _period_years(text: Narration) -> Iterator[SentenceSubject]:
    year = text.context.year
    for sentence in text.sentences:
        match = _PERIOD.match(sentence.text.strip())
        if not match or sentence.chapter not in (LEAD_IN, 1):
            continue
        if int(match["year"]) != year and patterns.search(rf"{year}\s*年", sentence.text):
            continue
        if patterns.search(r"较|比|与|自|截至|《", sentence.text[: match.end("year")]):
            continue
        rest = match["after"] or match["subject"] or ""
        if _NOT_A_PERIOD.search(rest) or patterns.search("结转", sentence.text):
            continue
        subject = SentenceSubject(text.context, sentence, int(match["year"]))
        at = sentence.text.index(match["year"])
        subject.mark((at, at + 4))
        yield subject


@rule(
    "TPL-YEAR",
    ERROR,
    each=found_by(_period_years, "题名和第一章写到的报告年度"),
    title="题名和第一章写的年度是报告年度",
    source="审核惯例：沿用上年文字",
    says="这一句写的是 {it.data} 年，报告年度是 {it.report.year} 年；请核对是否沿用了上年的文字。",
    fires=Example(year=2021, chapters={1: "2020年，我局认真做好政府信息公开工作。"}),
    silent=Example(
        year=2021,
        chapters={1: "2021年，我局认真做好政府信息公开工作。2020年印发的办法继续有效，与2020年相比有所提高。"},
    ),
)
def the_period_is_the_reports_year(it: SentenceSubject) -> bool:
    return bool(it.data == it.report.year)


_DOES = r"(?:认真|严格|高度重视|坚持|始终|积极|主动|深入|全面|切实|扎实|持续|不断|进一步|紧紧围绕|围绕|按照|依据|根据|以习近平|在.{2,20}领导下|共|全年|共?收到|主动公开|依法|政府信息公开工作)"


_OPENING = re.compile(r"20\d{2}年(?:度)?[，,]?\s*|一年来[，,]|全年[，,]?")
_DOING = re.compile(rf"[，,]?{_DOES}")


def _subjects(text: Narration) -> Iterator[SentenceSubject]:
    context = text.context
    if context.scope == "government_wide":
        raise NotApplicable("汇总报告本来就写到下级机构")
    own = [name for name in (context.name, *context.short_names) if name]
    names = sorted({*context.other_names, *own}, key=len, reverse=True)
    if not names:
        raise NotApplicable("不知道本机关的名称，正文也没有写到名录中的机构")
    for sentence in text.sentences:
        if sentence.chapter not in (LEAD_IN, 1, 5):
            continue
        said = sentence.original.strip()
        begin = _OPENING.match(said)
        rest = said[begin.end() :] if begin else said
        name = next((name for name in names if rest.startswith(name)), None)
        if name is not None and _DOING.match(rest, len(name)):
            subject = SentenceSubject(context, sentence, (name, name in own))
            at = sentence.original.index(name)
            subject.mark((at, at + len(name)))
            yield subject


@rule(
    "TPL-AGENCY",
    ERROR,
    each=found_by(_subjects, "正文中作主语的机关名称"),
    title="作主语的是本机关，不是名录中的其他机关",
    source="审核惯例：照抄其他机关",
    says="这一句的主语是“{it.data[0]}”，不是本机关；请核对是否照抄了其他机关的报告。",
    fires=Example(
        name="示例区教育局", around={"other_names": ("示例区民政局",)}, chapters={1: "示例区民政局认真贯彻条例。"}
    ),
    silent=Example(
        name="示例区教育局",
        around={"other_names": ("示例区民政局",)},
        chapters={1: "示例区教育局认真贯彻条例，与示例区民政局共享信息。"},
    ),
)
def the_subject_is_the_agency_itself(it: SentenceSubject) -> bool:
    _, own = it.data
    return own or any(word in it.sentence.text for word in ("我局", "本局", "我委", "本机关", "我办", "我镇"))


_GENERIC_SELF = re.compile(
    r"(?:^|(?<=[，。；：、\s年由经]))(?P<name>[区县市旗州](?:局|委|办|厅))(?=[^长属直里内机系办公科设部领党各工\s，。；、）])"
)


@rule(
    "TPL-SELFNAME",
    NOTE,
    each=TEXT,
    title="自称用名录中的简称",
    source="推断：同一份报告几种自称",
    says=lambda it: f"正文用{it.told}自称，{_called(it.report)}；请统一。",
    fires=(
        Example(
            name="示例区科学技术局", around={"short_names": ("区科技局", "我局")}, chapters={1: "全年区局未收到投诉。"}
        ),
        Example(name="区科技局", chapters={1: "全年区局未收到投诉。"}),
    ),
    silent=(
        Example(
            name="示例区科学技术局",
            around={"short_names": ("区科技局", "我局")},
            chapters={1: "全年区科技局未收到投诉，市局来检查一次。"},
        ),
    ),
)
def it_calls_itself_by_its_name(it: TextSubject) -> bool:
    if not it.report.name or not (it.report.short_names or _is_short(it.report.name)):
        raise NotApplicable("名录中没有填写简称 short_names")
    # 市局 in a district's report is its superior; only its own level can be a name for itself.
    own = patterns.findall("[区县市旗州]", it.report.name)
    it.found.clear()
    for paragraph in it.text.all_paragraphs:
        for match in _GENERIC_SELF.finditer(paragraph.text):
            name = match["name"]
            if own and name[0] == own[-1] and name not in it.report.short_names and name not in it.found:
                it.found.append(name)
                it.quote = around(paragraph, match.span(), before=12, after=20)
    return not it.found


def _is_short(name: str) -> bool:
    """Whether a name, without a place before its level, is what the body calls itself: 区科技局."""
    return name[0] in "区县旗"


def _called(context: Context) -> str:
    if context.short_names:
        return f"名录中的简称是“{'、'.join(context.short_names)}”"
    return f"题名用的是“{context.name}”"


_FILL_NOTES = re.compile(
    r"[（(](?:[^（()）]*(?:请(?:填|结合|根据|据实|如实|在此|删除)|填写(?!了|完)|填报(?:说明|要求|口径)|不少于\d+字|\d+字(?:以内|左右|以上)|不超过\d+字|如无[^（()）]{0,8}(?:填|写)|如有[^（()）]{0,8}请|此(?:处|部分|项|栏)|样例|示例[：:]|例如[：:]|仅供参考|用负值表示|指20\d{2}年[^（()）]{0,12}(?:量|数))[^（()）]*)[)）]"
)


@rule(
    "TPL-FILLNOTE",
    WARNING,
    each=TEXT,
    title="标签和正文里没有留下填表说明",
    source="审核惯例：填表说明应当删去",
    says="填表说明没有删去：{it.told}。",
    fires=Example(chapters={5: "存在的问题（此部分不少于300字，请结合实际撰写）是解读偏少。"}),
    silent=Example(chapters={5: "存在的问题（详见第三方评估报告）是解读偏少，已填写整改台账。"}),
)
def filling_instructions_are_removed(it: TextSubject) -> bool:
    clean = search(it, _FILL_NOTES, context=0)
    notes = [label for label in it.report.figures.labels if _FILL_NOTES.search(half_width(label.found))]
    it.found.extend(label.found for label in notes)
    return clean and not notes
