"""The form's equations as rules: compiled to one sparse matrix, evaluated for one report or for a panel at once.

Each equation or floor is a row of the matrix, each cell a column. For `sum(coefficient × cell) + constant = 0` with
blanks that may be any admissible number, the policy is arithmetic: with blanks read as 0 it holds, or it fails for
every filling of the blanks, or it cannot be decided. A blank stands for any number from 0 up (any number at all in a
signed column), so it can rescue an equation only from the lighter side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ogi_report.figures import Cell, Figures, Kind, Number, format_number
from ogi_report.figures.cells import DECIMALS
from ogi_report.forms import CellSpec, Equation, EquationSpec, Form, Term, equations, official_forms
from ogi_report.rules.cell_sums import CellSums
from ogi_report.rules.context import Context
from ogi_report.rules.rule import Finding, Outcome, Rule, Severity, Tally
from ogi_report.rules.words import in_part

OUTCOMES = (Outcome.PASS, Outcome.ASSUMED, Outcome.FAIL, Outcome.NOT_APPLICABLE)
"""The codes 0–3 that vectorised evaluation gives."""

LARGEST = 2**53
"""Scaled values beyond this are taken for unreadable: sums of a row stay far inside int64."""


@dataclass(frozen=True)
class EquationSystem:
    """All equations of a form (with a report's local rows, if it has any) as one matrix.

    `matrix` has shape (equations, cells) and integer coefficients; `scale` turns a cell's number into an integer
    (1 for counts, 10⁶ for money), and every equation binds cells of one scale only.
    """

    form: Form
    equations: tuple[Equation, ...]
    cells: tuple[str, ...]
    matrix: CellSums
    constants: npt.NDArray[np.int64]
    floors: npt.NDArray[np.bool_]
    signed: npt.NDArray[np.bool_]
    scale: npt.NDArray[np.int64]

    @classmethod
    def of(cls, form: Form, compiled: tuple[Equation, ...] | None = None) -> EquationSystem:
        """Compiles a form's equations, or those given; floors `<=` are turned round: `sum + constant >= 0`."""
        compiled = equations(form) if compiled is None else compiled
        cells = tuple(form.cells)
        position = {key: number for number, key in enumerate(cells)}
        scale = np.array([_scale(form.cells[key]) for key in cells], dtype=np.int64)
        rows, constants = [], []
        for equation in compiled:
            sign = -1 if equation.relation == "<=" else 1
            scales = {int(scale[position[key]]) for key in equation.coefficients}
            assert len(scales) == 1, f"{equation.rule} mixes counts and money"
            rows.append({position[key]: sign * coefficient for key, coefficient in equation.coefficients.items()})
            constants.append(sign * equation.constant * scales.pop())
        return cls(
            form,
            compiled,
            cells,
            CellSums.of(rows, len(cells)),
            np.array(constants, dtype=np.int64),
            np.array([equation.relation != "=" for equation in compiled], dtype=bool),
            np.array([form.cells[key].number == "signed" for key in cells], dtype=bool),
            scale,
        )

    @cached_property
    def _binds(self) -> CellSums:
        """Which cells an equation binds."""
        return self.matrix.where(self.matrix.coefficients != 0)

    @cached_property
    def _gains(self) -> tuple[CellSums, CellSums]:
        """Where a blank can raise, and where it can lower, an equation's sum."""
        added, taken = self.matrix.coefficients > 0, self.matrix.coefficients < 0
        signed = self.signed[self.matrix.columns]
        return self.matrix.where(added | taken & signed), self.matrix.where(taken | added & signed)

    def evaluate(
        self, values: npt.NDArray[np.int64], blank: npt.NDArray[np.bool_], unreadable: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int8]:
        """Returns codes of `OUTCOMES`, shape (equations, reports).

        Args:
            values: scaled integers, shape (cells, reports); 0 wherever there is no number.
            blank: nothing written (or a placeholder), same shape.
            unreadable: text, or a number that is not admissible, same shape.
        """
        known = self.matrix @ values + self.constants[:, None]
        floors = self.floors[:, None]
        holds = np.where(floors, known >= 0, known == 0)
        if not (blank.any() or unreadable.any()):
            return np.where(holds, 0, 2).astype(np.int8)
        unknown = (blank | unreadable).astype(np.int64)
        raises, lowers = self._gains
        can_rise, can_fall = (raises @ unknown) > 0, (lowers @ unknown) > 0
        has_unknown = (self._binds @ unknown) > 0
        has_text = (self._binds @ unreadable.astype(np.int64)) > 0
        rescued = np.where(known < 0, can_rise, can_fall & ~floors)
        codes = np.where(holds, np.where(has_unknown, 1, 0), np.where(rescued, 3, 2))
        return np.asarray(np.where(holds & has_text, 3, codes), dtype=np.int8)


_SYSTEMS: dict[int, EquationSystem] = {}


def system(form: Form) -> EquationSystem:
    """Returns a form's compiled equations; an official layout is compiled once, a report's own form each time."""
    if not any(form is official for official in official_forms().values()):
        return EquationSystem.of(form)
    if id(form) not in _SYSTEMS:
        _SYSTEMS[id(form)] = EquationSystem.of(form)
    return _SYSTEMS[id(form)]


Vectors = tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]


def vector(figures: Figures, compiled: EquationSystem) -> Vectors:
    """Returns one report's (values, blank, unreadable), each of shape (cells, 1)."""
    cells = [figures[key] for key in compiled.cells]
    scaled = [_scaled(cell, scale) for cell, scale in zip(cells, compiled.scale.tolist(), strict=True)]
    values = np.array([[number or 0] for number in scaled], dtype=np.int64)
    unknown = np.array([[number is None] for number in scaled], dtype=bool)
    blank = np.array([[cell.is_empty] for cell in cells], dtype=bool)
    return values, unknown & blank, unknown & ~blank


