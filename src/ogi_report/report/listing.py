"""A plain table of what was found, as a piece of a notebook: for lists that are no official table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ogi_report.report.fragment import Fragment
from ogi_report.writers.plain_tables import TableLook, write_plain_table, write_plain_text

LISTED_TABLE = "border-collapse:collapse;font-size:14px"
LISTED = "border:1px solid;padding:2px 8px;text-align:left"
"""How a list and its cells look in a notebook."""


def listing(
    kind: str,
    title: str,
    header: Sequence[str],
    lines: Sequence[Sequence[object]],
    *,
    none: str = "没有。",
    remark: str = "",
) -> Fragment:
    """Returns a table with a heading; with no lines, what `none` says in its place.

    Args:
        remark: a sentence below the table.
    """
    head = f"<h2>{escape(title)}</h2>"
    below = f"<p>{escape(remark)}</p>" if remark else ""
    if not lines:
        html = f"{head}<p>{escape(none)}</p>{below}"
        return Fragment(kind, html, html, "\n".join(filter(None, (title, none, remark))))
    cells = [tuple(str(value) for value in line) for line in lines]
    html = f'{head}<div class="ogi-scroll">{write_plain_table(header, cells, _LOOK)}</div>{below}'
    text = "\n".join(write_plain_text(header, cells))
    return Fragment(kind, html, html, "\n".join(filter(None, (title, text, remark))))


def _short_ones_whole(text: str) -> str:
    """Short words stay on one line."""
    return f"{LISTED};white-space:nowrap" if len(text) <= 12 else LISTED


_LOOK = TableLook(LISTED_TABLE, LISTED, _short_ones_whole)
