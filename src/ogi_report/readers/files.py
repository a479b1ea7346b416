"""A published file of any type to a published report; what a file is, its content says before its suffix does."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from ogi_report.errors import DataError, printable_name
from ogi_report.readers.document import Document
from ogi_report.readers.html import decode, read_html
from ogi_report.readers.published import Published
from ogi_report.readers.recognise import recognise
from ogi_report.readers.regular_files import read_bytes
from ogi_report.readers.text import read_text_document

MAX_BYTES = 30_000_000
"""A page with its pictures inside is smaller than this; so is a scanned report."""

PUBLISHED_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".txt", ".md", ".docx", ".xlsx", ".xls", ".pdf"})

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|table|div|p|meta|td)\b", re.IGNORECASE)
_SAVE_AS_DOCX = "请用 Word 或 WPS 打开，“另存为”选择 .docx 后再读"


def read_published(path: Path, *, year: int | None = None, shown: str | None = None) -> Published:
    """Reads a published report: web page, Word, Excel, PDF or text.

    Args:
        year: the report year, if it is known from elsewhere.
        shown: how messages name the file (its name).

    Raises:
        DataError: missing, too large, of a type that cannot be read, or broken; the message says what to do.
    """
    name = shown if shown is not None else printable_name(path.name)
    return recognise(read_document(path, name), year)


def read_document(path: Path, shown: str) -> Document:
    """Reads a file's paragraphs and tables by the reader for its type."""
    content = read_bytes(path, shown, MAX_BYTES, missing="请检查路径")
    if not content.strip():
        raise DataError(f"{shown} 是空文件；请重新下载。")
    suffix = path.suffix.lower()
    if content.startswith(b"%PDF"):
        from ogi_report.readers.pdf import read_pdf

        return read_pdf(content, shown)
    if content.startswith(b"PK\x03\x04"):
        return _read_package(content, shown)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if suffix in (".xls", ".et"):
            from ogi_report.readers.xlsx import read_xlsx

            return read_xlsx(content, shown)
        raise DataError(f"{shown} 是旧版 Word（.doc）或 WPS 文字（.wps）文件，不能直接读取；{_SAVE_AS_DOCX}。")
    if content.startswith(b"{\\rtf"):
        raise DataError(f"{shown} 是 RTF 文件，不能直接读取；{_SAVE_AS_DOCX}。")
    if suffix in (".docx", ".xlsx", ".pdf", ".ofd"):
        kind = {".docx": "Word", ".xlsx": "Excel", ".pdf": "PDF", ".ofd": "OFD"}[suffix]
        if not _MARKUP.search(content[:2000].decode("latin-1")):
            raise DataError(f"{shown} 的扩展名是 {suffix}，内容却不是 {kind} 文件；请检查文件是否损坏，或重新下载。")
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")):
        raise DataError(f"{shown} 是图片，没有文字可读；请取得文字版（网页或 Word），或先做文字识别。")
    text = decode(content, shown)
    if suffix in (".html", ".htm", ".shtml") or _MARKUP.search(text[:5000]):
        return read_html(content, shown)
    return read_text_document(text, shown)


def _read_package(content: bytes, shown: str) -> Document:
    """A zip package: which office document it is, its parts say."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise DataError(f"{shown} 已损坏，无法打开；请重新下载。") from None
    if "word/document.xml" in parts:
        from ogi_report.readers.docx import read_docx

        return read_docx(content, shown)
    if "xl/workbook.xml" in parts or "xl/workbook.bin" in parts:
        from ogi_report.readers.xlsx import read_xlsx

        return read_xlsx(content, shown)
    if "OFD.xml" in parts:
        raise DataError(f"{shown} 是 OFD 版式文件，不能直接读取；请用 OFD 阅读器导出为 .docx 或 .pdf 后再读。")
    raise DataError(f"{shown} 是压缩包，或不认识的文件类型；请解压后读其中的网页、Word 或 PDF 文件。")
