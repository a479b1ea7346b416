"""Small real files of each format: packages from their parts, PDF pages from words and lines at places."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ogi_report.forms import Grid

PAGE = (595, 842)


@dataclass
class Sheet:
    """A page of a PDF under construction; y is measured from the top."""

    marks: list[str] = field(default_factory=list)

    def write(self, x: float, y: float, text: str, size: float = 10) -> Sheet:
        codes = text.encode("utf-16-be").hex()
        self.marks.append(f"BT /F1 {size} Tf 1 0 0 1 {x} {PAGE[1] - y} Tm <{codes}> Tj ET")
        return self

    def line(self, x0: float, y0: float, x1: float, y1: float) -> Sheet:
        self.marks.append(f"{x0} {PAGE[1] - y0} m {x1} {PAGE[1] - y1} l S")
        return self

    def box(self, x: float, y: float, width: float, height: float) -> Sheet:
        self.marks.append(f"{x} {PAGE[1] - y - height} {width} {height} re S")
        return self

    def picture(self) -> Sheet:
        """A photograph of a page, as a scanner makes one."""
        self.marks.append(f"q {PAGE[0]} 0 0 {PAGE[1]} 0 0 cm /Im1 Do Q")
        return self


def _pdf(pages: Sequence[Sheet]) -> bytes:
    """A PDF 1.4 file, uncompressed, with a Chinese font that every viewer has and nobody embeds."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{8 + 2 * n} 0 R' for n in range(len(pages)))}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 4>>/DW 1000/W[1 95 500 814 939 500]/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 752"
        b"/Descent -271/CapHeight 737/StemV 58>>",
        b"<</Title(\xfe\xff" + "年度报告".encode("utf-16-be") + b")>>",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\n"
        b"stream\n\x80\nendstream",
    ]
    for number, page in enumerate(pages):
        content = "\n".join(page.marks).encode()
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {PAGE[0]} {PAGE[1]}]/Contents {9 + 2 * number} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>/XObject<</Im1 7 0 R>>>>>>".encode()
        )
        objects.append(f"<</Length {len(content)}>>\nstream\n".encode() + content + b"\nendstream")
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{place:010d} 00000 n \n".encode() for place in places)
    out.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 6 0 R>>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _draw(grid: Grid, sheet: Sheet, top: float = 100, rows: range | None = None, height: float = 18) -> float:
    """Draws a grid's rows with lines around every cell, cut where the rows end; returns the place below it."""
    rows = rows or range(grid.height)
    width = (PAGE[0] - 80) / grid.width
    for slot in grid.slots:
        first, end = max(slot.row, rows.start), min(slot.row + slot.rowspan, rows.stop)
        if first >= end:
            continue
        x, y = 40 + slot.col * width, top + (first - rows.start) * height
        sheet.box(x, y, slot.colspan * width, (end - first) * height)
        if first == slot.row:
            size = min(8, slot.colspan * width / max(len(slot.text), 1) * 0.9)
            sheet.write(x + 1, y + height * 0.7, slot.text, round(size, 2))
    return top + len(rows) * height


@pytest.fixture(scope="session")
def sheet() -> Callable[[], Sheet]:
    return Sheet


@pytest.fixture(scope="session")
def make_pdf() -> Callable[[Sequence[Sheet]], bytes]:
    return _pdf


@pytest.fixture(scope="session")
def draw() -> Callable[..., float]:
    return _draw


@pytest.fixture(scope="session")
def make_zip() -> Callable[[Mapping[str, str | bytes]], bytes]:
    def make(parts: Mapping[str, str | bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def slots() -> Callable[[Any], set[tuple[int, int, int, int, str]]]:
    """What a table says, whether it was found in a file or comes from a form."""

    def of(table: Any) -> set[tuple[int, int, int, int, str]]:
        cells = table.slots if isinstance(table, Grid) else table.cells
        return {(cell.row, cell.col, cell.rowspan, cell.colspan, cell.text) for cell in cells}

    return of


@pytest.fixture(scope="session")
def repacked() -> Callable[..., bytes]:
    """A package with one part replaced, and everything else as it was."""

    def change(content: bytes, name: str, part: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.namelist():
                target.writestr(entry, part if entry == name else source.read(entry))
        return out.getvalue()

    return change
