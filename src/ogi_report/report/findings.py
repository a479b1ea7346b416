"""What is found in a report: the rules' findings, the diagnosis of what broke the equations, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ogi_report.diagnosis import Diagnosis, diagnose, with_suggestions
from ogi_report.figures import Figures
from ogi_report.report import views
from ogi_report.rules import Context, Findings, LocalRules, check
from ogi_report.rules.waivers import Waiver


@dataclass(frozen=True)
class CheckedFindings(Findings):
    """Findings with the diagnosis of what broke the equations; they show themselves in a notebook.

    `waivable` says that there is a params file into which a waiver can be written.
    """

    diagnosis: Diagnosis | None = None
    waivable: bool = False

    def as_json(self) -> dict[str, Any]:
        told = self.diagnosis.as_json() if self.diagnosis is not None else None
        return {**super().as_json(), "diagnosis": told}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return views.findings_view(self)._repr_mimebundle_()

    def _in_words(self) -> str:
        return views.findings_view(self).text

    __repr__ = _in_words


def findings_of(
    context: Context,
    *,
    sums: Mapping[str, int | Decimal] | None = None,
    waivers: Sequence[Waiver] = (),
    local: LocalRules | None = None,
    waivable: bool = False,
) -> CheckedFindings:
    """Holds a report against all rules, and finds out which cell most likely broke its equations.

    Args:
        sums: cell → what the reports below this one add up to, for the diagnosis.
        waivers: the findings that the report's params file lets pass.
        local: the project's own rules.
        waivable: whether there is a params file into which a waiver can be written.
    """
    found = check(context, waivers, local=local)
    diagnosis = diagnose(context.figures, last=context.last, sums=sums)
    items = with_suggestions(diagnosis, found.items, context.figures.form)
    return CheckedFindings(found.context, items, found.coverage, found.waivers, diagnosis, waivable)


def report_json(
    agency: str, year: int, figures: Figures, chapters: Mapping[int, str], findings: Findings
) -> dict[str, Any]:
    """The contract's object on one report, its own or a published one."""
    return {
        "agency": agency,
        "year": year,
        "layout": figures.form.id,
        "figures": {
            key: {"value": cell.value, "raw": cell.raw, "kind": str(cell.kind)} for key, cell in figures.items()
        },
        "chapters": {str(number): text for number, text in chapters.items()},
        **findings.as_json(),
    }
