"""PDF files with a text layer to paragraphs and tables; a scan is recognised as one and said to be one.

A PDF knows characters and lines at places on a page, nothing else. Tables are those with ruled cells (`pdf_tables`); what
is left is put together to lines and paragraphs (`pdf_lines`). Whatever cannot be told for certain stays text.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ogi_report.errors import DataError
from ogi_report.readers.document import Document, FoundTable, Paragraph, Piece
from ogi_report.readers.pdf_lines import Char, Line, lines_of, paragraphs, without_running_heads
from ogi_report.readers.pdf_tables import Ruled, ruled_tables

MAX_PAGES = 200
MAX_BYTES = 60_000_000
MAX_DRAWING = 8_000_000
"""Bytes of drawing instructions in the whole file, some ten times what a report with its tables has."""
MAX_CHARS = 120_000
MAX_RULES_ON_PAGE = 5_000
"""Lines and rectangles; maps and drawings have more, and no table of ours."""
MAX_STREAM, MAX_IMAGE = 30_000_000, 120_000_000
"""Bytes into which one part of the file may unfold; whole Chinese fonts have twenty million."""
FEWEST_CHARS = 20
"""On average a page, below which a file of pictures is a scan; a stamp or a page number is not yet a text layer."""

# A damaged PDF makes its parser stumble anywhere: these are what a broken file can cause, and nothing of our own making.
_STUMBLES = (
    ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, RecursionError,
    NotImplementedError, EOFError, OSError, struct.error, zlib.error,
)  # fmt: skip
_STREAM = re.compile(rb"stream\r?\n")


def read_pdf(content: bytes, shown: str) -> Document:
    """Returns what a .pdf file with a text layer holds; `shown` names it to the user.

    Raises:
        DataError: no PDF, protected, damaged, a scan, far too long, or the extra `pdf` is not installed.
    """
    try:
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect
        from pdfminer.psexceptions import PSException
        from pdfplumber.utils.exceptions import PdfminerException
    except ImportError:
        raise DataError(f"读取 {shown} 需要 pdfplumber；请先运行 pip install 'ogi-report[pdf]'。") from None
    _check(content, shown)
    try:
        with _quietly(), pdfplumber.open(io.BytesIO(content)) as pdf:
            return _read(pdf, shown)
    except (PdfminerException, PSException, *_STUMBLES) as error:
        if isinstance(error, PDFPasswordIncorrect) or any(isinstance(a, PDFPasswordIncorrect) for a in error.args):
            raise DataError(f"{shown} 设有打开密码，无法读取；请取消密码后另存一份，或改用网页、Word 版本。") from None
        raise DataError(f"{shown} 已损坏或不完整，无法读取；请重新下载，或改用网页、Word 版本。") from None


def _check(content: bytes, shown: str) -> None:
    """Refuses what is no PDF, and what would unfold to more than any report, before anything is parsed."""
    if b"%PDF-" not in content[:1024]:
        raise DataError(f"{shown} 不是 PDF 文件，只是用了这个扩展名；请改成它本来的扩展名，或重新下载。")
    if len(content) > MAX_BYTES:
        raise DataError(f"{shown} 超过 {MAX_BYTES // 1_000_000} MB，不像一份年度报告；请改用网页、Word 版本。")
    budget = MAX_BYTES * 10
    for match in _STREAM.finditer(content):
        start = match.end()
        if content[start : start + 1] not in (b"x", b"h", b"H", b"X", b"\x08", b"\x18", b"8"):
            continue  # no Flate data
        described = content.rfind(b"obj", max(0, start - 2000), start)
        picture = b"/Image" in content[max(0, described) : start]
        size = _unfolded(content, start, MAX_IMAGE if picture else MAX_STREAM)
        budget -= size
        if size > (MAX_IMAGE if picture else MAX_STREAM) or budget < 0:
            raise DataError(f"{shown} 解压后异常庞大，不像一份年度报告，未读取；请改用网页、Word 版本。")


def _unfolded(content: bytes, start: int, limit: int) -> int:
    """Into how many bytes a stream unfolds, or a little more than `limit`; nothing of it is kept."""
    unpacker, size, at = zlib.decompressobj(), 0, start
    try:
        while size <= limit and not unpacker.eof and (at < len(content) or unpacker.unconsumed_tail):
            data = unpacker.unconsumed_tail
            if not data:
                data, at = content[at : at + 65_536], at + 65_536
            size += len(unpacker.decompress(data, 1_000_000))
    except zlib.error:
        return size
    return size


@contextmanager
def _quietly() -> Iterator[None]:
    """The parser logs what it thinks of fonts, which is no use to anybody who reads a report."""
    log = logging.getLogger("pdfminer")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _read(pdf: Any, shown: str) -> Document:
    from pdfminer.pdftypes import resolve1

    if len(pdf.pages) > MAX_PAGES:
        raise DataError(f"{shown} 有 {len(pdf.pages)} 页，不像一份年度报告；请只保留年度报告的那几页。")
    pages: list[tuple[list[Line], list[Ruled]]] = []
    drawing = printed = letters = unknown = pictures = rules = 0
    for page in pdf.pages:
        drawing += sum(len(stream.get_data()) for stream in map(resolve1, page.page_obj.contents) if stream)
        if drawing > MAX_DRAWING:
            raise DataError(f"{shown} 第 {page.page_number} 页的图形过于复杂，不像年度报告；请改用网页、Word 版本。")
        objects = page.objects
        drawn = len(objects.get("line", ())) + len(objects.get("rect", ())) + len(objects.get("curve", ()))
        printed += len(objects.get("char", ()))
        if printed > MAX_CHARS:
            raise DataError(f"{shown} 的文字超过 {MAX_CHARS} 字，不像一份年度报告；请只保留年度报告的那几页。")
        chars = [Char.of(char) for char in objects.get("char", ()) if _on(page, char)]
        letters += sum(1 for char in chars if not char.text.isspace())
        unknown += sum(1 for char in chars if char.text.startswith("(cid:"))
        pictures += _covered(page, objects.get("image", ()))
        rules += drawn
        tables = ruled_tables(page, chars) if 0 < drawn <= MAX_RULES_ON_PAGE else []
        taken = {id(char) for table in tables for char in table.chars}
        pages.append((lines_of([char for char in chars if id(char) not in taken]), tables))
        page.close()
    _readable(shown, len(pages), letters, unknown, pictures, rules)
    title = (pdf.metadata or {}).get("Title")
    return Document(shown, tuple(_pieces(pages)), (title.strip() or None) if isinstance(title, str) else None)


def _on(page: Any, char: dict[str, Any]) -> bool:
    """Whether a character is on the page, and not cut off by its edge."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    left, top, right, bottom = page.bbox
    return bool(left <= x <= right and top <= y <= bottom)


