"""Table 二: documents, decisions, fees and procurement (T2A-… for the 2019 layout, T2B-… for 2021, T2-… for both)."""

from __future__ import annotations

from decimal import Decimal

from ogi_report.figures import stated_unit
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.subjects import Line, rows

MADE = rows("disclosure", having=("new_made", "new_public"))
ITEMS = rows("disclosure", having=("items_prev", "items_delta"))
DECISIONS = rows("disclosure", having=("items_prev", "items_delta", "decisions"))
PROCUREMENT = rows("disclosure", having=("projects", "amount_yuan"))


def _row(row: str, form: str = "2019", **values: int | str | None) -> Example:
    return Example({f"disclosure.{row}.{column}": value for column, value in values.items()}, form=form)


@rule(
    "T2A-PUBLIC-VS-MADE",
    NOTE,
    each=MADE,
    title="新公开数量不大于新制作数量；有新制作的，也有新公开",
    source="推断；公开往年文件是合法的，故只作提示",
    says="“{it.label}”本年新制作 {it[new_made]} 件，新公开 {it[new_public]} 件；请核实。",
    fires=(_row("normative", new_made=2, new_public=5, public_total=5), _row("normative", new_made=2, public_total=9)),
    silent=(_row("normative", new_made=5, new_public=5, public_total=5), _row("normative", public_total=62)),
)
def what_is_made_is_published(it: Line) -> bool:
    made, public = it["new_made"], it["new_public"]
    return public <= made and not (made > 0 and public == 0)


_OFFICE_NOTE = "湖北省填报说明：处理决定数量指办件量"


@rule(
    "T2A-DECISIONS-EQ-ITEMS",
    WARNING,
    each=DECISIONS,
    title="处理决定数量是当年办件量，不是“上一年项目数量＋本年增/减”",
    source=_OFFICE_NOTE,
    says="“{it.label}”的处理决定数量 {it[decisions]} 恰等于上一年项目数量 {it[items_prev]} 加本年增/减 {it[items_delta]}，"
    "疑将事项数误填为办件量。",
    fires=_row("other_services", items_prev=203, items_delta="75", decisions=278),
    silent=(
        _row("licence", items_prev=8, items_delta="+5", decisions=93),
        _row("licence", items_prev=117, items_delta=0, decisions=165),
        _row("licence", items_prev=3, items_delta="-3", decisions=0),
    ),
)
def decisions_are_cases_not_items(it: Line) -> bool:
    """The third column counts cases decided this year, which has nothing to do with the number of catalogue items."""
    items_now = it["items_prev"] + it["items_delta"]
    return it["decisions"] == 0 or it["items_delta"] == 0 or it["decisions"] != items_now


@rule(
    "T2A-DECISIONS-EQ-ITEMS",
    NOTE,
    each=DECISIONS,
    title="处理决定数量恰等于上一年项目数量的，请核实",
    source=_OFFICE_NOTE,
    says="“{it.label}”的处理决定数量 {it[decisions]} 恰等于上一年项目数量；请核实填的是办件量而不是事项数。",
    fires=_row("licence", items_prev=40, items_delta=0, decisions=40),
    silent=(_row("licence", items_prev=40, items_delta=0, decisions=0), _row("licence", items_prev=4, decisions=9)),
)
def decisions_are_not_last_years_items(it: Line) -> bool:
    return not (it["items_delta"] == 0 and it["decisions"] > 0 and it["decisions"] == it["items_prev"])


@rule(
    "T2A-DECISIONS-NOITEMS",
    WARNING,
    each=DECISIONS,
    title="有处理决定的，应当有相应的事项",
    source="推断",
    says="“{it.label}”有 {it[decisions]} 件处理决定，但上一年和本年都没有事项；请核实。",
    fires=_row("coercion", decisions=17),
    silent=(_row("coercion", items_prev=3, decisions=17), _row("coercion", items_delta="+2", decisions=17)),
)
def decisions_rest_on_items(it: Line) -> bool:
    return it["decisions"] == 0 or it["items_prev"] + it["items_delta"] > 0 or it["items_prev"] > 0


