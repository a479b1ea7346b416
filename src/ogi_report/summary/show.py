"""How a summary looks. A sum that is not whole is marked wherever it is printed: on the page, in the table, in the cell."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from ogi_report.figures import format_number
from ogi_report.narrative import Chapter
from ogi_report.report.fragment import Fragment
from ogi_report.report.listing import listing
from ogi_report.report.views import card_table, official_table
from ogi_report.rules.additions import Addition
from ogi_report.writers import IN_NOTEBOOK, write_html_table, write_text_table

if TYPE_CHECKING:
    from ogi_report.summary.summary import Summary

INCOMPLETE, MARK = "不完整", "*"
_WARNING = "border:2px solid #a61b1b;padding:8px 16px;margin:16px 0"


def coverage_line(summary: Summary) -> str:
    """One sentence: who is in the sums and who is missing, by name."""
    bodies, lacking = summary.children.bodies, summary.children.lacking
    if not lacking:
        return f"应汇总 {len(bodies)} 家，已汇总 {len(bodies)} 家。"
    names = "、".join(child.body.name for child in lacking)
    return (
        f"{INCOMPLETE}：应汇总 {len(bodies)} 家，已汇总 {len(bodies) - len(lacking)} 家；缺 {len(lacking)} 家：{names}。"
        "合计不得作为完整的汇总公布。"
    )


def printed(addition: Addition) -> str:
    """A sum as a table prints it; what is not whole cannot be taken for a number."""
    text = format_number(addition.total)
    return text if addition.complete else f"{text}{MARK}"


def _warning(summary: Summary) -> str:
    return (
        ""
        if summary.complete
        else f'<p role="note" style="{_WARNING}"><strong>{escape(coverage_line(summary))}</strong></p>'
    )


def title(summary: Summary) -> Fragment:
    html = (
        f'<header class="ogi-head"><h1><span class="ogi-keep">{escape(summary.name)}</span>'
        f'<span class="ogi-keep">{escape(summary.heading.removeprefix(summary.name))}</span></h1></header>{_warning(summary)}'
    )
    text = f"{summary.heading}\n\n{coverage_line(summary)}"
    data = {"title": summary.heading, "agency": summary.agency, "year": summary.year, "name": summary.name}
    return Fragment("title", html, html, text, data, summary.heading, meta=summary.provenance.meta)


def coverage(summary: Summary) -> Fragment:
    lines = []
    for child in summary.children.bodies:
        if child.report is None:
            lines.append((child.body.name, "缺", child.why))
        else:
            layout = child.report.form
            other = "" if layout.id == summary.form.id else f"用的是{layout.name}，没有的格不混加"
            lacking = _lacking_cells(summary, child.body.name)
            told = [other, f"{lacking} 格没有数，这些格的合计{INCOMPLETE}" if lacking else ""]
            lines.append((child.body.name, "已汇总", "；".join(filter(None, told))))
    return listing("coverage", "汇总范围", ("机构", "情况", "说明"), lines, remark=coverage_line(summary))


def _lacking_cells(summary: Summary, name: str) -> int:
    return sum(name in addition.lacking for addition in summary.added.values())


def chapter(summary: Summary, chapter: Chapter) -> Fragment:
    section = summary.form.section(chapter.number)
    anchor = f"ch{chapter.number}"
    heading = section.title if summary.complete else f"{section.title}（{INCOMPLETE}）"
    head = f'<h2 id="{anchor}">{escape(heading)}</h2>'
    public, lab, text = [head, chapter.html], [head, chapter.html], [heading, "", chapter.text]
    if section.table:
        table = summary.form.table(section.table)
        added = {key: summary.added[key] for key in table.cells}
        grid = table.grid.fill({key: printed(addition) for key, addition in added.items()})
        caption = f"{table.name}　{table.title}（{'合计' if _whole(added) else f'合计{INCOMPLETE}'}）"
        remark = _remark(added)
        below = f"<p>{escape(remark)}</p>" if remark else ""
        public += [official_table(grid, caption), below]
        lab += [write_html_table(grid, caption, inline=IN_NOTEBOOK), below]
        text += ["", caption, write_text_table(grid), *([remark] if remark else [])]
    html = f'<section aria-labelledby="{anchor}">{"".join(public)}</section>'
    return Fragment("chapter", html, "".join(lab), "\n".join(text).strip(), {"number": chapter.number}, heading, anchor)


def _whole(added: dict[str, Addition]) -> bool:
    return all(addition.complete for addition in added.values())


def _remark(added: dict[str, Addition]) -> str:
    """Whose numbers a table lacks."""
    lacking = Counter(name for addition in added.values() for name in addition.lacking)
    if not lacking:
        return ""
    told = "；".join(f"{name}（{number} 格）" for name, number in lacking.items())
    return f"带 {MARK} 的合计{INCOMPLETE}，只是已有各家之和；缺数的单位：{told}。"


def differences(summary: Summary) -> Fragment:
    title = "本级报告与下级合计的差异"
    header = ("单元格", "本级报告", "下级合计", "相差")
    if summary.own is None:
        return listing("differences", title, header, [], none=f"{summary.own_why}，没有可比的数。")
    lines = []
    for difference in summary.differing():
        gap = "" if difference.own is None else format_number(difference.own - difference.added)
        lines.append((difference.label, difference.raw or "空白", format_number(difference.added), gap))
    unknown = sum(not addition.complete for addition in summary.added.values())
    none = "可比的格全部一致。" if unknown < len(summary.added) else "没有一格的合计是完整的，不作比较。"
    said = [f"有 {unknown} 格的合计{INCOMPLETE}，没有比较。"] if 0 < unknown < len(summary.added) else []
    said += [f"[{f.severity.chinese}] {f.rule}　{f.message}" for f in summary.own.check() if f.rule.startswith("PC-")]
    return listing("differences", title, header, lines, none=none, remark="　".join(said))


def card(summary: Summary) -> Fragment:
    """What the summary is made from: the first thing that a compiler sees."""
    whole = sum(addition.complete for addition in summary.added.values())
    last = (
        f"{summary.year - 1} 年的下级报告齐全"
        if summary.last is not None
        else f"{summary.year - 1} 年的下级报告不全，不作同比"
    )
    rows = [
        ("机构", f"{summary.name}（{summary.agency}）"),
        ("年度", f"{summary.year} 年，表样：{summary.form.name}"),
        ("汇总范围", coverage_line(summary)),
        ("合计", f"{len(summary.added)} 格，完整 {whole} 格，{INCOMPLETE} {len(summary.added) - whole} 格"),
        ("上年", last),
        ("本级报告", summary.own_why or "已读入，可以比较"),
        ("版本", f"{summary.provenance.program}，{summary.form.name}第 {summary.form.version} 版"),
        ("输入", f"SHA-256 {summary.provenance.inputs}（由各家报告的输入算出）"),
    ]
    text = "\n".join(f"{name}：{value}" for name, value in rows)
    return Fragment("summary", None, card_table(rows), text, summary.as_json())