def _covered(page: Any, images: Iterable[dict[str, Any]]) -> bool:
    """Whether pictures fill most of a page; scanners make one of them, or many strips."""
    return bool(sum(image["width"] * image["height"] for image in images) * 10 > page.width * page.height * 6)


def _readable(shown: str, pages: int, letters: int, unknown: int, pictures: int, rules: int) -> None:
    """Refuses files whose text cannot be trusted to be what is printed."""
    if not letters or (pictures and letters < FEWEST_CHARS * pages):
        raise DataError(
            f"{shown} 是扫描件（图片），没有文字层，读不出数字；请改用网页、Word 或 Excel 版本，"
            "或用文字识别软件转成 Word 并核对后再读取。"
        )
    if pictures == pages and not rules:
        raise DataError(
            f"{shown} 是带识别文字的扫描件：文字是由软件从图片中识别的，数字可能有误，未读取；"
            "请改用网页、Word 或 Excel 版本。"
        )
    if unknown * 20 > letters:
        raise DataError(
            f"{shown} 的字体没有文字编码，提取出来的是乱码；请改用网页、Word 版本，或从原文件重新导出 PDF。"
        )


def _pieces(pages: list[tuple[list[Line], list[Ruled]]]) -> Iterator[Piece]:
    """Lines and tables of all pages in reading order; a paragraph may go on over the page, unless a table is between."""
    texts = without_running_heads([lines for lines, _ in pages])
    waiting: list[tuple[Line, int]] = []
    everything = [line for lines in texts for line in lines]
    for number, (lines, (_, tables)) in enumerate(zip(texts, pages, strict=True), start=1):
        on_page: list[tuple[Any, Line | Ruled]] = [(line.top, line) for line in lines]
        on_page += [(table.top, table) for table in tables]
        for _, piece in sorted(on_page, key=lambda placed: placed[0]):
            if isinstance(piece, Line):
                waiting.append((piece, number))
                continue
            yield from _flow(waiting, everything)
            waiting = []
            yield FoundTable(piece.cells, f"第 {number} 页的表格")
    yield from _flow(waiting, everything)


def _flow(lines: list[tuple[Line, int]], everything: list[Line]) -> Iterator[Paragraph]:
    for text, page in paragraphs(lines, everything):
        yield Paragraph(text, f"第 {page} 页")
