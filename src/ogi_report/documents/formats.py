"""The formats that a report is published in, each under one name: on the command line, as a file's ending, to people."""

from __future__ import annotations

from dataclasses import dataclass

from ogi_report.errors import UsageError


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what `--formats` calls it, how its files end, what people call it, and what it is for."""

    name: str
    suffix: str
    chinese: str
    use: str


HTML = Format("html", ".html", "公开页", "发布在网站上的页面")
DOCUMENTS = (
    Format("docx", ".docx", "Word", "公文格式的 Word 文档"),
    Format("pdf", ".pdf", "PDF", "公开页的 PDF"),
    Format("cms", ".cms.html", "粘贴用网页", "粘贴到网站后台编辑器的正文"),
)
"""What is made of the finished public page, on request."""
FORMATS = (HTML, *DOCUMENTS)
BY_NAME = {known.name: known for known in FORMATS}


def parse_formats(text: str) -> tuple[str, ...]:
    """Reads `html,docx`; returns the names beyond the page itself, which is always made, in the order of `DOCUMENTS`.

    >>> parse_formats("pdf, docx"), parse_formats("html")
    (('docx', 'pdf'), ())

    Raises:
        UsageError: a name that no format has.
    """
    asked = [name.strip().lower() for name in text.replace("，", ",").split(",") if name.strip()]
    unknown = [name for name in asked if name not in BY_NAME]
    if unknown or not asked:
        known = "、".join(f"{known.name}（{known.chinese}）" for known in FORMATS)
        raise UsageError(f"--formats 写的是“{text}”；可以写 {known}，几种之间用逗号隔开。")
    return tuple(known.name for known in DOCUMENTS if known.name in asked)


def convert(name: str, page: str) -> bytes:
    """Returns a finished public page in another format.

    Raises:
        OgiError: it cannot be made, with the reason. KeyError: there is no such format.
    """
    if BY_NAME[name] == HTML:
        return page.encode("utf-8")
    if name == "pdf":
        from ogi_report.documents.pdf import write_pdf

        return write_pdf(page)
    from ogi_report.documents.page import read_page
    from ogi_report.writers import write_docx, write_pasted_html

    read = read_page(page)
    return write_docx(read.pieces, read.title) if name == "docx" else write_pasted_html(read.pieces).encode("utf-8")
