"""A workbook in `data/` replaces the CSV files and narrative.md, for every command."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import simplejson

from ogi_report.cli import main
from ogi_report.errors import ConfigError, DataError
from ogi_report.report import Report
from ogi_report.report.project import DATA_VARIABLE, PARAMS_VARIABLE
from ogi_report.report.workbooks import form_of_report, prefilled_form
from ogi_report.writers.workbook import write_workbook

RECEIVED = "applications.received.total"


def to_workbook(project, year=2024, keep=()):
    """Replaces an agency-year's files by one workbook with the same content."""
    folder = project.data_folder("ju", year)
    content = write_workbook(form_of_report(Report.open("ju", year, project=project)))
    for path in folder.iterdir():
        if path.name not in keep:
            path.unlink()
    (folder / "form.xlsx").write_bytes(content)
    return folder


@pytest.fixture
def project(small_project):
    return small_project({RECEIVED: 3, "applications.received.natural_person": 3})


def test_the_report_of_a_workbook_is_the_report_of_its_csv_files(project):
    before = Report.open("ju", 2024, project=project)
    told = before.as_json()
    to_workbook(project)
    after = Report.open("ju", 2024, project=project)
    assert after.as_json() == told
    assert [chapter.html for chapter in after.chapters] == [chapter.html for chapter in before.chapters]
    assert after.figures.sources == ("form.xlsx",)
    assert "data/2024/ju/form.xlsx" in after.inputs
    assert "表：data/2024/ju/form.xlsx" in after.chapter(3).html


def test_narrative_md_may_stay_beside_a_workbook_without_words(project, blank):
    folder = project.data_folder("ju", 2024)
    for path in folder.glob("*.csv"):
        path.unlink()
    (folder / "form.xlsx").write_bytes(blank())
    assert "新收申请" in (folder / "narrative.md").read_text(encoding="utf-8")
    with_words = (folder / "narrative.md").read_text(encoding="utf-8").replace("{{ 本年新收 }}", "3")
    (folder / "narrative.md").write_text(with_words, encoding="utf-8")
    assert "新收申请 3 件" in Report.open("ju", 2024, project=project).chapters[0].text


def test_two_sources_of_the_same_are_refused(project):
    to_workbook(project, keep=("remedies.csv", "narrative.md"))
    with pytest.raises(DataError) as refused:
        Report.open("ju", 2024, project=project)
    assert refused.value.messages == (
        "data/2024/ju 中既有 form.xlsx，又有 remedies.csv，不知道以哪个为准；请只留一种，另一种移到别处。",
        "data/2024/ju 中既有 narrative.md，form.xlsx 的“正文”里又写了文字，不知道以哪个为准；请删去 narrative.md，或清空“正文”左列。",
    )


@pytest.mark.parametrize("name", ["填报表.xlsx", "form.xls", "form.xlsm"])
def test_a_workbook_under_another_name_is_asked_to_be_renamed(name, project):
    folder = to_workbook(project)
    (folder / "form.xlsx").rename(folder / name)
    (folder / "~$form.xlsx").write_bytes(b"")
    with pytest.raises(DataError, match=f"只有 {name.replace('.', '[.]')}；填报表请另存为"):
        Report.open("ju", 2024, project=project)


def test_a_workbook_of_another_agency_is_refused(project, content_of, figures_of):
    folder = to_workbook(project)
    (folder / "form.xlsx").write_bytes(write_workbook(content_of(figures_of(), agency="bu", year=2024)))
    with pytest.raises(DataError, match="是 bu 的填报表，却放在 ju 的文件夹里"):
        Report.open("ju", 2024, project=project)


def test_the_batch_makes_it_and_makes_it_again_only_when_the_workbook_changes(project, tmp_path, program):
    notebooks = Path(__file__).parents[2] / "notebooks"
    folder = to_workbook(project)
    arguments = [
        "run", "--params", project.params, "--data", project.data, "--notebooks", notebooks, "--out", "out", "--jobs", "1",
    ]  # fmt: skip
    program(*arguments, cwd=tmp_path)
    page = (tmp_path / "out" / "2024" / "ju_2024.html").read_text(encoding="utf-8")
    assert "新收申请 3 件" in page
    assert "不做：没有变动" in program(*arguments, "--explain", cwd=tmp_path).stdout
    (folder / "form.xlsx").write_bytes((folder / "form.xlsx").read_bytes() + b"\0")
    assert "要做：数据文件" in program(*arguments, "--explain", cwd=tmp_path).stdout


