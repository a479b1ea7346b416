"""The same notebook for many agencies, by every route there is, in one run: read the ratios, not the milliseconds.

    python benchmarks/batch.py [--quick] [--long] [--ploomber DIR]

Each route runs in a process of its own on a made-up project (the real template, default texts, full tables). `each` is the
time per report and worker between the first result and the last, `cpu` the processor time of all processes meanwhile, per report;
`start` is what comes before the first. Memory is the largest process of a route. Every route writes into a folder of its own,
and nothing is deleted before the end: on some file systems a new file costs more for minutes after many were deleted.
R Markdown takes part where it is installed, ploomber-engine where `--ploomber DIR` says where it is
(`pip install --no-deps --target DIR ploomber-engine`): installed beside the others it would be loaded by papermill, and
matplotlib with it, in every route.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
YEAR = 2024
Done = Callable[[], None]


def make_project(folder: Path, reports: int) -> None:
    """A project of equal departments: what differs is the name, so that no route can profit from likeness."""
    (folder / "params" / str(YEAR)).mkdir(parents=True)
    (folder / "data" / str(YEAR)).mkdir(parents=True)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    source = ROOT / "data" / str(YEAR) / "education"
    lines = ["agency,name,short_names,level,parent,website,contact"]
    for number in range(reports):
        agency = f"a{number:06}"
        lines.append(f"{agency},示例第{number}局,,department,,,")
        (folder / "params" / str(YEAR) / f"{agency}.yaml").write_text(f"agency: {agency}\nyear: {YEAR}\n")
        target = folder / "data" / str(YEAR) / agency
        target.mkdir()
        for name in ("disclosure", "applications", "remedies"):
            (target / f"{name}.csv").write_bytes((source / f"{name}.csv").read_bytes())
    (folder / "params" / "agencies.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


# -- routes: each says when a report is done ---------------------------------------------------------------------------


def command_line(project: Path, out: Path, reports: int, done: Done) -> None:
    """papermill and nbconvert by their commands, a process each."""
    for number in range(reports):
        notebook = out / f"{number}.ipynb"
        params = project / "params" / str(YEAR) / f"a{number:06}.yaml"
        template = project / "notebooks" / "annual_report.ipynb"
        papermill = [sys.executable, "-m", "papermill", "--no-progress-bar", "--cwd", str(template.parent)]
        subprocess.run([*papermill, "-f", str(params), str(template), str(notebook)], check=True, capture_output=True)
        convert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(notebook)]
        subprocess.run(convert, check=True, capture_output=True)
        done()


def loop(project: Path, out: Path, reports: int, done: Done, execute: Callable[..., Any]) -> None:
    """A loop in one process with one exporter for all."""
    import nbformat
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter()
    template = project / "notebooks" / "annual_report.ipynb"
    for number in range(reports):
        notebook = out / f"{number}.ipynb"
        parameters = {"agency": f"a{number:06}", "year": YEAR}
        execute(str(template), str(notebook), parameters=parameters, cwd=str(template.parent))
        page, _ = exporter.from_notebook_node(nbformat.read(notebook, as_version=4))
        notebook.with_suffix(".html").write_text(page, encoding="utf-8")
        done()


def papermill_loop(project: Path, out: Path, reports: int, done: Done) -> None:
    import papermill

    def execute(template: str, notebook: str, **options: Any) -> None:
        papermill.execute_notebook(template, notebook, progress_bar=False, **options)

    loop(project, out, reports, done, execute)


def ploomber_loop(project: Path, out: Path, reports: int, done: Done) -> None:
    sys.path.append(os.environ["PLOOMBER"])
    from ploomber_engine import execute_notebook

    def execute(template: str, notebook: str, **options: Any) -> None:
        execute_notebook(template, output_path=notebook, progress_bar=False, **options)

    loop(project, out, reports, done, execute)


RMARKDOWN = """---
title: "`r params$agency`"
output: html_document
params: {agency: "a", folder: "."}
---
```{r, echo=FALSE, results='asis'}
for (name in c("disclosure", "applications", "remedies")) {
  t <- read.csv(file.path(params$folder, paste0(name, ".csv")), check.names = FALSE)
  print(knitr::kable(t))
}
```
"""


def r_markdown(project: Path, out: Path, reports: int, done: Done) -> None:
    """rmarkdown::render in one R process: three plain tables, no checks."""
    (project / "report.Rmd").write_text(RMARKDOWN, encoding="utf-8")
    script = f"""
