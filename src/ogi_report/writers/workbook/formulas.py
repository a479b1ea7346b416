"""Equations of the form as formulas that Excel, WPS and LibreOffice calculate while the clerk types.

They decide as the rules do (`rules/equations.py`): with blanks read as 0 an equation holds, or no filling of the blanks
can save it, or it is not decided yet. A cell that holds anything but a whole number (a count) leaves its equations
undecided here; what it means is decided when the workbook is read. Only functions that every version has are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ogi_report.forms import Equation, Form, Term
from ogi_report.writers.workbook.cells import LARGEST
from ogi_report.writers.workbook.places import Spot, ranges

MET, ASSUMED, UNMET, OPEN, UNREADABLE, EMPTY = (
    "✔ 相符",
    "✔ 空白按0",
    "✖ 不符",
    "？ 待填",
    "？ 非整数",
    "○ 未填",
)
SIGNS = {"met": "✔", "unmet": "✖", "open": "？"}
"""How a word about an equation begins; colours and counts go by it."""

BY_OUTCOME = {"pass": MET, "pass_assumed": ASSUMED, "fail": UNMET, "n/a": OPEN}
_RELATIONS = {"=": "＝", ">=": "≥", "<=": "≤"}
PLACEHOLDERS = ("-", "--", "—", "——", "–", "/", "无", "不适用")
"""Signs for “nothing” that people type; others leave an equation undecided, which is never wrong."""
_PLACEHOLDERS = "{" + ",".join(f'"{sign}"' for sign in PLACEHOLDERS) + "}"


@dataclass(frozen=True)
class LiveCheck:
    """An equation with what its formulas need: where its cells stand."""

    equation: Equation
    form: Form
    values: Mapping[str, Spot]

    @property
    def sign(self) -> str:
        return _RELATIONS[self.equation.relation]

    @property
    def left(self) -> str:
        return self._side(self.equation.left, self.equation.left_constant)

    @property
    def right(self) -> str:
        return self._side(self.equation.right, self.equation.right_constant)

    def _side(self, terms: tuple[Term, ...], constant: int) -> str:
        parts = []
        for factor in sorted({term.coefficient for term in terms}, reverse=True):
            cells = ",".join(self._ranges(term.cell for term in terms if term.coefficient == factor))
            times = {1: "+", -1: "-"}.get(factor, f"{factor:+d}*")
            parts.append(f"{times}SUM({cells})")
        if constant or not parts:
            parts.append(f"{constant:+d}")
        return f'=IFERROR({"".join(parts).removeprefix("+")},"")'

    def difference(self, left: str, right: str) -> str:
        """`left` and `right` name the cells of the two sides; amounts are rounded to where binary fractions begin."""
        return f'=IFERROR(ROUND({left}-{right},6),"")'

    def word(self, difference: str) -> str:
        """The formula that says in a word how the equation stands; `difference` names the cell of the difference."""
        net = {cell: c for cell, c in self.equation.coefficients.items() if c}
        signed = {cell for cell in net if self.form.cells[cell].number == "signed"}
        everything = self._ranges(net)
        rises = [cell for cell, c in net.items() if c > 0 or cell in signed]
        falls = [cell for cell, c in net.items() if c < 0 or cell in signed]
        all_cells = ",".join(everything)
        match self.equation.relation:
            case "=":
                holds = f"{difference}=0"
                saved = (
                    f"OR(AND({difference}<0,{self._some_blank(rises)}),AND({difference}>0,{self._some_blank(falls)}))"
                )
            case ">=":
                holds, saved = f"{difference}>=0", self._some_blank(rises)
            case _:
                holds, saved = f"{difference}<=0", self._some_blank(falls)
        decided = f'IF({holds},IF(COUNT({all_cells})={len(net)},"{MET}","{ASSUMED}"),IF({saved},"{OPEN}","{UNMET}"))'
        empty = f'IF(AND(COUNTA({all_cells})=0,{holds}),"{EMPTY}",{decided})'
        return f'=IFERROR(IF({self._unreadable(everything, net)}>0,"{UNREADABLE}",{empty}),"{UNREADABLE}")'

    def _unreadable(self, everything: list[str], net: Mapping[str, int]) -> str:
        """How many cells hold text, an error, a fraction of a count or a pasted code."""
        listed = ",".join(everything)
        parts = [f"COUNTA({listed})-COUNT({listed})"]
        for cells in everything:
            parts.append(f"-SUMPRODUCT(COUNTIF({cells},{_PLACEHOLDERS}))")
            parts.append(f'+COUNTIF({cells},">={LARGEST + 1}")+COUNTIF({cells},"<=-{LARGEST + 1}")')
            if all(self.form.cells[cell].number != "money" for cell in net):
                parts.append(f'+SUMPRODUCT(ISNUMBER({cells})*ISNUMBER(FIND(".",{cells})))')
        return "".join(parts)

    def _some_blank(self, cells: list[str]) -> str:
        return f"COUNT({','.join(self._ranges(cells))})<{len(cells)}" if cells else "FALSE"

    def _ranges(self, cells: Iterable[str]) -> list[str]:
        return ranges(self.values[cell] for cell in cells)


def told(equation: Equation, terms: tuple[Term, ...], constant: int, form: Form) -> str:
    """One side of an equation in words: 办理结果总计 ＋ 结转下年度; long sums by their ends."""

    def name(term: Term) -> str:
        label = equation.name_of(form.cells[term.cell])
        return label if abs(term.coefficient) == 1 else f"{abs(term.coefficient)} 倍{label}"

    if len(terms) > _LONG and all(term.coefficient == 1 for term in terms):
        text = f"{name(terms[0])}至{name(terms[-1])}（{len(terms)} 项）之和"
    else:
        signs = [("－" if term.coefficient < 0 else "＋") + name(term) for term in terms]
        text = "".join(signs).removeprefix("＋")
    return f"{text}{'＋' if constant > 0 else '－'}{abs(constant)}" if constant and terms else text or str(constant)


_LONG = 4
