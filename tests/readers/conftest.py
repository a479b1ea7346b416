"""Published pages made from figures, and small real files of each format: packages from their parts, PDF pages from marks."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ogi_report.figures import Figures
from ogi_report.forms import Form, Grid
from ogi_report.writers import write_html_table

PUBLISHED = Path(__file__).parents[1] / "published"

TEXTS = {
    1: "2031年，本局主动公开信息。下设：",
    5: "存在的主要问题是解读偏少；下一步将加强解读。",
    6: "本年度没有收取信息处理费。",
}


@pytest.fixture(scope="session")
def page() -> Callable[..., str]:
    """`page(figures)`: a plain web page with title, six chapters, three tables, and a site around it."""

    def build(figures: Figures, table: Callable[[Figures, str], str] | None = None) -> str:
        def own(figures: Figures, key: str) -> str:
            return write_html_table(figures.grid(key), figures.form.table(key).title, inline=True)

        year = figures.form.years.first
        parts = ['<div class="nav"><a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a></div>']
        parts.append(f"<h1>示例市示例局{year}年政府信息公开工作年度报告</h1>")
        parts.append(f"<p>发布时间：{year + 1}-01-20　来源：示例局　【字体：大 中 小】</p>")
        parts.append(f"<p>现将{year}年政府信息公开工作情况报告如下。</p>")
        for section in figures.form.sections:
            parts.append(f"<p><strong>{section.title}</strong></p>")
            parts.append(
                (table or own)(figures, section.table)
                if section.table
                else f"<p>{TEXTS.get(section.number, '正文。')}</p>"
            )
        parts.append('<div class="tool"><a>打印</a> <a>关闭</a></div><div>版权所有：示例市人民政府</div>')
        body = "\n".join(parts)
        return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>年报</title></head><body>{body}</body></html>'

    return build


@pytest.fixture(scope="session")
def published_figures(forms: dict[str, Form]) -> dict[str, Figures]:
    """Real figures of both layouts, by the name of their file."""
    found = {}
    for file in sorted(PUBLISHED.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        found[file.stem] = Figures.of(forms[told["layout"]], told["figures"])
    return found


@pytest.fixture(scope="session")
def same() -> Callable[[Figures, Figures], list[tuple[str, str, str]]]:
    """Cells that differ between what was published and what was read: (key, published, read); white space aside."""

    def compare(published: Figures, read: Figures) -> list[tuple[str, str, str]]:
        wrong = []
        keys = {key: key for key in published}
        local = [(t.key, r) for t in published.form.tables for r in t.records.values() if r.local]
        for table, record in local:
            twin = next(
                (r for r in read.form.table(table).records.values() if r.local and r.label == record.label), None
            )
            for name, cell in record.fields.items():
                keys[cell.key] = twin.fields[name].key if twin and name in twin.fields else "—"
        for key, other in keys.items():
            before = published.printed(key)
            after = read.printed(other) if other in read else "lost"
            if before != after:
                wrong.append((key, before, after))
        return wrong

    return compare


# -- files of each format ---------------------------------------------------------------------------------------------

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
