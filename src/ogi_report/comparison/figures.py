"""Which cells two reports fill differently. Only cells that both layouts have are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ogi_report.comparison.side import Side
from ogi_report.figures import Number


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A cell before and after; `before` and `after` are what was written, None where a report has no such row."""

    key: str
    label: str
    before: str | None
    after: str | None
    difference: Number | None

    def as_json(self) -> dict[str, Any]:
        return {
            "cell": self.key,
            "label": self.label,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
        }


def changed_figures(a: Side, b: Side) -> tuple[int, list[FigureChange]]:
    """Returns the number of cells that both have, and those that changed, in the form's order.

    A number written in another way (1,024 and 1024) is the same; a blank that became a 0, or a sign for nothing, is not.
    Rows that an agency added itself are told where only one side has them.
    """
    in_order = [*b.form.cells, *(key for key in b.figures if key not in b.form.cells)]
    shared = [key for key in in_order if key in a.figures and key in b.figures]
    changes = [
        FigureChange(key, b.label(key), str(a.figures[key]["raw"]), str(b.figures[key]["raw"]), _difference(a, b, key))
        for key in shared
        if _content(a.figures[key]) != _content(b.figures[key])
    ]
    for key in _own_rows(a, b):
        changes.append(FigureChange(key, a.label(key), str(a.figures[key]["raw"]), None, None))
    for key in _own_rows(b, a):
        changes.append(FigureChange(key, b.label(key), None, str(b.figures[key]["raw"]), None))
    return len(shared), changes


def _content(cell: Mapping[str, Any]) -> tuple[object, ...]:
    return (cell["kind"], cell["value"]) if cell["value"] is not None else (cell["kind"], str(cell["raw"]).strip())


def _difference(a: Side, b: Side, key: str) -> Number | None:
    before, after = a.figures[key]["value"], b.figures[key]["value"]
    return None if before is None or after is None else after - before


def _own_rows(of: Side, other: Side) -> list[str]:
    """Filled cells of an agency's own rows that the other side lacks."""
    return [
        k for k, c in of.figures.items() if k not in other.figures and k not in of.form.cells and str(c["raw"]).strip()
    ]
