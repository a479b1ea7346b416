"""Table 三: plausibility beyond the printed equations, which are declared with the form (T3-…)."""

from __future__ import annotations

from ogi_report.rules.examples import totals
from ogi_report.rules.rule import NOTE, WARNING, Example, rule
from ogi_report.rules.subjects import Line, columns, rows, whole_table
from ogi_report.rules.words import quoted

TOTAL_COLUMN = columns("applications", only=("total",))
TABLE = whole_table("applications")


def _rows_where(it: Line, total_blank: bool) -> list[str]:
    """Rows whose total is blank and parts are not, or the other way round."""
    table = it.report.figures.form.table("applications")
    found = []
    for record in table.records.values():
        cells = {field: it.report.figures[cell.key] for field, cell in record.fields.items()}
        total = cells.pop("total", None)
        if total is None:
            continue
        if total_blank and total.is_empty and any(cell.is_number for cell in cells.values()):
            found.append(record.key)
        if not total_blank and (total.value or 0) > 0 and all(cell.is_empty for cell in cells.values()):
            found.append(record.key)
    it.point_at(table.records[key].fields["total"].key for key in found)
    return found


def _row_names(it: Line, total_blank: bool) -> str:
    records = it.report.figures.form.table("applications").records
    return quoted([records[key].path.title for key in _rows_where(it, total_blank)], "行")


@rule(
    "T3-TOTALONLY",
    NOTE,
    each=TABLE,
    title="有总计的行，也填了各类申请人",
    source="审核惯例",
    says=lambda it: f"表三{_row_names(it, False)}只填了总计，没有分申请人类别填写。",
    fires=Example({"applications.received.total": 5}, fill=None),
    silent=(Example({"applications.received.total": 0}, fill=None), Example({"applications.received.total": 5})),
)
def totals_are_broken_down(it: Line) -> bool:
    return not _rows_where(it, total_blank=False)


@rule(
    "T3-PARTSONLY",
    WARNING,
    each=TABLE,
    title="填了各类申请人的行，也填了总计",
    source="审核惯例",
    says=lambda it: f"表三{_row_names(it, True)}填了各类申请人，总计却空白；请补填。",
    fires=Example({"applications.received.natural_person": 5, "applications.received.total": None}),
    silent=(Example({"applications.received.total": 5}, fill=None), Example()),
)
def parts_are_totalled(it: Line) -> bool:
    return not _rows_where(it, total_blank=True)


@rule(
    "T3-CARRY-PLAUS",
    WARNING,
    each=TOTAL_COLUMN,
    title="结转下年度的件数不超过本年新收的四分之一（5 件以内不计）",
    source="《条例》第三十三条：答复期限二十个工作日，至多再延长二十个工作日",
    says="本年新收 {it[received]} 件，结转下年度 {it[carried_out]} 件，超过四分之一；请核实是否逾期未办。",
    fires=Example(totals(received=60, carried_out=40)),
    silent=(Example(totals(received=3119, carried_out=103)), Example(totals(received=8, carried_out=5))),
)
def few_applications_are_carried_out(it: Line) -> bool:
    return it["carried_out"] <= 5 or it["carried_out"] * 4 <= it["received"]


def _residual(it: Line) -> str:
    return "other.misc" if "other.misc" in it.names else "other"


@rule(
    "T3-OTHER-SHARE",
    NOTE,
    each=TOTAL_COLUMN,
    title="“其他处理”中的其他情形不超过办理总数的两成（不到 5 件不计）",
    source="审核惯例：兜底项不应成为主要去向",
    says=lambda it: (
        f"（六）其他处理的其他情形 {it[_residual(it)]} 件，超过办理结果总计 {it['handled_total']} 件的两成；请核实。"
    ),
    fires=(
        Example(totals(other__misc=30, handled_total=100)),
        Example({"applications.other.total": 30, "applications.handled_total.total": 100}, form="2019"),
    ),
    silent=(Example(totals(other__misc=110, handled_total=3050)), Example(totals(other__misc=3, handled_total=4))),
)
def the_residual_row_is_small(it: Line) -> bool:
    residual = it[_residual(it)]
    return residual < 5 or residual * 5 <= it["handled_total"]


_SECRECY = {"denied.state_secret": "国家秘密", "denied.security_stability": "“三安全一稳定”"}


@rule(
    "T3-SECRET",
    NOTE,
    each=TOTAL_COLUMN,
    title="部门、乡镇以国家秘密或“三安全一稳定”为由不予公开的，应有保密审查和法律审核",
    source="推断",
    says=lambda it: (
        "、".join(f"以{_SECRECY[name]}为由不予公开 {it[name]} 件" for name in it.filled(*_SECRECY))
        + "；请确认已经保密审查和法律审核。"
    ),
    fires=Example(totals(denied__state_secret=1)),
    silent=(Example(), Example(totals(denied__state_secret=2), level="city")),
)
def secrecy_is_rare_below_the_city(it: Line) -> bool:
    if not it.filled(*_SECRECY):
        return it.sum(*_SECRECY) == 0
    return it.report.known_level not in ("department", "township")


@rule(
    "T3-FEE-BEFORE-2021",
    WARNING,
    each=rows("applications", only=("other.fee_unpaid",)),
    title="2021 年以前没有因逾期未缴费而不再处理的申请",
    source="国办函〔2020〕109号，自 2021 年 1 月 1 日起施行",
    says="“{it.label}”填了 {it[total]} 件，而信息处理费自 2021 年起才收取；请核实。",
    fires=Example({"applications.other.fee_unpaid.total": 2}, year=2020),
    silent=(Example({"applications.other.fee_unpaid.total": 2}, year=2021), Example(year=2020)),
)
def fees_begin_in_2021(it: Line) -> bool:
    return it.report.year >= 2021 or it["total"] == 0


@rule(
    "T3-APPLICANT-MIX",
    NOTE,
    each=rows("applications", only=("received",)),
    title="申请人一般以自然人为主",
    source="推断：全部填在法人或其他组织，可能错列",
    says="本年新收 {it[total]} 件全部来自法人或其他组织，没有自然人；请核实是否错了一列。",
    fires=Example({"applications.received.legal.commercial": 25, "applications.received.total": 25}),
    silent=(
        Example({"applications.received.natural_person": 25, "applications.received.total": 25}),
        Example({"applications.received.legal.commercial": 5, "applications.received.total": 5}),
    ),
)
def some_applicants_are_natural_persons(it: Line) -> bool:
    return it["total"] < 20 or it["natural_person"] > 0
