"""The page inside the notebook is the page that the batch makes."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ogi_report
from ogi_report import Report
from ogi_report.errors import UsageError
from ogi_report.report import Project
from ogi_report.report.project import PARAMS_VARIABLE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """One agency and its year before, with the notebooks."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    for year in ("2023", "2024"):
        shutil.copytree(ROOT / "data" / year / "market", tmp_path / "data" / year / "market")
        (tmp_path / "params" / year).mkdir(parents=True)
        shutil.copy(ROOT / "params" / year / "market.yaml", tmp_path / "params" / year)
    shutil.copy(ROOT / "params" / "agencies.csv", tmp_path / "params")
    return Project(tmp_path / "params", tmp_path / "data")


def page_in(shown: str) -> str:
    frame = re.search(r'<iframe title="\w+" sandbox srcdoc="([^"]*)"', shown)
    assert frame is not None, shown[:300]
    return html.unescape(frame[1])


def test_both_pages_are_byte_for_byte_those_of_the_batch(
    project: Project, tmp_path: Path, program: Callable[..., Any]
) -> None:
    assert program("run", "--agency", "market", "--year", "2024", "--jobs", "1", cwd=tmp_path).returncode == 0
    report = Report.open("market", 2024, project=project)
    public, review = ogi_report.preview(report), ogi_report.preview(report, "review")
    build = tmp_path / "build" / "2024"
    assert page_in(public.html) == (build / "market_2024.html").read_text(encoding="utf-8")
    assert page_in(review.html) == (build / "market_2024.review.html").read_text(encoding="utf-8")
    assert public.public is None, "a page inside the page would be published"
    assert repr(public) == "公开页，与批量生成的相同，由已存盘的文件生成。"


def test_a_setting_that_only_the_notebook_has_is_told(project: Project) -> None:
    shown = ogi_report.preview(Report.open("market", 2024, project=project, index_no="X-1"))
    assert "笔记本里另写的 index_no 没有用上，要写进 params/2024/market.yaml 才用于批量生成" in shown.text
    assert "X-1" not in page_in(shown.html)


def test_what_keeps_the_batch_from_making_the_page_is_said_in_its_place(project: Project) -> None:
    report = Report.open("market", 2024, project=project)
    (project.data_folder("market", 2024) / "narrative.md").write_text("## 一、总体情况\n\n{{ 没有的数 }}\n", "utf-8")
    shown = ogi_report.preview(report)
    assert shown.text.startswith("这份报告现在生成不了：\ndata/2024/market/narrative.md 第 3 行")
    assert "iframe" not in shown.html


def test_a_notebook_with_a_preview_can_go_through_the_batch(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PARAMS_VARIABLE, str(project.params))
    assert ogi_report.preview(Report.open("market", 2024, project=project)).text == "批量生成时不预览。"


def test_another_page_than_the_two_is_refused(project: Project) -> None:
    with pytest.raises(UsageError, match="没有名为 print 的页面；可写 public（公开页）、review（内部审核页）"):
        ogi_report.preview(Report.open("market", 2024, project=project), "print")
