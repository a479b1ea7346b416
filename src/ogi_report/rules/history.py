"""This year against last year (XY-…), across a change of the layout too where the quantities are the same.

A cell is comparable with the cell of the same key in last year's layout. Two are not, though they look alike: what was
ever made public (`public_total`) and what is in force (`in_force`), and the number of fee items and the fees collected;
these have different keys, so nothing need be excepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ogi_report.figures import Number, format_number
from ogi_report.rules.big_changes import is_explained
from ogi_report.rules.context import ChapterText, Context
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.similarity import COPIED, UNCHANGED, masked, similarity
from ogi_report.rules.subjects import CellSubject, ChapterSubject, Line, ReportSubject, Scope, columns, report, rows

_CARRY_SOURCE = "表三的行名“上年结转”“结转下年度继续办理”"
_COLUMNS = columns("applications")


def _totals_agree(it: Line) -> bool:
    """Whether the total columns of both years agree; False where either is not known."""
    now, before = it.report.figures, it.report.last_year
    carried_in = now.value("applications.carried_in.total")
    return carried_in is not None and carried_in == before.value("applications.carried_out.total")


def _is_total(it: Line) -> bool:
    return it.key("carried_in").endswith(".total")


@rule(
    "XY-CARRY",
    ERROR,
    each=_COLUMNS,
    title="每一列：本年的上年结转等于上年报告的结转下年度",
    source=_CARRY_SOURCE,
    says=lambda it: (
        f"“{it.label}”列：上年结转 {it['carried_in']} 件，{it.report.year - 1} 年报告的结转下年度是 {it.last('carried_out')} 件，"
        f"相差 {abs(it['carried_in'] - it.last('carried_out'))} 件。"
    ),
    fires=Example({"applications.carried_in.total": 18}, last={"applications.carried_out.total": 20}),
    silent=Example({"applications.carried_in.total": 20}, last={"applications.carried_out.total": 20}),
)
def what_was_carried_out_is_carried_in(it: Line) -> bool:
    if it["carried_in"] == it.last("carried_out"):
        return True
    return not _is_total(it) and _totals_agree(it)


@rule(
    "XY-CARRY",
    WARNING,
    each=_COLUMNS,
    title="上年结转的总计与上年报告一致时，各类申请人也一致",
    source=_CARRY_SOURCE,
    says=lambda it: (
        f"“{it.label}”列：上年结转 {it['carried_in']} 件，{it.report.year - 1} 年报告的结转下年度是 {it.last('carried_out')} 件；"
        "总计一致，申请人类别不一致，请核对。"
    ),
    fires=Example(
        {"applications.carried_in.natural_person": 0, "applications.carried_in.total": 3},
        last={"applications.carried_out.natural_person": 3, "applications.carried_out.total": 3},
    ),
    silent=Example({"applications.carried_in.total": 20}, last={"applications.carried_out.total": 20}),
)
def applicants_are_carried_in_as_they_were_carried_out(it: Line) -> bool:
    return it["carried_in"] == it.last("carried_out") or _is_total(it) or not _totals_agree(it)


@rule(
    "XY-FORCE",
    WARNING,
    each=rows("disclosure", having=("in_force", "issued", "repealed")),
    title="现行有效件数等于上年现行有效件数加本年制发、减本年废止",
    source="审核惯例：文件失效、移交、清理后重新归类的，应当说明",
    says=lambda it: (
        f"“{it.label}”现行有效 {it['in_force']} 件；上年 {it.last('in_force')} ＋ 制发 {it['issued']} － 废止 {it['repealed']} ＝ "
        f"{it.last('in_force') + it['issued'] - it['repealed']} 件；请核对或说明原因。"
    ),
    fires=Example(
        {
            "disclosure.normative.in_force": 310,
            "disclosure.normative.issued": 25,
            "disclosure.normative.repealed": 10,
        },
        year=2022,
        last={"disclosure.normative.in_force": 300},
    ),
    silent=Example(
        {
            "disclosure.normative.in_force": 315,
            "disclosure.normative.issued": 25,
            "disclosure.normative.repealed": 10,
        },
        year=2022,
        last={"disclosure.normative.in_force": 300},
    ),
)
def documents_in_force_follow_from_last_year(it: Line) -> bool:
    return it["in_force"] == it.last("in_force") + it["issued"] - it["repealed"]


@rule(
    "XY-DISC-TOTAL",
    WARNING,
    each=rows("disclosure", having=("public_total", "new_public")),
    title="对外公开总数量等于上年总数量加本年新公开",
    source="推断：少于此数可能是撤下，多于此数没有来由",
    says=lambda it: (
        f"“{it.label}”对外公开总数量 {it['public_total']} 件；上年 {it.last('public_total')} ＋ 新公开 {it['new_public']} ＝ "
        f"{it.last('public_total') + it['new_public']} 件；请核对或说明原因。"
    ),
    fires=Example(
        {"disclosure.normative.public_total": 70, "disclosure.normative.new_public": 5},
        form="2019",
        year=2020,
        last={"disclosure.normative.public_total": 60},
    ),
    silent=Example(
        {"disclosure.normative.public_total": 65, "disclosure.normative.new_public": 5},
        form="2019",
        year=2020,
        last={"disclosure.normative.public_total": 60},
    ),
)
def documents_made_public_follow_from_last_year(it: Line) -> bool:
    return it["public_total"] == it.last("public_total") + it["new_public"]


@rule(
    "XY-ITEMS",
    WARNING,
    each=rows("disclosure", having=("items_prev", "items_delta")),
    title="上一年项目数量等于上年报告的项目数量加增减",
    source="表二的栏名“上一年项目数量”",
    says=lambda it: (
        f"“{it.label}”上一年项目数量 {it['items_prev']} 项；上年报告 {it.last('items_prev')} 项，增减 {it.last('items_delta')} 项，"
        f"合 {it.last('items_prev') + it.last('items_delta')} 项；请核对。"
    ),
    fires=Example(
        {"disclosure.licence.items_prev": 9},
        form="2019",
        year=2020,
        last={"disclosure.licence.items_prev": 5, "disclosure.licence.items_delta": "+3"},
    ),
    silent=Example(
        {"disclosure.licence.items_prev": 8},
        form="2019",
        year=2020,
        last={"disclosure.licence.items_prev": 5, "disclosure.licence.items_delta": "+3"},
    ),
)
def items_follow_from_last_year(it: Line) -> bool:
    return it["items_prev"] == it.last("items_prev") + it.last("items_delta")


@rule(
    "XY-PENDING",
    NOTE,
    each=rows("remedies", having=("pending", "total")),
    title="上年尚未审结的案件，计入本年的总计",
    source="推断：各地对旧案是否重复计数做法不一",
    says=lambda it: (
        f"“{it.label}”上年尚未审结 {it.last('pending')} 件，本年总计只有 {it['total']} 件；请核对旧案的去向。"
    ),
    fires=Example({"remedies.review.total": 1}, last={"remedies.review.pending": 3}),
    silent=Example({"remedies.review.total": 3}, last={"remedies.review.pending": 3}),
)
def pending_cases_do_not_vanish(it: Line) -> bool:
    return it["total"] >= it.last("pending")


_WATCHED = ("applications.received.total", "applications.handled_total.total")


def _watched() -> Scope:
    """Received, handled, decisions, and the totals of table 四."""

    def subjects(context: Context) -> Iterator[CellSubject]:
        for key, spec in context.figures.form.cells.items():
            cases = spec.table == "remedies" and spec.field == "total"
            if not spec.local and (key in _WATCHED or spec.field == "decisions" or cases):
                yield CellSubject(context, spec)

    return Scope("收到、办理、处理决定和案件的总数", subjects)


@rule(
    "XY-JUMP",
    NOTE,
    each=_watched(),
    title="收到、办理、处理决定、案件的总数与上年相差不超过一半（相差不到 10 的不计；幅度和级别可由本单位另定）",
    source="审核惯例：大幅变动应当说明",
    says=lambda it: (
        f"“{it.label}”本年 {it.printed}，上年 {format_number(_before(it))}，变动超过{it.report.big_change.told}；"
        f"{it.report.big_change.what_to_do}。"
    ),
    fires=Example({"applications.received.total": 90}, last={"applications.received.total": 40}),
    silent=Example({"applications.received.total": 50}, last={"applications.received.total": 40}),
)
def totals_do_not_jump(it: CellSubject) -> bool:
    measure, now = it.report.big_change, it.number
    if not measure.is_big(now, _before(it)):
        return True
    return measure.explained and it.report.chapters is not None and is_explained(it.report.narration, now)


def _before(it: CellSubject) -> Number:
    return it.last_value(it.spec.key)


@rule(
    "XY-SAME",
    WARNING,
    each=report(),
    title="本年的数不与上年完全相同（不到 5 个非零数的不计）",
    source="国办公开办函〔2021〕30号：内容雷同",
    says=lambda it: f"本年 {len(_same(it)[0])} 个非零的数与上年完全相同；请核对是否误用了上年的表。",
    fires=Example(
        {f"disclosure.{row}.decisions": 40 for row in ("licence", "penalty", "coercion")}
        | {"applications.received.total": 12, "applications.handled_total.total": 12},
        last={f"disclosure.{row}.decisions": 40 for row in ("licence", "penalty", "coercion")}
        | {"applications.received.total": 12, "applications.handled_total.total": 12},
    ),
    silent=Example(
        {f"disclosure.{row}.decisions": 40 for row in ("licence", "penalty", "coercion")}
        | {"applications.received.total": 12, "applications.handled_total.total": 12},
        last={f"disclosure.{row}.decisions": 41 for row in ("licence", "penalty", "coercion")}
        | {"applications.received.total": 12, "applications.handled_total.total": 12},
    ),
)
def figures_are_not_last_years(it: ReportSubject) -> bool:
    filled, equal = _same(it)
    return len(filled) < 5 or not equal


def _same(it: ReportSubject) -> tuple[list[str], bool]:
    """The non-zero cells that both layouts have, and whether all are as last year."""
    now, before = it.report.figures, it.report.last_year
    shared = [key for key in now if key in before]
    filled = [key for key in shared if now[key].value]
    return filled, all((now[key].value or 0) == (before[key].value or 0) for key in shared)


# -- texts -------------------------------------------------------------------------------------------------------------

SHORTEST = 60
"""Characters that a chapter has when masked, at least, for its likeness to mean anything."""


@dataclass
class TwoChapters(ChapterSubject):
    before: ChapterText

    @property
    def alike(self) -> float:
        """The similarity of both years' texts without names, years and figures."""
        names = (self.report.name or "", *self.report.short_names)
        now, then = masked(self.chapter.text, names), masked(self.before.text, names)
        if min(len(now), len(then)) < SHORTEST:
            raise NotApplicable("这一章太短，不作比较")
        return similarity(now, then)

    @property
    def percent(self) -> int:
        return int(self.alike * 100)


