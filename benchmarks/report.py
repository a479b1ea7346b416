"""What one report costs, step by step, and all equations on a panel: medians side by side in one run.

    python benchmarks/report.py

Machines are noisy: read the ratios, not the milliseconds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
from nbconvert.exporters import HTMLExporter

from ogi_report.forms import official_forms
from ogi_report.notebook.execute import execute
from ogi_report.notebook.exporter import PublicExporter
from ogi_report.report import Project, Report
from ogi_report.rules.equations import system

ROOT = Path(__file__).parent.parent
PROJECT = Project(ROOT / "params", ROOT / "data")
PANEL = 100_000


def median(action: Callable[[], object], times: int = 9) -> float:
    """Returns milliseconds; the first call warms up and does not count."""
    action()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def panel_milliseconds() -> float:
    """All equations of the 2021 layout on random figures, a tenth of them blank."""
    compiled = system(official_forms()["2021"])
    chance = np.random.default_rng(1)
    shape = (len(compiled.cells), PANEL)
    blank = chance.random(shape, dtype=np.float32) < 0.1
    values = np.where(blank, 0, chance.integers(0, 50, shape, dtype=np.int64))
    return median(lambda: compiled.evaluate(values, blank, np.zeros(shape, dtype=bool)), times=3)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        template = ROOT / "notebooks" / "annual_report.ipynb"
        parameters = {"agency": "kejing", "year": 2021}
        scratch = Path(folder) / "out.ipynb"
        rows = [
            ("read and check one report", median(lambda: Report.open("kejing", 2021, project=PROJECT).check())),
            ("execute the notebook in a kernel", median(lambda: execute(template, parameters, scratch), times=3)),
        ]
        text = nbformat.writes(execute(template, parameters, scratch).notebook)
    ours, stock = PublicExporter(), HTMLExporter()
    rows += [
        ("convert with our exporter", median(lambda: ours.from_notebook_node(nbformat.reads(text, 4)))),
        ("convert with the stock exporter", median(lambda: stock.from_notebook_node(nbformat.reads(text, 4)))),
        (f"all equations on a panel of {PANEL:,} reports", panel_milliseconds()),
    ]
    base = rows[0][1]
    print(f"{'step':<48}{'ms':>10}{'ratio':>10}")
    for name, taken in rows:
        print(f"{name:<48}{taken:>10.1f}{taken / base:>10.1f}")


if __name__ == "__main__":
    main()
