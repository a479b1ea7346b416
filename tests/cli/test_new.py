"""`ogi-report new`: in January the files of the new year are there, prefilled, and nothing that somebody wrote is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report import Report
from ogi_report.cli import main
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo(tmp_path: Path) -> Project:
    """The demo as it stands before the reports of 2025."""
    for name in ("params", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Project(tmp_path / "params", tmp_path / "data")


def new(project: Project, *arguments: str, year: int = 2025) -> int:
    places = ["--params", str(project.params), "--data", str(project.data)]
    return main(["new", "--year", str(year), *places, *arguments])


def snapshot(project: Project) -> dict[Path, bytes]:
    return {p: p.read_bytes() for root in (project.params, project.data) for p in root.rglob("*") if p.is_file()}


def text(project: Project, agency: str, name: str = "narrative.md") -> str:
    return (project.data_folder(agency, 2025) / name).read_text(encoding="utf-8-sig")


def test_every_agency_of_the_roster_gets_settings_and_data_that_can_be_read(demo: Project, capsys) -> None:
    assert new(demo) == 0
    assert "2025 年度 10 个机构：新建 49 个文件。" in capsys.readouterr().out
    for agency in demo.roster:
        report = Report.open(agency, 2025, project=demo)
        assert report.check().unresolved == (), agency


def test_what_follows_from_last_years_report_is_prefilled_and_all_else_is_blank(demo: Project) -> None:
    new(demo, "--agency", "education")
    now = Report.open("education", 2025, project=demo).figures
    before = Report.open("education", 2024, project=demo).figures
    assert now.value("applications.carried_in.total") == before.value("applications.carried_out.total") is not None
    assert now.value("disclosure.normative.in_force") == before.value("disclosure.normative.in_force")
    filled = [key for key, cell in now.items() if not cell.is_empty]
    assert all(".carried_in." in key or key.endswith(".in_force") for key in filled)
    assert len(filled) == 9


def test_settings_that_stay_from_year_to_year_are_kept(demo: Project) -> None:
    new(demo, "--agency", "yunxi", "--agency", "education")
    whole, own = (demo.read_params(agency, 2025) for agency in ("yunxi", "education"))
    assert (whole.scope, whole.notebook) == ("government_wide", None)
    assert (own.scope, own.notebook) == ("own", demo.read_params("education", 2024).notebook)
    assert whole.waivers == ()
    assert "不晚于 2026-03-31" in demo.params_file("yunxi", 2025).read_text(encoding="utf-8")
    assert "不晚于 2026-01-31" in demo.params_file("education", 2025).read_text(encoding="utf-8")


# -- words ---------------------------------------------------------------------------------------------------------------


def test_last_years_words_are_there_to_be_read_and_never_printed(demo: Project) -> None:
    new(demo, "--agency", "market")
    said = next(c.text for c in Report.open("market", 2024, project=demo).chapters if c.number == 5).splitlines()[0]
    assert said in text(demo, "market")
    report = Report.open("market", 2025, project=demo)
    printed = report.lead_in.text + "".join(chapter.text for chapter in report.chapters)
    assert said not in printed
    assert "上年（2024 年）写的是" not in printed
    assert not report.lead_in.written, "the remarks at the top are no lead-in"


def test_chapters_that_somebody_has_to_write_are_found_empty(demo: Project) -> None:
    new(demo, "--agency", "market")
    report = Report.open("market", 2025, project=demo)
    empty = [f.message for f in report.check() if f.rule == "CH-EMPTY"]
    assert empty == ["“一、总体情况”是空的，还没有写。", "“五、存在的主要问题及改进情况”是空的，还没有写。"]
    assert [c.number for c in report.chapters if not c.written] == [2, 3, 4, 6], "the others write themselves"


def test_last_years_words_that_are_copied_out_of_the_remark_are_found(demo: Project) -> None:
    new(demo, "--agency", "market")
    path = demo.data_folder("market", 2025) / "narrative.md"
    before, heading, rest = path.read_text(encoding="utf-8").partition("## 五、存在的主要问题及改进情况")
    copied = rest.replace("{#", "", 1).replace("#}", "", 1).partition("会被指出）：")[2].replace("      ", "")
    path.write_text(f"{before}{heading}\n\n{copied}", encoding="utf-8")
    rules = {f.rule for f in Report.open("market", 2025, project=demo).check() if "五、" in f.message}
    assert "XY-TEXT" in rules


def test_whatever_last_year_said_the_remark_ends_where_it_should(small_project: Callable[..., Project]) -> None:
    attack = "## 一、总体情况\n\n本年工作正常 {{ '#}' }} 开展。\n\n{{ '{{ 1/0 }}' }}\n\n## 五、存在的主要问题及改进情况\n\n\\## 一、总体情况\n"
    project = small_project(narrative=attack)
    assert new(project, "--agency", "ju") == 0
    report = Report.open("ju", 2025, project=project)
    assert [c.text for c in report.chapters if c.number in (1, 5)] == ["", ""]


# -- ledger, own rows, workbook --------------------------------------------------------------------------------------------


def test_an_office_with_a_ledger_finds_its_open_applications_in_the_new_one(demo: Project) -> None:
    new(demo, "--agency", "housing")
    folder = demo.data_folder("housing", 2025)
    assert sorted(p.name for p in folder.iterdir()) == ["disclosure.csv", "ledger.csv", "narrative.md"]
    now = Report.open("housing", 2025, project=demo)
    before = Report.open("housing", 2024, project=demo)
    assert now.ledger is not None
    assert len(now.ledger.applications) == before.figures.value("applications.carried_out.total")
    assert now.figures.value("applications.carried_in.total") == before.figures.value("applications.carried_out.total")
    assert "备注" not in text(demo, "housing", "ledger.csv"), "what the ledger does not need is not carried on"


def test_a_case_that_is_still_pending_stays_in_the_ledger(demo: Project) -> None:
    path = demo.data_folder("housing", 2024) / "ledger.csv"
    header, first, *rest = path.read_text(encoding="utf-8-sig").splitlines()
    columns = header.split(",")
    values = first.split(",")
    values[columns.index("复议后起诉收到日期")] = "2024-11-02"
    path.write_text("\n".join([header, ",".join(values), *rest]) + "\n", encoding="utf-8")
    new(demo, "--agency", "housing")
    now = Report.open("housing", 2025, project=demo).ledger
    assert now is not None
    (kept,) = [a for a in now.applications if a.number == values[0]]
    before = Report.open("housing", 2024, project=demo).ledger
    assert before is not None
    (was,) = [a for a in before.applications if a.number == values[0]]
    assert (kept.outcome, kept.closed_on, kept.applicant) == (was.outcome, was.closed_on, was.applicant)
    assert set(kept.remedies) == set(was.remedies)
    assert any(remedy.decided_on is None for remedy in kept.remedies)


def test_a_workbook_instead_holds_the_same_figures(demo: Project) -> None:
    new(demo, "--agency", "education")
    by_tables = Report.open("education", 2025, project=demo).figures
    shutil.rmtree(demo.data_folder("education", 2025))
    new(demo, "--agency", "education", "--workbook")
    folder = demo.data_folder("education", 2025)
    assert [p.name for p in folder.iterdir()] == ["form.xlsx"]
    by_workbook = Report.open("education", 2025, project=demo).figures
    assert {k: c.value for k, c in by_workbook.items()} == {k: c.value for k, c in by_tables.items()}


def test_rows_of_its_own_are_called_to_mind(small_project: Callable[..., Project]) -> None:
    project = small_project()
    path = project.data_folder("ju", 2024) / "disclosure.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    commas = lines[0].count(",") - 1
    path.write_text("\n".join([*lines, "local.maps,公开的地图" + "," * commas]) + "\n", encoding="utf-8")
    new(project, "--agency", "ju")
    assert "上年在 disclosure.csv 中自行增加了“公开的地图”（代码 local.maps）" in text(project, "ju")


# -- what is there stays ---------------------------------------------------------------------------------------------------


def test_a_second_call_changes_nothing(demo: Project, capsys) -> None:
    new(demo)
    before = snapshot(demo)
    capsys.readouterr()
    assert new(demo) == 0
    assert snapshot(demo) == before
    said = capsys.readouterr().out
    assert "新建 0 个文件，49 个原来就有，没有改动。" in said


@pytest.mark.parametrize("there", ["applications.csv", "ledger.csv", "narrative.md", "form.xlsx"])
@pytest.mark.parametrize("workbook", [[], ["--workbook"]])
def test_what_a_clerk_has_begun_is_left_alone_and_fits_with_the_rest(
    demo: Project, there: str, workbook: list[str], capsys
) -> None:
    folder = demo.data_folder("education", 2025)
    folder.mkdir(parents=True)
    (folder / there).write_bytes(b"begun")
    assert new(demo, "--agency", "education", *workbook) == 0
    assert (folder / there).read_bytes() == b"begun"
    names = {path.name for path in folder.iterdir()}
    assert there in capsys.readouterr().out
    if workbook or there == "form.xlsx":
        assert names == {there}, "two sources of the same figures are never made"
    if there == "ledger.csv" and not workbook:
        assert names == {"ledger.csv", "disclosure.csv", "narrative.md"}


def test_the_settings_come_last_so_that_no_run_finds_half_a_report(demo: Project, monkeypatch) -> None:
    from ogi_report.report import scaffold

    written: list[str] = []
    monkeypatch.setattr(scaffold, "write_atomically", lambda path, content: written.append(path.name))
    scaffold.scaffold(demo, "education", 2025).write()
    assert written[-1] == "education.yaml"


@pytest.mark.parametrize(
    ("arguments", "year", "said"),
    [(["--agency", "educaton"], 2025, "您是不是要写 education"), ([], 2009, "应在 2019 到 2100 之间")],
)
def test_wrong_usage_is_told_and_nothing_is_made(demo: Project, arguments, year: int, said: str, capsys) -> None:
    before = snapshot(demo)
    assert new(demo, "--agency", "market", *arguments, year=year) == 2
    assert said in capsys.readouterr().err
    assert snapshot(demo) == before


def test_last_year_that_cannot_be_read_costs_the_prefill_only(demo: Project) -> None:
    (demo.data_folder("market", 2024) / "remedies.csv").write_text("", encoding="utf-8")
    assert new(demo, "--agency", "market") == 0
    report = Report.open("market", 2025, project=demo)
    assert all(cell.is_empty for cell in report.figures.values())


def test_the_first_year_of_an_agency_has_a_frame_to_be_filled(small_project: Callable[..., Project]) -> None:
    project = small_project()
    assert new(project, "--agency", "bu") == 0
    assert "上年" not in text(project, "bu").replace("上年所列的问题", "")
