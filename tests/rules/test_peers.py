"""Reports of one year side by side: copies, equal tables, sums of children, and shares far from everyone else's."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogi_report.figures import Figures
from ogi_report.rules import ChapterText, Context, Findings, Peers, check, check_peers
from ogi_report.rules.similarity import CROWD

T = "applications.{}.total"

TOPICS = (
    "入学就业", "征地补偿", "医疗保障", "住房安居", "安全生产", "生态环境", "食品药品", "交通出行", "养老托育", "惠企助农",
    "市容环卫", "防汛抗旱", "文旅消费", "质量监管", "财政资金", "重大项目", "社会救助", "科技创新", "乡村建设", "涉农补贴",
)  # fmt: skip
WAYS = (
    "编制办事指南并开通线上查询", "设立线下查阅点接受现场咨询", "邀请业务骨干录制解读短片", "把公开事项逐条对应到岗位",
    "请代表委员随机抽查栏目更新", "将历年文件补录进统一的政策库", "为老年人提供大字版和语音播报", "按季度通报各处室的报送时效",
)  # fmt: skip


def prose(seed: int) -> str:
    """A chapter of its own making: long enough to compare, and unlike that of another seed."""
    chance = random.Random(seed)
    topics, ways = chance.sample(TOPICS, 6), chance.sample(WAYS, 6)
    return "".join(
        f"围绕{topic}，{way}，累计{chance.randint(3, 90)}次；" for topic, way in zip(topics, ways, strict=True)
    )


@pytest.fixture(scope="module")
def agency(report: Callable[..., Context]) -> Callable[..., Context]:
    """`agency("a", {...}, text=…)`: a department's report for 2024 under its own id and name."""

    def make(
        id: str,
        cells: dict[str, Any] | None = None,
        text: str | None = None,
        *,
        name: str | None = None,
        written: bool = True,
        year: int = 2024,
        **around: Any,
    ) -> Context:
        context = report(cells, year=year, name=name or f"{id}局", chapters={1: text} if text else None, **around)
        chapters = context.chapters
        if chapters and not written:
            chapters = tuple(replace(chapter, written=False) for chapter in chapters)
        return replace(context, agency=id, chapters=chapters)

    return make


def found(contexts: Sequence[Context], rule: str) -> dict[str, str]:
    """Agency → the message of a rule on it."""
    checks = check_peers(contexts)
    return {agency: f.message for (agency, _), c in checks.items() for f in c.findings if f.rule == rule}


# -- copied text -------------------------------------------------------------------------------------------------------


def test_a_text_is_a_copy_though_names_years_and_figures_differ(agency: Callable[..., Context]) -> None:
    text = "2024年，{name}认真落实各项要求。" + prose(1)
    one = agency("a", text=text.format(name="示例区教育局"), name="示例区教育局")
    other = agency(
        "b",
        text=text.format(name="示例区民政局").replace("累计", "累计１").replace("2024", "2023"),
        name="示例区民政局",
    )
    told = found([one, other, agency("c", text=prose(2))], "XA-DUP-TEXT")
    assert set(told) == {"a", "b"}
    assert "文字与示例区民政局（一章，100%）相似" in told["a"]