def _scale(spec: CellSpec) -> int:
    return 10**DECIMALS if spec.number == "money" else 1


def _scaled(cell: Cell, scale: int) -> int | None:
    if cell.value is None:
        return None
    if type(cell.value) is int:
        return cell.value * scale if abs(cell.value * scale) < LARGEST else None
    scaled = Decimal(cell.value) * scale
    return int(scaled) if scaled == int(scaled) and abs(scaled) < LARGEST else None


def rules_of(form: Form) -> list[Rule]:
    """The catalogue entries of a form's equations."""
    return rules_for(form.equations)


def rules_for(specs: Iterable[EquationSpec]) -> list[Rule]:
    """Equations as entries of a catalogue."""
    where = {"column": "每一列", "row": "相关的每一行", "group": "每一组", "table": "整张表"}
    return [Rule(spec.id, Severity(spec.severity), spec.title, spec.source, where=where[spec.each]) for spec in specs]


def confront_equations(context: Context, tallies: dict[str, Tally]) -> Iterator[Finding]:
    """Evaluates all equations of the form on one report; counts the outcomes and yields the fails."""
    form = context.figures.form
    yield from confront_system(system(form), form.equations, context, tallies)


def confront_system(
    compiled: EquationSystem, specs: Sequence[EquationSpec], context: Context, tallies: dict[str, Tally]
) -> Iterator[Finding]:
    """Evaluates the compiled equations of `specs` on one report; counts the outcomes and yields the fails."""
    figures = context.figures
    severities = {spec.id: Severity(spec.severity) for spec in specs}
    codes = compiled.evaluate(*vector(figures, compiled))[:, 0]
    for equation, code in zip(compiled.equations, codes, strict=True):
        outcome = OUTCOMES[code]
        why = _why(equation, figures) if outcome is Outcome.NOT_APPLICABLE else None
        tallies[equation.rule].add(outcome, why)
        if outcome is Outcome.FAIL:
            yield equation_finding(equation, severities[equation.rule], context)
    bound = {equation.rule for equation in compiled.equations}
    for spec in specs:
        if spec.id not in bound:
            tallies[spec.id].add(Outcome.NOT_APPLICABLE, "报告没有印这些行")


def _why(equation: Equation, figures: Figures) -> str:
    cells = figures.form.cells
    keys = [key for key in equation.cells if _scaled(figures[key], _scale(cells[key])) is None]
    labels = in_part([f"“{cells[key].label}”" for key in keys], "格", limit=3)
    if all(figures[key].is_empty for key in keys):
        return f"{labels}未填"
    return f"{labels}{'不是数字' if any(figures[key].kind is Kind.TEXT for key in keys) else '不是整数'}"


def equation_finding(equation: Equation, severity: Severity, context: Context) -> Finding:
    """What is said of an equation that does not hold: both sides with their numbers, and the difference."""
    figures = context.figures
    left, right = (
        side_total(equation.left, equation.left_constant, figures),
        side_total(equation.right, equation.right_constant, figures),
    )
    return Finding(
        equation.rule,
        severity,
        context.agency,
        context.year,
        tuple(key for key in equation.cells if figures[key].kind is not Kind.BLANK) or equation.cells,
        _message(equation, left, right, figures),
        found=left,
        expected=right,
        difference=left - right,
        place=next((str(figures[key].at) for key in equation.cells if figures[key].at), None),
    )


def side_total(terms: tuple[Term, ...], constant: int, figures: Figures) -> Number:
    """Returns what one side of an equation comes to, with blanks read as 0."""
    total: Number = constant
    for term in terms:
        total += term.coefficient * (figures[term.cell].value or 0)
    return total


def _message(equation: Equation, left: Number, right: Number, figures: Figures) -> str:
    """“自然人”列：本年新收 18 ＋ 上年结转 2 ＝ 20；办理结果总计 18 ＋ 结转下年度 1 ＝ 19；两边应当相等，相差 1。"""
    kind = {"column": "列", "row": "行", "group": "栏", "table": ""}[equation.each]
    scope = f"“{equation.scope}”{kind}"
    relation = {"=": "两边应当相等", ">=": "前者不应小于后者", "<=": "前者不应大于后者"}[equation.relation]
    first = _side(equation, equation.left, equation.left_constant, left, figures)
    second = _side(equation, equation.right, equation.right_constant, right, figures)
    return f"{scope}：{first}；{second}；{relation}，相差 {format_number(max(left - right, right - left))}。"


def _side(equation: Equation, terms: tuple[Term, ...], constant: int, total: Number, figures: Figures) -> str:
    """One side with its numbers; addends that are 0 or blank are left out unless nothing would remain."""
    written = [term for term in terms if figures[term.cell].value] or list(terms[:1])
    parts = []
    for number, term in enumerate(written):
        name = equation.name_of(figures.form.cells[term.cell])
        value = figures[term.cell].value
        times = "" if abs(term.coefficient) == 1 else f"{abs(term.coefficient)} 倍"
        sign = ("－ " if term.coefficient < 0 else "＋ ") if number or term.coefficient < 0 else ""
        parts.append(f"{sign}{times}{name} {'（空白）' if value is None else format_number(value)}")
    if constant:
        parts.append(f"＋ {constant}")
    if not terms:
        return str(constant)
    return " ".join(parts) + (f" ＝ {format_number(total)}" if len(parts) > 1 else "")
