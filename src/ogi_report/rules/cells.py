"""What may be written into a cell (V-…)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from ogi_report.figures import Kind
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.subjects import CellSubject, ReportSubject, TableSubject, cells, report, tables, unusual_cells
from ogi_report.rules.words import quoted

_RECEIVED = "applications.received.natural_person"


def _listed(it: TableSubject, keys: list[str]) -> str:
    return quoted([it.table.cells[key].label for key in keys], "格")


@rule(
    "V-INT",
    ERROR,
    each=unusual_cells(),
    title="件数、项数是整数",
    source="推断：计数不会有小数",
    says="“{it.label}”写的是“{it.raw}”，应当是整数。",
    fires=Example({_RECEIVED: "12.5"}),
    silent=(Example({_RECEIVED: "12"}), Example({"disclosure.admin_fee.amount_wan": "12.5"})),
)
def counts_are_whole_numbers(it: CellSubject) -> bool:
    return it.cell.value is None or it.spec.number == "money" or it.cell.value == int(it.cell.value)


@rule(
    "V-NEG",
    ERROR,
    each=unusual_cells(),
    title="除“本年增/减”外，没有负数",
    source="推断：计数和金额不会小于零",
    says="“{it.label}”写的是“{it.raw}”，不应小于零。",
    fires=Example({"applications.carried_out.total": "-3"}),
    silent=(
        Example({"disclosure.licence.items_prev": 8, "disclosure.licence.items_delta": "-3"}, form="2019"),
        Example(),
    ),
)
def only_changes_may_be_negative(it: CellSubject) -> bool:
    return it.cell.value is None or it.spec.number == "signed" or it.cell.value >= 0


def _not_a_number(it: CellSubject) -> str:
    if it.raw.startswith("="):
        return f"“{it.label}”是公式“{it.raw}”，不是填写的数；请改成数字（复制后“选择性粘贴”为“数值”）。"
    if it.raw.startswith("#"):
        return f"“{it.label}”是错误值“{it.raw}”，不是数；请清空后重新填写数字。"
    digits = re.findall(r"\d+(?:\.\d+)?", unicodedata.normalize("NFKC", it.raw))
    if any(len(number) > 15 for number in digits):
        hint = "位数过多，像是误贴了编号；请核对后填写"
    elif re.search(r"\d[eE][+]?\d", it.raw):
        hint = "像是 Excel 的科学计数法，请把单元格设为“数值”后填写完整的数字"
    elif len(digits) == 1:
        hint = f"请只填数字，如 {digits[0]}"
    else:
        hint = "请只填数字；没有的填 0"
    return f"“{it.label}”写的是“{it.raw}”，不是数字；{hint}。"


@rule(
    "V-TEXT",
    ERROR,
    each=unusual_cells(),
    title="数字格里是数字",
    source="审核惯例",
    says=_not_a_number,
    fires=(
        Example({_RECEIVED: "若干"}),
        Example({_RECEIVED: "3件左右"}),
        Example({_RECEIVED: "=SUM(E10:E31)"}),
        Example({_RECEIVED: "#REF!"}),
    ),
    silent=(Example({_RECEIVED: "3件"}), Example({_RECEIVED: "-"}), Example({_RECEIVED: None})),
)
def what_is_written_is_a_number(it: CellSubject) -> bool:
    return it.cell.kind is not Kind.TEXT


@rule(
    "V-BLANK",
    NOTE,
    each=tables(),
    title="没有空白格，没有数的填 0",
    source="审核惯例；个别地方要求无数据的留空，故只作提示",
    says=lambda it: (
        f"{it.table.name}有 {len(it.blank_cells)} 个空白格（共 {len(it.official_cells)} 格）；没有数的请填 0。"
    ),
    fires=Example({_RECEIVED: None}),
    silent=Example(),
)
def no_official_cell_is_blank(it: TableSubject) -> bool:
    it.point_at(it.blank_cells)
    return not it.blank_cells


def _blank_key_cells(it: TableSubject) -> list[str]:
    return [key for key in it.blank_cells if it.table.cells[key].is_key_figure]


@rule(
    "V-BLANK-KEY",
    WARNING,
    each=tables(),
    title="总计和勾稽关系用到的总数都已填写，即使是 0",
    source="推断：留空则勾稽关系无从核对",
    says=lambda it: f"{it.table.name}的总计格空白：{_listed(it, _key_figures_first(it))}；请填写，没有的填 0。",
    fires=(Example({"applications.handled_total.total": None}), Example({"remedies.review.total": None})),
    silent=Example({_RECEIVED: None}),
)
def totals_are_filled(it: TableSubject) -> bool:
    it.point_at(_key_figures_first(it))
    return not _blank_key_cells(it)


def _key_figures_first(it: TableSubject) -> list[str]:
    """Totals of the printed identities (新收、结转、（七）总计) before those of the single outcomes."""
    blank = _blank_key_cells(it)
    return sorted(blank, key=lambda key: not it.is_identity_row(key))


@rule(
    "V-PLACEHOLDER",
    NOTE,
    each=tables(),
    title="不用“-”“/”“无”代替 0",
    source="审核惯例",
    says=lambda it: (
        f"{it.table.name}{_listed(it, _placeholders(it))}写的是“{it.raw(_placeholders(it)[0])}”之类的符号；没有数的请填 0。"
    ),
    fires=(Example({_RECEIVED: "-"}), Example({_RECEIVED: "无"})),
    silent=(Example({_RECEIVED: None}), Example({_RECEIVED: 0})),
)
def nothing_is_written_as_zero(it: TableSubject) -> bool:
    it.point_at(_placeholders(it))
    return not _placeholders(it)


def _placeholders(it: TableSubject) -> list[str]:
    return [key for key in it.table.cells if it.report.figures[key].kind is Kind.PLACEHOLDER]


_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLAIN_SIGNED = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@rule(
    "V-FORMAT",
    NOTE,
    each=tables(),
    title="只填半角数字，不带单位、千分位和空格",
    source="审核惯例",
    says=lambda it: (
        f"{it.table.name}的数字书写不规范："
        + "；".join(f"“{it.table.cells[key].label}”写作“{it.raw(key)}”" for key in _ill_written(it)[:6])
        + (f"；等 {len(_ill_written(it))} 格" if len(_ill_written(it)) > 6 else "")
        + "；请只填半角数字。"
    ),
    fires=(Example({_RECEIVED: "１２"}), Example({_RECEIVED: "1,024"}), Example({_RECEIVED: "12件"})),
    silent=(Example({_RECEIVED: "12"}), Example({"disclosure.licence.items_delta": "+12"}, form="2019")),
)
def numbers_are_plain_digits(it: TableSubject) -> bool:
    it.point_at(_ill_written(it))
    return not _ill_written(it)


def _ill_written(it: TableSubject) -> list[str]:
    found = []
    for key, spec in it.table.cells.items():
        cell = it.report.figures[key]
        if cell.is_number and not (cell.raw.isdigit() and cell.raw.isascii()):
            pattern = _PLAIN_SIGNED if spec.number == "signed" else _PLAIN
            if not pattern.fullmatch(cell.raw):
                found.append(key)
    return found


@rule(
    "V-SIGN",
    NOTE,
    each=cells("signed"),
    title="“本年增/减”写明正负号，或为 0",
    source="湖北等地填报说明：减用负值表示",
    says="“{it.label}”写的是“{it.raw}”，没有正负号；增加请写 +{it.printed}，减少请写 -{it.printed}。",
    fires=Example({"disclosure.licence.items_delta": "75"}, form="2019"),
    silent=(
        Example({"disclosure.licence.items_delta": "+75"}, form="2019"),
        Example({"disclosure.licence.items_prev": "9", "disclosure.licence.items_delta": "－5"}, form="2019"),
        Example({"disclosure.licence.items_delta": "0"}, form="2019"),
    ),
)
def changes_carry_a_sign(it: CellSubject) -> bool:
    signed = unicodedata.normalize("NFKC", it.raw).strip()[:1] in ("+", "-", "\u2212")
    return it.number == 0 or signed


@rule(
    "V-ALLZERO",
    NOTE,
    each=report(),
    title="三张表不全是 0",
    source="审核惯例：可能是未填的模板",
    says=lambda it: "表二、表三、表四填写的数全是 0；如确无相关业务可不改，否则请核对是否误用了空模板。",
    fires=Example(),
    silent=Example({"disclosure.licence.decisions": 3}),
)
def not_every_number_is_zero(it: ReportSubject) -> bool:
    numbers = [cell.value for cell in it.report.figures.values() if cell.value is not None]
    if not numbers:
        raise NotApplicable("没有填任何数字")
    return any(numbers)


_SLIPS = (10, 100, 10_000)


@rule(
    "V-OUTLIER",
    NOTE,
    each=cells(official=True),
    title="与上年相比，没有相差约 10 倍、100 倍、1 万倍的数",
    source="推断：多写一位，或元与万元混用",
    says=lambda it: (
        f"“{it.label}”本年 {it.printed}，上年 {it.report.last_year[it.spec.key].value}，"
        f"约{'为上年的' if it.number > it.last_value(it.spec.key) else '仅为上年的'} {_slip(it)}；请核对位数和单位。"
    ),
    fires=Example({"disclosure.admin_fee.amount_wan": "123400"}, last={"disclosure.admin_fee.amount_wan": "12.34"}),
    silent=(
        Example({"disclosure.licence.decisions": 130}, last={"disclosure.licence.decisions": 123}),
        Example({"disclosure.licence.decisions": 30}, last={"disclosure.licence.decisions": 3}),
    ),
)
def no_number_is_off_by_a_power_of_ten(it: CellSubject) -> bool:
    if it.spec.key not in it.report.last_year:
        raise NotApplicable("上年表样没有这一格")
    now, before = it.cell.value, it.report.last_year[it.spec.key].value
    if now is None or before is None:
        raise NotApplicable("本年或上年未填")
    return not (min(now, before) > 0 and max(now, before) >= 1000 and _slip(it))


def _slip(it: CellSubject) -> str:
    """“10 倍”, “一万分之一”, or an empty text if the ratio to last year is within none of the usual slips."""
    now, before = Decimal(it.number), Decimal(it.last_value(it.spec.key))
    for factor in _SLIPS:
        for ratio, words in ((now / before, f"{factor} 倍"), (before / now, f"1/{factor}")):
            if Decimal("0.95") <= ratio / factor <= Decimal("1.05"):
                return words
    return ""
