"""A filled-in workbook as a whole: whose it is, its tables and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ogi_report.errors import DataError
from ogi_report.figures import Figures
from ogi_report.forms import Form, official_forms
from ogi_report.forms.workbook import AGENCY, FRONT, LAYOUT, LEVEL, NAME, RETURNED, WORDS, YEAR, marked_sheet, stated
from ogi_report.readers.ledger import SHEET as LEDGER_SHEET
from ogi_report.readers.ledger import counts_from_1904
from ogi_report.readers.packages import EXCEL, ZIP, open_package
from ogi_report.readers.sheets import Sheet, read_sheets
from ogi_report.readers.table_reading import figures_of
from ogi_report.readers.workbook.table_sheet import SheetCell, SheetReading, read_table_sheet
from ogi_report.readers.workbook.words_sheet import FormWords, read_words_sheet

_Marked = dict[str, list[tuple[Sheet, tuple[int, int]]]]


@dataclass(frozen=True)
class FormWorkbook:
    """A workbook that was filled in. `places` says where each box stands; what the workbook does not say is None."""

    shown: str
    figures: Figures
    words: FormWords | None
    places: Mapping[str, SheetCell]
    sheets: Mapping[str, str]
    """What a sheet is (a table's key, `words`, …) → its name in this file."""
    returned: Mapping[str, SheetCell]
    """The same → the cell in which a returned workbook says what was found on the sheet."""
    ledger: Sheet | None = None
    """A sheet 台账 that the agency put in, with anything on it."""
    since_1904: bool = False
    year: int | None = None
    agency: str | None = None
    name: str | None = None
    level: str | None = None


def is_form_workbook(content: bytes) -> bool:
    """Whether a file is one of our fill-in workbooks, whatever became of it; never raises."""
    if not content.startswith(ZIP):
        return False
    try:
        return bool(_marked(read_sheets(open_package(content, EXCEL, ""), hidden=True)))
    except DataError:
        return False


def read_form_workbook(
    content: bytes, shown: str, form: Form | None = None, *, belongs_to: tuple[str, int] | None = None
) -> FormWorkbook:
    """Reads a filled-in workbook; reading it is the same as reading the CSV files with the same figures.

    Args:
        form: the layout in which the report is made; by default the one that the workbook states.
        belongs_to: agency and year of the folder in which it lies.

    Raises:
        DataError: protected, damaged, no such workbook, another agency's or year's, or uncertain as to which box a number
            belongs to; lists every problem found.
    """
    package = open_package(content, EXCEL, shown)
    sheets = list(read_sheets(package, hidden=True))
    marked = _marked(sheets)
    if not marked:
        raise DataError(
            f"{shown} 不是填报表：找不到隐藏的代码；请用 ogi-report form 生成的工作簿填写（已公布的报告请用 import 导入）。"
        )
    facts = _facts(marked)
    form = _form(facts, form, shown)
    problems = _belongs(facts, belongs_to, shown)
    readings: list[SheetReading] = []
    for table in form.tables:
        found = _only(marked, table.key, f"{table.name}（{table.title}）", shown, problems)
        if found is not None:
            readings.append(read_table_sheet(*found, table, shown))
            problems += readings[-1].problems
    words_at = _only(marked, WORDS, "正文", shown, problems)
    words = read_words_sheet(*words_at, form, shown, problems) if words_at is not None else None
    ledgers = [sheet for sheet in sheets if LEDGER_SHEET in sheet.name and sheet.cells]
    if len(ledgers) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet in ledgers)
        problems.append(f"{shown} 的工作表{names}都是台账，不知道以哪一张为准；请只留一张。")
    if problems:
        raise DataError(problems)
    figures = figures_of(form, readings, {table.key: form.id for table in form.tables}, [shown.rpartition("/")[2]])
    year = facts.get(YEAR, "")
    return FormWorkbook(
        shown,
        figures,
        words,
        {key: place for reading in readings for key, place in reading.places.items()},
        {name: found[0][0].name for name, found in marked.items()},
        {name: place for name, found in marked.items() for place in _returned(*found[0])},
        ledgers[0] if ledgers else None,
        counts_from_1904(package),
        int(year) if year.isdecimal() else None,
        facts.get(AGENCY) or None,
        facts.get(NAME) or None,
        facts.get(LEVEL) or None,
    )


def _marked(sheets: Iterable[Sheet]) -> _Marked:
    found: _Marked = {}
    for sheet in sheets:
        for at, text in sheet.cells.items():
            name = marked_sheet(text.strip())
            if name is not None:
                found.setdefault(name, []).append((sheet, at))
                break
    return found


def _returned(sheet: Sheet, mark: tuple[int, int]) -> list[SheetCell]:
    top, side = mark
    rows = [row for (row, col), text in sheet.cells.items() if col == side and row > top and text.strip() == RETURNED]
    return [SheetCell(sheet.name, row, side + 1) for row in rows[:1]]


def _facts(marked: _Marked) -> dict[str, str]:
    """What the first sheet states; nothing if it was deleted."""
    facts: dict[str, str] = {}
    for sheet, (top, side) in marked.get(FRONT, [])[:1]:
        for (row, col), text in sheet.cells.items():
            if col == side and row > top and text.startswith("#"):
                name, _, value = text[1:].partition("=")
                facts[name] = value.strip()
                if text == stated(NAME):
                    said = [t.strip() for (r, c), t in sorted(sheet.cells.items()) if r == row and c > side + 1]
                    facts[NAME] = said[0] if said else ""
    return facts


def _form(facts: Mapping[str, str], form: Form | None, shown: str) -> Form:
    layout = facts.get(LAYOUT, "")
    if form is None:
        if layout not in official_forms():
            raise DataError(f"{shown} 的“首页”没有写明表样（可能被删除）；请从原来的填报表重新填写。")
        return official_forms()[layout]
    if layout and layout != form.id:
        known = official_forms()[layout].name if layout in official_forms() else layout
        raise DataError(
            f"{shown} 是按 {known}填写的，而本报告用的是 {form.name}；请换成 {form.name}的填报表，"
            f'或在参数文件中写 layout: "{layout}"。'
        )
    return form


def _belongs(facts: Mapping[str, str], belongs_to: tuple[str, int] | None, shown: str) -> list[str]:
    """A workbook in another agency's or year's folder was put there by mistake."""
    if belongs_to is None:
        return []
    agency, year = belongs_to
    problems = []
    if facts.get(YEAR, str(year)) != str(year):
        problems.append(f"{shown} 是 {facts[YEAR]} 年的填报表，却放在 {year} 年的文件夹里；请检查是否放错了文件。")
    if facts.get(AGENCY) and facts[AGENCY] != agency:
        problems.append(f"{shown} 是 {facts[AGENCY]} 的填报表，却放在 {agency} 的文件夹里；请检查是否放错了文件。")
    return problems


def _only(
    marked: _Marked, name: str, title: str, shown: str, problems: list[str]
) -> tuple[Sheet, tuple[int, int]] | None:
    found = marked.get(name, [])
    if not found:
        problems.append(f"{shown} 中找不到{title}的工作表（可能被删除）；请从原来的填报表重新填写。")
        return None
    if len(found) > 1:
        names = "、".join(f"“{sheet.name}”" for sheet, _ in found)
        problems.append(f"{shown} 的工作表{names}都是{title}，不知道以哪一张为准；请只留一张。")
        return None
    return found[0]
