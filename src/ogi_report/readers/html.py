"""Published web pages: any markup to paragraphs and tables, in the page's order.

Pages come in UTF-8 and GBK, some declaring the one and holding the other; tables are pasted from Word and WPS, nested
in tables that only lay out the page, or written as one string into a script. Everything is bounded, since a page is
other people's input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from ogi_report.errors import DataError
from ogi_report.readers.document import MAX_CELLS, Document, FoundCell, FoundTable, Paragraph, Piece
from ogi_report.readers.text import read_text_document

MAX_TAGS = 150_000
"""Tags that a page may have; the largest pages pasted from a word processor have some 30,000."""

_MAX_SPAN = 100
_MANY_TABLES = 200
_LONGEST_CELL = 500
"""A cell with more text than this holds a part of the page, not a figure or a label."""

_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr", "p:colorscheme", "o:p", "st1:chsdate", "st1:chmetcnv", "v:shape", "w:sdt", "ucapcontent", "ucaptitle",
)  # fmt: skip
_UNSEEN = (
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "select", "textarea", "button",
    "input", "audio", "video", "canvas", "map", "xml",
)  # fmt: skip
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "legend", "li", "main", "menu", "nav", "ol", "p", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_STYLED = etree.XPath("//*[@hidden or contains(@style, ':')][not(self::html or self::body)]")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_ESCAPED = re.compile(r"<(?:table|td)\b[^>]{0,300}?\\|\\u003c(?:table|td)", re.IGNORECASE)


def read_html(content: bytes, shown: str) -> Document:
    """Reads a page's paragraphs and tables.

    Raises:
        DataError: not text, far too many tags, or nested too deeply.
    """
    text = decode(content, shown)
    root = _parse(text, shown)
    if root is None:
        return Document(shown, ())
    if _ESCAPED.search(text) and next(root.iter("table"), None) is None:
        root = _parse(_unescaped(text), shown)
        if root is None:
            return Document(shown, ())
    named = root.findtext(".//title")
    title = " ".join(named.split()) if named else None
    _drop_unseen(root)
    return Document(shown, tuple(_pieces(root, shown)), title)


def decode(content: bytes, shown: str) -> str:
    """Returns a page's or text file's characters, whatever encoding it declares.

    Text that is valid UTF-8 is UTF-8; else the declared encoding counts, then GB18030, which contains GBK.

    Raises:
        DataError: not text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace").replace("\x00", "")
    if b"\x00" in content[:4096]:
        raise DataError(f"{shown} 不是文本或网页（含有二进制内容）；请另存为 .html 或 .docx 后再读。")
    declared = [match.decode("ascii").lower() for match in _CHARSET.findall(content[:4096])]
    for encoding in ("utf-8", *declared, "gb18030"):
        try:
            return content.decode("gb18030" if encoding in ("gb2312", "gbk") else encoding).replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    # A few broken bytes: the encoding under which fewest characters are lost.
    tries = [content.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
    return min(tries, key=lambda text: text.count("\ufffd")).replace("\x00", "")


def _parse(text: str, shown: str) -> etree._Element | None:
    if text.count("<") > MAX_TAGS:
        raise DataError(f"{shown} 的标签超过 {MAX_TAGS} 个，不像是一份年度报告的网页；请检查是否放错了文件。")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" or "depth" in entry.message for entry in parser.error_log):
        raise DataError(f"{shown} 的标签嵌套过深，无法当作网页读取；请用浏览器打开后另存，或复制到 Word 存为 .docx。")
    return root


def _unescaped(text: str) -> str:
    """A page that stands as a string literal in a script, with its quotes escaped once or twice."""
    for _ in range(3):
        text = re.sub(r"\\{1,8}u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
        text = re.sub(r"\\{1,8}([\"'/])", r"\1", text)
        text = re.sub(r"\\{1,8}[nrt]", "\n", text)
        if not _ESCAPED.search(text):
            break
    text = re.sub(r"</?script[^>]*>", "", text, flags=re.IGNORECASE)
    return text.encode("utf-8", errors="surrogatepass").decode("utf-8", errors="replace")


_DRAWN = etree.XPath("//figure[.//svg]")
"""A drawing with its caption and its numbers, which say once more what the official tables say."""


def _drop_unseen(root: etree._Element) -> None:
    for element in _DRAWN(root):
        _remove(element)
    hidden = [e for e in _STYLED(root) if e.get("hidden") is not None or _HIDDEN.search(e.get("style", ""))]
    if hidden and _all_hidden(list(islice(root.iter("table"), _MANY_TABLES)), set(hidden)):
        # Everything is hidden until a script shows it: then nothing is.
        hidden = [element for element in hidden if next(element.iter("table"), None) is None]
    for element in hidden:
        _remove(element)
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    etree.strip_tags(root, *_INLINE)


def _all_hidden(tables: list[etree._Element], hidden: set[etree._Element]) -> bool:
    return len(tables) < _MANY_TABLES and all(not hidden.isdisjoint(table.iterancestors()) for table in tables)


def _remove(element: etree._Element) -> None:
    """Takes an element out and leaves the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


# -- pieces -----------------------------------------------------------------------------------------------------------


def _pieces(root: etree._Element, shown: str) -> Iterator[Piece]:
    """Paragraphs and data tables; a table that lays out the page dissolves into what it holds."""
    buffer: list[str] = []
    paragraphs = tables = 0

    def close() -> Iterator[Piece]:
        nonlocal paragraphs
        text = _tidy("".join(buffer))
        buffer.clear()
        if text:
            paragraphs += 1
            yield Paragraph(text, f"第 {paragraphs} 段")

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag == "table" and (rows := _data(element)) is not None:
                yield from close()
                tables += 1
                yield _table(rows, f"第 {tables} 个表格", shown)
                walk.skip_subtree()
                continue
            if tag == "pre":
                yield from close()
                yield from read_text_document("".join(element.itertext()), shown).pieces
                walk.skip_subtree()
                continue
            if tag == "br":
                buffer.append("\n")
            elif tag in _BLOCKS:
                yield from close()
            if element.text:
                buffer.append(_collapsed(element.text))
        else:
            if tag in _BLOCKS:
                yield from close()
            if element.tail:
                buffer.append(_collapsed(element.tail))
    yield from close()


Rows = list[list[tuple[etree._Element, str]]]


def _data(table: etree._Element) -> Rows | None:
    """A table's cells with their texts by row, if it holds cells of its own; None if it lays out the page.

    A table within a table lays out the page, unless it wraps a single cell; so does one with a cell full of text.
    """
    for inner in list(table.iterdescendants("table")):
        if len(list(inner.iter("td", "th"))) > 1:
            return None
        for element in inner.iter("table", "tbody", "tr", "td", "th"):
            element.tag = "div"
    rows: Rows = []
    for cells in _rows(table):
        texts = [_text(cell) for cell in cells]
        if any(len(text) > _LONGEST_CELL for text in texts):
            return None
        rows.append(list(zip(cells, texts, strict=True)))
    return rows if max(map(len, rows), default=0) > 1 else None


def _rows(table: etree._Element) -> list[list[etree._Element]]:
    """Cells by row; cells outside any row, as broken pages have them, make a row of their own."""
    rows: list[list[etree._Element]] = []
    own: dict[etree._Element, list[etree._Element]] = {}
    row: etree._Element | None = None
    for element in table.iter("tr", "td", "th"):
        if element.tag == "tr":
            row = element
            own[row] = []
            rows.append(own[row])
            continue
        parent = element.getparent()
        if parent is row or (parent not in own and rows and (row is None or rows[-1])):
            rows[-1].append(element)
        elif parent in own:
            own[parent].append(element)
        else:
            row = None
            rows.append([element])
    return rows


def _table(rows: Rows, place: str, shown: str) -> FoundTable:
    """Resolves spans to a logical grid: a cell goes to the first columns that no cell from above covers."""
    if sum(map(len, rows)) > MAX_CELLS:
        raise DataError(f"{shown} {place}超过 {MAX_CELLS} 格，不像是年度报告的表；请检查是否放错了文件。")
    found: list[FoundCell] = []
    covered: list[int] = []
    for number, row in enumerate(rows):
        col = 0
        for cell, text in row:
            while col < len(covered) and covered[col] > number:
                col += 1
            colspan = _span(cell, "colspan")
            rowspan = min(_span(cell, "rowspan"), len(rows) - number)
            covered.extend([0] * (col + colspan - len(covered)))
            if len(covered) > MAX_CELLS:
                raise DataError(f"{shown} {place}宽得离谱，不像是年度报告的表；请检查是否放错了文件。")
            for across in range(col, col + colspan):
                covered[across] = max(covered[across], number + rowspan)
            found.append(FoundCell(number, col, text, rowspan, colspan))
            col += colspan
    return FoundTable(tuple(found), place)


def _span(cell: etree._Element, name: str) -> int:
    written = cell.get(name)
    if written is None:
        return 1
    stated = re.match(r"\s*(\d{1,9})", written)
    return min(max(int(stated[1]), 1), _MAX_SPAN) if stated else 1


def _text(cell: etree._Element) -> str:
    if not len(cell):
        return _tidy(_collapsed(cell.text)) if cell.text else ""
    parts: list[str] = [_collapsed(cell.text)] if cell.text else []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element is cell:
            continue
        if event == "start":
            if element.tag == "br" or element.tag in _BLOCKS:
                parts.append("\n")
            if element.text:
                parts.append(_collapsed(element.text))
        else:
            if element.tag in _BLOCKS:
                parts.append("\n")
            if element.tail:
                parts.append(_collapsed(element.tail))
    return _tidy("".join(parts))


_BREAK = re.compile(r"([^ \r\n]?) ?[\r\n][ \r\n]*(.?)", re.DOTALL)


def _collapsed(text: str) -> str:
    """White space of the markup: one space, or none between Chinese characters, where it only wraps lines."""
    if " " in text or "\t" in text or "\f" in text:
        text = re.sub(r"[ \t\f]+", " ", text)
    return _BREAK.sub(_joined, text) if "\n" in text or "\r" in text else text


def _joined(broken: re.Match[str]) -> str:
    before, after = broken[1], broken[2]
    space = " " if before and after and before <= "\u2e7f" and after <= "\u2e7f" else ""
    return before + space + after


def _tidy(text: str) -> str:
    """A paragraph or cell: hard spaces as spaces, no blank lines, nothing at the ends."""
    text = text.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "")
    if "\n" not in text:
        return text.strip()
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
