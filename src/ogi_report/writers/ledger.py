"""Applications to a ledger that `ogi_report.readers` reads: official words, one line for each application."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ogi_report.forms import Form
from ogi_report.ledger import APPLICATIONS, HEADINGS, REMEDIES, Application, headings_of
from ogi_report.writers.files import csv_text

_OF_REMEDIES = "."
"""A field of a remedy has its kind before it: `review.result`."""


def write_ledger_csv(applications: Iterable[Application], form: Form, groups: Sequence[str]) -> str:
    """Returns a ledger as a CSV file with BOM; its columns on remedies are those of the kinds in `groups`."""
    headings = [*HEADINGS, *(h for h in headings_of(form) if h.key.partition(_OF_REMEDIES)[0] in groups)]
    lines = [[_text(_value(one, heading.key, form)) for heading in headings] for one in applications]
    return csv_text([heading.label for heading in headings], lines)


def _value(application: Application, key: str, form: Form) -> object:
    group, dot, field = key.partition(_OF_REMEDIES)
    if dot:
        remedy = next((one for one in application.remedies if one.group == group), None)
        if remedy is None:
            return None
        if field == "result" and remedy.result is not None:
            return form.table(REMEDIES).records[group].fields[remedy.result].column.leaf.label
        return getattr(remedy, field)
    if key == "applicant":
        return form.table(APPLICATIONS).fields[application.applicant].label
    if key == "outcome" and application.outcome is not None:
        return form.table(APPLICATIONS).records[application.outcome].path.title
    return getattr(application, key)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    return value.isoformat() if isinstance(value, date) else str("" if value is None else value)