for (i in 0:{reports - 1}) {{
  a <- sprintf("a%06d", i)
  rmarkdown::render("report.Rmd", params = list(agency = a, folder = file.path("data/{YEAR}", a)),
                    output_file = file.path("{out}", paste0(a, ".html")), quiet = TRUE)
  cat("done", fill = TRUE)
}}
"""
    (project / "report.R").write_text(script, encoding="utf-8")
    env = os.environ | {"LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(["Rscript", "report.R"], cwd=project, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout is not None
    _LIVING.append(psutil.Process(process.pid))
    for line in process.stdout:
        if line.strip() == "done":
            done()
    process.wait()


def ours(project: Path, out: Path, reports: int, done: Done, **how: Any) -> None:
    """The batch itself; isolated unless `shared`."""
    from ogi_report.engine import lean_imports

    with lean_imports():
        from ogi_report.batch import Build, Settings, plan

    settings = Settings(project / "params", project / "data", out, project / "notebooks", force=True, **how)
    tasks = plan(settings)[:reports]
    Build.of(tasks).run(lambda result: done())


ROUTES: dict[str, Callable[[Path, Path, int, Done], None]] = {
    "papermill + nbconvert, command lines": command_line,
    "papermill loop, exporter reused": papermill_loop,
    "ploomber-engine loop, exporter reused": ploomber_loop,
    "R Markdown loop (tables only)": r_markdown,
    "ours, standard kernel": lambda *a: ours(*a, jobs=1, engine="kernel"),
    "ours, isolated, 1 worker": lambda *a: ours(*a, jobs=1),
    "ours, isolated, 2 workers": lambda *a: ours(*a, jobs=2),
    "ours, shared, 1 worker": lambda *a: ours(*a, jobs=1, shared=True),
}
BASE = "papermill loop, exporter reused"


def run_route(name: str, project: Path, reports: int) -> dict[str, float]:
    """Runs a route here and returns what it took."""
    out = Path(tempfile.mkdtemp(dir=project, prefix="out-"))
    moments: list[tuple[float, float]] = []
    began = time.perf_counter()
    ROUTES[name](project, out, reports, lambda: moments.append((time.perf_counter(), processor_seconds())))
    both = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    # A process that makes several reports brings them at once: what is measured begins behind the first that came together.
    first = next(n for n, (one, next_) in enumerate(pairwise(moments)) if next_[0] - one[0] > _AT_ONCE)
    (start, used), (end, used_later) = moments[first], moments[-1]
    later = len(moments) - first - 1
    each = (end - start) / later * (2 if "2 workers" in name else 1)
    cpu = (used_later - used) / later
    return {"start": moments[0][0] - began, "each": each * 1000, "cpu": cpu * 1000, "memory": max(both)}


_AT_ONCE = 0.005
"""Seconds between two reports below which they are taken to have come together."""


def processor_seconds() -> float:
    """What this process has used, and all that it has started, ended or not."""
    ended = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    living = [sum(process.cpu_times()[:4]) for process in _LIVING]  # its own and its ended children's
    return sum(used.ru_utime + used.ru_stime for used in ended) + sum(living)


_LIVING: list[psutil.Process] = []
"""Processes of a route that live as long as it does; to look for them at each report would take longer than the report."""


def measure(name: str, project: Path, reports: int) -> dict[str, float] | None:
    """Runs a route in a process of its own; None where what it needs is not installed."""
    if (name.startswith("R ") and shutil.which("Rscript") is None) or (
        name.startswith("ploomber") and "PLOOMBER" not in os.environ
    ):
        print(f"{name}: not installed")
        return None
    command = [sys.executable, __file__, "--route", name, "--project", str(project), "--reports", str(reports)]
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["?"]
        print(f"{name}: not measured ({last[0]})")
        return None
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _sizes_for(name: str, sizes: list[int]) -> list[int]:
    """Slow routes make few; those that share a process bring dozens at once."""
    if "shared" in name:
        return sizes[1:]
    return sizes if name.startswith("ours, iso") else [3 if "command" in name else 20]


def cached(project: Path) -> float:
    """Seconds in which a finished build is passed over, the whole command included."""
    command = [sys.executable, str(ROOT / "run_all.py"), "--jobs", "2", "--shared"]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    began = time.perf_counter()
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer reports, a minute or two")
    parser.add_argument("--long", action="store_true", help="also 5,000 reports, and a finished build of 10,000")
    parser.add_argument("--ploomber", type=Path, metavar="DIR", help="where ploomber-engine is installed, apart")
    parser.add_argument("--route", help=argparse.SUPPRESS)
    parser.add_argument("--project", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reports", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.route:
        print(json.dumps(run_route(options.route, options.project, options.reports)))
        return
    if options.ploomber:
        os.environ["PLOOMBER"] = str(options.ploomber.resolve())
    sizes = [10, 100] if options.quick else [10, 100, 1000, *([5000] if options.long else [])]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        make_project(project, max(sizes))
        print(f"{'route':<40}{'reports':>8}{'start s':>9}{'each ms':>9}{'ratio':>8}{'cpu ms':>9}{'ratio':>8}{'MiB':>7}")
        base = None
        for name in ROUTES:
            for reports in _sizes_for(name, sizes):
                found = measure(name, project, reports)
                if found is None:
                    break
                if name == BASE:
                    base = found
                row = f"{name:<40}{reports:>8}{found['start']:>9.2f}"
                for what in ("each", "cpu"):
                    ratio = f"{base[what] / found[what]:.1f}x" if base else ""
                    row += f"{found[what]:>9.1f}{ratio:>8}"
                print(row + f"{found['memory']:>7.0f}", flush=True)
    if options.long:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "project"
            make_project(project, 10_000)
            print(f"10,000 unchanged reports passed over in {cached(project):.1f} s")


if __name__ == "__main__":
    main()
