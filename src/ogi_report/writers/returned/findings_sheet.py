"""The list of findings in a returned workbook: a line each, with links to the cells; it is written as XML like the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from ogi_report.forms.workbook import FINDINGS, cell_name, sheet_mark
from ogi_report.writers.returned.colours import SEVERITIES, append_once, styles_of
from ogi_report.writers.returned.package import MAIN, OFFICE, EditedPackage, put, tag
from ogi_report.writers.returned.remarks import Remark, Return, Spot
from ogi_report.writers.text import display_width

SHEET = "问题清单"
FIRST = 4
"""The row of the first remark, from 0."""
_HEADS = ("序号", "级别", "在哪里", "问题", "原文", "建议", "规则", "相关的格")
_WIDTHS = (6, 9, 18, 62, 36, 30, 22)
_LINKS = 8
"""How many of a remark's cells are linked to beside it, after the first."""
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_000


def remove_list(package: EditedPackage) -> None:
    """Takes an earlier list out of the workbook."""
    marks = {sheet_mark(FINDINGS)}
    for kind, part in list(package.relations(package.main).values()):
        if kind == "sharedStrings":
            # Programs that saved the workbook since have moved the mark among the texts that sheets share.
            strings = package.look(part).getroot().findall(tag("si"))
            marks |= {str(n) for n, item in enumerate(strings) if "".join(item.itertext()) == sheet_mark(FINDINGS)}
    for sheet in package.sheets():
        first = next(package.tree(sheet.part).getroot().iter(tag("c")), None)
        if first is not None and "".join(first.itertext()) in marks:
            own = sheet.listed.get(f"{{{OFFICE}}}id")
            sheet.listed.getparent().remove(sheet.listed)
            package.unrelate(package.main, own)
            package.remove(sheet.part)


def add_list(package: EditedPackage, returned: Return) -> str:
    """Adds the list as the workbook's last sheet and shows it first; returns the sheet's name."""
    taken = {sheet.name.lower() for sheet in package.sheets()}
    name = next(n for n in (SHEET, *(f"{SHEET}（{i}）" for i in range(2, 1000))) if n.lower() not in taken)
    part = package.free_name("xl/worksheets/ogiFindings{}.xml")
    package.add(part, _Sheet(package, returned).build(), _TYPE)
    listed = package.tree(package.main).getroot().find(tag("sheets"))
    ids = [int(sheet.get("sheetId", "0")) for sheet in listed]
    element = etree.SubElement(listed, tag("sheet"), name=name, sheetId=str(max(ids, default=0) + 1))
    element.set(f"{{{OFFICE}}}id", package.relate(package.main, "worksheet", part))
    _show(package, part, len(listed) - 1)
    return name


def _show(package: EditedPackage, part: str, position: int) -> None:
    """Opens the workbook on this sheet."""
    for view in package.tree(package.main).getroot().iter(tag("workbookView")):
        view.set("activeTab", str(position))
    for sheet in package.sheets():
        for view in package.tree(sheet.part).getroot().iter(tag("sheetView")):
            if sheet.part != part and view.get("tabSelected"):
                del view.attrib["tabSelected"]


