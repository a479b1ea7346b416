"""A long run under fire: thousands of reports, some of them faulty, killed and resumed at random; the truth is checked at the end.

    python tools/soak.py [--reports 5000] [--kills 25] [--seed 1] [--jobs N]

Two per cent of the reports have one of a dozen faults of which the outcome is known beforehand. Runs are ended by signals at
random moments and started again until one ends by itself. Then: exactly the reports that should have failed or have errors are
listed so, in the manifest and in the list of findings; every page of the others is the same as its like's; nothing is left
running, no file is half written; the largest process has not grown with the number of reports. Exit status 0 if all of that holds.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parents[1]
YEAR = 2024
FAULTY = 50
"""One report in so many has a fault."""

Harm = Callable[[Path, Path], None]
"""What is done to a report: its data folder and its params file."""


def _write(name: str, content: str) -> Harm:
    return lambda data, params: (data / name).write_text(content, encoding="utf-8") and None


def _replace(name: str, make: Callable[[Path], object]) -> Harm:
    def harm(data: Path, params: Path) -> None:
        (data / name).unlink(missing_ok=True)
        make(data / name)

    return harm


def _notebook(name: str) -> Harm:
    def harm(data: Path, params: Path) -> None:
        params.write_text(params.read_text(encoding="utf-8") + f"notebook: {name}.ipynb\n", encoding="utf-8")

    return harm


def _wrong_sum(data: Path, params: Path) -> None:
    """A total that no filling of the others makes right."""
    table = data / "applications.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("received,"):
            cells = next(csv.reader([line]))
            cells[-1] = str(int(cells[-1] or 0) + 1000)
            lines[number] = ",".join(cells)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


FAULTS: dict[str, tuple[Harm, str]] = {
    "a table missing": (_replace("remedies.csv", lambda path: None), "failed"),
    "a table empty": (_write("remedies.csv", ""), "failed"),
    "a folder for a table": (_replace("remedies.csv", Path.mkdir), "failed"),
    "a pipe for a table": (_replace("remedies.csv", os.mkfifo), "failed"),
    "a link out": (_replace("remedies.csv", lambda path: path.symlink_to("/etc/passwd")), "failed"),
    "another encoding": (_replace("remedies.csv", lambda path: path.write_bytes("行代码".encode("utf-16"))), "failed"),
    "an unknown name in the text": (_write("narrative.md", "## 一、总体情况\n\n{{ 没有这个 }}\n"), "failed"),
    "an endless text": (_write("narrative.md", "{% for i in range(99999) %}{{ i }}{% endfor %}"), "failed"),
    "settings that are none": (lambda data, params: params.write_text("agency: [") and None, "failed"),
    "a notebook that raises": (_notebook("raises"), "failed"),
    "a notebook that dies": (_notebook("dies"), "failed"),
    "a notebook that crashes": (_notebook("crashes"), "failed"),
    "a wrong total": (_wrong_sum, "errors"),
}

NOTEBOOKS = {"raises": "1 / 0", "dies": "import os\nos._exit(3)", "crashes": "import ctypes\nctypes.string_at(0)"}


def make_project(folder: Path, reports: int, chance: random.Random) -> dict[str, str]:
    """Writes a project; returns agency → the status that its report should have."""
    (folder / "params" / str(YEAR)).mkdir(parents=True)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for name, source in NOTEBOOKS.items():
        notebook = nbformat.read(ROOT / "notebooks" / "annual_report.ipynb", as_version=4)
        notebook.cells.insert(-1, new_code_cell(source, id="trouble"))
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    expected = {}
    lines = ["agency,name,level"]
    kinds = list(FAULTS)
    number_of_faults = max(len(kinds), reports // FAULTY)
    faulty = dict(zip(chance.sample(range(reports), number_of_faults), kinds * (number_of_faults // len(kinds) + 1)))  # noqa: B905  # as many as there are
    for number in range(reports):
        agency = f"a{number:05}"
        lines.append(f"{agency},示例第{number}局,department")
        data = folder / "data" / str(YEAR) / agency
        data.mkdir(parents=True)
        for name in ("disclosure", "applications", "remedies"):
            shutil.copyfile(ROOT / "data" / str(YEAR) / "education" / f"{name}.csv", data / f"{name}.csv")
        params = folder / "params" / str(YEAR) / f"{agency}.yaml"
        params.write_text(f"agency: {agency}\nyear: {YEAR}\n", encoding="utf-8")
        expected[agency] = "ok"
        if number in faulty:
            harm, expected[agency] = FAULTS[faulty[number]]
            harm(data, params)
    (folder / "params" / "agencies.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return expected


class Run:
    """One run of the batch, watched from outside."""

    def __init__(self, folder: Path, jobs: int):
        self.folder = folder
        env = os.environ | {"PYTHONUTF8": "1", "OGI_TEST_RUN": str(folder)}
        command = [sys.executable, str(ROOT / "run_all.py"), "--jobs", str(jobs), "--timeout", "120"]
        self.log = (folder / "run.log").open("wb")
        self.process = subprocess.Popen(command, cwd=folder, env=env, stdout=self.log, stderr=self.log)
        self.memory: list[int] = []

    def wait(self, seconds: float | None) -> int | None:
        """Waits, and notes how much memory the run's own process holds; returns its exit status, or None."""
        until = None if seconds is None else time.monotonic() + seconds
        while (status := self.process.poll()) is None and (until is None or time.monotonic() < until):
            try:
                held = Path(f"/proc/{self.process.pid}/statm").read_text().split()
                self.memory.append(int(held[1]) * os.sysconf("SC_PAGE_SIZE"))
            except (OSError, IndexError):
                pass
            time.sleep(0.2)
        return status

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(120)
        self.log.close()


