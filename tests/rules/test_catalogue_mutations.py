"""Sound reports raise nothing; each rule fires on its own mistake, and nothing else does but what follows from it.

The reports are rich: figures with last year's, six chapters that state them, a lead-in, a date. Every text is rendered
from the figures, so a report stays sound however its figures are drawn. A mutation then makes one mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogi_report.figures import FoundLabel
from ogi_report.ledger import Application, Remedy
from ogi_report.rules import Example, Publication, Severity, catalogue, check
from ogi_report.rules.context import FeeStatement
from ogi_report.rules.examples import context_of

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

Cells = dict[str, Any]

# -- figures -----------------------------------------------------------------------------------------------------------

PARTS = ("natural_person", *(f"legal.{k}" for k in ("commercial", "research", "social", "legal_service", "other")))
"""The applicant columns of table 三, typed from the form."""

PERSON, FIRM, LAWYERS = "natural_person", "legal.commercial", "legal.legal_service"

OUTCOMES = {
    "granted": {PERSON: 30, FIRM: 3},
    "partially_granted": {PERSON: 6, FIRM: 1},
    "denied.third_party": {PERSON: 2},
    "denied.process_info": {PERSON: 3, LAWYERS: 1},
    "unavailable.not_held": {PERSON: 14, FIRM: 2},
    "unavailable.must_create": {PERSON: 1},
    "not_processed.petition": {PERSON: 2},
    "not_processed.repeat": {PERSON: 1},
    "other.no_correction": {PERSON: 2},
    "other.misc": {PERSON: 1},
}


def applications(
    outcomes: Mapping[str, Mapping[str, int]], carried_in: Mapping[str, int], carried_out: Mapping[str, int]
) -> Cells:
    """Table 三 in which every identity holds: what was received follows from what became of it."""
    rows: dict[str, Mapping[str, int]] = dict(outcomes)
    handled = {part: sum(row.get(part, 0) for row in outcomes.values()) for part in PARTS}
    rows |= {"handled_total": handled, "carried_in": carried_in, "carried_out": carried_out}
    rows["received"] = {p: handled[p] + carried_out.get(p, 0) - carried_in.get(p, 0) for p in PARTS}
    cells = {f"applications.{row}.{part}": n for row, values in rows.items() for part, n in values.items()}
    return cells | {f"applications.{row}.total": sum(values.values()) for row, values in rows.items()}


def cases(
    review: tuple[int, int, int, int], direct: tuple[int, int, int, int], after: tuple[int, int, int, int]
) -> Cells:
    """Table 四 from (upheld, corrected, other, pending) of each block."""
    cells: Cells = {}
    for block, results in (("review", review), ("litigation_direct", direct), ("litigation_after_review", after)):
        for result, number in zip(("upheld", "corrected", "other", "pending"), results, strict=True):
            cells[f"remedies.{block}.{result}"] = number
        cells[f"remedies.{block}.total"] = sum(results)
    return cells


def documents(issued: int, repealed: int, in_force: int, last: bool = False) -> Cells:
    row = "disclosure.normative"
    if last:
        return {f"{row}.in_force": in_force, f"{row}.issued": 2, f"{row}.repealed": 0}
    return {f"{row}.issued": issued, f"{row}.repealed": repealed, f"{row}.in_force": in_force}


NOW_2021 = {
    "disclosure.licence.decisions": 140,
    "disclosure.penalty.decisions": 12,
    "disclosure.coercion.decisions": 2,
    "disclosure.admin_fee.amount_wan": "12.5",
}
BEFORE_2021 = NOW_2021 | {"disclosure.licence.decisions": 131, "disclosure.admin_fee.amount_wan": "11.8"}

NOW_2019 = {
    "disclosure.normative.new_made": 5,
    "disclosure.normative.new_public": 5,
    "disclosure.normative.public_total": 46,
    "disclosure.licence.items_prev": 12,
    "disclosure.licence.items_delta": "+1",
    "disclosure.licence.decisions": 340,
    "disclosure.other_services.items_prev": 8,
    "disclosure.other_services.decisions": 95,
    "disclosure.penalty.items_prev": 20,
    "disclosure.penalty.items_delta": "-2",
    "disclosure.penalty.decisions": 31,
    "disclosure.coercion.items_prev": 4,
    "disclosure.coercion.decisions": 3,
    "disclosure.admin_fee.items_prev": 3,
    "disclosure.procurement.projects": 6,
    "disclosure.procurement.amount_yuan": "1860000",
}
BEFORE_2019 = {
    "disclosure.normative.new_made": 4,
    "disclosure.normative.new_public": 4,
    "disclosure.normative.public_total": 41,
    "disclosure.licence.items_prev": 11,
    "disclosure.licence.items_delta": "+1",
    "disclosure.licence.decisions": 310,
    "disclosure.other_services.items_prev": 8,
    "disclosure.other_services.decisions": 88,
    "disclosure.penalty.items_prev": 20,
    "disclosure.penalty.decisions": 29,
    "disclosure.coercion.items_prev": 4,
    "disclosure.coercion.decisions": 2,
    "disclosure.admin_fee.items_prev": 3,
    "disclosure.procurement.projects": 5,
    "disclosure.procurement.amount_yuan": "1540000",
}

# -- texts -------------------------------------------------------------------------------------------------------------


def percent(part: int, whole: int) -> str:
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.1'), ROUND_HALF_UP)}"


def change(now: int, before: int) -> str:
    if now == before or before == 0:
        return "与上年的办理情况相近"
    return f"较上年{'增长' if now > before else '下降'}{percent(abs(now - before), before)}%"


LEAD = (
    "根据《中华人民共和国政府信息公开条例》和国办公开办函{notice}的规定，编制{name}{year}年政府信息公开工作年度报告。"
    "所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。电子版可在市政府门户网站（www.shili.example）查阅；"
    "有疑问的，请与{name}办公室联系（地址：学府路9号，邮编：430000，电话：027-12345678）。现将有关情况报告如下："
)

OVERVIEW = """（一）主动公开。全年通过市政府门户网站公开信息{posted}条，其中机构职能类{kinds[0]}条、政策文件类{kinds[1]}条、工作动态类{kinds[2]}条。{documents}
（二）依申请公开。全年共收到政府信息公开申请{received}件，{changed}；其中自然人申请{persons}件、法人或其他组织申请{bodies}件。上年结转{carried_in}件，年内办结{handled}件，结转下年度继续办理{carried_out}件，均已归档。申请按期办结率100%。办结的{handled}件申请中，予以公开{granted}件，占{share}%；不予公开的{denied}件均说明了理由。
（三）政府信息管理。公文起草时即标注公开属性，发布前逐件审查，定期清理失效文件。
（四）平台建设。在市政府门户网站维护部门专栏，更新公开指南和目录。
（五）监督保障。公开工作纳入年度考核，组织政务公开培训2期；社会评议反映良好，没有需要追究责任的情形。"""

CHAPTER_2 = "{licences}全年通过市政府门户网站公开信息{posted}条，各类决定均在作出之日起七个工作日内公示。"
CHAPTER_3 = (
    "本年新收政府信息公开申请{received}件。办理结果共{handled}件，其中予以公开{granted}件，部分公开{partly}件，"
    "不予公开{denied}件，无法提供{unavailable}件，不予处理{refused}件，其他处理{other}件。"
)
CHAPTER_4 = (
    "本年度因政府信息公开被申请行政复议{reviews}件，被提起行政诉讼{suits}件。行政复议中，结果维持{upheld}件、"
    "结果纠正{corrected}件、尚未审结{pending}件。政府信息公开行政诉讼案件均获维持。"
)
CHAPTER_5 = (
    "存在的主要问题：一是政策解读的形式单一，图表和短视频偏少；二是个别答复说理不够充分，被复议机关纠正。"
    "下一步的改进措施：邀请业务骨干参与解读，把专业表述改写成办事人看得懂的话；答复书签发前由法制机构复核，"
    "每季度选取两份文书集中讲评。"
)
CHAPTER_6 = "本年度发出信息处理费收费通知1件，总金额380元，实际收取380元。除此之外，没有其他需要报告的事项。"

LAST_TEXTS = {
    1: "上一年度的重点是目录修订和档案移交：逐条核对保留事项，撤下失效页面，设立线下查阅点，组织开放日活动，听取代表意见后"
    "调整了首页的栏目次序，窗口增配自助打印设备，信件办理时限由法制科统一提醒。",
    5: "当时的不足在于人手紧张、栏目分散。为此设立了专职岗位，合并了重复的频道，请档案部门协助移交历史文件，"
    "还与相邻区县互换骨干跟班学习，约定半年后共同评估成效并通报结果。",
}


def texts(cells: Cells, last: Cells, posted: int, form: str) -> dict[int, str]:
    def row(name: str) -> int:
        found = [v for k, v in cells.items() if k.startswith(f"applications.{name}.") and k.endswith(".total")]
        return sum(int(value) for value in found)

    kinds = (posted // 10, posted // 5, posted - posted // 10 - posted // 5)
    normative = {key: cells.get(f"disclosure.normative.{key}", 0) for key in ("issued", "repealed", "in_force")}
    made = "制发行政规范性文件{issued}件，废止{repealed}件，现行有效{in_force}件。"
    if form == "2019":
        made = f"新制作规范性文件{cells['disclosure.normative.new_made']}件。"
    words: dict[str, Any] = {
        "posted": posted,
        "kinds": kinds,
        "documents": made.format(**normative),
        "received": row("received"),
        "changed": change(row("received"), last["applications.received.total"]),
        "persons": cells[f"applications.received.{PERSON}"],
        "bodies": row("received") - cells[f"applications.received.{PERSON}"],
        "carried_in": row("carried_in"),
        "carried_out": row("carried_out"),
        "handled": row("handled_total"),
        "granted": row("granted"),
        "share": percent(row("granted"), row("handled_total")),
        "partly": row("partially_granted"),
        "denied": row("denied"),
        "unavailable": row("unavailable"),
        "refused": row("not_processed"),
        "other": row("other"),
        "licences": f"作出行政许可决定{cells['disclosure.licence.decisions']}件。",
        "reviews": cells["remedies.review.total"],
        "suits": cells["remedies.litigation_direct.total"] + cells["remedies.litigation_after_review.total"],
        **{result: cells[f"remedies.review.{result}"] for result in ("upheld", "corrected", "pending")},
    }
    chapters = (OVERVIEW, CHAPTER_2, CHAPTER_3, CHAPTER_4, CHAPTER_5, CHAPTER_6)
    found = {number: text.format(**words) for number, text in enumerate(chapters, start=1)}
    if form == "2019":
        found[6] = "没有其他需要报告的事项。"
    return found


# -- sound reports -----------------------------------------------------------------------------------------------------

NAME, SHORT, OTHERS = "示例市城市管理局", ("市城管局", "我局"), ("示例市教育局", "市教育局", "示例市民政局")


def presented(name: str, year: int, on: date) -> Publication:
    return Publication(f"{name}{year}年政府信息公开工作年度报告", on, f"SL000-12/{year}-0031", None, name)


@dataclass(frozen=True)
class Drawn:
    """What the figures of a sound report are made from."""

    outcomes: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: OUTCOMES)
    carried_in: Mapping[str, int] = field(default_factory=lambda: {PERSON: 4, FIRM: 1})
    carried_out: Mapping[str, int] = field(default_factory=lambda: {PERSON: 5, FIRM: 1})
    issued: int = 3
    repealed: int = 1
    before_in_force: int = 20
    review: tuple[int, int, int, int] = (2, 1, 0, 1)
    direct: tuple[int, int, int, int] = (1, 0, 0, 0)
    after: tuple[int, int, int, int] = (1, 0, 0, 0)
    posted: int = 512
    name: str = NAME
    year: int = 2024
    level: str = "department"

    def with_outcomes(self, **rows: Mapping[str, int]) -> Drawn:
        named = {row.replace("__", "."): values for row, values in rows.items()}
        return replace(self, outcomes={**self.outcomes, **named})


def last_applications(drawn: Drawn) -> Cells:
    """A last year that goes with this one: it carried out what this year carried in."""
    outcomes = {row: dict(values) for row, values in drawn.outcomes.items()}
    granted = outcomes.setdefault("granted", {})
    granted[PERSON] = granted.get(PERSON, 0) + 2
    return applications(outcomes, {PERSON: 2}, drawn.carried_in)


def department(drawn: Drawn = Drawn()) -> Example:
    """A department's report for 2024 with last year's."""
    now, before = applications(drawn.outcomes, drawn.carried_in, drawn.carried_out), last_applications(drawn)
    in_force = drawn.before_in_force + drawn.issued - drawn.repealed
    now |= NOW_2021 | documents(drawn.issued, drawn.repealed, in_force)
    now |= cases(drawn.review, drawn.direct, drawn.after)
    before |= BEFORE_2021 | documents(0, 0, drawn.before_in_force, last=True)
    before |= cases((2, 0, 0, min(1, drawn.review[0])), (1, 0, 0, 0), (0, 0, 0, 0))
    return Example(
        now,
        form="2021",
        year=drawn.year,
        last=before,
        level=drawn.level,
        name=drawn.name,
        agency="chengguan",
        chapters=texts(now, before, drawn.posted, "2021"),
        last_chapters=LAST_TEXTS,
        lead_in=LEAD.format(notice="〔2021〕30号", name=drawn.name, year=drawn.year),
        around={
            "short_names": SHORT,
            "other_names": OTHERS,
            "publication": presented(drawn.name, drawn.year, date(drawn.year + 1, 1, 20)),
            "fee": FeeStatement(1, Decimal(380), Decimal(380)),
        },
    )


def of_2019_layout(drawn: Drawn = Drawn(year=2020)) -> Example:
    """A department's report for 2020, in the layout of 2019, with that for 2019."""
    outcomes = {row: values for row, values in drawn.outcomes.items() if not row.startswith("other.")}
    outcomes["other"] = {PERSON: 3}
    drawn = replace(drawn, outcomes=outcomes)
    now, before = applications(outcomes, drawn.carried_in, drawn.carried_out), last_applications(drawn)
    now |= NOW_2019 | cases(drawn.review, drawn.direct, drawn.after)
    before |= BEFORE_2019 | cases((2, 0, 0, 1), (1, 0, 0, 0), (0, 0, 0, 0))
    base = department(replace(drawn, outcomes=OUTCOMES))
    return replace(
        base,
        cells=now,
        last=before,
        form="2019",
        year=2020,
        chapters=texts(now, before, drawn.posted, "2019"),
        lead_in=LEAD.format(notice="〔2019〕60号", name=drawn.name, year=2020),
        around={**base.around, "publication": presented(drawn.name, 2020, date(2021, 1, 20)), "fee": None},
        source={"units": {"amount_yuan": "元"}},
    )


