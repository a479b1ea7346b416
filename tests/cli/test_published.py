"""`check`, `import` and `audit` on files as agencies publish them."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import simplejson

from ogi_report import Report
from ogi_report.cli import main
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]
KEJING = ROOT / "tests" / "published" / "kejing_2021.txt"

FINDINGS = {
    ("LAYOUT-YEAR", "error"): 1,
    ("V-BLANK-KEY", "warning"): 1,
    ("T2A-DECISIONS-EQ-ITEMS", "warning"): 1,
    ("T2A-PROC-UNIT", "warning"): 1,
    ("N-CONTRA-SITE", "warning"): 1,
    ("FEE-CH6", "warning"): 1,
    ("META-TITLE", "warning"): 1,
    ("META-PUBDATE", "warning"): 1,
    ("LAYOUT-BROKEN-ROW", "note"): 1,
    ("LAYOUT-SHIFT", "note"): 1,
    ("LAYOUT-EXTRA-ROW", "note"): 1,
    ("V-BLANK", "note"): 2,
    ("V-SIGN", "note"): 1,
    ("T2A-DELTA-JUMP", "note"): 1,
    ("N-POSTED-ZERO", "note"): 1,
    ("TPL-SELFNAME", "note"): 1,
    ("TPL-LEADIN-DUP", "note"): 1,
    ("TPL-BROKEN-PARA", "note"): 2,
    ("TPL-TERM", "note"): 1,
    ("TPL-PUNCT", "note"): 1,
    ("META-AGENCY", "note"): 1,
    ("META-PERIOD", "note"): 1,
    ("META-CONTACT", "note"): 1,
    ("META-INDEXNO", "note"): 1,
}
"""What reviewers would say of the real report of 2021 (its sentences rewritten, its quirks kept)."""


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    status = main(["check", *arguments, "--format", "json"])
    return status, simplejson.loads(capsys.readouterr().out, use_decimal=True)


def test_the_published_page_gives_its_figures_and_every_other_cell_blank(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = told(capsys, str(KEJING), "--year", "2021")
    assert (status, found["layout"], found["year"]) == (1, "2019", 2021)
    filled = {key: cell["raw"] for key, cell in found["figures"].items() if cell["kind"] != "blank"}
    zeros = {key for key, raw in filled.items() if raw == "0"}
    assert {key: raw for key, raw in filled.items() if raw != "0"} == {
        "disclosure.normative.public_total": "62",
        "disclosure.local.other_public_docs.public_total": "20",
        "disclosure.other_services.items_prev": "203",
        "disclosure.other_services.items_delta": "75",
        "disclosure.other_services.decisions": "278",
        "disclosure.procurement.projects": "13",
        "disclosure.procurement.amount_yuan": "4145261.25",
    }
    assert {key for key in zeros if not key.startswith("disclosure.")} == {
        "applications.received.total",
        "applications.carried_in.total",
        "remedies.review.total",
        "remedies.litigation_direct.total",
        "remedies.litigation_after_review.total",
    }
    assert list(found["chapters"]) == ["1", "2", "3", "4", "5", "6"]
    assert found["chapters"]["2"] == found["chapters"]["3"] == found["chapters"]["4"] == ""


def test_the_published_page_gets_the_findings_that_reviewers_would_write(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = told(capsys, str(KEJING), "--year", "2021")
    assert Counter((f["rule"], f["severity"]) for f in found["findings"]) == FINDINGS
    assert found["counts"] == {"error": 1, "warning": 7, "note": 18, "waived": 0}
    silent = "T3-BALANCE T3-HANDLED T3-ROWSUM T4-SUM N-ZEROCLAIM CH-MISSING CH-ORDER CH-TITLE CH-FIVE-ASPECTS CH5-BOTH"
    assert all(found["coverage"][rule]["fail"] == 0 for rule in silent.split())


def test_an_import_makes_the_same_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "data" / "2021" / "kejing"
    assert main(["import", str(KEJING), "--to", str(target), "--year", "2021"]) == 0
    assert "名录 agencies.csv 末尾加了一行" in capsys.readouterr().out
    report = Report.open("kejing", 2021, project=Project(tmp_path / "params", tmp_path / "data"))
    _, found = told(capsys, str(KEJING), "--year", "2021")
    assert {str(c.number): c.text for c in report.chapters} == found["chapters"]
    own = {key: cell.raw for key, cell in report.figures.items()}
    assert own == {key: cell["raw"] for key, cell in found["figures"].items()}
    expected = {rule for rule, _ in FINDINGS} - {"LAYOUT-BROKEN-ROW", "LAYOUT-SHIFT"}
    assert {f.rule for f in report.check()} == expected


def test_nothing_that_is_there_is_overwritten_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "data" / "2021" / "kejing"
    command = ["import", str(KEJING), "--to", str(target), "--year", "2021"]
    assert main(command) == 0
    (target / "narrative.md").write_text("我自己写的", encoding="utf-8")
    assert main(command) == 2
    assert "没有覆盖" in capsys.readouterr().err
    assert (target / "narrative.md").read_text(encoding="utf-8") == "我自己写的"
    assert main([*command, "--force"]) == 0
    assert "一、总体情况" in (target / "narrative.md").read_text(encoding="utf-8")


def test_text_that_markdown_or_jinja_would_read_comes_back_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = ["1. 一是*加强*{{ 学习 }}", "# 不是标题", "- 不是列表", "{% raw %} <b>甲</b> [乙](丙)", "1.2 万条_下划线_"]
    page = KEJING.read_text(encoding="utf-8").replace(
        "六、其他需要报告的事项", "六、其他需要报告的事项\n\n" + "\n\n".join(odd)
    )
    (tmp_path / "odd.txt").write_text(page, encoding="utf-8")
    target = tmp_path / "data" / "2021" / "kejing"
    assert main(["import", str(tmp_path / "odd.txt"), "--to", str(target), "--year", "2021"]) == 0
    report = Report.open("kejing", 2021, project=Project(tmp_path / "params", tmp_path / "data"))
    assert report.chapters[-1].text.split("\n")[: len(odd)] == odd


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "data/zwgk/kejing"], "应写作 data/<年度>/<机构代码>"),
        (["--to", "data/2021/../../x"], "应写作 data/<年度>/<机构代码>"),
        (["--to", "data/2020/kejing", "--year", "2021"], "--to 却指向 2020 年"),
        (["--year", "2021"], "不知道它在本项目中的机构代码"),
    ],
)
def test_a_place_that_cannot_be_meant_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    before = sorted(ROOT.glob("data/*/*"))
    assert main(["import", str(KEJING), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert sorted(ROOT.glob("data/*/*")) == before


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("published")
    text = KEJING.read_text(encoding="utf-8")
    (found / "2021").mkdir()
    shutil.copy(KEJING, found / "2021" / "科经局2021.txt")
    # The same body a year later, in which one carried-in number contradicts the year before.
    later = text.replace("2021", "2022").replace(
        "二、上年结转政府信息公开申请数量\t\t\t\t\t\t\t\t0", "二、上年结转政府信息公开申请数量\t\t\t\t\t\t\t\t3"
    )
    (found / "科经局2022.txt").write_text(later, encoding="utf-8")
    (found / "坏.docx").write_bytes(b"PK\x03\x04" + b"x" * 200)
    (found / "说明.txt").write_text("本文件夹是各单位报送的年度报告。", encoding="utf-8")
    return found


@pytest.mark.slow
def test_an_audit_reads_what_it_can_and_says_what_it_cannot(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    out = tmp_path / "audit"
    command = ["audit", str(folder), "--out", str(out), "--jobs", "2"]
    assert main(command) == 1
    assert "共 4 个文件：已读 2 个，2 个没有读出" in capsys.readouterr().out
    with (out / "files.csv").open(encoding="utf-8-sig", newline="") as file:
        files = {line["文件"]: line for line in csv.DictReader(file)}
    assert {name: line["状态"] for name, line in files.items()} == {
        "2021/科经局2021.txt": "已读",
        "科经局2022.txt": "已读",
        "坏.docx": "无法读取",
        "说明.txt": "无法读取",
    }
    assert (files["2021/科经局2021.txt"]["年度"], files["2021/科经局2021.txt"]["表样"]) == ("2021", "2019")
    findings = pd.read_csv(out / "findings.csv", dtype="string", keep_default_na=False, encoding="utf-8-sig")
    assert "LAYOUT-YEAR" in set(findings["规则"])
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "已公布年度报告审核总览" in page
    assert "坏.docx" in page
    assert str(folder) not in page
    figures = pd.read_parquet(out / "figures.parquet")
    assert len(figures[figures["key"] == "disclosure.other_services.decisions"]) == 2
    kept = {path: path.stat().st_mtime_ns for path in (out / "files").iterdir()}
    assert main(command) == 1
    # What could not be read is not read again either: nothing about it has changed.
    assert {path: path.stat().st_mtime_ns for path in (out / "files").iterdir()} == kept
