"""The finished public page as pieces: what other formats are made from, so that they say what the page says.

Only the page is read, never the report's sources: an analyst may have changed, added or left out things in the notebook.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import html

from ogi_report.documents.tables import grid_of, single_spaced, squeezed
from ogi_report.writers import Heading, Item, Manner, Page, Picture, Span, Text

_LEVELS = {"h1": 0, "h2": 1, "h3": 2, "h4": 3, "h5": 4, "h6": 4}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "strong": {"bold": True},
    "b": {"bold": True},
    "em": {"italic": True},
    "i": {"italic": True},
    "del": {"struck": True},
    "s": {"struck": True},
    "sup": {"shift": 1},
    "sub": {"shift": -1},
}
_INLINE = {*_LOOKS, "a", "span", "br", "code", "small", "abbr", "u", "kbd", "mark", "wbr", "q", "cite", "var", "samp"}
_NOT_TEXT = {"nav", "script", "style", "template", "hr", "button"}
_PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
_FIGURE = re.compile(r"^\s*图(?:\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?=[\s:：.、]))?[\s:：.、]+")
"""What makes a caption that of a picture, which is not there to be pointed to."""


@dataclass(frozen=True)
class PublicPage:
    """A public page: its title and its pieces in reading order, without the table of contents."""

    title: str
    pieces: tuple[Page, ...]


def read_page(text: str) -> PublicPage:
    """Takes a public page apart.

    Args:
        text: the page as our template writes it.
    """
    root = html.document_fromstring(text)
    title = root.findtext("head/title") or ""
    return PublicPage(title.strip(), tuple(_Walk().of(root.find(".//main"))))


class _Walk:
    """Goes through the page once; lists are numbered as they come."""

    def __init__(self) -> None:
        self._lists = 0

    def of(self, parent: Any) -> Iterator[Page]:
        """The pieces below an element; characters that stand between blocks are paragraphs of their own."""
        loose = _Line()
        loose.add(parent.text)
        for child in parent.iterchildren():
            tag = child.tag
            if not isinstance(tag, str) or tag in _NOT_TEXT:
                pass
            elif tag in _INLINE:
                loose.extend(_spans(child))
            else:
                yield from loose.paragraph()
                loose = _Line()
                yield from self._block(tag, child)
            loose.add(child.tail)
        yield from loose.paragraph()

    def _block(self, tag: str, block: Any) -> Iterator[Page]:
        if tag in _LEVELS:
            yield Heading(_heading(block), _LEVELS[tag])
        elif tag == "p":
            yield from _line(block).paragraph()
        elif tag == "figcaption":
            yield from _line(block).paragraph(Manner.CAPTION)
        elif tag == "table":
            yield from _table(block)
        elif tag in ("ul", "ol"):
            yield from self._list(block, 0)
        elif tag == "dl":
            yield from _index(block)
        elif tag == "figure":
            yield from self._figure(block)
        elif tag == "blockquote":
            quoted = (replace(p, manner=Manner.QUOTE) if isinstance(p, Text) else p for p in self.of(block))
            yield from quoted
        elif tag == "img":
            yield from _picture(block)
        elif tag == "pre":
            yield from (Text(line, Manner.PLAIN) for line in block.text_content().split("\n") if line.strip())
        elif tag == "svg":
            yield from _told(block)
        else:
            yield from self.of(block)

    def _list(self, block: Any, depth: int) -> Iterator[Page]:
        self._lists += 1
        group, start = self._lists, None
        if block.tag == "ol":
            given = block.get("start", "1")
            start = int(given) if given.isdecimal() else 1
        for entry in block.iterchildren("li"):
            line = _line(entry, stop=("ul", "ol", "p", "table"))
            inner = [child for child in entry.iterchildren() if child.tag in ("ul", "ol", "p", "table")]
            for number, child in enumerate(inner):
                if child.tag == "p" and number == 0 and not line.text:
                    line = _line(child)
                    inner = inner[1:]
            if line.text:
                yield Item(Text.of(line.spans), group, depth, start)
            for child in inner:
                if child.tag in ("ul", "ol"):
                    yield from self._list(child, depth + 1)
                else:
                    yield from self._block(child.tag, child)

    def _figure(self, figure: Any) -> Iterator[Page]:
        """A figure. A drawing goes neither into Word nor through an editor: its words do, or else the table of its numbers."""
        drawings, tables = list(figure.iter("svg")), list(figure.iter("table"))
        told = [text for drawing in drawings for text in _told(drawing)]
        if told or not drawings:
            yield from told or self.of(figure)
        else:
            for caption in figure.iter("figcaption"):
                named = squeezed(_FIGURE.sub("", caption.text_content()))
                yield from [Text(named, Manner.CAPTION)] if named else []
            for table in tables:
                yield from _table(table)


class _Line:
    """Characters of one paragraph as they come; white space between them is what a browser makes of it."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans).strip()

    def add(self, text: str | None) -> None:
        if text:
            self.extend([Span(text)])

    def extend(self, spans: Iterable[Span]) -> None:
        for span in spans:
            text = span.text if span == _BREAK else single_spaced(span.text)
            before = self.spans[-1].text if self.spans else "\n"
            if before[-1:] in (" ", "\n"):
                text = text.lstrip(" ")
            if text == "\n" and self.spans:
                self.spans[-1] = replace(self.spans[-1], text=self.spans[-1].text.rstrip(" "))
            if text:
                self.spans.append(replace(span, text=text))

    def paragraph(self, manner: Manner = Manner.BODY) -> Iterator[Text]:
        """The paragraph, if there is anything in it."""
        spans = list(self.spans)
        while spans and not spans[-1].text.strip():
            spans.pop()
        if spans:
            spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
            plain = all(span == Span(span.text) for span in spans)
            yield Text("".join(span.text for span in spans), manner) if plain else Text.of(spans, manner)


