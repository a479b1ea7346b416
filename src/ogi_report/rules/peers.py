"""The reports of one year side by side: parent and children (PC-…), and agencies among each other (XA-…)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from statistics import median

from ogi_report.figures import format_number
from ogi_report.in_words import InWords
from ogi_report.rules.additions import Addition, add_up
from ogi_report.rules.context import Context
from ogi_report.rules.rule import BlankCell, Example, Finding, NotApplicable, Number, Severity, Tally, confront, rule
from ogi_report.rules.similarity import CROWD, EQUAL, masked, near_copies
from ogi_report.rules.subjects import CellSubject, Line, ReportSubject, Scope, Subject, columns, report, rows

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

SHORTEST, SHORTEST_OF_FORMULAS = 80, 300
"""Characters of a masked chapter, at least, for its likeness to another agency's to mean anything: of chapters 一 and 五,
which each agency has to think of itself, and of the others, which say the same in the same words everywhere."""

FEWEST_CELLS = 5
"""Non-zero cells, at least, for equal tables to be more than chance."""

FEWEST_PEERS = 8


@dataclass(frozen=True)
class Copy:
    """Another agency's report that is like this one: in which chapters, and how much (the highest share)."""

    name: str
    chapters: tuple[str, ...]
    alike: float


@dataclass(frozen=True)
class Copies:
    """The reports most like one, and how many there are in all."""

    first: tuple[Copy, ...] = ()
    total: int = 0


def _note(shared: dict[str, Copy], other: Context, title: str, alike: float) -> None:
    """Remembers that another report shares a chapter."""
    known = shared.get(other.agency)
    if known is None:
        shared[other.agency] = Copy(other.name or other.agency, (title,), alike)
    elif title not in known.chapters or alike > known.alike:
        titles = known.chapters if title in known.chapters else (*known.chapters, title)
        shared[other.agency] = Copy(known.name, titles, max(known.alike, alike))


@dataclass(frozen=True)
class Spread:
    """Shares of many agencies: in order, their median, and the median of their distances from it."""

    ordered: tuple[Fraction, ...]
    middle: Fraction
    deviation: Fraction

    @classmethod
    def of(cls, shares: Sequence[Fraction]) -> Spread:
        middle = median(shares)
        return cls(tuple(sorted(shares)), middle, median(abs(share - middle) for share in shares))

    def without(self, own: Fraction) -> tuple[Fraction, Fraction]:
        """The lowest and the highest share among the others."""
        low, high = self.ordered[0], self.ordered[-1]
        return self.ordered[1] if own == low else low, self.ordered[-2] if own == high else high


