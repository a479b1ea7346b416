"""What stands on a PDF's pages: characters, lines and pictures at their places, as PDFium tells them.

PDFium comes with pdfplumber, whose own parser is written in Python and takes fifteen times as long. Places are given in
points from the top left corner of the page as it is shown, whichever way it is turned.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ogi_report.readers.pdf_lines import Char, Length, plain

SCALE = 1_000
"""Whole numbers are all that PDFium gives for places on a screen: a thousand of them to the point."""
MAX_OBJECTS = 100_000
"""Words, lines and pictures of a whole file; a report that a browser printed has ten thousand."""
FAR = 100_000
"""Points beyond which nothing is on any page; damaged files give places without end."""
_DEPTH = 8
"""How deep drawings may stand inside drawings."""
UNKNOWN = "\ufffd"

Matrix = tuple[Length, Length, Length, Length, Length, Length]


class TooMuch(Exception):
    """A file draws or prints more than any report."""


@dataclass
class PdfPage:
    """A page: its size, characters, straight lines as pdfplumber has them, and how much of it is pictures."""

    number: int
    width: Length
    height: Length
    chars: list[Char] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)
    pictures: Length = 0
    unknown: int = 0
    """Characters that have no code, so that nobody can tell what they are."""


def pages_of(document: Any, most_chars: int) -> Iterator[PdfPage]:
    """Yields the pages of a document that pypdfium2 has opened.

    Raises:
        TooMuch: more characters than `most_chars`, or far too many drawings.
    """
    budget = [MAX_OBJECTS]
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        found = PdfPage(number + 1, width, height)
        shown = _matrix_of(page, width, height)
        most_chars -= _chars(page, found, shown, most_chars)
        _drawings(page, found, shown, budget)
        page.close()
        yield found


def _matrix_of(page: Any, width: Length, height: Length) -> Matrix:
    """From the page's own places, which may be turned and shifted, to those of the page as it is shown."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_int(), ctypes.c_int()

    def place(px: int, py: int) -> tuple[Length, Length]:
        size = round(width * SCALE), round(height * SCALE)
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, px, py, x, y)
        return x.value / SCALE, y.value / SCALE

    (e, f), (ax, ay), (cx, cy) = place(0, 0), place(100, 0), place(0, 100)
    return (ax - e) / 100, (ay - f) / 100, (cx - e) / 100, (cy - f) / 100, e, f


def _moved(matrix: Matrix, x: Length, y: Length) -> tuple[Length, Length]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _chars(page: Any, found: PdfPage, shown: Matrix, most: int) -> int:
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    count = pdfium.FPDFText_CountChars(text.raw)
    if count > most:
        raise TooMuch
    for number in range(count):
        code = pdfium.FPDFText_GetUnicode(text.raw, number)
        if pdfium.FPDFText_IsGenerated(text.raw, number) == 1 or code in (0, 2, 10, 13, 0xFFFE):
            # Spaces and line ends as PDFium sees them: also where Word only sets Chinese and digits a little apart,
            # and nobody typed one. `pdf_lines` measures the gaps itself; a space beside a Chinese character is lost.
            continue
        if pdfium.FPDFText_HasUnicodeMapError(text.raw, number) == 1 or 0xD800 <= code < 0xE000:
            found.unknown += 1
            sign = UNKNOWN
        else:
            sign = plain(chr(code))
        char = _char(text, number, sign, shown)
        if char and 0 <= char.x0 + char.x1 <= 2 * found.width and 0 <= char.middle <= found.height:
            found.chars.append(char)
    text.close()
    return int(count)