def test_a_text_with_a_few_words_of_its_own_is_still_a_copy(agency: Callable[..., Context]) -> None:
    text = prose(3)
    near, far = text + "另行增设意见箱。", text[: len(text) // 2] + prose(4)[len(text) // 2 :]
    assert set(found([agency("a", text=text), agency("b", text=near)], "XA-DUP-TEXT")) == {"a", "b"}
    assert found([agency("a", text=text), agency("b", text=far)], "XA-DUP-TEXT") == {}


def test_short_and_generated_chapters_are_nobody_s_copies(agency: Callable[..., Context]) -> None:
    short = "本年度各项公开工作正常开展。"
    assert found([agency("a", text=short), agency("b", text=short)], "XA-DUP-TEXT") == {}
    text = prose(5)
    assert found([agency("a", text=text, written=False), agency("b", text=text)], "XA-DUP-TEXT") == {}


def test_reports_of_two_years_are_not_held_against_each_other(agency: Callable[..., Context]) -> None:
    text, cells = prose(6), {f"disclosure.{row}.decisions": 41 for row in ("licence", "penalty", "coercion")}
    cells |= {T.format("received"): 12, T.format("handled_total"): 12}
    contexts = [agency("a", cells, text, year=2023), agency("b", cells, text, year=2024)]
    assert all(not c.findings for c in check_peers(contexts).values())
    assert set(check_peers(contexts)) == {("a", 2023), ("b", 2024)}


def test_a_text_that_everyone_has_copied_is_told_to_everyone(agency: Callable[..., Context]) -> None:
    text = prose(7)
    crowd = [agency(f"a{number:03}", text=text) for number in range(CROWD + 25)]
    told = found([*crowd, agency("own", text=prose(8))], "XA-DUP-TEXT")
    assert set(told) == {context.agency for context in crowd}
    assert all("家以上" in message for message in told.values())


# -- equal tables ------------------------------------------------------------------------------------------------------


EQUAL = {f"disclosure.{row}.decisions": n for row, n in (("licence", 41), ("penalty", 7), ("coercion", 2))}
EQUAL |= {T.format("received"): 12, T.format("handled_total"): 12}


def test_five_equal_numbers_are_a_pasted_table_and_four_are_chance(agency: Callable[..., Context]) -> None:
    same = [agency("a", EQUAL), agency("b", EQUAL), agency("c", EQUAL | {T.format("received"): 13})]
    assert set(found(same, "XA-DUP-TABLE")) == {"a", "b"}
    few = {key: value for key, value in EQUAL.items() if not key.startswith("disclosure.coercion")}
    assert found([agency("a", few), agency("b", few)], "XA-DUP-TABLE") == {}


def test_blanks_and_noughts_are_the_same_in_a_pasted_table(agency: Callable[..., Context]) -> None:
    assert set(found([agency("a", EQUAL), agency("b", EQUAL, fill=None)], "XA-DUP-TABLE")) == {"a", "b"}


# -- far from everyone else --------------------------------------------------------------------------------------------


def busy(agency: Callable[..., Context], id: str, granted: int, handled: int = 100, **about: Any) -> Context:
    cells = {T.format("received"): handled, T.format("handled_total"): handled, T.format("granted"): granted}
    return agency(id, cells, **about)


def test_a_share_far_from_all_others_of_the_level_is_noted(agency: Callable[..., Context]) -> None:
    others = [busy(agency, f"p{n}", 50 + n) for n in range(9)]
    assert set(found([*others, busy(agency, "x", 2)], "XA-OUTLIER")) == {"x"}
    assert found([*others, busy(agency, "x", 45)], "XA-OUTLIER") == {}


def test_few_applications_few_peers_and_other_levels_make_no_outlier(agency: Callable[..., Context]) -> None:
    others = [busy(agency, f"p{n}", 50 + n) for n in range(9)]
    assert found([*others, busy(agency, "x", 0, handled=19)], "XA-OUTLIER") == {}
    assert found([*others[:7], busy(agency, "x", 2)], "XA-OUTLIER") == {}
    assert found([*others, busy(agency, "x", 2, level="township")], "XA-OUTLIER") == {}


def test_an_amount_in_yuan_among_amounts_in_ten_thousands_is_noted(agency: Callable[..., Context]) -> None:
    fee = "disclosure.admin_fee.amount_wan"
    others = [agency(f"p{n}", {fee: str(10 + n)}) for n in range(9)]
    told = found([*others, agency("x", {fee: "140000"}), agency("y", {fee: "900"})], "V-OUTLIER")
    assert set(told) == {"x"}


# -- parent and children -----------------------------------------------------------------------------------------------


def children_of(agency: Callable[..., Context], *figures: dict[str, Any]) -> list[Context]:
    return [agency(f"c{number}", cells, name=f"第{number}局") for number, cells in enumerate(figures)]


@pytest.fixture(scope="module")
def parent(report: Callable[..., Context]) -> Callable[..., Findings]:
    """`parent({...}, children, expected)`: what a government-wide report shows against its children."""

    def run(cells: dict[str, Any], children: Sequence[Context], expected: Sequence[str] | None = None) -> Findings:
        names = {c.agency: c.name or "" for c in children} | {id: f"{id}局" for id in expected or ()}
        peers = Peers(tuple(children), names)
        context = report(cells, year=2024, level="county", name="示例县人民政府", scope="government_wide")
        return check(replace(context, find_children=lambda: peers))

    return run


PC = ("PC-COVERAGE", "PC-SUM-T2", "PC-SUM-T3", "PC-SUM-T4", "PC-FLOOR", "PC-XY")


def of_parent(findings: Findings) -> list[str]:
    return [finding.rule for finding in findings if finding.rule in PC]


def test_every_cell_of_a_parent_is_the_sum_of_its_children(
    agency: Callable[..., Context], parent: Callable[..., Findings]
) -> None:
    children = children_of(agency, {T.format("received"): 3}, {T.format("received"): 4})
    assert of_parent(parent({T.format("received"): 7}, children)) == []
    findings = parent({T.format("received"): 8}, children)
    assert of_parent(findings) == ["PC-SUM-T3"]
    (message,) = [f.message for f in findings if f.rule == "PC-SUM-T3"]
    assert "总计 8，下级合计 7" in message


def test_with_children_missing_the_sum_is_told_and_judged_by_nobody(
    agency: Callable[..., Context], parent: Callable[..., Findings]
) -> None:
    children = children_of(agency, {T.format("received"): 3}, {T.format("received"): 4})
    findings = parent({T.format("received"): 90}, children, ["missing"])
    assert of_parent(findings) == ["PC-COVERAGE"]
    for rule in ("PC-SUM-T2", "PC-SUM-T3", "PC-SUM-T4"):
        tally = findings.coverage[rule]
        assert {outcome for outcome, count in tally.counts.items() if count} == {"n/a"}
    why = findings.coverage["PC-SUM-T3"].why or ""
    assert why == (
        "下级报告不全：名录 3 家，已有 2 家，合计不完整（“一、本年新收政府信息公开申请数量”总计已有合计 7，本报告 90）"
    )


def test_a_child_larger_than_its_parent_is_found_though_others_are_missing(
    agency: Callable[..., Context], parent: Callable[..., Findings]
) -> None:
    findings = parent({T.format("received"): 2}, children_of(agency, {T.format("received"): 3}), ["missing"])
    assert set(of_parent(findings)) == {"PC-COVERAGE", "PC-FLOOR"}


def test_a_child_s_blank_leaves_the_sum_undecided(
    agency: Callable[..., Context], parent: Callable[..., Findings]
) -> None:
    children = children_of(agency, {T.format("received"): 3}, {T.format("received"): None})
    findings = parent({T.format("received"): 9}, children)
    assert "PC-SUM-T3" not in of_parent(findings)
    assert "的“" in (findings.coverage["PC-SUM-T3"].why or "")


def test_a_child_of_the_other_layout_leaves_the_sum_undecided(
    agency: Callable[..., Context], parent: Callable[..., Findings], forms: dict[str, Any]
) -> None:
    old = replace(agency("c9"), figures=Figures.of(forms["2019"], {}, 0))
    findings = parent({"disclosure.normative.issued": 5, "disclosure.normative.in_force": 5}, [old])
    assert "PC-SUM-T2" not in of_parent(findings)
    assert "另一种表样" in (findings.coverage["PC-SUM-T2"].why or "")


def test_a_government_without_children_on_the_roster_is_not_judged(report: Callable[..., Context]) -> None:
    context = report({T.format("received"): 4}, year=2024, scope="government_wide", level="county")
    assert all(check(context).coverage[rule].counts["n/a"] for rule in PC)


# -- order -------------------------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(st.permutations(range(14)))
def test_the_order_of_the_agencies_makes_no_difference(agency: Callable[..., Context], order: list[int]) -> None:
    texts = {0: 1, 1: 1, 2: 2, 3: 2, 4: 2}
    contexts = [
        busy(agency, f"a{n:02}", 3 if n == 13 else 50 + n, text=prose(texts.get(n, 100 + n))) for n in range(12)
    ]
    contexts += [agency("a12", EQUAL, prose(300)), agency("a13", EQUAL, prose(301))]

    def told(given: Sequence[Context]) -> dict[tuple[str, int], list[tuple[str, str]]]:
        return {key: [(f.rule, f.message) for f in check.findings] for key, check in check_peers(given).items()}

    expected = told(contexts)
    assert {agency for (agency, _), lines in expected.items() if lines} >= {"a00", "a01", "a02", "a03", "a04", "a12"}
    assert told([contexts[n] for n in order]) == expected


@pytest.mark.parametrize("seed", range(3))
def test_the_order_makes_no_difference_to_a_crowd_of_copies(agency: Callable[..., Context], seed: int) -> None:
    """More than are named: whoever comes first must not decide who is told of whom."""
    crowd = [
        agency(f"a{n:03}", text=prose(7) + (f"另行增设第{n}号意见箱。" if n % 3 else "")) for n in range(CROWD + 25)
    ]
    expected = found(crowd, "XA-DUP-TEXT")
    random.Random(seed).shuffle(crowd)
    assert found(crowd, "XA-DUP-TEXT") == expected


def test_each_chapter_is_compared_with_every_chapter_of_others(agency: Callable[..., Context]) -> None:
    """A text pasted into another chapter is a copy all the same."""
    text = prose(9)
    one = agency("a", text=text)
    other = replace(agency("b", text=prose(10)), chapters=(ChapterText(5, "五、存在的主要问题及改进情况", text),))
    assert set(found([one, other], "XA-DUP-TEXT")) == {"a", "b"}
