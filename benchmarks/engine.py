"""The same reports through papermill's own engine, through ploomber-engine and through ours, measured in one run.

Each way runs in a process of its own: imports and one warm-up first, then the reports of `params/<year>/`, over and over,
each executed in the template's folder and written as .ipynb. Only the engine is measured: no HTML.

    python benchmarks/engine.py [--reports 36] [--kernel-reports 5] [--year 2024]

`cells alone` is what the notebook's own code takes, without any notebook: no engine can be faster.
Memory is the largest resident size of one process: the one that executes, or the kernel.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import itertools
import json
import logging
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "notebooks" / "annual_report.ipynb"
PLOOMBER = "embedded"
"""The name under which ploomber-engine registers with papermill."""

Parameters = dict[str, Any]


def without_other_engines() -> None:
    """papermill imports every engine it finds; that ploomber-engine is installed here must not cost the others time."""
    import entrypoints

    every = entrypoints.get_group_all
    entrypoints.get_group_all = lambda *about: [point for point in every(*about) if "ploomber" not in point.module_name]


def parameters_of(year: int) -> list[Parameters]:
    from papermill.iorw import read_yaml_file

    return [read_yaml_file(str(path)) for path in sorted((ROOT / "params" / str(year)).glob("*.yaml"))]


def by_papermill(engine: str | None, **options: Any) -> Callable[[Parameters, Path], None]:
    import papermill

    def execute(parameters: Parameters, out: Path) -> None:
        try:
            papermill.execute_notebook(
                TEMPLATE,
                out,
                parameters=parameters,
                engine_name=engine,
                cwd=str(TEMPLATE.parent),
                progress_bar=False,
                **options,
            )
        except papermill.PapermillExecutionError as error:
            if error.ename != "UnresolvedErrors":  # a report with findings is a report
                raise

    return execute


def by_template() -> Callable[[Parameters, Path], None]:
    from nbformat import writes

    from ogi_report.engine import Template

    template = Template(TEMPLATE)

    def execute(parameters: Parameters, out: Path) -> None:
        execution = template.execute(parameters, cwd=TEMPLATE.parent)
        out.write_text(writes(execution.notebook), encoding="utf-8")

    return execute


def by_nothing() -> Callable[[Parameters, Path], None]:
    """The cells' code one after the other, and what it shows made and thrown away."""
    cells = [cell for cell in json.loads(TEMPLATE.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    os.chdir(TEMPLATE.parent)

    def execute(parameters: Parameters, out: Path) -> None:
        names: dict[str, Any] = {}
        for cell in cells:
            code = ast.parse("".join(cell["source"]))
            last = code.body.pop() if isinstance(code.body[-1], ast.Expr) else None
            exec(compile(code, "cell", "exec"), names)
            if isinstance(last, ast.Expr):
                try:
                    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
                except Exception as error:
                    if type(error).__name__ != "UnresolvedErrors":
                        raise
                    break
                if hasattr(shown, "_repr_mimebundle_"):
                    shown._repr_mimebundle_()
            if "parameters" in cell["metadata"].get("tags", []):
                names |= parameters

    return execute


def one_by_one(execute: Callable[[Parameters, Path], None], reports: Iterator[Parameters], out: Path) -> None:
    for number, parameters in enumerate(reports):
        execute(parameters, out / f"{number}.ipynb")


def in_processes(
    execute: Callable[[Parameters, Path], None], reports: Iterator[Parameters], out: Path, jobs: int
) -> None:
    from ogi_report.engine import Done, isolated

    def make(task: tuple[int, Parameters]) -> int:
        execute(task[1], out / f"{task[0]}.ipynb")
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for _, outcome in isolated(make, enumerate(reports), jobs=jobs):
        assert isinstance(outcome, Done), outcome


def processor_seconds() -> float:
    """What this process and those that it has waited for have used; less disturbed by other programs than time is."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(way: str, year: int, count: int) -> None:
    """Measures one way, in this process, and prints the result as JSON."""
    if way != "ploomber":
        without_other_engines()
    from ogi_report.engine import FastEngine, lean_imports, warm_up

    with lean_imports():
        import papermill.engines
    logging.getLogger("papermill").setLevel(logging.ERROR)
    papermill.engines.papermill_engines.register("ogi_fast", FastEngine)
    known = parameters_of(year)
    if way not in ("papermill", "papermill lean"):
        import ogi_report.report  # noqa: F401  # a kernel imports it each time
    lean: dict[str, Any] = {"request_save_on_cell_execute": False, "autosave_cell_every": 0}
    execute = {
        "papermill": lambda: by_papermill(None),
        "papermill lean": lambda: by_papermill(None, **lean),
        "ploomber": lambda: by_papermill(PLOOMBER, **lean),
        "papermill --engine ogi_fast": lambda: by_papermill("ogi_fast"),
        "cells alone": by_nothing,
    }.get(way, by_template)()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        for parameters in known[:1] if way.startswith("papermill") else known:
            execute(parameters, out / "warm.ipynb")
        if way.startswith("ours"):
            warm_up()
        reports = itertools.islice(itertools.cycle(known), count)
        start, busy = time.perf_counter(), processor_seconds()
        if way.startswith("ours isolated"):
            in_processes(execute, reports, out, int(way.split()[-1]))
        else:
            one_by_one(execute, reports, out)
        seconds, busy = time.perf_counter() - start, processor_seconds() - busy
        written = len(list(out.glob("[0-9]*.ipynb")))
    assert way == "cells alone" or written == count
    who = (
        resource.RUSAGE_CHILDREN
        if way in ("papermill", "papermill lean") or "isolated" in way
        else resource.RUSAGE_SELF
    )
    peak = resource.getrusage(who).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(json.dumps({"ms": seconds / count * 1000, "cpu": busy / count * 1000, "mb": peak}))


WAYS = (
    "papermill",
    "papermill lean",
    "ploomber",
    "papermill --engine ogi_fast",
    "ours shared",
    "ours isolated 1",
    "ours isolated 2",
    "cells alone",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=36)
    parser.add_argument("--kernel-reports", type=int, default=5, help="for papermill's own engine, which is slow")
    parser.add_argument("--year", type=int, default=2024)
    parser.add_argument("--only", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        count = options.kernel_reports if options.only in ("papermill", "papermill lean") else options.reports
        measure(options.only, options.year, count)
        return
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {TEMPLATE.name}, {options.year}"
    )
    print(f"{'':30} {'ms/report':>10} {'cpu ms':>8} {'× papermill':>12} {'× ploomber':>11} {'peak MB':>8}")
    results: dict[str, dict[str, float]] = {}
    for way in WAYS:
        if way == "ploomber" and importlib.util.find_spec("ploomber_engine") is None:
            print(f"{way:30} not installed (pip install ploomber-engine)")
            continue
        command = [sys.executable, __file__, "--only", way, "--reports", options.reports, "--year", options.year]
        command += ["--kernel-reports", options.kernel_reports]
        run = subprocess.run(
            list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
        )
        results[way] = found = json.loads(run.stdout.splitlines()[-1])
        ratios = [
            results[other]["ms"] / found["ms"] if other in results else None for other in ("papermill", "ploomber")
        ]
        shown = [f"{ratio:.1f}" if ratio is not None else "–" for ratio in ratios]
        print(
            f"{way:30} {found['ms']:10.1f} {found['cpu']:8.1f} {shown[0]:>12} {shown[1]:>11} {found['mb']:8.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
