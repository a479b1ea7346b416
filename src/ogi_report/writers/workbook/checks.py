"""The live checks of one table: those of a row beside it, those of a column below it, all others in a list below that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ogi_report.forms import Equation, EquationSpec
from ogi_report.forms.workbook import cell_name
from ogi_report.writers.exact_numbers import is_plain
from ogi_report.writers.workbook.content import FormContent, Standing
from ogi_report.writers.workbook.formulas import BY_OUTCOME, EMPTY, PLACEHOLDERS, SIGNS, UNREADABLE, LiveCheck, told
from ogi_report.writers.workbook.places import GRID, Places, Spot, ranges
from ogi_report.writers.workbook.styles import BAD, GOOD, OPEN, Styles

_HEADS = ("左边", "右边", "差", "核对")
_WIDTHS = (8, 8, 7, 11)


@dataclass(frozen=True, slots=True)
class Checked:
    """Where on a sheet an equation is checked; `word` says how it stands, `shown` what it says before calculation."""

    equation: Equation
    sheet: str
    word: Spot
    shown: str
    scope: str


@dataclass
class Checks:
    """The checks of a table's sheet under construction; `right` is the first column that they leave free."""

    sheet: Any
    styles: Styles
    content: FormContent
    places: Places
    right: int = 0

    def write(self) -> list[Checked]:
        """Writes all of them; returns where they stand."""
        beside: dict[object, list[tuple[Equation, Standing]]] = {}
        below: dict[object, list[tuple[Equation, Standing]]] = {}
        others: list[tuple[Equation, Standing]] = []
        for equation, standing in self.content.equations_of(self.places.table.key):
            cells = [self.content.form.cells[key] for key in equation.cells]
            rows, cols = ({self.places.values[cell.key][i] for cell in cells} for i in (0, 1))
            if len(rows) == 1 and self.places.table.has_stub:
                beside.setdefault((equation.rule, *(cell.field for cell in cells)), []).append((equation, standing))
            elif len(cols) == 1 and len(self.places.blocks) == 1:
                below.setdefault((equation.rule, *(cell.record for cell in cells)), []).append((equation, standing))
            else:
                others.append((equation, standing))
        self.right = self.places.right + 1
        found = [checked for group in beside.values() for checked in self._beside(group)]
        row = self.places.bottom + 1
        for group in below.values():
            found += self._below(group, row)
            row += 5
        found += self._listed(others, row)
        self._colours(found)
        return found

    def _beside(self, group: Sequence[tuple[Equation, Standing]]) -> Iterable[Checked]:
        col = self.right
        for i, width in enumerate(_WIDTHS):
            self.sheet.set_column(col + i, col + i, width)
        blocks = {}
        for equation, standing in group:
            row = self.places.values[equation.cells[0]][0]
            block = next(block for block in self.places.blocks if block.first <= row < block.end)
            blocks[block] = equation
            spots = [(row, col + i) for i in range(4)]
            yield self._check(equation, standing, spots)
        for rows, equation in blocks.items():
            head = self.styles.of("check_head")
            if rows.keys - 1 > rows.top:
                self.sheet.merge_range(rows.top, col, rows.keys - 2, col + 3, self._spec(equation).title, head)
            for i, text in enumerate(_HEADS):
                self.sheet.write_string(rows.keys - 1, col + i, text, head)
        self.right += len(_WIDTHS) + 1
        self.sheet.set_column(self.right - 1, self.right - 1, 2)

    def _below(self, group: Sequence[tuple[Equation, Standing]], row: int) -> Iterable[Checked]:
        equation, _ = group[0]
        check = self._live(equation)
        label = self.styles.of("check_label")
        names = [
            f"核对：{self._spec(equation).title}",
            f"左边　{told(equation, equation.left, equation.left_constant, self.content.form)}",
            f"右边　{told(equation, equation.right, equation.right_constant, self.content.form)}",
            "差　　左边减右边",
        ]
        last = GRID + self.places.stub_width - 1
        for i, name in enumerate(names[1:]):
            self._label(row + 1 + i, GRID, last, name, label)
        self._label(row, GRID, last, f"{names[0]}（左边{check.sign}右边）", self.styles.of("check_head"))
        for i in range(4):
            self.sheet.set_row(row + i, 30 if i == 0 else 18)
        for equation, standing in group:
            col = self.places.values[equation.cells[0]][1]
            # The word stands in the head line, above its numbers.
            yield self._check(equation, standing, [(row + 1 + i, col) for i in range(3)] + [(row, col)])

    def _listed(self, group: Sequence[tuple[Equation, Standing]], row: int) -> Iterable[Checked]:
        """One line for each: what is checked, in words, and its four cells."""
        if not group:
            return
        last = GRID + (_LABEL_COLUMNS if self.places.grid.width > _LABEL_COLUMNS * 2 else 1) - 1
        titles = "；".join(dict.fromkeys(self._spec(equation).title for equation, _ in group))
        head = self.styles.of("check_head")
        self._label(row, GRID, last, f"核对：{titles}", head)
        self.sheet.set_row(row, 36)
        for i, text in enumerate(_HEADS):
            self._wide(row, last + 1 + 2 * i, text, head)
        for number, (equation, standing) in enumerate(group, start=row + 1):
            self._label(number, GRID, last, equation.scope, self.styles.of("check_label"))
            self.sheet.set_row(number, 20)
            yield self._check(equation, standing, [(number, last + 1 + 2 * i) for i in range(4)], wide=True)

    def _label(self, row: int, first: int, last: int, text: str, style: Any) -> None:
        if last > first:
            self.sheet.merge_range(row, first, row, last, text, style)
        else:
            self.sheet.write_string(row, first, text, style)

    def _wide(self, row: int, col: int, text: str, style: Any) -> None:
        self.sheet.merge_range(row, col, row, col + 1, text, style)

    def _check(self, equation: Equation, standing: Standing, spots: list[Spot], wide: bool = False) -> Checked:
        """Writes both sides, their difference and the word into the cells given, in this order."""
        live = self._live(equation)
        left, right, difference, _ = (cell_name(*spot) for spot in spots)
        shown = self._shown(equation, standing)
        number, telling = self.styles.of("check_number"), self.styles.of("check_word")
        formulas = (
            (live.left, number, standing.left),
            (live.right, number, standing.right),
            (live.difference(left, right), number, standing.difference),
            (live.word(difference), telling, shown),
        )
        for (row, col), (formula, style, value) in zip(spots, formulas, strict=True):
            if wide:
                self._wide(row, col, "", style)
            self.sheet.write_formula(row, col, formula, style, value)
        cell = self.content.form.cells[equation.cells[0]]
        names = {"row": cell.row.name if cell.row else equation.scope, "column": cell.column.name}
        return Checked(equation, self.places.table.name, spots[-1], shown, names.get(equation.each, equation.scope))

    def _shown(self, equation: Equation, standing: Standing) -> str:
        """What the formula will say, for programs that calculate nothing."""
        cells = [self.content.form.cells[key] for key, factor in equation.coefficients.items() if factor]
        written = [(spec, raw) for spec in cells if (raw := self.content.figures[spec.key].raw)]
        if any(
            not is_plain(raw) or (spec.number != "money" and "." in raw)
            for spec, raw in written
            if raw not in PLACEHOLDERS
        ):
            return UNREADABLE
        return EMPTY if not written and standing.outcome == "pass_assumed" else BY_OUTCOME[standing.outcome]

    def _live(self, equation: Equation) -> LiveCheck:
        return LiveCheck(equation, self.content.form, self.places.values)

    def _spec(self, equation: Equation) -> EquationSpec:
        return next(spec for spec in self.content.form.equations if spec.id == equation.rule)

    def _colours(self, found: Sequence[Checked]) -> None:
        if not found:
            return
        cells = ranges(checked.word for checked in found)
        first = found[0].word
        for sign, colours in ((SIGNS["unmet"], BAD), (SIGNS["open"], OPEN), (SIGNS["met"], GOOD)):
            self.sheet.conditional_format(
                *first,
                *first,
                {
                    "type": "text",
                    "criteria": "begins with",
                    "value": sign,
                    "format": self.styles.condition(*colours),
                    "multi_range": " ".join(cells),
                },
            )


