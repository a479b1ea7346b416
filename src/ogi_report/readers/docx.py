"""Word documents to paragraphs and tables, straight from their XML: what a reader of the printed page would see.

Deleted and hidden text is left out, inserted text is kept, automatic numbers are written out (`numbering`). Text boxes
follow the paragraph at which they are anchored. A table that only arranges others on the page is taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ogi_report.errors import DataError
from ogi_report.readers.document import MAX_CELLS, Document, FoundCell, FoundTable, Paragraph, Piece
from ogi_report.readers.numbering import Numbering, W
from ogi_report.readers.packages import WORD, core_title, main_part, open_package

MAX_SPAN = 63
"""Word's own limit of columns."""
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _TBL, _TR, _TC, _R, _T = (W + name for name in ("p", "tbl", "tr", "tc", "r", "t"))
_PROPERTIES, _RUN_PROPERTIES = W + "pPr", W + "rPr"
_BOX = W + "txbxContent"
_DROPPED = frozenset(W + name for name in ("del", "moveFrom", "rt", "pPr", "rPr", "instrText", "delText", "sectPr"))
"""Deleted or moved away, phonetic guides, and what is no text; everything else is looked into."""
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}


def read_docx(content: bytes, shown: str) -> Document:
    """Returns what a .docx file holds; `shown` names it to the user.

    Raises:
        DataError: no Word document, protected, damaged, or built to exhaust the machine.
    """
    package = open_package(content, WORD, shown)
    main = main_part(package)
    root = package.xml(main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise DataError(f"{shown} 里没有正文；请用 Word 或 WPS 打开后另存为“{WORD.save_as}”。")
    parts = dict(package.related(main).values())
    numbering = package.xml(parts["numbering"]) if "numbering" in parts else None
    styles = package.xml(parts["styles"]) if "styles" in parts and numbering is not None else None
    walk = _Walk(shown, Numbering.of(numbering, styles))
    return Document(shown, tuple(_placed(walk.pieces(body))), core_title(package))


def _placed(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Says where each piece stands, counting what is left when frames and layout tables are taken apart."""
    paragraphs = tables = 0
    for piece in pieces:
        if isinstance(piece, FoundTable):
            tables += 1
            yield replace(piece, place=f"第 {tables} 个表格")
        else:
            paragraphs += 1
            yield replace(piece, place=f"第 {paragraphs} 段")


@dataclass
class _Walk:
    """Goes through a document once, from front to back, because automatic numbers depend on what came before."""

    shown: str
    numbering: Numbering

    def pieces(self, parent: Any) -> Iterator[Piece]:
        """Paragraphs and tables below an element, in reading order."""
        for element in _blocks(parent):
            if element.tag == _TBL:
                yield from self._table(element)
            else:
                text, boxes = self._paragraph(element)
                if text:
                    yield Paragraph(text)
                for box in boxes:
                    yield from self.pieces(box)

    def _paragraph(self, paragraph: Any) -> tuple[str, list[Any]]:
        """A paragraph's text with its automatic number, and the text boxes anchored in it."""
        boxes: list[Any] = []
        text = "".join(_text(paragraph, boxes)).strip()
        number = self.numbering.next(paragraph.find(_PROPERTIES))
        if not text or not number:
            return text, boxes  # Word prints the number of an empty paragraph, but nobody wrote anything there
        return number + ("" if number[-1] in "、．.）)。：" else " ") + text, boxes

    def _table(self, table: Any) -> Iterator[Piece]:
        contents: list[list[Piece]] = []
        cells = self._cells(table, contents)
        if len(cells) > MAX_CELLS:
            raise DataError(f"{self.shown} 里有超过 {MAX_CELLS} 格的表格，不像年度报告；请检查是否选错了文件。")
        nested = [piece for pieces in contents for piece in pieces if isinstance(piece, FoundTable)]
        inner = sum(len(piece.cells) for piece in nested)
        written = sum(1 for cell in cells if cell.text)
        if len(cells) == 1 or (nested and written <= inner):
            # A frame around text, or a table that lays out a page: its cells are read one after the other.
            yield from (piece for pieces in contents for piece in pieces)
            return
        if cells:
            yield FoundTable(tuple(cells))
        yield from nested

    def _cells(self, table: Any, contents: list[list[Piece]]) -> list[FoundCell]:
        """A table's merged cells; what stands in each goes to `contents` too, piece by piece."""
        cells: list[FoundCell] = []
        open_above: dict[int, int] = {}
        row = -1
        for line in _rows(table):
            row += 1
            col = _span(line.find(f"{W}trPr/{W}gridBefore"), least=0)
            open_here: dict[int, int] = {}
            begun: int | None = None
            for box in _children(line, _TC):
                properties = box.find(f"{W}tcPr")
                width, vertical, horizontal = _merging(properties)
                pieces = list(self.pieces(box))
                if horizontal == "continue" and begun is not None:
                    cell = cells[begun]
                    cells[begun] = FoundCell(cell.row, cell.col, cell.text, cell.rowspan, cell.colspan + width)
                elif vertical == "continue" and col in open_above and cells[open_above[col]].colspan == width:
                    # Word shows nothing of what stands in a cell that continues the one above.
                    begun = open_here[col] = open_above[col]
                    cell = cells[begun]
                    cells[begun] = FoundCell(cell.row, cell.col, cell.text, row - cell.row + 1, cell.colspan)
                else:
                    begun = len(cells)
                    cells.append(FoundCell(row, col, _joined(pieces), 1, width))
                    contents.append(pieces)
                    if vertical is not None:
                        open_here[col] = begun
                col += width
            open_above = open_here
        return cells


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables below an element, through content controls, insertions and custom tags."""
    for child in parent.iterchildren():
        if child.tag in (_P, _TBL):
            yield child
        elif isinstance(child.tag, str) and child.tag not in _DROPPED and child.tag != f"{W}tcPr":
            yield from _blocks(child)


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children with a tag, also those inside a content control or an insertion."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}moveTo"):
            yield from _children(child, tag)


def _rows(table: Any) -> Iterator[Any]:
    return (row for row in _children(table, _TR) if row.find(f"{W}trPr/{W}del") is None)


def _span(element: Any | None, least: int = 1) -> int:
    text = element.get(f"{W}val", "") if element is not None else ""
    return max(least, min(int(text), MAX_SPAN)) if text.isascii() and text.isdigit() and len(text) < 20 else least


def _merging(properties: Any | None) -> tuple[int, str | None, str | None]:
    """Width, vertical and horizontal merging (`restart`, `continue` or none) of a cell."""
    if properties is None:
        return 1, None, None
    merges = [properties.find(W + name) for name in ("vMerge", "hMerge")]
    vertical, horizontal = (merge.get(f"{W}val", "continue") if merge is not None else None for merge in merges)
    return _span(properties.find(f"{W}gridSpan")), vertical, horizontal


def _joined(pieces: list[Piece]) -> str:
    """The text of a cell; a table inside a cell of figures is told line by line."""
    lines = [
        piece.text
        if isinstance(piece, Paragraph)
        else "\n".join("\t".join(cell.text for cell in row) for row in piece.rows())
        for piece in pieces
    ]
    return "\n".join(lines).strip()


def _text(element: Any, boxes: list[Any]) -> Iterator[str]:
    """The text that an element shows; text boxes met on the way are put aside."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == _T:
            yield child.text or ""
        elif tag == _R:
            properties = child.find(_RUN_PROPERTIES)
            if properties is None or not _hidden(properties):
                yield from _text(child, boxes)
        elif tag in _SIGNS:
            yield "" if child.get(f"{W}type") in ("page", "column") else _SIGNS[tag]
        elif tag == _BOX:
            boxes.append(child)
        elif tag == f"{_MC}AlternateContent":
            # The same content for new and for old programs: one of them is enough.
            choices = list(child.iterchildren(f"{_MC}Choice", f"{_MC}Fallback"))
            shown = next((choice for choice in choices if next(choice.iter(_T, _BOX), None) is not None), None)
            if shown is not None:
                yield from _text(shown, boxes)
        elif isinstance(tag, str) and tag not in _DROPPED and len(child):
            yield from _text(child, boxes)


def _hidden(properties: Any) -> bool:
    vanish = properties.find(f"{W}vanish")
    return vanish is not None and vanish.get(f"{W}val", "1") not in ("0", "false", "off")
