"""A ledger of applications, a text file or a sheet, to a `Ledger`.

Columns are found by their headings, lines stand in any order. What makes it uncertain where a line counts is a `DataError`
(all are listed, up to a hundred); what is certain but wrong is left for the rules. Columns that the ledger does not
need are not read, whatever stands in them: names, telephone numbers and the like never leave the file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from ogi_report.errors import DataError
from ogi_report.forms import Form
from ogi_report.ledger import HEADINGS, REMEDIES, REMEDY_HEADINGS, Heading, Ledger, headings_of
from ogi_report.readers.ledger_lines import LineReader
from ogi_report.readers.ledger_words import ledger_words
from ogi_report.readers.packages import EXCEL, Package, main_part, open_package
from ogi_report.readers.regular_files import read_bytes
from ogi_report.readers.sheets import Sheet, read_sheets
from ogi_report.readers.text_files import read_text, separated
from ogi_report.readers.vocabulary import characters

LEDGERS = ("ledger.csv", "ledger.xlsx")
"""Names under which a ledger stands in an agency-year's data folder."""

SHEET = "台账"
"""A sheet of this name holds a ledger, in a workbook of its own or in a fill-in workbook."""

LARGEST = 50_000_000
"""Bytes; some hundred thousand applications with long remarks."""

_TITLES = 10
"""Lines before the headings that may hold a title."""

_MOST_PROBLEMS = 100

_NEEDED_OF_A_REMEDY = ("result", "decided_on")


def read_ledger(path: Path, form: Form, year: int, shown: str) -> Ledger:
    """Reads a ledger: text, or a workbook with a sheet 台账 (or with one sheet only).

    Args:
        form: the layout whose labels it uses.
        year: the report year that it is kept for.
        shown: how messages name the file, e.g. `data/2024/kejing/ledger.csv`.

    Raises:
        DataError: with one message for each problem, naming line and column.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _read_workbook(path, form, year, shown)
    text = read_text(path, shown, LARGEST)
    try:
        # Numbered as Excel numbers rows, also behind cells of several lines.
        rows = [(number, line) for number, (_, line) in enumerate(separated(text), start=1)]
    except csv.Error:
        raise DataError(f"{shown} 不像是表格：有的格长得离谱，多半是某个英文双引号没有成对；请检查引号。") from None
    return ledger_of_rows(rows, form, year, shown)


def _read_workbook(path: Path, form: Form, year: int, shown: str) -> Ledger:
    package = open_package(read_bytes(path, shown, LARGEST), EXCEL, shown)
    sheets = list(read_sheets(package))
    named = [sheet for sheet in sheets if SHEET in sheet.name]
    found = named or [sheet for sheet in sheets if sheet.cells]
    if len(found) != 1:
        names = "、".join(f"“{sheet.name}”" for sheet in found)
        raise DataError(f"{shown} 有几张工作表（{names}），不知道哪一张是台账；请把台账那一张改名为“{SHEET}”。")
    # Bare day numbers are counted from 1900; a workbook that counts from 1904 would put them four years off.
    return ledger_of_sheet(found[0], form, year, shown, serials=not counts_from_1904(package))


def counts_from_1904(package: Package) -> bool:
    """Whether a workbook counts its days from 1904, as those of old Macintosh programs do."""
    root = package.xml(main_part(package))
    properties = root.find("{*}workbookPr") if root is not None else None
    return properties is not None and properties.get("date1904", "0") in ("1", "true")


def ledger_of_sheet(sheet: Sheet, form: Form, year: int, shown: str, *, serials: bool = True) -> Ledger:
    """Reads a ledger from a workbook's sheet.

    Args:
        shown: how messages name the workbook.
        serials: cells without a date format may hold a day's number.

    Raises:
        DataError: as `read_ledger`.
    """
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in sheet.cells.items():
        rows.setdefault(row, {})[column] = text
    filled = [
        (row + 1, [cells.get(column, "") for column in range(max(cells) + 1)]) for row, cells in sorted(rows.items())
    ]
    return ledger_of_rows(filled, form, year, f"{shown}（工作表“{sheet.name}”）", serials=serials)


def ledger_of_rows(
    rows: Iterable[tuple[int, Sequence[str]]], form: Form, year: int, shown: str, *, serials: bool = False
) -> Ledger:
    """Reads a ledger from rows of text, headings among the first.

    Args:
        rows: (row of the sheet, its cells).
        serials: days may be a spreadsheet's day numbers.

    Raises:
        DataError: as `read_ledger`.
    """
    stripped = [(number, [value.strip() for value in row]) for number, row in rows]
    filled = [(number, values) for number, values in stripped if any(values)]
    if not filled:
        raise DataError(f"{shown} 是空的；台账一行一件申请，第一行是列名：{_allowed(HEADINGS)}。")
    place, columns = _heads(filled, form, shown)
    header_row, header = filled[place]
    problems = _problems_of_header(columns, header, header_row, form, shown)
    if problems:
        raise DataError(problems)
    headings = {key: header[position] for key, position in columns.items()}
    groups = [group for group in form.table(REMEDIES).records if f"{group}.{_NEEDED_OF_A_REMEDY[0]}" in columns]
    reader = LineReader(columns, headings, groups, ledger_words(form), year, shown, serials)
    applications = []
    for number, row in filled[place + 1 :]:
        if any(row[len(header) :]):
            reader.problems.append(
                f"{shown} 第 {number} 行比列名多出几格；可能多了一个逗号，后面各列都错开了，请检查这一行。"
            )
        elif (application := reader.application(number, row)) is not None:
            applications.append(application)
    if reader.problems:
        more = len(reader.problems) - _MOST_PROBLEMS
        told = reader.problems[:_MOST_PROBLEMS]
        raise DataError([*told, f"{shown} 还有 {more} 处，改正以上各处后再核对。"] if more > 0 else told)
    ignored = [
        heading or f"第 {position + 1} 列（没有列名）"
        for position, heading in enumerate(header)
        if position not in columns.values() and (heading or _is_used(filled[place + 1 :], position))
    ]
    return Ledger(form, year, tuple(applications), tuple(groups), shown, tuple(ignored))


def _is_used(body: list[tuple[int, list[str]]], position: int) -> bool:
    return any(position < len(row) and row[position] for _, row in body)


def _known(form: Form) -> dict[str, str]:
    """Spelling of a heading → the field's key."""
    found: dict[str, str] = {}
    for heading in headings_of(form):
        found |= dict.fromkeys(map(characters, (heading.label, heading.key, *heading.aliases)), heading.key)
    return found