def both_years(*numbers: int) -> Scope:
    """Chapters that somebody wrote in both years."""

    def subjects(context: Context) -> Iterator[TwoChapters]:
        before = {chapter.number: chapter for chapter in context.last_chapters if chapter.written}
        for chapter in context.all_chapters:
            if chapter.written and chapter.number in before and (not numbers or chapter.number in numbers):
                yield TwoChapters(context, chapter, before[chapter.number])

    return Scope("相关的每一章", subjects, "没有两年都写了的章")


_LONG = (
    "全年围绕群众关心的入学、就业、医疗和住房保障公开信息，逐项编制办事指南，开通线上查询；加强答复说理，"
    "统一文书格式，组织业务骨干交流办理经验，定期检查栏目更新情况，听取人大代表和企业代表的意见并反馈。"
)
_OTHER = (
    "本年把重点放在惠企政策的集中发布，上线政策计算器，企业填报条件即可匹配；档案移交目录向社会开放查询，"
    "门户网站完成适老化改造，窗口设立自助打印；纪检部门随机回访申请人，把满意程度作为评先依据之一。"
)


@rule(
    "XY-TEXT",
    WARNING,
    each=both_years(),
    title="各章的文字不与上年雷同（去掉年份和数字后相似度不到 90%）",
    source="国办公开办函〔2021〕30号：内容雷同、敷衍塞责的要追究责任",
    says="“{it.chapter.title}”与上年的文字相似度 {it.percent}%（不计年份和数字）；请按本年情况重写。",
    fires=Example(chapters={1: _LONG}, last_chapters={1: _LONG}),
    silent=Example(chapters={1: _LONG}, last_chapters={1: _OTHER}),
)
def texts_are_not_last_years(it: TwoChapters) -> bool:
    return it.alike < COPIED


@rule(
    "CH5-LASTYEAR",
    NOTE,
    each=both_years(5),
    title="第五章不照抄上年：上年的问题写明改进结果，本年写本年的问题",
    source="审核惯例",
    says="“{it.chapter.title}”与上年几乎相同（相似度 {it.percent}%）；请写明上年所列问题的改进结果。",
    fires=Example(chapters={5: _LONG}, last_chapters={5: _LONG}),
    silent=Example(chapters={5: _LONG}, last_chapters={5: _OTHER}),
)
def last_years_problems_are_answered(it: TwoChapters) -> bool:
    return it.alike < UNCHANGED


@rule(
    "XY-GAP",
    NOTE,
    each=report(),
    title="有上年的数据可以核对",
    source="推断：没有上年数据时，跨年核对都不适用",
    says="{it.report.gap}，跨年核对没有进行。",
    fires=Example(around={"gap": "有 2019 年的报告，缺 2020 年的数据"}),
    silent=Example(last={}),
)
def last_year_is_known(it: ReportSubject) -> bool:
    if it.report.last is None and it.report.gap is None:
        raise NotApplicable(f"没有 {it.report.year - 1} 年的数据")
    return it.report.gap is None
