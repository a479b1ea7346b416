"""`ogi-report doctor`: a sound installation is found sound, and of each trouble it says what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import ogi_report
from ogi_report.cli import main
from ogi_report.installation import jupyter, machine, packages, project
from ogi_report.installation.check import Check, State
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]


def named(checks: object, name: str) -> Check:
    return next(check for check in checks if name in check.name)  # type: ignore[attr-defined]


def test_this_installation_makes_reports(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["doctor", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    states = {check["name"]: check["state"] for check in told["checks"]}
    for name in (
        "Python",
        "依赖的软件包",
        "导出页面（nbconvert）",
        "执行引擎（papermill）",
        "页面模板",
        "Jupyter 内核",
        "名录",
        "写入",
    ):
        assert states[name] == "ok", name


def test_what_is_wrong_comes_with_what_to_do(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "✖ 项目：找不到参数文件夹 params、数据文件夹 data\n    → 进入项目文件夹再运行" in said
    assert said.splitlines()[-1].startswith("有 2 处要先解决（✖），否则不能生成报告。")


def test_it_runs_and_tells_where_no_package_is_installed_at_all(tmp_path: Path) -> None:
    """`-S` leaves out site-packages: there is Python and our code, nothing else."""
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    script = "import sys; from ogi_report.cli import main; sys.exit(main(['doctor']))"
    run = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (1, "")
    assert "✖ 程序：ogi-report 0.1.0 没有安装" in run.stdout
    assert "✖ Jupyter：没有安装" in run.stdout
    assert "✖ 名录：程序不能载入" in run.stdout


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Check]]:
    """`installed(requires=["nosuch>=1"])`: what is found where our package was installed with such metadata."""

    def install(
        requires: Sequence[str] = (), python: str = ">=3.11", version: str = ogi_report.__version__
    ) -> list[Check]:
        folder = tmp_path / f"ogi_report-{version}.dist-info"
        folder.mkdir()
        lines = ["Metadata-Version: 2.4", "Name: ogi-report", f"Version: {version}", f"Requires-Python: {python}"]
        lines += ["Provides-Extra: pdf", *(f"Requires-Dist: {text}" for text in requires)]
        (folder / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        return list(packages.checks())

    return install


def test_a_package_that_is_missing_or_too_old_is_named(installed) -> None:
    found = installed(["no-such-package>=1", "pydantic>=99", "lxml>=1"])
    needed = named(found, "依赖的软件包")
    assert needed.state is State.FAILED
    assert needed.found.startswith("no-such-package 没有安装、pydantic 是 ")
    assert "lxml" not in needed.found
    assert "requirements.lock" in needed.remedy


def test_what_an_extra_lacks_stops_nothing(installed) -> None:
    extra = named(installed(["no-such-reader>=1; extra == 'pdf'"]), "读已公布的 PDF")
    assert (extra.state, extra.found) == (State.OPTIONAL, "no-such-reader 没有安装")
    assert 'pip install "ogi-report[pdf]"' in extra.remedy


def test_an_old_python_and_an_old_installation_are_told(installed) -> None:
    found = installed(python=">=3.99", version="0.0.1")
    assert named(found, "Python").state is State.FAILED
    assert named(found, "程序").found.startswith("安装的是 0.0.1，运行的是 ")


def test_a_kernel_whose_python_has_moved_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": [str(tmp_path / "gone" / "python")]}), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    kernel = named(jupyter.checks(), "内核")
    assert (kernel.state, kernel.found) == (State.FAILED, "python3 内核登记的 Python 已经不在了")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("a file", encoding="utf-8")
    assert named(machine.checks(tmp_path / "build" / "inside"), "写入").state is State.OK, "the folder above is there"
    if os.name == "posix" and os.geteuid() != 0:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        assert named(machine.checks(closed), "写入").state is State.FAILED


def test_a_roster_that_cannot_be_read_is_told_with_its_line(small_project: Callable[..., Project]) -> None:
    made = small_project()
    assert named(project.checks(made.params, made.data, ROOT / "notebooks"), "参数和数据").state is State.OK
    (made.params / "agencies.csv").write_text("agency,name\nju,\n", encoding="utf-8")
    roster = named(project.checks(made.params, made.data, ROOT / "notebooks"), "名录")
    assert roster.state is State.FAILED
    assert "第 2 行" in roster.found


def test_settings_without_data_and_rules_that_do_not_work_are_told(small_project: Callable[..., Project]) -> None:
    made = small_project()
    made.params_file("bu", 2024).write_text("agency: bu\nyear: 2024\n", encoding="utf-8")
    (made.params / "rules.yaml").write_text("rules: 无\n", encoding="utf-8")
    found = list(project.checks(made.params, made.data, ROOT / "notebooks"))
    assert "其中 1 份没有数据文件夹，如 2024/bu" in named(found, "数据").found
    assert named(found, "本地规则").state is State.OPTIONAL
