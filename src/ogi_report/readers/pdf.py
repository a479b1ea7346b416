"""PDF files with a text layer to paragraphs and tables; a scan is recognised as one and said to be one.

A PDF knows characters and lines at places on a page (`pdf_pages`), nothing else. Tables are those with ruled cells (`pdf_tables`); what
is left is put together to lines and paragraphs (`pdf_lines`). Whatever cannot be told for certain stays text.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from ogi_report.errors import DataError
from ogi_report.readers.document import Document, FoundTable, Paragraph, Piece
from ogi_report.readers.pdf_lines import Line, lines_of, paragraphs, without_running_heads
from ogi_report.readers.pdf_pages import TooMuch, pages_of
from ogi_report.readers.pdf_tables import Ruled, ruled_tables

MAX_PAGES = 200
MAX_CHARS = 120_000
MAX_STREAM, MAX_IMAGE, MAX_UNFOLDED = 30_000_000, 120_000_000, 600_000_000
"""Bytes into which one part of the file may unfold, one picture, and all parts; whole Chinese fonts have twenty million."""
FEWEST_CHARS = 20
"""On average a page, below which a file of pictures is a scan; a stamp or a page number is not yet a text layer."""

_STREAM = re.compile(rb"stream\r?\n")


def read_pdf(content: bytes, shown: str) -> Document:
    """Returns what a .pdf file with a text layer holds; `shown` names it to the user.

    Raises:
        DataError: no PDF, protected, damaged, a scan, far too long, or the extra `pdf` is not installed.
    """
    try:
        import pdfplumber  # noqa: F401  # its table geometry is used by `pdf_tables`
        import pypdfium2
        from pypdfium2.raw import FPDF_ERR_PASSWORD
    except ImportError:
        raise DataError(f"读取 {shown} 需要 pdfplumber；请先运行 pip install 'ogi-report[pdf]'。") from None
    _check(content, shown)
    try:
        pdf = pypdfium2.PdfDocument(content)
        try:
            return _read(pdf, shown)
        finally:
            pdf.close()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == FPDF_ERR_PASSWORD:
            raise DataError(f"{shown} 设有打开密码，无法读取；请取消密码后另存一份，或改用网页、Word 版本。") from None
        raise DataError(f"{shown} 已损坏或不完整，无法读取；请重新下载，或改用网页、Word 版本。") from None


def _check(content: bytes, shown: str) -> None:
    """Refuses what is no PDF, and what would unfold to more than any report, before anything is parsed."""
    if b"%PDF-" not in content[:1024]:
        raise DataError(f"{shown} 不是 PDF 文件，只是用了这个扩展名；请改成它本来的扩展名，或重新下载。")
    budget = MAX_UNFOLDED
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


def _read(pdf: Any, shown: str) -> Document:
    if len(pdf) > MAX_PAGES:
        raise DataError(f"{shown} 有 {len(pdf)} 页，不像一份年度报告；请只保留年度报告的那几页。")
    pages: list[tuple[list[Line], list[Ruled]]] = []
    letters = unknown = pictures = rules = 0
    try:
        for page in pages_of(pdf, MAX_CHARS):
            letters += sum(1 for char in page.chars if not char.text.isspace())
            unknown += page.unknown
            pictures += page.pictures * 10 > page.width * page.height * 6
            rules += len(page.edges)
            tables = ruled_tables(page.edges, page.chars) if page.edges else []
            taken = {id(char) for table in tables for char in table.chars}
            pages.append((lines_of([char for char in page.chars if id(char) not in taken]), tables))
    except TooMuch:
        raise DataError(
            f"{shown} 的文字或图形过多，不像一份年度报告；请只保留年度报告的那几页，或改用网页、Word 版本。"
        ) from None
    _readable(shown, len(pages), letters, unknown, pictures, rules)
    return Document(shown, tuple(_pieces(pages)), _title(pdf))


def _title(pdf: Any) -> str | None:
    try:
        return pdf.get_metadata_value("Title").strip() or None
    except UnicodeDecodeError:
        return None  # half a character somewhere; the report's own title stands on its first page


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
