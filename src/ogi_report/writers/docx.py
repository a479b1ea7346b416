"""Headings, paragraphs, lists, pictures and grids to a Word document in the style of official documents (GB/T 9704-2012).

Page, fonts, styles, numbering and footers are XML parts under `word/`, as Word itself would keep them; this module fills in
the text, `docx_tables` the tables. The same pieces give the same bytes, whatever the day and the machine.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Emu

from ogi_report.forms import Grid
from ogi_report.writers.docx_tables import PAGE_WIDTH, table_element
from ogi_report.writers.docx_xml import add_text, child, clean, element
from ogi_report.writers.pages import Heading, Item, Manner, Page, Picture, Span, Text

MADE_ON = dt.datetime(2000, 1, 1)
"""The date that all our files state, so that the same report gives the same file."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_STYLES = {Manner.BODY: "BodyText", Manner.PLAIN: "Index", Manner.CAPTION: "Caption", Manner.QUOTE: "Quote"}
_BULLETS, _NUMBERS, _DEEPEST = 0, 1, 2
"""Kinds of lists and the deepest level in `word/numbering.xml`."""
_SCREEN_DPI = 96
_TITLE_LINE = 20
"""Characters of a title that fit on one line."""


def write_docx(pages: Iterable[Page], title: str = "") -> bytes:
    """Returns a .docx file; `title` becomes the document's title property."""
    document = docx.Document(io.BytesIO(_template()))
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.language = (
        clean(title),
        "",
        "",
        "zh-CN",
    )
    properties.created = properties.modified = MADE_ON
    body = _Body(document)
    for page in pages:
        body.add(page)
    return _same_bytes(document)


@cache
def _template() -> bytes:
    """The parts under `word/` as an empty document."""
    root = files("ogi_report.writers") / "word"
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as target:
        for name, part in _parts(root):
            target.writestr(name, part)
    return package.getvalue()


def _parts(folder: Traversable, above: str = "") -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _parts(entry, f"{above}{entry.name}/")
        elif entry.name.endswith((".xml", ".rels")):
            yield f"{above}{entry.name}", entry.read_bytes()


class _Body:
    """The document's text, filled from front to back."""

    def __init__(self, document: Any):
        self._part = document.part
        self._end = document.element.body.sectPr
        self._numbering = document.part.numbering_part.element
        self._lists: dict[tuple[int, int], int] = {}
        self._pictures = 0

    def add(self, page: Page) -> None:
        match page:
            case Heading(text, 0):
                one_line = text.replace("\n", "")
                self._paragraph("Title", (Span(one_line if len(one_line) <= _TITLE_LINE else text),))
            case Heading(text, level):
                self._paragraph(f"Heading{level}", (Span(text),))
            case Text(_, manner):
                self._paragraph(_STYLES[manner], page.looks)
            case Item():
                self._item(page)
            case Picture():
                self._picture(page)
            case Grid():
                self._end.addprevious(table_element(page))
                self._paragraph("TableEnd", ())  # two tables that touch would be one in Word

    def _paragraph(self, style: str, spans: Iterable[Span]) -> Any:
        paragraph = element("w:p")
        self._end.addprevious(paragraph)
        child(child(paragraph, "w:pPr"), "w:pStyle", val=style)
        for span in spans:
            self._span(paragraph, span)
        return paragraph

    def _span(self, paragraph: Any, span: Span) -> None:
        parent = paragraph
        if span.link is not None:
            parent = child(paragraph, "w:hyperlink")
            parent.set(qn("r:id"), self._part.relate_to(span.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run = child(parent, "w:r")
        if span.bold or span.italic or span.struck or span.shift:
            properties = child(run, "w:rPr")
            for wanted, tag in ((span.bold, "w:b"), (span.italic, "w:i"), (span.struck, "w:strike")):
                if wanted:
                    child(properties, tag)
            if span.shift:
                child(properties, "w:vertAlign", val="superscript" if span.shift > 0 else "subscript")
        add_text(run, span.text)

    def _item(self, item: Item) -> None:
        paragraph = self._paragraph("ListParagraph", item.content.looks)
        properties = child(paragraph[0], "w:numPr")
        child(properties, "w:ilvl", val=str(min(item.depth, _DEEPEST)))
        child(properties, "w:numId", val=str(self._list(item)))

    def _list(self, item: Item) -> int:
        """The number of an item's list; each list of the document counts for itself."""
        key = (item.group, item.depth)
        if key not in self._lists:
            number = self._lists[key] = len(self._lists) + 1
            kind = child(self._numbering, "w:num", numId=str(number))
            child(kind, "w:abstractNumId", val=str(_BULLETS if item.start is None else _NUMBERS))
            if item.start is not None:
                override = child(kind, "w:lvlOverride", ilvl=str(min(item.depth, _DEEPEST)))
                child(override, "w:startOverride", val=str(item.start))
        return self._lists[key]

    def _picture(self, picture: Picture) -> None:
        """A picture at the size that it has on a screen, no wider than the text."""
        self._pictures += 1
        _, image = self._part.get_or_add_image(io.BytesIO(picture.png))
        wide = min(int(image.px_width) * 914_400 // _SCREEN_DPI, PAGE_WIDTH * 635)
        inline = self._part.new_pic_inline(io.BytesIO(picture.png), width=Emu(wide))
        inline.docPr.set("descr", picture.alt)
        inline.docPr.id, inline.docPr.name = self._pictures, f"图 {self._pictures}"
        run = child(self._paragraph("Picture", ()), "w:r")
        child(run, "w:drawing").append(inline)


def _same_bytes(document: Any) -> bytes:
    """Saves a document with its parts in one order and with one date."""
    written, stable = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(zipfile.ZipInfo(name, _ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return stable.getvalue()
