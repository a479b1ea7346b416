"""`ogi-report waive`: a reviewer lets a finding pass, and it lasts until what was found changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report import Report
from ogi_report.cli import main
from ogi_report.report import Project

WHY = ["--reason", "两件合并审理，经司法局核实", "--by", "王某"]
SUM = "remedies.review.total"


@pytest.fixture
def waive(small_project: Callable[..., Project], capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """`waive("T4-SUM", …)` in a project whose remedies do not add up; returns status and what was said."""
    project = small_project({SUM: 2, "remedies.litigation_direct.total": 3})

    def run(*arguments: str, report: str = "2024/ju") -> tuple[int, str]:
        status = main(["waive", report, *arguments, "--params", str(project.params)])
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    run.project = project  # type: ignore[attr-defined]
    return run


def opened(waive: Callable[..., object]) -> Report:
    return Report.open("ju", 2024, project=waive.project)  # type: ignore[attr-defined]


def marks(said: str) -> list[str]:
    return re.findall(r"T4-SUM@[0-9a-f]{6}", said)


def test_without_a_finding_those_are_listed_that_can_be_waived(waive) -> None:
    status, said = waive()
    assert status == 0
    assert "  1. [强制性] T4-SUM@" in said
    assert "“行政复议”栏" in said


def test_a_finding_is_waived_by_its_number_as_check_prints_it(waive) -> None:
    status, said = waive("1", *WHY, "--on", "2025-01-20")
    assert status == 0
    assert "params/2024/ju.yaml 第 3 行起" in said
    waived = [f for f in opened(waive).check() if f.waived]
    assert [(f.rule, SUM in f.cells, f.waived["by"], f.waived["on"]) for f in waived] == [
        ("T4-SUM", True, "王某", "2025-01-20")
    ]


def test_two_findings_of_a_rule_are_told_apart_by_mark_cell_or_name(waive) -> None:
    status, said = waive("T4-SUM", *WHY)
    assert status == 2
    assert "有 2 个问题" in said
    first, second = marks(said)
    assert waive(first, *WHY)[0] == 0
    assert "已经豁免" in waive(first, *WHY)[1]
    assert waive("T4-SUM", "--cells", "remedies.litigation_direct.total", *WHY)[0] == 0
    assert first != second
    assert opened(waive).check().counts["error"] == 0


def test_the_day_is_today_unless_it_is_given(waive) -> None:
    from datetime import date

    waive("T4-SUM", "--cells", "行政复议", *WHY)
    (waived,) = [f for f in opened(waive).check() if f.waived]
    assert waived.waived["on"] == date.today().isoformat()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["T4-SUM", "--cells", SUM], "请写明 --reason"),
        (["1", "--reason", "两件合并审理"], "请写明 --by"),
        (["1", "--reason", "不改", "--by", "王某"], "至少 4 个字，现在是“不改”"),
        (["1", *WHY, "--on", "1月20日"], "日期应写作 2022-01-28 的样子"),
        (["99", *WHY], "没有第 99 个问题"),
        (["T4-SUMM", *WHY], "您是不是要写 T4-SUM？"),
        (["T3-BALANCE", *WHY], "没有 T3-BALANCE 这个问题"),
        (["T4-SUM@000000", *WHY], "数据或文字改过以后代号会变"),
        (["T4-SUM", "--cells", "行政复议数", *WHY], "您是不是要写 行政复议？"),
    ],
)
def test_what_cannot_be_waived_is_refused_and_nothing_is_written(waive, arguments: list[str], said: str) -> None:
    file = waive.project.params_file("ju", 2024)
    before = file.read_bytes()
    status, told = waive(*arguments)
    assert (status, said in told) == (2, True), told
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("report", "said"), [("ju", "应写作 年度/机构代码"), ("2024/xx", "不在 params/agencies.csv 中")]
)
def test_a_report_that_is_not_there_is_told(waive, report: str, said: str) -> None:
    status, told = waive("1", *WHY, report=report)
    assert (status, said in told) == (2, True), told


def test_the_lines_can_be_looked_at_first(waive) -> None:
    file = waive.project.params_file("ju", 2024)
    before = file.read_bytes()
    assert waive("1", "--print", *WHY)[1].startswith("- rule: T4-SUM\n  reason: ")
    assert file.read_bytes() == before


def test_a_figure_that_changes_brings_the_finding_back_with_its_history(waive, small_project) -> None:
    waive("T4-SUM", "--cells", SUM, *WHY, "--on", "2025-01-20")
    kept = waive.project.params_file("ju", 2024).read_text(encoding="utf-8")
    small_project({SUM: 4}, params=kept.partition("year: 2024\n")[2])
    (again,) = [f for f in opened(waive).check() if f.rule == "T4-SUM"]
    assert again.waived is None
    assert "曾因“两件合并审理，经司法局核实”豁免，现已失效：“行政复议 · 总计”由“2”改为“4”" in again.message
    assert waive("T4-SUM", *WHY)[0] == 0, "it may be waived again, for the new value"
    assert opened(waive).check().counts["error"] == 0


NARRATIVE = """## 一、总体情况

