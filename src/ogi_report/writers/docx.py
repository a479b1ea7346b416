"""Headings, paragraphs and grids to a Word document with really merged cells and headers that repeat on each page.

The XML of a table is built directly: python-docx's own table finds each cell by counting through the whole table. The
same pieces give the same bytes, whatever the day and the machine.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from ogi_report.forms import Grid, Role, Slot
from ogi_report.writers.pages import Heading, Page, Text

LATIN_FONT = "Times New Roman"
BODY_FONT, HEADING_FONT = "仿宋", "黑体"
MADE_ON = dt.datetime(2000, 1, 1)
"""The date that all our files state, so that the same report gives the same file."""
TEXT_WIDTH = 8_640
"""Between the margins of the page, in twentieths of a point."""
TABLE_SIZE = 18
"""Half points: 小五, so that fifteen columns of four digits fit on an upright page."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write_docx(pages: Iterable[Page], title: str = "") -> bytes:
    """Returns a .docx file; `title` becomes the document's title property."""
    document = docx.Document()
    _fonts(document)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = MADE_ON
    for page in pages:
        match page:
            case Heading(text, level):
                document.add_heading(_clean(text), level)
            case Text(text):
                document.add_paragraph(_clean(text))
            case Grid():
                body = document.element.body
                body.insert(len(body) - 1, _table(page))  # before the properties of the last section
                document.add_paragraph()  # two tables that touch would be one in Word
    return _same_bytes(document)


def _fonts(document: Any) -> None:
    """Sets the Latin and the East Asian font of body and headings; themes would decide otherwise."""
    headings = ["Title", "Heading 1", "Heading 2", "Heading 3"]
    for name, font in [("Normal", BODY_FONT), *((name, HEADING_FONT) for name in headings)]:
        properties = document.styles[name].element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), LATIN_FONT)
        fonts.set(qn("w:eastAsia"), font)


def _table(grid: Grid) -> Any:
    table = OxmlElement("w:tbl")
    properties = _child(table, "w:tblPr")
    _child(properties, "w:tblW", type="pct", w="5000")
    borders = _child(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _child(borders, f"w:{side}", val="single", sz="4", space="0", color="auto")
    margins = _child(properties, "w:tblCellMar")
    for side in ("left", "right"):
        _child(margins, f"w:{side}", w="40", type="dxa")
    widths = _child(table, "w:tblGrid")
    shares = _widths(grid)
    for share in shares:
        _child(widths, "w:gridCol", w=str(share))
    covered = {(row, slot.col): slot for slot in grid.slots for row in range(slot.row + 1, slot.row + slot.rowspan)}
    begins = {(slot.row, slot.col): slot for slot in grid.slots}
    for row in range(grid.height):
        line = _child(table, "w:tr")
        properties = _child(line, "w:trPr")
        _child(properties, "w:cantSplit")  # a row broken over two pages can hardly be read, by people or by programs
        if row < grid.header_rows:
            _child(properties, "w:tblHeader")
        here = [(col, begins.get((row, col)), covered.get((row, col))) for col in range(grid.width)]
        for _, begun, above in here:
            if begun is not None:
                _cell(line, begun, "restart" if begun.rowspan > 1 else None, shares)
            elif above is not None:
                _cell(line, above, "continue", shares)
    return table


def _widths(grid: Grid) -> list[int]:
    """Widths of the columns in twentieths of a point: by their longest text, as far as it stands in one column alone."""
    longest = [4] * grid.width
    for slot in grid.slots:
        if slot.colspan == 1:
            longest[slot.col] = max(longest[slot.col], min(len(slot.text), 16 if slot.role is Role.STUB else 6))
    return [TEXT_WIDTH * share // sum(longest) for share in longest]


def _cell(line: Any, slot: Slot, merge: str | None, widths: list[int]) -> None:
    cell = _child(line, "w:tc")
    properties = _child(cell, "w:tcPr")
    _child(properties, "w:tcW", type="dxa", w=str(sum(widths[slot.col : slot.col + slot.colspan])))
    if slot.colspan > 1:
        _child(properties, "w:gridSpan", val=str(slot.colspan))
    if merge is not None:
        _child(properties, "w:vMerge", val=merge)
    _child(properties, "w:vAlign", val="center")
    paragraph = _child(cell, "w:p")
    _child(_child(paragraph, "w:pPr"), "w:jc", val="left" if slot.role is Role.STUB else "center")
    if merge == "continue" or not slot.text:
        return
    run = _child(paragraph, "w:r")
    _child(_child(run, "w:rPr"), "w:sz", val=str(TABLE_SIZE))
    for number, text in enumerate(_clean(slot.text).split("\n")):
        if number:
            _child(run, "w:br")
        element = _child(run, "w:t")
        element.text = text
        element.set(qn("xml:space"), "preserve")


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)
    return element


def _clean(text: str) -> str:
    """Control characters cannot stand in XML; they come from copied web pages and mean nothing."""
    return _NOT_XML.sub("", text)


def _same_bytes(document: Any) -> bytes:
    """Saves a document with its parts in one order and with one date."""
    written, stable = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(zipfile.ZipInfo(name, _ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return stable.getvalue()
