"""Suggestions beside findings: which of a repair's changes concern which finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ogi_report.diagnosis.repairs import Change, Diagnosis, Repair, Status
from ogi_report.forms import Form
from ogi_report.rules.rule import Finding


def with_suggestions(diagnosis: Diagnosis, findings: Sequence[Finding], form: Form) -> tuple[Finding, ...]:
    """Returns the findings, those about broken equations with the changes that would settle them.

    Where one repair is clearly the likeliest, a finding's suggestion holds that repair's changes to its own cells. Where
    several are as likely, it holds the candidates, and the message says that only one of them is meant.
    """
    identities = {spec.id for spec in form.equations} | {"XY-CARRY"}
    return tuple(_suggest(diagnosis, f) if f.rule in identities and f.found is not None else f for f in findings)


def _suggest(diagnosis: Diagnosis, finding: Finding) -> Finding:
    if diagnosis.best is not None:
        changes = _concerning(diagnosis.best, finding)
        if not changes:
            return finding
        return replace(
            finding,
            suggestion=tuple((c.cell, c.value) for c in changes),
            message=f"{finding.message}可能的更正：{diagnosis.best.text}。",
        )
    if diagnosis.status is Status.AMBIGUOUS:
        concerned = [repair for repair in diagnosis.repairs if _concerning(repair, finding)]
        if not concerned:
            return finding
        pairs = dict.fromkeys((c.cell, c.value) for repair in concerned for c in _concerning(repair, finding))
        told = "；或者".join(repair.text for repair in concerned)
        return replace(
            finding,
            suggestion=tuple(pairs),
            message=f"{finding.message}仅凭勾稽关系不能断定，可能的更正（只取其一）：{told}。",
        )
    if diagnosis.status in (Status.TIMED_OUT, Status.NOT_FOUND):
        return replace(finding, message=f"{finding.message}{diagnosis.status.chinese}。")
    return finding


def _concerning(repair: Repair, finding: Finding) -> list[Change]:
    return [change for change in repair.changes if change.cell in finding.cells]
