"""What is loaded when: a command that makes no data frame must not wait half a second for one."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["ogi_report.report", "ogi_report.batch", "ogi_report.batch.run", "ogi_report.site"])
def test_pandas_waits_until_somebody_asks_for_a_frame(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('pandas', 'matplotlib', 'docx') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_panels_are_there_when_asked_for() -> None:
    code = (
        "import ogi_report.figures.panels, ogi_report.figures as figures, ogi_report.rules as rules\n"
        "print(callable(figures.panel), callable(figures.tidy_panel), callable(rules.check_panel))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 3
