"""All rules by their rooms.

`structure`, `cells`, `disclosure`, `applications` and `remedies` hold conditions by the part of the form that they
speak of; equations are declared with the forms. What the narrative claims (N-…, FEE-…, TPL-…, META-…) belongs in a
room `sentences`, last year's report (XY-…) in `history`, other agencies (PC-…, XA-…) in `peers`: a room is a module
of `@rule` functions and one more name in `ROOMS`.
"""

from __future__ import annotations

from types import ModuleType

from ogi_report.forms import Form, official_forms
from ogi_report.rules import (
    applications,
    cells,
    coherence,
    disclosure,
    fees,
    history,
    peers,
    publication,
    remedies,
    residue,
    sentences,
    structure,
)
from ogi_report.rules.equations import rules_of
from ogi_report.rules.rule import Rule

ROOMS: tuple[ModuleType, ...] = (
    structure,
    cells,
    disclosure,
    applications,
    remedies,
    history,
    peers,
    sentences,
    coherence,
    fees,
    residue,
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
        found += [rule for rule in rules_of(form) if rule.id not in known]
    return found


def rule_ids() -> tuple[str, ...]:
    """Returns the ids of all rules, each once."""
    return tuple(dict.fromkeys(rule.id for rule in catalogue()))
