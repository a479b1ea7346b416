"""Headings, paragraphs, lists, pictures and grids to HTML that survives being pasted into a content management system.

Such systems drop style sheets, classes, ids, scripts and drawings, and many drop `h1`, which the page around has. What is
left is plain elements with `style` attributes: no document around them, nothing that is fetched from anywhere.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby, pairwise

from ogi_report.forms import Grid
from ogi_report.writers.html import Inline, write_html_table
from ogi_report.writers.pages import Heading, Item, Manner, Page, Picture, Span, Text

_CELL = "border:1px solid #5c5c5c;padding:4px 6px;text-align:center;vertical-align:middle;font-weight:normal"
PASTED = Inline(
    "border-collapse:collapse;width:100%;margin:8px 0 20px;font-size:14px;line-height:1.5;border:1px solid #5c5c5c",
    _CELL,
    _CELL.replace("center", "left", 1),
    _CELL + ";background:#f4f2ee",
    named=False,
)
_HEADINGS = {
    0: ("p", "margin:0 0 20px;text-align:center;font-size:26px;font-weight:bold;line-height:1.5"),
    1: ("h2", "margin:28px 0 10px;font-size:20px;font-weight:bold;line-height:1.6"),
    2: ("h3", "margin:18px 0 6px;font-size:18px;font-weight:bold;line-height:1.7"),
}
_LOWER = ("h4", "margin:14px 0 6px;font-size:16px;font-weight:bold;line-height:1.7")
_PARAGRAPHS = {
    Manner.BODY: "margin:8px 0;line-height:1.9;text-indent:2em;text-align:justify",
    Manner.PLAIN: "margin:2px 0;line-height:1.7",
    Manner.CAPTION: "margin:16px 0 4px;text-align:center;font-weight:bold",
    Manner.QUOTE: "margin:8px 2em;line-height:1.9",
}
_LIST, _ITEM = "margin:8px 0;padding-left:2em", "margin:4px 0;line-height:1.9"


def write_pasted_html(pages: Iterable[Page]) -> str:
    """Returns the body of a page, without anything around it."""
    return "\n".join(_elements(pages)) + "\n"


def _elements(pages: Iterable[Page]) -> Iterator[str]:
    for is_list, run in groupby(pages, key=lambda page: isinstance(page, Item)):
        if is_list:
            yield _lists([page for page in run if isinstance(page, Item)])
        else:
            yield from (_element(page) for page in run)


def _element(page: Page) -> str:
    match page:
        case Heading(text, level):
            tag, style = _HEADINGS.get(level, _LOWER)
            return f'<{tag} style="{style}">{_lines(text)}</{tag}>'
        case Text(_, manner):
            return f'<p style="{_PARAGRAPHS[manner]}">{_spans(page)}</p>'
        case Picture(png, alt):
            source = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
            return f'<p style="margin:16px 0;text-align:center"><img alt="{escape(alt)}" src="{source}" style="max-width:100%"></p>'
        case Grid():
            return write_html_table(page, "", inline=PASTED)
        case Item():
            return _lists([page])


def _lists(items: Sequence[Item]) -> str:
    """Items one after the other as lists; those that are deeper stand inside the item before them."""
    written = []
    while items:
        first = items[0]
        end = next((n for n, item in enumerate(items) if item.group != first.group and item.depth <= first.depth), None)
        own = items[:end]
        starts = [number for number, item in enumerate(own) if item.group == first.group]
        entries = [
            f'<li style="{_ITEM}">{_spans(own[start].content)}{_lists(own[start + 1 : stop])}</li>'
            for start, stop in pairwise([*starts, len(own)])
        ]
        tag = "ul" if first.start is None else "ol"
        counted = f' start="{first.start}"' if first.start not in (None, 1) else ""
        written.append(f'<{tag}{counted} style="{_LIST}">{"".join(entries)}</{tag}>')
        items = items[len(own) :]
    return "".join(written)


def _spans(text: Text) -> str:
    return "".join(_span(span) for span in text.looks)


def _span(span: Span) -> str:
    shown = _lines(span.text)
    raised = {1: "sup", -1: "sub"}.get(span.shift)
    looks = ((span.bold, "strong"), (span.italic, "em"), (span.struck, "del"), (raised is not None, raised))
    for wanted, tag in looks:
        if wanted:
            shown = f"<{tag}>{shown}</{tag}>"
    return f'<a href="{escape(span.link)}">{shown}</a>' if span.link is not None else shown


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
