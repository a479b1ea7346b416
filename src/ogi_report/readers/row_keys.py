"""Rows and columns by key and label, for the files that clerks fill in: what fits, what is the agency's own, what is doubtful."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from ogi_report.errors import Place
from ogi_report.figures import Cell, FoundLabel, parse_cell, stated_unit
from ogi_report.forms import CellSpec, Form, Record, Table, normalise, official_forms
from ogi_report.readers.table_reading import TableReading

_LOCAL_KEY = re.compile(r"local\.[a-z][a-z0-9_]*")
_UNIT_IN_HEADING = re.compile(r"[（(](?:单位[:：])?(亿元|万元|元)[）)]$")


def is_local(key: str, table: Table) -> bool:
    """Whether a row is a report's own (`local.…`) or a printed subtotal (`denied.sum`)."""
    return bool(_LOCAL_KEY.fullmatch(key)) or (key.endswith(".sum") and key.removesuffix(".sum") in table.groups)


def other_layout(keys: Iterable[str], table: Table, form: Form) -> Form | None:
    """Another layout that knows all keys of a file, where this one does not."""
    official = {key for key in keys if not key.startswith("local.") and not key.endswith(".sum")}
    if official <= set(table.records):
        return None
    for other in official_forms().values():
        if other.id != form.id and official <= {r for t in other.tables if t.key == table.key for r in t.records}:
            return other
    return None


def unknown_row(key: str, label: str, table: Table, place: str) -> str:
    """What is said of a row whose key the table does not have."""
    by_label = [record.key for record in table.records.values() if normalise(label) in record.path.leaf.spellings()]
    close = by_label or difflib.get_close_matches(key, table.records, n=1)
    hint = f"是不是要写 {close[0]}（{table.records[close[0]].label}）？" if close else ""
    return (
        f"{place}的行代码“{key}”（{label}）不在{table.name}中；{hint}"
        "表样之外自行增加的行，代码请以 local. 开头，如 local.other_docs。"
    )


def owner_of_label(record: Record, label: str, reading: TableReading, place: str) -> Record | None:
    """Holds a row's label against its key: returns the other row whose label it is, and notes an unknown wording."""
    found, official = normalise(label), record.path
    if found in {normalise(official.label), normalise(official.title)}:
        return None
    rows = reading.table.records.values()
    owner = next((r for r in rows if found in r.path.leaf.spellings() and r is not record), None)
    if owner is not None and found not in official.leaf.spellings():
        return owner
    reading.labels.append(FoundLabel(reading.table.key, record.key, None, label, official.label, place))
    return None


def bare_heading(heading: str) -> tuple[str, str]:
    """Returns a heading without the money unit that it states at its end, and that unit.

    >>> bare_heading("采购总金额（单位：万元）"), bare_heading("处理决定数量")
    (('采购总金额', '万元'), ('处理决定数量', ''))
    """
    unit = _UNIT_IN_HEADING.search(heading)
    return (heading[: unit.start()], unit[1]) if unit else (heading, "")


def cell_under(raw: str, spec: CellSpec, stated: str, at: Place) -> Cell:
    """Reads a cell; the unit that its heading states holds where the cell states none. The text stays as it was written."""
    cell = parse_cell(raw, spec.unit, at)
    if stated and cell.is_number and not stated_unit(raw):
        in_unit = parse_cell(raw + stated, spec.unit, at)
        return Cell(raw, in_unit.value, in_unit.kind, at)
    return cell
