"""`ogi-report check` and `rules`: what scripts and clerks see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import simplejson

from ogi_report.cli import main
from ogi_report.report import Project
from ogi_report.rules import rule_ids

ROOT = Path(__file__).parents[2]
SEED = ROOT / "data" / "2021" / "kejing"


def test_the_seed_has_one_waived_error_and_the_findings_of_loaded_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SEED), "--format", "json"]) == 0
    told = simplejson.loads(capsys.readouterr().out, use_decimal=True)
    assert (told["agency"], told["year"], told["layout"]) == ("kejing", 2021, "2019")
    found = sorted((f["rule"], f["severity"], f["waived"] is not None) for f in told["findings"])
    # Domain notes 6.2 row by row; LAYOUT-BROKEN-ROW and LAYOUT-SHIFT are seen in the published page only.
    assert found == [
        ("FEE-CH6", "warning", False),
        ("LAYOUT-EXTRA-ROW", "note", False),
        ("LAYOUT-YEAR", "error", True),
        ("META-AGENCY", "note", False),
        ("META-CONTACT", "note", False),
        ("META-INDEXNO", "note", False),
        ("META-PERIOD", "note", False),
        ("META-PUBDATE", "warning", False),
        ("META-TITLE", "warning", False),
        ("N-CONTRA-SITE", "warning", False),
        ("N-POSTED-ZERO", "note", False),
        ("T2A-DECISIONS-EQ-ITEMS", "warning", False),
        ("T2A-DELTA-JUMP", "note", False),
        ("T2A-PROC-UNIT", "warning", False),
        ("TPL-BROKEN-PARA", "note", False),
        ("TPL-BROKEN-PARA", "note", False),
        ("TPL-LEADIN-DUP", "note", False),
        ("TPL-PUNCT", "note", False),
        ("TPL-SELFNAME", "note", False),
        ("TPL-TERM", "note", False),
        ("V-BLANK", "note", False),
        ("V-BLANK", "note", False),
        ("V-BLANK-KEY", "warning", False),
        ("V-SIGN", "note", False),
    ]
    assert told["counts"] == {"error": 0, "warning": 7, "note": 16, "waived": 1}
    assert told["coverage"]["T3-BALANCE"] == {"pass": 0, "pass_assumed": 7, "fail": 0, "n/a": 0, "why": None}
    assert told["figures"]["applications.received.total"] == {"value": 0, "raw": "0", "kind": "number"}
    assert str(told["figures"]["disclosure.procurement.amount_yuan"]["value"]) == "4145261.25"
    assert told["figures"]["disclosure.local.other_public_docs.public_total"]["value"] == 20


def test_what_must_stay_silent_on_the_seed_is_decided_and_passes(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(SEED), "--format", "json"])
    coverage = simplejson.loads(capsys.readouterr().out)["coverage"]
    for rule in ("T3-BALANCE", "T3-HANDLED", "T3-ROWSUM", "T4-SUM"):
        assert coverage[rule]["pass_assumed"] > 0, rule
        assert coverage[rule]["fail"] == 0, rule
    passed = (
        "N-ZEROCLAIM T2A-TOTAL-GE-NEW T2A-ITEMS-NONNEG T2A-PROC-PAIR T2A-PROC-MEAN T2-RULES-POWER CH-MISSING CH-ORDER"
        " CH-TITLE CH-EMPTY CH-FIVE-ASPECTS CH5-BOTH"
    )
    for rule in passed.split():
        assert (coverage[rule]["pass"] > 0, coverage[rule]["fail"]) == (True, 0), (rule, coverage[rule])


def test_several_folders_give_a_list_and_an_unreadable_one_its_problems(
    small_project: Callable[..., Project], capsys: pytest.CaptureFixture[str]
) -> None:
    project = small_project()
    small_project({"remedies.review.total": 2}, agency="bu")
    (project.data_folder("ju", 2024) / "remedies.csv").write_text("", encoding="utf-8")
    folders = [str(project.data_folder(agency, 2024)) for agency in ("ju", "bu")]
    assert main(["check", *folders, "--format", "json"]) == 1
    broken, wrong = simplejson.loads(capsys.readouterr().out)
    assert broken == {
        "agency": "ju",
        "year": 2024,
        "problems": ["data/2024/ju/remedies.csv 是空的；请按 2021 年表样填写表四。"],
    }
    assert wrong["findings"][0]["rule"] == "T4-SUM"
    assert (wrong["findings"][0]["found"], wrong["findings"][0]["expected"], wrong["findings"][0]["difference"]) == (
        2,
        0,
        2,
    )


def test_a_clerk_reads_sentences(small_project: Callable[..., Project], capsys: pytest.CaptureFixture[str]) -> None:
    project = small_project({"remedies.review.total": 2})
    assert main(["check", str(project.data_folder("ju", 2024))]) == 1
    said = capsys.readouterr().out
    assert "示例局 2024 年（2021 年表样）" in said
    assert "[强制性] T4-SUM  “行政复议”栏：总计 2；结果维持 0；两边应当相等，相差 2。" in said


@pytest.mark.parametrize(
    ("path", "said"),
    [("nowhere", "nowhere"), ("src", "不像 data/<年度>/<机构>")],
)
def test_a_wrong_path_is_wrong_usage(path: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / path)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_no_report_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / "pyproject.toml")]) == 1
    assert "没有年度报告的章节，也没有官方表格" in capsys.readouterr().out


def test_every_rule_is_listed_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    said = capsys.readouterr().out
    assert all(rule in said for rule in rule_ids())
    assert said.count("来源：") >= len(rule_ids())


def test_every_faulty_example_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Each folder of examples/faulty but the good ones ends with a message; none with a traceback."""
    folders = sorted((ROOT / "examples/faulty/data/2024").iterdir())
    assert len(folders) >= 10
    harmless = {"all_fine", "gb18030", "blank_totals"}
    for folder in folders:
        status = main(["check", str(folder)])
        told = capsys.readouterr()
        assert (status == 0) == (folder.name in harmless), folder.name
        assert len(told.out + told.err) > 40, folder.name
