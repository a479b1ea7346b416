"""The reverse of diagnosis: what blank cells must be, since the filled ones leave no choice."""

from __future__ import annotations

from ogi_report.figures import Figures
from ogi_report.rules.equations import system, vector

_UNBOUNDED = 2**53


def determined(figures: Figures) -> dict[str, int]:
    """Returns blank cell → the only admissible number that the equations leave for it, for cells that hold counts.

    A blank may be any number from 0 up (in a signed column, any at all). Bounds are tightened along the equations until
    nothing changes; a cell whose bounds meet is determined. Where filled cells contradict each other, nothing is
    claimed for the whole table.
    """
    compiled = system(figures.form)
    vectors = vector(figures, compiled)
    values, blank, unreadable = vectors[0][:, 0], vectors[1][:, 0], vectors[2][:, 0]
    if not blank.any():
        return {}
    codes = compiled.evaluate(*vectors)[:, 0]
    spoiled = {equation.table for equation, code in zip(compiled.equations, codes, strict=True) if code == 2}
    low = [
        (-_UNBOUNDED if compiled.signed[n] else 0) if blank[n] or unreadable[n] else int(v)
        for n, v in enumerate(values)
    ]
    high = [_UNBOUNDED if blank[n] or unreadable[n] else int(v) for n, v in enumerate(values)]
    rows = list(compiled.matrix.terms())
    for _ in range(len(rows)):
        changed = False
        for number, terms in enumerate(rows):
            if compiled.equations[number].table not in spoiled:
                floor, constant = bool(compiled.floors[number]), int(compiled.constants[number])
                changed |= _tighten(terms, constant, floor, low, high)
        if not changed:
            break
    contradicted = {compiled.cells[n].partition(".")[0] for n in range(len(low)) if low[n] > high[n]}
    return {
        key: low[n] // int(compiled.scale[n])
        for n, key in enumerate(compiled.cells)
        if blank[n] and low[n] == high[n] and key.partition(".")[0] not in spoiled | contradicted
    }


def _tighten(terms: list[tuple[int, int]], constant: int, floor: bool, low: list[int], high: list[int]) -> bool:
    """Narrows the bounds of one equation's cells; returns whether anything moved."""
    changed = False
    least = [coefficient * (low[n] if coefficient > 0 else high[n]) for n, coefficient in terms]
    most = [coefficient * (high[n] if coefficient > 0 else low[n]) for n, coefficient in terms]
    all_least, all_most = sum(least), sum(most)
    for place, (n, coefficient) in enumerate(terms):
        if low[n] == high[n]:
            continue
        # sum + constant = 0 (or >= 0): the cell's own share lies between what the others leave for it.
        upper = None if floor else -(constant + all_least - least[place])
        lower = -(constant + all_most - most[place])
        if abs(all_least - least[place]) >= _UNBOUNDED:
            upper = None
        bounds = [(lower, upper)] if abs(all_most - most[place]) < _UNBOUNDED else [(None, upper)]
        for smallest, largest in bounds:
            if coefficient > 0:
                new_low = -(-smallest // coefficient) if smallest is not None else None
                new_high = largest // coefficient if largest is not None else None
            else:
                new_low = -(largest // -coefficient) if largest is not None else None
                new_high = (-smallest) // -coefficient if smallest is not None else None
            if new_low is not None and new_low > low[n]:
                low[n], changed = new_low, True
            if new_high is not None and new_high < high[n]:
                high[n], changed = new_high, True
        if changed:
            return True
    return changed
