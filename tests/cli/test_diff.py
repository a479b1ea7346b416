"""`ogi-report diff`: builds, years, agency-years and files compared."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import simplejson

from ogi_report import Report
from ogi_report.cli import main
from ogi_report.report import Project
from ogi_report.report.fragment import MIME, dump_json

ROOT = Path(__file__).parents[2]
SEED = ROOT / "tests" / "published" / "kejing_2021.txt"


@pytest.fixture
def years(small_project: Callable[..., Project]) -> Project:
    """An agency's reports of 2023 and 2024; between them three figures changed and one sentence."""
    cells = {
        f"applications.{row}.{column}": 4
        for row in ("received", "carried_out")
        for column in ("natural_person", "total")
    }
    small_project(year=2023)
    return small_project(cells | {"remedies.review.total": 2})


def kept(project: Project, year: int, build: Path) -> Path:
    """What a batch leaves of a report."""
    path = build / str(year) / f"ju_{year}.findings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_json(Report.open("ju", year, project=project).as_json()), encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["diff", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_two_years_of_an_agency(years: Project, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, years.data / "2023/ju", years.data / "2024/ju").splitlines()
    assert said[:2] == ["A：示例局 2023 年（data/2023/ju）", "B：示例局 2024 年（data/2024/ju）"]
    assert "数：200 格可比，5 格有变动" in said
    assert "  行政复议 · 总计：0 → 2（+2）" in said
    assert any(line.startswith("    改前　本年度主动公开") and "新收申请 0 件" in line for line in said)
    assert any("重复率" in line and "▲ 超过 50%" in line for line in said)
    assert any(line.startswith("  新增　[强制性] T4-SUM") for line in said)


def test_folders_of_years_are_compared_agency_by_agency(
    years: Project, small_project: Callable[..., Project], capsys: pytest.CaptureFixture[str]
) -> None:
    small_project(agency="bu")
    small_project(agency="bu", year=2023)
    (years.data / "2023/bu/remedies.csv").unlink()
    said = told(capsys, years.data / "2023", years.data / "2024").splitlines()
    assert "数：200 格可比，5 格有变动" in said
    assert said[-2] == "只在 B 中有：另一局 2024 年"
    assert said[-1].startswith("没有比较：2023 年 bu：找不到 data/2023/bu/remedies.csv")
    small_project(agency="bu", year=2023)
    said = told(capsys, years.data / "2023", years.data / "2024").splitlines()
    assert (
        said[0]
        == "另一局（bu）2023 → 2024 年：数 0 格有变动，文字 0 句有变动，问题消失 0 项、新增 0 项，重复率 100.0%，超过 50% 的章：一、二、三、四、五、六"
    )
    assert said[1].startswith("示例局（ju）2023 → 2024 年：数 5 格有变动，文字 4 句有变动，")


def test_two_builds_are_compared_report_by_report(
    years: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(years, 2023, tmp_path / "one")
    kept(years, 2024, tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    (years.data / "2024/ju/narrative.md").write_text(
        "## 一、总体情况\n\n全新的一句话，与以前完全不同。\n", encoding="utf-8"
    )
    kept(years, 2024, tmp_path / "two")
    params = f"--params={years.params}"
    said = told(capsys, tmp_path / "one", tmp_path / "two", params)
    first, second = said.splitlines()
    assert first == "示例局（ju）2023 年：数 0 格有变动，文字 0 句有变动，问题消失 0 项、新增 0 项"
    assert second.startswith("示例局（ju）2024 年：数 0 格有变动")
    full = told(capsys, tmp_path / "one", tmp_path / "two", params, "--full")
    assert "没有变动。" in full
    assert "增　全新的一句话，与以前完全不同。" in full
    assert "A：示例局 2023 年" in told(capsys, tmp_path / "one/2023", tmp_path / "one/2024", params, "--full")
    one, two = kept(years, 2023, tmp_path / "one"), kept(years, 2024, tmp_path / "two")
    assert "数：200 格可比，5 格有变动" in told(capsys, one, two, params)
    assert "数：200 格可比，5 格有变动" in told(capsys, one, years.data / "2024/ju", params)


def test_a_published_report_against_the_files_it_was_made_from(capsys: pytest.CaptureFixture[str]) -> None:
    said = told(capsys, SEED, ROOT / "data/2021/kejing", "--agency=kejing", f"--params={ROOT / 'params'}")
    assert "格可比，0 格有变动" in said
    assert "重复率" not in said, "two versions of one report"


def test_json_holds_exact_numbers_and_everything_that_changed(
    years: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    said = simplejson.loads(
        told(capsys, years.data / "2023/ju", years.data / "2024/ju", "--format=json"), use_decimal=True
    )
    (pair,) = said["pairs"]
    assert (pair["a"]["year"], pair["b"]["year"], pair["cells"]) == (2023, 2024, 200)
    assert pair["figures"][-1] == {
        "cell": "remedies.review.total", "label": "行政复议 · 总计", "before": "0", "after": "2", "difference": 2
    }  # fmt: skip
    assert {f["rule"] for f in pair["findings"]["new"]} >= {"T4-SUM"}
    assert pair["chapters"][0]["repetition"]["characters"] > 40


def test_the_page_stands_alone_and_names_no_folder_of_the_machine(
    years: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.html", "b.html"):
        told(capsys, years.data / "2023/ju", years.data / "2024/ju", f"--html={tmp_path / name}")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert str(tmp_path) not in page
    assert "<details>" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "{data}/2024/ju"], "找不到 nowhere。"),
        (["{data}/2023/ju", "{data}/2024/ju", "--repeat=half"], "--repeat 写的是“half”"),
        (["{data}/2023/ju", "{data}/2024/ju", "--repeat=101"], "应为 0 到 100 的数"),
        (["{data}/2023/ju", "{data}/2024/ju", "--year", "1", "2", "3"], "--year 至多写两个年度"),
        (["{data}/..", "{data}/2024/ju"], "中没有可以比较的报告"),
        (["{data}/2023/ju", "{data}/2024", "--agency=bu"], "中没有可以比较的报告"),
    ],
)
def test_wrong_usage_is_told(
    years: Project, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["diff", *(argument.format(data=years.data) for argument in arguments)]) == 2
    assert message in capsys.readouterr().err


def test_nothing_in_common_is_told(
    years: Project, small_project: Callable[..., Project], capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(years.data / "2023/ju")
    small_project(agency="bu", year=2023)
    assert main(["diff", str(years.data / "2023"), str(years.data / "2024")]) == 2
    assert "没有相同的机构，无法比较" in capsys.readouterr().err


def test_a_file_that_is_no_report_is_told(years: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.json").write_text("[1, 2]")
    assert main(["diff", str(tmp_path / "x.json"), str(years.data / "2024/ju")]) == 1
    assert "不是 ogi-report 生成的报告数据" in capsys.readouterr().err


def test_an_analyst_compares_in_a_notebook(years: Project) -> None:
    report = Report.open("ju", 2024, project=years)
    piece = report.compared_with()
    assert piece.public is None
    assert "数：200 格可比，5 格有变动" in piece.text
    assert piece._repr_mimebundle_()[MIME]["public"] is None
    assert report.compared_with(report).text.count("没有变动。") == 1
    assert report.compared_with(2023, repeat=100).html.count("▲") == 0