def quiet() -> Example:
    """A department that nobody applied to."""
    base = department()
    cells = {"disclosure.licence.decisions": 3, "disclosure.normative.in_force": 2}
    return replace(
        base,
        cells=cells,
        last=cells | {"disclosure.licence.decisions": 4},
        chapters={
            1: "主动公开、信息管理、平台建设和监督保障各项工作正常开展；本年度未收到政府信息公开申请，没有上年结转的申请，"
            "没有结转下年度的申请。",
            2: "办理的行政许可决定均已公示。",
            3: "本年度无政府信息公开申请。",
            4: "未发生因政府信息公开引起的行政复议、行政诉讼。",
            5: CHAPTER_5.replace("二是个别答复说理不够充分，被复议机关纠正", "二是栏目更新不够及时"),
            6: "本年度没有收取信息处理费。",
        },
        around={**base.around, "fee": None},
    )


AREA = "示例区人民政府"


def government(one: Drawn = Drawn(), other: Drawn = Drawn()) -> Example:
    """A county's report over the whole of its government: the sum of two departments and its own office."""
    children = (
        replace(department(one), agency="jiaoyu", name="示例区教育局"),
        replace(department(other), agency="minzheng", name="示例区民政局"),
    )

    def summed(*tables: Mapping[str, Any]) -> Cells:
        keys = dict.fromkeys(key for table in tables for key in table)
        added = {key: sum(Decimal(str(table.get(key) or 0)) for table in tables) for key in keys}
        return {key: int(n) if n == int(n) else str(n) for key, n in added.items()}

    now, before = summed(*(c.cells for c in children)), summed(*(c.last or {} for c in children))
    base = department()
    chapters = texts(now, before, one.posted + other.posted, "2021")
    chapters[1] = chapters[1].replace("纳入年度考核", "纳入年度工作考核")
    return replace(
        base,
        cells=now,
        last=before,
        agency="qu",
        name=AREA,
        level="county",
        scope="government_wide",
        chapters=chapters,
        lead_in=LEAD.format(notice="〔2021〕30号", name=AREA, year=2024),
        children=children,
        around={
            "short_names": ("区政府",),
            "other_names": ("示例区教育局", "示例区民政局"),
            "publication": presented(AREA, 2024, date(2025, 3, 20)),
            "fee": FeeStatement(1, Decimal(380), Decimal(380)),
        },
    )