@dataclass(frozen=True)
class Peers(InWords):
    """Reports of one year, each with its own figures and text, and what is missing among them.

    `expected` maps the agency ids that the roster lists to their names; those without a report are the gaps.
    """

    reports: tuple[Context, ...]
    expected: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        present = {context.agency for context in self.reports}
        return [name for agency, name in self.expected.items() if agency not in present]

    def added(self, key: str) -> Addition:
        """What a cell adds up to, and who is missing in the sum."""
        return add_up(key, self.reports, self.missing)

    @cached_property
    def sums(self) -> dict[str, Number]:
        """Cell → sum over all reports; only cells that every one of them has filled, and nothing while some are missing."""
        if self.missing or not self.reports:
            return {}
        added = {key: self.added(key) for key in self.reports[0].figures}
        return {key: sum_.total for key, sum_ in added.items() if sum_.complete and sum_.total is not None}

    @cached_property
    def copies(self) -> dict[str, Copies]:
        """Agency → the reports that share a chapter with it."""
        authors: dict[str, list[tuple[Context, str]]] = defaultdict(list)
        # Of a crowd only the first are named: who they are must not depend on the order in which reports were read.
        for context in sorted(self.reports, key=lambda context: context.agency):
            names = (context.name or "", *context.short_names)
            for chapter in context.chapters or ():
                text = masked(chapter.text, names) if chapter.written else ""
                if len(text) >= (SHORTEST if chapter.number in (1, 5) else SHORTEST_OF_FORMULAS):
                    authors[text].append((context, chapter.title))
        texts = list(authors)
        found: dict[str, dict[str, Copy]] = defaultdict(dict)
        pairs = [(n, n, EQUAL) for n, text in enumerate(texts) if len(authors[text]) > 1] + near_copies(texts)
        for i, j, alike in pairs:
            for one, title in authors[texts[i]][: CROWD + 1]:
                for other, _ in authors[texts[j]][: CROWD + 1]:
                    if one.agency != other.agency:
                        _note(found[one.agency], other, title, alike)
                        _note(found[other.agency], one, title, alike)
        for text in texts:
            # Of a text that a crowd has copied, the first few are enough to name; each of the crowd is told.
            for one, title in authors[text][CROWD + 1 :]:
                for other, _ in authors[text][:CROWD]:
                    _note(found[one.agency], other, title, EQUAL)
        return {
            agency: Copies(tuple(sorted(shared.values(), key=lambda c: (-c.alike, c.name))[:3]), len(shared))
            for agency, shared in sorted(found.items())
        }

    @cached_property
    def equal_tables(self) -> dict[str, list[str]]:
        """Agency → names of agencies whose non-zero cells are exactly the same."""
        groups: dict[tuple[tuple[str, Number], ...], list[Context]] = defaultdict(list)
        for context in self.reports:
            filled = tuple((key, cell.value) for key, cell in context.figures.items() if cell.value)
            if len(filled) >= FEWEST_CELLS:
                groups[filled].append(context)
        return {
            one.agency: sorted(other.name or other.agency for other in group if other is not one)
            for group in groups.values()
            if len(group) > 1
            for one in group
        }

    @cached_property
    def medians(self) -> dict[tuple[str | None, str], tuple[Number, int]]:
        """(level, cell) → median of the positive values, and their number."""
        values: dict[tuple[str | None, str], list[Decimal]] = defaultdict(list)
        for context in self.reports:
            for key, cell in context.figures.items():
                if cell.value and cell.value > 0:
                    values[context.level, key].append(Decimal(cell.value))
        return {place: (median(found), len(found)) for place, found in values.items()}

    @cached_property
    def shares(self) -> dict[tuple[str | None, str], Spread]:
        """(level, outcome) → the agencies' shares of their handled applications."""
        found: dict[tuple[str | None, str], list[Fraction]] = defaultdict(list)
        for context in self.reports:
            for outcome in OUTCOMES:
                share = share_of(context, outcome)
                if share is not None:
                    found[context.level, outcome].append(share)
        return {place: Spread.of(shares) for place, shares in found.items()}

    def _in_words(self) -> str:
        return f"{len(self.reports)} 份同年的报告，缺 {len(self.missing)} 份"


OUTCOMES = {"granted": "予以公开", "denied": "不予公开", "other": "其他处理"}
ENOUGH_APPLICATIONS = 20


def share_of(context: Context, outcome: str) -> Fraction | None:
    """Returns an outcome's share of the handled applications; None if too few were handled, or a cell is blank."""
    handled = context.figures.value("applications.handled_total.total")
    figures = context.figures
    key = next(
        (k for k in (f"applications.{outcome}.sum.total", f"applications.{outcome}.total") if _has(figures, k)), ""
    )
    part = figures.value(key) if key else None
    if handled is None or part is None or handled < ENOUGH_APPLICATIONS:
        return None
    return Fraction(Decimal(part)) / Fraction(Decimal(handled))


def _has(figures: object, key: str) -> bool:
    return key in figures or key in figures.derived_parts  # type: ignore[attr-defined, operator]


