"""What git keeps of a notebook is what somebody wrote."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "stored_notebook.py"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def kept(content: bytes) -> bytes:
    return subprocess.run([sys.executable, str(TOOL)], input=content, capture_output=True, check=True).stdout


def after_a_run_in_an_editor(path: Path) -> dict[str, Any]:
    """The notebook as JupyterLab, VS Code or papermill saves it."""
    notebook: dict[str, Any] = deepcopy(json.loads(path.read_text(encoding="utf-8")))
    notebook["metadata"]["language_info"] |= {"version": "3.13.1", "codemirror_mode": {"name": "ipython", "version": 3}}
    notebook["metadata"]["kernelspec"]["display_name"] = ".venv (3.13.1)"
    notebook["metadata"]["papermill"] = {"duration": 1.5}
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] |= {"editable": True, "slideshow": {"slide_type": ""}, "scrolled": True}
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["王某\n"]}]
            cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-12T08:30:00Z"}
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_stored_notebook_stays_as_it_is_byte_for_byte(path: Path) -> None:
    assert kept(path.read_bytes()) == path.read_bytes()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_run_and_an_editor_add_is_taken_out_again(path: Path) -> None:
    saved = json.dumps(after_a_run_in_an_editor(path), indent=2).encode()
    assert kept(saved) == path.read_bytes()


def test_what_somebody_wrote_is_kept() -> None:
    notebook = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] = ["x = 1\n", "x"]
    notebook["cells"][-1]["metadata"] = {"tags": ["internal"], "slideshow": {"slide_type": "skip"}}
    cell = json.loads(kept(json.dumps(notebook).encode()))["cells"][-1]
    assert cell["source"] == ["x = 1\n", "x"]
    assert cell["metadata"] == {"tags": ["internal"], "slideshow": {"slide_type": "skip"}}


@pytest.mark.parametrize("content", [b"", b"<<<<<<< HEAD\n{}\n", b"[]", b'{"cells": 3}', b"\xff\xfe"])
def test_what_is_no_notebook_is_left_alone(content: bytes) -> None:
    assert kept(content) == content


def test_a_clone_that_has_the_filter_commits_no_outputs_and_keeps_them_on_disk(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True).stdout

    for name in ("notebooks", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "as cloned")
    install = [sys.executable, "tools/stored_notebook.py", "--install"]
    first = subprocess.run(install, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    again = subprocess.run(install, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert first.stdout.startswith("已设置：提交笔记本时不带运行结果")
    assert again.stdout == ""
    path = tmp_path / "notebooks" / "annual_report.ipynb"
    path.write_text(json.dumps(after_a_run_in_an_editor(path), ensure_ascii=False), encoding="utf-8")
    git("add", ".")
    assert git("status", "--porcelain") == ""
    assert "王某" in path.read_text(encoding="utf-8")
