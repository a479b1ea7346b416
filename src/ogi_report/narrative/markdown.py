"""Markdown from other people to safe HTML and to plain text.

Raw HTML is shown as text, images and scripts have no way in, and what is left is sanitised once more.
"""

from __future__ import annotations

import html
import re
from typing import Any

import mistune
import nh3

from ogi_report.narrative.bindings import SCHEME, marked, without_marks

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5"} | {
    "blockquote",
    "a",
    "sup",
    "sub",
    "hr",
    "del",
}
_ATTRIBUTES = {"th": {"scope"}, "a": {"href"}, "ol": {"start"}}
_cleaner = nh3.Cleaner(
    tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer"
)
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’]")
_NOT_A_PARAGRAPH = re.compile(r"\s*([#|>]|[-*+] |\d+[.)] |```)")


class _Renderer(mistune.HTMLRenderer):
    def link(self, text: str, url: str, title: str | None = None) -> str:
        """`[134 件](ogi:none)` says what a number means and is printed as the number."""
        return marked(text, url) if url.startswith(SCHEME) else super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return html.escape(text)

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Chapters are h2; whatever stands inside one is deeper."""
        return f"<h{min(max(level, 3), 5)}>{text}</h{min(max(level, 3), 5)}>\n"


def _table_cell(renderer: Any, text: str, align: str | None = None, head: bool = False) -> str:
    return f'<th scope="col">{text}</th>' if head else f"<td>{text}</td>"


_markdown = mistune.create_markdown(renderer=_Renderer(escape=True), plugins=["table", "strikethrough"])
assert isinstance(_markdown.renderer, mistune.HTMLRenderer)
_markdown.renderer.register("table_cell", _table_cell)


def to_html(markdown: str) -> str:
    """Returns sanitised HTML: headings from h3 down, no raw HTML, no images, links only to web addresses.

    Numbers that their author bound are still marked (`bindings.plain`).
    """
    rendered = _markdown(join_lines(without_marks(markdown)))
    assert isinstance(rendered, str)
    return _cleaner.clean(rendered).strip()


def to_text(rendered: str) -> str:
    """Returns the plain text of rendered Markdown, one paragraph, item or row a line.

    >>> to_text("<p>甲&amp;乙</p><ul><li>丙</li></ul>")
    '甲&乙\\n丙'
    """
    broken = re.sub(r"</(?:p|li|h\d|tr|blockquote)>|<br>", "\n", rendered)
    spaced = re.sub(r"</t[dh]>", "\t", broken)
    text = html.unescape(re.sub(r"<[^>]*>", "", spaced))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def join_lines(markdown: str) -> str:
    """A line break inside a Chinese paragraph is no space."""
    paragraphs: list[list[str]] = []
    for line in markdown.splitlines():
        before = paragraphs[-1] if paragraphs else [""]
        joins = _CJK.match(before[-1][-1:]) and _CJK.match(line)
        if joins and not _NOT_A_PARAGRAPH.match(before[0]):
            before.append(line)
        else:
            paragraphs.append([line])
    return "\n".join("".join(lines) for lines in paragraphs)