def still_running(folder: Path) -> list[str]:
    mark, found = f"OGI_TEST_RUN={folder}".encode() + b"\0", []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and mark in (process / "environ").read_bytes() + b"\0":
                found.append(process.name)
        except OSError:
            continue
    return found


def problems_of(folder: Path, expected: dict[str, str], status: int | None, memory: list[int]) -> list[str]:
    """What is not as it should be after the last run."""
    build = folder / "build"
    reports = {r["agency"]: r for r in json.loads((build / "manifest.json").read_text(encoding="utf-8"))["reports"]}
    found = [
        f"{agency}: {reports[agency]['status'] if agency in reports else 'not listed'} instead of {wanted}"
        for agency, wanted in expected.items()
        if agency not in reports or reports[agency]["status"] != wanted
    ]
    if status != 1:
        found.append(f"exit status {status} although some reports failed")
    with (build / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        failed = {line["机构代码"] for line in csv.DictReader(file) if line["级别"] == "未能生成"}
    if failed != {agency for agency, wanted in expected.items() if wanted == "failed"}:
        found.append(f"findings.csv lists other failures: {sorted(failed)[:5]} …")
    like: set[str] = set()
    for agency, wanted in expected.items():
        page = build / str(YEAR) / f"{agency}_{YEAR}.html"
        if page.exists() != (wanted != "failed"):
            found.append(f"{page.name} is {'there' if page.exists() else 'missing'}")
        elif wanted == "ok":
            text = page.read_text(encoding="utf-8").replace(f"示例第{int(agency[1:])}局", "示例局")
            like.add(text.replace(reports[agency]["input_hash"], "its own"))
    if len(like) != 1:
        found.append(f"{len(like)} kinds of page where all reports are alike")
    found += [f"left over: {path.name}" for path in build.rglob(".*") if path.name not in (".lock", ".cache.jsonl")]
    until = time.monotonic() + 10
    while left := still_running(folder):
        if time.monotonic() > until:
            found.append(f"still running: {left}")
            break
        time.sleep(0.1)
    quarter = len(memory) // 4
    if quarter > 10:
        early, late = max(memory[quarter : 2 * quarter]), max(memory[2 * quarter : 3 * quarter])
        if late > early * 1.25 + 50_000_000:
            found.append(
                f"the run's own process grew from {early // 10**6} to {late // 10**6} MB while reports were made"
            )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=25, help="how often a run is ended at a random moment")
    parser.add_argument("--seconds", type=float, default=20, help="the longest time until then")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        expected = make_project(folder, options.reports, chance)
        for kill in range(options.kills):
            run = Run(folder, options.jobs)
            if run.wait(chance.uniform(1, options.seconds)) is not None:
                break  # all was made already
            number = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
            run.end(number)
            print(
                f"{kill + 1}. ended by {number.name} after {len(list((folder / 'build').rglob('*.html')))} pages",
                flush=True,
            )
        last = Run(folder, options.jobs)
        status = last.wait(None)
        last.log.close()
        found = problems_of(folder, expected, status, last.memory)
        said = (folder / "run.log").read_text(encoding="utf-8")
        if "Traceback" in said:
            found.append("a traceback in the last run")
    counts = {wanted: list(expected.values()).count(wanted) for wanted in ("ok", "errors", "failed")}
    print(
        f"{options.reports} reports ({counts}), {time.monotonic() - begun:.0f} s, {max(last.memory) // 10**6} MB at most"
    )
    for problem in found[:40]:
        print(f"✖ {problem}")
    print("✔ all as it should be" if not found else f"{len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
