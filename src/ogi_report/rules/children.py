"""A report that adds others up, held against them: the bodies directly below it (PC-…)."""

from __future__ import annotations

from collections.abc import Iterator

from ogi_report.figures import Number, format_number
from ogi_report.rules.context import Context
from ogi_report.rules.peers import Peers
from ogi_report.rules.rule import ERROR, WARNING, BlankCell, Example, NotApplicable, Rule, Severity, rule
from ogi_report.rules.subjects import Line, ReportSubject, Scope, Subject, columns, report, rows


def _complete(it: Subject) -> Peers:
    """The children, where all of them have reported.

    Raises:
        NotApplicable: some have not; a sum over some children is no sum.
    """
    children = it.report.children
    if children.missing:
        raise NotApplicable(
            f"下级报告不全：名录 {len(children.expected)} 家，已有 {len(children.reports)} 家，合计不完整"
        )
    return children


def _child_value(it: Subject, child: Context, key: str) -> Number:
    """A child's cell; `其他处理` of one layout is the sum of the other's three rows."""
    figures = child.figures
    if key not in figures:
        raise NotApplicable(f"下级机构{child.called}用的是另一种表样，没有这一格")
    cell = figures[key]
    if cell.value is not None:
        return cell.value
    if not cell.is_empty:
        raise NotApplicable(f"下级机构{child.called}的这一格不是数字")
    if it.blanks_are_zero:
        return 0
    raise BlankCell(f"下级机构{child.called}的“{figures.form.cells[key].label}”")


def _sum(it: Line, name: str, children: Peers) -> Number:
    key = it.key(name)
    return sum((_child_value(it, child, key) for child in children.reports), start=0)


def _partial(it: Line) -> str:
    """What the reports that are there add up to, in the row's total: a sum that is told, and judged by nobody."""
    children = it.report.children
    key = it.names.get("total", next(iter(it.names.values())))
    added = children.added(key).total
    column = it.report.figures.form.cells[key].column.name
    own = format_number(it.report.figures[key].value) or "未填"
    return f"“{it.label}”{column}已有合计 {format_number(added) or '未填'}，本报告 {own}"


def _sums_agree(it: Line) -> bool:
    try:
        children = _complete(it)
    except NotApplicable as reason:
        if not it.report.children.reports:
            raise
        raise NotApplicable(f"{reason}（{_partial(it)}）") from None
    differing = [name for name in it.names if it[name] != _sum(it, name, children)]
    it.touched.clear()
    it.point_at(it.key(name) for name in differing)
    return not differing


def _sums_message(it: Line) -> str:
    children = it.report.children
    told = []
    for key in it.cells:
        spec = it.report.figures.form.cells[key]
        told.append(
            f"{spec.column.name} {format_number(it.report.figures[key].value)}，"
            f"下级合计 {format_number(children.added(key).total) or 0}"
        )
    return f"“{it.label}”与 {len(children.reports)} 家下级机构的合计不一致：{'；'.join(told[:4])}；请核对或说明原因。"


_CHILD, _CHILD_B = (
    Example({"applications.received.total": 703, "applications.handled_total.total": 703}, agency=agency, name=name)
    for agency, name in (("a", "甲局"), ("b", "乙局"))
)


def _parent(received: int) -> Example:
    return Example(
        {"applications.received.total": received, "applications.handled_total.total": 1406},
        level="county",
        scope="government_wide",
        children=(_CHILD, _CHILD_B),
    )


def _parent_of_one(cell: str, own: int, childs: int, **source: object) -> Example:
    child = Example({cell: childs}, agency="a", name="甲局")
    return Example({cell: own}, scope="government_wide", children=(child,), source=source)


@rule(
    "PC-COVERAGE",
    WARNING,
    each=report(),
    title="名录中的下级机构都有报告",
    source="审核惯例：县级汇总部门和乡镇的报告",
    says=lambda it: (
        f"名录中有 {len(it.report.children.expected)} 家下级机构，{len(it.report.children.missing)} 家没有可用的报告："
        f"{'、'.join(it.report.children.missing[:8])}{'等' if len(it.report.children.missing) > 8 else ''}。"
    ),
    fires=Example(scope="government_wide", children=(_CHILD,), source={"expected": {"a": "甲局", "b": "乙局"}}),
    silent=Example(scope="government_wide", children=(_CHILD, _CHILD_B)),
)
def every_child_has_reported(it: ReportSubject) -> bool:
    return not it.report.children.missing


