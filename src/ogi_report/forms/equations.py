"""The small language in which a form states its arithmetic, and its compilation to coefficients.

    received + carried_in = handled_total + carried_out          each column of table 三
    total = natural_person + sum(legal)                          each row
    in_force >= issued - repealed                                each row that has these columns

Names are row keys (`each: column`), column keys (`each: row`, `each: group`) or keys within the table
(`each: table`); `sum(group)` adds the group's leaves, and is the leaf itself where the group is a single row.
Whatever is not linear is refused.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ogi_report.errors import FormError
from ogi_report.forms.model import EquationSpec, Form, Table
from ogi_report.forms.parts import CellSpec, Derived, Each
from ogi_report.in_words import InWords

Relation = Literal["=", ">=", "<="]

LARGEST_FACTOR, LARGEST_CONSTANT = 1_000, 10**9
"""So that no equation leaves the 64 bits in which a panel is evaluated."""


@dataclass(frozen=True, slots=True)
class Term(InWords):
    """`coefficient × cell`, on the side of the equation on which it was written."""

    coefficient: int
    cell: str

    def _in_words(self) -> str:
        return f"{self.coefficient:+d} × {self.cell}"


@dataclass(frozen=True, slots=True)
class Equation:
    """One equation between cells of a report: `left relation right`, with plain integers as constants."""

    rule: str
    table: str
    each: Each
    scope: str
    left: tuple[Term, ...]
    relation: Relation
    right: tuple[Term, ...]
    left_constant: int = 0
    right_constant: int = 0

    def name_of(self, cell: CellSpec) -> str:
        """How a message calls a cell among this equation's terms: within a row or group by its column, else by its row."""
        if self.each in ("row", "group"):
            return cell.column.name
        return cell.row.name if cell.row else cell.name

    @property
    def coefficients(self) -> dict[str, int]:
        """Cell key → coefficient with everything brought to the left side."""
        total: dict[str, int] = {}
        for term in self.left:
            total[term.cell] = total.get(term.cell, 0) + term.coefficient
        for term in self.right:
            total[term.cell] = total.get(term.cell, 0) - term.coefficient
        return total

    @property
    def constant(self) -> int:
        return self.left_constant - self.right_constant

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.cell for term in (*self.left, *self.right)))


class _Unknown(KeyError):
    """A name of an equation is not among the cells of the scope at hand."""


def _linear(text: str, cells: Mapping[str, str]) -> tuple[tuple[Term, ...], int]:
    """Returns one side of an equation as terms and a constant; `cells` maps the scope's names to cell keys."""
    terms: list[Term] = []
    constant = 0

    def add(node: ast.expr, sign: int) -> None:
        nonlocal constant
        match node:
            case ast.BinOp(left=a, op=ast.Add(), right=b):
                add(a, sign)
                add(b, sign)
            case ast.BinOp(left=a, op=ast.Sub(), right=b):
                add(a, sign)
                add(b, -sign)
            case ast.UnaryOp(op=ast.USub(), operand=a):
                add(a, -sign)
            case (
                ast.BinOp(left=ast.Constant(value=int(factor)), op=ast.Mult(), right=a)
                | ast.BinOp(left=a, op=ast.Mult(), right=ast.Constant(value=int(factor)))
            ):
                add(a, sign * factor)
            case ast.Constant(value=int(number)):
                constant += sign * number
            case ast.Call(func=ast.Name(id="sum"), args=[ast.Name() | ast.Attribute() as group], keywords=[]):
                for name in _leaves(ast.unparse(group), cells):
                    terms.append(Term(sign, cells[name]))
            case ast.Name() | ast.Attribute():
                name = ast.unparse(node)
                if name not in cells:
                    raise _Unknown(name)
                terms.append(Term(sign, cells[name]))
            case _:
                raise FormError(f"算式“{text}”中的“{ast.unparse(node)}”不是线性的；只能用 + - 整数倍 和 sum(组)")

    try:
        add(ast.parse(text.strip(), mode="eval").body, 1)
    except SyntaxError as error:
        raise FormError(f"算式“{text}”写法有误：{error.msg}") from None
    except (ValueError, RecursionError, MemoryError):
        raise FormError(f"算式“{text[:40]}……”写法有误：含有不能读的字符，或者太长") from None
    if abs(constant) > LARGEST_CONSTANT or any(abs(term.coefficient) > LARGEST_FACTOR for term in terms):
        raise FormError(f"算式“{text}”中的数太大：倍数不超过 {LARGEST_FACTOR}，常数不超过 {LARGEST_CONSTANT}")
    return tuple(terms), constant


def _leaves(group: str, cells: Mapping[str, str]) -> list[str]:
    if group in cells:
        return [group]
    # A printed subtotal (`denied.sum`) is not one of the parts that it sums.
    names = [name for name in cells if name.startswith(f"{group}.") and not name.endswith((".sum", ".total"))]
    if not names:
        raise _Unknown(group)
    return names


def _scopes(table: Table, each: Each) -> Iterator[tuple[str, dict[str, str]]]:
    """Yields (how a message names the scope, name → cell key) for each column, row, group or the table."""
    match each:
        case "column":
            columns: dict[str, tuple[str, dict[str, str]]] = {}
            for record in table.records.values():
                for field, cell in record.fields.items():
                    columns.setdefault(field, (cell.column.title, {}))[1][record.key] = cell.key
            yield from columns.values()
        case "row" | "group":
            for record in table.records.values():
                yield record.path.title, {field: cell.key for field, cell in record.fields.items()}
        case "table":
            yield table.name, {key.removeprefix(f"{table.key}."): key for key in table.cells}


