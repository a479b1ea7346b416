"""Many reports: each fault costs its own report, and what is left on disk is whole and the same every time."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest

pytestmark = pytest.mark.slow


def test_one_broken_report_never_stops_the_others(everything: Any, made: Sequence[str]) -> None:
    assert everything.status == 1
    for agency in ("fine", "waived", "wrong", "leaky"):
        for suffix in made:
            assert (everything.out / f"2024/{agency}_2024{suffix}").is_file(), (agency, suffix)
    for agency in ("unreadable", "dies", "slow"):
        assert not list((everything.out / "2024").glob(f"{agency}_2024*")), agency
    assert not (everything.out / "2024/crash_2024.html").exists()
    assert "共 8 份报告：2 份完成，2 份有必须改正的问题，4 份未能生成。" in everything.stdout


def test_the_summary_says_why_in_chinese_and_shows_no_traceback(everything: Any) -> None:
    said = everything.stdout
    assert "示例三局（wrong）：2 项必须改正的问题" in said
    assert "示例四局（unreadable）：data/2024/unreadable/remedies.csv 是 UTF-16 编码" in said
    assert re.search(r"示例五局（crash）：笔记本第 \d+ 格出错：ZeroDivisionError", said)
    assert "示例六局（dies）：生成该报告的进程意外终止（退出码 1）" in said
    assert "示例八局（slow）：有一格运行超过了 --timeout 的时限" in said
    assert "Traceback" not in said + everything.stderr


def test_a_failed_notebook_is_kept_for_its_author_without_folders_of_the_machine(everything: Any) -> None:
    text = everything.text("2024/crash_2024.ipynb")
    assert "ZeroDivisionError" in text
    assert str(everything.folder) not in text
    assert "/tmp/" not in text


def test_findings_are_listed_for_reviewers(everything: Any) -> None:
    lines = list(csv.DictReader(io.StringIO(everything.text("findings.csv").removeprefix("\ufeff"))))
    by_agency = {(line["机构代码"], line["规则"]): line for line in lines}
    row_sum = by_agency["wrong", "T3-ROWSUM"]
    assert (row_sum["级别"], row_sum["实填"], row_sum["应为"], row_sum["相差"]) == ("强制性", "3", "0", "3")
    assert by_agency["waived", "T2-RULES-POWER"]["豁免理由"] == "代市政府起草，已核实"
    assert by_agency["unreadable", ""]["级别"] == "未能生成"


def test_findings_are_a_test_report_for_machines(everything: Any) -> None:
    root = ElementTree.fromstring(everything.text("findings.junit.xml").encode())
    suites = {suite.get("name"): suite for suite in root}
    assert suites["2024/fine_2024"].get("failures") == "0"
    assert suites["2024/wrong_2024"].get("failures") == "2"
    assert suites["2024/waived_2024"].get("failures") == "0"
    assert suites["2024/dies_2024"].get("errors") == "1"


def test_figures_are_exact_and_blanks_are_null(everything: Any) -> None:
    frame = pd.read_parquet(everything.out / "figures.parquet").set_index(["agency", "key"])["value"]
    assert frame["fine", "disclosure.licence.decisions"] == Decimal(7)
    assert pd.isna(frame["fine", "remedies.review.upheld"])
    assert frame["fine", "remedies.review.total"] == Decimal(0)


def test_the_manifest_tells_what_was_made_from_what(everything: Any) -> None:
    manifest = json.loads(everything.text("manifest.json"))
    by_agency = {entry["agency"]: entry for entry in manifest["reports"]}
    assert [entry["status"] for entry in manifest["reports"]].count("failed") == 4
    assert "data/2024/fine/applications.csv" in by_agency["fine"]["inputs"]
    assert len(by_agency["fine"]["sha256"]) == 5


def test_the_index_page_links_to_what_is_there(everything: Any) -> None:
    page = everything.text("index.html")
    links = set(re.findall(r'href="([^"#]+)"', page))
    assert "2024/wrong_2024.review.html" in links
    assert all((everything.out / link).is_file() for link in links)
    assert "未能生成" in page


def test_nothing_is_left_half_written(everything: Any) -> None:
    hidden = {path.name for path in everything.out.rglob("*") if path.name.startswith(".")}
    assert hidden == {".cache.jsonl", ".lock"}  # the journal and the lock of the build


def test_an_executed_notebook_holds_no_traces_of_the_run(everything: Any) -> None:
    notebook = nbformat.read(everything.out / "2024/fine_2024.ipynb", as_version=4)
    assert "papermill" not in notebook.metadata
    assert all(not {"papermill", "execution"} & set(cell.metadata) for cell in notebook.cells)
    assert [cell.id for cell in notebook.cells].count("injected-parameters") == 1


def test_the_same_inputs_give_the_same_bytes(batch: Callable[..., Any], everything: Any) -> None:
    """With another number of workers, time zone, hash seed and locale, and running one agency alone."""
    env = {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    again = batch("--agency", "fine", "--agency", "wrong", "--jobs", "1", out="again", env=env)
    assert again.status == 1
    names = [p.name for p in (again.out / "2024").iterdir()]
    assert len(names) == 10
    for name in names:
        assert (again.out / "2024" / name).read_bytes() == (everything.out / "2024" / name).read_bytes(), name


def test_running_one_agency_keeps_the_others_and_a_new_failure_removes_the_old_page(
    batch: Callable[..., Any], everything: Any
) -> None:
    copy = batch("--agency", "fine", "--agency", "waived", out="two")
    assert copy.status == 0, copy.stdout
    table = everything.folder / "data/2024/waived/remedies.csv"
    good = table.read_bytes()
    try:
        table.write_bytes(b"")
        later = batch("--agency", "waived", out="two")
    finally:
        table.write_bytes(good)
    assert later.status == 1
    assert "示例一局" in later.text("index.html")
    assert not list((later.out / "2024").glob("waived*"))
    assert (later.out / "2024/fine_2024.html").is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--agency", "nobody"], "机构代码 nobody 不在"),
        (["--year", "1999"], "没有符合条件（1999）的参数文件；现有年度：2024"),
        (["--engine", "warp"], "没有名为 warp 的执行引擎；已安装：fast、kernel"),
        (["--formats", "odt"], "可以写 html（公开页）、docx（Word）"),
        (["--params", "nowhere"], "找不到 --params 指的文件夹“nowhere”"),
        (["--shard", "9/8"], "应写作 2/8 的样子"),
        (["--jobs", "0"], "--jobs 至少是 1"),
        (["--jbs", "2"], "没有这样的选项"),
    ],
)
def test_wrong_usage_ends_with_status_two_and_a_sentence(
    batch: Callable[..., Any], options: list[str], said: str
) -> None:
    run = batch(*options, out="unused")
    assert run.status == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert not run.out.exists()
