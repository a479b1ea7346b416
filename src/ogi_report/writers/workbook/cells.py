"""A number box of a fill-in workbook: what is in it, what may be typed into it, and what is said to who does."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ogi_report.figures.cells import MOST_DIGITS
from ogi_report.forms import CellSpec
from ogi_report.forms.workbook import cell_name
from ogi_report.writers.workbook.styles import BAD, PREFILLED, Styles

LARGEST = 10**MOST_DIGITS - 1
"""The largest number that may be typed."""
_TITLE, _MESSAGE = 32, 255
"""How many characters Excel allows in a prompt."""
_PLACES = {"元": 2, "万元": 6, "亿元": 10}
"""Decimal places of an amount that is exact to the cent."""
_NUMBER = re.compile(rf"-?(?:0|[1-9]\d{{0,{MOST_DIGITS - 1}}})(?:\.\d{{0,9}}[1-9])?")
"""What Excel stores and shows exactly as it was written: fifteen digits, no leading or trailing zeros, no plus."""
_CLOSED = {
    "sheet": True,
    "format_columns": True,
    "format_rows": True,
    "insert_hyperlinks": False,
}


def protect(sheet: Any, **more: bool) -> None:
    """Protects a sheet without a password: against slips, not against people. Widths and heights may be changed."""
    sheet.protect("", _CLOSED | more)


def write_raw(sheet: Any, row: int, col: int, raw: str, style: Any, as_text: Any) -> None:
    """Writes what was written: a number if it is the same when read back, text otherwise, never a formula.

    `as_text` is the style of text, which stays text when somebody edits the cell.
    """
    if not raw:
        sheet.write_blank(row, col, None, style)
    elif is_plain(raw):
        sheet.write_number(row, col, Decimal(raw), style)
    else:
        sheet.write_string(row, col, raw, as_text)


def is_plain(raw: str) -> bool:
    """Whether a text is a number that Excel gives back as it was written."""
    return bool(_NUMBER.fullmatch(raw)) and raw != "-0" and len(re.sub(r"[-.]", "", raw)) <= MOST_DIGITS


def validate(sheet: Any, row: int, col: int, spec: CellSpec, prefilled: str | None) -> None:
    """Lets nothing but the box's kind of number be typed, and says so in Chinese."""
    at = cell_name(row, col)
    rule, asked = _allowed(spec, at)
    prompt = [asked, prefilled or "", spec.explained]
    sheet.data_validation(
        row,
        col,
        row,
        col,
        rule
        | {
            "ignore_blank": True,
            "input_title": _cut(spec.column.label, _TITLE),
            "input_message": _cut("\n".join([spec.label, *(text for text in prompt if text)]), _MESSAGE),
            "error_title": "这一格不能这样填",
            "error_message": _cut(f"“{spec.label}”：{asked}没有的填 0，不要写单位、逗号、文字或公式。", _MESSAGE),
            "error_type": "stop",
        },
    )


def _allowed(spec: CellSpec, at: str) -> tuple[dict[str, Any], str]:
    match spec.number:
        case "money":
            places = _PLACES.get(spec.unit, 6)
            exact = f"=AND(ISNUMBER({at}),{at}>=0,{at}<={LARGEST},ROUND({at},{places})={at})"
            return {
                "validate": "custom",
                "value": exact,
            }, f"请填金额（{spec.unit}），不小于 0，小数不超过 {places} 位。"
        case "signed":
            whole = {"validate": "integer", "criteria": "between", "minimum": -LARGEST, "maximum": LARGEST}
            return whole, f"请填整数（{spec.unit}），减少的写负数。"
        case _:
            return (
                {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": LARGEST},
                f"请填整数（{spec.unit}），不小于 0。",
            )


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else f"{text[: size - 1]}…"


def mark_wrong_entries(sheet: Any, styles: Styles, area: tuple[int, int, int, int], spec: CellSpec) -> None:
    """Colours what was pasted past the validation: text, a fraction of a count, a negative number."""
    first = cell_name(area[0], area[1])
    wrong = [f"NOT(ISNUMBER({first}))"]
    if spec.number != "signed":
        wrong.append(f"IFERROR({first}<0,TRUE)")
    if spec.number != "money":
        wrong.append(f"IFERROR({first}<>INT({first}),TRUE)")
    formula = f"=AND(NOT(ISBLANK({first})),OR({','.join(wrong)}))"
    style = styles.condition(*BAD)
    sheet.conditional_format(*area, {"type": "formula", "criteria": formula, "format": style, "stop_if_true": True})


def mark_prefilled(sheet: Any, styles: Styles, row: int, col: int, raw: str) -> None:
    """Colours a cell as long as it holds the number that it was filled in with beforehand."""
    at = cell_name(row, col)
    style = styles.condition(PREFILLED, "#5C4400")
    sheet.conditional_format(
        row, col, row, col, {"type": "formula", "criteria": f"=AND(ISNUMBER({at}),{at}={raw})", "format": style}
    )