def _sides(line: str) -> tuple[str, Relation, str]:
    match = re.fullmatch(r"([^<>=]+)(<=|>=|=)([^<>=]+)", line)
    if not match:
        raise FormError(f"算式“{line}”应当恰有一个 =、>= 或 <=")
    return match[1], match[2], match[3]  # type: ignore[return-value]  # the pattern admits only these relations


def compile_equation(spec: EquationSpec, form: Form) -> list[Equation]:
    """Returns one `Equation` for each scope whose cells the equation names.

    Raises:
        FormError: the text is not a linear equation, adds counts to amounts, or has a line that applies nowhere though
            the equation is not `optional`.
    """
    table = form.table(spec.table)
    compiled: list[Equation] = []
    for line in spec.holds:
        left, relation, right = _sides(line)
        unknown: set[str] = set()
        known: set[str] = set()
        before = len(compiled)
        for scope, cells in _scopes(table, spec.each):
            known |= set(cells)
            try:
                left_terms, left_constant = _linear(left, cells)
                right_terms, right_constant = _linear(right, cells)
            except _Unknown as error:
                unknown.add(str(error.args[0]))
                continue
            compiled.append(
                Equation(
                    spec.id,
                    table.key,
                    spec.each,
                    scope,
                    left_terms,
                    relation,
                    right_terms,
                    left_constant,
                    right_constant,
                )
            )
        if len(compiled) == before and not spec.optional:
            names = "、".join(sorted(unknown - known or unknown))
            raise FormError(f"{form.name}的算式 {spec.id} 用到了没有声明的名称：{names}")
    for equation in compiled:
        if len({form.cells[cell].number == "money" for cell in equation.cells}) != 1:
            raise FormError(f"{form.name}的算式 {spec.id} 应当只用件数或只用金额，至少用到一格")
    return compiled


def equations(form: Form) -> tuple[Equation, ...]:
    """Returns all equations of a form, one for each column, row, group or table that they bind."""
    return tuple(equation for spec in form.equations for equation in compile_equation(spec, form))


def derived_quantities(form: Form) -> dict[str, tuple[str, tuple[Term, ...]]]:
    """Returns key → (name in narratives, terms) of everything that the form's cells determine but do not print.

    Subtotals of groups (`applications.denied.sum.total`), 法人或其他组织 (`….legal.sum`), all litigation cases.
    """
    found: dict[str, tuple[str, tuple[Term, ...]]] = {}
    for table in form.tables:
        for group, row in table.groups.items():
            found |= _derive(table, Derived(key=f"{group}.sum", label=row.name, each="column", of=f"sum({group})"))
        for record in table.records.values():
            found |= _column_groups(table, record.key)
        for quantity in table.derived:
            found |= _derive(table, quantity)
    return found


def _derive(table: Table, quantity: Derived) -> dict[str, tuple[str, tuple[Term, ...]]]:
    found = {}
    unknown: set[str] = set()
    fields, records = list(table.fields.items()), list(table.records.values())
    for index, (_scope, cells) in enumerate(_scopes(table, quantity.each)):
        try:
            terms, _ = _linear(quantity.of, cells)
        except _Unknown as error:
            unknown.add(str(error.args[0]))
            continue
        match quantity.each:
            case "column":
                field, path = fields[index]
                suffix = "" if getattr(path.leaf, "total", False) else path.name
                found[f"{table.key}.{quantity.key}.{field}"] = (quantity.name + suffix, terms)
            case "row" | "group":
                record = records[index]
                found[f"{table.key}.{record.key}.{quantity.key}"] = (record.path.name + quantity.name, terms)
            case "table":
                found[f"{table.key}.{quantity.key}"] = (quantity.name, terms)
    if not found:
        raise FormError(f"{table.name}的 {quantity.key} 用到了没有声明的名称：{'、'.join(sorted(unknown))}")
    return found


def _column_groups(table: Table, record: str) -> dict[str, tuple[str, tuple[Term, ...]]]:
    found = {}
    if table.has_stub:
        fields = table.records[record].fields
        for field, cell in fields.items():
            for label in cell.column.above:
                if label.key and field.startswith(f"{label.key}."):
                    parts = tuple(
                        Term(1, part.key) for name, part in fields.items() if name.startswith(f"{label.key}.")
                    )
                    name = f"{table.records[record].path.name}{label.name}"
                    found[f"{table.key}.{record}.{label.key}.sum"] = (name, parts)
    return found


def carried_over(form: Form) -> dict[str, tuple[Term, ...]]:
    """Returns cell → the cells of last year's report that it begins with (上年结转: last year's 结转下年度).

    Raises:
        FormError: a `last_year` that is not linear, or that names no row (of a row) or column (of a column).
    """
    found: dict[str, tuple[Term, ...]] = {}
    for table in form.tables:
        for record in table.records.values():
            beside = {field: cell.key for field, cell in record.fields.items()}
            for field, cell in record.fields.items():
                above = {r.key: r.fields[field].key for r in table.records.values() if field in r.fields}
                row = cell.row.leaf.last_year if cell.row is not None else None
                for text, cells in ((row, above), (cell.column.leaf.last_year, beside)):
                    if text is not None:
                        try:
                            found[cell.key], _ = _linear(text, cells)
                        except _Unknown as error:
                            raise FormError(
                                f"{form.name}的“{cell.label}”的 last_year 用到了没有声明的名称：{error.args[0]}"
                            ) from None
    return found
