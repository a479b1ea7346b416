"""The six chapters of the form: all there, in order, under their titles, and with what each has to say (CH-…)."""

from __future__ import annotations

from itertools import pairwise

from ogi_report.forms import Section, normalise, numeral
from ogi_report.prose import patterns
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.structure import FORM_NOTICES
from ogi_report.rules.subjects import ChapterSubject, ReportSubject, chapters, report

_COMPLETE = dict.fromkeys(range(1, 7), "本年度主动公开、申请办理、信息管理、平台建设和监督保障的情况如下。")


@rule(
    "CH-MISSING",
    ERROR,
    each=report(),
    title="六章齐全",
    source="《条例》第五十条；表样",
    says=lambda it: f"缺少{'、'.join(f'“{section.title}”' for section in _absent(it))}。",
    fires=Example(chapters={n: t for n, t in _COMPLETE.items() if n != 6}),
    silent=Example(chapters=_COMPLETE),
)
def all_chapters_are_there(it: ReportSubject) -> bool:
    return not _absent(it)


def _absent(it: ReportSubject) -> list[Section]:
    there = {chapter.number for chapter in it.report.all_chapters}
    return [section for section in it.report.figures.form.sections if section.number not in there]


@rule(
    "CH-ORDER",
    WARNING,
    each=report(),
    title="各章按一至六的次序",
    source=FORM_NOTICES,
    says=lambda it: (
        "各章的次序是"
        + "、".join(numeral(chapter.title) for chapter in it.report.all_chapters)
        + "；应当按一至六排列。"
    ),
    fires=Example(chapters={1: "甲", 2: "乙", 3: "丙", 5: "丁", 4: "戊", 6: "己"}),
    silent=Example(chapters=_COMPLETE),
)
def chapters_are_in_order(it: ReportSubject) -> bool:
    return all(before.number <= after.number for before, after in pairwise(it.report.all_chapters))


@rule(
    "CH-TITLE",
    NOTE,
    each=chapters(),
    title="章的标题与表样一致（常见的别称可以）",
    source=FORM_NOTICES,
    says="第 {it.chapter.number} 章的标题写作“{it.chapter.title}”，应为“{it.official}”。",
    fires=Example(chapters=_COMPLETE, source={"titles": {1: "一、基本概况"}}),
    silent=Example(chapters=_COMPLETE, source={"titles": {5: "五、政府信息公开工作存在的主要问题及改进情况"}}),
)
def chapter_titles_are_official(it: ChapterSubject) -> bool:
    return normalise(it.chapter.title) in it.section.spellings()


@rule(
    "CH-EMPTY",
    WARNING,
    each=chapters(1, 5),
    title="第一章、第五章有实际内容",
    source="审核惯例",
    says=lambda it: (
        f"“{it.chapter.title}”没有写；现为程序代拟的一句话，请在正文（narrative.md，或填报表的“正文”）中补写。"
        if not it.chapter.written
        else f"“{it.chapter.title}”只有“{it.chapter.text.strip()}”，没有实际内容。"
        if it.chapter.text.strip()
        else f"“{it.chapter.title}”是空的，还没有写。"
    ),
    fires=(Example(chapters=_COMPLETE | {5: "无。"}), Example(chapters=_COMPLETE | {1: ""})),
    silent=Example(chapters=_COMPLETE | {5: "存在的主要问题是解读偏少；下一步将加强解读。"}),
)
def overview_and_problems_are_not_empty(it: ChapterSubject) -> bool:
    if not it.chapter.written:
        return it.chapter.number != 5
    return len(patterns.sub(r"[\s\W]", "", it.chapter.text)) >= 10


_ASPECTS = {
    "主动公开": "主动公开|公开.{0,12}信息|发布",
    "依申请公开": "申请",
    "政府信息管理": "信息管理|公文|公开属性|审核|审查|清理|归档|规范性文件",
    "政府信息公开平台建设": "平台|网站|公众号|新媒体|专栏|专区|公报",
    "监督保障": "监督|保障|考核|考评|培训|评议|问责|追责|追究",
}


@rule(
    "CH-FIVE-ASPECTS",
    WARNING,
    each=chapters(1),
    title="第一章写到主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面",
    source="国办公开办函〔2021〕30号一（一）",
    says=lambda it: f"“{it.chapter.title}”没有写到：{'、'.join(it.lacking(_ASPECTS))}。",
    fires=Example(
        chapters=_COMPLETE | {1: "本局主动公开信息 12 条，收到申请 3 件，均按期答复；网站运行平稳，公文严格审查。"}
    ),
    silent=Example(chapters=_COMPLETE),
)
def the_overview_covers_five_aspects(it: ChapterSubject) -> bool:
    return not it.lacking(_ASPECTS)


_TRIO = {
    "工作考核": "考核|考评|绩效",
    "社会评议": "评议|满意度|社会评价|第三方评估|群众评价",
    "责任追究结果": "追究|追责|问责",
}


@rule(
    "CH-GOV-TRIO",
    WARNING,
    each=chapters(1),
    title="政府的报告在第一章写明工作考核、社会评议、责任追究结果",
    source="《条例》第五十条第四项",
    says=lambda it: f"政府的年度报告应当在“{it.chapter.title}”写明：{'、'.join(it.lacking(_TRIO))}。",
    fires=Example(level="county", chapters=_COMPLETE | {1: "全县加强监督考核，没有责任追究的情形。"}),
    silent=(
        Example(level="county", chapters=_COMPLETE | {1: "工作考核占 4 分，社会评议良好，没有需要责任追究的情形。"}),
        Example(level="department", chapters=_COMPLETE),
    ),
)
def governments_report_assessment_appraisal_and_accountability(it: ChapterSubject) -> bool:
    level = it.report.known_level
    return not (level in ("province", "city", "county") and it.lacking(_TRIO))


_BOTH = {
    "存在的问题": "问题|不足|差距|欠缺|薄弱|有待|不够|短板|困难|不强|不高|不深|缺少|缺乏|偏|单一|滞后|未能|矛盾|较长|较慢|较少|往往|只有|没有|难|慢|尚|仍|不及时|不方便|不一致|不到位",
    "改进的措施": "改进|改善|下一步|今后|下步|将|措施|整改|打算|计划|加强|进一步|推出|推行|建立|健全|落实|明确|制定"
    "|采取|办法|明年|来年|编写|编制|推动|解决|克服|前移|对策|补齐|列入|拟|届时"
    "|增加|增设|组织|开展|强化|优化|规范|提升|提高|力争|努力|检查|巡查|培训|修订|统一|完善|着力",
}


@rule(
    "CH5-BOTH",
    WARNING,
    each=chapters(5),
    title="第五章既写问题，也写改进",
    source="表样的章名“存在的主要问题及改进情况”",
    says=lambda it: f"“{it.chapter.title}”没有写{'、'.join(it.lacking(_BOTH))}。",
    fires=Example(chapters=_COMPLETE | {5: "一年来，我局圆满完成各项公开任务，成绩显著。"}),
    silent=Example(chapters=_COMPLETE | {5: "存在的主要问题是解读偏少；下一步将加强解读。"}),
)
def problems_and_improvements_are_both_named(it: ChapterSubject) -> bool:
    if not it.chapter.written:
        raise NotApplicable("第五章没有写")
    return not it.lacking(_BOTH)
