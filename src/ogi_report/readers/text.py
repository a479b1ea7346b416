"""Text files: tables as lines of cells between tabs, between pipes, or one cell a line."""

from __future__ import annotations

import re

from ogi_report.errors import DataError
from ogi_report.readers.document import MAX_CELLS, Document, FoundCell, FoundTable, Paragraph, Piece
from ogi_report.readers.streams import streams

_PIPES = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FEWEST_PIPES = 1


def read_text_document(text: str, shown: str) -> Document:
    """Reads a text's paragraphs and tables; a run of lines with tabs or pipes is a table.

    Raises:
        DataError: the text has more cells than any report could have.
    """
    pieces: list[Piece] = []
    rows: list[str] = []
    start = 0
    kind: str | None = None

    def close(end: int) -> None:
        nonlocal rows, kind
        if rows:
            pieces.append(_table(_cells(rows, kind), start, end, shown))
        rows, kind = [], None

    lines = text.splitlines()
    runs = {run.first + 1: run for run in streams(lines)}
    until = 0
    for number, line in enumerate(lines, start=1):
        if number <= until:
            continue
        if number in runs:
            close(number - 1)
            until = runs[number].last + 1
            pieces.append(_table(runs[number].rows, number, until, shown))
            continue
        found = _kind(line)
        if found is None or (kind is not None and found != kind):
            close(number - 1)
        if found is None:
            if line.strip():
                pieces.append(Paragraph(line.strip(), f"第 {number} 行"))
            continue
        if kind is None:
            kind, start = found, number
        if found == "pipe" and _RULE.match(line):
            continue
        rows.append(line)
    close(len(lines))
    return Document(shown, tuple(pieces))


def _kind(line: str) -> str | None:
    if "\t" in line.strip("\n\r") and line.strip():
        return "tab"
    if len(_PIPES.findall(line)) >= _FEWEST_PIPES and line.strip().strip("|").strip():
        return "pipe"
    return None


def _cells(lines: list[str], kind: str | None) -> list[list[str]]:
    """The cells of a table's lines. A bar at the ends is a border only if every line has it, else a blank cell."""
    if kind == "tab":
        return [[cell.strip() for cell in line.split("\t")] for line in lines]
    stripped = [line.strip() for line in lines]
    if all(line.startswith("|") for line in stripped):
        stripped = [line[1:] for line in stripped]
    if all(re.search(r"(?<!\\)\|$", line) for line in stripped):
        stripped = [line[:-1] for line in stripped]
    return [[_plain(cell) for cell in _PIPES.split(line)] for line in stripped]


def _plain(cell: str) -> str:
    return re.sub(r"<br\s*/?>", "\n", cell).replace("\\|", "|").replace("**", "").strip()


def _table(rows: list[list[str]], start: int, end: int, shown: str) -> FoundTable:
    if sum(map(len, rows)) > MAX_CELLS:
        raise DataError(f"{shown} 第 {start} 行起的表格超过 {MAX_CELLS} 格，不像是年度报告的表；请检查是否放错了文件。")
    cells = [FoundCell(r, c, cell) for r, row in enumerate(rows) for c, cell in enumerate(row)]
    return FoundTable(tuple(cells), f"第 {start}–{end} 行的表格", spans=False)
