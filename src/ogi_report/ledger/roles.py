"""What a form's tables ask of a ledger, derived from the form's own equations.

Three rows of table 三 follow from the day of receipt and the day of closing alone. Whatever the balance sets beside them is
taken apart, through the equations that define it, into the outcomes that a line may have. A row that no equation
connects with these is none of the ledger's business and stays blank.
"""

from __future__ import annotations

from dataclasses import dataclass

from ogi_report.errors import FormError
from ogi_report.forms import Equation, Form, Table, equations

APPLICATIONS, REMEDIES = "applications", "remedies"
RECEIVED, CARRIED_IN, CARRIED_OUT = "received", "carried_in", "carried_out"
PENDING = "pending"


@dataclass(frozen=True)
class Sum:
    """A cell that the form defines as the sum of others."""

    cell: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Roles:
    """`applicants`: leaf columns of table 三; `outcomes`: its rows that say how an application ended; `results`: kind of
    remedy → its columns that are no sum; `sums`: cells to be added up, each after its parts."""

    form: Form
    applicants: tuple[str, ...]
    outcomes: tuple[str, ...]
    results: dict[str, tuple[str, ...]]
    sums: tuple[Sum, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows of table 三 that lines are counted in."""
        return (RECEIVED, CARRIED_IN, *self.outcomes, CARRIED_OUT)


_known: dict[int, Roles] = {}


def roles(form: Form) -> Roles:
    """Returns what a form asks of a ledger, worked out once; the form is kept alive, so that its identity stays its own.

    Raises:
        FormError: no equation says what outcomes there are.
    """
    found = _known.get(id(form))
    if found is None:
        found = _known[id(form)] = _roles(form)
    return found


def _roles(form: Form) -> Roles:
    table = form.table(APPLICATIONS)
    bound = [equation for equation in equations(form) if equation.relation == "=" and not equation.constant]
    definitions = {sum.cell: sum for equation in bound if (sum := _definition(equation)) is not None}
    applicants = tuple(key for key, path in table.fields.items() if not getattr(path.leaf, "total", False))
    outcomes = _outcomes(table, applicants[0], bound, definitions)
    results = {
        record.key: tuple(
            key for key, cell in record.fields.items() if not cell.is_total and cell.key not in definitions
        )
        for record in form.table(REMEDIES).records.values()
    }
    rows = (RECEIVED, CARRIED_IN, *outcomes, CARRIED_OUT)
    counted = {f"{APPLICATIONS}.{row}.{column}" for row in rows for column in applicants}
    counted |= {f"{REMEDIES}.{group}.{result}" for group, keys in results.items() for result in keys}
    return Roles(form, applicants, outcomes, results, _in_order(counted, definitions))


def _definition(equation: Equation) -> Sum | None:
    """What an equation of the shape `total = part + part` defines."""
    sides = (equation.left, equation.right)
    for whole, parts in (sides, sides[::-1]):
        if len(whole) == 1 and whole[0].coefficient == 1 and all(part.coefficient == 1 for part in parts):
            return Sum(whole[0].cell, tuple(part.cell for part in parts))
    return None


def _outcomes(table: Table, column: str, bound: list[Equation], definitions: dict[str, Sum]) -> tuple[str, ...]:
    flows = {f"{APPLICATIONS}.{row}.{column}" for row in (RECEIVED, CARRIED_IN, CARRIED_OUT)}
    balance = next((equation for equation in bound if flows <= set(equation.cells)), None)
    if balance is None:
        raise FormError(f"{table.name}没有把新收、结转和办理结果连起来的算式，不能由台账计算")
    found: list[str] = []
    open_cells = [cell for cell in balance.cells if cell not in flows]
    while open_cells:
        cell = open_cells.pop(0)
        if cell in definitions:
            open_cells = [*definitions[cell].parts, *open_cells]
        else:
            found.append(table.cells[cell].record)
    return tuple(dict.fromkeys(found))


def _in_order(counted: set[str], definitions: dict[str, Sum]) -> tuple[Sum, ...]:
    known, ordered = set(counted), list[Sum]()
    waiting = [sum for cell, sum in definitions.items() if cell not in counted]
    while ready := [sum for sum in waiting if known.issuperset(sum.parts)]:
        ordered += ready
        known |= {sum.cell for sum in ready}
        waiting = [sum for sum in waiting if sum.cell not in known]
    return tuple(ordered)
