"""What a published file holds, whatever its format: paragraphs and tables in reading order. Nothing is interpreted here.

Every reader of a format (html, docx, xlsx, pdf, text) yields a `Document`; one recogniser makes a report of it. Cells
keep the source's own rows, columns and spans, even where these contradict each other: doubting is the recogniser's job.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_CELLS = 50_000
"""Cells that one table may have; the largest official table has 300."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text as it was written; `place` says in Chinese where it stands (第 12 段, 第 3 页, 第 40 行)."""

    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class FoundCell:
    """A cell of a found table: its top left corner in the logical grid, its spans, its text (line breaks kept)."""

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class FoundTable:
    """A table as the source has it. `place` names it to the user (第 2 个表格, 工作表“表三”, 第 3 页的表格).

    `spans` says whether the format records merged cells (a text dump does not, so that a short line may mean one).
    """

    cells: tuple[FoundCell, ...]
    place: str = ""
    spans: bool = True

    @property
    def height(self) -> int:
        return max((cell.row + cell.rowspan for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((cell.col + cell.colspan for cell in self.cells), default=0)

    def rows(self) -> list[list[FoundCell]]:
        """Cells by the row in which they begin, from left to right."""
        rows: list[list[FoundCell]] = [[] for _ in range(self.height)]
        for cell in sorted(self.cells, key=lambda cell: (cell.row, cell.col)):
            rows[cell.row].append(cell)
        return rows


Piece = Paragraph | FoundTable


@dataclass(frozen=True)
class Document:
    """A file's pieces in reading order; `shown` names the file in messages, `title` is what its format calls its title."""

    shown: str
    pieces: tuple[Piece, ...]
    title: str | None = None

    @property
    def tables(self) -> tuple[FoundTable, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, FoundTable))
