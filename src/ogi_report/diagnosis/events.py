"""A form as the search sees it, and the mistakes that displace several numbers at once.

Two neighbours swapped, a row or a column shifted by one: each is one event, however many cells it touches. In a shift one
number has been pushed out of the table; the equations that its cell stands in say what it may have been.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ogi_report.diagnosis.typing_errors import KIND, Slip
from ogi_report.forms import Form, Table, official_forms
from ogi_report.rules.equations import EquationSystem, system

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_SWAP, _ROW, _COLUMN = (math.log(KIND[kind]) for kind in (Slip.CELLS, Slip.ROW, Slip.COLUMN))
_WITHIN = math.log(0.3)
"""Three shifts of ten begin within the line and not at its end."""


@dataclass(frozen=True, slots=True)
class Event:
    """One cause: the true values (scaled integers) of the cells that it spoiled, and its log-probability."""

    kind: Slip
    cells: tuple[int, ...]
    values: tuple[int, ...]
    score: float


@dataclass(frozen=True)
class Line:
    """A printed row or column: positions of its cells in order."""

    cells: tuple[int, ...]
    is_row: bool


@dataclass(frozen=True)
class Layout:
    """What must hold in a form, in the shapes that the search needs. Only rules of severity error bind.

    Shapes: `dense` (equalities, cells), `constants` (equalities), `slots` and `weights` (cells, most equalities of any
    cell; -1 and 0 where there are fewer), `bound` (cells), `binding` (equations of the compiled system).
    """

    compiled: EquationSystem
    binding: Booleans
    equalities: Booleans
    dense: Integers
    constants: Integers
    slots: Integers
    weights: Integers
    bound: Booleans
    lines: tuple[Line, ...]
    pairs: tuple[tuple[int, int], ...]


_LAYOUTS: dict[int, Layout] = {}


def layout_of(form: Form) -> Layout:
    """Returns a form's layout; an official form's is made once."""
    if not any(form is official for official in official_forms().values()):
        return _layout(form)
    if id(form) not in _LAYOUTS:
        _LAYOUTS[id(form)] = _layout(form)
    return _LAYOUTS[id(form)]


def _layout(form: Form) -> Layout:
    compiled = system(form)
    errors = {spec.id for spec in form.equations if spec.severity == "error"}
    binding = np.array([equation.rule in errors for equation in compiled.equations], dtype=bool)
    equalities = binding & ~compiled.floors
    dense = compiled.matrix.dense()[equalities]
    places = [np.flatnonzero(column) for column in dense.T]
    most = max((len(rows) for rows in places), default=0)
    slots = np.full((dense.shape[1], most), -1, dtype=np.int64)
    weights = np.zeros_like(slots)
    for cell, rows in enumerate(places):
        slots[cell, : len(rows)] = rows
        weights[cell, : len(rows)] = dense[rows, cell]
    position = {key: number for number, key in enumerate(compiled.cells)}
    lines = tuple(line for table in form.tables for line in _lines(table, position) if len(line.cells) > 1)
    pairs = {pair for line in lines for pair in pairwise(line.cells)}
    same_scale = sorted((a, b) for a, b in pairs if compiled.scale[a] == compiled.scale[b])
    bound = np.asarray((slots >= 0).any(axis=1), dtype=bool)
    return Layout(
        compiled,
        binding,
        equalities,
        dense,
        compiled.constants[equalities],
        slots,
        weights,
        bound,
        lines,
        tuple(same_scale),
    )


def _lines(table: Table, position: dict[str, int]) -> list[Line]:
    found = []
    for number, _ in enumerate(table.blocks):
        records = [record for record in table.records.values() if record.block == number]
        if table.has_stub:
            for record in records:
                found.append(Line(tuple(position[spec.key] for spec in record.fields.values()), True))
            for name in records[0].fields if records else ():
                cells = tuple(position[record.fields[name].key] for record in records if name in record.fields)
                found.append(Line(cells, False))
        else:
            # Without a stub the block is one printed row, across its groups of columns.
            cells = tuple(position[spec.key] for record in records for spec in record.fields.values())
            found.append(Line(cells, True))
    return found


def structural_events(layout: Layout, values: Integers, readable: Booleans, active: Booleans) -> list[Event]:
    """Returns the swaps and shifts that could have led to `values`; scores as if each place were equally likely.

    Args:
        values: scaled integers, 0 in blank cells.
        readable: cells that hold a number or nothing.
        active: equalities that can be decided.
    """
    signed = layout.compiled.signed
    swaps = [
        (a, b)
        for a, b in layout.pairs
        if values[a] != values[b]
        and readable[a]
        and readable[b]
        and (signed[a] or values[b] >= 0)
        and (signed[b] or values[a] >= 0)
    ]
    share = _SWAP - math.log(max(len(layout.pairs), 1))
    events = [Event(Slip.CELLS, pair, (int(values[pair[1]]), int(values[pair[0]])), share) for pair in swaps]
    rows = sum(line.is_row for line in layout.lines)
    for line in layout.lines:
        cells = np.array(line.cells)
        scales = layout.compiled.scale[cells]
        if not values[cells].any() or not readable[cells].all() or (scales != scales[0]).any():
            continue
        kind = Slip.ROW if line.is_row else Slip.COLUMN
        each = _ROW - math.log(rows) if line.is_row else _COLUMN - math.log(max(len(layout.lines) - rows, 1))
        for start, moved, truth, lost in _undone(line.cells, [int(value) for value in values[cells]]):
            score = each - math.log(2) + (_WITHIN - math.log(len(cells)) if start else 0.0)
            for value in _lost(layout, values, active, moved, truth, lost):
                now = (*truth, value)
                changed = [n for n, cell in enumerate((*moved, lost)) if values[cell] != now[n]]
                where = (*moved, lost)
                if len(changed) > 1 and all(signed[where[n]] or now[n] >= 0 for n in changed):
                    spoiled = tuple(where[n] for n in changed)
                    events.append(Event(kind, spoiled, tuple(now[n] for n in changed), score))
    return events


Shift = tuple[bool, tuple[int, ...], tuple[int, ...], int]


def _undone(cells: tuple[int, ...], found: list[int]) -> list[Shift]:
    """(begins within?, cells to refill, their true values, cell whose number was pushed out) of each possible shift.

    Forwards (to the right, downwards) a shift leaves the box where it began at 0, or with a number typed twice; what
    stood last is lost. Backwards the last box is left at 0 or repeats its neighbour, and what stood first is lost.
    """
    shifts: list[Shift] = []
    size = len(cells)
    for start in range(size - 1):
        if found[start] in (0, found[start + 1]) and any(found[start + 1 :]):
            shifts.append((start > 0, cells[start : size - 1], tuple(found[start + 1 :]), cells[-1]))
    if found[-1] in (0, found[-2]):
        shifts.extend(
            (start > 0, cells[start + 1 :], tuple(found[start : size - 1]), cells[start])
            for start in range(size - 1)
            if any(found[start : size - 1])
        )
    return shifts


def _lost(
    layout: Layout, values: Integers, active: Booleans, moved: tuple[int, ...], truth: tuple[int, ...], lost: int
) -> list[int]:
    """The values that settle one or another equality of the cell whose number was pushed out; 0 if it is in none."""
    refill = dict(zip(moved, truth, strict=True))
    options: list[int] = []
    for slot, weight in zip(layout.slots[lost].tolist(), layout.weights[lost].tolist(), strict=True):
        if slot < 0 or not active[slot]:
            continue
        row = layout.dense[slot]
        others = int(row @ values) + int(layout.constants[slot]) - weight * int(values[lost])
        others += sum(int(row[cell]) * (value - int(values[cell])) for cell, value in refill.items())
        if others % weight == 0:
            options.append(-others // weight)
    return list(dict.fromkeys(options)) or [0]
