"""All rules by their rooms.

Each room of `ROOMS` holds conditions of one kind: on the form, on cells, on a table, on last year, on other agencies, on what
the text says. A room is a module of `@rule` functions and one more name in `ROOMS`; equations are declared with the forms.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType

from ogi_report.forms import Form, official_forms
from ogi_report.rules import (
    among_peers,
    applications,
    cells,
    changes,
    children,
    coherence,
    counted_things,
    disclosure,
    fees,
    history,
    ledger,
    outcome_words,
    parts,
    privacy,
    proofreading,
    publication,
    remedies,
    residue,
    sentences,
    six_chapters,
    structure,
)
from ogi_report.rules.equations import rules_of
from ogi_report.rules.rule import Rule

ROOMS: tuple[ModuleType, ...] = (
    structure,
    six_chapters,
    cells,
    disclosure,
    applications,
    remedies,
    ledger,
    history,
    children,
    among_peers,
    sentences,
    outcome_words,
    counted_things,
    parts,
    changes,
    coherence,
    fees,
    residue,
    proofreading,
    privacy,
    publication,
)

CONDITIONS: tuple[Rule, ...] = tuple(
    value for room in ROOMS for value in vars(room).values() if isinstance(value, Rule)
)
"""Rules whose condition is a function, in the order of the rooms and of their declaration."""


def catalogue(forms: tuple[Form, ...] | None = None) -> list[Rule]:
    """Returns every rule once per severity: conditions, then the equations of the forms (the official ones)."""
    found = list(CONDITIONS)
    for form in forms if forms is not None else tuple(official_forms().values()):
        known = {rule.id for rule in found}
        found += [rule for rule in _equations(form) if rule.id not in known]
    return found


def _equations(form: Form) -> list[Rule]:
    """The entries of a form's equations; those of an official form, also with a report's own rows, are made once."""
    official = next((o for o in official_forms().values() if o.equations is form.equations), None)
    return rules_of(form) if official is None else _official_equations(official.id)


@cache
def _official_equations(id: str) -> list[Rule]:
    return rules_of(official_forms()[id])


@cache
def rule_ids() -> tuple[str, ...]:
    """Returns the ids of all rules, each once."""
    return tuple(dict.fromkeys(rule.id for rule in catalogue()))