class _Sheet:
    """The list's sheet under construction."""

    def __init__(self, package: EditedPackage, returned: Return):
        self.returned = returned
        self.looks = _looks(styles_of(package))
        self.root = etree.Element(tag("worksheet"), nsmap={None: MAIN, "r": OFFICE})
        self.links = etree.Element(tag("hyperlinks"))

    def build(self) -> Any:
        views = etree.SubElement(self.root, tag("sheetViews"))
        view = etree.SubElement(views, tag("sheetView"), tabSelected="1", showGridLines="0", workbookViewId="0")
        pane = cell_name(FIRST, 0)
        etree.SubElement(
            view, tag("pane"), ySplit=str(FIRST), topLeftCell=pane, activePane="bottomLeft", state="frozen"
        )
        etree.SubElement(self.root, tag("sheetFormatPr"), defaultRowHeight="16")
        cols = etree.SubElement(self.root, tag("cols"))
        etree.SubElement(cols, tag("col"), min="1", max="1", width="4", hidden="1", customWidth="1")
        for number, width in enumerate(_WIDTHS, start=2):
            etree.SubElement(cols, tag("col"), min=str(number), max=str(number), width=str(width), customWidth="1")
        last = len(_WIDTHS) + 1 + _LINKS
        etree.SubElement(cols, tag("col"), min=str(len(_WIDTHS) + 2), max=str(last), width="9", customWidth="1")
        data = etree.SubElement(self.root, tag("sheetData"))
        self._line(data, 0, {0: (sheet_mark(FINDINGS), "plain"), 1: (self.returned.title, "title")}, 28)
        self._line(data, 1, {1: (self.returned.summary, "plain")}, 20)
        self._line(data, 3, {col: (text, "head") for col, text in enumerate(_HEADS, start=1)}, 22)
        for number, remark in enumerate(self.returned.remarks):
            self._remark(data, FIRST + number, number + 1, remark)
        if len(self.links):
            put(self.root, self.links)
        put(
            self.root,
            etree.Element(
                tag("pageMargins"), left="0.4", right="0.4", top="0.5", bottom="0.5", header="0.3", footer="0.3"
            ),
        )
        put(self.root, etree.Element(tag("pageSetup"), paperSize="9", orientation="landscape", fitToHeight="0"))
        properties = etree.Element(tag("sheetPr"))
        etree.SubElement(properties, tag("pageSetUpPr"), fitToPage="1")
        put(self.root, properties)
        return self.root

    def _remark(self, data: Any, row: int, number: int, remark: Remark) -> None:
        texts = (remark.message, remark.quote, remark.suggestion, remark.rule)
        cells = {col: (text, "text") for col, text in enumerate(texts, start=4)}
        cells[1] = (str(number), "number")
        cells[2] = (remark.level, remark.severity)
        first, others = remark.spots[:1], remark.spots[1 : 1 + _LINKS]
        cells[3] = (_named(first[0]) if first else "整份报告", "link" if first else "text")
        for col, spot in enumerate(others, start=1 + len(_WIDTHS)):
            cells[col] = (cell_name(spot.row, spot.col), "link")
            self._link(row, col, spot)
        for spot in first:
            self._link(row, 3, spot)
        widths = (_WIDTHS[3], _WIDTHS[4], _WIDTHS[5], _WIDTHS[6])
        lines = max(-(-display_width(text) // (width - 2)) for text, width in zip(texts, widths, strict=True))
        self._line(data, row, cells, min(400, 8 + 16 * max(1, lines, -(-display_width(cells[3][0]) // 16))))

    def _link(self, row: int, col: int, spot: Spot) -> None:
        quoted = spot.sheet.replace("'", "''")
        link = etree.SubElement(self.links, tag("hyperlink"), ref=cell_name(row, col))
        link.set("location", f"'{quoted}'!{cell_name(spot.row, spot.col)}")
        link.set("display", _named(spot))

    def _line(self, data: Any, row: int, cells: dict[int, tuple[str, str]], height: int) -> None:
        element = etree.SubElement(data, tag("row"), r=str(row + 1), ht=str(height), customHeight="1")
        for col in sorted(cells):
            text, look = cells[col]
            cell = etree.SubElement(element, tag("c"), r=cell_name(row, col), s=str(self.looks[look]))
            if look == "number":
                etree.SubElement(cell, tag("v")).text = text
            elif text:
                write_text(cell, text)


def write_text(cell: Any, text: str) -> None:
    """Makes a cell hold text, which no program takes for a formula."""
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    element = etree.SubElement(etree.SubElement(cell, tag("is")), tag("t"))
    element.text = _NOT_XML.sub("", text)[:_LONGEST]
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _named(spot: Spot) -> str:
    return f"{spot.sheet}!{cell_name(spot.row, spot.col)}"


def _looks(styles: Any) -> dict[str, int]:
    """Look → number of a cell format, appended to the workbook's own."""
    fonts = {
        "plain": _font(10),
        "title": _font(15, bold=True),
        "head": _font(10, bold=True),
        "link": _font(10, colour="FF0B57D0", underline=True),
    } | {severity: _font(10, bold=True, colour=ink) for severity, (_, ink) in SEVERITIES.items()}
    font = {name: append_once(styles, "fonts", element) for name, element in fonts.items()}
    box = append_once(styles, "borders", _border())
    none = append_once(styles, "borders", _border(None))
    clear = append_once(styles, "fills", _fill(None))
    fills = {"head": "FFDCE6F1"} | {severity: background for severity, (background, _) in SEVERITIES.items()}
    fill = {name: append_once(styles, "fills", _fill(colour)) for name, colour in fills.items()}

    def look(name: str, boxed: bool, across: str = "left") -> int:
        xf = etree.Element(
            tag("xf"), numFmtId="0", fontId=str(font.get(name, font["plain"])), xfId="0", quotePrefix="1"
        )
        xf.set("fillId", str(fill.get(name, clear)))
        xf.set("borderId", str(box if boxed else none))
        for part in ("Font", "Fill", "Border", "Alignment"):
            xf.set(f"apply{part}", "1")
        etree.SubElement(xf, tag("alignment"), horizontal=across, vertical="center", wrapText="1" if boxed else "0")
        return append_once(styles, "cellXfs", xf)

    return {
        "plain": look("plain", False),
        "title": look("title", False),
        "head": look("head", True, "center"),
        "text": look("plain", True),
        "number": look("plain", True, "center"),
        "link": look("link", True),
        **{severity: look(severity, True, "center") for severity in SEVERITIES},
    }


def _font(size: int, *, bold: bool = False, colour: str = "FF1F2328", underline: bool = False) -> Any:
    font = etree.Element(tag("font"))
    if bold:
        etree.SubElement(font, tag("b"))
    if underline:
        etree.SubElement(font, tag("u"))
    etree.SubElement(font, tag("sz"), val=str(size))
    etree.SubElement(font, tag("color"), rgb=colour)
    etree.SubElement(font, tag("name"), val="微软雅黑")
    return font


def _fill(colour: str | None) -> Any:
    fill = etree.Element(tag("fill"))
    pattern = etree.SubElement(fill, tag("patternFill"), patternType="solid" if colour else "none")
    if colour:
        etree.SubElement(pattern, tag("fgColor"), rgb=colour)
        etree.SubElement(pattern, tag("bgColor"), indexed="64")
    return fill


def _border(style: str | None = "thin") -> Any:
    border = etree.Element(tag("border"))
    for side in ("left", "right", "top", "bottom"):
        element = etree.SubElement(border, tag(side))
        if style:
            element.set("style", style)
            etree.SubElement(element, tag("color"), rgb="FF9AA4B2")
    etree.SubElement(border, tag("diagonal"))
    return border


def link_back(sheet: Any, spots: Sequence[Spot], name: str) -> None:
    """Writes the notes of a sheet, each a link to the list; earlier notes of ours are replaced."""
    links = sheet.find(tag("hyperlinks"))
    for link in list(links) if links is not None else []:
        if link.get("location", "").startswith(f"'{SHEET}"):
            links.remove(link)
    if links is not None and not len(links):
        sheet.remove(links)
        links = None
    for spot in spots:
        cell = _cell(sheet, spot.row, spot.col)
        write_text(cell, spot.label)
        if links is None:
            links = etree.Element(tag("hyperlinks"))
            put(sheet, links)
        link = etree.SubElement(links, tag("hyperlink"), ref=cell_name(spot.row, spot.col))
        link.set("location", f"'{name}'!{cell_name(FIRST, 1)}")
        link.set("display", spot.label)


def _cell(sheet: Any, row: int, col: int) -> Any:
    """A cell's element, made in its place if the sheet has none."""
    data = sheet.find(tag("sheetData"))
    line = next((r for r in data if r.get("r") == str(row + 1)), None)
    if line is None:
        line = etree.Element(tag("row"), r=str(row + 1))
        after = [r for r in data if int(r.get("r", "0")) < row + 1]
        data.insert(len(after), line)
    name = cell_name(row, col)
    for number, cell in enumerate(line):
        found = cell.get("r", "")
        if found == name:
            return cell
        if (len(found), found) > (len(name), name):
            new = etree.Element(tag("c"), r=name)
            line.insert(number, new)
            return new
    return etree.SubElement(line, tag("c"), r=name)
