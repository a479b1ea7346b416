"""The diagnosis of one report: what its equations, last year's report and its children's sums say is wrong.

What the search (`search`) does not reach within four causes goes to a mixed-integer programme (`programme`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from ogi_report.diagnosis.determined import determined
from ogi_report.diagnosis.events import Layout, layout_of
from ogi_report.diagnosis.programme import fewest_changes
from ogi_report.diagnosis.repairs import Change, Diagnosis, Repair, Status
from ogi_report.diagnosis.search import Search, State
from ogi_report.diagnosis.typing_errors import Slip
from ogi_report.figures import Figures, Number
from ogi_report.rules.equations import vector

CLEAR = math.log(3)
"""A repair is clearly the best if it is this much likelier than the next."""
MOST_CHANGES = 6
"""A repair that takes more numbers out of the blue tells a reader nothing."""


def diagnose(
    figures: Figures,
    *,
    last: Figures | None = None,
    sums: Mapping[str, Number] | None = None,
    time_limit: float = 1.0,
    limit: int = 3,
) -> Diagnosis:
    """Returns the likeliest repairs of a report's broken equations, best first, and what its blanks must be.

    Args:
        figures: the report; never changed.
        last: last year's report, whose 结转下年度 this year's 上年结转 should repeat.
        sums: cell → the number that the children's reports add up to.
        time_limit: seconds after which the search ends with what it has.
        limit: how many repairs to return at most.
    """
    deadline = time.perf_counter() + time_limit
    layout = layout_of(figures.form)
    vectors = vector(figures, layout.compiled)
    values, blank, unreadable = vectors[0][:, 0], vectors[1][:, 0], vectors[2][:, 0]
    codes = np.where(layout.binding, layout.compiled.evaluate(*vectors)[:, 0], 0)
    fixed = determined(figures)
    if not (codes == 2).any():
        return Diagnosis(Status.CONSISTENT, (), fixed)
    if not (codes[layout.equalities] == 2).any():
        # Only a floor is broken: any of its cells could be wrong, by any amount.
        return Diagnosis(Status.AMBIGUOUS, (), fixed)
    evidence = _evidence(layout, figures, last, sums)
    search = Search(layout, values, blank, unreadable, codes[layout.equalities] != 3, evidence, deadline)
    found = search.run()
    usable = [state for state in found if search.holds(state.values)]
    timed_out = time.perf_counter() > deadline
    if not usable and not timed_out:
        changed = fewest_changes(layout, values, search.known, max(deadline - time.perf_counter(), 0.05))
        if changed is None:
            timed_out = True
        elif np.count_nonzero(changed != values) <= MOST_CHANGES and search.holds(changed):
            usable = [search.state_of(changed)]
    if not usable:
        return Diagnosis(Status.TIMED_OUT if timed_out else Status.NOT_FOUND, (), fixed)
    broken = int((codes == 2).sum())
    repairs = _ranked(layout, figures, usable, broken, search)
    clear = len(repairs) == 1 or repairs[0].score - repairs[1].score >= CLEAR
    return Diagnosis(Status.FOUND if clear else Status.AMBIGUOUS, tuple(repairs[:limit]), fixed)


def _evidence(
    layout: Layout, figures: Figures, last: Figures | None, sums: Mapping[str, Number] | None
) -> dict[int, int]:
    """Position → the number that last year's report or the children's sums speak for."""
    position = {cell: number for number, cell in enumerate(layout.compiled.cells)}
    told: dict[int, int] = {}
    if last is not None:
        for key in figures:
            if key.startswith("applications.carried_in."):
                before = last.cells.get(key.replace("carried_in", "carried_out"))
                if before is not None and isinstance(before.value, int):
                    told[position[key]] = before.value
    for key, value in (sums or {}).items():
        if key in position and isinstance(value, int):
            told[position[key]] = value
    return told


def _ranked(layout: Layout, figures: Figures, states: list[State], broken: int, search: Search) -> list[Repair]:
    best: dict[tuple[tuple[int, int], ...], tuple[float, State]] = {}
    for state in states:
        moved = np.flatnonzero(state.values != search.values)
        key = tuple((int(n), int(state.values[n])) for n in moved)
        score = state.score + search.evidence_score(state.values)
        if key and (key not in best or best[key][0] < score):
            best[key] = (score, state)
    ordered = sorted(best.items(), key=lambda item: (-round(item[1][0], 9), len(item[0]), item[0]))
    repairs = []
    for key, (score, state) in ordered:
        kinds = {n: event.kind for event in state.events for n in event.cells}
        changes = []
        for n, value in key:
            cell = layout.compiled.cells[n]
            spec, scale = figures.form.cells[cell], int(layout.compiled.scale[n])
            exact: Number = value if scale == 1 else Decimal(value) / scale
            changes.append(Change(cell, spec.label, figures[cell].value, exact, kinds.get(n, Slip.OTHER)))
        repairs.append(Repair(tuple(changes), tuple(event.kind for event in state.events), broken, score))
    return repairs
