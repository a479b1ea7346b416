"""Mistakes that displace several numbers at once: two neighbours swapped, a row or a column shifted by one.

Each is one event, however many cells it touches. A hypothesis lists what would truly stand in each cell; in a shift one
number has been pushed out of the table (`lost`) and is for the equations to find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ogi_report.diagnosis.mistakes import Mistake, cost_of, cost_of_kind
from ogi_report.diagnosis.problem import Problem

MOSTLY_WHOLE = cost_of(10) - cost_of(7)
"""Seven shifts of ten begin at the line's end; the others somewhere within it."""


@dataclass(frozen=True, slots=True)
class Displacement:
    """A hypothesis: `truth` gives each displaced cell's true number (None: it should be blank)."""

    kind: Mistake
    cost: int
    truth: tuple[tuple[int, int | None], ...]
    effect: tuple[tuple[int, int], ...]
    lost: int | None = None
    line: str = ""
    forward: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of the printed table, as cells in order."""

    label: str
    cells: tuple[int, ...]
    is_row: bool


def lines(problem: Problem) -> list[Line]:
    table, position = problem.table, problem.position
    found = []
    for number, _ in enumerate(table.blocks):
        records = [record for record in table.records.values() if record.block == number]
        if table.has_stub:
            for record in records:
                found.append(Line(record.label, tuple(position[c.key] for c in record.fields.values()), True))
            for field in records[0].fields if records else ():
                cells = tuple(position[record.fields[field].key] for record in records if field in record.fields)
                found.append(Line(records[0].fields[field].column.title, cells, False))
        else:
            # Without a stub the block is one printed row, across its column groups.
            cells = tuple(position[cell.key] for record in records for cell in record.fields.values())
            found.append(Line(table.name, cells, True))
    return found


def displacements(problem: Problem) -> list[Displacement]:
    all_lines = [line for line in lines(problem) if len(line.cells) > 1]
    return [*_swaps(problem, all_lines), *_shifts(problem, all_lines)]


def _value(problem: Problem, cell: int) -> int | None:
    return None if problem.free[cell] else problem.found[cell]


def _effect(problem: Problem, truth: list[tuple[int, int | None]]) -> tuple[tuple[int, int], ...]:
    effect: dict[int, int] = {}
    for cell, value in truth:
        delta = (value or 0) - problem.found[cell]
        if delta:
            for row, coefficient in problem.columns[cell]:
                effect[row] = effect.get(row, 0) + coefficient * delta
    return tuple((row, delta) for row, delta in effect.items() if delta)


def _swaps(problem: Problem, all_lines: list[Line]) -> list[Displacement]:
    pairs = {
        (a, b)
        for line in all_lines
        for a, b in zip(line.cells, line.cells[1:], strict=False)
        if _value(problem, a) != _value(problem, b) and problem.scale[a] == problem.scale[b]
    }
    cost = cost_of_kind(Mistake.CELLS_SWAPPED, len(pairs))
    found = []
    for a, b in sorted(pairs):
        first, second = _value(problem, a), _value(problem, b)
        if problem.admits(a, second or 0) and problem.admits(b, first or 0):
            truth = [(a, second), (b, first)]
            found.append(Displacement(Mistake.CELLS_SWAPPED, cost, tuple(truth), _effect(problem, truth)))
    return found


def _shifts(problem: Problem, all_lines: list[Line]) -> list[Displacement]:
    raw = [
        (line, forward, whole, truth, lost)
        for line in all_lines
        if any(problem.found[cell] for cell in line.cells) and len({problem.scale[cell] for cell in line.cells}) == 1
        for forward in (True, False)
        for whole, truth, lost in _undone(problem, line.cells, forward)
    ]
    places = {is_row: sum(line.is_row is is_row and whole for line, _, whole, _, _ in raw) for is_row in (True, False)}
    found = []
    for line, forward, whole, truth, lost in raw:
        kind = Mistake.ROW_SHIFTED if line.is_row else Mistake.COLUMN_SHIFTED
        start = MOSTLY_WHOLE if whole else cost_of(10) - cost_of(3) + cost_of(len(line.cells))
        cost = cost_of_kind(kind, places[line.is_row]) + start
        found.append(Displacement(kind, cost, tuple(truth), _effect(problem, truth), lost, line.label, forward))
    return found


def _undone(
    problem: Problem, cells: tuple[int, ...], forward: bool
) -> Iterator[tuple[bool, list[tuple[int, int | None]], int]]:
    """Yields (whole line?, truth, lost cell) for each place at which a shift could have begun.

    A shift forward (to the right, downwards) begins at a box left empty, at 0, or at a number typed twice; what stood in
    the last box is lost. A shift backward leaves the last box empty, and the number at its beginning is lost.
    """
    values = [_value(problem, cell) for cell in cells]
    size = len(cells)
    vacated = size - 1
    if not forward and values[vacated] and values[vacated] != values[vacated - 1]:
        return
    truth: list[tuple[int, int | None]] = []
    for start in range(size - 2, -1, -1):
        # From the short end of the line to the whole of it, so that each hypothesis extends the one before.
        if forward:
            step, value = cells[start], values[start + 1]
            begins = not values[start] or values[start] == values[start + 1]
            lost = cells[-1]
        else:
            step, value = cells[start + 1], values[start]
            begins = True
            lost = cells[start]
        if not problem.admits(step, value or 0):
            return
        if value != _value(problem, step):
            truth.append((step, value))
        changes_more_than_one = len(truth) > 1
        if begins and changes_more_than_one:
            yield start == 0, list(truth), lost
