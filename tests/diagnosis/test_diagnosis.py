"""Which cell is wrong: slips of the hand on two published reports, and what is said where nobody can tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ogi_report.diagnosis import Diagnosis, Status, determined, diagnose, with_suggestions
from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.rules import Findings, check

PUBLISHED = Path(__file__).parents[1] / "published"
T3 = "applications.{}"
COLUMNS = (
    "natural_person",
    "legal.commercial",
    "legal.research",
    "legal.social",
    "legal.legal_service",
    "legal.other",
    "total",
)
PATIENT = 30.0
"""Seconds: no test hangs on how busy the machine is."""

Values = dict[str, int]


@pytest.fixture(scope="module")
def published(forms: dict[str, Form]) -> Callable[[str], Figures]:
    def read(name: str) -> Figures:
        stored = json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8"))
        form = forms[str(stored["layout"])]
        cells = {key: "" if value is None else str(value) for key, value in stored["figures"].items()}
        figures = Figures.of(form, {key: value for key, value in cells.items() if key in form.cells})
        return Figures.of(form, {key: cell.value if cell.value is not None else 0 for key, cell in figures.items()})

    return read


@pytest.fixture(scope="module")
def with_slips(published: Callable[[str], Figures]) -> Callable[[str, Mapping[str, int]], Figures]:
    """A published report into which a hand has slipped."""

    def write(name: str, slips: Mapping[str, int]) -> Figures:
        right = published(name)
        return Figures.of(right.form, {key: cell.value for key, cell in right.items()} | dict(slips))

    return write


def changes(diagnosis: Diagnosis, place: int = 0) -> dict[str, object]:
    return {change.cell: change.value for change in diagnosis.repairs[place].changes}


def truth(figures: Figures, slips: Mapping[str, int]) -> dict[str, object]:
    return {key: figures.value(key) for key in slips}


@pytest.mark.parametrize("name", ["huaian_2024", "pingtan_2019"])
def test_a_published_report_needs_no_repair(published: Callable[[str], Figures], name: str) -> None:
    assert diagnose(published(name), time_limit=PATIENT).status is Status.CONSISTENT


def _slips_of(value: int) -> dict[str, int]:
    """One slip of each kind for a number of at least two different digits."""
    digits = str(value)
    return {
        "相邻两位数字颠倒": int(digits[:-2] + digits[-1] + digits[-2]),
        "漏写一位数字": int(digits[:-1]),
        "一位数字重复": int(digits + digits[-1]),
        "一位数字写错": int(digits[:-1] + str((int(digits[-1]) + 3) % 10)),
    }


KINDS = ["相邻两位数字颠倒", "漏写一位数字", "一位数字重复", "一位数字写错"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["huaian_2024", "pingtan_2019"])
def test_a_slip_in_one_number_is_repaired_exactly(
    published: Callable[[str], Figures], with_slips: Callable[..., Figures], name: str, kind: str
) -> None:
    right = published(name)
    tried = 0
    for key, cell in right.items():
        if not key.startswith(("applications.", "remedies.")) or cell.value is None or cell.value < 10:
            continue
        wrong = _slips_of(int(cell.value))[kind]
        if wrong == cell.value or tried >= 12:
            continue
        tried += 1
        found = diagnose(with_slips(name, {key: wrong}), time_limit=PATIENT)
        assert changes(found) == {key: cell.value}, (key, wrong)
        assert found.status is Status.FOUND
        if cell.value % 10:
            assert found.repairs[0].text.endswith(f"（{kind}）")
    assert tried >= 4


@pytest.mark.parametrize("name", ["huaian_2024", "pingtan_2019"])
def test_two_neighbour_cells_that_changed_places_are_put_back(
    published: Callable[[str], Figures], with_slips: Callable[..., Figures], name: str
) -> None:
    right = published(name)
    one, other = T3.format("granted.natural_person"), T3.format("granted.legal.commercial")
    slips = {one: int(right.value(other) or 0), other: int(right.value(one) or 0)}
    found = diagnose(with_slips(name, slips), time_limit=PATIENT)
    assert changes(found) == truth(right, slips)
    assert "相邻两格互换" in found.repairs[0].text


@pytest.mark.parametrize("name", ["huaian_2024", "pingtan_2019"])
@pytest.mark.parametrize("row", ["received", "granted", "handled_total"])
def test_a_row_that_slipped_to_the_right_is_put_back(
    published: Callable[[str], Figures], with_slips: Callable[..., Figures], name: str, row: str
) -> None:
    right = published(name)
    keys = [T3.format(f"{row}.{column}") for column in COLUMNS]
    numbers = [int(right.value(key) or 0) for key in keys]
    slips = dict(zip(keys, [0, *numbers[:-1]], strict=True))
    slips = {key: value for key, value in slips.items() if value != right.value(key)}
    found = diagnose(with_slips(name, slips), time_limit=PATIENT)
    assert changes(found) == truth(right, slips)


def test_a_column_that_slipped_down_is_put_back(
    published: Callable[[str], Figures], with_slips: Callable[..., Figures]
) -> None:
    right = published("huaian_2024")
    rows = list(right.form.table("applications").records)[:4]
    keys = [T3.format(f"{row}.natural_person") for row in rows]
    numbers = [int(right.value(key) or 0) for key in keys]
    whole = [T3.format(f"{row}.natural_person") for row in right.form.table("applications").records]
    values = [int(right.value(key) or 0) for key in whole]
    slips = dict(zip(whole, [0, *values[:-1]], strict=True))
    assert len(set(numbers)) > 2
    found = diagnose(with_slips("huaian_2024", slips), time_limit=PATIENT)
    assert changes(found) == truth(right, {k: v for k, v in slips.items() if v != right.value(k)})
    assert "整列错开一格" in found.repairs[0].text


def test_two_slips_in_different_rows_and_columns_are_both_repaired(
    published: Callable[[str], Figures], with_slips: Callable[..., Figures]
) -> None:
    right = published("huaian_2024")
    one, other = T3.format("granted.natural_person"), T3.format("unavailable.not_held.legal.commercial")
    slips = {one: _slips_of(int(right.value(one) or 0))["漏写一位数字"], other: int(right.value(other) or 0) + 5}
    assert changes(diagnose(with_slips("huaian_2024", slips), time_limit=PATIENT)) == truth(right, slips)


# -- where arithmetic cannot tell --------------------------------------------------------------------------------------


def review(**cells: int) -> dict[str, int]:
    return {f"remedies.review.{key}": value for key, value in cells.items()}


def test_where_several_repairs_are_as_likely_they_are_listed_and_only_one_is_meant(
    figures_of: Callable[..., Figures], report: Callable[..., object]
) -> None:
    cells = review(upheld=3, corrected=3, total=9)
    found = diagnose(figures_of(cells), time_limit=PATIENT)
    assert found.status is Status.AMBIGUOUS
    assert found.best is None
    assert len(found.repairs) > 1
    context = report(cells)
    (finding,) = [
        f
        for f in with_suggestions(found, check(context).items, context.figures.form)
        if f.rule == "T4-SUM"  # type: ignore[arg-type, attr-defined]
    ]
    assert "仅凭勾稽关系不能断定，可能的更正（只取其一）" in finding.message
    assert {cell for cell, _ in finding.suggestion} >= {"remedies.review.upheld", "remedies.review.corrected"}


def test_one_number_in_an_empty_table_may_be_any_of_two(figures_of: Callable[..., Figures]) -> None:
    """A lone 5 in an all-zero table stands in a row and a column: it is too much, or other numbers lack."""
    cell = T3.format("granted.natural_person")
    found = diagnose(figures_of({cell: 5}), time_limit=PATIENT)
    assert any(changes(found, place) == {cell: 0} for place in range(len(found.repairs)))


def test_an_all_zero_table_is_consistent(figures_of: Callable[..., Figures]) -> None:
    assert diagnose(figures_of({}), time_limit=PATIENT).status is Status.CONSISTENT


def test_a_blank_report_is_consistent_and_nothing_is_determined(figures_of: Callable[..., Figures]) -> None:
    found = diagnose(figures_of({}, fill=None), time_limit=PATIENT)
    assert (found.status, dict(found.determined)) == (Status.CONSISTENT, {})


BALANCED = {
    T3.format(f"{row}.{column}"): value
    for row, value in [("received", 40), ("carried_in", 4), ("granted", 42), ("handled_total", 42), ("carried_out", 2)]
    for column in ("natural_person", "total")
}


@pytest.fixture(scope="module")
def tied(figures_of: Callable[..., Figures]) -> Figures:
    """Two applications too many: 上年结转 4 would do, 新收 46 and 结转下年度 4 as well."""
    rows = {"received": 48, "carried_in": 6, "granted": 50, "handled_total": 50, "carried_out": 2}
    return figures_of({T3.format(f"{row}.{c}"): n for row, n in rows.items() for c in ("natural_person", "total")})


def test_last_year_s_report_breaks_a_tie(tied: Figures, figures_of: Callable[..., Figures]) -> None:
    keys = [T3.format("carried_out.natural_person"), T3.format("carried_out.total")]
    carried = {key.replace("carried_out", "carried_in"): 4 for key in keys}
    with_it = diagnose(tied, last=figures_of(dict.fromkeys(keys, 4)), time_limit=PATIENT)
    assert changes(with_it) == carried
    against = diagnose(tied, last=figures_of(dict.fromkeys(keys, 6)), time_limit=PATIENT)
    assert changes(against) != carried


def test_the_children_s_sums_break_a_tie(tied: Figures) -> None:
    received = {T3.format("received.natural_person"): 46, T3.format("received.total"): 46}
    assert changes(diagnose(tied, sums=received, time_limit=PATIENT)) == received
    assert changes(diagnose(tied, time_limit=PATIENT)) != received


def test_a_broken_floor_alone_tells_of_no_cell(figures_of: Callable[..., Figures]) -> None:
    found = diagnose(
        figures_of({"disclosure.normative.issued": 5, "disclosure.normative.in_force": 2}), time_limit=PATIENT
    )
    assert (found.status, found.repairs) == (Status.AMBIGUOUS, ())


# -- what blanks must be -----------------------------------------------------------------------------------------------


def test_blanks_that_the_filled_cells_leave_no_choice_are_determined(figures_of: Callable[..., Figures]) -> None:
    figures = figures_of(
        BALANCED | {T3.format("carried_out.natural_person"): None, T3.format("carried_out.total"): None}
    )
    assert determined(figures) == {T3.format("carried_out.natural_person"): 2, T3.format("carried_out.total"): 2}


def test_parts_of_a_total_of_nought_are_nought(figures_of: Callable[..., Figures]) -> None:
    cells: dict[str, int | None] = {
        f"remedies.review.{key}": None for key in ("upheld", "corrected", "other", "pending")
    }
    assert determined(figures_of(cells | {"remedies.review.total": 0})) == dict.fromkeys(cells, 0)


def test_two_blanks_that_share_a_remainder_are_not_determined(figures_of: Callable[..., Figures]) -> None:
    cells = {"remedies.review.upheld": None, "remedies.review.corrected": None, "remedies.review.total": 3}
    assert determined(figures_of(cells)) == {}


def test_nothing_is_claimed_for_a_table_that_contradicts_itself(figures_of: Callable[..., Figures]) -> None:
    cells = review(upheld=3, total=9) | {"remedies.litigation_direct.upheld": None}
    assert determined(figures_of(cells)) == {}


def test_blanks_are_only_told_never_filled(figures_of: Callable[..., Figures]) -> None:
    figures = figures_of(BALANCED | {T3.format("carried_out.total"): None})
    assert diagnose(figures, time_limit=PATIENT).determined == {T3.format("carried_out.total"): 2}
    assert figures[T3.format("carried_out.total")].value is None


# -- how it is told ----------------------------------------------------------------------------------------------------


def test_the_search_ends_in_time_and_says_so(
    published: Callable[[str], Figures], with_slips: Callable[..., Figures], report: Callable[..., object]
) -> None:
    wrong = with_slips("huaian_2024", {T3.format("granted.natural_person"): 1})
    found = diagnose(wrong, time_limit=0.0)
    assert (found.status, found.repairs) == (Status.TIMED_OUT, ())
    assert str(found.status) == "not_found_in_time"
    context = report(wrong)
    told = with_suggestions(found, check(context).items, wrong.form)  # type: ignore[arg-type]
    broken = [finding for finding in told if finding.rule == "T3-HANDLED"]
    assert broken
    assert all(finding.message.endswith("限时内没有找到更正办法，请逐项核对。") for finding in broken)
    assert all(finding.suggestion == () for finding in broken)


def test_a_suggestion_stands_beside_the_finding_and_in_its_json(
    report: Callable[..., object], figures_of: Callable[..., Figures]
) -> None:
    cells = dict.fromkeys((T3.format("received.natural_person"), T3.format("received.total")), 783)
    for row in ("granted", "handled_total"):
        cells |= {T3.format(f"{row}.natural_person"): 783, T3.format(f"{row}.total"): 783}
    cells[T3.format("granted.natural_person")] = 738
    context = report(cells, year=2024)
    found = diagnose(context.figures, time_limit=PATIENT)  # type: ignore[attr-defined]
    told = with_suggestions(found, check(context).items, context.figures.form)  # type: ignore[arg-type, attr-defined]
    broken = {finding.rule: finding for finding in told if finding.suggestion}
    assert set(broken) == {"T3-HANDLED", "T3-ROWSUM"}
    for finding in broken.values():
        assert finding.suggestion == (("applications.granted.natural_person", 783),)
        assert finding.as_json()["suggestion"] == [{"cell": "applications.granted.natural_person", "value": 783}]
        assert "填 738，若为 783，则 2 条勾稽关系全部成立（相邻两位数字颠倒）" in finding.message


def test_nothing_is_ever_applied(with_slips: Callable[..., Figures], published: Callable[[str], Figures]) -> None:
    right = published("huaian_2024")
    raw = {key: str(cell.value) for key, cell in right.items()} | {T3.format("granted.natural_person"): " ７件"}
    wrong = Figures.of(right.form, raw)
    before = {key: (cell.raw, cell.value, cell.kind) for key, cell in wrong.items()}
    assert diagnose(wrong, time_limit=PATIENT).repairs
    assert {key: (cell.raw, cell.value, cell.kind) for key, cell in wrong.items()} == before
    assert wrong[T3.format("granted.natural_person")].raw.strip() == "７件"


def test_the_same_report_is_diagnosed_the_same_again(with_slips: Callable[..., Figures]) -> None:
    wrong = with_slips("pingtan_2019", {T3.format("granted.natural_person"): 1, T3.format("carried_out.total"): 9})
    one, other = (diagnose(wrong, time_limit=PATIENT).as_json() for _ in range(2))
    assert one == other


@pytest.mark.parametrize("form", ["2019", "2021"])
@settings(max_examples=40)
@given(data=st.data())
def test_the_true_cell_is_among_the_first_three_repairs(
    form: str, data: st.DataObject, consistent: Callable[[str], st.SearchStrategy[Figures]]
) -> None:
    """On any report that adds up, one changed number of table 三 is found."""
    right = data.draw(consistent(form))
    key = data.draw(st.sampled_from([key for key in right if key.startswith("applications.")]))
    wrong = data.draw(st.integers(0, 4000))
    assume(wrong != right.value(key))
    values: dict[str, object] = {other: cell.value for other, cell in right.items()}
    found = diagnose(Figures.of(right.form, values | {key: wrong}), time_limit=PATIENT)  # type: ignore[arg-type]
    assert any(changes(found, place) == {key: right.value(key)} for place in range(len(found.repairs)))


@settings(max_examples=30)
@given(data=st.data())
def test_every_repair_makes_every_equation_hold(
    data: st.DataObject, consistent: Callable[[str], st.SearchStrategy[Figures]], checked: Callable[..., Findings]
) -> None:
    right = data.draw(consistent("2021"))
    values = {key: cell.value for key, cell in right.items()}
    for key in data.draw(st.lists(st.sampled_from([k for k in right if "applications" in k]), min_size=1, max_size=2)):
        values[key] = data.draw(st.integers(0, 300))
    for repair in diagnose(Figures.of(right.form, values), time_limit=PATIENT).repairs:
        repaired = values | {change.cell: change.value for change in repair.changes}
        broken = {"T3-BALANCE", "T3-HANDLED", "T3-ROWSUM", "T4-SUM"} & {f.rule for f in checked(repaired)}
        assert broken == set()
