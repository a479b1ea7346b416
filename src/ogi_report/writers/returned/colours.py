"""Colours of cells as conditional formats that always hold: no cell's own format is touched, and old marks come off whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from ogi_report.writers.returned.package import EditedPackage, put, tag

SEVERITIES = {"error": ("FFF8B4B0", "FF8B0000"), "warning": ("FFFFD68A", "FF6B4300"), "note": ("FFCFE2FF", "FF0B3D91")}
"""Severity → background and text; the most severe first."""
_FORMULA = 'N("ogi-report")=0'
"""True for every cell, and found again when the marks are to be replaced."""


def clear_colours(sheet: Any) -> None:
    """Takes our marks off a sheet."""
    for element in sheet.findall(tag("conditionalFormatting")):
        for rule in element.findall(tag("cfRule")):
            if _FORMULA in [formula.text for formula in rule.findall(tag("formula"))]:
                element.remove(rule)
        if not element.findall(tag("cfRule")):
            sheet.remove(element)


def colour(package: EditedPackage, sheet: Any, cells: Mapping[str, Sequence[str]]) -> None:
    """Marks cells of a sheet; `cells` are their names by severity. Ours come before the sheet's own conditional formats."""
    used = [severity for severity in SEVERITIES if cells.get(severity)]
    rules = [rule for rule in sheet.iter(tag("cfRule")) if rule.get("priority", "").isdecimal()]
    lowest = min((int(rule.get("priority")) for rule in rules), default=len(SEVERITIES) + 1)
    if lowest <= len(SEVERITIES):
        for rule in rules:
            rule.set("priority", str(int(rule.get("priority")) + len(SEVERITIES)))
    for severity in used:
        element = etree.Element(tag("conditionalFormatting"), sqref=" ".join(cells[severity]))
        rule = etree.SubElement(element, tag("cfRule"), type="expression")
        rule.set("dxfId", str(_look(package, *SEVERITIES[severity])))
        rule.set("priority", str(1 + list(SEVERITIES).index(severity)))
        etree.SubElement(rule, tag("formula")).text = _FORMULA
        put(sheet, element)


def _look(package: EditedPackage, background: str, ink: str) -> int:
    """The number of a differential format with these colours; made once."""
    look = etree.Element(tag("dxf"))
    etree.SubElement(etree.SubElement(look, tag("font")), tag("color"), rgb=ink)
    pattern = etree.SubElement(etree.SubElement(look, tag("fill")), tag("patternFill"), patternType="solid")
    etree.SubElement(pattern, tag("fgColor"), rgb=background)
    etree.SubElement(pattern, tag("bgColor"), rgb=background)
    return append_once(styles_of(package), "dxfs", look)


def styles_of(package: EditedPackage) -> Any:
    """The root of the workbook's style sheet."""
    part = next(part for kind, part in package.relations(package.main).values() if kind == "styles")
    return package.tree(part).getroot()


_STYLE_ORDER = [
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
]


def append_once(styles: Any, collection: str, element: Any) -> int:
    """Returns the position of an element in a collection of styles, to whose end it is added if it is not there."""
    found = styles.find(tag(collection))
    if found is None:
        found = etree.Element(tag(collection))
        rank = _STYLE_ORDER.index(collection)
        after = [child for child in styles if _STYLE_ORDER.index(etree.QName(child).localname) < rank]
        styles.insert(len(after), found)
    wanted = _canonical(element)
    children = list(found)
    for number, child in enumerate(children):
        if _canonical(child) == wanted:
            return number
    found.append(element)
    found.set("count", str(len(children) + 1))
    return len(children)


def _canonical(element: Any) -> bytes:
    """The element's content whatever prefixes and declarations stand around it."""
    return bytes(etree.tostring(_bare(element), method="c14n"))


def _bare(element: Any) -> Any:
    copy = etree.Element(etree.QName(element).localname, dict(sorted(element.attrib.items())))
    copy.extend(_bare(child) for child in element if isinstance(child.tag, str))
    return copy
