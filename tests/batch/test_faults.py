"""Trouble of every kind costs the report that has it, leaves whole files, and nothing running."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from ogi_report.report import Project

ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]

TROUBLE = {
    "hangs": "import ctypes\nctypes.PyDLL(None).sleep(600)",  # holds the interpreter: no signal gets through
    "grows": "held = [bytearray(10_000_000) for _ in range(500)]",
    "breaks": "import ctypes\nctypes.string_at(0)",
    "dirties": "import os, sys\nos.chdir('/')\nos.environ['TZ'] = 'UTC'\nsys.path.clear()\n"
    "import pandas\npandas.set_option('display.max_rows', 1)\ndel pandas.DataFrame.head",
    "waits": "import time\ntime.sleep(3)",
}


@pytest.fixture
def project(small_project: Callable[..., Project]) -> Project:
    """One good report (`ju`), and for each trouble a report whose notebook has it."""
    found = small_project()
    notebooks = found.params.parent / "notebooks"
    notebooks.mkdir()
    shutil.copy(ROOT / "notebooks" / "annual_report.ipynb", notebooks)
    lines = ["agency,name,short_names,level,parent"]
    for agency, source in TROUBLE.items():
        small_project(agency=agency, params=f"notebook: {agency}.ipynb\n")
        lines.append(f"{agency},示例{agency}局,,department,")
        notebook = nbformat.read(notebooks / "annual_report.ipynb", as_version=4)
        notebook.cells.insert(-1, new_code_cell(source, id="trouble"))
        nbformat.write(notebook, notebooks / f"{agency}.ipynb")
    lines.append("ju,示例局,,department,")  # last: whatever the others do is done before
    (found.params / "agencies.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return found


def start(project: Project, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "run_all.py"), *options],
        cwd=project.params.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1", "OGI_TEST_RUN": project.params.parent.name},
    )


@pytest.fixture
def run(program: Callable[..., Any]) -> Callable[..., tuple[int, str]]:
    """`run(project, "--agency", "ju")`: the status of a run and what it printed."""

    def go(project: Project, *options: str) -> tuple[int, str]:
        folder = project.params.parent
        done = program("run", *options, cwd=folder, timeout=120, mark=folder.name)
        assert "Traceback" not in done.stdout + done.stderr
        return done.returncode, done.stdout

    return go


@pytest.fixture
def nothing_left(project: Project, living: Callable[[str], list[str]]) -> Callable[[], bool]:
    """Whether no process of a run in this project's folder is there any more, given some seconds."""

    def check() -> bool:
        deadline = time.monotonic() + 5
        while (left := living(project.params.parent.name)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return not left

    return check


def pages_whole(project: Project) -> bool:
    """Every page has its end."""
    pages = (project.params.parent / "build").glob("*/[!.]*.html")
    return all(page.read_text(encoding="utf-8").rstrip().endswith("</html>") for page in pages)


def whole(project: Project) -> bool:
    """No file is half written, no temporary file is left."""
    return pages_whole(project) and not list((project.params.parent / "build").glob("*/.*"))


@pytest.mark.parametrize(
    ("agency", "options", "said"),
    [
        ("hangs", ["--timeout", "1"], "超过了 --timeout 的时限"),
        ("grows", ["--max-memory", "700M"], "占用的内存超过了 --max-memory 的上限"),
        ("breaks", [], "意外终止（信号 11）"),
    ],
)
def test_a_report_in_trouble_fails_alone_with_its_reason(
    agency: str,
    options: list[str],
    said: str,
    project: Project,
    run: Callable[..., tuple[int, str]],
    nothing_left: Callable[[], bool],
) -> None:
    status, out = run(project, "--agency", agency, "--agency", "ju", *options)
    assert status == 1
    assert "1 份完成，0 份有必须改正的问题，1 份未能生成" in out
    assert said in out
    assert whole(project)
    assert nothing_left()


def test_what_one_report_does_to_its_process_the_next_one_does_not_see(
    project: Project, run: Callable[..., tuple[int, str]]
) -> None:
    page = project.params.parent / "build/2024/ju_2024.html"
    assert run(project, "--agency", "ju", "--jobs", "1")[0] == 0
    alone = page.read_bytes()
    page.unlink()
    run(project, "--agency", "dirties", "--agency", "ju", "--jobs", "1", "--force")
    assert page.read_bytes() == alone


def test_the_second_run_makes_nothing_and_says_so(project: Project, run: Callable[..., tuple[int, str]]) -> None:
    assert run(project, "--agency", "ju")[0] == 0
    build = project.params.parent / "build"
    stamps = {path: path.stat().st_mtime_ns for path in build.rglob("*") if path.is_file() and path.name != ".lock"}
    status, out = run(project, "--agency", "ju")
    assert status == 0
    assert "其中 1 份没有变动，没有重做" in out
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    status, out = run(project, "--agency", "ju", "--agency", "waits", "--explain")
    assert "2024 ju　不做：没有变动" in out
    assert "2024 waits　要做：还没有生成过" in out


def test_killed_at_any_moment_it_leaves_whole_files_and_the_next_run_goes_on(
    project: Project, run: Callable[..., tuple[int, str]], nothing_left: Callable[[], bool]
) -> None:
    process = start(project, "--agency", "ju", "--agency", "waits", "--jobs", "2")
    page = project.params.parent / "build/2024/ju_2024.html"
    deadline = time.monotonic() + 60
    while not page.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert nothing_left()
    assert pages_whole(project)
    status, out = run(project, "--agency", "ju", "--agency", "waits")
    assert status == 0
    assert "2 份完成" in out
    assert whole(project)


def test_ctrl_c_ends_in_a_sentence_and_a_build_that_is_valid(
    project: Project, nothing_left: Callable[[], bool]
) -> None:
    process = start(project, "--agency", "ju", "--agency", "waits", "--jobs", "2")
    page = project.params.parent / "build/2024/ju_2024.findings.json"
    deadline = time.monotonic() + 60
    while not page.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "已中断：完成 1 份，其余 1 份未做" in out
    assert "Traceback" not in out + err
    assert (project.params.parent / "build" / "index.html").is_file()
    assert whole(project)
    assert nothing_left()


def test_two_runs_into_one_folder_take_turns(project: Project) -> None:
    first = start(project, "--agency", "waits")
    time.sleep(1.5)
    second = start(project, "--agency", "ju")
    outs = [process.communicate(timeout=120) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outs
    build = project.params.parent / "build"
    text = (build / "index.html").read_text(encoding="utf-8")
    assert "示例局" in text
    assert "示例waits局" in text
    assert whole(project)


def test_shared_processes_give_the_same_bytes(project: Project, run: Callable[..., tuple[int, str]]) -> None:
    build = project.params.parent / "build"
    assert run(project, "--agency", "ju")[0] == 0
    before = {path.name: path.read_bytes() for path in (build / "2024").iterdir()}
    assert run(project, "--agency", "ju", "--shared", "--force")[0] == 0
    assert {path.name: path.read_bytes() for path in (build / "2024").iterdir()} == before


def test_a_crash_in_a_shared_process_costs_one_report_all_the_same(
    project: Project, run: Callable[..., tuple[int, str]]
) -> None:
    status, out = run(project, "--agency", "breaks", "--agency", "ju", "--shared")
    assert status == 1
    assert "1 份完成，0 份有必须改正的问题，1 份未能生成" in out


def test_a_real_kernel_makes_the_same_bytes(project: Project, run: Callable[..., tuple[int, str]]) -> None:
    status, out = run(project, "--agency", "ju", "--verify", "1")
    assert status == 0
    assert "另用标准内核核对了 1 份：逐字节相同" in out


def test_a_full_disk_costs_what_cannot_be_written(project: Project, run: Callable[..., tuple[int, str]]) -> None:
    """Files larger than the limit cannot be written; what is there stays whole."""
    build = project.params.parent / "build"
    assert run(project, "--agency", "ju")[0] == 0
    before = (build / "2024/ju_2024.html").read_bytes()
    limited = subprocess.run(
        ["sh", "-c", f"ulimit -f 8; exec {sys.executable} {ROOT / 'run_all.py'} --agency ju --force"],
        cwd=project.params.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        # Without the test run's own measuring, which would want to write as well.
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")} | {"PYTHONUTF8": "1"},
    )
    assert limited.returncode == 1
    assert "Traceback" not in limited.stdout + limited.stderr
    assert before.endswith(b"</html>\n")
    assert whole(project)
