"""A page of ours that no notebook made: the same style, the same policy that forbids every request."""

from __future__ import annotations

from html import escape
from importlib.resources import files

PAGES = {"public": "公开页", "review": "内部审核页"}
"""The two pages of a report."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def internal_page(title: str, body: str) -> str:
    """Returns a self-contained page for internal use.

    Args:
        title: plain text.
        body: HTML that was made by us, everything in it escaped.
    """
    style = (files("ogi_report.notebook") / "templates" / "ogi_report" / "style.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        '<body class="ogi-review">\n<a class="ogi-skip" href="#main">跳到正文</a>\n'
        '<p class="ogi-internal" role="note">内部页，不得发布。</p>\n'
        f'<main id="main">\n<h1>{escape(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n'
    )
