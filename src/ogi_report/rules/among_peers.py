"""The reports of one year among each other: copied texts and tables, shares and amounts unlike anybody's (XA-…, V-OUTLIER)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ogi_report.figures import Number, format_number
from ogi_report.forms import numeral
from ogi_report.rules.context import Context
from ogi_report.rules.peers import ENOUGH_APPLICATIONS, OUTCOMES, Copies, Peers, Spread, share_of
from ogi_report.rules.rule import NOTE, WARNING, Example, Finding, Tally, confront, rule
from ogi_report.rules.similarity import CROWD
from ogi_report.rules.subjects import CellSubject, ReportSubject, Scope, Subject, report

FEWEST_PEERS = 8
"""Other reports of the level, at least, for what is usual among them to say anything."""


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
        f"{copy.name}（{'、'.join(numeral(title) for title in copy.chapters)}章，{int(copy.alike * 100)}%）"
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
