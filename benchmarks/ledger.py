"""What a ledger costs: reading its lines, adding up tables 三 and 四, tracing every cell, the overdue list.

    python benchmarks/ledger.py [lines]

Each step in a fresh process would cost the same but for the first look at the holiday calendar, which is shown apart.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from ogi_report.forms import official_forms
from ogi_report.ledger import headings_of, roles, time_limits
from ogi_report.readers import read_ledger
from ogi_report.writers.files import csv_text

LINES, YEAR = 10_000, 2024


def made_up(lines: int) -> str:
    """A ledger of a big city: labels as clerks write them, one case in twelve contested, names that nobody reads."""
    form, chance = official_forms()["2021"], random.Random(1)
    asked = roles(form)
    table = form.table("applications")
    headings = {heading.key: heading.label for heading in headings_of(form)}
    rows = []
    for number in range(lines):
        received = date(YEAR - 1, 10, 1) + timedelta(days=chance.randrange(450))
        closed = received + timedelta(days=chance.randrange(1, 45))
        is_open = closed > date(YEAR, 12, 31) and chance.random() < 0.5
        row = {
            "number": f"{YEAR}-{number:06}",
            "received_on": f"{received.year}/{received.month}/{received.day}",
            "applicant": table.fields[chance.choice(asked.applicants)].label,
            "outcome": "" if is_open else table.records[chance.choice(asked.outcomes)].path.title,
            "closed_on": "" if is_open else closed.isoformat(),
            "is_extended": chance.choice(["", "", "否", "是"]),
        }
        if chance.random() < 1 / 12:
            row |= {"review.filed_on": (closed + timedelta(days=20)).isoformat(), "review.result": "维持"}
            row["review.decided_on"] = (closed + timedelta(days=80)).isoformat()
        rows.append(["申请人" + str(number), *(row.get(key, "") for key in headings)])
    return csv_text(["申请人姓名", *headings.values()], rows)


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    form = official_forms()["2021"]
    roles(form)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.csv"
        path.write_text(made_up(lines), encoding="utf-8")
        ledger = read_ledger(path, form, YEAR, path.name)
        once = seconds(lambda: time_limits(ledger.applications[:1], date(YEAR, 12, 31)))
        again = read_ledger(path, form, YEAR, path.name)
        rows = [
            ("read the lines", seconds(lambda: read_ledger(path, form, YEAR, path.name))),
            ("tables of the year", seconds(lambda: again.tables())),
            ("trace of every cell", seconds(lambda: [again.trace(cell) for cell in again.tables().lines])),
            ("first look at the calendar", once),
            ("time limits", seconds(lambda: time_limits(again.in_hand(), date(YEAR, 12, 31)))),
        ]
    print(f"{lines:,} applications\n{'step':<32}{'ms':>10}")
    for name, taken in rows:
        print(f"{name:<32}{taken * 1000:>10.1f}")
    print(f"{'all':<32}{sum(taken for _, taken in rows) * 1000:>10.1f}")


if __name__ == "__main__":
    main()
