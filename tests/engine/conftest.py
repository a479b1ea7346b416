"""Notebooks executed once per test run, by a kernel and by the engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

HERE = Path(__file__).parent
collect_ignore = ["both.py", "tasks.py"]  # run as programs
ROOT = HERE.parents[1]

Executed = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Executed]:
    """`executed("kernel", "notebooks")`: what became of each notebook of a folder; see `both.py`.

    All ways run at the same time when the first is asked for, once for all processes of a test run.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def results(how: str, folder: str) -> Executed:
        out = shared / f"engines-{folder}"
        done = out / "done"
        try:
            out.mkdir()
        except FileExistsError:
            while not done.exists():
                time.sleep(0.2)
        else:
            # With this set, a kernel would not listen to its descriptors.
            environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
            # A kernel runs none of our code, and a forked process does not live to say what it has run.
            unmeasured = {name: value for name, value in environment.items() if not name.startswith("COV")}
            ways = dict.fromkeys(("kernel", "isolated"), unmeasured) | dict.fromkeys(
                ("shared", "backwards"), environment
            )
            script = [sys.executable, str(HERE / "both.py")]
            runs = [
                subprocess.Popen([*script, way, str(HERE / folder), str(out / f"{way}.json")], cwd=ROOT, env=env)
                for way, env in ways.items()
            ]
            codes = [run.wait() for run in runs]
            done.write_text("")
            assert codes == [0, 0, 0, 0]
        loaded: Executed = json.loads((out / f"{how}.json").read_text(encoding="utf-8"))
        return loaded

    return results


@pytest.fixture
def as_in_a_new_process() -> Iterator[None]:
    """Warnings are shown, as Python does by itself; those of the tests would be errors, or noted for a summary."""

    def show(message, category, filename, lineno, file=None, line=None):
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))

    with warnings.catch_warnings():
        warnings.showwarning = show
        warnings.resetwarnings()
        warnings.simplefilter("ignore", ResourceWarning)
        yield


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """`notebook("x = 1", ("1/0", "raises-exception"))`: a file of code cells, with tags."""

    def write(*cells: str | tuple[str, ...], name: str = "notebook", **metadata: Any) -> Path:
        document: NotebookNode = nbformat.v4.new_notebook()
        document.metadata |= {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
        document.metadata |= metadata
        for number, cell in enumerate(cells, 1):
            source, *tags = (cell,) if isinstance(cell, str) else cell
            made = nbformat.v4.new_code_cell(source, id=f"cell-{number}")
            if tags:
                made.metadata["tags"] = tags
            document.cells.append(made)
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(document, path)
        return path

    return write
