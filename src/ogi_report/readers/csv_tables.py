"""An agency-year's CSV files to `Figures`.

One file per table: row key, official label (checked, not trusted), then one column per official column. Every line is
found by its key and every column by its heading, never by position. What makes it uncertain which box a number belongs
to is a `DataError` (all of them are listed); what is certain but wrong is left for the rules to find.
"""

from __future__ import annotations

import csv
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path

from ogi_report.errors import DataError, Place
from ogi_report.figures import Figures, FoundLabel, as_written
from ogi_report.forms import Form, LocalRow, Record, Table, normalise
from ogi_report.readers.row_keys import bare_heading, cell_under, is_local, other_layout, owner_of_label, unknown_row
from ogi_report.readers.table_reading import TableReading, figures_of
from ogi_report.readers.text_files import read_text, separated


@dataclass
class _TableFile(TableReading):
    """What one file holds; `problems` make it uncertain which box a number belongs to."""

    problems: list[str] = field(default_factory=list)


def figures_from_csv(folder: Path, form: Form, shown: str, may_lack: Container[str] = ()) -> Figures:
    """Reads `disclosure.csv`, `applications.csv` and `remedies.csv` of an agency-year.

    Args:
        folder: the agency-year's data folder.
        form: the layout in which the report is made.
        shown: how messages name the folder, e.g. `data/2021/kejing`.
        may_lack: tables that something else supplies where they have no file; their cells are then blank.

    Raises:
        DataError: with one message for each problem in any of the files.
    """
    read: list[_TableFile] = []
    problems: list[str] = []
    for table in form.tables:
        name = f"{table.key}.csv"
        if table.key in may_lack and not (folder / name).exists():
            continue
        try:
            file = _read_table(read_text(folder / name, f"{shown}/{name}"), table, form, f"{shown}/{name}")
        except DataError as error:
            problems.extend(error.messages)
            continue
        problems.extend(file.problems)
        read.append(file)
    if problems:
        raise DataError(problems)
    layouts = {table.key: form.id for table in form.tables}
    return figures_of(form, read, layouts, [f"{table.key}.csv" for table in form.tables])


def _read_table(text: str, table: Table, form: Form, shown: str) -> _TableFile:
    try:
        lines = [(number, [as_written(value.strip()) for value in line]) for number, line in separated(text)]
    except csv.Error:
        raise DataError(f"{shown} 不像是表格：有的格长得离谱，多半是某个英文双引号没有成对；请检查引号。") from None
    lines = [(number, line) for number, line in lines if any(line) and not line[0].startswith("#")]
    if not lines:
        raise DataError(f"{shown} 是空的；请按 {form.name}填写{table.name}。")
    file = _TableFile(table)
    (header_line, header), *body = lines
    if (other := other_layout([line[0] for _, line in body], table, form)) is not None:
        raise DataError(
            f"{shown} 的行属于 {other.name}，而本报告用的是 {form.name}；请换成 {form.name}的表，"
            f'或在参数文件中写 layout: "{other.id}"。'
        )
    columns = _match_columns(header, header_line, file, shown)
    if file.problems:
        return file
    if not columns:
        raise DataError(
            f"{shown} 第 {header_line} 行应当是表头，却找不到{table.name}的任何一列；"
            f"请删去表头之前的行。表头应为：行代码、项目、{'、'.join(path.label for path in table.fields.values())}。"
        )
    _match_rows(body, header, columns, file, shown)
    return file


