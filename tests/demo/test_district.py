"""The fictional district: three years in which everything adds up."""

from __future__ import annotations

import difflib
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from ogi_report import Report
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]
PROJECT = Project(ROOT / "params", ROOT / "data")
YEARS = (2022, 2023, 2024)


@pytest.fixture(scope="module")
def reports() -> dict[tuple[str, int], Report]:
    return {(agency, year): Report.open(agency, year, project=PROJECT) for agency, year in PROJECT.agency_years()}


def test_the_district_has_three_years_of_a_government_and_at_least_six_bodies(
    reports: dict[tuple[str, int], Report],
) -> None:
    for year in YEARS:
        bodies = [report for (_, y), report in reports.items() if y == year]
        assert sum(report.params.scope == "government_wide" for report in bodies) == 1
        assert len(bodies) >= 7
        assert all("（虚构）" in report.body.name for report in bodies)
    assert any(report.params.notebook for report in reports.values())


def test_no_report_of_the_demo_has_more_than_notes_but_the_real_one(reports: dict[tuple[str, int], Report]) -> None:
    for (agency, year), report in reports.items():
        counts = report.check().counts
        assert counts["error"] == 0, (agency, year)
        assert counts["warning"] == (7 if agency == "kejing" else 0), (agency, year)


def test_the_bodies_add_up_to_the_government(reports: dict[tuple[str, int], Report]) -> None:
    for year in YEARS:
        whole = reports["yunxi", year].figures
        parts = [r.figures for (a, y), r in reports.items() if y == year and a != "yunxi"]
        for key in whole:
            assert whole.value(key) == sum(part.value(key) or 0 for part in parts), (year, key)


def test_one_bureau_keeps_a_ledger_and_one_of_its_answers_came_late(reports: dict[tuple[str, int], Report]) -> None:
    (report,) = [report for report in reports.values() if report.ledger is not None]
    assert report.figures.sources == ("disclosure.csv", "ledger.csv")
    found = [finding for finding in report.check() if finding.rule.startswith("LEDGER-")]
    assert [finding.rule for finding in found] == ["LEDGER-OVERDUE"]
    assert "台账中有 1 件超过法定答复期限" in found[0].message


def test_what_one_year_carries_out_the_next_carries_in(reports: dict[tuple[str, int], Report]) -> None:
    for (agency, year), report in reports.items():
        if report.last is not None:
            for key in report.figures:
                if key.startswith("applications.carried_in."):
                    before = report.last.value(key.replace("carried_in", "carried_out"))
                    assert report.figures.value(key) == before, (agency, year, key)


def test_documents_in_force_continue(reports: dict[tuple[str, int], Report]) -> None:
    for report in reports.values():
        if report.last is not None:
            now = report.figures
            row = "disclosure.normative."
            changed = now.value(row + "issued") - now.value(row + "repealed")  # type: ignore[operator]
            assert now.value(row + "in_force") == report.last.value(row + "in_force") + changed  # type: ignore[operator]


def test_narratives_are_no_copies_of_each_other(reports: dict[tuple[str, int], Report]) -> None:
    texts = {key: "".join(c.text for c in report.chapters if c.written) for key, report in reports.items()}
    for one, other in combinations(texts, 2):
        if one[0] == other[0] or one[1] == other[1]:
            likeness = difflib.SequenceMatcher(None, texts[one], texts[other], autojunk=False).ratio()
            assert likeness < 0.75, (one, other, likeness)


def test_the_figures_are_made_by_the_script_that_is_kept_with_them(tmp_path: Path) -> None:
    """The script writes into the project that it stands in; a copy of it must give the same bytes."""
    (tmp_path / "tools").mkdir()
    script = tmp_path / "tools" / "make_demo.py"
    script.write_bytes((ROOT / "tools" / "make_demo.py").read_bytes())
    subprocess.run([sys.executable, str(script)], check=True)
    made = sorted((tmp_path / "data").rglob("*.csv"))
    # One agency-year keeps a ledger in place of tables 三 and 四.
    assert len(made) == 3 * 9 * 3 - 2 + 1
    for path in made:
        assert path.read_bytes() == (ROOT / path.relative_to(tmp_path)).read_bytes(), path
