"""What a clerk sees beside the tables while typing is what the rules will say: recalculated by LibreOffice, table by table."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest

from ogi_report.figures import Figures, Kind
from ogi_report.forms import Form, equations
from ogi_report.forms.workbook import cell_name
from ogi_report.report.workbooks import standings
from ogi_report.writers.workbook import FormContent, Standing, build_workbook
from ogi_report.writers.workbook.formulas import ASSUMED, EMPTY, MET, OPEN, UNMET, UNREADABLE

pytestmark = pytest.mark.slow

NOT_YET = Standing("8888", "9999", "7777", "fail")
"""What the file says before anybody has calculated: wrong, so that a formula that was not calculated shows."""


def valid(form: Form) -> dict[str, int]:
    """Small figures in which all equations of the three layouts hold: a case in every part, sums as sums."""
    values = dict.fromkeys(form.cells, 0)
    for table in form.tables:
        for record in table.records.values():
            if table.key == "remedies":
                parts = [key for field, spec in record.fields.items() if field != "total" for key in [spec.key]]
                values |= dict.fromkeys(parts, 2) | {record.fields["total"].key: 2 * len(parts)}
    columns = [field for field in form.table("applications").fields if field != "total"]
    rows = list(form.table("applications").records)
    sums = ("received", "carried_in", "handled_total", "carried_out", "online")
    outcomes = [row for row in rows if row not in sums]
    for number, column in enumerate(columns, start=1):
        for row in outcomes:
            values[f"applications.{row}.{column}"] = number
        handled = number * len(outcomes)
        values |= {
            f"applications.handled_total.{column}": handled,
            f"applications.carried_out.{column}": 4,
            f"applications.carried_in.{column}": 3,
            f"applications.received.{column}": handled + 1,
        }
    for row in rows:
        values[f"applications.{row}.total"] = sum(values[f"applications.{row}.{column}"] for column in columns)
    return values


def cases(form: Form) -> list[Figures]:
    """Valid, faulty, partly blank, empty, and with things in the boxes that are no numbers."""
    chance = random.Random(form.id)
    keys = list(form.cells)
    right: dict[str, int | str | None] = dict(valid(form))

    def changed(share: float, what: Callable[[str], int | str | None]) -> Figures:
        chosen = chance.sample(keys, max(1, int(len(keys) * share)))
        return Figures.of(form, right | {key: what(key) for key in chosen})

    found = [
        Figures.of(form, right),
        Figures(form, {}),
        changed(0.05, lambda key: chance.randrange(60)),
        changed(0.4, lambda key: None),
        changed(0.2, lambda key: chance.choice(["-", "无", "/", None])),
        changed(0.08, lambda key: chance.choice(["若干", "12.5", "#REF!", 8, None])),
        Figures.of(form, {key: chance.choice([None, 0, 1, -2, 3]) for key in keys}),
    ]
    return found if form.id == "2021" else [found[0], *found[2:5]]


def expected(figures: Figures, keys: tuple[str, ...], standing: Standing) -> str:
    if any(
        figures[key].kind is Kind.TEXT or figures[key].value != int(figures[key].value or 0)
        for key in keys
        if not figures[key].is_empty
    ):
        return UNREADABLE
    if standing.outcome == "pass_assumed" and all(not figures[key].raw for key in keys):
        return EMPTY
    return {"pass": MET, "pass_assumed": ASSUMED, "fail": UNMET, "n/a": OPEN}[standing.outcome]


@pytest.fixture(scope="module")
def calculated(layout, saved_again):
    """(figures, where each equation is checked, the workbook as LibreOffice calculated it) for all cases of all layouts."""
    built = []
    for form in ("2019", "2021", "2031"):
        for figures in cases(layout(form)):
            count = len(equations(figures.form))
            built.append((figures, *build_workbook(FormContent(figures, 2024, (NOT_YET,) * count))))
    saved = saved_again([content for _, content, _ in built])
    books = [openpyxl.load_workbook(io.BytesIO(content), data_only=True) for content in saved]
    return [(figures, checked, book) for (figures, _, checked), book in zip(built, books, strict=True)]


def test_the_formulas_agree_with_the_rules(calculated):
    seen: Counter[str] = Counter()
    for figures, checked, book in calculated:
        known = dict(zip(equations(figures.form), standings(figures), strict=True))
        assert len(checked) == len(known)
        unmet: Counter[str] = Counter()
        for check in checked:
            standing = known[check.equation]
            word = book[check.sheet][cell_name(*check.word)].value
            told = f"{figures.form.id} {check.equation.rule} {check.equation.scope} {[figures[k].raw for k in check.equation.cells]}"
            keys = tuple(key for key, c in check.equation.coefficients.items() if c)
            assert word == expected(figures, keys, standing), told
            seen[word] += 1
            unmet[check.sheet] += word == UNMET
        for table in figures.form.tables:
            summary = book[table.name]["B2"].value
            if unmet[table.name]:
                assert summary.startswith(f"✖ 核对：有 {unmet[table.name]} 处"), summary
            elif any(check.sheet == table.name for check in checked):
                assert not summary.startswith("✖"), summary
        assert _front_counts(book) == sum(unmet.values())
    assert set(seen) == {MET, ASSUMED, UNMET, OPEN, UNREADABLE, EMPTY}, "each outcome must have occurred"
    assert min(seen.values()) > 10, seen


def _front_counts(book: openpyxl.Workbook) -> int:
    sheet = book["首页"]
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "不符")
    column = [sheet.cell(row, head.column).value for row in range(head.row + 1, sheet.max_row + 1)]
    return sum(int(Decimal(str(value))) for value in column if value is not None)


def test_both_sides_and_their_difference_are_the_sums_of_the_rules(calculated):
    for figures, checked, book in calculated:
        known = dict(zip(equations(figures.form), standings(figures), strict=True))
        for check in checked:
            beside = check.equation.rule in ("T3-ROWSUM", "T2B-FORCE-FLOOR", "T2C-FORCE-FLOOR")
            if beside and not any(figures[key].kind is Kind.TEXT for key in check.equation.cells):
                row, col = check.word
                sides = [Decimal(str(book[check.sheet][cell_name(row, col - back)].value)) for back in (3, 2, 1)]
                standing = known[check.equation]
                told = [Decimal(text) for text in (standing.left, standing.right, standing.difference)]
                assert sides == told


def test_what_viewers_show_without_calculating_is_the_same(layout):
    """The results that we write beside the formulas: phones and previews calculate nothing."""
    for figures in cases(layout("2021")):
        told = standings(figures)
        content, checked = build_workbook(FormContent(figures, 2024, told))
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        known = dict(zip(equations(figures.form), told, strict=True))
        for check in checked:
            word = book[check.sheet][cell_name(*check.word)].value
            assert word == check.shown == expected(figures, check.equation.cells, known[check.equation])
