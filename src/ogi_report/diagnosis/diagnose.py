"""The search for the fewest, likeliest causes that make every equation hold (Fellegi and Holt, 1976).

Causes are tried out exactly, in integers: a change of one cell must settle an equation that the cell stands in, so
each cell has only a handful of candidate values; swaps and shifts are tried as they are. Sets of causes grow along
a beam, the most settling first. What the beam does not reach within four causes goes to a mixed-integer programme.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from html import escape
from typing import Any

import numpy as np

from ogi_report.diagnosis.determined import determined
from ogi_report.diagnosis.events import Booleans, Event, Integers, Layout, layout_of, structural_events
from ogi_report.diagnosis.programme import fewest_changes
from ogi_report.diagnosis.typing_errors import KIND, Slip, slip
from ogi_report.figures import Figures, format_number
from ogi_report.in_words import InWords
from ogi_report.rules.equations import vector

Number = int | Decimal

BEAM = 48
MOST_CAUSES = 4
MOST_CHANGES = 6
"""A repair that takes more numbers out of the blue tells a reader nothing."""
UNSETTLED = 2.5
"""What an equality that is still broken is expected to cost: one likely cause settles two or three of them."""
CLEAR = math.log(3)
"""A repair is clearly the best if it is this much likelier than the next."""

_LAST_YEAR_DIFFERS = math.log(0.02)


class Status(StrEnum):
    CONSISTENT = "consistent"
    FOUND = "found"
    AMBIGUOUS = "not_identifiable"
    TIMED_OUT = "not_found_in_time"
    NOT_FOUND = "not_found"

    @property
    def chinese(self) -> str:
        return {
            "consistent": "勾稽关系全部成立",
            "found": "找到最可能的更正",
            "not_identifiable": "有几种同样可能的更正，仅凭勾稽关系不能断定",
            "not_found_in_time": "限时内没有找到更正办法，请逐项核对",
            "not_found": "没有找到更正办法，请逐项核对",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Change(InWords):
    """One cell of a repair: what it holds (None: nothing) and what it should hold."""

    cell: str
    label: str
    found: Number | None
    value: Number
    kind: Slip

    def _in_words(self) -> str:
        found = "未填" if self.found is None else f"填 {format_number(self.found)}"
        return f"“{self.label}”{found}，若为 {format_number(self.value)}"


@dataclass(frozen=True, slots=True)
class Repair(InWords):
    """A set of changes after which every equation that can be decided holds; `score` is a log-likelihood."""

    changes: tuple[Change, ...]
    causes: tuple[Slip, ...]
    settles: int
    score: float

    @property
    def text(self) -> str:
        """“予以公开 · 自然人”填 738，若为 783，则 2 条勾稽关系全部成立（相邻两位数字颠倒）。"""
        parts = "；".join(
            f"“{c.label}”{'未填' if c.found is None else f'填 {format_number(c.found)}'}，若为 {format_number(c.value)}"
            for c in self.changes[:6]
        )
        more = f"等 {len(self.changes)} 格" if len(self.changes) > 6 else ""
        reasons = "、".join(dict.fromkeys(cause.chinese for cause in self.causes if cause.chinese))
        return f"{parts}{more}，则 {self.settles} 条勾稽关系全部成立{f'（{reasons}）' if reasons else ''}"

    def _in_words(self) -> str:
        return self.text


@dataclass(frozen=True)
class Diagnosis(InWords):
    """What was found out about one report. Nothing of it is ever applied."""

    status: Status
    repairs: tuple[Repair, ...] = ()
    determined: Mapping[str, int] = field(default_factory=dict)

    @property
    def best(self) -> Repair | None:
        """The repair to suggest, where one is clearly ahead."""
        return self.repairs[0] if self.status is Status.FOUND and self.repairs else None

    @property
    def _headline(self) -> str:
        more = f"；由勾稽关系可推定 {len(self.determined)} 格空白的数" if self.determined else ""
        return f"{self.status.chinese}{more}。"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(repair.text)}</li>" for repair in self.repairs)
        return f"<p>{self._headline}</p>{f'<ol>{items}</ol>' if items else ''}"

    def as_json(self) -> dict[str, Any]:
        return {
            "status": str(self.status),
            "message": self.status.chinese,
            "repairs": [
                {
                    "text": repair.text,
                    "changes": [
                        {"cell": c.cell, "found": c.found, "value": c.value, "kind": str(c.kind)}
                        for c in repair.changes
                    ],
                }
                for repair in self.repairs
            ],
            "determined": [{"cell": cell, "value": value} for cell, value in self.determined.items()],
        }

    def _in_words(self) -> str:
        return "\n".join([self._headline, *(f"{number:>3}. {repair}" for number, repair in enumerate(self.repairs, 1))])


@dataclass(frozen=True)
class _State:
    events: tuple[Event, ...]
    values: Integers
    residual: Integers
    score: float

    @property
    def broken(self) -> int:
        return int(np.count_nonzero(self.residual))


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
    search = _Search(layout, values, blank, unreadable, codes[layout.equalities] != 3, evidence, deadline)
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


def _ranked(layout: Layout, figures: Figures, states: list[_State], broken: int, search: _Search) -> list[Repair]:
    best: dict[tuple[tuple[int, int], ...], tuple[float, _State]] = {}
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


class _Search:
    """A beam over sets of causes."""

    def __init__(
        self,
        layout: Layout,
        values: Integers,
        blank: Booleans,
        unreadable: Booleans,
        active: Booleans,
        evidence: Mapping[int, int],
        deadline: float,
    ):
        """Takes part in `active`: the equalities that can be decided, with blanks read as 0."""
        self.layout, self.values, self.evidence, self.deadline = layout, values, evidence, deadline
        self.blank, self.unreadable, self.active = blank, unreadable, active
        self.known = ~(blank | unreadable)
        self.cells = max(int((layout.bound & self.known).sum()), 1)
        self._moves: list[Event] = []
        self._effects = np.zeros((len(layout.dense), 0), dtype=np.int64)
        self._by_effect: dict[bytes, list[int]] = {}

    def residual(self, values: Integers) -> Integers:
        raw = self.layout.dense @ values + self.layout.constants
        return np.where(self.active, raw, 0)

    def run(self) -> list[_State]:
        """Returns the states in which every decided equality holds, of the fewest causes and of one cause more."""
        start = _State((), self.values, self.residual(self.values), 0.0)
        if not start.broken:
            return []
        structural = self._structural()
        beam, found = [start], list[_State]()
        for depth in range(MOST_CAUSES):
            grown: dict[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], _State] = {}
            for state in beam:
                if time.perf_counter() > self.deadline:
                    return found
                more = self._paired(state) if depth < 2 else []
                for child in (*self._grow(state, structural, last=depth == MOST_CAUSES - 1), *more):
                    key = tuple(sorted((event.cells, event.values) for event in child.events))
                    if key not in grown or grown[key].score < child.score:
                        grown[key] = child
            found += [state for state in grown.values() if not state.broken]
            if found:
                best = max(state.score for state in found)
                # Each cause more costs at least a factor of a hundred; stop where nothing unfinished can catch up.
                beam = [s for s in grown.values() if s.broken and s.score + self._cheapest > best]
                if not beam:
                    break
            else:
                beam = [state for state in grown.values() if state.broken]
            beam.sort(key=lambda s: UNSETTLED * s.broken - s.score)
            beam = beam[:BEAM]
        return found

    @property
    def _cheapest(self) -> float:
        """The log-probability of the likeliest single cause."""
        return math.log(KIND[Slip.SWAPPED]) - math.log(self.cells)

    def _structural(self) -> list[tuple[Event, Integers]]:
        """Swaps and shifts with what they do to the equalities; those that settle none are left out."""
        events = structural_events(self.layout, self.values, ~self.unreadable, self.active)
        if not events:
            return []
        changes = np.zeros((len(self.values), len(events)), dtype=np.int64)
        for number, event in enumerate(events):
            for cell, value in zip(event.cells, event.values, strict=True):
                changes[cell, number] = value - self.values[cell]
        effects = np.where(self.active[:, None], _exact_product(self.layout.dense, changes), 0)
        self._moves, self._effects = events, effects
        for number, effect in enumerate(effects.T):
            if effect.any():
                self._by_effect.setdefault(effect.tobytes(), []).append(number)
        base = self.residual(self.values)
        settled = ((base[:, None] != 0) & (base[:, None] + effects == 0)).any(axis=0)
        return [(events[n], effects[:, n]) for n in np.flatnonzero(settled).tolist()]

    def _paired(self, state: _State) -> list[_State]:
        """States that two swaps or shifts together complete, though neither settles anything on its own."""
        if not self._moves:
            return []
        taken = {cell for event in state.events for cell in event.cells}
        needed = np.ascontiguousarray(-(state.residual[:, None] + self._effects).T)
        children = []
        for first, rest in enumerate(needed):
            for second in self._by_effect.get(rest.tobytes(), ()):
                one, other = self._moves[first], self._moves[second]
                cells = (*one.cells, *other.cells)
                if first < second and taken.isdisjoint(cells) and set(one.cells).isdisjoint(other.cells):
                    values = state.values.copy()
                    values[list(cells)] = (*one.values, *other.values)
                    score = state.score + one.score + other.score
                    children.append(_State((*state.events, one, other), values, self.residual(values), score))
        return children

    def _grow(self, state: _State, structural: list[tuple[Event, Integers]], *, last: bool) -> list[_State]:
        """States with one cause more that leave no more equalities broken than before."""
        broken = state.broken
        children = self._mistyped(state, broken, last)
        taken = {cell for event in state.events for cell in event.cells}
        for event, effect in structural:
            residual = state.residual + effect
            left = int(np.count_nonzero(residual))
            if left >= broken or (last and left) or not taken.isdisjoint(event.cells):
                continue
            values = state.values.copy()
            values[list(event.cells)] = event.values
            children.append(_State((*state.events, event), values, residual, state.score + event.score))
        return children

    def _mistyped(self, state: _State, broken: int, last: bool) -> list[_State]:
        """One cell changed so that some equality it stands in is settled."""
        layout = self.layout
        slots, weights = layout.slots, layout.weights
        there = (slots >= 0) & self.active[slots]
        own = np.where(there, state.residual[slots], 0)
        taken = np.zeros(len(self.values), dtype=bool)
        for event in state.events:
            taken[list(event.cells)] = True
        free = self.known & ~taken
        children = []
        for slot in range(slots.shape[1]):
            settles = free & there[:, slot] & (own[:, slot] != 0)
            divides = settles.copy()
            divides[settles] = own[settles, slot] % weights[settles, slot] == 0
            cells = np.flatnonzero(divides)
            if not len(cells):
                continue
            deltas = -own[cells, slot] // weights[cells, slot]
            after = np.where(there[cells], own[cells] + weights[cells] * deltas[:, None], 0)
            left = broken - np.count_nonzero(own[cells], axis=1) + np.count_nonzero(after, axis=1)
            admissible = (state.values[cells] + deltas >= 0) | layout.compiled.signed[cells]
            wanted = admissible & (left <= (0 if last else broken - 1))
            # A settled equality may break another in which two causes cancelled: allowed once something is left.
            wanted |= admissible & (left == broken) & (not last) & (len(state.events) == 0)
            for place in np.flatnonzero(wanted).tolist():
                cell, delta = int(cells[place]), int(deltas[place])
                true, written = int(state.values[cell]) + delta, int(state.values[cell])
                scale = int(layout.compiled.scale[cell])
                kind, score = slip(true // scale, written // scale) if scale > 1 else slip(true, written)
                event = Event(kind, (cell,), (true,), score - math.log(self.cells))
                residual = state.residual.copy()
                for s, weight in zip(slots[cell].tolist(), weights[cell].tolist(), strict=True):
                    if s >= 0 and self.active[s]:
                        residual[s] += weight * delta
                values = state.values.copy()
                values[cell] = true
                children.append(_State((*state.events, event), values, residual, state.score + event.score))
        return children

    def evidence_score(self, values: Integers) -> float:
        """How far a state agrees with last year's report and the children's sums."""
        return sum(_LAST_YEAR_DIFFERS for cell, told in self.evidence.items() if values[cell] != told)

    def holds(self, values: Integers) -> bool:
        """Whether no equation or floor that must hold is broken, whatever the blanks that are left may be."""
        blank, unreadable = (empty & (values == self.values) for empty in (self.blank, self.unreadable))
        codes = self.layout.compiled.evaluate(values[:, None], blank[:, None], unreadable[:, None])[:, 0]
        return not (codes[self.layout.binding] == 2).any()

    def state_of(self, values: Integers) -> _State:
        """A state for changes that the programme found, each cell a cause of its own."""
        events = []
        for n in np.flatnonzero(values != self.values).tolist():
            kind, score = slip(int(values[n]), int(self.values[n]))
            events.append(Event(kind, (n,), (int(values[n]),), score - math.log(self.cells)))
        return _State(tuple(events), values, self.residual(values), sum(event.score for event in events))


def _exact_product(dense: Integers, changes: Integers) -> Integers:
    """The product of two integer matrices; in floating point (fast, exact below 2⁵³) where the numbers allow."""
    if int(np.abs(changes).max(initial=0)) * dense.shape[1] < 2**50:
        return np.asarray(np.rint(dense.astype(np.float64) @ changes.astype(np.float64)), dtype=np.int64)
    return np.asarray(dense @ changes, dtype=np.int64)
