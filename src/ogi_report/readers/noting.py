"""How the oddities of a table that was read are told: each kind once for a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ogi_report.readers.header import Header
from ogi_report.readers.placing import Placed
from ogi_report.readers.rows import FoundRow
from ogi_report.readers.table_reading import TableReading


def note_twice(twice: Mapping[str, str], reading: TableReading) -> None:
    """Rows (record → place) that stand there twice with other figures: two reports in one file, or a later correction."""
    if not twice:
        return
    records = [reading.table.records[key] for key in twice]
    reading.doubt(
        "two_tables",
        records[0].key,
        [cell.key for record in records for cell in record.fields.values()],
        f"{reading.table.name}的 {_named([record.title for record in records])} {len(records)} 行出现了两次而数字不同，"
        "无法确定以哪一次为准，都没有读入；请核对原文",
        next(iter(twice.values())),
    )


_STACKED = re.compile(r"[\d.,]+(?:\s*\n\s*[\d.,]+(?:元|万元|件|条)?)+")


def set_aside_stacked(reading: TableReading, shown: str) -> None:
    """Digits on several lines of one box may be one number broken in two, or two numbers: the box stays blank."""
    stacked = {k: cell for k, cell in reading.cells.items() if _STACKED.fullmatch(cell.raw.strip())}
    if not stacked:
        return
    told = "、".join(f"“{cell.raw.strip()}”".replace("\n", "／") for cell in list(stacked.values())[:3])
    for key in stacked:
        del reading.cells[key]
    reading.doubt(
        "unreadable",
        None,
        list(stacked),
        f"{reading.table.name}有 {len(stacked)} 格的数字分在几行（{told}），无法确定是一个数还是几个数，没有读入；请对照原文补填",
        shown,
    )


def note_broken(rows: Sequence[FoundRow], reading: TableReading, shown: str) -> None:
    """Rows that lost the cells before their label; what they are is known by their label all the same."""
    broken = [row for row in rows if row.word is not None and (row.orphan or _lost_cells(row, rows))]
    if not broken:
        return
    keys = [row.word.record or "" for row in broken if row.word]
    reading.doubt(
        "broken_row",
        keys[0],
        [cell.key for key in keys for cell in reading.table.records[key].fields.values()],
        f"{reading.table.name}的 {_named([row.label for row in broken], len(broken))} 失去了左边的格（多半是分页或粘贴时丢了），"
        "已按标签认出；请核对这几行",
        f"{shown} {broken[0].line.found.place}".strip(),
    )


def _lost_cells(row: FoundRow, rows: Sequence[FoundRow]) -> bool:
    """In a table without merged cells, rows of one group put as many blank cells before their labels."""
    if row.word is None or not row.word.above or row.position != 1 or row.line.found.spans:
        return False
    depth = len(row.word.above)
    return any(
        other.word is not None
        and other.line.found is row.line.found
        and len(other.word.above) == depth
        and other.position > 1
        and not next(iter(other.line.cells)).text
        for other in rows
    )


def note_shift(
    rows: Sequence[FoundRow],
    headers: Sequence[Header | None],
    placed: Sequence[Placed],
    reading: TableReading,
    shown: str,
) -> None:
    """Heads and body that disagree on where the value columns begin, though every figure found its box."""
    doubtful: list[FoundRow] = []
    for row, header, one in zip(rows, headers, placed, strict=True):
        if row.word is None or header is None or header.found is not row.line.found or not header.slots:
            continue
        label = row.label_cell
        first = min(slot.col for slot in header.slots)
        overlaps = header.trusted and not header.padded and label is not None and label.col + label.colspan > first
        if overlaps or one.how in ("sum", "shape", "lone"):
            doubtful.append(row)
    if doubtful:
        keys = [row.word.record or "" for row in doubtful if row.word]
        reading.doubt(
            "shift",
            keys[0],
            (),
            f"{reading.table.name}的表头与数据行的列没有对齐（{_named([row.label for row in doubtful])}共 {len(doubtful)} 行），"
            "已按标签和表头的次序认列；请核对",
            f"{shown} {doubtful[0].line.found.place}".strip(),
        )


def _named(labels: Sequence[str], most: int = 3) -> str:
    return "、".join(f"“{' '.join(label.split())}”" for label in labels[:most]) + ("等" if len(labels) > most else "")