# -- parent and children -----------------------------------------------------------------------------------------------


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
        raise NotApplicable(f"下级机构{child.name or child.agency}用的是另一种表样，没有这一格")
    cell = figures[key]
    if cell.value is not None:
        return cell.value
    if not cell.is_empty:
        raise NotApplicable(f"下级机构{child.name or child.agency}的这一格不是数字")
    if it.blanks_are_zero:
        return 0
    raise BlankCell(f"下级机构{child.name or child.agency}的“{figures.form.cells[key].label}”")


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


_CHILD = Example({"applications.received.total": 703, "applications.handled_total.total": 703}, agency="a", name="甲局")
_CHILD_B = Example(
    {"applications.received.total": 703, "applications.handled_total.total": 703}, agency="b", name="乙局"
)


def _parent(received: int, children: tuple[Example, ...] = (_CHILD, _CHILD_B)) -> Example:
    return Example(
        {"applications.received.total": received, "applications.handled_total.total": 1406},
        level="county",
        scope="government_wide",
        children=children,
    )


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


@rule(
    "PC-SUM-T3",
    ERROR,
    each=rows("applications"),
    title="汇总报告表三的每一格等于下级机构之和（下级齐全时）",
    source="审核惯例",
    says=_sums_message,
    fires=_parent(1405),
    silent=_parent(1406),
)
def applications_are_the_sum_of_the_children(it: Line) -> bool:
    return _sums_agree(it)


@rule(
    "PC-SUM-T4",
    WARNING,
    each=rows("remedies"),
    title="汇总报告表四的每一格等于下级机构之和（下级齐全时）",
    source="推断：共同被告的案件可能重复计数",
    says=_sums_message,
    fires=Example(
        {"remedies.review.total": 3},
        scope="government_wide",
        children=(Example({"remedies.review.total": 2}, agency="a", name="甲局"),),
    ),
    silent=Example(
        {"remedies.review.total": 2},
        scope="government_wide",
        children=(Example({"remedies.review.total": 2}, agency="a", name="甲局"),),
    ),
)
def cases_are_the_sum_of_the_children(it: Line) -> bool:
    return _sums_agree(it)


@rule(
    "PC-SUM-T2",
    WARNING,
    each=rows("disclosure"),
    title="汇总报告表二的每一格等于下级机构之和（下级齐全时）",
    source="审核惯例：联合发文可能由各家分别计数",
    says=_sums_message,
    fires=Example(
        {"disclosure.licence.decisions": 3},
        scope="government_wide",
        children=(Example({"disclosure.licence.decisions": 2}, agency="a", name="甲局"),),
    ),
    silent=Example(
        {"disclosure.licence.decisions": 2},
        scope="government_wide",
        children=(Example({"disclosure.licence.decisions": 2}, agency="a", name="甲局"),),
    ),
)
def disclosure_is_the_sum_of_the_children(it: Line) -> bool:
    return _sums_agree(it)


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
    fires=Example(
        {"remedies.review.total": 1},
        scope="government_wide",
        children=(Example({"remedies.review.total": 2}, agency="a", name="甲局"),),
        source={"expected": {"a": "甲局", "b": "乙局"}},
    ),
    silent=Example(
        {"remedies.review.total": 2},
        scope="government_wide",
        children=(Example({"remedies.review.total": 2}, agency="a", name="甲局"),),
    ),
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
        (child.figures[key].value, child.name or child.agency)
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
            raise NotApplicable(f"下级机构{child.name or child.agency}上年的结转下年度未填")
        total += before
    return total


# -- agencies among each other -----------------------------------------------------------------------------------------


def _copies(it: ReportSubject) -> Copies:
    return it.report.known_peers.copies.get(it.report.agency, Copies())


_TEXT = (
    "全年围绕群众关心的入学、就业、医疗和住房保障公开信息，逐项编制办事指南，开通线上查询；加强答复说理，"
    "统一文书格式，组织业务骨干交流办理经验，定期检查栏目更新情况，听取人大代表和企业代表的意见并反馈。"
)
_UNLIKE = (
    "本年把重点放在惠企政策的集中发布，上线政策计算器，企业填报条件即可匹配；档案移交目录向社会开放查询，"
    "门户网站完成适老化改造，窗口设立自助打印；纪检部门随机回访申请人，把满意程度作为评先依据之一。"
)