def adds_up(
    id: str, severity: Severity, table: str, *, title: str, source: str, fires: Example, silent: Example
) -> Rule:
    """Declares that each row of a table is what the children's rows add up to."""
    declared = rule(
        id, severity, each=rows(table), title=title, source=source, says=_sums_message, fires=fires, silent=silent
    )
    return declared(_sums_agree)


applications_are_the_sum_of_the_children = adds_up(
    "PC-SUM-T3",
    ERROR,
    "applications",
    title="汇总报告表三的每一格等于下级机构之和（下级齐全时）",
    source="审核惯例",
    fires=_parent(1405),
    silent=_parent(1406),
)

cases_are_the_sum_of_the_children = adds_up(
    "PC-SUM-T4",
    WARNING,
    "remedies",
    title="汇总报告表四的每一格等于下级机构之和（下级齐全时）",
    source="推断：共同被告的案件可能重复计数",
    fires=_parent_of_one("remedies.review.total", 3, childs=2),
    silent=_parent_of_one("remedies.review.total", 2, childs=2),
)

disclosure_is_the_sum_of_the_children = adds_up(
    "PC-SUM-T2",
    WARNING,
    "disclosure",
    title="汇总报告表二的每一格等于下级机构之和（下级齐全时）",
    source="审核惯例：联合发文可能由各家分别计数",
    fires=_parent_of_one("disclosure.licence.decisions", 3, childs=2),
    silent=_parent_of_one("disclosure.licence.decisions", 2, childs=2),
)


def _every_row() -> Scope:
    def subjects(context: Context) -> Iterator[Line]:
        for table in context.figures.form.tables:
            yield from rows(table.key).subjects(context)

    return Scope("三张表的每一行", subjects)


@rule(
    "PC-FLOOR",
    ERROR,
    each=_every_row(),
    title="汇总报告的每一格不小于任何一家下级机构的同一格",
    source="推断：下级不齐全时也成立",
    says=lambda it: f"“{it.label}”小于一家下级机构的数：{_smaller(it)}。",
    fires=_parent_of_one("remedies.review.total", 1, childs=2, expected={"a": "甲局", "b": "乙局"}),
    silent=_parent_of_one("remedies.review.total", 2, childs=2),
)
def no_child_exceeds_its_parent(it: Line) -> bool:
    smaller = [key for key in it.names.values() if _largest_child(it, key)]
    it.touched.clear()
    it.point_at(smaller)
    return not smaller


def _largest_child(it: Line, key: str) -> tuple[Number, str] | None:
    """The largest child's number and name, where the parent's is smaller; a signed difference has no floor."""
    own = it.report.figures[key].value
    if own is None or it.report.figures.form.cells[key].number == "signed":
        _ = it.report.children
        return None
    known = [
        (child.figures[key].value, child.called)
        for child in it.report.children.reports
        if key in child.figures and child.figures[key].value is not None
    ]
    largest = max(known, key=lambda pair: pair[0] or 0, default=None)
    if largest is None or largest[0] is None or largest[0] <= own:
        return None
    return largest[0], largest[1]


def _smaller(it: Line) -> str:
    told = []
    for key in it.cells:
        found = _largest_child(it, key)
        if found:
            own = format_number(it.report.figures[key].value)
            told.append(f"{it.report.figures.form.cells[key].column.name} {own}，{found[1]} {format_number(found[0])}")
    return "；".join(told[:3])


@rule(
    "PC-XY",
    WARNING,
    each=columns("applications", only=("total",)),
    title="汇总报告的上年结转等于下级机构上年报告的结转下年度之和",
    source="推断",
    says=lambda it: f"上年结转 {it['carried_in']} 件，下级机构上年的结转下年度合计 {_carried(it)} 件；请核对。",
    fires=Example(
        {"applications.carried_in.total": 3},
        scope="government_wide",
        children=(Example({}, agency="a", name="甲局", last={"applications.carried_out.total": 2}),),
    ),
    silent=Example(
        {"applications.carried_in.total": 2},
        scope="government_wide",
        children=(Example({}, agency="a", name="甲局", last={"applications.carried_out.total": 2}),),
    ),
)
def what_the_children_carried_out_is_carried_in(it: Line) -> bool:
    return it["carried_in"] == _carried(it)


def _carried(it: Line) -> Number:
    total: Number = 0
    for child in _complete(it).reports:
        before = child.last_year.value("applications.carried_out.total")
        if before is None:
            raise NotApplicable(f"下级机构{child.called}上年的结转下年度未填")
        total += before
    return total
