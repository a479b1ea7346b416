"""One run of the batch for all tests to look at: good, waived, faulty, unreadable, and notebooks that misbehave."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from ogi_report.figures import Figures

ROOT = Path(__file__).parents[2]

AGENCIES = {
    "fine": "示例一局",
    "waived": "示例二局",
    "wrong": "示例三局",
    "unreadable": "示例四局",
    "crash": "示例五局",
    "dies": "示例六局",
    "leaky": "示例七局",
    "slow": "示例八局",
}

NARRATIVE = """## 一、总体情况

本年度主动公开、依申请公开、政府信息管理、平台建设和监督保障各项工作正常开展。<script>alert(1)</script>

## 五、存在的主要问题及改进情况

主要问题是解读形式单一；下一步将丰富解读形式。
"""

LEAKS = (
    "report.check()",
    "print('打印出来的内部话')",
    "1234567",
    "from IPython.display import HTML\n"
    'HTML(\'<p>自己的表<script>fetch("https://x.example")</script><img src="https://x.example/a.png"></p>\')',
)


@dataclass(frozen=True)
class Run:
    """A finished run: where it wrote, how it ended, what it said."""

    folder: Path
    out: Path
    status: int
    stdout: str
    stderr: str

    def text(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")


def _notebooks(folder: Path) -> None:
    folder.mkdir()
    shutil.copy(ROOT / "notebooks" / "annual_report.ipynb", folder)
    for name, sources in {
        "crash": ("1 / 0",),
        "dies": ("import os", "os._exit(1)"),
        "slow": ("import time", "time.sleep(600)"),
        "leaky": LEAKS,
    }.items():
        notebook = nbformat.read(folder / "annual_report.ipynb", as_version=4)
        cells = [new_code_cell(source, id=f"own-{number}") for number, source in enumerate(sources)]
        notebook.cells[-1:-1] = cells
        nbformat.write(notebook, folder / f"{name}.ipynb")


@pytest.fixture(scope="session")
def many_reports(
    tmp_path_factory: pytest.TempPathFactory, write_data: Callable[..., Path], figures_of: Callable[..., Figures]
) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    _notebooks(folder / "notebooks")
    (folder / "params" / "2024").mkdir(parents=True)
    lines = [f"{agency},{name},,department,,,\n" for agency, name in AGENCIES.items()]
    (folder / "params" / "agencies.csv").write_text(
        "agency,name,short_names,level,parent,website,contact\n" + "".join(lines)
    )
    for agency in AGENCIES:
        own = agency in ("crash", "dies", "leaky", "slow")
        params = f"agency: {agency}\nyear: 2024\n" + (f"notebook: {agency}.ipynb\n" if own else "")
        cells: dict[str, object] = {"disclosure.licence.decisions": 7, "remedies.review.upheld": None}
        if agency in ("wrong", "leaky"):
            cells["applications.received.total"] = 3
        if agency == "waived":
            cells["disclosure.rules.in_force"] = 2
            params += (
                "waivers:\n  - rule: T2-RULES-POWER\n    reason: 代市政府起草，已核实\n    by: 某某\n"
                '    "on": 2025-01-10\n    cells:\n      disclosure.rules.in_force: 2\n'
            )
        data = write_data(folder / "data" / "2024" / agency, figures_of(cells))
        (data / "narrative.md").write_text(NARRATIVE, encoding="utf-8")
        (folder / "params" / "2024" / f"{agency}.yaml").write_text(params, encoding="utf-8")
    (folder / "data/2024/unreadable/remedies.csv").write_bytes("行代码".encode("utf-16"))
    return folder


@pytest.fixture(scope="session")
def batch(many_reports: Path, program: Callable[..., Any]) -> Callable[..., Run]:
    """`batch("--agency", "fine", out="b")`: a run in the project's folder; with `env`, by run_all.py in a new Python."""

    def go(*options: str, out: str = "build", env: dict[str, str] | None = None) -> Run:
        if env is None:
            done = program("run", "--out", out, *options, cwd=many_reports)
            return Run(many_reports, many_reports / out, done.returncode, done.stdout, done.stderr)
        command = [sys.executable, str(ROOT / "run_all.py"), "--out", out, *options]
        done = subprocess.run(
            command,
            cwd=many_reports,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            encoding="utf-8",
            env=os.environ | {"PYTHONUTF8": "1"} | env,
        )
        return Run(many_reports, many_reports / out, done.returncode, done.stdout, done.stderr)

    return go


@pytest.fixture(scope="session")
def everything(batch: Callable[..., Run]) -> Run:
    """The run over all agency-years; the slow notebook is stopped after ten seconds."""
    return batch("--timeout", "10", "--jobs", "2", env={})


@pytest.fixture(scope="session")
def made() -> Sequence[str]:
    return (".html", ".review.html", ".ipynb", ".figures.csv", ".findings.json")
