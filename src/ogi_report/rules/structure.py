"""The form itself: the right layout, every row and column, every figure in its box (LAYOUT-…)."""

from __future__ import annotations

from collections.abc import Iterable

from ogi_report.figures import Doubt, DoubtKind, FoundLabel
from ogi_report.forms import official_forms
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, Rule, Severity, rule
from ogi_report.rules.subjects import Line, ReportSubject, TableSubject, report, rows, tables

FORM_NOTICES = "国办公开办函〔2019〕60号、国办公开办函〔2021〕30号"


@rule(
    "LAYOUT-YEAR",
    ERROR,
    each=report(),
    title="2019、2020 年度用 2019 年表样，2021 年度起用 2021 年表样",
    source=FORM_NOTICES,
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
    source=FORM_NOTICES,
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
    source=FORM_NOTICES,
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


# -- what the reader of a published file could not be sure of ------------------------------------------------------------


def undoubted(
    id: str,
    severity: Severity,
    *kinds: DoubtKind,
    title: str,
    source: str,
    fires: Example | Iterable[Example],
    silent: Example | Iterable[Example],
) -> Rule:
    """Declares that a reader had no doubt of these kinds; a finding tells every doubt, with its place in the source."""

    def holds(it: TableSubject) -> bool:
        doubts = it.doubts(*kinds)
        it.point_at(key for doubt in doubts for key in doubt.cells)
        return not doubts

    def says(it: TableSubject) -> str:
        return "；".join(f"{doubt.message}（{doubt.place}）" for doubt in it.doubts(*kinds)) + "。"

    return rule(id, severity, each=tables(), title=title, source=source, says=says, fires=fires, silent=silent)(holds)


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

no_row_lost_the_labels_before_its_own = undoubted(
    "LAYOUT-BROKEN-ROW",
    NOTE,
    "broken_row",
    title="每一行左边的格都在（导入已发布的报告时）",
    source="推断：分页或粘贴时丢了合并单元格",
    fires=Example(source={"doubts": (_BROKEN,)}),
    silent=Example(),
)

heads_and_body_begin_at_one_column = undoubted(
    "LAYOUT-SHIFT",
    NOTE,
    "shift",
    title="表头与数据行的列对齐（导入已发布的报告时）",
    source="推断：粘贴时合并单元格的跨度有误；数字仍能认出",
    fires=Example(source={"doubts": (_ASKEW,)}),
    silent=Example(source={"doubts": (_BROKEN,)}),
)

every_figure_found_its_box = undoubted(
    "LAYOUT-SHIFT",
    WARNING,
    "unreadable",
    "two_tables",
    title="每个数都能确定属于哪一栏（导入已发布的报告时）",
    source="推断：一行的格数与表头不符，或同一行出现两次而数字不同",
    fires=(Example(source={"doubts": (_UNPLACED,)}), Example(source={"doubts": (_TWICE,)})),
    silent=Example(source={"doubts": (_ASKEW,)}),
)

no_column_outside_the_form = undoubted(
    "LAYOUT-EXTRA-ROW",
    NOTE,
    "extra_column",
    title="没有表样以外的列（导入已发布的报告时）",
    source="推断",
    fires=Example(source={"doubts": (_REMARKS,)}),
    silent=Example(),
)
