"""Reports as sides of a comparison, and how a comparison looks in a notebook and on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel

from ogi_report.comparison import REPEATED, Compared, Side, compare
from ogi_report.comparison.sentences import SentenceChange
from ogi_report.comparison.text import chapter_line, lines, shown_raw, side_line, summary_line
from ogi_report.figures import format_difference
from ogi_report.report.fragment import Fragment
from ogi_report.report.listing import LISTED, LISTED_TABLE
from ogi_report.rules import Severity
from ogi_report.writers.plain_tables import TableLook, write_plain_table

if TYPE_CHECKING:
    from ogi_report.report.published import PublishedReport
    from ogi_report.report.report import Report

_LOOK = TableLook(LISTED_TABLE, LISTED, LISTED, f"{LISTED};font-weight:normal")
_OLD, _NEW = "background:#fbe3e4;color:#1d1d1f", "background:#dff2e1;color:#1d1d1f"
_LONGEST = 2_000
"""Characters of two sentences together beyond which the changed letters are not looked for."""


def side_of(report: Report | PublishedReport, shown: str) -> Side:
    """A report, its own or a published one, as a side of a comparison.

    Raises:
        NarrativeError: its text cannot be rendered.
    """
    body = report.body
    names = (report.name, *(body.short_names if body is not None else ()))
    labels = {key: spec.label for key, spec in report.figures.form.cells.items() if spec.local}
    return Side(report.as_json(), report.name, shown, names, labels)


def compared_view(before: Report | PublishedReport, after: Report | PublishedReport, repeat: int | Decimal) -> Fragment:
    """Two reports compared, for the eyes of those who make them: nothing of it is public."""
    sides = (side_of(report, _source(report)) for report in (before, after))
    compared = compare(*sides)
    share = Decimal(repeat)
    return Fragment(
        "compared", None, compared_html(compared, share), "\n".join(lines(compared, share)), compared.as_json()
    )


def _source(report: Report | PublishedReport) -> str:
    return getattr(report, "shown_data", "") or report.published.shown  # type: ignore[union-attr]


def compared_html(compared: Compared, repeat: Decimal = Decimal(REPEATED)) -> str:
    """The comparison as HTML with inline styles: changed letters are marked by colour, by underline and by a line through."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in compared.notes)
    return (
        f"<p>A：{escape(side_line(compared.a))}<br>B：{escape(side_line(compared.b))}</p>"
        f"<p><strong>{escape(summary_line(compared, repeat))}</strong></p>{notes}"
        f"{_figures(compared)}{_chapters(compared, repeat)}{_findings(compared)}"
    )


def _figures(compared: Compared) -> str:
    if not compared.figures:
        return f"<h3>数</h3><p>可比的 {compared.cells} 格都没有变动。</p>"
    rows = (
        (change.label, shown_raw(change.before), shown_raw(change.after), format_difference(change.difference))
        for change in compared.figures
    )
    head = f"<h3>数：{compared.cells} 格可比，{len(compared.figures)} 格有变动</h3>"
    return head + _table(("单元格", "A", "B", "相差"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return f'<div class="ogi-scroll">{write_plain_table(header, rows, _LOOK)}</div>'


def _chapters(compared: Compared, repeat: Decimal) -> str:
    parts = []
    for chapter in compared.chapters:
        items = "".join(f'<li style="margin:6px 0">{_sentence(change)}</li>' for change in chapter.changes)
        head = escape(chapter_line(compared, chapter, repeat))
        parts.append(f"<details><summary>{head}</summary><ul>{items}</ul></details>" if items else f"<p>{head}</p>")
    return f"<h3>文字</h3>{''.join(parts)}"


def _sentence(change: SentenceChange) -> str:
    match change.kind:
        case "gone":
            return f'删　<del style="{_OLD}">{escape(change.before or "")}</del>'
        case "new":
            return f'增　<ins style="{_NEW}">{escape(change.after or "")}</ins>'
        case _:
            return f"改　{_marked(change.before or '', change.after or '')}"


def _marked(before: str, after: str) -> str:
    """One sentence with what was taken out and what was put in."""
    if len(before) + len(after) > _LONGEST:
        return f'<del style="{_OLD}">{escape(before)}</del><ins style="{_NEW}">{escape(after)}</ins>'
    parts = []
    for step in Indel.opcodes(before, after):
        old, new = before[step.src_start : step.src_end], after[step.dest_start : step.dest_end]
        if step.tag == "equal":
            parts.append(escape(old))
            continue
        parts.append(f'<del style="{_OLD}">{escape(old)}</del>' if old else "")
        parts.append(f'<ins style="{_NEW}">{escape(new)}</ins>' if new else "")
    return "".join(parts)


def _findings(compared: Compared) -> str:
    head = f"<h3>问题：消失 {len(compared.gone)} 项，新增 {len(compared.new)} 项</h3>"
    rows = [
        (sign, Severity(f["severity"]).chinese, f["rule"], f["message"])
        for sign, findings in (("新增", compared.new), ("消失", compared.gone))
        for f in findings
    ]
    return head + (_table(("", "级别", "规则", "问题"), rows) if rows else "")
