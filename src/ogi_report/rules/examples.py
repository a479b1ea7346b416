"""Turns a rule's examples into reports, for the tests and the handbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ogi_report.figures import Figures
from ogi_report.forms import Form, LocalRow, official_forms, prescribed_layout
from ogi_report.ledger import Ledger
from ogi_report.rules.context import LEAD_IN, ChapterText, Context
from ogi_report.rules.peers import Peers
from ogi_report.rules.rule import Example


def totals(**rows: int | str | None) -> dict[str, int | str | None]:
    """Returns cells of table 三's total column for an example, by row key with `__` for its dots.

    >>> totals(received=12, denied__state_secret=1)
    {'applications.received.total': 12, 'applications.denied.state_secret.total': 1}
    """
    return {f"applications.{row.replace('__', '.')}.total": value for row, value in rows.items()}


def context_of(example: Example, form: Form | None = None) -> Context:
    """Returns the report that an example describes."""
    form = form or official_forms()[example.form]
    source: Mapping[str, Any] = example.source
    local = {table: tuple(LocalRow(*row) for row in rows) for table, rows in dict(source.get("local", {})).items()}
    year = example.year if example.year is not None else form.years.first
    figures = Figures.of(form.with_local_rows(local), example.cells, example.fill)
    figures = replace(
        figures,
        **{name: source[name] for name in ("labels", "missing", "layouts", "units", "doubts") if name in source},
    )
    titles = dict(source.get("titles", {}))
    children = (
        Peers(
            tuple(context_of(child, form) for child in example.children),
            source.get("expected", {child.agency: child.name or "" for child in example.children}),
        )
        if example.children is not None
        else None
    )
    last_chapters = _chapters(example.last_chapters, form, {})
    context = Context(
        figures,
        example.agency,
        year,
        name=example.name,
        level=example.level,
        scope=example.scope,
        prescribed_layout=prescribed_layout(year),
        last=Figures.of(form, example.last, 0) if example.last is not None else None,
        chapters=_chapters(example.chapters, form, titles),
        lead_in=ChapterText(LEAD_IN, "", example.lead_in) if example.lead_in is not None else None,
        find_last_chapters=lambda: last_chapters,
        find_children=lambda: children,
        ledger=_ledger(example, form, year),
        **example.around,
    )
    if example.peers is None:
        return context
    return context.among(Peers((context, *(context_of(peer, form) for peer in example.peers))))


def _ledger(example: Example, form: Form, year: int) -> Ledger | None:
    if example.ledger is None:
        return None
    groups = {remedy.group: None for application in example.ledger for remedy in application.remedies}
    return Ledger(form, year, example.ledger, tuple(groups), "台账")


def _chapters(texts: Mapping[int, str] | None, form: Form, titles: Mapping[int, str]) -> tuple[ChapterText, ...] | None:
    if texts is None:
        return None
    return tuple(
        ChapterText(number, titles.get(number, form.section(number).title), text) for number, text in texts.items()
    )
