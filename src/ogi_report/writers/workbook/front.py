"""The first sheet: whose workbook it is, and what the live checks of all tables come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ogi_report.forms import SEVERITIES
from ogi_report.forms.workbook import AGENCY, FRONT, LAYOUT, LEVEL, NAME, RETURNED, YEAR, cell_name, sheet_mark, stated
from ogi_report.writers.workbook.cells import protect
from ogi_report.writers.workbook.checks import Checked, counted
from ogi_report.writers.workbook.content import FormContent
from ogi_report.writers.workbook.formulas import SIGNS
from ogi_report.writers.workbook.places import GRID, KEYS, ranges
from ogi_report.writers.workbook.styles import BAD, GOOD, OPEN, Styles

SHEET = "首页"
_LONGEST_FORMULA = 8_000
"""Excel refuses a formula of 8,192 characters."""
_STEPS = (
    "一、在各表的白色格里填数，没有的填 0；黄色格是按上年数据预填的，请逐格核对。",
    "二、在“正文”里写六章文字，一段一格；没有写的章，程序按数据生成一句默认文字。",
    "三、看下面的核对结果：✖ 是不符，请改正；？ 是还不能定，多半是有空白。",
    "四、存盘（仍存为 .xlsx），交给政务公开办；退回的表里，有问题的格会标色并附批注。",
)


def write_front(sheet: Any, content: FormContent, checked: Sequence[Checked], styles: Styles) -> None:
    """Writes the first sheet; `checked` are the live checks of all tables."""
    sheet.set_column(KEYS, KEYS, 4, None, {"hidden": True})
    for col, width in enumerate((16, 50, 9, 9, 9, 44), start=GRID):
        sheet.set_column(col, col, width)
    sheet.write_string(0, KEYS, sheet_mark(FRONT))
    sheet.set_row(0, 34)
    sheet.write_string(0, GRID, f"政府信息公开工作年度报告　填报表（{content.year} 年）", styles.of("title"))
    row = _facts(sheet, content, styles, 2)
    row = _steps(sheet, styles, row + 1)
    _results(sheet, content, checked, styles, row + 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&A　第 &P 页，共 &N 页")
    protect(sheet)


def _facts(sheet: Any, content: FormContent, styles: Styles, row: int) -> int:
    """Whose workbook it is: shown to people, and in the hidden column to programs, so that rewording breaks nothing."""
    form = content.form
    known = {LAYOUT: form.id, YEAR: str(content.year), AGENCY: content.agency, NAME: content.name, LEVEL: content.level}
    sheet.write_string(1, KEYS, RETURNED)
    sheet.write_blank(1, GRID, None, styles.of("link"))
    for number, (name, value) in enumerate(((n, v) for n, v in known.items() if v), start=2):
        sheet.write_string(number, KEYS, stated(name, value))
    facts = [("年度", str(content.year)), ("表样", f"{form.name}（{form.notice}）"), *content.profile]
    for number, (name, text) in enumerate(facts, start=row):
        sheet.write_string(number, GRID, name, styles.of("fact_name"))
        sheet.write_string(number, GRID + 1, text, styles.of("fact"))
    row += len(facts)
    if content.agency:
        sheet.write_string(row, GRID, "以上取自名录，不能在此修改；有变化请告诉政务公开办。", styles.of("note_head"))
    else:
        sheet.write_string(row, KEYS, stated(NAME))
        sheet.write_string(row, GRID, "机关全称", styles.of("fact_name"))
        sheet.write_blank(row, GRID + 1, None, styles.of("fact_open"))
    return row + 1


def _steps(sheet: Any, styles: Styles, row: int) -> int:
    for number, text in enumerate(_STEPS, start=row):
        sheet.set_row(number, 20)
        sheet.write_string(number, GRID, text, styles.of("plain"))
    return row + len(_STEPS)


def _results(sheet: Any, content: FormContent, checked: Sequence[Checked], styles: Styles, row: int) -> None:
    """One line for each equation of the form: how often it is not met, not decided, and where."""
    head = styles.of("head")
    for col, text in enumerate(("表", "核对什么（随填随算）", "级别", "不符", "未定", "不符之处"), start=GRID):
        sheet.write_string(row, col, text, head)
    sheet.set_row(row, 22)
    first = row + 1
    for spec in content.form.equations:
        own = [check for check in checked if check.equation.rule == spec.id]
        if not own:
            continue
        row += 1
        table = own[0].sheet
        cells = ranges(check.word for check in own)
        sheet.set_row(row, 32)
        sheet.write_url(row, GRID, f"internal:'{table}'!{cell_name(*own[0].word)}", styles.of("rule_link"), table)
        sheet.write_string(row, GRID + 1, spec.title, styles.of("rule"))
        sheet.write_string(row, GRID + 2, SEVERITIES[spec.severity], styles.of("rule_number"))
        for col, sign in ((GRID + 3, "unmet"), (GRID + 4, "open")):
            count = sum(check.shown.startswith(SIGNS[sign]) for check in own)
            formula = f"={counted(cells, SIGNS[sign], table)}"
            sheet.write_formula(row, col, formula, styles.of("rule_number"), count)
        sheet.write_formula(row, GRID + 5, *_where(own, styles))
    if row < first:
        return
    for col, colours in ((GRID + 3, BAD), (GRID + 4, OPEN)):
        for criteria, pair in ((">", colours), ("=", GOOD)):
            condition = {"type": "cell", "criteria": criteria, "value": 0, "format": styles.condition(*pair)}
            sheet.conditional_format(first, col, row, col, condition)


def _where(own: Sequence[Checked], styles: Styles) -> tuple[str, Any, str]:
    """The names of the rows or columns in which an equation is not met, as a live list."""
    unmet = SIGNS["unmet"]
    parts = [f'IF(LEFT(\'{c.sheet}\'!{cell_name(*c.word)},1)="{unmet}","{_safe(c.scope)}；","")' for c in own]
    formula = "=" + "&".join(parts)
    if len(formula) > _LONGEST_FORMULA:
        return '=""', styles.of("rule"), ""
    return formula, styles.of("rule"), "".join(f"{c.scope}；" for c in own if c.shown.startswith(unmet))


def _safe(text: str) -> str:
    return text.replace('"', '""')[:200]
