"""What is to be made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ogi_report.batch import Settings, plan
from ogi_report.batch.plan import notebook_for
from ogi_report.errors import UsageError
from ogi_report.figures import as_written, harmless
from ogi_report.report import Project
from ogi_report.writers.files import csv_text, write_atomically


@pytest.fixture
def settings(small_project: Callable[..., Project]) -> Settings:
    for year in range(2019, 2031):
        project = small_project(year=year)
        small_project(year=year, agency="bu")
    root = project.params.parent
    (root / "notebooks").mkdir()
    return Settings(project.params, project.data, root / "build", root / "notebooks")


def test_reports_are_planned_by_year_and_in_the_order_of_the_roster(settings: Settings) -> None:
    assert [(t.agency, t.year) for t in plan(settings)][:4] == [("ju", 2019), ("bu", 2019), ("ju", 2020), ("bu", 2020)]
    only = replace(settings, years=(2024,), agencies=("bu",))
    assert [task.stem for task in plan(only)] == ["2024/bu_2024"]


def test_the_shards_of_several_machines_are_disjoint_and_complete(settings: Settings) -> None:
    parts = [{(t.agency, t.year) for t in plan(replace(settings, shard=(i, 3)))} for i in (1, 2, 3)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 24
    assert all(parts)


@pytest.mark.parametrize("name", ["../evil.ipynb", "/etc/passwd", "sub/own.ipynb", "own.py", "missing.ipynb"])
def test_a_notebook_must_stand_beside_the_template(settings: Settings, name: str) -> None:
    with pytest.raises(UsageError):
        notebook_for(name, settings)


def test_text_in_a_spreadsheet_is_no_formula_and_numbers_keep_their_sign() -> None:
    written = csv_text(["a"], [["=1+1"], ["@SUM(A1)"], ["+75"], ["-3"], ["-"], ["-2+3"]])
    assert written.splitlines()[1:] == ["'=1+1", "'@SUM(A1)", "+75", "-3", "-", "'-2+3"]
    assert [as_written(harmless(text)) for text in ("=1+1", "'quoted", "-")] == ["=1+1", "'quoted", "-"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(settings: Settings) -> None:
    path = settings.out / "a.txt"
    write_atomically(path, "甲")
    with pytest.raises(TypeError):
        write_atomically(path, 3)  # type: ignore[arg-type]
    assert path.read_text(encoding="utf-8") == "甲"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]
