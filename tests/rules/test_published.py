"""Two published reports, figure by figure: sound arithmetic raises no alarm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

PUBLISHED = Path(__file__).parents[1] / "published"
IDENTITIES = {
    "2019": {"T3-BALANCE": 7, "T3-HANDLED": 7, "T3-ROWSUM": 23, "T3-CARRYOUT-CAP": 7, "T3-CARRYIN-STUCK": 7, "T4-SUM": 3,
             "T2A-TOTAL-GE-NEW": 2, "T2A-ITEMS-NONNEG": 5},
    "2021": {"T3-BALANCE": 7, "T3-HANDLED": 7, "T3-ROWSUM": 25, "T3-CARRYOUT-CAP": 7, "T3-CARRYIN-STUCK": 7, "T4-SUM": 3,
             "T2B-FORCE-FLOOR": 2},
}  # fmt: skip
# Every finding on the figures, each judged right: (rule, severity, cells).
FINDINGS = {
    "huaian_2024": [],
    # The form prints no unit, so the agency wrote 元 behind the amount; a note, since others wrote it into the heading.
    "pingtan_2019": [("V-FORMAT", "note", ("disclosure.procurement.amount_yuan",))],
}


def published(name: str) -> dict:
    return json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(params=sorted(FINDINGS))
def name(request) -> str:
    return request.param


@pytest.fixture
def found(name, checked):
    said = published(name)
    around = {key: said[key] for key in ("year", "level", "scope")}
    return checked(said["figures"], said["layout"], None, name=said["agency"], **around)


def test_each_file_names_its_source_first_and_holds_every_cell(name, forms):
    said = published(name)
    assert next(iter(said)) == "source"
    assert set(said["figures"]) == set(forms[said["layout"]].cells)
    assert {type(value) for value in said["figures"].values()} <= {int, str}


def test_every_identity_holds_on_the_figures_as_published(name, found):
    expected = {rule: {"pass": count} for rule, count in IDENTITIES[published(name)["layout"]].items()}
    assert {
        rule: {str(outcome): n for outcome, n in found.coverage[rule].counts.items() if n} for rule in expected
    } == expected


def test_nothing_is_found_but_what_is_truly_there(name, found):
    assert [(f.rule, str(f.severity), f.cells) for f in found] == FINDINGS[name]


def test_figures_that_the_narrative_states_are_those_of_the_table(figures_of):
    """Typed from the sentences of the report of Huai'an: an independent reading of the same quantities."""
    said = published("huaian_2024")
    named = figures_of(said["figures"], said["layout"], None).named()
    stated = {
        "本年新收": 3119,
        "上年结转": 34,
        "办理结果总计": 3050,
        "结转下年度": 103,
        "行政复议": 351,
        "行政诉讼": 46,
    }
    assert {name: named[name] for name in stated} == stated


@pytest.mark.parametrize(
    ("level", "alarms"),
    [
        # A city makes regulations and may refuse on grounds of secrecy; the same figures from a bureau are odd.
        ("city", set()),
        ("department", {"T2-RULES-POWER", "T2-FEE-UNIT", "T3-SECRET"}),
    ],
)
def test_the_same_figures_are_judged_by_who_reports_them(level, alarms, checked):
    said = published("huaian_2024")
    found = checked(said["figures"], "2021", None, year=2024, level=level, name="示例单位")
    assert {f.rule for f in found} == alarms
