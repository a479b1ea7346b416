"""All equations of the form on a panel of 100,000 reports, and the whole catalogue on one report and on a panel.

    python benchmarks/checks.py [--reports 100000] [--wrong 1]

The panel is made up: sound figures of the size of a county department's, a tenth of the reports with table 三 half blank,
one in a hundred with a wrong number. Peak memory is that of the whole process, the panel itself included.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ogi_report.figures import Figures
from ogi_report.forms import Form, official_forms
from ogi_report.rules import Context, check, check_panel
from ogi_report.rules.equations import system


def sound_panel(form: Form, reports: int, wrong: float, seed: int = 1) -> pd.DataFrame:
    """Figures in which every equation holds, a tenth of the reports with blanks, `wrong` of them with one error."""
    luck = np.random.default_rng(seed)
    cells: dict[str, Any] = {
        key: luck.integers(0, 40, reports) if spec.number != "money" else np.zeros(reports, dtype=np.int64)
        for key, spec in form.cells.items()
    }
    for row in ("rules", "normative"):
        cells[f"disclosure.{row}.in_force"] = cells[f"disclosure.{row}.issued"] + luck.integers(0, 200, reports)
    table = form.table("applications")
    fields = [name for name in table.fields if name != "total"]
    outcomes = [row for row in table.records if row not in ("received", "carried_in", "carried_out", "handled_total")]
    for name in fields:
        column = {row: f"applications.{row}.{name}" for row in table.records}
        cells[column["handled_total"]] = sum(cells[column[row]] for row in outcomes)
        cells[column["carried_in"]] = np.minimum(cells[column["carried_in"]], cells[column["handled_total"]])
        cells[column["received"]] = (
            cells[column["handled_total"]] + cells[column["carried_out"]] - cells[column["carried_in"]]
        )
    for row in table.records:
        cells[f"applications.{row}.total"] = sum(cells[f"applications.{row}.{name}"] for name in fields)
    for record in form.table("remedies").records.values():
        keys = {name: cell.key for name, cell in record.fields.items()}
        cells[keys["total"]] = sum(cells[key] for name, key in keys.items() if name != "total")
    for number in luck.choice(reports, int(reports * wrong), replace=False):
        key = luck.choice([key for key in cells if key.startswith("applications.")])
        cells[key] = cells[key].copy()
        cells[key][number] += 7
    half_blank = luck.random(reports) < 0.1
    frame = {}
    for key, values in cells.items():
        blank = half_blank if key.startswith("applications.denied") else np.zeros(reports, dtype=bool)
        frame[key] = pd.arrays.IntegerArray(np.asarray(values, dtype=np.int64), blank)
    years = np.full(reports, form.years.first)
    index = pd.MultiIndex.from_arrays([[f"a{n:06}" for n in range(reports)], years], names=["agency", "year"])
    return pd.DataFrame(frame, index=index)


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--wrong", type=float, default=1.0, help="per cent of the reports with an error")
    options = parser.parse_args()
    form = official_forms()["2021"]
    frame = sound_panel(form, options.reports, options.wrong / 100)
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    few = frame.head(500)
    system(form)
    check_panel(few)
    one = Context(Figures.of(form, {}, 0), "example", 2024)
    taken = seconds(lambda: check_panel(frame, conditions=False))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    equations = len(system(form).equations)
    print(
        f"equations on {len(frame):,} reports ({equations} each)   {taken:6.2f} s   {taken / len(frame) * 1e6:8.1f} µs each"
    )
    for name, conditions in (("equations", False), ("all rules on figures", True)):
        each = seconds(lambda conditions=conditions: check_panel(few, conditions=conditions)) / len(few)  # type: ignore[misc]
        print(f"{name} on {len(few)} reports by panel   {each * 1000:8.2f} ms each")
    print(
        f"all rules on one report without text   {seconds(lambda: [check(one) for _ in range(50)]) / 50 * 1000:8.2f} ms"
    )
    print(f"peak memory {peak:,.0f} MiB (with the panel alone {base:,.0f} MiB)")
    found = check_panel(frame.head(2000), conditions=False)
    print(f"of 2,000 reports {len({f.agency for f in found.items})} have a broken equation")
    full_size = options.reports >= 100_000
    sys.exit("slower than 2 s or above 2 GiB" if full_size and (taken > 2 or peak > 2048) else 0)


if __name__ == "__main__":
    main()
