"""What goes into an agency's fill-in workbook: last year's figures and words, its profile, or the data that are there."""

from __future__ import annotations

from decimal import Decimal

from ogi_report.errors import OgiError
from ogi_report.figures import Figures, format_number
from ogi_report.forms import Form, LocalRow, carried_over
from ogi_report.forms.workbook import NO_TEXT
from ogi_report.narrative.markdown import join_lines
from ogi_report.report.last_year import last_year_of
from ogi_report.report.project import Project
from ogi_report.report.report import Report
from ogi_report.report.roster import LEVELS, Body
from ogi_report.rules.equations import OUTCOMES, side_total, system, vector
from ogi_report.writers.workbook import FormContent, Standing, Words


def blank_form(form: Form, year: int) -> FormContent:
    """An empty workbook for any agency, which writes its name on the first sheet."""
    return _content(Figures(form, {}), year)


def prefilled_form(project: Project, agency: str, year: int, form: Form) -> FormContent:
    """An agency's workbook for a year: its profile, and what last year's report says of this year.

    Raises:
        ConfigError: the agency is not in the roster.
    """
    body = project.body(agency)
    last, _ = last_year_of(project, agency, year)
    raw: dict[str, int | Decimal | str | None] = {}
    told: dict[str, str] = {}
    for key, terms in carried_over(form).items():
        values = [last.cells[t.cell].value if last is not None and t.cell in last.cells else None for t in terms]
        known = [value for value in values if value is not None]
        if last is not None and len(known) == len(terms):
            raw[key] = sum((t.coefficient * value for t, value in zip(terms, known, strict=True)), 0)
            labels = "加".join(f"“{last.form.cells[term.cell].label}”" for term in terms)
            told[key] = f"黄色：按 {year - 1} 年报告的{labels}预填，请核对。"
    return _content(
        Figures.of(form, raw),
        year,
        body,
        project,
        prefilled=told,
        own_rows=_own_rows(last, form),
        words=Words(last_year=_last_words(project, agency, year)),
    )


def form_of_report(report: Report) -> FormContent:
    """A report's data as a workbook: everything as it was written."""
    parts = {part.number: _paragraphs(part.source) or (NO_TEXT,) for part in report.source.parts}
    words = Words(report.source.title or "", parts, _last_words(report.project, report.agency, report.year))
    return _content(report.figures, report.year, report.body, report.project, words=words)


def standings(figures: Figures) -> tuple[Standing, ...]:
    """How each equation of a form stands with figures, as the rules see it."""
    compiled = system(figures.form)
    codes = compiled.evaluate(*vector(figures, compiled))[:, 0]
    found = []
    for equation, code in zip(compiled.equations, codes, strict=True):
        left = side_total(equation.left, equation.left_constant, figures)
        right = side_total(equation.right, equation.right_constant, figures)
        sides = format_number(left), format_number(right), format_number(left - right)
        found.append(Standing(*sides, str(OUTCOMES[code])))
    return tuple(found)


def _content(
    figures: Figures,
    year: int,
    body: Body | None = None,
    project: Project | None = None,
    *,
    prefilled: dict[str, str] | None = None,
    own_rows: dict[str, tuple[LocalRow, ...]] | None = None,
    words: Words | None = None,
) -> FormContent:
    return FormContent(
        figures,
        year,
        standings(figures),
        body.agency if body is not None else "",
        body.name if body is not None else "",
        (body.level or "") if body is not None else "",
        _profile(body, project) if body is not None and project is not None else (),
        prefilled or {},
        own_rows or {},
        words or Words(),
    )


def _profile(body: Body, project: Project) -> tuple[tuple[str, str], ...]:
    parent = project.roster.get(body.parent) if body.parent else None
    told = [
        ("机关全称", body.name),
        ("机构代码", body.agency),
        ("简称", "、".join(body.short_names)),
        ("级别", LEVELS.get(body.level or "", "")),
        ("上级", parent.name if parent is not None else ""),
        ("网站", body.website or ""),
        ("联系方式", body.contact or ""),
        *((name, body.extra.get(column, "")) for name, column in _CONTACT),
    ]
    return tuple((name, text) for name, text in told if text)


_CONTACT = (("地址", "address"), ("邮编", "postcode"), ("电话", "phone"))


def _own_rows(last: Figures | None, form: Form) -> dict[str, tuple[LocalRow, ...]]:
    """The rows that the agency had added last year, where this year's form has the row that they stood behind."""
    if last is None:
        return {}
    found: dict[str, tuple[LocalRow, ...]] = {}
    for table in last.form.tables:
        rows, after = [], ""
        for record in table.records.values():
            if not record.local:
                after = record.key
            elif record.key.startswith("local.") and any(
                t.key == table.key and after in t.records for t in form.tables
            ):
                rows.append(LocalRow(record.key, record.label, after))
        found[table.key] = tuple(rows)
    return found


def _last_words(project: Project, agency: str, year: int) -> dict[int, tuple[str, ...]]:
    """What last year's report says in words that somebody wrote, its figures filled in."""
    if not project.params_file(agency, year - 1).is_file():
        return {}
    try:
        before = Report(project, project.read_params(agency, year - 1))
        chapters = [*([before.lead_in] if before.lead_in.written else []), *before.chapters]
    except OgiError:
        return {}  # its own check says what is wrong with it
    return {c.number: tuple(c.text.splitlines()) for c in chapters if c.written}


def _paragraphs(source: str) -> tuple[str, ...]:
    """A chapter's Markdown as cells, a paragraph each; the lines of a list or a table stay together."""
    found: list[list[str]] = [[]]
    for line in join_lines(source).splitlines():
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return tuple("\n".join(lines) for lines in found if lines)