_LABEL_COLUMNS = 3


def write_summary(sheet: Any, row: int, col: int, checked: Sequence[Checked], styles: Styles) -> None:
    """How many of a sheet's equations are not met or not decided, as a live sentence."""
    cells = ranges(check.word for check in checked)
    unmet, still_open = (counted(cells, SIGNS[sign]) for sign in ("unmet", "open"))
    formula = (
        f'=IF({unmet}>0,"✖ 核对：有 "&({unmet})&" 处勾稽关系不符，见标红的“核对”格",'
        f'IF({still_open}>0,"？ 核对：没有不符，还有 "&({still_open})&" 处不能定（有空白或误填）",'
        '"✔ 核对：没有不符"))'
    )
    bad, waiting = (sum(check.shown.startswith(SIGNS[sign]) for check in checked) for sign in ("unmet", "open"))
    shown = (
        f"✖ 核对：有 {bad} 处勾稽关系不符，见标红的“核对”格"
        if bad
        else f"？ 核对：没有不符，还有 {waiting} 处不能定（有空白或误填）"
        if waiting
        else "✔ 核对：没有不符"
    )
    if not checked:
        return
    sheet.write_formula(row, col, formula, styles.of("summary"), shown)
    for sign, (_, ink) in (("unmet", BAD), ("open", OPEN), ("met", GOOD)):
        sheet.conditional_format(
            row,
            col,
            row,
            col,
            {
                "type": "text",
                "criteria": "begins with",
                "value": SIGNS[sign],
                "format": styles.ink(ink),
            },
        )


def counted(cells: Iterable[str], sign: str, sheet: str = "") -> str:
    """A formula's term: how many of the cells begin with a sign."""
    where = f"'{sheet}'!" if sheet else ""
    return "+".join(f'COUNTIF({where}{each},"{sign}*")' for each in cells)
