"""A ledger of applications, `ledger.csv` or a sheet's rows, to a `Ledger`.

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
from ogi_report.readers.text_files import read_text, separated
from ogi_report.readers.vocabulary import characters

LEDGER = "ledger.csv"
LARGEST = 50_000_000
"""Bytes; some hundred thousand applications with long remarks."""

_TITLES = 10
"""Lines before the headings that may hold a title."""

_MOST_PROBLEMS = 100

_NEEDED_OF_A_REMEDY = ("result", "decided_on")


def read_ledger(path: Path, form: Form, year: int, shown: str) -> Ledger:
    """Reads a ledger that was saved as text.

    Args:
        form: the layout whose labels it uses.
        year: the report year that it is kept for.
        shown: how messages name the file, e.g. `data/2024/kejing/ledger.csv`.

    Raises:
        DataError: with one message for each problem, naming line and column.
    """
    text = read_text(path, shown, LARGEST)
    try:
        # Numbered as Excel numbers rows, also behind cells of several lines.
        rows = [(number, line) for number, (_, line) in enumerate(separated(text), start=1)]
    except csv.Error:
        raise DataError(f"{shown} 不像是表格：有的格长得离谱，多半是某个英文双引号没有成对；请检查引号。") from None
    return ledger_of_rows(rows, form, year, shown)


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
    filled = [(number, values) for number, values in stripped if any(values) and not values[0].startswith("#")]
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