def _heads(filled: list[tuple[int, list[str]]], form: Form, shown: str) -> tuple[int, dict[str, int]]:
    """Where the headings stand, and field → position."""
    known = _known(form)
    for place, (_, row) in enumerate(filled[:_TITLES]):
        found = [(known[spelling], n) for n, value in enumerate(row) if (spelling := characters(value)) in known]
        if len(found) >= 3:
            twice = {key for key, _ in found if [k for k, _ in found].count(key) > 1}
            if twice:
                raise DataError(
                    f"{shown} 有几列是同一个意思："
                    + "；".join("、".join(f"“{row[n]}”" for k, n in found if k == key) for key in sorted(twice))
                    + "。请只留一列，其余改名或删去。"
                )
            return place, dict(found)
    raise DataError(f"{shown} 的前几行里找不到列名；第一行应当是列名，至少要有：{_allowed(HEADINGS)}。")


def _problems_of_header(columns: dict[str, int], header: list[str], row: int, form: Form, shown: str) -> list[str]:
    place = f"{shown} 第 {row} 行（列名）"
    problems = [
        f"{place}没有“{heading.label}”；请补上这一列。"
        for heading in HEADINGS
        if heading.is_required and heading.key not in columns
    ]
    labels = {heading.key: heading.label for heading in headings_of(form)}
    for group in form.table(REMEDIES).records:
        has = [heading.key for heading in REMEDY_HEADINGS if f"{group}.{heading.key}" in columns]
        lacking = [labels[f"{group}.{key}"] for key in _NEEDED_OF_A_REMEDY if key not in has]
        if has and lacking:
            problems.append(f"{place}有“{labels[f'{group}.{has[0]}']}”，却没有“{'”“'.join(lacking)}”；请补上。")
    # A column on reviews or lawsuits that is not understood would make table 四 wrong without a word.
    words = {
        characters(label.label) for r in form.table(REMEDIES).records.values() for label in (*r.path.above, r.path.leaf)
    }
    for position, heading in enumerate(header):
        if position not in columns.values() and any(word in characters(heading) for word in words):
            allowed = "、".join(label for key, label in labels.items() if "." in key)
            problems.append(f"{place}的“{heading}”看不出是哪一列；复议、诉讼请用这些列名：{allowed}。")
    return problems


def _allowed(headings: Iterable[Heading]) -> str:
    return "、".join(heading.label for heading in headings if heading.is_required)