PEERS = tuple(
    replace(
        department(Drawn().with_outcomes(granted={PERSON: 24 + number, FIRM: 2})),
        agency=f"peer{number}",
        name=f"示例市第{number}局",
        chapters={5: f"问题是第{number}类事项的解读偏少；将改进。"},
    )
    for number in range(9)
)


def among_peers(drawn: Drawn = Drawn()) -> Example:
    """The department among nine others of its year."""
    return replace(department(drawn), peers=PEERS)


def lines_of(cells: Cells, year: int = 2024) -> tuple[Application, ...]:
    """A ledger that goes with a table 三 and 四 of natural persons and firms: every case in the time that it has."""
    lines: list[Application] = []
    before = {part: cells.get(f"applications.carried_in.{part}", 0) for part in PARTS}
    for part in PARTS:
        ended = [row for row in OUTCOMES for _ in range(cells.get(f"applications.{row}.{part}", 0))]
        ended += [None] * cells.get(f"applications.carried_out.{part}", 0)
        for outcome in ended:
            carried_in, before[part] = before[part] > 0, before[part] - 1
            received = (
                date(year - 1, 12, 25) if carried_in else date(year, 12, 25) if outcome is None else date(year, 3, 5)
            )
            closed = None if outcome is None else date(year, 1, 4) if carried_in else date(year, 3, 20)
            number = len(lines) + 2
            lines.append(Application(number, f"{year}-{number}", received, part, outcome, closed))
    cases = [
        Remedy(group, result, date(year, 4, 1), date(year, 6, 3))
        if result != "pending"
        else Remedy(group, None, date(year, 11, 1))
        for group in ("review", "litigation_direct", "litigation_after_review")
        for result in ("upheld", "corrected", "other", "pending")
        for _ in range(cells.get(f"remedies.{group}.{result}", 0))
    ]
    closed_ones = [n for n, line in enumerate(lines) if line.closed_on == date(year, 3, 20)]
    for place, remedy in zip(closed_ones, cases, strict=False):
        lines[place] = replace(lines[place], remedies=(remedy,))
    return tuple(lines)