def _match_columns(header: list[str], line: int, file: _TableFile, shown: str) -> dict[int, str]:
    """Returns position → column key; headings are official labels or keys, in any order."""
    while header and not header[-1]:
        header.pop()
    known: dict[str, str] = {}
    for key, path in file.table.fields.items():
        known |= dict.fromkeys(path.leaf.spellings(), key) | {normalise(key): key}
    amounts = {key for key, path in file.table.fields.items() if getattr(path.leaf, "number", None) == "money"}
    columns: dict[int, str] = {}
    if len(header) > 1 and normalise(header[1]) in known:
        file.problems.append(
            f"{shown} 第 {line} 行（表头）第 2 列是“{header[1]}”，应当是“项目”；前两列是行代码和项目名称，请补上缺的一列。"
        )
    for position, heading in enumerate(header[2:], start=2):
        bare, unit = bare_heading(heading)
        column = known.get(normalise(heading))
        if column is None and (amount := known.get(normalise(bare))) in amounts:
            column = amount
        if column is None:
            allowed = "、".join(path.label for path in file.table.fields.values())
            file.problems.append(
                f"{shown} 第 {line} 行（表头）第 {position + 1} 列是“{heading}”，{file.table.name}没有这一列；请改正，可用的有：{allowed}。"
            )
        elif column in columns.values():
            file.problems.append(f"{shown} 第 {line} 行（表头）的“{heading}”列出现了两次；请删去多余的一列。")
        else:
            columns[position] = column
            if bare != heading and normalise(heading) != normalise(file.table.fields[column].label):
                file.units[column] = unit
    for key, path in file.table.fields.items():
        if key not in columns.values():
            file.missing.append(FoundLabel(file.table.key, None, key, "", path.label, shown))
    return columns


def _match_rows(
    body: list[tuple[int, list[str]]], header: list[str], columns: dict[int, str], file: _TableFile, shown: str
) -> None:
    table, seen = file.table, dict[str, int]()
    previous = official = next(iter(table.records))
    for line, values in body:
        key, label = values[0], values[1] if len(values) > 1 else ""
        place = f"{shown} 第 {line} 行"
        if key in seen:
            file.problems.append(f"{place}的“{label or key}”（{key}）与第 {seen[key]} 行重复；请删去其中一行。")
            continue
        seen[key] = line
        record = table.records.get(key)
        if record is None and not is_local(key, table):
            file.problems.append(unknown_row(key, label, table, place))
            continue
        extra = [value for value in values[len(header) :] if value]
        if extra or 2 < len(values) < len(header):
            file.problems.append(
                f"{place}“{label or key}”有 {len(values) - 2} 个数，应为 {len(header) - 2} 个；"
                "可能多了或少了一个逗号，或数字里写了千分位逗号（1,024 请写成 1024）。"
            )
            continue
        if record is None:
            file.local.append(LocalRow(key, label or key, previous))
            record = table.records[official]
        else:
            owner = owner_of_label(record, label, file, place)
            if owner is not None:
                file.problems.append(
                    f"{place}的代码是 {key}（{record.label}），标签却是“{label}”（代码应为 {owner.key}）；"
                    "请核对这一行的数字属于哪一项，再改正代码或标签。"
                )
            official = key
        previous = key
        _read_cells(key, label, record, values, columns, file, Place(shown, line, label or record.label))
    for key, record in table.records.items():
        if key not in seen:
            file.missing.append(FoundLabel(table.key, key, None, "", record.title, shown))


def _read_cells(
    key: str, label: str, record: Record, values: list[str], columns: dict[int, str], file: _TableFile, place: Place
) -> None:
    for position, column in columns.items():
        raw = values[position] if position < len(values) else ""
        heading = file.table.fields[column].label
        if column not in record.fields:
            if raw:
                own = "、".join(cell.column.label for cell in record.fields.values())
                file.problems.append(
                    f"{place.file} 第 {place.line} 行“{label or record.label}”没有“{heading}”这一栏，却写了“{raw}”；"
                    f"这一行只有：{own}，请检查是否错了一列，或数字里写了千分位逗号（1,024 请写成 1024）。"
                )
            continue
        at = Place(place.file, place.line, place.row, heading)
        cell = cell_under(raw, record.fields[column], file.units.get(column, ""), at)
        file.cells[f"{file.table.key}.{key}.{column}"] = cell