@rule(
    "XA-DUP-TEXT",
    WARNING,
    each=report(),
    title="各章的文字不与其他机构雷同（去掉名称和数字后相似度不到 90%）",
    source="国办公开办函〔2021〕30号：内容雷同",
    says=lambda it: _copies_message(_copies(it)),
    fires=Example(chapters={1: _TEXT}, peers=(Example(chapters={1: _TEXT}, agency="b", name="乙局"),)),
    silent=Example(chapters={1: _TEXT}, peers=(Example(chapters={1: _UNLIKE}, agency="b", name="乙局"),)),
)
def texts_are_not_another_agencys(it: ReportSubject) -> bool:
    return not _copies(it).total


def _copies_message(copies: Copies) -> str:
    told = [
        f"{copy.name}（{'、'.join(title.split('、')[0] for title in copy.chapters)}章，{int(copy.alike * 100)}%）"
        for copy in copies.first
    ]
    more = f"等 {copies.total} 家{'以上' if copies.total >= CROWD else ''}" if copies.total > 3 else ""
    return f"文字与{'、'.join(told)}{more}相似（不计名称和数字）；请核对是否照抄。"


_EQUAL = {f"disclosure.{row}.decisions": 40 for row in ("licence", "penalty", "coercion")} | {
    "applications.received.total": 12,
    "applications.handled_total.total": 12,
}


@rule(
    "XA-DUP-TABLE",
    WARNING,
    each=report(),
    title="三张表的数不与其他机构完全相同（不到 5 个非零数的不计）",
    source="推断：误贴了其他机构的表",
    says=lambda it: (
        f"全部非零的数与{'、'.join(it.report.known_peers.equal_tables[it.report.agency][:3])}完全相同；请核对是否误贴。"
    ),
    fires=Example(_EQUAL, peers=(Example(_EQUAL, agency="b", name="乙局"),)),
    silent=Example(_EQUAL, peers=(Example(_EQUAL | {"disclosure.licence.decisions": 7}, agency="b", name="乙局"),)),
)
def figures_are_not_another_agencys(it: ReportSubject) -> bool:
    return it.report.agency not in it.report.known_peers.equal_tables


@dataclass
class ShareSubject(Subject):
    """An outcome's share in this report, among its peers'."""

    outcome: str
    own: Fraction
    spread: Spread

    @property
    def others(self) -> int:
        return len(self.spread.ordered) - 1


def _shares() -> Scope:
    def subjects(context: Context) -> Iterator[ShareSubject]:
        for outcome in OUTCOMES:
            spread = context.known_peers.shares.get((context.level, outcome))
            own = share_of(context, outcome)
            if own is not None and spread is not None and len(spread.ordered) > FEWEST_PEERS:
                subject = ShareSubject(context, outcome, own, spread)
                subject.point_at([k for k in context.figures if k == "applications.handled_total.total"])
                yield subject

    return Scope(
        "予以公开、不予公开、其他处理的占比",
        subjects,
        f"办理不到 {ENOUGH_APPLICATIONS} 件，或可比的机构不到 {FEWEST_PEERS} 家",
    )


def _busy(agency: str, granted: int) -> Example:
    cells = {
        "applications.received.total": 100,
        "applications.handled_total.total": 100,
        "applications.granted.total": granted,
    }
    return Example(cells, agency=agency, name=f"{agency}局")


_OTHERS = tuple(_busy(f"p{n}", 50 + n) for n in range(9))


