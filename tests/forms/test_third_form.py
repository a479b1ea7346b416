"""The proof of the idea: a layout that nobody foresaw needs one YAML file and no line of code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ogi_report
from ogi_report.errors import DataError
from ogi_report.figures import panel, tidy_panel
from ogi_report.forms import Role, build_grid, equations


def test_its_cells_are_keyed_like_those_of_any_form(third_form):
    assert [len(table.cells) for table in third_form.tables] == [3 * 4 + 1 + 2, 8 * 5, 4]
    assert {
        "disclosure.plans.revised",
        "disclosure.open_data.opened.cost",
        "applications.online.legal.media",
        "applications.denied.work_secret.total",
        "remedies.review.withdrawn",
    } <= set(third_form.cells)


def test_its_table_two_is_laid_out_with_the_new_row_column_and_block(third_form):
    grid = build_grid(third_form.table("disclosure"))
    text = [[f"{s.text or s.key} {s.rowspan}x{s.colspan}" for s in row] for row in grid.rows()]
    assert text == [
        ["第二十条第（一）项 1x5"],
        ["信息内容 1x1", "本年制发件数 1x1", "本年修订件数 1x1", "本年废止件数 1x1", "现行有效件数 1x1"],
        ["规章 1x1", *(f"disclosure.rules.{c} 1x1" for c in ("issued", "revised", "repealed", "in_force"))],
        [
            "行政规范性文件 1x1",
            *(f"disclosure.normative.{c} 1x1" for c in ("issued", "revised", "repealed", "in_force")),
        ],
        ["发展规划 1x1", *(f"disclosure.plans.{c} 1x1" for c in ("issued", "revised", "repealed", "in_force"))],
        ["第二十条第（五）项 1x5"],
        ["信息内容 1x1", "本年处理决定数量 1x4"],
        ["行政许可 1x1", "disclosure.licence.decisions 1x4"],
        ["第二十条第（十一）项 1x5"],
        ["信息内容 2x1", "本年开放 1x4"],
        ["数据集 1x1", "投入 1x3"],
        ["公共数据 1x1", "disclosure.open_data.opened.datasets 1x1", "disclosure.open_data.opened.cost 1x3"],
    ]


def test_its_table_three_has_eight_rows_and_five_columns_of_numbers(third_form):
    grid = build_grid(third_form.table("applications"))
    assert (grid.width, grid.height, grid.header_rows) == (3 + 5, 3 + 8, 3)
    assert sum(slot.role is Role.VALUE for slot in grid.slots) == 40


def test_its_equations_bind_the_new_cells(third_form):
    handled = next(e for e in equations(third_form) if e.rule == "T3-HANDLED" and e.scope == "总计")
    assert [term.cell.split(".", 1)[1] for term in handled.right] == [
        "granted.total",
        "denied.state_secret.total",
        "denied.work_secret.total",
    ]
    row = next(e for e in equations(third_form) if e.rule == "T3-ROWSUM")
    assert "applications.online.legal.media" in row.coefficients


def test_its_files_are_written_and_read(figures_of, read_back):
    cells = {
        "disclosure.open_data.opened.cost": "98000.50",
        "applications.online.legal.media": 3,
        "remedies.review.withdrawn": "",
    }
    figures = figures_of(cells, "2031")
    assert dict(read_back(figures).items()) != {}
    assert {key: cell.raw for key, cell in read_back(figures).items()} == {
        key: cell.raw for key, cell in figures.items()
    }


def test_its_files_are_not_mistaken_for_those_of_another_layout(figures_of, read_back):
    old = read_back(figures_of())  # a sound report in the layout of 2021
    from ogi_report.writers import write_table_csv

    with pytest.raises(DataError, match=r"applications\.csv 的行属于 2021 年表样，而本报告用的是 2031 年表样"):
        read_back(figures_of({}, "2031"), applications=write_table_csv(old, "applications"))


def test_its_arithmetic_is_checked(checked):
    consistent = {
        "applications.received.natural_person": 4,
        "applications.received.legal.media": 2,
        "applications.received.total": 6,
        "applications.granted.natural_person": 4,
        "applications.denied.work_secret.legal.media": 2,
        "applications.granted.total": 4,
        "applications.denied.work_secret.total": 2,
        "applications.handled_total.natural_person": 4,
        "applications.handled_total.legal.media": 2,
        "applications.handled_total.total": 6,
        "disclosure.plans.revised": 3,
        "disclosure.plans.in_force": 3,
        "remedies.review.withdrawn": 1,
        "remedies.review.total": 1,
    }
    assert [finding.rule for finding in checked(consistent, "2031")] == []
    broken = consistent | {
        "applications.received.legal.media": 3,
        "applications.online.total": 7,
        "disclosure.plans.in_force": 2,
        "remedies.review.total": 0,
    }
    assert [(finding.rule, len(finding.cells)) for finding in checked(broken, "2031")] == [
        ("T2C-FORCE-FLOOR", 4),
        ("T3-BALANCE", 4),  # 新闻媒体
        ("T3-ROWSUM", 5),  # 网上提交
        ("T3-ROWSUM", 5),  # 本年新收
        ("T4-SUM", 4),
        ("T3-ONLINE", 2),
    ]


def test_conditions_on_cells_that_it_lacks_are_not_applicable_and_say_so(checked):
    coverage = checked({"applications.received.total": 30}, "2031").coverage
    for rule in (
        "T2A-PROC-PAIR",
        "T2-FEE-UNIT",
        "T3-OTHER-SHARE",
        "T3-SECRET",
        "T4-AFTER-NEEDS-REVIEW",
        "T3-FEE-BEFORE-2021",
    ):
        assert coverage[rule].counts["n/a"] == 1, rule
        assert coverage[rule].why, rule
    assert coverage["T3-CARRY-PLAUS"].counts["pass"] == 1


def test_it_joins_the_years_of_other_layouts_in_one_panel(figures_of):
    reports = [("a", 2020, figures_of({}, "2019")), ("a", 2031, figures_of({"applications.received.total": 7}, "2031"))]
    frame = panel(reports)
    assert frame["applications.received.total"].tolist() == [0, 7]
    assert frame["applications.online.total"].isna().tolist() == [True, False]
    assert set(tidy_panel(reports)["layout"]) == {"2019", "2031"}


def test_dropping_the_file_into_the_package_is_all_it_takes(tmp_path, third_form_file):
    package = tmp_path / "site" / "ogi_report"
    shutil.copytree(Path(ogi_report.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(third_form_file, package / "forms" / "2031.yaml")
    script = """
import ogi_report
from ogi_report.figures import Figures
from ogi_report.forms import form_for_year, official_forms
from ogi_report.report.params import parse_params
from ogi_report.rules import Context, check
print(ogi_report.__file__)
print(*official_forms(), form_for_year(2030).id, form_for_year(2031).id)
print(parse_params({"agency": "kejing", "year": 2031, "layout": "2031"}, "p").layout)
old = Figures.of(official_forms()["2021"], {}, 1)
for finding in check(Context(old, "kejing", 2031, prescribed_layout=form_for_year(2031).id)):
    if finding.rule == "LAYOUT-YEAR":
        print(finding.message)
"""
    environment = os.environ | {"PYTHONPATH": str(package.parent), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        str(package / "__init__.py"),
        "2019 2021 2031 2021 2031",
        "2031",
        "2031 年度的报告应当使用 2031 年表样（国办公开办函〔2031〕0号），实际用的是 2021 年表样。",
    ]
