"""Comments on cells, in the form that every version shows: a list of texts, and a drawing with a box for each.

The clerk's own comments stay; ours are known by their first line and replaced. (Some programs keep no authors.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from ogi_report.forms.workbook import cell_name, cell_place
from ogi_report.writers.returned.package import MAIN, OFFICE, EditedPackage, put, tag
from ogi_report.writers.text import display_width

AUTHOR = "ogi-report 核对"
HEAD = f"——{AUTHOR}——"
"""The first line of each of ours."""
_VML, _SHAPES, _EXCEL = (
    "urn:schemas-microsoft-com:vml",
    "urn:schemas-microsoft-com:office:office",
    "urn:schemas-microsoft-com:office:excel",
)
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_WIDTH, _LINE = 300, 15
"""Points: the width of a comment's box, and the height of a line in it."""


def replace_comments(package: EditedPackage, part: str, texts: Mapping[tuple[int, int], str]) -> None:
    """Takes our comments off a sheet and puts these on, by row and column from 0.

    A clerk's comment on the same cell keeps its text; ours follows it there, since a cell can have one comment only.
    """
    related = dict(package.relations(part).values())
    comments, drawing = related.get("comments"), related.get("vmlDrawing")
    if comments is None and not texts:
        return
    if comments is None:
        comments = package.free_name("xl/ogiComments{}.xml")
        root = etree.Element(tag("comments"), nsmap={None: MAIN})
        etree.SubElement(root, tag("authors"))
        etree.SubElement(root, tag("commentList"))
        package.add(comments, root, _COMMENTS_TYPE)
        package.relate(part, "comments", comments)
    sheet = package.tree(part).getroot()
    if drawing is None:
        drawing = package.free_name("xl/drawings/ogiDrawing{}.vml")
        package.know_suffix("vml", _VML_TYPE)
        package.add(drawing, _new_drawing())
        own = package.relate(part, "vmlDrawing", drawing)
        element = etree.Element(tag("legacyDrawing"))
        element.set(f"{{{OFFICE}}}id", own)
        put(sheet, element)
    listed, shapes = package.tree(comments).getroot(), package.tree(drawing).getroot()
    for at in _remove_ours(listed):
        _remove_shape(shapes, at)
    for at, text in sorted(texts.items()):
        if _add(listed, at, text):
            shapes.append(_shape(at, text, len(shapes)))


def _author(listed: Any) -> int:
    authors = listed.find(tag("authors"))
    names = [author.text or "" for author in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, tag("author")).text = AUTHOR
        names.append(AUTHOR)
    return names.index(AUTHOR)


def _remove_ours(listed: Any) -> list[tuple[int, int]]:
    """Removes our comments and our words behind others'; returns the cells that have no comment any more."""
    found = []
    comments = listed.find(tag("commentList"))
    for comment in list(comments):
        pieces = list(comment.iter(tag("t")))
        whole = "".join(piece.text or "" for piece in pieces)
        if whole.startswith(HEAD):
            comments.remove(comment)
            at = cell_place(comment.get("ref", ""))
            if at is not None:
                found.append(at)
        elif f"\n{HEAD}" in whole:
            left = whole.index(f"\n{HEAD}")
            for piece in pieces:
                text = piece.text or ""
                piece.text, left = text[:left], max(0, left - len(text))
    return found


def _add(listed: Any, at: tuple[int, int], text: str) -> bool:
    """Adds a comment; returns whether it needs a box of its own."""
    comments = listed.find(tag("commentList"))
    ref = cell_name(*at)
    for comment in comments:
        if comment.get("ref") == ref:
            own = comment.find(tag("text"))
            plain = own.find(tag("t"))
            if plain is not None:
                # A text that has a look has it piece by piece.
                run = etree.SubElement(own, tag("r"))
                own.remove(plain)
                run.append(plain)
            _run(own, f"\n{HEAD}\n{text}")
            return False
    comment = etree.Element(tag("comment"), ref=ref, authorId=str(_author(listed)))
    _run(etree.SubElement(comment, tag("text")), f"{HEAD}\n{text}")
    following = [n for n, other in enumerate(comments) if (cell_place(other.get("ref", "")) or at) > at]
    comments.insert(following[0] if following else len(comments), comment)
    return True