_BREAK = Span("\n")


def _line(block: Any, stop: tuple[str, ...] = ()) -> _Line:
    line = _Line()
    line.add(block.text)
    for child in block.iterchildren():
        if child.tag not in stop:
            line.extend(_spans(child))
        line.add(child.tail)
    return line


def _spans(element: Any, look: Span | None = None) -> Iterator[Span]:
    """An inline element's characters with their looks; its own white space is still as written."""
    if not isinstance(element.tag, str) or element.tag in _NOT_TEXT:
        return
    if element.tag == "br":
        yield _BREAK
        return
    here = replace(look or Span(""), **_LOOKS.get(element.tag, {}))
    href = element.get("href", "") if element.tag == "a" else ""
    if href.startswith(("http://", "https://", "mailto:")):
        here = replace(here, link=href)
    if element.text:
        yield replace(here, text=element.text)
    for child in element.iterchildren():
        yield from _spans(child, here)
        if child.tail:
            yield replace(here, text=child.tail)


def _heading(block: Any) -> str:
    """A heading's text; the parts that the page keeps whole are parted by a line break."""
    kept = block.find_class("ogi-keep")
    parts = [part.text_content() for part in kept] if kept else [block.text_content()]
    return "\n".join(squeezed(part) for part in parts)


def _table(table: Any) -> Iterator[Page]:
    grid = grid_of(table)
    if grid.title:
        yield Text(grid.title, Manner.CAPTION)
    if grid.slots:
        yield grid


def _index(block: Any) -> Iterator[Page]:
    """The index block: a line for each label."""
    for name in block.iter("dt"):
        value = name.getnext()
        if value is not None and value.tag == "dd":
            yield Text(f"{squeezed(name.text_content())}：{squeezed(value.text_content())}", Manner.PLAIN)


def _picture(image: Any) -> Iterator[Page]:
    match = _PNG.fullmatch(image.get("src", ""))
    if match:
        try:
            yield Picture(base64.b64decode(match[1]), image.get("alt", ""))
        except binascii.Error:
            return


def _told(svg: Any) -> Iterator[Page]:
    """A drawing's text alternative."""
    words = [part for name in ("title", "desc") if (part := svg.findtext(name))] or [svg.get("aria-label", "")]
    if any(words):
        yield Text("：".join(squeezed(_FIGURE.sub("", word)) for word in words if word))
