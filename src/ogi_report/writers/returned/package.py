"""A workbook's zip package opened for editing: only the parts that are changed are written anew, all others byte for byte."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ogi_report.errors import DataError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_CONTENT_TYPES = "[Content_Types].xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = "macroenabled"
_DATE = (1980, 1, 1, 0, 0, 0)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_DRAWING = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
"""Excel writes drawings of comments as HTML, with tags that nobody closes."""


def tag(name: str) -> str:
    """Returns a name of the spreadsheet's vocabulary with its namespace."""
    return f"{{{MAIN}}}{name}"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet: its name to people, its part and the element that lists it in the workbook."""

    name: str
    part: str
    listed: Any


@dataclass
class EditedPackage:
    """An opened workbook. `parts` are as they were; `trees` are those that were looked into, and are written anew."""

    parts: dict[str, bytes]
    trees: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, content: bytes, shown: str) -> EditedPackage:
        """Opens a workbook that a reader has already accepted.

        Raises:
            DataError: saved as Strict Open XML, which has another vocabulary.
        """
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            package = cls({entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()})
        if etree.QName(package.tree(package.main).getroot()).namespace != MAIN:
            raise DataError(f"{shown} 是“严格开放 XML”格式，不能加批注；请另存为“Excel 工作簿 (*.xlsx)”后再试。")
        return package

    def tree(self, part: str) -> Any:
        """Returns a part's XML tree, to be changed in place."""
        if part not in self.trees:
            self.trees[part] = self.look(part)
        return self.trees[part]

    def look(self, part: str) -> Any:
        """Returns a part's XML tree for reading only: the part stays as it is, byte for byte."""
        parser = _DRAWING if part.endswith(".vml") else _PARSER
        return self.trees.get(part) or etree.ElementTree(etree.fromstring(self.parts[part], parser))

    def add(self, part: str, root: Any, content_type: str | None = None) -> None:
        """Adds or replaces a part."""
        self.parts.setdefault(part, b"")
        self.trees[part] = etree.ElementTree(root)
        if content_type is not None:
            self._set_type(part, content_type)

    def remove(self, part: str) -> None:
        self.parts.pop(part, None)
        self.trees.pop(part, None)
        types = self.tree(_CONTENT_TYPES).getroot()
        for override in types.findall(f"{{{_TYPES}}}Override"):
            if override.get("PartName") == f"/{part}":
                types.remove(override)

    def free_name(self, pattern: str) -> str:
        """Returns a part's name that is not taken yet; `pattern` has a `{}` for a number."""
        taken = {name.lower() for name in self.parts}
        return next(name for n in range(1, 10_000) if (name := pattern.format(n)).lower() not in taken)

    @property
    def main(self) -> str:
        return next(target for kind, target in self.relations("").values() if kind == "officeDocument")

    def sheets(self) -> list[SheetPart]:
        related = self.relations(self.main)
        found = []
        for listed in self.tree(self.main).getroot().find(tag("sheets")):
            kind, part = related.get(listed.get(f"{{{OFFICE}}}id", ""), ("", ""))
            if kind == "worksheet" and part in self.parts:
                found.append(SheetPart(listed.get("name", ""), part, listed))
        return found

    # -- relations between parts ------------------------------------------------------------------------------------

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Returns id → (last word of the relation's type, name of the part that it leads to)."""
        name = _relations_of(part)
        if name not in self.parts:
            return {}
        found = {}
        for relation in self.tree(name).getroot():
            target = relation.get("Target", "")
            folder = posixpath.dirname(part)
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], path)
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relation; returns its id."""
        name = _relations_of(part)
        if name not in self.parts:
            self.add(name, etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS}))
        root = self.tree(name).getroot()
        taken = {relation.get("Id") for relation in root}
        own = next(f"rId{n}" for n in range(1, 10_000) if f"rId{n}" not in taken)
        relation = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=own, Type=f"{OFFICE}/{kind}")
        relation.set("Target", posixpath.relpath(target, posixpath.dirname(part) or "."))
        return own

    def unrelate(self, part: str, own: str) -> None:
        root = self.tree(_relations_of(part)).getroot()
        for relation in list(root):
            if relation.get("Id") == own:
                root.remove(relation)

    # -- types ------------------------------------------------------------------------------------------------------

    def _set_type(self, part: str, content_type: str) -> None:
        types = self.tree(_CONTENT_TYPES).getroot()
        for override in types.findall(f"{{{_TYPES}}}Override"):
            if override.get("PartName") == f"/{part}":
                override.set("ContentType", content_type)
                return
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=content_type)

    def know_suffix(self, suffix: str, content_type: str) -> None:
        """Says what parts with a suffix are."""
        types = self.tree(_CONTENT_TYPES).getroot()
        known = {default.get("Extension", "").lower() for default in types.findall(f"{{{_TYPES}}}Default")}
        if suffix not in known:
            default = etree.Element(f"{{{_TYPES}}}Default", Extension=suffix, ContentType=content_type)
            types.insert(0, default)

    def without_macros(self) -> None:
        """Takes macros out: a workbook that is handed on carries no programs."""
        for own, (kind, part) in self.relations(self.main).items():
            if kind == "vbaProject":
                self.unrelate(self.main, own)
                for inner, (_, data) in self.relations(part).items():
                    self.unrelate(part, inner)
                    self.remove(data)
                self.remove(_relations_of(part))
                self.remove(part)
        types = self.tree(_CONTENT_TYPES).getroot()
        for element in list(types):
            content_type = element.get("ContentType", "").lower()
            if _WITH_MACROS in content_type:
                element.set("ContentType", _WORKBOOK_TYPE)
            elif content_type.endswith("vbaproject"):
                types.remove(element)

    def save(self) -> bytes:
        """Returns the package; the same edits of the same file give the same bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._contents():
                archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _contents(self) -> Iterator[tuple[str, bytes]]:
        for name in sorted(self.parts, key=lambda name: name != _CONTENT_TYPES):
            tree = self.trees.get(name)
            if tree is None:
                yield name, self.parts[name]
            else:
                yield name, etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


_ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
"""The order in which a sheet's elements must stand."""


def put(sheet: Any, element: Any) -> None:
    """Puts an element into a sheet where the format wants it: behind the others of its name."""
    rank = _ORDER.index(etree.QName(element).localname)
    for number, other in enumerate(sheet):
        name = etree.QName(other).localname if isinstance(other.tag, str) else ""
        if name in _ORDER and _ORDER.index(name) > rank:
            sheet.insert(number, element)
            return
    sheet.append(element)
