"""The form itself: the right layout, every row and column, every chapter (LAYOUT-…, CH-…)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from ogi_report.figures import Doubt, FoundLabel
from ogi_report.forms import Section, normalise, official_forms
from ogi_report.prose import patterns
from ogi_report.rules.rule import Example, NotApplicable, Severity, rule
from ogi_report.rules.subjects import ChapterSubject, Line, ReportSubject, TableSubject, chapters, report, rows, tables

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

_FORM_NOTICE = "国办公开办函〔2019〕60号、国办公开办函〔2021〕30号"

_COMPLETE = dict.fromkeys(range(1, 7), "本年度主动公开、申请办理、信息管理、平台建设和监督保障的情况如下。")


@rule(
    "LAYOUT-YEAR",
    ERROR,
    each=report(),
    title="2019、2020 年度用 2019 年表样，2021 年度起用 2021 年表样",
    source=_FORM_NOTICE,
    says=lambda it: (
        f"{it.report.year} 年度的报告应当使用 {_prescribed(it)}，实际用的是 {it.report.figures.form.name}。"
    ),
    fires=(Example(form="2019", year=2021), Example(form="2021", year=2020)),
    silent=(Example(form="2019", year=2020), Example(form="2021", year=2021)),
)
def the_layout_is_that_of_the_year(it: ReportSubject) -> bool:
    if it.report.prescribed_layout is None:
        raise NotApplicable("该年度没有全国统一表样")
    return it.report.figures.form.id == it.report.prescribed_layout


def _prescribed(it: ReportSubject) -> str:
    layout = it.report.prescribed_layout or ""
    form = official_forms().get(layout)
    return f"{form.name}（{form.notice}）" if form else f"{layout} 年表样"


@rule(
    "LAYOUT-MIXED",
    ERROR,
    each=report(),
    title="表二、表三出自同一套表样",
    source="推断：一份报告只用一套表样",
    says=lambda it: (
        "各表的表样不一致："
        + "、".join(
            f"{t.name}是 {it.report.figures.layouts[t.key]} 年的"
            for t in it.report.figures.form.tables
            if t.key in it.report.figures.layouts
        )
        + "。"
    ),
    fires=Example(source={"layouts": {"disclosure": "2021", "applications": "2019"}}),
    silent=Example(source={"layouts": {"disclosure": "2021", "applications": "2021"}}),
)
def all_tables_are_of_one_layout(it: ReportSubject) -> bool:
    found = set(it.report.figures.layouts.values())
    if not found:
        raise NotApplicable("来源没有分别识别各表的表样")
    return len(found) == 1


def _worded_otherwise(it: TableSubject) -> str:
    words = (f"{label.place}写作“{label.found}”，应为“{label.official}”" for label in it.labels)
    return f"{it.table.name}的标签与表样不一致：{'；'.join(words)}。"


_OLD_LABEL = FoundLabel("disclosure", "normative", None, "规范性文件", "行政规范性文件", "disclosure.csv 第 3 行")


@rule(
    "LAYOUT-LABEL",
    WARNING,
    each=tables(),
    title="标签与表样的文字一致",
    source=_FORM_NOTICE,
    says=_worded_otherwise,
    fires=Example(source={"labels": (_OLD_LABEL,)}),
    silent=Example(),
)
def labels_are_worded_as_in_the_form(it: TableSubject) -> bool:
    it.point_at(key for label in it.labels for key in it.cells_of(label))
    return not it.labels


_LOST_ROW = FoundLabel(
    "applications", "denied.admin_query", None, "", "（三）不予公开 8.属于行政查询事项", "applications.csv"
)


@rule(
    "LAYOUT-MISSING-ROW",
    ERROR,
    each=tables(),
    title="表样的每一行、每一列都在",
    source=_FORM_NOTICE,
    says=lambda it: (
        f"{it.table.name}缺少{'、'.join(f'“{label.official}”' for label in it.missing)}"
        f"（{it.missing[0].place}）；请按表样补齐，没有数的填 0。"
    ),
    fires=Example(source={"missing": (_LOST_ROW,)}),
    silent=Example(),
)
def every_official_row_and_column_is_there(it: TableSubject) -> bool:
    it.point_at(key for label in it.missing for key in it.cells_of(label))
    return not it.missing


@rule(
    "LAYOUT-EXTRA-ROW",
    NOTE,
    each=tables(),
    title="没有表样以外的行",
    source="推断；各地有自行增加的行，如“其他主动公开文件”",
    says=lambda it: (
        f"{it.table.name}有表样以外的行：{'、'.join(f'“{record.label}”' for record in it.local_rows)}；"
        "全国汇总时不计这些行。"
    ),
    fires=Example(
        {"disclosure.local.other_public_docs.issued": 3},
        source={"local": {"disclosure": [("local.other_public_docs", "其他主动公开文件", "normative")]}},
    ),
    silent=Example(),
)
def no_row_outside_the_form(it: TableSubject) -> bool:
    it.point_at(cell.key for record in it.local_rows for cell in record.fields.values())
    return not it.local_rows


@rule(
    "LAYOUT-SHIFT",
    WARNING,
    each=rows("applications", having=("natural_person", "legal.other", "total")),
    title="一行的数没有整体错开一列",
    source="推断：总计列空白，而“其他”列恰等于它左边各列之和",
    says=lambda it: (
        f"“{it.label}”的数可能整体左移了一列：总计列空白，“其他”列的 {it['legal.other']} "
        f"{'恰是左边各列之和' if it.filled(*_left_of_other(it)) else '是这一行唯一的数'}；请核对。"
    ),
    fires=(
        Example(
            {
                f"applications.received.{name}": value
                for name, value in [("natural_person", 5), ("legal.commercial", 2), ("legal.other", 7), ("total", None)]
            }
        ),
        Example({"applications.received.legal.other": 7}, fill=None),
    ),
    silent=(
        Example({"applications.received.natural_person": 7, "applications.received.total": 7}),
        Example({"applications.received.legal.other": 7, "applications.received.total": 7}, fill=None),
    ),
)
def the_row_is_not_shifted_by_a_column(it: Line) -> bool:
    if not it.is_blank("total") or it.is_blank("legal.other") or it["legal.other"] == 0:
        return True
    filled = [name for name in _left_of_other(it) if not it.is_blank(name)]
    it.point_at([it.key("total")])
    return bool(filled) and it.sum(*filled) != it["legal.other"]


def _left_of_other(it: Line) -> list[str]:
    names = list(it.names)
    return names[: names.index("legal.other")]


def _doubtful(*kinds: str) -> Callable[[TableSubject], str]:
    """A message that tells every doubt of these kinds, with its place in the source."""
    return lambda it: "；".join(f"{doubt.message}（{doubt.place}）" for doubt in it.doubts(*kinds)) + "。"


_BROKEN = Doubt(
    "broken_row",
    "applications",
    "not_processed.reconfirm",
    (),
    "表三的“5.要求…”失去了左边的格，已按标签认出",
    "某局.html",
)
_ASKEW = Doubt(
    "shift", "applications", "received", (), "表三的表头与数据行的列没有对齐，已按表头的次序认列", "某局.html"
)
_UNPLACED = Doubt(
    "unreadable",
    "applications",
    "received",
    ("applications.received.total",),
    "“一、本年新收…”一行有 5 格，表头有 7 栏，无法确定“3”属于哪一栏，没有读入",
    "某局.html",
)
_TWICE = Doubt("two_tables", "remedies", None, (), "表四有不止一行数字，读入的是第一行", "某局.html")
_REMARKS = Doubt("extra_column", "applications", None, (), "表三有表样以外的列“备注”，没有读入", "某局.html")


@rule(
    "LAYOUT-BROKEN-ROW",
    NOTE,
    each=tables(),
    title="每一行左边的格都在（导入已发布的报告时）",
    source="推断：分页或粘贴时丢了合并单元格",
    says=_doubtful("broken_row"),
    fires=Example(source={"doubts": (_BROKEN,)}),
    silent=Example(),
)
def no_row_lost_the_labels_before_its_own(it: TableSubject) -> bool:
    return _nothing_doubtful(it, "broken_row")


@rule(
    "LAYOUT-SHIFT",
    NOTE,
    each=tables(),
    title="表头与数据行的列对齐（导入已发布的报告时）",
    source="推断：粘贴时合并单元格的跨度有误；数字仍能认出",
    says=_doubtful("shift"),
    fires=Example(source={"doubts": (_ASKEW,)}),
    silent=Example(source={"doubts": (_BROKEN,)}),
)
def heads_and_body_begin_at_one_column(it: TableSubject) -> bool:
    return _nothing_doubtful(it, "shift")


@rule(
    "LAYOUT-SHIFT",
    WARNING,
    each=tables(),
    title="每个数都能确定属于哪一栏（导入已发布的报告时）",
    source="推断：一行的格数与表头不符，或同一行出现两次而数字不同",
    says=_doubtful("unreadable", "two_tables"),
    fires=(Example(source={"doubts": (_UNPLACED,)}), Example(source={"doubts": (_TWICE,)})),
    silent=Example(source={"doubts": (_ASKEW,)}),
)
def every_figure_found_its_box(it: TableSubject) -> bool:
    return _nothing_doubtful(it, "unreadable", "two_tables")


@rule(
    "LAYOUT-EXTRA-ROW",
    NOTE,
    each=tables(),
    title="没有表样以外的列（导入已发布的报告时）",
    source="推断",
    says=_doubtful("extra_column"),
    fires=Example(source={"doubts": (_REMARKS,)}),
    silent=Example(),
)
def no_column_outside_the_form(it: TableSubject) -> bool:
    return _nothing_doubtful(it, "extra_column")


def _nothing_doubtful(it: TableSubject, *kinds: str) -> bool:
    doubts = it.doubts(*kinds)
    it.point_at(key for doubt in doubts for key in doubt.cells)
    return not doubts


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
    source=_FORM_NOTICE,
    says=lambda it: (
        "各章的次序是"
        + "、".join(chapter.title.split("、")[0] for chapter in it.report.all_chapters)
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
    source=_FORM_NOTICE,
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
