"""Where applications come from and what becomes of them, read from the form's own equations on table 三.

`received + carried_in = handled_total + carried_out` says what flows in and out, `handled_total = granted + …` into
what the handled ones divide; the groups of rows say what belongs together. A new form needs no code here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ogi_report.figures import Figures
from ogi_report.forms import Form, Table
from ogi_report.forms.equations import compile_equation

TABLE, BALANCE, BREAKDOWN = "applications", "T3-BALANCE", "T3-HANDLED"


@dataclass(frozen=True, slots=True)
class Part:
    """A number of applications by the form's name for it; a group of rows is the sum of its `parts`."""

    name: str
    cells: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    def of(self, figures: Figures) -> int | None:
        """The number, or None where a cell holds none that can be counted."""
        total = 0
        for key in self.cells:
            value = figures.cells[key].value if key in figures.cells else None
            if value is None or value < 0 or value != int(value):
                return None
            total += int(value)
        return total


@dataclass(frozen=True, slots=True)
class Stream:
    """Applications from `sources` to `outcomes` (together `handled`) and to what is `left` for next year."""

    sources: tuple[Part, ...]
    handled: Part
    outcomes: tuple[Part, ...]
    left: tuple[Part, ...]


_STREAMS: dict[tuple[str, tuple[str, ...]], Stream] = {}
"""By layout and rows: compiling equations takes as long as drawing."""


def stream_of(form: Form) -> Stream:
    """Returns the stream of a form's total column."""
    table = form.table(TABLE)
    key = (form.id, tuple(table.records))
    if key not in _STREAMS:
        _STREAMS[key] = _stream(form, table)
    return _STREAMS[key]


def _stream(form: Form, table: Table) -> Stream:
    in_total = {
        equation.rule: equation
        for spec in form.equations
        if spec.id in (BALANCE, BREAKDOWN)
        for equation in compile_equation(spec, form)
        if all(form.cells[cell].is_total for cell in equation.cells)
    }
    balance, breakdown = in_total[BALANCE], in_total[BREAKDOWN]
    (handled,) = (term.cell for term in breakdown.left)
    return Stream(
        tuple(_part(form, term.cell) for term in balance.left),
        _part(form, handled),
        tuple(_grouped(form, table, (term.cell for term in breakdown.right))),
        tuple(_part(form, term.cell) for term in balance.right if term.cell != handled),
    )


def _part(form: Form, cell: str) -> Part:
    row = form.cells[cell].row
    assert row is not None, "table 三 has rows"
    return Part(row.name, (cell,))


def _grouped(form: Form, table: Table, cells: Iterable[str]) -> Iterable[Part]:
    """Rows of one group as one part."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        record = form.cells[cell].record
        group = next((group for group in table.groups if record.startswith(f"{group}.")), cell)
        found.setdefault(group, []).append(cell)
    for group, members in found.items():
        if group in table.groups:
            parts = tuple(_part(form, cell) for cell in members)
            yield Part(table.groups[group].name, tuple(members), parts)
        else:
            yield _part(form, group)
