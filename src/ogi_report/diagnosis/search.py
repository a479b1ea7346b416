"""The search for the fewest, likeliest causes that make every equation hold (Fellegi and Holt, 1976).

Causes are tried out exactly, in integers: a change of one cell must settle an equation that the cell stands in, so
each cell has only a handful of candidate values; swaps and shifts are tried as they are. Sets of causes grow along
a beam, the most settling first.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ogi_report.diagnosis.events import Booleans, Event, Integers, Layout, structural_events
from ogi_report.diagnosis.typing_errors import KIND, Slip, slip

BEAM = 48
"""Sets of causes that are pursued at a time."""
MOST_CAUSES = 4
UNSETTLED = 2.5
"""What an equality that is still broken is expected to cost: one likely cause settles two or three of them."""

_LAST_YEAR_DIFFERS = math.log(0.02)


@dataclass(frozen=True)
class State:
    """A set of causes: what the report held before them, by how much its equalities are off then, how likely they are.

    `values` and `residual` are scaled whole numbers; `score` is a log-likelihood.
    """

    events: tuple[Event, ...]
    values: Integers
    residual: Integers
    score: float

    @property
    def broken(self) -> int:
        return int(np.count_nonzero(self.residual))


class Search:
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
        """Begins with a report as it is written.

        Args:
            values: by position in the layout, scaled to whole numbers; blanks are 0.
            blank: where nothing is written.
            unreadable: where something else than a number is written.
            active: the equalities that can be decided.
            evidence: position → the number that other reports speak for.
            deadline: by `time.perf_counter`, in seconds, when to end with what there is.
        """
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

    def run(self) -> list[State]:
        """Returns the states in which every decided equality holds, of the fewest causes and of one cause more."""
        start = State((), self.values, self.residual(self.values), 0.0)
        if not start.broken:
            return []
        structural = self._structural()
        beam, found = [start], list[State]()
        for depth in range(MOST_CAUSES):
            grown: dict[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], State] = {}
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

    def _paired(self, state: State) -> list[State]:
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
                    children.append(State((*state.events, one, other), values, self.residual(values), score))
        return children

    def _grow(self, state: State, structural: list[tuple[Event, Integers]], *, last: bool) -> list[State]:
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
            children.append(State((*state.events, event), values, residual, state.score + event.score))
        return children

    def _mistyped(self, state: State, broken: int, last: bool) -> list[State]:
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
                children.append(State((*state.events, event), values, residual, state.score + event.score))
        return children

    def evidence_score(self, values: Integers) -> float:
        """How far a state agrees with last year's report and the children's sums."""
        return sum(_LAST_YEAR_DIFFERS for cell, told in self.evidence.items() if values[cell] != told)

    def holds(self, values: Integers) -> bool:
        """Whether no equation or floor that must hold is broken, whatever the blanks that are left may be."""
        blank, unreadable = (empty & (values == self.values) for empty in (self.blank, self.unreadable))
        codes = self.layout.compiled.evaluate(values[:, None], blank[:, None], unreadable[:, None])[:, 0]
        return not (codes[self.layout.binding] == 2).any()

    def state_of(self, values: Integers) -> State:
        """A state for changes that the programme found, each cell a cause of its own."""
        events = []
        for n in np.flatnonzero(values != self.values).tolist():
            kind, score = slip(int(values[n]), int(self.values[n]))
            events.append(Event(kind, (n,), (int(values[n]),), score - math.log(self.cells)))
        return State(tuple(events), values, self.residual(values), sum(event.score for event in events))


def _exact_product(dense: Integers, changes: Integers) -> Integers:
    """The product of two integer matrices; in floating point (fast, exact below 2⁵³) where the numbers allow."""
    if int(np.abs(changes).max(initial=0)) * dense.shape[1] < 2**50:
        return np.asarray(np.rint(dense.astype(np.float64) @ changes.astype(np.float64)), dtype=np.int64)
    return np.asarray(dense @ changes, dtype=np.int64)