@rule(
    "XA-OUTLIER",
    NOTE,
    each=_shares(),
    title="各类办理结果的占比不远离同级机构",
    source="推断：同级机构的中位数与离散程度",
    says=lambda it: (
        f"{OUTCOMES[it.outcome]}占办理结果总计的 {int(it.own * 100)}%，{it.others} 家同级机构的中位数是 {int(it.spread.middle * 100)}%；请核实。"
    ),
    fires=Example(_busy("x", 2).cells, peers=_OTHERS),
    silent=Example(_busy("x", 54).cells, peers=_OTHERS),
)
def shares_are_like_those_of_peers(it: ShareSubject) -> bool:
    low, high = it.spread.without(it.own)
    far = max(6 * it.spread.deviation, Fraction(1, 4))
    outside = it.own < low - Fraction(1, 10) or it.own > high + Fraction(1, 10)
    return not (abs(it.own - it.spread.middle) > far and outside)


def _amounts() -> Scope:
    """Official cells of 1,000 and more, where enough agencies of the level have a number."""

    def subjects(context: Context) -> Iterator[CellSubject]:
        medians = context.known_peers.medians
        for key, spec in context.figures.form.cells.items():
            value = context.figures[key].value
            known = medians.get((context.level, key))
            if not spec.local and value and value >= 1000 and known and known[1] > FEWEST_PEERS and known[0] > 0:
                yield CellSubject(context, spec)

    return Scope("每个单元格", subjects, f"没有 1000 以上的数，或可比的机构不到 {FEWEST_PEERS} 家")


def _median(it: CellSubject) -> Number:
    return it.report.known_peers.medians[it.report.level, it.spec.key][0]


@rule(
    "V-OUTLIER",
    NOTE,
    each=_amounts(),
    title="与同级机构相比，没有大出约 1 万倍的数",
    source="推断：元与万元混用",
    says=lambda it: (
        f"“{it.label}”{it.printed}，同级机构的中位数是 {format_number(_median(it))}，相差约 1 万倍；请核对单位。"
    ),
    fires=Example(
        {"disclosure.admin_fee.amount_wan": "123400"},
        peers=tuple(
            Example({"disclosure.admin_fee.amount_wan": str(10 + n)}, agency=f"p{n}", name=f"{n}局") for n in range(9)
        ),
    ),
    silent=Example(
        {"disclosure.admin_fee.amount_wan": "1234"},
        peers=tuple(
            Example({"disclosure.admin_fee.amount_wan": str(10 + n)}, agency=f"p{n}", name=f"{n}局") for n in range(9)
        ),
    ),
)
def amounts_are_in_the_unit_of_peers(it: CellSubject) -> bool:
    ratio = Fraction(Decimal(it.number)) / Fraction(Decimal(_median(it)))
    return not 5_000 <= ratio <= 20_000


PEER_RULES = (
    texts_are_not_another_agencys,
    figures_are_not_another_agencys,
    shares_are_like_those_of_peers,
    amounts_are_in_the_unit_of_peers,
)
"""The rules that need all reports of the year; a single report is not held against them."""


@dataclass(frozen=True)
class PeerCheck:
    """What a report's peers showed: findings, and the coverage of the rules that need them."""

    report: Context | None = None
    findings: tuple[Finding, ...] = ()
    coverage: Mapping[str, Tally] = field(default_factory=dict)


def check_peers(contexts: Sequence[Context]) -> dict[tuple[str, int], PeerCheck]:
    """Holds the reports of each year against each other; returns (agency, year) → what was found, by year."""
    found: dict[tuple[str, int], PeerCheck] = {}
    for year in sorted({context.year for context in contexts}):
        reports = tuple(context for context in contexts if context.year == year)
        peers = Peers(reports)
        for context in reports:
            among = context.among(peers)
            coverage: dict[str, Tally] = {rule.id: Tally() for rule in PEER_RULES}
            findings = tuple(f for rule in PEER_RULES for f in confront(rule, among, coverage[rule.id]))
            found[context.agency, year] = PeerCheck(context, findings, coverage)
    return found