本年度新收申请 {count} 件，主动公开、依申请公开、政府信息管理、平台建设和监督保障各项工作正常开展。

## 五、存在的主要问题及改进情况

主要问题是解读形式单一；下一步将丰富解读形式。
"""


def test_a_sentence_that_changes_brings_its_finding_back(small_project, capsys) -> None:
    def check(count: int) -> list:
        kept = project.params_file("ju", 2024).read_text(encoding="utf-8").partition("year: 2024\n")[2]
        small_project(narrative=NARRATIVE.format(count=count), params=kept)
        found = Report.open("ju", 2024, project=project).check()
        return [f for f in found if f.quote and "新收" in f.quote]

    project = small_project(narrative=NARRATIVE.format(count=7))
    (wrong,) = check(7)
    assert main(["waive", "2024/ju", wrong.rule, *WHY, "--params", str(project.params)]) == 0
    (waived,) = check(7)
    assert waived.waived is not None
    (again,) = check(8)
    assert again.waived is None
    assert "原来引用的句子改了" in again.message


def test_a_finding_that_agencies_show_together_is_waived_too(small_project, capsys) -> None:
    text = NARRATIVE.replace(
        "正常开展", "正常开展，" + "围绕群众关心的入学、就业、医疗和住房保障公开信息，逐项编制办事指南，" * 3
    )
    project = small_project(narrative=text.format(count=0))
    small_project(agency="bu", narrative=text.format(count=0))
    both = [str(project.data_folder(agency, 2024)) for agency in ("ju", "bu")]
    main(["check", *both])
    assert "[核实性] XA-DUP-TEXT" in capsys.readouterr().out
    command = ["waive", "2024/ju", "XA-DUP-TEXT", *WHY, "--params", str(project.params)]
    assert main(command) == 0
    capsys.readouterr()
    main(["check", *both])
    assert capsys.readouterr().out.count("（已豁免） XA-DUP-TEXT") == 1, "the other body's finding is its own affair"


def test_the_command_finds_its_project_from_a_data_folder_too(waive, monkeypatch, capsys) -> None:
    project: Project = waive.project
    monkeypatch.chdir(project.params.parent)
    assert main(["waive", "data/2024/ju", "1", *WHY]) == 0
    assert project.params_file("ju", 2024).read_text(encoding="utf-8").count("rule:") == 1


def test_two_project_files_never_mix(waive, tmp_path: Path) -> None:
    """The file beside it (another year) is not touched."""
    other = waive.project.params / "2023" / "ju.yaml"
    other.parent.mkdir()
    other.write_text("agency: ju\nyear: 2023\n", encoding="utf-8")
    waive("1", *WHY)
    assert other.read_text(encoding="utf-8") == "agency: ju\nyear: 2023\n"