def test_a_workbook_travels_to_another_machine(project, tmp_path, monkeypatch):
    from ogi_report.batch.parcels import make_parcel, pack
    from ogi_report.batch.plan import Settings, Task

    for variable in (PARAMS_VARIABLE, DATA_VARIABLE):
        monkeypatch.setenv(variable, "")  # a worker has an environment of its own; here it is put back
    to_workbook(project)
    notebooks = Path(__file__).parents[2] / "notebooks"
    task = Task("ju", 2024, Settings(project.params, project.data, tmp_path / "out", notebooks))
    parcel = pack(task)
    assert "data/2024/ju/form.xlsx" in parcel.files
    assert b"\xe6\x96\xb0\xe6\x94\xb6\xe7\x94\xb3\xe8\xaf\xb7" in make_parcel(parcel).files[".html"]


# -- prefilling -------------------------------------------------------------------------------------------------------


def test_last_years_numbers_words_and_profile_are_filled_in(small_project, read, layout):
    before = {
        "applications.carried_out.total": 4,
        "applications.carried_out.natural_person": 4,
        "disclosure.normative.in_force": 19,
    }
    project = small_project(before, year=2023)
    content = prefilled_form(project, "ju", 2024, layout("2021"))
    assert dict(content.profile)["机关全称"] == "示例局"
    workbook = read(write_workbook(content))
    values = {key: cell.value for key, cell in workbook.figures.items() if cell.value is not None}
    assert values == {
        **{f"applications.carried_in.{c}": 0 for c in layout("2021").table("applications").fields},
        "applications.carried_in.total": 4,
        "applications.carried_in.natural_person": 4,
        "disclosure.rules.in_force": 0,
        "disclosure.normative.in_force": 19,
    }
    assert (workbook.agency, workbook.year, workbook.name, workbook.level) == ("ju", 2024, "示例局", "department")
    assert any("新收申请 0 件" in text for text in content.words.last_year[1])
    assert workbook.words is None, "last year's words are never this year's"


def test_last_years_words_copied_unchanged_are_found(small_project, put_workbook, edited):
    """The sheet shows last year's words beside the empty cells; whoever copies them over is told."""
    from ogi_report.report.filled_in import open_workbook

    text = "本年度围绕群众关心的事项公开信息，主动公开政策解读二十篇，办理依申请公开，规范信息管理，完善平台建设，落实监督保障。"
    project = small_project({}, year=2023, narrative=f"## 一、总体情况\n\n{text * 3}\n")
    content = write_workbook(prefilled_form(project, "ju", 2024, Report.open("ju", 2023, project=project).form))

    def copied(book):
        for row in book["正文"].iter_rows(min_row=6):
            if row[2].value and row[0].value == "#text":
                row[1].value = row[2].value

    report = open_workbook(put_workbook(edited(content, copied)), project=project).report
    assert "XY-TEXT" in {finding.rule for finding in report.check()}


def test_items_of_last_year_are_what_the_year_before_ended_with(small_project, layout):
    cells = {"disclosure.licence.items_prev": 203, "disclosure.licence.items_delta": 75}
    project = small_project(cells, year=2019, form="2019")
    content = prefilled_form(project, "ju", 2020, layout("2019"))
    assert content.figures["disclosure.licence.items_prev"].value == 278
    # The layout changed: what 2019's form does not count is not filled in from it.
    later = prefilled_form(small_project(cells, year=2020, form="2019"), "ju", 2021, layout("2021"))
    assert later.figures["disclosure.normative.in_force"].value is None
    assert later.figures["applications.carried_in.total"].value == Decimal(0)


def test_without_last_year_nothing_is_filled_in(small_project, layout):
    content = prefilled_form(small_project(year=2020), "ju", 2024, layout("2021"))
    assert all(cell.value is None for cell in content.figures.values())


def test_an_agency_that_is_not_on_the_roster_is_told(small_project, layout):
    with pytest.raises(ConfigError, match="机构代码 wu 不在"):
        prefilled_form(small_project(), "wu", 2024, layout("2021"))


# -- commands ---------------------------------------------------------------------------------------------------------


def test_the_form_command_writes_the_same_bytes_each_time_and_overwrites_nothing(small_project, tmp_path, capsys):
    project = small_project(year=2023)
    out = tmp_path / "form.xlsx"
    command = ["form", "--year", "2024", "--agency", "ju", "--params", str(project.params), str(out)]
    assert main(command) == 0
    assert "预填了 9 格" in capsys.readouterr().out
    first = out.read_bytes()
    assert main(command) == 2
    assert "已经存在，可能有人填过" in capsys.readouterr().err
    assert main([*command, "--force"]) == 0
    assert out.read_bytes() == first


