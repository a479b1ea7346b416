"""An analyst's first day in JupyterLab, in a real browser: from `make lab` to a notebook of one's own in the batch."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

import nbformat
import psutil
import pytest
from playwright.sync_api import Browser, Locator, Page

from ogi_report import Report
from ogi_report.figures import Figures
from ogi_report.report import Project
from ogi_report.report.workbooks import form_of_report
from ogi_report.writers.workbook import write_workbook

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(__file__).parents[2]
PATIENCE = 60_000
"""Milliseconds for anything that a kernel does: a shared machine may be busy."""


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that `make lab` has opened on a clone of the project."""

    project: Path
    url: str

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.project, capture_output=True, encoding="utf-8", check=True)
        return done.stdout

    def open(self, browser: Browser, path: str) -> Page:
        page = browser.new_page(viewport={"width": 1400, "height": 7000})
        page.set_default_timeout(PATIENCE)
        page.goto(f"{self.url}/lab/tree/{path}?token=t&reset")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        page.wait_for_selector("text=/Python 3.*Idle/")
        return page


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    project, home = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("home")
    for name in ("params", "data", "notebooks", "tools"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("Makefile", "run_all.py", ".gitattributes", ".gitignore"):
        shutil.copy(ROOT / name, project / name)
    (project / ".venv" / "bin").mkdir(parents=True)
    for program in ("python", "jupyter"):
        (project / ".venv" / "bin" / program).symlink_to(Path(sys.prefix) / "bin" / program)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Lab(project, f"http://127.0.0.1:{port}")
    found.git("init", "--quiet", "--initial-branch=main")
    found.git("config", "user.name", "analyst")
    found.git("config", "user.email", "analyst@example")
    found.git("add", ".")
    found.git("commit", "--quiet", "--message", "as cloned")
    options = f"--no-browser --allow-root --ip=127.0.0.1 --port={port} --ServerApp.port_retries=0"
    options += " --IdentityProvider.token=t"
    command = ["make", "--old-file=.venv/.stamp", "lab", f"ARGS={options}"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY_", "COVERAGE"))}
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command,
            cwd=project,
            env=environment | {"HOME": str(home)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for(lambda: _answers(f"{found.url}/api?token=t"), server, home / "lab.log")
            yield found
        finally:
            os.killpg(server.pid, signal.SIGTERM)  # the server ends its kernels
            server.wait(60)
            _wait_until(lambda: not _running_in(project))  # make ends at once, the server when its kernels have ended


def _running_in(folder: Path) -> list[str]:
    """Processes that stand in a folder of the project: kernels that nobody has ended."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process.name())
    return found


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_for(ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if ready():
            return
        assert server.poll() is None, log.read_text()
        time.sleep(0.5)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


def menu(page: Page, *items: str) -> None:
    page.click(f".lm-MenuBar-itemLabel:text-is('{items[0]}')")
    for item in items[1:]:
        page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).last.click()


def run_all(page: Page) -> None:
    menu(page, "Run", "Run All Cells")
    _wait_for_the_last_cell(page)


def run_again(page: Page) -> None:
    menu(page, "Kernel", "Restart Kernel and Run All Cells…")
    page.click(".jp-Dialog-button.jp-mod-accept")
    page.wait_for_selector(".jp-InputArea-prompt:has-text('[*]')")
    _wait_for_the_last_cell(page)


def _wait_for_the_last_cell(page: Page) -> None:
    page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].every(p => /\\d/.test(p.textContent))"
    )


def shown(page: Page) -> Locator:
    return page.locator(".jp-OutputArea-output")


def new_cell_below(page: Page, code: str, typed: str) -> None:
    page.locator(".jp-CodeCell:visible .cm-content", has_text=code).last.click()
    for key in ("Escape", "b", "Enter"):
        page.keyboard.press(key)
    page.keyboard.insert_text(typed)


def replace_word(page: Page, word: str, by: str) -> None:
    page.locator(".cm-line span", has_text=re.compile(f'^"?{word}"?$')).first.dblclick()
    page.keyboard.type(by)


def test_an_analyst_changes_two_words_sees_the_report_and_finds_a_slip(lab: Lab, browser: Browser) -> None:
    page = lab.open(browser, "notebooks/annual_report.ipynb")
    replace_word(page, "kejing", "market")
    replace_word(page, "2021", "2024")
    run_all(page)

    heading = shown(page).locator("h1").first
    assert heading.inner_text() == "云溪区（虚构）市场监督管理局2024年政府信息公开工作年度报告"
    assert "一致性检查：没有必须改正的问题" in shown(page).locator(".ogi-findings").inner_text()
    table = shown(page).locator("table.ogi-applications")
    assert table.locator("tr").count() == 28
    assert int(table.locator("[rowspan]").first.get_attribute("rowspan") or 0) > 1
    assert re.search(r"border: ?1px solid", str(table.locator("td").first.get_attribute("style")))
    assert shown(page).locator("svg.ogi-chart").count() == 1
    assert page.locator(".jp-RenderedText[data-mime-type*='error'], [data-mime-type*='stderr']").count() == 0

    # A slip in the file, as somebody makes it in a spreadsheet, and what the notebook says of it.
    file = lab.project / "data" / "2024" / "market" / "applications.csv"
    right = file.read_bytes()
    row = next(line for line in right.decode("utf-8-sig").splitlines() if line.startswith("received,"))
    file.write_bytes(right.replace(row.encode(), f"{row}7".encode()))
    run_again(page)
    findings = shown(page).locator(".ogi-findings")
    assert "有必须改正的问题，尚不能发布" in findings.inner_text()
    assert "T3-ROWSUM" in findings.inner_text()
    cell = shown(page).locator("[id='c-applications.received.total']")
    assert "应为" in cell.inner_text()
    assert "outline" in str(cell.get_attribute("style"))
    assert "必须改正的问题" in shown(page).last.inner_text()  # the gate

    file.write_bytes(right)
    run_again(page)
    assert "一致性检查：没有必须改正的问题" in findings.inner_text()

    # The same with a workbook in place of the three tables and the text.
    report = Report.open("market", 2024, project=Project.find(lab.project))
    content = form_of_report(report)
    slip = Figures.of(content.figures.form, {**_raw(content.figures), "applications.received.total": "617"})
    for old in (*file.parent.glob("*.csv"), file.parent / "narrative.md"):
        old.unlink()
    (file.parent / "form.xlsx").write_bytes(write_workbook(replace(content, figures=slip)))
    run_again(page)
    assert "data/2024/market/form.xlsx" in findings.inner_text()
    assert "应为" in cell.inner_text()
    (file.parent / "form.xlsx").write_bytes(write_workbook(content))
    run_again(page)
    assert "一致性检查：没有必须改正的问题" in findings.inner_text()
    lab.git("checkout", "data")
    (file.parent / "form.xlsx").unlink()

    page.keyboard.press("Control+s")
    notebook = lab.project / "notebooks" / "annual_report.ipynb"
    _wait_until(lambda: "云溪区" in notebook.read_text(encoding="utf-8"))
    lab.git("add", "notebooks")
    assert lab.git("show", ":notebooks/annual_report.ipynb") == _with_two_words_changed()
    assert lab.git("status", "--porcelain") == "M  notebooks/annual_report.ipynb\n"
    lab.git("reset", "--hard", "--quiet")
    page.close()


def _raw(figures: Figures) -> dict[str, str]:
    return {key: cell.raw for key, cell in figures.items()}


def _with_two_words_changed() -> str:
    stored = (ROOT / "notebooks" / "annual_report.ipynb").read_text(encoding="utf-8")
    return stored.replace(r"agency = \"kejing\"", r"agency = \"market\"", 1).replace("year = 2021", "year = 2024", 1)


def _wait_until(true: Callable[[], bool]) -> None:
    for _ in range(120):
        if true():
            return
        time.sleep(0.25)
    pytest.fail("it did not happen")


def test_a_notebook_of_its_own_goes_into_the_batch_by_the_params_file(lab: Lab, browser: Browser) -> None:
    page = lab.open(browser, "notebooks/annual_report.ipynb")
    template = lab.project / "notebooks" / "annual_report.ipynb"
    before = template.stat().st_mtime_ns
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+s")  # else JupyterLab asks whether to keep the changes of a run
    _wait_until(lambda: template.stat().st_mtime_ns != before)
    menu(page, "File", "Save Notebook As…")
    name = page.locator(".jp-Dialog input")
    name.fill("notebooks/market.ipynb")
    page.click(".jp-Dialog-button.jp-mod-accept")
    page.wait_for_selector(".lm-TabBar-tabLabel:text-is('market.ipynb')")
    new_cell_below(page, "report.chapter(4)", 'report.compare("本年新收", "结转下年度")')
    page.keyboard.press("Control+s")
    own = lab.project / "notebooks" / "market.ipynb"
    _wait_until(lambda: own.is_file() and "report.compare" in own.read_text(encoding="utf-8"))
    page.close()

    with (lab.project / "params" / "2024" / "market.yaml").open("a", encoding="utf-8") as params:
        params.write("\nnotebook: market.ipynb\n")
    command = [sys.executable, "run_all.py", "--year", "2024", "--agency", "market", "--jobs", "1"]
    done = subprocess.run(command, cwd=lab.project, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    public = (lab.project / "build" / "2024" / "market_2024.html").read_text(encoding="utf-8")
    assert "2024 年与 2023 年对照" in public
    lab.git("reset", "--hard", "--quiet")


def test_tab_offers_what_an_argument_may_be(lab: Lab, browser: Browser) -> None:
    page = lab.open(browser, "notebooks/annual_report.ipynb")
    run_all(page)
    new_cell_below(page, "findings.raise_on_errors()", 'report.chart("')
    page.keyboard.press("Tab")
    completer = page.locator(".jp-Completer")
    completer.wait_for()
    offered = completer.locator(".jp-Completer-match").all_inner_texts()
    assert offered == ["applications", "outcomes", "years"]
    page.keyboard.press("Escape")
    page.close()


LOOKS = (
    "import ogi_report\nfrom pathlib import Path\nfrom ogi_report import Report\nfrom ogi_report.report import Project",
    "faulty = Project(Path('../examples/faulty/params'), Path('../examples/faulty/data'))",
    "report = Report.open('kejing', 2021)\nreport",
    "wrong = Report.open('swapped_digits', 2024, project=faulty)\nfindings = wrong.check()\nfindings",
    "wrong.chapter(3)",
    "findings.diagnosis",
    "(findings[0], report.figures, report.params, report.body, report.form)",
    "Report.open('education', 2024).chart('outcomes')",
    "Report.open('housing', 2024).trace('本年新收')",
    "Report.open('housing', 2024).overdue()",
    "from ogi_report.summary import Summary\nSummary.open('yunxi', 2024)",
    "Summary.open('yunxi', 2024).chapter(4)",
    "Report.open('education', 2024).compare('本年新收', '结转下年度')",
    "Report.open('education', 2024).compared_with()",
    "ogi_report.preview(wrong, 'review', height=600)",
)


def test_everything_can_be_read_in_light_and_dark_themes(lab: Lab, browser: Browser, low_contrast: str) -> None:
    shutil.copytree(ROOT / "examples", lab.project / "examples")
    cells = [nbformat.v4.new_code_cell(code) for code in LOOKS]
    kernel = nbformat.read(ROOT / "notebooks" / "annual_report.ipynb", as_version=4).metadata
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.project / "notebooks" / "look.ipynb")
    page = lab.open(browser, "notebooks/look.ipynb")
    run_all(page)
    assert page.locator("[data-mime-type*='error']").count() == 0
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        menu(page, "Settings", "Theme", theme)
        page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        page.screenshot(path=str(lab.project / f"{theme}.png"))
        assert page.evaluate(low_contrast, ".jp-OutputArea-output") == [], theme
    frame = page.frame_locator(".jp-OutputArea-output iframe")
    assert frame.locator(".ogi-internal").inner_text().startswith("内部审核页，不得发布")
    assert frame.locator("table.ogi-applications").count() == 1
    page.close()
