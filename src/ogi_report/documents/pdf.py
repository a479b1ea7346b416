"""The public page as a PDF: tagged, its fonts embedded, its text selectable; the same page gives the same bytes.

WeasyPrint sets the page (docs/architecture.md says why it and not a browser). It is an extra, `ogi-report[print]`, and needs
Pango and a Chinese font on the machine; what is missing is said before anything is made.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

from ogi_report.errors import DataError, UsageError

SAMPLE = "政府信息公开工作年度报告：一、总体情况（件）"
_DRAWING = re.compile(r"<svg(?=[\s>])[^>]*>")
_FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', SimHei, sans-serif"
_INSTALL_FONT = "请安装一种中文字体（Debian、Ubuntu：apt install fonts-noto-cjk；Windows：设置 › 应用 › 可选功能 › 简体中文补充字体）"


def require_pdf() -> None:
    """Finds out whether PDFs can be made here.

    Raises:
        UsageError: WeasyPrint, Pango or a Chinese font is missing.
    """
    try:
        _weasyprint()
    except ImportError:
        raise UsageError("生成 PDF 需要 WeasyPrint：请安装 ogi-report[print]。") from None
    except OSError:
        raise UsageError(
            "生成 PDF 需要 Pango 程序库，本机没有找到（Debian、Ubuntu：apt install libpangoft2-1.0-0；"
            "macOS：brew install pango；Windows：按 WeasyPrint 的安装说明安装 MSYS2 和 Pango）。"
            "也可以用浏览器打开公开页，选“打印 › 另存为 PDF”。"
        ) from None
    try:
        write_pdf(f'<html lang="zh-CN"><title>字体</title><p>{SAMPLE}</p></html>')
    except DataError:
        raise UsageError(f"本机没有中文字体，PDF 里的字会印成方框；{_INSTALL_FONT}。") from None


def write_pdf(page: str) -> bytes:
    """Returns a public page as PDF. Nothing is fetched, from the network or from the disk.

    Raises:
        DataError: a character that no font of this machine has.
    """
    weasyprint = _weasyprint()
    # Behind the page's own style, so that it wins: a style sheet given apart would be a user's, which loses.
    styled = _DRAWING.sub(_adapted, page).replace("</head>", f"<style>{_style()}</style></head>", 1)
    html = weasyprint.HTML(string=styled, url_fetcher=_fetcher())
    with _missing_characters() as missing:
        content = html.write_pdf(pdf_variant="pdf/ua-1")
    if missing:
        shown = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in sorted(missing)[:5])
        raise DataError(
            f"PDF 没有生成：有 {len(missing)} 个字在本机的字体里没有，会印成方框：{shown}；{_INSTALL_FONT}。"
        )
    assert isinstance(content, bytes)
    return content


def _adapted(drawing: re.Match[str]) -> str:
    """A drawing's first tag as WeasyPrint needs it: with a font, since it inherits none, and without a height of `auto`.

    That would make the drawing a square; left out, the height follows from the width.
    """
    tag = re.sub(r"\bheight:\s*auto;?", "", drawing[0])
    return tag if "font-family" in tag else f'<svg font-family="{_FONTS}"{tag[4:]}'


@cache
def _weasyprint() -> Any:
    import weasyprint

    # What a style sheet asks for and paper has no use for (shadows, cursors) is no news to a clerk.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return weasyprint


@cache
def _style() -> str:
    return (files("ogi_report.documents") / "pdf.css").read_text(encoding="utf-8")


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols={"data"})


@contextmanager
def _missing_characters() -> Iterator[set[str]]:
    """Collects the characters that WeasyPrint says it found no glyph for."""
    found: set[str] = set()

    class _Listener(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            if str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
                found.add(str(record.args[0]))
                return False
            return record.levelno >= logging.ERROR

    logger, listener = logging.getLogger("weasyprint"), _Listener()
    before = logger.level
    logger.addFilter(listener)
    logger.setLevel(logging.WARNING)
    try:
        yield found
    finally:
        logger.setLevel(before)
        logger.removeFilter(listener)
