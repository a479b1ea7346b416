"""What the pages' scripts are given: text that cannot end a script, and comparisons only of what means the same."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ogi_report.forms import Form
from ogi_report.site import scripts
from ogi_report.site.rule_pages import OVERALL, page_of
from ogi_report.site.scripts import forms_data, script, shard_of

ASSETS = Path(scripts.__file__).parent / "assets"


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner, max_size=4), max_leaves=8))
def test_any_text_comes_through_and_none_ends_the_script(data: object) -> None:
    text = script("name", data)
    inside = text.removeprefix('ogi.load("name",').removesuffix(");\n")
    assert json.loads(inside) == data
    assert not set(inside) & set("<\u2028\u2029\n")


def test_cells_are_compared_by_key_or_as_a_row_with_the_group_that_it_was_split_into(forms: dict[str, Form]) -> None:
    told = forms_data()
    keys = told["keys"]
    for first, second in (("2019", "2021"), ("2021", "2019")):
        for _, label, _, here, there in told["plans"][f"{first} {second}"]:
            left, right = [keys[first][n] for n in here], [keys[second][n] for n in there]
            if not left or not right or left == right:
                continue
            one, many = (left, right) if len(left) == 1 else (right, left)
            (whole,) = one
            table, field = whole.split(".")[0], whole.removeprefix("applications.other.")
            assert (table, len(many)) == ("applications", 3), label
            assert set(many) == {f"applications.other.{row}.{field}" for row in ("no_correction", "fee_unpaid", "misc")}


def test_every_cell_of_either_report_is_shown_once(forms: dict[str, Form]) -> None:
    told = forms_data()
    for pair, plan in told["plans"].items():
        first, second = pair.split()
        single = [
            [n for _, _, _, here, there in plan for n in (here, there)[side] if len((here, there)[side]) == 1]
            for side in (0, 1)
        ]
        assert sorted(single[0]) == list(range(len(forms[first].cells))), pair
        assert sorted(single[1]) == list(range(len(forms[second].cells))), pair


def test_quantities_that_merely_stand_in_the_same_place_are_not_compared() -> None:
    told = forms_data()
    pairs = {
        (told["keys"]["2019"][here[0]], told["keys"]["2021"][there[0]])
        for _, _, _, here, there in told["plans"]["2019 2021"]
        if here and there
    }
    assert ("disclosure.licence.decisions", "disclosure.licence.decisions") in pairs
    assert not [pair for pair in pairs if pair[0].endswith("public_total") or pair[1].endswith("in_force")]
    assert not [pair for pair in pairs if pair[0].startswith("disclosure.admin_fee")]


def test_an_agency_stays_in_its_file_whoever_joins() -> None:
    before = {f"a{n}": shard_of(f"a{n}", 7) for n in range(100)}
    assert {agency: shard_of(agency, 7) for agency in before} == before
    assert set(before.values()) == set(range(7))


def test_a_rule_of_any_name_has_a_harmless_page() -> None:
    assert page_of("T3-BALANCE") == "rules/T3-BALANCE.html"
    for name in ("../../x", "a/b", "", "index", 'x"><script>', "…"):
        assert page_of(name) == OVERALL


def test_programs_make_elements_from_text_only_and_ask_nothing_of_a_network() -> None:
    files = sorted(ASSETS.glob("*.js"))
    assert len(files) == 4
    for path in files:
        text = path.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "fetch(", "XMLHttp", "http:", "https:", "import("):  # fmt: skip
            assert word not in text, (path.name, word)