@rule(
    "T2A-DELTA-JUMP",
    NOTE,
    each=ITEMS,
    title="事项增减不超过上年的三成（10 项以内不计）",
    source="推断",
    says=lambda it: (
        f"“{it.label}”的事项比上一年的 {it['items_prev']} 项增减 {it['items_delta']} 项"
        + (f"（{abs(Decimal(it['items_delta'])) / Decimal(it['items_prev']) * 100:.1f}%）" if it["items_prev"] else "")
        + "；请核实或说明原因。"
    ),
    fires=_row("other_services", items_prev=203, items_delta="+75", decisions=9),
    silent=(_row("licence", items_prev=20, items_delta="+8"), _row("licence", items_prev=203, items_delta="-40")),
)
def items_change_little(it: Line) -> bool:
    change = max(it["items_delta"], -it["items_delta"])
    return change <= 10 or change * 10 <= it["items_prev"] * 3


@rule(
    "T2A-PROC-PAIR",
    WARNING,
    each=PROCUREMENT,
    title="有采购项目就有金额，有金额就有项目",
    source="推断",
    says="“{it.label}”的采购项目数量是 {it[projects]}，采购总金额是 {it[amount_yuan]}，一个有数、一个为 0；请核实。",
    fires=(_row("procurement", projects=3), _row("procurement", amount_yuan="98000元")),
    silent=(_row("procurement"), _row("procurement", projects=3, amount_yuan="98000元")),
)
def projects_and_amount_come_together(it: Line) -> bool:
    return (it["projects"] > 0) == (it["amount_yuan"] > 0)


@rule(
    "T2A-PROC-UNIT",
    WARNING,
    each=PROCUREMENT,
    title="采购总金额写明元或万元",
    source="审核惯例；表样没有印单位",
    says="“{it.label}”的采购总金额 {it[amount_yuan]} 没有写单位（按元理解）；请在表头写作“采购总金额（元）”或“采购总金额（万元）”。",
    fires=_row("procurement", projects=13, amount_yuan="4145261.25"),
    silent=(_row("procurement", projects=13, amount_yuan="4145261.25元"), _row("procurement")),
)
def the_amount_states_its_unit(it: Line) -> bool:
    figures = it.report.figures
    return (
        it["amount_yuan"] == 0
        or "amount_yuan" in figures.units
        or bool(stated_unit(figures[it.names["amount_yuan"]].raw))
    )


@rule(
    "T2A-PROC-MEAN",
    NOTE,
    each=PROCUREMENT,
    title="平均每个采购项目在 1000 元至 1 亿元之间",
    source="推断：元与万元混用",
    says=lambda it: (
        f"“{it.label}”平均每个项目 {Decimal(it['amount_yuan']) / it['projects']:.2f} 元；请核实金额的单位是元还是万元。"
    ),
    fires=(_row("procurement", projects=13, amount_yuan="414.52元"),),
    silent=(_row("procurement", projects=13, amount_yuan="4145261.25元"), _row("procurement", projects=3)),
)
def the_mean_project_is_plausible(it: Line) -> bool:
    if it["projects"] <= 0 or it["amount_yuan"] <= 0:
        return True
    return 1_000 * it["projects"] <= it["amount_yuan"] <= 10**8 * it["projects"]


@rule(
    "T2B-FORCE-ZERO",
    WARNING,
    each=rows("disclosure", having=("issued", "repealed", "in_force")),
    title="本年有制发的，现行有效件数不为 0（制发后又全部废止的除外）",
    source="推断",
    says="“{it.label}”本年制发 {it[issued]} 件、废止 {it[repealed]} 件，现行有效却是 0 件；请核实。",
    fires=Example({"disclosure.normative.issued": 4}),
    silent=(
        Example({"disclosure.normative.issued": 4, "disclosure.normative.in_force": 9}),
        Example({"disclosure.normative.issued": 4, "disclosure.normative.repealed": 4}),
    ),
)
def what_was_issued_is_in_force(it: Line) -> bool:
    return not (it["issued"] > 0 and it["in_force"] == 0 and it["repealed"] < it["issued"])