def with_ledger(drawn: Drawn = Drawn()) -> Example:
    """The department with a ledger beside its tables."""
    base = department(drawn)
    return replace(base, ledger=lines_of(dict(base.cells)))


SOUND: dict[str, Callable[[], Example]] = {
    "department": department,
    "of_2019_layout": of_2019_layout,
    "quiet": quiet,
    "government": government,
    "among_peers": among_peers,
    "with_ledger": with_ledger,
}


def told(example: Example) -> list[str]:
    return [f"{f.rule} {f.severity}: {f.message} {f.quote or ''}" for f in check(context_of(example))]


@pytest.mark.parametrize("base", SOUND)
def test_a_sound_report_raises_nothing(base: str) -> None:
    assert told(SOUND[base]()) == []


@st.composite
def drawings(draw: st.DrawFn, year: int = 2024) -> Drawn:
    few, some = st.integers(0, 6), st.integers(8, 90)
    outcomes = {
        row: {part: draw(some if row in ("granted", "unavailable.not_held") else few) for part in (PERSON, FIRM)}
        for row in OUTCOMES
        if row != "other.misc"
    }
    outcomes["other.misc"] = {PERSON: draw(st.integers(0, 4))}
    corrected = draw(st.integers(0, 2))
    return Drawn(
        outcomes,
        {PERSON: draw(st.integers(0, 8)), FIRM: draw(st.integers(0, 8))},
        {PERSON: draw(few) // 2, FIRM: draw(few) // 3},
        issued=draw(st.integers(1, 9)),
        repealed=draw(st.integers(0, 5)),
        before_in_force=draw(st.integers(5, 60)),
        review=(draw(st.integers(1, 6)), corrected, 0, draw(st.integers(0, 2))),
        posted=draw(st.integers(30, 5000)),
        year=year,
    )


@settings(max_examples=25)
@given(drawings())
def test_a_department_s_report_is_sound_whatever_its_figures(drawn: Drawn) -> None:
    assert told(department(drawn)) == []


@settings(max_examples=15)
@given(drawings(2020))
def test_a_report_of_the_old_layout_is_sound_whatever_its_figures(drawn: Drawn) -> None:
    assert told(of_2019_layout(drawn)) == []


@settings(max_examples=10)
@given(drawings(), drawings())
def test_a_government_wide_report_is_sound_whatever_its_children_s_figures(one: Drawn, other: Drawn) -> None:
    assert told(government(one, other)) == []


@settings(max_examples=10)
@given(drawings())
def test_a_report_is_sound_beside_the_ledger_that_it_was_counted_from(drawn: Drawn) -> None:
    assert told(with_ledger(drawn)) == []


# -- one mistake each --------------------------------------------------------------------------------------------------

Change = Callable[[Example], Example]


def put(cells: Mapping[str, Any]) -> Change:
    """Writes into the tables."""
    return lambda report: replace(report, cells={**report.cells, **cells})


def t3(row: str, **columns: int | str | None) -> Cells:
    return {f"applications.{row}.{column.replace('__', '.')}": value for column, value in columns.items()}


def last(cells: Mapping[str, Any]) -> Change:
    """Writes into last year's tables."""
    return lambda report: replace(report, last={**(report.last or {}), **cells})


def in_ledger(which: Callable[[Application], bool], **changed: Any) -> Change:
    """Changes the first line of the ledger that fits."""

    def change(report: Example) -> Example:
        lines = list(report.ledger or ())
        place = next(n for n, line in enumerate(lines) if which(line))
        lines[place] = replace(lines[place], **changed)
        return replace(report, ledger=tuple(lines))

    return change


def moved(row: str, by: int = 1, table: str = "cells") -> Change:
    """Moves applications of a row from natural persons to firms; the row's total stays."""

    def change(report: Example) -> Example:
        cells = dict(getattr(report, table))
        cells[f"applications.{row}.{PERSON}"] -= by
        cells[f"applications.{row}.{FIRM}"] = cells.get(f"applications.{row}.{FIRM}", 0) + by
        return replace(report, **{table: cells})

    return change


def says(chapter: int, old: str, new: str) -> Change:
    """Words a chapter otherwise; what is replaced must be there."""

    def change(report: Example) -> Example:
        chapters = dict(report.chapters or {})
        assert old in chapters[chapter], (old, chapters[chapter])
        return replace(report, chapters=chapters | {chapter: chapters[chapter].replace(old, new)})

    return change


def adds(chapter: int, sentence: str) -> Change:
    def change(report: Example) -> Example:
        chapters = dict(report.chapters or {})
        return replace(report, chapters=chapters | {chapter: chapters[chapter] + sentence})

    return change


def leads(old: str, new: str) -> Change:
    """Words the preamble otherwise."""

    def change(report: Example) -> Example:
        assert report.lead_in is not None
        assert old in report.lead_in
        return replace(report, lead_in=report.lead_in.replace(old, new))

    return change


def source(**noted: Any) -> Change:
    """What a reader of a published report noted."""
    return lambda report: replace(report, source={**report.source, **noted})


def shown(**parts: Any) -> Change:
    """Changes title, date or index block."""
    return lambda report: replace(
        report, around={**report.around, "publication": replace(report.around["publication"], **parts)}
    )


def around(**known: Any) -> Change:
    return lambda report: replace(report, around={**report.around, **known})


def child(cells: Mapping[str, Any] | None = None, last: Mapping[str, Any] | None = None) -> Change:
    """Writes into the first child's tables."""

    def change(report: Example) -> Example:
        first, *rest = report.children or ()
        first = replace(first, cells={**first.cells, **(cells or {})}, last={**(first.last or {}), **(last or {})})
        return replace(report, children=(first, *rest))

    return change


def peer(**parts: Any) -> Change:
    """Changes the first of the peers."""

    def change(report: Example) -> Example:
        first, *rest = report.peers or ()
        return replace(report, peers=(replace(first, **parts), *rest))

    return change


def as_drawn(report: Example) -> Example:
    """The mistake is in what the figures were drawn from."""
    return report


def like(**drawn: Any) -> Callable[[], Example]:
    """A department whose figures, and with them its text, are drawn otherwise."""
    return lambda: department(replace(Drawn(), **drawn))


def with_outcomes(**rows: Mapping[str, int]) -> Callable[[], Example]:
    return lambda: department(Drawn().with_outcomes(**rows))


def all_from_firms() -> Example:
    """The department's report with natural persons and firms exchanged in every table and in the text."""
    outcomes = {row: {FIRM: sum(values.values())} for row, values in OUTCOMES.items()}
    return department(Drawn(outcomes, {FIRM: 5}, {FIRM: 6}))


def old_layout(changes: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Change:
    """Writes into table 二 of the 2019 layout, and of last year."""

    def change(report: Example) -> Example:
        now = {f"disclosure.{key}": value for key, value in changes.items()}
        then = {f"disclosure.{key}": value for key, value in (before or {}).items()}
        return last(then)(put(now)(report))

    return change


def as_last_year(report: Example) -> Example:
    """The figures of both years are the same, and the text does not say otherwise."""
    chapters = dict(report.chapters or {})
    chapters[1] = re.sub("较上年[^；]*", "与上年的办理情况相近", chapters[1])
    return replace(report, last=dict(report.cells), chapters=chapters)


def as_the_first_peer(report: Example) -> Example:
    """Another agency's figures; its text is its own."""
    first, *rest = report.peers or ()
    return replace(report, peers=(replace(first, cells=report.cells, last=report.last), *rest))


BREAKS_OFF = "领导小组办公室设在局办公\n室，指定专人负责日常工作。"
LOST = FoundLabel("applications", "denied.admin_query", None, "", "8.属于行政查询事项", "applications.csv")
OLD = FoundLabel("disclosure", "normative", None, "规范性文件", "行政规范性文件", "disclosure.csv 第 3 行")
LOCAL_ROW = {"disclosure": [("local.other_docs", "其他主动公开文件", "normative")]}
SUBTOTAL = {"applications": [("denied.sum", "不予公开小计", "denied.admin_query")]}


@dataclass(frozen=True)
class Mutation:
    """A sound report, one mistake in it, the rule that finds it, and the rules that it implies, each with the reason."""

    rule: str
    severity: Severity
    change: Change
    base: Callable[[], Example] = department
    also: Mapping[str, str] = field(default_factory=dict)


M = Mutation
MUTATIONS = [
    # structure
    M("LAYOUT-YEAR", ERROR, as_drawn, like(year=2020)),
    M("LAYOUT-MIXED", ERROR, source(layouts={"disclosure": "2021", "applications": "2019"})),
    M("LAYOUT-LABEL", WARNING, source(labels=(OLD,))),
    M("LAYOUT-MISSING-ROW", ERROR, source(missing=(LOST,))),
    M("LAYOUT-EXTRA-ROW", NOTE, source(local=LOCAL_ROW)),
    M(
        "LAYOUT-SHIFT",
        WARNING,
        put(t3("denied.third_party", legal__other=2, total=None)),
        also={
            "T3-HANDLED": "the column that the number slipped into has no such application in its total",
            "T3-PARTSONLY": "a row that slipped to the left leaves its total empty",
            "V-BLANK": "the same",
            "V-BLANK-KEY": "the same",
        },
    ),
    M("CH-MISSING", ERROR, lambda r: replace(r, chapters={n: t for n, t in (r.chapters or {}).items() if n != 6})),
    M("CH-ORDER", WARNING, lambda r: replace(r, chapters={n: (r.chapters or {})[n] for n in (1, 2, 3, 5, 4, 6)})),
    M("CH-TITLE", NOTE, source(titles={1: "一、基本概况"})),
    M(
        "CH-EMPTY",
        WARNING,
        lambda r: replace(r, chapters={**(r.chapters or {}), 5: "无。"}),
        quiet,
        {"CH5-BOTH": "an empty chapter names neither problems nor improvements"},
    ),
    M("CH-FIVE-ASPECTS", WARNING, lambda r: says(1, (r.chapters or {})[1].split("\n")[4], "")(r)),
    M("CH-GOV-TRIO", WARNING, says(1, "社会评议反映良好，", ""), government),
    M(
        "CH5-BOTH",
        WARNING,
        lambda r: replace(r, chapters={**(r.chapters or {}), 5: "一年来，各项公开任务圆满完成，成绩显著。"}),
        quiet,
    ),
    # cells
    M("V-INT", ERROR, put({"disclosure.penalty.decisions": "12.5"})),
    M("V-NEG", ERROR, put({"disclosure.coercion.decisions": "-2"})),
    M("V-TEXT", ERROR, put({"disclosure.coercion.decisions": "若干"})),
    M("V-BLANK", NOTE, put({"disclosure.coercion.decisions": None})),
    M(
        "V-BLANK-KEY",
        WARNING,
        put({"remedies.review.total": None}),
        also={"V-BLANK": "a total that is blank is a blank cell"},
    ),
    M("V-PLACEHOLDER", NOTE, put({"disclosure.coercion.decisions": "-"})),
    M("V-FORMAT", NOTE, put({"disclosure.licence.decisions": "１４０"})),
    M("V-SIGN", NOTE, old_layout({"licence.items_delta": "1"}), of_2019_layout),
    M(
        "V-ALLZERO",
        NOTE,
        put({"disclosure.licence.decisions": 0, "disclosure.normative.in_force": 0}),
        lambda: replace(quiet(), last=None),
    ),
    M("V-OUTLIER", NOTE, last({"disclosure.admin_fee.amount_wan": "1250"})),
    M(
        "V-OUTLIER",
        NOTE,
        lambda r: last({"disclosure.admin_fee.amount_wan": "9800"})(
            put({"disclosure.admin_fee.amount_wan": "9900"})(r)
        ),
        lambda: replace(
            among_peers(),
            peers=tuple(replace(p, cells={**p.cells, "disclosure.admin_fee.amount_wan": "1"}) for p in PEERS),
        ),
    ),
    # table 二
    M(
        "T2A-TOTAL-GE-NEW",
        ERROR,
        old_layout({"normative.public_total": 3}),
        of_2019_layout,
        {"XY-DISC-TOTAL": "less than was made public this year is less than last year's total with it"},
    ),
    M(
        "T2A-PUBLIC-VS-MADE",
        NOTE,
        old_layout({"normative.new_public": 7, "normative.public_total": 48}),
        of_2019_layout,
    ),
    M(
        "T2A-PUBLIC-VS-MADE",
        NOTE,
        old_layout({"normative.new_public": 0, "normative.public_total": 41}),
        of_2019_layout,
    ),
    M("T2A-ITEMS-NONNEG", ERROR, old_layout({"coercion.items_delta": "-5"}), of_2019_layout),
    M(
        "T2A-DECISIONS-EQ-ITEMS",
        WARNING,
        old_layout({"penalty.decisions": 18}, {"penalty.decisions": 17}),
        of_2019_layout,
    ),
    M("T2A-DECISIONS-EQ-ITEMS", NOTE, old_layout({"coercion.decisions": 4}), of_2019_layout),
    M(
        "T2A-DECISIONS-NOITEMS",
        WARNING,
        old_layout({"coercion.items_prev": 0}, {"coercion.items_prev": 0}),
        of_2019_layout,
    ),
    M("T2A-DELTA-JUMP", NOTE, old_layout({"other_services.items_delta": "+12"}), of_2019_layout),
    M("T2A-PROC-PAIR", WARNING, old_layout({"procurement.amount_yuan": 0}), of_2019_layout),
    M("T2A-PROC-UNIT", WARNING, source(units={}), of_2019_layout),
    M("T2A-PROC-MEAN", NOTE, old_layout({"procurement.amount_yuan": "1200"}), of_2019_layout),
    M(
        "T2B-FORCE-FLOOR",
        ERROR,
        lambda r: says(1, "现行有效22件", "现行有效1件")(put({"disclosure.normative.in_force": 1})(r)),
        also={"XY-FORCE": "less than issued minus repealed is less than last year's with them"},
    ),
    M(
        "T2B-FORCE-ZERO",
        WARNING,
        lambda r: says(1, "现行有效22件", "现行有效0件")(put({"disclosure.normative.in_force": 0})(r)),
        also={
            "T2B-FORCE-FLOOR": "more was issued than repealed, so none in force is below the floor",
            "XY-FORCE": "as above",
        },
    ),
    M(
        "T2-RULES-POWER",
        ERROR,
        lambda r: last({"disclosure.rules.in_force": 2})(put({"disclosure.rules.in_force": 2})(r)),
    ),
    M(
        "T2-FEE-UNIT",
        WARNING,
        lambda r: last({"disclosure.admin_fee.amount_wan": "118000"})(
            put({"disclosure.admin_fee.amount_wan": "125000"})(r)
        ),
    ),
    M("T2-FEE-UNIT", WARNING, lambda r: last({"disclosure.admin_fee.amount_wan": "0.1"})(r)),
    M("T2-NOPOWER", NOTE, around(short_names=()), like(name="示例市审计局")),
    # table 三
    M("T3-BALANCE", ERROR, moved("received")),
    M("T3-HANDLED", ERROR, moved("granted")),
    M("T3-ROWSUM", ERROR, put(t3("received", legal__social=1) | t3("carried_out", legal__social=1))),
    M(
        "T3-SUBTOTAL",
        ERROR,
        lambda r: source(local=SUBTOTAL)(
            put(t3("denied.sum", natural_person=4, legal__commercial=1, legal__legal_service=1, total=6))(r)
        ),
        also={"LAYOUT-EXTRA-ROW": "the official form prints no subtotals"},
    ),
    M(
        "T3-TOTALONLY",
        NOTE,
        put({f"applications.denied.third_party.{part}": None for part in PARTS}),
        also={"V-BLANK": "the parts are blank"},
    ),
    M(
        "T3-PARTSONLY",
        WARNING,
        put(t3("granted", total=None)),
        also={"V-BLANK": "the total is blank", "V-BLANK-KEY": "it is a total"},
    ),
    M(
        "T3-CARRYOUT-CAP",
        ERROR,
        put(t3("carried_out", natural_person=4, legal__research=1)),
        also={"T3-BALANCE": "the cap follows from the balance"},
    ),
    M("T3-CARRY-PLAUS", WARNING, as_drawn, like(carried_out={PERSON: 30})),
    M(
        "T3-CARRYIN-STUCK",
        WARNING,
        as_drawn,
        like(
            carried_in={PERSON: 4, "legal.research": 2},
            carried_out={PERSON: 3, "legal.research": 2},
        ),
    ),
    M("T3-OTHER-SHARE", NOTE, as_drawn, with_outcomes(other__misc={PERSON: 22})),
    M("T3-SECRET", NOTE, as_drawn, with_outcomes(denied__state_secret={PERSON: 1})),
    M(
        "T3-FEE-BEFORE-2021",
        WARNING,
        as_drawn,
        lambda: department(replace(Drawn().with_outcomes(other__fee_unpaid={PERSON: 1}), year=2020)),
        {"LAYOUT-YEAR": "the row is one of the later layout"},
    ),
    M("T3-APPLICANT-MIX", NOTE, as_drawn, all_from_firms),
    # table 四
    M("T4-SUM", ERROR, put({"remedies.litigation_direct.other": 1})),
    M(
        "T4-AFTER-NEEDS-REVIEW",
        NOTE,
        last({"remedies.review.upheld": 0, "remedies.review.pending": 1, "remedies.review.total": 1}),
        like(review=(0, 0, 0, 1)),
    ),
    M(
        "T4-NEEDS-APPLICATIONS",
        NOTE,
        lambda r: says(4, "未发生因政府信息公开引起的行政复议、行政诉讼", "因政府信息公开被申请行政复议1件")(
            put(cases((1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)))(r)
        ),
        quiet,
        {"T4-CASES-GT-HANDLED": "one case is more than no application"},
    ),
    M(
        "T4-CASES-GT-HANDLED",
        NOTE,
        last({"remedies.review.upheld": 70, "remedies.review.total": 71}),
        lambda: department(
            Drawn({"granted": {PERSON: 30}}, {PERSON: 0}, {PERSON: 0}, review=(70, 0, 0, 1), after=(0, 0, 0, 0))
        ),
    ),
    M("T4-CORRECTED-EXPLAINED", NOTE, says(5, "，被复议机关纠正", "")),
    # last year
    M("XY-CARRY", ERROR, last(t3("carried_out", natural_person=5, total=6))),
    M("XY-CARRY", WARNING, moved("carried_out", table="last")),
    M("XY-FORCE", WARNING, last({"disclosure.normative.in_force": 21})),
    M("XY-DISC-TOTAL", WARNING, old_layout({"normative.public_total": 47}), of_2019_layout),
    M("XY-ITEMS", WARNING, old_layout({"licence.items_prev": 13}), of_2019_layout),
    M("XY-PENDING", NOTE, last({"remedies.review.pending": 9})),
    M("XY-JUMP", NOTE, last({"disclosure.licence.decisions": 60})),
    M(
        "XY-SAME",
        WARNING,
        as_last_year,
        like(carried_in={PERSON: 4, FIRM: 1}, carried_out={PERSON: 4, FIRM: 1}, repealed=3),
    ),
    M("XY-TEXT", WARNING, lambda r: replace(r, last_chapters={**LAST_TEXTS, 1: (r.chapters or {})[1]})),
    M(
        "CH5-LASTYEAR",
        NOTE,
        lambda r: replace(r, last_chapters={**LAST_TEXTS, 5: (r.chapters or {})[5]}),
        also={"XY-TEXT": "the same chapter is one that is copied"},
    ),
    M("XY-GAP", NOTE, lambda r: around(gap="有 2022 年的报告，缺 2023 年的数据")(replace(r, last=None))),
    # children and peers
    M(
        "PC-COVERAGE",
        WARNING,
        source(expected={"jiaoyu": "教育局", "minzheng": "民政局", "caizheng": "财政局"}),
        government,
    ),
    M("PC-SUM-T3", ERROR, child(t3("granted", total=10)), government),
    M("PC-SUM-T4", WARNING, child({"remedies.review.upheld": 1}), government),
    M("PC-SUM-T2", WARNING, child({"disclosure.penalty.decisions": 11}), government),
    M(
        "PC-FLOOR",
        ERROR,
        child({"disclosure.penalty.decisions": 99}),
        government,
        {"PC-SUM-T2": "a part that is larger than the whole makes the sum another"},
    ),
    M("PC-XY", WARNING, child(last=t3("carried_out", total=6)), government),
    M(
        "XA-DUP-TEXT",
        WARNING,
        lambda r: peer(chapters={1: (r.chapters or {})[1].replace("信息", "信息 ")})(r),
        among_peers,
    ),
    M("XA-DUP-TABLE", WARNING, as_the_first_peer, among_peers),
    M(
        "XA-OUTLIER",
        NOTE,
        lambda r: replace(
            r,
            peers=tuple(
                replace(
                    department(Drawn().with_outcomes(granted={PERSON: 600 + n})),
                    agency=p.agency,
                    name=p.name,
                    chapters=None,
                )
                for n, p in enumerate(PEERS)
            ),
        ),
        among_peers,
    ),
    # the text against the tables
    M("N-RECV", ERROR, says(3, "新收政府信息公开申请70件", "新收政府信息公开申请71件")),
    M("N-CIN", ERROR, says(1, "上年结转5件", "上年结转6件")),
    M("N-COUT", ERROR, says(1, "结转下年度继续办理6件", "结转下年度继续办理7件")),
    M("N-HANDLED", ERROR, says(1, "年内办结69件", "年内办结68件")),
    M("N-CATEGORY", ERROR, says(1, "不予公开的6件", "不予公开的9件")),
    M("N-REVIEW", ERROR, says(4, "被申请行政复议4件", "被申请行政复议3件")),
    M("N-REVIEW", ERROR, says(4, "结果维持2件", "结果维持3件")),
    M("N-LIT", ERROR, says(4, "被提起行政诉讼2件", "被提起行政诉讼3件")),
    M("N-ZEROCLAIM", ERROR, adds(3, "全年未发生不予公开的情形。")),
    M("N-DOCS", WARNING, says(1, "规范性文件3件", "规范性文件4件")),
    M("N-OUTCOME-WORDS", ERROR, adds(4, "政府信息公开行政复议案件均获维持。")),
    M(
        "N-POSTED-ZERO",
        NOTE,
        adds(2, "全年通过市政府门户网站公开信息37条。"),
        quiet,
    ),
    M("N-UNIT", NOTE, says(1, "规范性文件3件", "规范性文件3条")),
    M("N-NARR-TABLE-POWER", NOTE, adds(2, "本机关无行政强制职权。")),
    M("N-NARR-TABLE-POWER", NOTE, adds(2, "作出行政处罚决定12件。"), quiet),
    M("N-PARTS", ERROR, says(1, "政策文件类102条", "政策文件类120条")),
    M("N-PCT", WARNING, says(1, "占47.8%", "占49.8%")),
    M("N-PCT", NOTE, says(1, "占47.8%", "占47.9%")),
    M("N-YOY", WARNING, says(1, "较上年下降5.4%", "较上年下降9.1%")),
    M("N-YOY", WARNING, says(1, "较上年下降5.4%", "较上年增长5.4%")),
    M("N-YOY", NOTE, says(1, "较上年下降5.4%", "较上年下降5.5%")),
    M("N-POSTED-REPEAT", ERROR, says(2, "公开信息512条", "公开信息521条")),
    M("N-ONTIME", NOTE, adds(5, "个别申请超期答复，对时限把握不严。")),
    M(
        "N-CONTRA-SITE",
        WARNING,
        lambda r: adds(5, "整改台账在我局网站公布。")(adds(2, "按上级要求，我局不设门户网站。")(r)),
    ),
    M("N-CONTRA-GENERIC", NOTE, adds(5, "受人员变动影响，全年未开展政务公开培训。")),
    # fees
    M("FEE-CH6", WARNING, lambda r: replace(r, chapters={**(r.chapters or {}), 6: "没有其他需要报告的事项。"})),
    M("FEE-UNPAID", WARNING, as_drawn, with_outcomes(other__fee_unpaid={PERSON: 2})),
    M("FEE-COLLECTED", ERROR, around(fee=FeeStatement(1, Decimal(380), Decimal(580)))),
    M("FEE-COLLECTED", ERROR, lambda r: around(fee=None)(says(6, "通知1件", "通知0件")(r))),
    M(
        "FEE-STEP",
        NOTE,
        lambda r: around(fee=None)(says(6, "总金额380元，实际收取380元", "总金额385元，实际收取385元")(r)),
    ),
    # residue
    M("TPL-PLACEHOLDER", ERROR, adds(5, "××科室负责落实。")),
    M("TPL-YEAR", ERROR, says(1, "（一）主动公开。", "（一）主动公开。2023年，我局认真落实各项公开任务。")),
    M("TPL-AGENCY", ERROR, adds(5, "示例市教育局认真开展自查。")),
    M("TPL-SELFNAME", NOTE, adds(5, "全年市局未收到投诉。")),
    M("TPL-FILLNOTE", WARNING, adds(5, "（此部分不少于300字，请结合实际撰写）")),
    M("TPL-LEADIN-DUP", NOTE, adds(6, "现将有关情况报告如下。")),
    M("TPL-BROKEN-PARA", NOTE, adds(5, BREAKS_OFF)),
    M("TPL-TERM", NOTE, leads("现将有关情况报告如下", "现将本年度政务公开工作情况报告如下")),
    M("TPL-LAWNAME", WARNING, leads("中华人民共和国政府信息公开条例", "中华人民共和国信息公开条例")),
    M("TPL-NOTICE", NOTE, leads("〔2021〕30号", "〔2019〕60号")),
    M("TPL-PUNCT", NOTE, adds(5, "及时回应社会关切。。")),
    M("PRIV-PERSON", ERROR, adds(5, "来访人的电话是13800001234。")),
    # publication
    M("META-TITLE", WARNING, shown(title=f"{NAME}政府信息公开工作年度报告")),
    M("META-AGENCY", NOTE, shown(title="市城管局2024年政府信息公开工作年度报告")),
    M("META-PERIOD", NOTE, leads("所列数据的统计期限自2024年1月1日起至2024年12月31日止。", "")),
    M(
        "META-CONTACT",
        NOTE,
        leads(
            f"有疑问的，请与{NAME}办公室联系（地址：学府路9号，邮编：430000，电话：027-12345678）。",
            "",
        ),
    ),
    M(
        "META-PUBDATE",
        WARNING,
        shown(published_on=None),
        also={"META-INDEXNO": "the date is part of the block under the title"},
    ),
    M("META-DEADLINE", ERROR, shown(published_on=date(2025, 2, 3))),
    M("META-EARLY", WARNING, shown(published_on=date(2024, 12, 27))),
    M("META-EARLY", NOTE, shown(published_on=date(2025, 1, 3))),
    M("META-INDEXNO", NOTE, shown(index_no=None)),
]
MUTATIONS += [
    M("LEDGER-APPLICATIONS", WARNING, in_ledger(lambda line: line.outcome == "granted", outcome="unavailable.not_held"), with_ledger),
    M("LEDGER-APPLICATIONS", WARNING, in_ledger(lambda line: line.outcome is None, received_on=date(2023, 12, 29)), with_ledger, also={"LEDGER-OVERDUE": "a year is too long for an open case"}),
    M("LEDGER-REMEDIES", WARNING, in_ledger(lambda line: bool(line.remedies), remedies=()), with_ledger),
    M("LEDGER-ORDER", WARNING, in_ledger(lambda line: line.outcome == "granted", extended_on=date(2024, 12, 1), is_extended=True), with_ledger),
    M("LEDGER-OUTSIDE", NOTE, lambda r: replace(r, ledger=(*(r.ledger or ()), Application(999, "2025-1", date(2025, 1, 6), PERSON))), with_ledger),
    M("LEDGER-OVERDUE", NOTE, in_ledger(lambda line: line.received_on.month == 3, closed_on=date(2024, 4, 3)), with_ledger),
]  # fmt: skip
# What a reader of published pages was in doubt about: typed in the examples of the rules that tell of it.
MUTATIONS += [
    M(entry.id, entry.severity, source(doubts=example.source["doubts"]))
    for entry in catalogue()
    for example in entry.fires
    if "doubts" in example.source
]


def test_every_rule_of_the_catalogue_has_a_mutation_for_each_of_its_severities() -> None:
    declared_rules = {(rule.id, rule.severity) for rule in catalogue()}
    assert declared_rules - {(mutation.rule, mutation.severity) for mutation in MUTATIONS} == set()


def _names() -> list[str]:
    seen: Counter[tuple[str, Severity]] = Counter()
    names = []
    for mutation in MUTATIONS:
        seen[mutation.rule, mutation.severity] += 1
        names.append(f"{mutation.rule}-{mutation.severity}-{seen[mutation.rule, mutation.severity]}")
    return names


@pytest.mark.parametrize("mutation", MUTATIONS, ids=_names())
def test_a_mistake_fires_its_rule_and_nothing_but_what_follows_from_it(mutation: Mutation) -> None:
    report = mutation.change(mutation.base())
    found = list(check(context_of(report)))
    lines = [f"{f.rule} {f.severity}: {f.message} {f.quote or ''}" for f in found]
    assert {f.rule for f in found} == {mutation.rule, *mutation.also}, lines
    assert mutation.severity in {f.severity for f in found if f.rule == mutation.rule}
