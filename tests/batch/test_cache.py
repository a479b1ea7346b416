"""What has not changed is not made again, and what has changed always is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report.batch import Settings, plan
from ogi_report.batch.cache import JOURNAL, Cache
from ogi_report.batch.inputs import Fingerprints, Keys, program_mark
from ogi_report.batch.parcels import pack
from ogi_report.figures import Figures
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture
def project(small_project: Callable[..., Project], figures_of: Callable[..., Figures]) -> Project:
    found = small_project()
    for agency, year in (("ju", 2023), ("ju", 2022), ("bu", 2024)):
        small_project(agency=agency, year=year)
    small_project(agency="zong", params="scope: government_wide\n")
    (found.params / "agencies.csv").write_text(
        "agency,name,short_names,level,parent\nju,示例局,,department,zong\nbu,示例部,,department,\nzong,示例县人民政府,,county,\n",
        encoding="utf-8",
    )
    shutil.copytree(NOTEBOOKS, found.params.parent / "notebooks")
    return found


def keys(project: Project) -> dict[tuple[str, int], dict[str, str]]:
    settings = Settings(
        project.params, project.data, project.params.parent / "build", project.params.parent / "notebooks"
    )
    # A new project object reads the roster anew, as the next run does.
    of = Keys(settings, Fingerprints())
    return {(task.agency, task.year): of.of(task) for task in plan(settings)}


def changed(before: dict, after: dict) -> dict[tuple[str, int], set[str]]:
    found = {}
    for report in before:
        parts = {name for name in before[report] | after[report] if before[report].get(name) != after[report].get(name)}
        if parts:
            found[report] = parts
    return found


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            lambda p: append(p.data / "2024/ju/narrative.md", "\n多一段。\n"),
            {("ju", 2024): {"data"}, ("zong", 2024): {"children"}},
        ),
        (
            lambda p: append(p.data / "2023/ju/remedies.csv", "\n"),
            # What a child carried out last year is held against what its parent carries in.
            {("ju", 2023): {"data"}, ("ju", 2024): {"last"}, ("zong", 2024): {"children"}},
        ),
        (
            lambda p: (p.data / "2023/ju/ledger.csv").write_text("办件编号\n", encoding="utf-8"),
            {("ju", 2023): {"data"}, ("ju", 2024): {"last"}, ("zong", 2024): {"children"}},
        ),
        # Last year's text may name the year before it.
        (
            lambda p: append(p.params / "2022/ju.yaml", "index_no: A\n"),
            {("ju", 2022): {"params"}, ("ju", 2023): {"last"}, ("ju", 2024): {"last"}},
        ),
        (lambda p: append(p.params / "2024/bu.yaml", "index_no: A\n"), {("bu", 2024): {"params"}}),
        (
            lambda p: append(p.params.parent / "notebooks" / "annual_report.ipynb", "\n"),
            {
                report: {"notebook"}
                for report in [("ju", 2022), ("ju", 2023), ("ju", 2024), ("bu", 2024), ("zong", 2024)]
            },
        ),
        (lambda p: append(p.params.parent / "notebooks" / "education.ipynb", "\n"), {}),
        (lambda p: (p.data / "2024/bu/~$form.xlsx").write_text("Excel 的临时文件"), {}),
        (lambda p: (p.data / "说明.txt").write_text("别的文件"), {}),
    ],
)
def test_a_change_makes_those_anew_that_depend_on_it_and_no_others(
    edit: Callable[[Project], object], expected: dict, project: Project
) -> None:
    before = keys(project)
    edit(project)
    assert changed(before, keys(project)) == expected


def test_a_chart_of_all_years_depends_on_all_of_them(project: Project) -> None:
    oldest = project.params_file("ju", 2019)
    oldest.parent.mkdir()
    oldest.write_text("agency: ju\nyear: 2019\n", encoding="utf-8")
    (project.data / "2019/ju").mkdir(parents=True)
    before = keys(project)
    (project.data / "2019/ju/applications.csv").write_text("", encoding="utf-8")
    assert changed(before, keys(project))["ju", 2024] == {"last"}
    settings = Settings(project.params, project.data, project.params.parent / "b", project.params.parent / "notebooks")
    (task,) = [task for task in plan(settings) if (task.agency, task.year) == ("ju", 2024)]
    assert "data/2019/ju/applications.csv" in pack(task).files


def test_a_ledger_travels_with_its_report_and_with_the_next_year_s(project: Project) -> None:
    (project.data / "2023/ju/ledger.csv").write_text("办件编号\n", encoding="utf-8")
    settings = Settings(project.params, project.data, project.params.parent / "b", project.params.parent / "notebooks")
    carried = {(t.agency, t.year) for t in plan(settings) if "data/2023/ju/ledger.csv" in pack(t).files}
    assert carried == {("ju", 2023), ("ju", 2024), ("zong", 2024)}


def test_another_year_in_the_holiday_calendar_makes_everything_anew(tmp_path: Path, monkeypatch) -> None:
    before = program_mark()
    (tmp_path / "constants.py").write_text("# 又一年的放假安排\n", encoding="utf-8")
    monkeypatch.setattr("ogi_report.batch.inputs._calendar", lambda: [tmp_path / "constants.py"])
    program_mark.cache_clear()
    try:
        assert program_mark() != before
    finally:
        program_mark.cache_clear()


def test_another_bodys_name_may_stand_in_any_text_but_its_website_may_not(project: Project) -> None:
    before = keys(project)
    roster = project.params / "agencies.csv"
    text = roster.read_text(encoding="utf-8")
    roster.write_text(text.replace("示例部", "示例部委"), encoding="utf-8")
    assert set(changed(before, keys(project))) == set(before)
    roster.write_text(text.replace("bu,示例部,,department", "bu,示例部,,county"), encoding="utf-8")
    assert changed(before, keys(project)) == {("bu", 2024): {"roster"}}


def test_own_rules_concern_every_report(project: Project) -> None:
    before = keys(project)
    (project.params / "rules.yaml").write_text("rules: []\n", encoding="utf-8")
    assert changed(before, keys(project)) == {report: {"rules"} for report in before}


def test_a_journal_that_was_cut_off_loses_its_last_line_only(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        cache.note(name, {"data": "1"}, {"status": "ok"}, [name])
    journal = tmp_path / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-20])
    again = Cache.read(tmp_path)
    assert again.fresh("a", {"data": "1"}) is not None
    assert again.reasons("b", {"data": "1"}) == ["还没有生成过"]


def test_a_page_that_somebody_changed_or_removed_is_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    page = tmp_path / "page"
    page.write_text("原来的")
    cache.note("report", {"data": "1"}, {"status": "ok"}, ["page"])
    assert cache.reasons("report", {"data": "1"}) == []
    assert cache.reasons("report", {"data": "2"}) == ["数据文件有变动"]
    page.write_text("别人改过的")
    assert cache.reasons("report", {"data": "1"}) == ["生成的文件被删除或改动"]
    page.unlink()
    assert Cache.read(tmp_path).reasons("report", {"data": "1"}) == ["生成的文件被删除或改动"]
