"""The overview over a whole build: what it takes to write, and what a reader's browser takes to show it.

    python benchmarks/site.py [--reports 5000] [--keep FOLDER]

The demo is made once; its reports are then copied under new ids until there are enough, each with figures and sentences of its
own (else all would be copies of each other, and the comparison of peers would have nothing else to tell). Then the steps of a run
that come after the reports are timed one by one, and the index page is opened in Chromium from a file.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent))
YEARS = (2022, 2023, 2024)


def make_build(folder: Path, reports: int) -> None:
    """A project of made-up agencies in `folder`, with `folder/build` as a run would have left it."""
    from peers import chapter

    from ogi_report.batch import Result
    from ogi_report.batch.manifest import earlier

    demo = folder / "demo"
    subprocess.run(
        [sys.executable, str(ROOT / "run_all.py"), "--out", str(demo)], cwd=ROOT, check=True, capture_output=True
    )
    patterns: dict[int, list[Result]] = {year: [r for r in earlier(demo) if r.year == year] for year in YEARS}
    luck = random.Random(7)
    bodies = [f"a{number:05}" for number in range(-(-reports // len(YEARS)))]
    groups = [f"q{number:02}" for number in range(max(1, len(bodies) // 60))]
    (folder / "params").mkdir(parents=True)
    lines = ["agency,name,short_names,level,parent"]
    lines += [f"{group},示例{number}区人民政府,区政府,county," for number, group in enumerate(groups)]
    lines += [
        f"{agency},示例{n % len(groups)}区第{n}号局,{n}局,department,{groups[n % len(groups)]}"
        for n, agency in enumerate(bodies)
    ]
    (folder / "params" / "agencies.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    listed = []
    for year in YEARS:
        (folder / "params" / str(year)).mkdir()
        (folder / "build" / str(year)).mkdir(parents=True)
        departments = [r for r in patterns[year] if r.agency != "yunxi"]
        for number, agency in enumerate(bodies):
            if number % 97 == 5 and year == YEARS[-1]:
                continue  # somebody is always missing
            day = luck.randrange(2, 36)
            published = f"{year + 1}-{1 + day // 31:02}-{1 + day % 31:02}"
            text = f"agency: {agency}\nyear: {year}\npublished_on: {published}\n"
            (folder / "params" / str(year) / f"{agency}.yaml").write_text(text)
            pattern = departments[number % len(departments)]
            counts = _copy(demo, folder / "build", pattern.agency, agency, year, luck, chapter)
            listed.append(
                {
                    **pattern.as_plain(),
                    "agency": agency,
                    "name": lines[len(groups) + 1 + number].split(",")[1],
                    "counts": counts,
                    "published_on": published,
                }
            )
            listed[-1]["status"] = "errors" if counts["error"] else "ok"
            listed[-1]["files"] = [f"{year}/{agency}_{year}.html"]
    (folder / "build" / "manifest.json").write_text(json.dumps({"reports": listed}), encoding="utf-8")


MADE_UP = (
    {"rule": "T3-ROWSUM", "severity": "error"},
    {"rule": "XY-JUMP", "severity": "warning"},
    {"rule": "V-BLANK", "severity": "note"},
)


def _copy(
    demo: Path, out: Path, source: str, agency: str, year: int, luck: random.Random, chapter: Any
) -> dict[str, int]:
    stem, target = demo / str(year) / f"{source}_{year}", out / str(year) / f"{agency}_{year}"
    for suffix in (".html", ".review.html", ".ipynb"):
        shutil.copyfile(f"{stem}{suffix}", f"{target}{suffix}")
    told = json.loads(Path(f"{stem}.findings.json").read_text(encoding="utf-8"))
    values = {
        key: luck.randrange(400) if cell["kind"] == "number" and "sum" not in key else None
        for key, cell in told["figures"].items()
    }
    for key, value in values.items():
        if value is not None:
            told["figures"][key] |= {"value": value, "raw": str(value)}
    for finding in MADE_UP * luck.randrange(4):
        cells = luck.sample(list(values), 3)
        blank = dict.fromkeys(("expected", "found", "difference", "quote", "waived"))
        said = (
            f"第{luck.randrange(1000)}号示例问题：合计与各项之和不符，应为各项之和，请核对“（七）总计 · 总计”等三格。"
        )
        told["findings"].append(
            {
                **finding,
                **blank,
                "cells": cells,
                "message": said,
                "suggestion": [],
                "outcome": "fail",
                "agency": agency,
                "year": year,
            }
        )
    told["findings"].sort(key=lambda finding: ["error", "warning", "note"].index(finding["severity"]))
    told["chapters"] = {number: chapter(luck) for number in told["chapters"]}
    told["counts"] |= {s: sum(f["severity"] == s for f in told["findings"]) for s in ("error", "warning", "note")}
    told["agency"] = agency
    Path(f"{target}.findings.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(Path(f"{stem}.figures.csv").read_text(encoding="utf-8-sig"))))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        value = values.get(row["key"])
        own = {} if value is None else {"raw": value, "value": value}
        writer.writerow({**row, "agency": agency, **own})
    Path(f"{target}.figures.csv").write_text("\ufeff" + text.getvalue(), encoding="utf-8", newline="")
    return dict(told["counts"])


@contextmanager
def timed(name: str) -> Iterator[None]:
    before, worked = time.perf_counter(), time.process_time()
    yield
    cpu = time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<28}{time.perf_counter() - before:6.1f} s {cpu:6.1f} s cpu {peak:6} MiB", flush=True)


def overview(folder: Path) -> None:
    """Times each step of a run that comes after the reports."""
    from ogi_report.batch.manifest import earlier, write_manifest
    from ogi_report.batch.peers import compare
    from ogi_report.batch.readings import collector_at_rest, read_reports
    from ogi_report.batch.summary import write_summary
    from ogi_report.report import Project
    from ogi_report.site import write_public_edition, write_site

    out, project = folder / "build", Project(folder / "params", folder / "data")
    with collector_at_rest(), timed("the whole step"):
        with timed("  the manifest of before"):
            results = earlier(out)
        with timed(f"  reading {len(results)} reports"):
            readings = read_reports(out, results, project)
        with timed("  peers held together"):
            comparison = compare(readings, results, project)
        with timed("  findings and figures"):
            suites = write_summary(out, results, readings, comparison)
        with timed("  pages and their data"):
            write_site(out, suites, readings, comparison, project)
        with timed("  the manifest"):
            write_manifest(out, results)
    with timed("the public edition"):
        write_public_edition(out, results, readings, project)
    for name in ("index.html", "site/data/index.js", "site/data/findings-error.js", "site/data/findings-warning.js"):
        print(f"{name:<32}{(out / name).stat().st_size / 1000:8.0f} kB")


FIRST_USE = """async () => {
  const field = document.querySelector("[name=q]");
  while (document.body.dataset.ready !== "1") await new Promise(requestAnimationFrame);
  const ready = performance.now();
  field.value = "第123号";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise(requestAnimationFrame);
  return [ready, performance.now() - ready, document.querySelectorAll("#matrix tbody tr").length];
}"""


def first_use(out: Path) -> None:
    """Milliseconds from opening the page until it can be used, and from a key press to its answer."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name in ("index.html", "findings.html", "compare.html"):
            page = browser.new_page()
            page.goto((out / name).as_uri())
            if name == "index.html":
                ready, search, rows = page.evaluate(FIRST_USE)
                print(f"{name:<16} usable after {ready:5.0f} ms; a search takes {search:4.0f} ms ({rows} found)")
            else:
                wait = "async () => { while (document.body.dataset.ready !== '1') await new Promise(requestAnimationFrame); return performance.now(); }"
                print(f"{name:<16} usable after {page.evaluate(wait):5.0f} ms")
            page.close()
        browser.close()


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--reports", type=int, default=5000)
    options.add_argument("--keep", type=Path, help="make the build here, or use the one that is there")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch) / "many"
        if not folder.exists():
            make_build(folder, chosen.reports)
        overview(folder)
        first_use(folder / "build")


if __name__ == "__main__":
    main()