def _run(text: Any, words: str) -> None:
    run = etree.SubElement(text, tag("r"))
    look = etree.SubElement(run, tag("rPr"))
    etree.SubElement(look, tag("sz"), val="9")
    etree.SubElement(look, tag("color"), rgb="FF000000")
    etree.SubElement(look, tag("rFont"), val="宋体")
    element = etree.SubElement(run, tag("t"))
    element.text = words
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


# -- the boxes ------------------------------------------------------------------------------------------------------------


def _new_drawing() -> Any:
    root = etree.Element("xml", nsmap={"v": _VML, "o": _SHAPES, "x": _EXCEL})
    layout = etree.SubElement(root, f"{{{_SHAPES}}}shapelayout")
    layout.set(f"{{{_VML}}}ext", "edit")
    etree.SubElement(layout, f"{{{_SHAPES}}}idmap", {f"{{{_VML}}}ext": "edit", "data": "1"})
    kind = etree.SubElement(
        root, f"{{{_VML}}}shapetype", id="_x0000_t202", coordsize="21600,21600", path="m,l,21600r21600,l21600,xe"
    )
    kind.set(f"{{{_SHAPES}}}spt", "202")
    etree.SubElement(kind, f"{{{_VML}}}stroke", joinstyle="miter")
    path = etree.SubElement(kind, f"{{{_VML}}}path", gradientshapeok="t")
    path.set(f"{{{_SHAPES}}}connecttype", "rect")
    return root


def _remove_shape(shapes: Any, at: tuple[int, int]) -> None:
    for shape in shapes.findall(f"{{{_VML}}}shape"):
        data = shape.find(f"{{{_EXCEL}}}ClientData")
        if data is not None and (data.findtext(f"{{{_EXCEL}}}Row"), data.findtext(f"{{{_EXCEL}}}Column")) == (
            str(at[0]),
            str(at[1]),
        ):
            shapes.remove(shape)


def _shape(at: tuple[int, int], text: str, number: int) -> Any:
    lines = sum(max(1, -(-display_width(line) * 5 // (_WIDTH - 20))) for line in text.split("\n"))
    height = min(400, 12 + _LINE * lines)
    shape = etree.Element(
        f"{{{_VML}}}shape",
        id=f"ogi_{at[0]}_{at[1]}",
        type="#_x0000_t202",
        style=f"position:absolute;margin-left:60pt;margin-top:2pt;width:{_WIDTH}pt;height:{height}pt;z-index:{number};visibility:hidden",
        fillcolor="#ffffe1",
    )
    shape.set(f"{{{_SHAPES}}}insetmode", "auto")
    etree.SubElement(shape, f"{{{_VML}}}fill", color2="#ffffe1")
    etree.SubElement(shape, f"{{{_VML}}}shadow", on="t", color="black", obscured="t")
    etree.SubElement(shape, f"{{{_VML}}}path").set(f"{{{_SHAPES}}}connecttype", "none")
    box = etree.SubElement(shape, f"{{{_VML}}}textbox", style="mso-direction-alt:auto")
    etree.SubElement(box, "div", style="text-align:left")
    data = etree.SubElement(shape, f"{{{_EXCEL}}}ClientData", ObjectType="Note")
    etree.SubElement(data, f"{{{_EXCEL}}}MoveWithCells")
    etree.SubElement(data, f"{{{_EXCEL}}}SizeWithCells")
    row, col = at
    anchor = (col + 1, 15, max(0, row - 1), 10, col + 1 + 5, 15, max(0, row - 1) + max(2, height // 20), 4)
    etree.SubElement(data, f"{{{_EXCEL}}}Anchor").text = ", ".join(map(str, anchor))
    etree.SubElement(data, f"{{{_EXCEL}}}AutoFill").text = "False"
    etree.SubElement(data, f"{{{_EXCEL}}}Row").text = str(row)
    etree.SubElement(data, f"{{{_EXCEL}}}Column").text = str(col)
    return shape