def _char(text: Any, number: int, sign: str, shown: Matrix) -> Char | None:
    """A character as wide as its box and as high as its font, from below the base line, whatever shape it has.

    Boxes alone will not do: in fonts that do not state their height, that of 一 is as low as the stroke.
    """
    import pypdfium2.raw as pdfium

    box, own, x, y = pdfium.FS_RECTF(), pdfium.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    if not pdfium.FPDFText_GetLooseCharBox(text.raw, number, box):
        return None
    (x0, y0), (x1, y1) = _moved(shown, box.left, box.top), _moved(shown, box.right, box.bottom)
    left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if pdfium.FPDFText_GetCharOrigin(text.raw, number, x, y) and pdfium.FPDFText_GetMatrix(text.raw, number, own):
        size = pdfium.FPDFText_GetFontSize(text.raw, number)
        base = _moved(shown, x.value, y.value)
        up = _moved(shown, x.value + own.c * size, y.value + own.d * size)
        rise, lean = base[1] - up[1], up[0] - base[0]
        if abs(rise) > abs(lean):
            top, bottom = sorted((base[1] - rise * 7 / 8, base[1] + rise / 8))
        elif lean:
            left, right = sorted((base[0] + lean * 7 / 8, base[0] - lean / 8))
    return Char(sign, left, right, top, bottom)


def _drawings(page: Any, found: PdfPage, shown: Matrix, budget: list[int]) -> None:
    import pypdfium2.raw as pdfium

    objects = (pdfium.FPDFPage_GetObject(page.raw, n) for n in range(pdfium.FPDFPage_CountObjects(page.raw)))
    _objects(objects, found, shown, budget, _DEPTH)


def _objects(objects: Iterator[Any], found: PdfPage, shown: Matrix, budget: list[int], depth: int) -> None:
    import pypdfium2.raw as pdfium

    for drawn in objects:
        budget[0] -= 1
        if budget[0] < 0:
            raise TooMuch
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            _path(drawn, found, shown, budget)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            a, b, c, d, _, _ = _own_matrix(drawn, shown)
            found.pictures += abs(a * d - b * c)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            inner = (pdfium.FPDFFormObj_GetObject(drawn, n) for n in range(pdfium.FPDFFormObj_CountObjects(drawn)))
            _objects(inner, found, _own_matrix(drawn, shown), budget, depth - 1)


def _own_matrix(drawn: Any, shown: Matrix) -> Matrix:
    """From an object's own places to those on the page as it is shown."""
    import pypdfium2.raw as pdfium

    own = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(drawn, own):
        return shown
    e, f = _moved(shown, own.e, own.f)
    ax, ay = _moved(shown, own.a, own.b)
    cx, cy = _moved(shown, own.c, own.d)
    _, _, _, _, x, y = shown
    return ax - x, ay - y, cx - x, cy - y, e, f


def _path(drawn: Any, found: PdfPage, shown: Matrix, budget: list[int]) -> None:
    """The upright and level lines of a path that is drawn or filled; a border may be either."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(drawn, fill, stroke)
    if not fill.value and not stroke.value:
        return
    matrix = _own_matrix(drawn, shown)
    count = pdfium.FPDFPath_CountSegments(drawn)
    budget[0] -= count // 4
    if budget[0] < 0:
        raise TooMuch
    x, y = ctypes.c_float(), ctypes.c_float()
    start = at = None
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        here = _moved(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO and at is not None:
            _edge(found, at, here)
        at = here
        if pdfium.FPDFPathSegment_GetClose(segment) and start is not None:
            _edge(found, at, start)
            at = start


def _edge(found: PdfPage, begin: tuple[Length, Length], end: tuple[Length, Length]) -> None:
    (x0, x1), (top, bottom) = sorted((begin[0], end[0])), sorted((begin[1], end[1]))
    width, height = x1 - x0, bottom - top
    if not (abs(x0 + x1) < FAR and abs(top + bottom) < FAR and 1 <= max(width, height) < FAR):
        return  # a dot, or off every page
    if min(width, height) * 2 > 1:
        return  # slanting
    edge = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "doctop": top, "width": width, "height": height}
    if width > height:
        found.edges.append(edge | {"orientation": "h", "bottom": top, "height": 0, "object_type": "line"})
    else:
        found.edges.append(edge | {"orientation": "v", "x1": x0, "width": 0, "object_type": "line"})
