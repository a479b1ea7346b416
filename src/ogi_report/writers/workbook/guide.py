"""The sheet that says how the workbook is filled in."""

from __future__ import annotations

from typing import Any

from ogi_report.forms.workbook import GUIDE, NO_TEXT, sheet_mark
from ogi_report.writers.text import display_width
from ogi_report.writers.workbook import formulas
from ogi_report.writers.workbook.cells import protect
from ogi_report.writers.workbook.content import FormContent
from ogi_report.writers.workbook.places import GRID, KEYS
from ogi_report.writers.workbook.styles import Styles

SHEET = "填写说明"
_WIDTH = 100


def write_guide(sheet: Any, content: FormContent, styles: Styles) -> None:
    """Writes the sheet on how to fill the workbook in."""
    sheet.set_column(KEYS, KEYS, 4, None, {"hidden": True})
    sheet.set_column(GRID, GRID, 20)
    sheet.set_column(GRID + 1, GRID + 1, _WIDTH)
    sheet.write_string(0, KEYS, sheet_mark(GUIDE))
    sheet.set_row(0, 30)
    sheet.write_string(0, GRID, SHEET, styles.of("title"))
    for row, (name, text) in enumerate(_texts(content), start=2):
        sheet.set_row(row, 8 + 17 * -(-display_width(text) // (_WIDTH - 2)))
        sheet.write_string(row, GRID, name, styles.of("fact_name"))
        sheet.write_string(row, GRID + 1, text, styles.of("rule"))
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    protect(sheet)


def _texts(content: FormContent) -> list[tuple[str, str]]:
    return [
        (
            "填哪里",
            "各表的白色格。点一下格子，会显示这一格数什么、依据哪一条。标签和表头已锁定（没有密码），请不要改动。",
        ),
        (
            "怎样填数",
            "只填数字：件数填不小于 0 的整数，没有的填 0；不写单位、千分位逗号、文字。空白不等于 0，会被指出。",
        ),
        ("金额", "按表头写的单位填，可以有小数，精确到分。"),
        (
            "不要用公式",
            "总计也请填数字，不要写 =SUM(…)：公式读不成填写的数。已经用了公式的，复制后“选择性粘贴”为“数值”。",
        ),
        ("黄色格", f"按 {content.year - 1} 年的数据预填，请核对，可以直接改；改过以后黄色自动消失。"),
        ("绿色行", "表样之外确需增加的行，写上名称再填数；不用就空着。"),
        (
            "核对",
            f"{formulas.MET}：成立。{formulas.ASSUMED}：空白当作 0 时成立。{formulas.UNMET}：怎样补填空白都不成立，请改正。",
        ),
        (
            "核对（续）",
            f"{formulas.OPEN}：还有空白，不能定。{formulas.UNREADABLE}：有的格是文字、错误值或小数。{formulas.EMPTY}：一格都没有填。",
        ),
        (
            "正文",
            "一段一格，章的标题不用写。一段里换行（Alt+Enter）等于另起一段。没有写的章，程序按数据生成一句默认文字；"
            f"只要表、不要文字的章，在第一格写一个横线 {NO_TEXT}。",
        ),
        ("上年的文字", "在“正文”右列，灰色，只供参考，不会读进本年的报告。要沿用请复制到左列再改；原样照抄会被指出。"),
        ("可以做的", "改列宽、行高，移动、改名工作表，在“正文”插入行，用 WPS、Excel 或 LibreOffice 打开。"),
        ("不要做的", "不要删除工作表、行、列，不要加打开密码，不要存成 .xls 或带宏的 .xlsm。"),
        (
            "交回以后",
            "有问题时会退回本表的一份副本：有问题的格标色并附批注，另有一张“问题清单”，点一下就到那一格；您填的都还在。",
        ),
    ]
