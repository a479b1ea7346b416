"""The analyst's first minute in JupyterLab, in a real browser: open the template, run all, see the report."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """A JupyterLab on a copy of the project, in which the analyst has changed agency and year."""
    for folder in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    template = tmp_path / "notebooks" / "annual_report.ipynb"
    text = template.read_text(encoding="utf-8")
    changed = text.replace(r"agency = \"kejing\"", r"agency = \"market\"").replace("year = 2021", "year = 2024")
    assert changed != text
    template.write_text(changed, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.token=t",
    ]
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}/lab/tree/notebooks/annual_report.ipynb?token=t"
        finally:
            server.terminate()
            server.wait(30)


def test_an_analyst_changes_the_agency_and_runs_all(lab: str, tmp_path: Path) -> None:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium; CI installs one")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 6000})
        for _ in range(60):
            try:
                page.goto(lab)
                break
            except Error:
                time.sleep(1)
        page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
        page.wait_for_selector("text=/Python 3.*Idle/", timeout=90_000)
        page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        page.click("text='Run All Cells'")
        page.wait_for_selector("h2:has-text('六、其他需要报告的事项')", timeout=90_000)
        shown = page.locator(".jp-OutputArea-output")
        table = shown.locator("table.ogi-applications")
        assert table.locator("tr").count() == 28
        assert re.search(r"border: ?1px solid", str(table.locator("td").first.get_attribute("style")))
        assert shown.locator("h1").first.inner_text() == "云溪区（虚构）市场监督管理局2024年政府信息公开工作年度报告"
        assert "一致性检查：没有必须改正的问题" in shown.locator(".ogi-findings").inner_text()
        assert shown.locator("svg.ogi-chart").count() == 1
        assert (
            page.locator(
                ".jp-OutputArea-output[data-mime-type*='error'], .jp-RenderedText[data-mime-type*='stderr']"
            ).count()
            == 0
        )
        page.screenshot(path=str(tmp_path / "lab.png"))
        browser.close()