def test_a_blank_form_asks_for_the_name_of_the_agency(small_project, tmp_path, capsys, edited):
    project = small_project()
    out = tmp_path / "blank.xlsx"
    assert main(["form", "--year", "2024", str(out)]) == 0

    def named(book):
        sheet = book["首页"]
        row = next(cell.row for cell in sheet["A"] if cell.value == "#name")
        assert not sheet.cell(row, 3).protection.locked
        sheet.cell(row, 3).value = "示例局"

    out.write_bytes(edited(out.read_bytes(), named))
    capsys.readouterr()
    main(["check", str(out), "--params", str(project.params), "--format", "json"])
    assert simplejson.loads(capsys.readouterr().out)["agency"] == "ju"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--year", "2024", "out.csv"], "应当以 .xlsx 结尾"),
        (["--year", "2018", "out.xlsx"], "2018 年没有对应的全国统一格式"),
        (["--year", "2024", "--layout", "2022", "out.xlsx"], "--layout 写的是“2022”，只能是 2019、2021"),
    ],
)
def test_wrong_wishes_for_a_form_are_told(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["form", *arguments]) != 0
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_check_takes_a_workbook_and_gives_it_back_with_marks(project, tmp_path, capsys):
    import openpyxl

    cells = project.data_folder("ju", 2024) / "applications.csv"
    cells.write_text(cells.read_text(encoding="utf-8").replace("数量,3,", "数量,4,", 1), encoding="utf-8")
    folder = to_workbook(project)
    out = tmp_path / "returned.xlsx"
    command = ["check", str(folder / "form.xlsx"), "--params", str(project.params), "--annotate", str(out)]
    assert main(command) == 1
    told = capsys.readouterr().out
    assert "T3-ROWSUM" in told
    assert f"✓ 标出问题的填报表：{out}" in told
    assert "T3-ROWSUM" in str(openpyxl.load_workbook(out)["表三"]["E9"].comment.text)
    assert main(command) == 2
    assert main(["check", str(folder / "form.xlsx"), "--annotate", str(folder / "form.xlsx")]) == 2
    assert "请另取一个名字，原件保留不动" in capsys.readouterr().err


def test_data_files_are_returned_as_a_workbook_made_from_them(project, tmp_path, capsys):
    import openpyxl

    out = tmp_path / "returned.xlsx"
    main(["check", str(project.data_folder("ju", 2024)), "--annotate", str(out)])
    book = openpyxl.load_workbook(out)
    assert book.active.title == "问题清单"
    assert book["表三"]["K9"].value == 3


def test_a_published_file_is_not_returned(tmp_path, capsys):
    page = tmp_path / "年报.txt"
    page.write_text("某市某局2023年政府信息公开工作年度报告\n一、总体情况\n工作正常开展。\n", encoding="utf-8")
    out = tmp_path / "returned.xlsx"
    assert main(["check", str(page), "--annotate", str(out)]) == 2
    assert "是已公布的报告，不是填报表，不能加批注" in capsys.readouterr().err
    assert not out.exists()


def test_a_workbook_is_no_published_report(blank, put_workbook, tmp_path, capsys):
    path = put_workbook(blank())
    target = tmp_path / "data" / "2024" / "ju"
    assert main(["import", str(path), "--to", str(target)]) == 1
    assert "是填报表，不是已公布的报告" in capsys.readouterr().err
    assert not target.exists()


def test_two_workbooks_are_compared(blank, filled, put_workbook, capsys):
    one = put_workbook(filled(blank(), {RECEIVED: 3}), "甲.xlsx")
    other = put_workbook(filled(blank(), {RECEIVED: 5}), "乙.xlsx")
    main(["diff", str(one), str(other)])
    assert "本年新收" in capsys.readouterr().out


def test_a_ledger_on_a_sheet_of_the_workbook_supplies_the_tables_that_are_blank(project, blank, edited):
    folder = to_workbook(project)
    lines = [
        ["办件编号", "收到日期", "申请人类型", "办理结果", "办结日期"],
        ["1 号", "2024-03-01", "自然人", "（一）予以公开", "2024-03-08"],
        ["2 号", "2024-12-20", "商业企业", "", ""],
    ]

    def kept(book):
        sheet = book.create_sheet("台账")
        for line in lines:
            sheet.append(line)

    (folder / "form.xlsx").write_bytes(edited(blank(), kept))
    report = Report.open("ju", 2024, project=project)
    assert report.figures["applications.received.total"].value == 2
    assert report.figures["applications.granted.natural_person"].value == 1
    assert report.figures["applications.carried_out.legal.commercial"].value == 1
    (folder / "ledger.csv").write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    with pytest.raises(DataError, match="里又有“台账”工作表"):
        Report.open("ju", 2024, project=project)


def test_a_workbook_that_cannot_be_read_is_told_and_not_returned(blank, edited, tmp_path, capsys):
    path = tmp_path / "form.xlsx"
    path.write_bytes(edited(blank(), lambda book: book["表三"].merge_cells("E9:F9")))
    out = tmp_path / "returned.xlsx"
    assert main(["check", str(path), "--annotate", str(out)]) == 1
    assert "被合并到 E9 里" in capsys.readouterr().out
    assert not out.exists()
