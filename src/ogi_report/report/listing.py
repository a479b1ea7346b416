"""A plain table of what was found, as a piece of a notebook: for lists that are no official table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ogi_report.report.fragment import Fragment
from ogi_report.writers.text import display_width, pad

_CELL = "border:1px solid;padding:2px 8px;text-align:left"


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
    heads = "".join(f'<th scope="col" style="{_CELL}">{escape(name)}</th>' for name in header)
    rows = "".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines)
    html = (
        f"{head}"
        f'<div class="ogi-scroll"><table style="border-collapse:collapse;font-size:14px"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{below}"
    )
    cells = [tuple(header), *(tuple(str(value) for value in line) for line in lines)]
    widths = [max(display_width(line[n]) for line in cells) for n in range(len(header))]
    text = "\n".join("  ".join(pad(v, w) for v, w in zip(line, widths, strict=True)).rstrip() for line in cells)
    return Fragment(kind, html, html, "\n".join(filter(None, (title, text, remark))))


def _cell(value: object) -> str:
    """A cell; short words stay on one line."""
    text = str(value)
    style = f"{_CELL};white-space:nowrap" if len(text) <= 12 else _CELL
    return f'<td style="{style}">{escape(text)}</td>'
