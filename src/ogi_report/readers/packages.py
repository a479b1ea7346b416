"""Word and Excel files are zip packages of XML written by anybody: opened here, and nowhere else, within limits.

A report's text and tables take less than a megabyte of XML however large its pictures are; pictures are never unpacked.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ogi_report.errors import DataError

MAX_ENTRIES = 5_000
MAX_TREE = 16_000_000
"""Bytes of a part that is held as a tree; some ten times as much memory."""
MAX_STREAM = 120_000_000
"""Bytes of a part that is read element by element: a sheet whose million rows were formatted takes half of it."""
MAX_TOTAL = 1_000_000_000
MAX_RATIO = 400
"""How far a part may have been compressed if it is larger than a megabyte; XML of Word and Excel reaches 100."""

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
"""Namespaces of “Strict Open XML” (严格开放 XML) and what everybody else writes instead."""
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9_.-]+)[\"']")
_ALLOWED = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a package should be: its name to the user, its main part, and which format to save it in again."""

    name: str
    main: str
    save_as: str


WORD = Kind("Word 文档", "word/document.xml", "Word 文档 (*.docx)")
EXCEL = Kind("Excel 工作簿", "xl/workbook.xml", "Excel 工作簿 (*.xlsx)")


class Package:
    """An opened package; parts are unpacked when asked for, never beyond their limit."""

    def __init__(self, archive: zipfile.ZipFile, kind: Kind, shown: str):
        self._archive = archive
        self._entries = {entry.filename.lstrip("/").lower(): entry for entry in archive.infolist()}
        self.kind = kind
        self.shown = shown

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._entries

    def read(self, part: str, limit: int = MAX_TREE) -> bytes | None:
        """Returns a part's bytes, or None if the package has no such part.

        Raises:
            DataError: the part is damaged, encrypted or far too large.
        """
        entry = self._entries.get(part.lower())
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise DataError(f"{self.shown} 设有密码，无法读取；请取消密码后另存为“{self.kind.save_as}”。")
        if entry.file_size > limit or _bomb(entry):
            raise _too_large(self.shown)
        try:
            return self._archive.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError):
            raise _damaged(self.shown, self.kind) from None

    def xml(self, part: str) -> Any | None:
        """Returns a part's root element, or None if the package has no such part.

        Raises:
            DataError: no XML, or XML that defines entities.
        """
        content = self.read(part)
        if content is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
        )
        try:
            return etree.fromstring(self._plain(content), parser)
        except (etree.XMLSyntaxError, ValueError):
            raise _damaged(self.shown, self.kind) from None

    def elements(self, part: str, tags: tuple[str, ...]) -> Iterator[Any]:
        """Yields the elements with one of the tags as they end; what was yielded is forgotten with its surroundings.

        Raises:
            DataError: as `xml`.
        """
        content = self.read(part, MAX_STREAM)
        if content is None:
            return
        stream = io.BytesIO(self._plain(content))
        del content
        try:
            for _, element in etree.iterparse(
                stream, tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
            ):
                yield element
                element.clear()
                parent = element.getparent()
                if parent is not None:
                    while element.getprevious() is not None:
                        del parent[0]
        except (etree.XMLSyntaxError, ValueError):
            raise _damaged(self.shown, self.kind) from None

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Returns a part's relations: id → (last word of the relation's type, name of the part that it leads to)."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return {}
        found = {}
        for relation in root.iter("{*}Relationship"):
            target = relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], path)
        return found

    def _plain(self, content: bytes) -> bytes:
        """Refuses a document type (where entities are defined) and encodings that could hide one."""
        stated = _ENCODING.match(content[:300].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe"))
        if stated and stated[1].lower() not in _ALLOWED:
            raise _damaged(self.shown, self.kind)
        if b"<!DOCTYPE" in (content.replace(b"\x00", b"") if b"\x00" in content[:100] else content):
            raise DataError(
                f"{self.shown} 里含有实体声明，正常的{self.kind.name}没有这种内容，为安全起见未读取；"
                f"请用 Word 或 WPS 打开后另存为“{self.kind.save_as}”。"
            )
        if b"http://purl.oclc.org/" in content:
            for strict, common in _STRICT.items():
                content = content.replace(strict, common)
        return content


def open_package(content: bytes, kind: Kind, shown: str) -> Package:
    """Opens a Word or Excel file given as bytes; `shown` names it to the user.

    Raises:
        DataError: something else with this extension, an old or protected file, a damaged one, or a zip bomb.
    """
    if not content:
        raise DataError(f"{shown} 是空文件（0 字节）；请重新保存或重新下载。")
    if content.startswith(OLE):
        raise DataError(
            f"{shown} 设有打开密码，或者是旧版格式（.doc、.xls、.wps、.et）改了扩展名，无法读取；"
            f"请用 Word、Excel 或 WPS 打开，取消密码后另存为“{kind.save_as}”。"
        )
    if not content.startswith(b"PK"):
        raise DataError(f"{shown} 不是{kind.name}：{_really(content)}，只是用了这个扩展名；{_advice(content, kind)}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, IndexError):
        raise _damaged(shown, kind) from None
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise _too_large(shown)
    package = Package(archive, kind, shown)
    other = next((k for k in (WORD, EXCEL) if k is not kind and k.main in package), None)
    if kind.main not in package and (other or main_part(package) not in package):
        what = f"实际上是{other.name}" if other else f"里面没有{kind.name}的内容"
        raise DataError(f"{shown} 不是{kind.name}：{what}；请用 Word、Excel 或 WPS 打开后另存为“{kind.save_as}”。")
    if main_part(package).endswith(".bin"):
        raise DataError(f"{shown} 是二进制工作簿（.xlsb），不能直接读取；请用 Excel 或 WPS 另存为“{kind.save_as}”。")
    return package


def main_part(package: Package) -> str:
    """Returns the name of the part in which the document itself stands."""
    related = package.related("").values()
    return next((path for kind, path in related if kind == "officeDocument" and path in package), package.kind.main)


def core_title(package: Package) -> str | None:
    """Returns the title that the document's properties state, mostly none."""
    root = package.xml("docProps/core.xml")
    title = root.findtext("{http://purl.org/dc/elements/1.1/}title") if root is not None else None
    return (title or "").strip() or None


def _bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _really(content: bytes) -> str:
    """What the first bytes say of a file that is no zip package."""
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return "实际上是 PDF 文件"
    if head.startswith(b"{\\rtf"):
        return "实际上是 RTF 文件"
    if b"<html" in head or b"<!doctype html" in head or b"<table" in head:
        return "实际上是网页（HTML）文件"
    return "内容无法识别，文件可能已损坏"


def _advice(content: bytes, kind: Kind) -> str:
    real = _really(content)
    if "HTML" in real:
        return f"请把扩展名改为 .html，或用 Word、WPS 打开后另存为“{kind.save_as}”。"
    if "PDF" in real:
        return "请把扩展名改为 .pdf。"
    return f"请用 Word、Excel 或 WPS 打开后另存为“{kind.save_as}”，或重新下载。"


def _damaged(shown: str, kind: Kind) -> DataError:
    return DataError(
        f"{shown} 已损坏或不完整，无法读取；请重新下载，或用 Word、Excel、WPS 打开修复后另存为“{kind.save_as}”。"
    )


def _too_large(shown: str) -> DataError:
    return DataError(f"{shown} 解压后异常庞大，不像一份年度报告，未读取；请删除多余的空白行、列和嵌入内容后另存一份。")
