"""Which value cell of a row stands under which head, where spans and blank cells leave it open.

Several ways of counting are tried. What all of them agree on is taken; where they differ, the row's own sum decides,
then the heads' positions; what stays undecided is placed nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ogi_report.readers.document import FoundCell
from ogi_report.readers.header import Header
from ogi_report.readers.vocabulary import is_stroke, is_value

Placing = tuple[FoundCell | None, ...]
"""One value cell, or none, for each slot of the header."""

Sums = Callable[[Placing], bool | None]
"""Whether a row's own sums hold: None if they cannot tell (nothing but blanks and zeros, or no sum)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """How a row was placed: `how` is the way of counting, `offset` the cells left out before the first value."""

    cells: Placing | None
    how: str
    offset: int | None = None


UNDECIDED = Placed(None, "undecided")


def place(
    values: Sequence[FoundCell],
    header: Header,
    width: int | None,
    sums: Sums,
    total: int | None,
    offset: int | None = None,
    ragged: bool = False,
) -> Placed:
    """Places a row's value cells under the header's slots.

    Args:
        width: the width of the found table, if the heads stand in the same grid as the row.
        sums: the row's own sums.
        total: the slot of the row's total, where a lone number of a doubtful row goes.
        offset: what rows of the same shape showed to be the cells before the first value.
        ragged: the source keeps no merged cells, so that a row may have lost blank cells at its end.
    """
    count = len(header.slots)
    named = [number for number, slot in enumerate(header.slots) if slot.text]
    filled = [cell for cell in values if cell.text]
    unnamed = [cell for number, cell in enumerate(values) if number not in named and cell.text]
    # Rule 1: as many cells as heads, in their order.
    if len(values) == count and all(is_stroke(cell.text) for cell in unnamed):
        if filled and ragged and header.trusted and width is not None:
            return _order_or_heads(tuple(values), values, header, sums)
        return Placed(tuple(values), "order")
    if len(values) == len(named):
        return Placed(_onto(values, named, count), "order")
    # Rule 2: nothing written, nothing to place.
    if not filled:
        return Placed((None,) * count, "blank")
    # Rule 3: as many figures as heads, in their order.
    if len(filled) == len(named):
        return Placed(_onto(filled, named, count), "dense")
    if len(values) == count:
        return UNDECIDED
    ways: dict[str, Placing] = {}
    if header.trusted and width is not None and (below := _below_heads(values, header, width)) is not None:
        ways["heads"] = below
    spare = len(values) - count
    windows = {start: tuple(values[start : start + count]) for start in range(spare + 1)}
    windows = {
        start: window
        for start, window in windows.items()
        if sum(1 for cell in window if cell.text) == len(filled)
        and all(not window[n].text for n in range(count) if n not in named)
    }
    ways |= {f"window {start}": window for start, window in windows.items()}
    if "heads" not in ways and offset in windows:
        return Placed(windows[offset], "shape", offset)
    if width is not None and not ways and header.trusted:
        # Something stands in a column without a head: the rest is certain only if the row's sum says so.
        below = _below_heads(values, header, width, complete=False)
        if below is not None and sums(below):
            return Placed(below, "heads")
    placed = _decide(ways, filled, count, spare, sums, total)
    found = next(
        (s for s, w in windows.items() if placed.cells is not None and _where(w) == _where(placed.cells)), None
    )
    return Placed(placed.cells, placed.how, found)


def _order_or_heads(order: Placing, values: Sequence[FoundCell], header: Header, sums: Sums) -> Placed:
    """In a ragged source a row may have as many cells as there are heads by chance: both ways must agree."""
    heads = tuple(next((c for c in values if c.col == slot.col), None) for slot in header.slots)
    if _where(heads) == _where(order) or sums(order):
        return Placed(order, "order")
    complete = sum(1 for cell in heads if cell is not None and cell.text) == sum(1 for cell in values if cell.text)
    return Placed(heads, "sum") if complete and sums(heads) else UNDECIDED


def _onto(cells: Sequence[FoundCell], slots: Sequence[int], count: int) -> Placing:
    placing: list[FoundCell | None] = [None] * count
    for slot, cell in zip(slots, cells, strict=True):
        placing[slot] = cell
    return tuple(placing)


def _decide(
    ways: Mapping[str, Placing], filled: list[FoundCell], count: int, spare: int, sums: Sums, total: int | None
) -> Placed:
    distinct: dict[tuple[int | None, ...], str] = {}
    for how, placing in ways.items():
        distinct.setdefault(_where(placing), how)
    # Rule 4: all ways of counting agree.
    if len(distinct) == 1:
        how = next(iter(distinct.values()))
        return Placed(ways[how], how)
    # Rule 5: below the heads, unless the row's sum speaks against it.
    verdicts = {how: sums(ways[how]) for how in distinct.values()}
    if "heads" in verdicts and verdicts["heads"] is not False:
        return Placed(ways["heads"], "heads")
    # Rule 6: only one of them gives the row the sum that it states.
    holding = [how for how, verdict in verdicts.items() if verdict]
    if len(holding) == 1:
        return Placed(ways[holding[0]], "sum")
    # Rule 7: a lone number is the total.
    if len(filled) == 1 and spare > 0 and total is not None and is_value(filled[0].text):
        return Placed(_onto(filled, [total], count), "lone")
    return UNDECIDED


def _where(placing: Placing) -> tuple[int | None, ...]:
    return tuple(id(cell) if cell is not None and cell.text else None for cell in placing)


def _below_heads(values: Sequence[FoundCell], header: Header, width: int, complete: bool = True) -> Placing | None:
    """The cells below the heads' positions, if no figure stands elsewhere or spreads over two heads."""
    if max((cell.col + cell.colspan for cell in values), default=0) < width:
        return None  # a cell is lost or moved, nobody knows which
    placing = [
        next((c for c in values if c.col <= slot.col < c.col + c.colspan), None) if slot.text else None
        for slot in header.slots
    ]
    placed = sorted(id(cell) for cell in placing if cell is not None and cell.text)
    filled = sorted(id(cell) for cell in values if cell.text)
    fits = placed == filled if complete else len(set(placed)) == len(placed)
    return tuple(placing) if fits else None


def holds(numbers: Mapping[str, int | Decimal | None], equations: Sequence[Mapping[str, int]]) -> bool | None:
    """Whether sums hold with blanks read as nothing; None if a blank could make them hold, or there is nothing to add."""
    verdict: bool | None = None
    for equation in equations:
        known = {key: value for key in equation if (value := numbers.get(key)) is not None}
        if not any(known.values()):
            continue
        left = sum((equation[key] * value for key, value in known.items()), start=Decimal(0))
        if left == 0:
            verdict = True
        elif any((equation[key] > 0) != (left > 0) for key in equation if key not in known):
            return None
        else:
            return False
    return verdict
