"""`ogi-report ledger`: what a clerk sees of a ledger in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogi_report.cli import main

LEDGER = """办件编号,收到日期,申请人类型,办理结果,办结日期,备注
2024-001,2024-03-05,自然人,予以公开,2024-04-15,加急
2024-002,2024-12-02,商业企业,,,
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "2024" / "ju"
    folder.mkdir(parents=True)
    (folder / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    return folder


def test_without_options_the_tables_are_shown(path, capsys):
    assert main(["ledger", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("台账 ledger.csv：2 件，2 件计入 2024 年，用于表三；没有读入的列：备注。\n")
    assert "表三　收到和处理政府信息公开申请情况" in out
    assert "四、结转下年度继续办理" in out


def test_a_figure_is_traced_and_the_overdue_are_listed(path, capsys):
    asked = ["--trace", "结转下年度", "--trace", "applications.granted.total", "--overdue", "--on", "2024年12月31日"]
    assert main(["ledger", str(path / "ledger.csv"), *asked]) == 0
    out = capsys.readouterr().out
    assert "2024 年“四、结转下年度继续办理 · 总计”：1 件，来自 ledger.csv 第 3 行。" in out
    assert "2024 年“（一）予以公开 · 总计”：1 件，来自 ledger.csv 第 2 行。" in out
    assert "超期清单：2024 年办理 2 件（其中延期 0 件），截至 2024-12-31 超过法定答复期限 2 件。" in out
    assert "3\t2024-002\t2024-12-02\t2024-12-02\t20\t21\t2024-12-30\t\t尚未办结，超 1 个工作日" in out


def test_another_year_may_be_asked_of_the_same_ledger(path, capsys):
    assert main(["ledger", str(path), "--year", "2025", "--trace", "上年结转"]) == 0
    assert "2025 年“二、上年结转政府信息公开申请数量 · 总计”：1 件" in capsys.readouterr().out


def test_a_ledger_elsewhere_needs_the_year_to_be_named(path, tmp_path, capsys):
    other = tmp_path / "台账.csv"
    other.write_text(LEDGER, encoding="utf-8")
    assert main(["ledger", str(other)]) == 2
    assert "请用 --year 指明年度" in capsys.readouterr().err
    assert main(["ledger", str(other), "--year", "2024"]) == 0


def test_a_ledger_on_a_sheet_of_the_fill_in_workbook_is_found_in_its_folder(path, capsys):
    import xlsxwriter

    (path / "ledger.csv").unlink()
    with xlsxwriter.Workbook(path / "form.xlsx") as book:
        book.add_worksheet("首页").write(0, 0, "填报表")
        sheet = book.add_worksheet("台账")
        for number, line in enumerate(LEDGER.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    assert main(["ledger", str(path), "--trace", "结转下年度"]) == 0
    assert "1 件，来自 form.xlsx（工作表“台账”） 第 3 行。" in capsys.readouterr().out


def test_what_cannot_be_done_is_told_without_a_traceback(path, tmp_path, capsys):
    for asked, status, message in (
        (["ledger", str(tmp_path / "nichts")], 2, "找不到台账"),
        (["ledger", str(path), "--trace", "本年新秀"], 2, "没有“本年新秀”这一格"),
        (["ledger", str(path), "--overdue", "--on", "昨天"], 2, "--on 写的是“昨天”，不是日期"),
    ):
        assert main(asked) == status
        assert message in capsys.readouterr().err
    (path / "ledger.csv").write_text(LEDGER.replace("2024-03-05", "2024-02-30"), encoding="utf-8")
    assert main(["ledger", str(path)]) == 1
    assert "ledger.csv 第 2 行的“收到日期”是“2024-02-30”，日历上没有这一天" in capsys.readouterr().err
