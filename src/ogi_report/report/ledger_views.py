"""A ledger in the notebook and on the review page: the way from a figure to its lines, and what is overdue. Never public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from ogi_report.errors import ConfigError
from ogi_report.forms import Form
from ogi_report.ledger import (
    APPLICATIONS,
    HEADINGS,
    PENDING,
    REMEDIES,
    Application,
    Ledger,
    Remedy,
    TimeLimit,
    spoken,
    time_limits,
)
from ogi_report.report.fragment import Fragment
from ogi_report.writers.plain_tables import TableLook, write_plain_table

_LOOK = "text-align:left;font-weight:normal;vertical-align:top;padding:2px 14px 2px 0;border-bottom:1px solid #c8c8c8"
_CELL = f' style="{_LOOK}"'
_NAME, _SMALL = "ogi-ledger", "font-size:13px;border-collapse:collapse"
_TABLE = f' class="{_NAME}" style="{_SMALL}"'
_KEPT = f"{_LOOK};white-space:nowrap"
_WHOLE_LINES = TableLook(_SMALL, _KEPT, _KEPT, caption="text-align:left", name=_NAME)

Line = Sequence[str]


def summary(ledger: Ledger, year: int) -> str:
    """One sentence on what was read of a ledger, and what was not."""
    tables = "、".join(ledger.form.table(key).name for key in ledger.speaks_of)
    told = f"{ledger.shown}：{len(ledger.applications)} 件，{len(ledger.in_hand(year))} 件计入 {year} 年，用于{tables}"
    kinds = ledger.form.table(REMEDIES).records
    lacking = "".join(f"“{kinds[group].label}”" for group in kinds if group not in ledger.groups)
    if ledger.groups and lacking:
        told += f"；没有{lacking}的列，表中相应的格留空（确实没有的，请补上这几个空列）"
    if ledger.ignored:
        told += f"；没有读入的列：{'、'.join(ledger.ignored)}"
    return told


def cell_key(form: Form, name: str) -> str:
    """Returns the key of a figure by its key or by the name that narratives use.

    Raises:
        ConfigError: the form has no such figure.
    """
    if name in form.cells or name in form.derived:
        return name
    by_name = {spec.name: key for key, spec in form.cells.items()} | {
        told: key for key, (told, _) in form.derived.items()
    }
    if name in by_name:
        return by_name[name]
    raise ConfigError(
        f"没有“{name}”这一格；请用单元格代码或名称，如 applications.received.total 或 本年新收（见 docs/codebook.md）。"
    )


def trace_view(ledger: Ledger, name: str, year: int) -> Fragment:
    """The lines that a figure counts.

    Raises:
        ConfigError: there is no such figure, or the ledger does not decide it.
    """
    key, tables = cell_key(ledger.form, name), ledger.tables(year)
    label = ledger.form.cells[key].label if key in ledger.form.cells else ledger.form.derived[key][0]
    try:
        found, value = ledger.trace(key, year), tables.value(key)
    except KeyError:
        raise ConfigError(f"台账不能得出“{label}”，无从追溯。") from None
    head = _headings(ledger)
    body = [tuple(_described(application, ledger)) for application in found]
    title = f"{year} 年“{label}”：{value} 件，来自 {ledger.shown} {spoken([a.line for a in found], most=None)}".rstrip()
    data = {"cell": key, "year": year, "value": value, "lines": [application.line for application in found]}
    return Fragment("trace", None, _table(title, head, body), _text(title, head, body), data)


def _headings(ledger: Ledger) -> Line:
    own = [heading.label for heading in HEADINGS if heading.is_required]
    return ("行", *own, *(ledger.form.table(REMEDIES).records[group].label for group in ledger.groups))


def _described(application: Application, ledger: Ledger) -> Iterator[str]:
    table = ledger.form.table(APPLICATIONS)
    yield str(application.line)
    yield application.number
    yield application.received_on.isoformat()
    yield table.fields[application.applicant].name
    yield table.records[application.outcome].path.name if application.outcome is not None else ""
    yield application.closed_on.isoformat() if application.closed_on is not None else ""
    for group in ledger.groups:
        yield next((_remedy(remedy, ledger) for remedy in application.remedies if remedy.group == group), "")


def _remedy(remedy: Remedy, ledger: Ledger) -> str:
    fields, result = ledger.form.table(REMEDIES).records[remedy.group].fields, remedy.result or PENDING
    told = fields[result].column.label if result in fields else ""
    return f"{told}（{remedy.decided_on}）" if remedy.decided_on is not None else told


OVERDUE = ("行", "办件编号", "收到日期", "起算日", "期限（工作日）", "已用工作日", "应答复日", "办结日期", "情况")


def overdue_view(ledger: Ledger, year: int, on: date | None = None) -> Fragment:
    """The overdue list (超期清单) of a year, open applications as of a day."""
    on = on or date(year, 12, 31)
    limits = time_limits(ledger.in_hand(year), on)
    late = [limit for limit in limits if limit.is_overdue]
    undecided = [limit for limit in limits if limit.is_overdue is None]
    extended = sum(limit.application.is_extended for limit in limits)
    title = (
        f"超期清单：{year} 年办理 {len(limits)} 件（其中延期 {extended} 件），截至 {on} 超过法定答复期限 {len(late)} 件"
    )
    if undecided:
        years = "、".join(str(year) for year in sorted({limit.unknown for limit in undecided if limit.unknown}))
        title += f"；另有 {len(undecided)} 件因工作日历中没有 {years} 年的放假安排，无法判断"
    body = [tuple(_limit(limit)) for limit in [*late, *undecided]]
    data = {"on": on.isoformat(), "overdue": [limit.application.line for limit in late]}
    return Fragment("overdue", None, _table(title, OVERDUE, body), _text(title, OVERDUE, body), data)


def _limit(limit: TimeLimit) -> Iterator[str]:
    application = limit.application
    start = max(application.completed_on or application.received_on, application.received_on)
    yield str(application.line)
    yield application.number
    yield application.received_on.isoformat()
    yield start.isoformat()
    yield f"{limit.allowed}{'（已延期）' if application.is_extended else ''}"
    yield "未知" if limit.used is None else str(limit.used)
    yield "未知" if limit.due_on is None else limit.due_on.isoformat()
    yield "" if limit.is_open else limit.until.isoformat()
    if limit.is_overdue is None:
        yield "无法判断"
    else:
        over = f"超 {limit.used - limit.allowed} 个工作日" if limit.used is not None else "超期"
        yield f"尚未办结，{over}" if limit.is_open else f"办结时{over}"


def _table(title: str, head: Line, body: Sequence[Line]) -> str:
    if not body:
        return f"<p>{escape(title)}。</p>"
    table = write_plain_table(head, body, _WHOLE_LINES, title)
    return f'<div role="region" tabindex="0" aria-label="{escape(title)}" style="overflow-x:auto">{table}</div>'


def _text(title: str, head: Line, body: Sequence[Line]) -> str:
    return "\n".join([f"{title}。", *("\t".join(line) for line in ((head, *body) if body else ()))])


def behind_a_table(ledger: Ledger, table: str, year: int) -> str:
    """For the review page: each figure of a table that is not 0 with its lines, folded away."""
    if table not in ledger.speaks_of:
        return ""
    tables, spec = ledger.tables(year), ledger.form.table(table)
    rows = []
    for record in spec.records.values():
        told = [
            f"{escape(cell.column.name)} {spoken(tables.lines[cell.key], most=None)}"
            for cell in record.fields.values()
            if tables.lines.get(cell.key) and not cell.is_total
        ]
        if told:
            rows.append(f'<tr><th scope="row"{_CELL}>{escape(record.title)}</th><td{_CELL}>{"；".join(told)}</td></tr>')
    if not rows:
        return ""
    return (
        f"<details><summary>{escape(spec.name)}的台账追溯：每一格由 {escape(ledger.shown)} 的哪些行得出（总计是各列之和）</summary>"
        f"<table{_TABLE}><tbody>{''.join(rows)}</tbody></table></details>"
    )


def folded_overdue(ledger: Ledger, year: int, on: date | None) -> str:
    """For the review page: the overdue list, folded away."""
    view = overdue_view(ledger, year, on)
    count = len(view.data["overdue"])
    return f"<details><summary>超期清单（{count} 件，仅供内部核实）</summary>{view.html}</details>"


__all__ = ["behind_a_table", "cell_key", "folded_overdue", "overdue_view", "summary", "trace_view"]
