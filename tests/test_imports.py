"""What is loaded when: a command that makes no data frame must not wait half a second for one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report.report import Project


@pytest.mark.parametrize("module", ["ogi_report.report", "ogi_report.batch", "ogi_report.batch.run", "ogi_report.site"])
def test_pandas_waits_until_somebody_asks_for_a_frame(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('pandas', 'matplotlib', 'docx') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_whole_run_with_its_overview_does_without_pandas(
    small_project: Callable[..., Project], tmp_path: Path
) -> None:
    """pyarrow loads it by the way, wherever it is handed a Python value or a list."""
    project = small_project()
    code = (
        "import sys\nfrom ogi_report.cli import run_all\n"
        f"assert run_all(['--params', {str(project.params)!r}, '--data', {str(project.data)!r}, '--out', {str(tmp_path / 'out')!r}]) in (0, 1)\n"
        "print('pyarrow' in sys.modules, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["True False"], done.stderr
    assert (tmp_path / "out" / "figures.parquet").is_file()


def test_panels_are_there_when_asked_for() -> None:
    code = (
        "import ogi_report.figures.panels, ogi_report.figures as figures, ogi_report.rules as rules\n"
        "print(callable(figures.panel), callable(figures.tidy_panel), callable(rules.check_panel))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 3