_MAY_MAKE_RULES = ("ministry", "province", "city")


@rule(
    "T2-RULES-POWER",
    ERROR,
    each=rows("disclosure", only=("rules",)),
    title="没有规章制定权的机关，规章各栏为 0",
    source="《立法法》：国务院部门，省、自治区、直辖市和设区的市、自治州人民政府可以制定规章",
    says=lambda it: (
        f"规章一行有数（{'、'.join(_filled(it))}），而本机关没有规章制定权；请核实是否应填在规范性文件一行。"
    ),
    fires=Example({"disclosure.rules.in_force": 2}),
    silent=(Example(), Example({"disclosure.rules.in_force": 2}, level="city")),
)
def only_some_bodies_make_rules(it: Line) -> bool:
    if not it.filled(*it.names):
        return all(it[name] == 0 for name in it.names)
    return it.report.known_level in _MAY_MAKE_RULES


def _filled(it: Line) -> list[str]:
    cells = it.report.figures.form.cells
    return [f"{cells[it.key(name)].column.label} {it[name]}" for name in it.filled(*it.names)]


@rule(
    "T2-FEE-UNIT",
    WARNING,
    each=rows("disclosure", having=("amount_wan",)),
    title="行政事业性收费以万元计：部门、乡镇不到 1 亿元，且不超过上年的 100 倍",
    source="推断：元与万元混用",
    says="“{it.label}”填的是 {it[amount_wan]} 万元；请核实是否把元当成了万元。",
    fires=(
        Example({"disclosure.admin_fee.amount_wan": "300000"}, level="township"),
        Example({"disclosure.admin_fee.amount_wan": "5000"}, last={"disclosure.admin_fee.amount_wan": "3"}),
    ),
    silent=(
        Example({"disclosure.admin_fee.amount_wan": "300000"}, level="city"),
        Example({"disclosure.admin_fee.amount_wan": "96.5"}),
    ),
)
def the_fee_is_in_ten_thousands(it: Line) -> bool:
    amount = it["amount_wan"]
    if amount >= 10_000 and it.report.known_level in ("department", "township"):
        return False
    last = it.report.last
    before = last[it.names["amount_wan"]].value if last is not None and it.names["amount_wan"] in last else None
    return before is None or before <= 0 or amount <= before * 100


_SELDOM_DECIDE = ("审计", "统计", "办公室", "档案", "信访", "研究室", "机关事务")


@rule(
    "T2-NOPOWER",
    NOTE,
    each=rows("disclosure", having=("decisions",), only=("licence", "penalty", "coercion")),
    title="一般没有许可、处罚权的机关，办件量不大",
    source="推断",
    says="“{it.label}”填了 {it[decisions]} 件处理决定，同类机关一般很少；请核实。",
    fires=(
        Example({"disclosure.licence.decisions": 500}, name="示例区审计局"),
        Example({"disclosure.penalty.decisions": 5000}, level="township", name="示例镇人民政府"),
    ),
    silent=(
        Example({"disclosure.licence.decisions": 500}, name="示例区市场监督管理局"),
        Example({"disclosure.penalty.decisions": 60}, level="township", name="示例镇人民政府"),
    ),
)
def bodies_without_powers_decide_little(it: Line) -> bool:
    decided = it["decisions"]
    if decided < 100:
        return True
    if it.report.scope == "government_wide":
        return True
    if it.report.name is None:
        raise NotApplicable("不知道机关名称")
    seldom = any(word in it.report.name for word in _SELDOM_DECIDE)
    return not seldom and not (it.report.level == "township" and decided >= 1_000)
