"""How a report, its chapters and its findings look: in the notebook, on the pages, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ogi_report.figures import Figures, Kind, Number, format_difference, format_number
from ogi_report.forms import Grid
from ogi_report.in_words import chinese_date
from ogi_report.ledger import APPLICATIONS
from ogi_report.ledger.ledger import is_supplied
from ogi_report.narrative import Chapter
from ogi_report.report import ledger_views
from ogi_report.report.fragment import Fragment
from ogi_report.report.waiving import waiver_lines
from ogi_report.rules import Context, Finding, Findings, Outcome, Severity, WaiverState
from ogi_report.rules.rule import Tally
from ogi_report.rules.waivers import binding
from ogi_report.writers import IN_NOTEBOOK, Mark, write_html_table, write_text_table
from ogi_report.writers.plain_tables import TableLook, write_plain_table

if TYPE_CHECKING:
    from ogi_report.diagnosis import Diagnosis
    from ogi_report.report.charts import Chart
    from ogi_report.report.report import Report


@runtime_checkable
class _Diagnosed(Protocol):
    """Findings that come with a diagnosis, and can be waived if they are those of a report with a params file."""

    @property
    def diagnosis(self) -> Diagnosis | None: ...
    @property
    def waivable(self) -> bool: ...


MOST_MARKS = 30
"""A finding about more cells than this (159 blanks) is told in words; marking them would hide the others."""

MOST_NAMED = 8
"""Cells that a finding on a page names; of more it says how many."""

_ICON = {"error": "✖", "warning": "▲", "note": "●"}
_COLOUR = {"error": "#c62828", "warning": "#8f5300", "note": "#1565c0"}
LOOK_BADGE = {severity: f"padding:0 6px;border-radius:3px;color:#fff;background:{c}" for severity, c in _COLOUR.items()}
"""White on a colour of its own: no colour of letters can be read on white and on black as well."""
LOOK_SMALL = "opacity:.75;font-size:12px"
"""Fainter than the text around it, whatever colours a theme has."""
LOOK_COPIED = "user-select:all;margin:2px 0;white-space:pre-wrap"


def anchor(number: int) -> str:
    return f"f-{number}"


def marks(findings: Findings) -> dict[str, Mark]:
    """Returns cell → mark for the most severe finding that names it; waived findings do not mark."""
    best = findings.diagnosis.best if isinstance(findings, _Diagnosed) and findings.diagnosis is not None else None
    proposed = {change.cell: format_number(change.value) for change in best.changes} if best is not None else {}
    found: dict[str, Mark] = {}
    for number, finding in enumerate(findings, start=1):
        if finding.waived is None and len(finding.cells) <= MOST_MARKS:
            for key in finding.cells:
                told = f"{finding.severity.chinese} {finding.rule}"
                if key in proposed:
                    told += f"：若为 {proposed[key]} 则勾稽关系全部成立"
                mark = Mark(str(finding.severity), f"#{anchor(number)}", told, proposed.get(key))
                found.setdefault(key, mark)
    return found


def title_view(report: Report) -> Fragment:
    """The head of the report: title, index block, lead-in."""
    day = report.params.published_day
    block = [
        ("索引号", report.params.index_no),
        ("发布机构", report.body.name),
        ("文号", report.params.doc_no),
        ("发布日期", chinese_date(day) if day is not None else None),
    ]
    given = [(name, value) for name, value in block if value]
    shown = given if len(given) > 1 else []
    items = "".join(f"<div><dt>{name}</dt><dd>{escape(str(value))}</dd></div>" for name, value in shown)
    index = f'<dl class="ogi-index">{items}</dl>' if items else ""
    public = (
        f'<header class="ogi-head"><h1>{_heading_html(report)}</h1>{index}</header>'
        f'<div class="ogi-lead">{report.lead_in.html}</div>'
    )
    lead = report.lead_in
    where = (
        f"{lead.shown} 第 {lead.lines[0]}–{lead.lines[1]} 行"
        if lead.lines
        else "默认引言（可写在 narrative.md 第一章之前）"
    )
    lab = f"<h1>{escape(report.heading)}</h1>{index}{lead.html}{_footer(f'文字：{where}')}"
    data = {"title": report.heading, "agency": report.agency, "year": report.year, "name": report.body.name}
    return Fragment(
        "title", public, lab, f"{report.heading}\n\n{lead.text}", data, report.heading, meta=report.provenance.meta
    )


def _heading_html(report: Report) -> str:
    """The title with its parts kept whole where it has to be broken into lines."""
    name, rest = report.body.name, report.heading.removeprefix(report.body.name)
    parts = [name, rest] if rest != report.heading and rest else [report.heading]
    return "".join(f'<span class="ogi-keep">{escape(part)}</span>' for part in parts)


def chapter_view(report: Report, chapter: Chapter) -> Fragment:
    """One chapter: heading, text and, in 二 to 四, the official table."""
    section = report.form.section(chapter.number)
    head = f'<h2 id="ch{chapter.number}">{escape(section.title)}</h2>'
    public, lab, text = [head, chapter.html], [head, chapter.html], [section.title, "", chapter.text]
    sources = [
        f"文字：{chapter.shown} 第 {chapter.lines[0]}–{chapter.lines[1]} 行"
        if chapter.lines
        else f"文字：按数据生成的默认文字（可在 narrative.md 中写“## {section.title}”这一章）"
    ]
    if section.table:
        grid = report.figures.grid(section.table)
        caption = f"{report.form.table(section.table).name}　{report.form.table(section.table).title}"
        public.append(official_table(grid, caption))
        lab.append(write_html_table(grid, caption, inline=IN_NOTEBOOK, marks=marks(report.check())))
        text += ["", write_text_table(grid)]
        sources.append(f"表：{_source_of(report, section.table)}")
        lab.append(_ledger_behind(report, section.table))
    lab.append(_footer(" · ".join(sources)))
    body = f'<section aria-labelledby="ch{chapter.number}">{"".join(public)}</section>'
    return Fragment(
        "chapter",
        body,
        "".join(lab),
        "\n".join(text).strip(),
        {"number": chapter.number},
        section.title,
        f"ch{chapter.number}",
    )


def official_table(grid: Grid, caption: str) -> str:
    """An official table for our pages: wide ones scroll sideways on a phone, and the keyboard can reach the region."""
    table = write_html_table(grid, caption)
    return f'<div class="ogi-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">{table}</div>'


def chart_view(chart: Chart) -> Fragment:
    """A chart with its numbers, or the reason why there is none, which is not for the public."""
    public = chart.html
    lab = public or f"<p style='{LOOK_SMALL}'>{escape(chart.why)}</p>"
    return Fragment("chart", public, lab, chart.text)


def _source_of(report: Report, table: str) -> str:
    if report.ledger is not None and is_supplied(report.figures, table, report.ledger):
        return f"由 {report.ledger.shown} 计算"
    name = f"{table}.csv"
    sources = report.figures.sources
    return f"{report.shown_data}/{name if name in sources or not sources else sources[0]}"


def _ledger_behind(report: Report, table: str) -> str:
    """The way from a table's figures to the ledger's lines, and behind table 三 what is overdue: internal."""
    if report.ledger is None:
        return ""
    late = ledger_views.folded_overdue(report.ledger, report.year, report.context.ledger_on)
    return ledger_views.behind_a_table(report.ledger, table, report.year) + (late if table == APPLICATIONS else "")


def comparison_view(year: int, rows: Sequence[tuple[str, Number | None, Number | None]]) -> Fragment:
    """This year's figures beside last year's; what is not known stays blank."""
    head = ("项目", f"{year} 年", f"{year - 1} 年", "增减")
    lines = [(name, format_number(now), format_number(before), _difference(now, before)) for name, now, before in rows]

    caption = f"{year} 年与 {year - 1} 年对照"
    bordered = TableLook(head=IN_NOTEBOOK.value, cell=IN_NOTEBOOK.value, stub=IN_NOTEBOOK.value)
    text = "\n".join("\t".join(line) for line in (head, *lines))
    public = f'<section aria-label="{caption}">{write_plain_table(head, lines, TableLook(stub=""), caption)}</section>'
    return Fragment("comparison", public, write_plain_table(head, lines, bordered, caption), text)


def _difference(now: Number | None, before: Number | None) -> str:
    return format_difference(now - before if now is not None and before is not None else None)


def _footer(text: str) -> str:
    return f'<p class="ogi-source" style="{LOOK_SMALL}">{escape(text)}</p>'


def card_view(report: Report, data: Mapping[str, Any]) -> Fragment:
    """What is in force for this report, and why: the first thing that an analyst sees."""
    rows = card_rows(report)
    files = file_rows(report)
    html = f"{card_table(rows)}<details><summary>输入的 {len(files)} 个文件</summary>{card_table(files)}</details>"
    text = "\n".join(f"{name}：{value}" for name, value in (*rows, *files))
    return Fragment("card", None, html, text, data)


def card_table(rows: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<tr><th scope="row" style="text-align:left;padding:2px 12px 2px 0">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f'<table class="ogi-card"><tbody>{lines}</tbody></table>'


def card_rows(report: Report) -> list[tuple[str, str]]:
    filled = [cell for cell in report.figures.values() if cell.kind is not Kind.BLANK]
    last = f"{report.last.form.name} {report.year - 1} 年数据已读入" if report.last is not None else report.last_why
    origin = report.provenance
    chosen = "params 指定" if report.params.layout else "按年度选定"
    return [
        ("机构", f"{report.body.name}（{report.agency}）"),
        ("年度", f"{report.year} 年，{'本级政府汇总' if report.params.scope == 'government_wide' else '本机关'}"),
        ("表样", f"{report.form.name}（{report.form.notice}），{chosen}"),
        (
            "数据",
            f"{report.shown_data}：{len(report.figures)} 格，已填 {len(filled)} 格，空白 {len(report.figures) - len(filled)} 格",
        ),
        *([("台账", ledger_views.summary(report.ledger, report.year))] if report.ledger is not None else []),
        ("上年", last),
        ("版本", f"{origin.program}，{report.form.name}第 {report.form.version} 版"),
        ("输入", f"SHA-256 {origin.inputs}（本报告的文件和名录中本机构一行；公开页、审核页和 manifest.json 中相同）"),
    ]


def file_rows(report: Report) -> list[tuple[str, str]]:
    """The files that a report is made from, each with its hash."""
    return [(name, f"SHA-256 {digest}") for name, digest in report.inputs.items()]


def findings_view(findings: Findings) -> Fragment:
    """Findings by severity, each with the cells that it names, and below them which rules ran."""
    counts = findings.counts
    summary = "，".join(
        [f"{Severity(name).chinese} {counts[name]} 项" for name in ("error", "warning", "note")]
        + [f"已豁免 {counts['waived']} 项"]
    )
    verdict = "有必须改正的问题，尚不能发布" if findings.unresolved else "没有必须改正的问题"
    context = findings.context if isinstance(findings, _Diagnosed) and findings.waivable else None
    figures = findings.context.figures
    items = "".join(_finding_html(number, finding, figures, context) for number, finding in enumerate(findings, 1))
    html = (
        f'<div class="ogi-findings"><p><strong>一致性检查：{verdict}。</strong>{summary}。</p>'
        f'<ol style="padding-left:1.6em">{items}</ol>{_determined_html(findings)}{_waivers_html(findings)}'
        f"{_coverage_html(findings)}</div>"
    )
    lines = [f"一致性检查：{verdict}。{summary}。"]
    for number, finding in enumerate(findings, start=1):
        lines.append(f"{number:>3}. {finding}")
    lines += [f"     {line}" for line in _determined_lines(findings)]
    data = findings.as_json() | {"agency": findings.context.agency, "year": findings.context.year}
    return Fragment("findings", None, html, "\n".join(lines), data)


def _determined(findings: Findings) -> list[tuple[str, str, int]]:
    """What the filled cells leave no choice for: (row or cell, number, how many blanks), a row of equal ones at once."""
    if not isinstance(findings, _Diagnosed) or findings.diagnosis is None:
        return []
    form = findings.context.figures.form
    rows: dict[tuple[str, int], list[str]] = {}
    for key, value in findings.diagnosis.determined.items():
        spec = form.cells[key]
        rows.setdefault((f"{spec.table}.{spec.record}", value), []).append(key)
    told = []
    for (_, value), keys in rows.items():
        spec = form.cells[keys[0]]
        several = len(keys) > 1
        told.append((spec.label.split(" · ")[0] if several else spec.label, format_number(value), len(keys)))
    return told


def _determined_lines(findings: Findings) -> list[str]:
    told = _determined(findings)
    if not told:
        return []
    shown = "；".join(f"“{label}”{f'空白的 {n} 格' if n > 1 else ''}为 {value}" for label, value, n in told[:3])
    more = f"；等，共 {sum(n for _, _, n in told)} 格" if len(told) > 3 else ""
    return [f"由勾稽关系可推定：{shown}{more}。"]


def _determined_html(findings: Findings) -> str:
    told = _determined(findings)
    if not told:
        return ""
    items = "".join(
        f"<li>“{escape(label)}”{f'空白的 {n} 格' if n > 1 else ''}为 {value}</li>" for label, value, n in told
    )
    return (
        f"<details><summary>由勾稽关系可推定 {sum(n for _, _, n in told)} 格空白的数（仅供填写时参考，表中没有改动）</summary>"
        f"<ul>{items}</ul></details>"
    )


def _finding_html(number: int, finding: Finding, figures: Figures, waivable: Context | None) -> str:
    """One finding; `waivable` is the report around it, where there is a params file into which a waiver can be written."""
    severity = str(finding.severity)
    badge = (
        f'<strong style="{LOOK_BADGE[severity]}">{_ICON[severity]} {finding.severity.chinese}</strong>'
        if finding.waived is None
        else "<strong>○ 已豁免</strong>"
    )
    parts = [f"{badge} <code>{finding.rule}</code> {escape(finding.message)}"]
    if finding.cells:
        parts.append(f'<span style="{LOOK_SMALL}">单元格：{_cell_links(finding, figures)}</span>')
    if finding.place:
        parts.append(f'<span style="{LOOK_SMALL}">出处：{escape(finding.place)}</span>')
    if finding.waived is not None:
        w = finding.waived
        parts.append(
            f'<span style="{LOOK_SMALL}">豁免理由：{escape(w["reason"])}（{escape(w["by"])}，{escape(w["on"])}）</span>'
        )
    shown = "<br>".join(parts)
    if finding.waived is None and waivable is not None:
        shown += _how_to_waive(finding, waivable)
    return f'<li id="{anchor(number)}" class="ogi-{severity}" style="margin:6px 0">{shown}</li>'


def _how_to_waive(finding: Finding, context: Context) -> str:
    """What waives a finding, to be copied; a click selects it, without any script.

    The command, and the lines for the params file where they are short: few cells, and not the finding's words once more.
    """
    bound = binding(finding, context.figures)
    told = f'ogi-report waive {context.year}/{context.agency} {bound.mark} --reason "" --by ""'
    if len(finding.cells) <= MOST_NAMED and bound.message is None:
        pasted = ["# 加进参数文件的 waivers: 之下，填上理由、姓名和日期；或者运行：", f"# {told}", *waiver_lines(bound)]
        told = "\n".join(f"  {line}" for line in pasted)
    return f'<details><summary>豁免</summary><pre style="{LOOK_COPIED}">{escape(told, quote=False)}</pre></details>'


def _cell_links(finding: Finding, figures: Figures) -> str:
    linked = finding.waived is None and len(finding.cells) <= MOST_MARKS
    shown = finding.cells[: MOST_NAMED if linked else 3]
    names = (
        f'<a href="#c-{escape(key)}">{escape(figures.form.cells[key].label)}</a>'
        if linked
        else escape(figures.form.cells[key].label)
        for key in shown
    )
    more = f" 等 {len(finding.cells)} 格" if len(finding.cells) > len(shown) else ""
    return "、".join(names) + more


def _waivers_html(findings: Findings) -> str:
    idle = [use for use in findings.waivers if use.state is not WaiverState.IN_FORCE]
    if not idle:
        return ""
    items = "".join(
        f"<li><code>{escape(use.waiver.rule)}</code> {use.state.chinese}：{escape(use.why)}</li>" for use in idle
    )
    return f"<p>没有起作用的豁免：</p><ul>{items}</ul>"


def _coverage_html(findings: Findings) -> str:
    """Which rules ran and what came of them; of the others, why they did not apply."""
    ran = {rule: tally for rule, tally in findings.coverage.items() if tally.decided}
    reasons: dict[str, list[str]] = {}
    for rule, tally in findings.coverage.items():
        if rule not in ran:
            reasons.setdefault(tally.why or "", []).append(rule)
    head = "".join(
        f'<th scope="col" style="padding:1px 6px">{name}</th>'
        for name in ("规则", *(outcome.chinese for outcome in Outcome), "不适用的原因")
    )
    idle = "".join(f"<li>{escape(why)}：{'、'.join(rules)}</li>" for why, rules in reasons.items())
    return (
        f"<details><summary>规则覆盖：{len(findings.coverage)} 条规则，{len(ran)} 条已运行，"
        f"{len(findings.coverage) - len(ran)} 条不适用</summary>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(_coverage_rows(ran))}</tbody></table>"
        f"<p>不适用的规则：</p><ul>{idle}</ul></details>"
    )


def _coverage_rows(ran: Mapping[str, Tally]) -> Iterable[str]:
    for rule, tally in ran.items():
        numbers = "".join(f"<td>{tally.counts[outcome] or ''}</td>" for outcome in Outcome)
        yield f"<tr><th>{rule}</th>{numbers}<td>{escape(tally.why or '')}</td></tr>"
