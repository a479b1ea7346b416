"""Makes the figures of the fictional district 云溪区（虚构）: every number here is invented.

    python tools/make_demo.py          writes data/<year>/<agency>/*.csv, byte for byte what is committed

One agency-year has a ledger, one line for each application, in place of tables 三 and 四.

What is given below is what an office would know: cases by kind and year. Everything that the official tables print
besides (totals, what is carried over, the district's sums) is computed, so that it adds up across rows, columns, years
and bodies.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ogi_report.figures import Figures
from ogi_report.forms import Form, official_forms
from ogi_report.ledger import WorkingDays, headings_of, roles
from ogi_report.writers.csv_tables import write_table_csv
from ogi_report.writers.files import csv_text, write_atomically

YEARS = (2022, 2023, 2024)
DISTRICT = "yunxi"
KEEPS_A_LEDGER = ("housing", 2024)
_ROWS = tuple(dict.fromkeys(r for r in official_forms()["2021"].table("applications").records))
COLUMNS = ("natural_person", "legal.commercial", "legal.research", "legal.social", "legal.legal_service", "legal.other")
WEIGHTS = (86, 7, 0, 1, 4, 2)
OUTCOMES = {
    "granted": 44,
    "partially_granted": 14,
    "denied.other_law": 1,
    "denied.third_party": 1,
    "denied.internal_affairs": 2,
    "denied.process_info": 2,
    "denied.enforcement_file": 3,
    "denied.admin_query": 4,
    "unavailable.not_held": 18,
    "unavailable.must_create": 2,
    "unavailable.still_unclear": 1,
    "not_processed.petition": 3,
    "not_processed.repeat": 2,
    "other.no_correction": 2,
    "other.fee_unpaid": 0,
    "other.misc": 1,
}

# applications a year, carried out a year; documents issued and repealed a year; in force at the end of 2021;
# licences, penalties, coercive measures a year; fees in 万元 a year; reviews (upheld, corrected, other, pending) and
# direct suits a year
Cells = dict[str, str]

BODIES: dict[str, dict[str, Any]] = {
    "yunxi_office": {
        "apps": (38, 44, 41),
        "left": (2, 3, 2),
        "docs": ((6, 2), (5, 4), (7, 3)),
        "force": 58,
        "power": ((0, 0, 0),) * 3,
        "fee": ("0", "0", "0"),
        "reviews": ((3, 1, 0, 1), (4, 0, 1, 0), (3, 1, 1, 1)),
        "suits": ((1, 0, 0, 0), (0, 0, 0, 1), (2, 0, 0, 0)),
    },
    "education": {
        "apps": (26, 31, 35),
        "left": (1, 2, 2),
        "docs": ((2, 0), (1, 1), (2, 1)),
        "force": 17,
        "power": ((412, 6, 0), (398, 4, 0), (431, 7, 0)),
        "fee": ("0", "0", "0"),
        "reviews": ((1, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, 1)),
        "suits": ((0,) * 4,) * 3,
    },
    "health": {
        "apps": (19, 22, 24),
        "left": (1, 1, 1),
        "docs": ((1, 0), (2, 1), (1, 0)),
        "force": 14,
        "power": ((1283, 96, 2), (1350, 88, 1), (1402, 103, 3)),
        "fee": ("12.4", "11.86", "10.95"),
        "reviews": ((1, 0, 0, 0), (1, 0, 0, 0), (0, 0, 1, 0)),
        "suits": ((0,) * 4, (1, 0, 0, 0), (0,) * 4),
    },
    "market": {
        "apps": (47, 52, 61),
        "left": (3, 3, 4),
        "docs": ((2, 1), (1, 0), (3, 2)),
        "force": 21,
        "power": ((15820, 742, 58), (16944, 803, 61), (17230, 765, 49)),
        "fee": ("0", "0", "0"),
        "reviews": ((5, 1, 2, 1), (6, 1, 1, 1), (7, 2, 1, 0)),
        "suits": ((2, 0, 0, 1), (1, 0, 1, 0), (2, 1, 0, 0)),
    },
    "resources": {
        "apps": (71, 66, 74),
        "left": (4, 5, 5),
        "docs": ((3, 1), (2, 2), (2, 0)),
        "force": 33,
        "power": ((2140, 57, 6), (2065, 49, 4), (2218, 62, 5)),
        "fee": ("385.2", "402.75", "361.4"),
        "reviews": ((6, 2, 1, 1), (5, 1, 1, 2), (8, 1, 2, 1)),
        "suits": ((3, 1, 0, 0), (2, 0, 0, 1), (3, 0, 0, 1)),
    },
    "housing": {
        "apps": (54, 59, 48),
        "left": (3, 4, 2),
        "docs": ((2, 0), (3, 1), (1, 1)),
        "force": 25,
        "power": ((876, 41, 0), (913, 38, 0), (854, 45, 0)),
        "fee": ("96.5", "88.3", "91.26"),
        "reviews": ((3, 0, 1, 0), (4, 1, 0, 1), (2, 0, 1, 0)),
        "suits": ((1, 0, 0, 0), (1, 0, 0, 0), (0, 0, 1, 0)),
    },
    "taoyuan": {
        "apps": (6, 4, 7),
        "left": (0, 1, 0),
        "docs": ((0, 0), (1, 0), (0, 0)),
        "force": 5,
        "power": ((64, 12, 0), (58, 15, 0), (71, 11, 0)),
        "fee": ("0", "0", "0"),
        "reviews": ((0,) * 4, (1, 0, 0, 0), (0,) * 4),
        "suits": ((0,) * 4,) * 3,
    },
    "zhuxi": {
        "apps": (3, 5, 2),
        "left": (0, 0, 0),
        "docs": ((0, 0),) * 3,
        "force": 3,
        "power": ((41, 3, 0), (47, 5, 0), (39, 2, 0)),
        "fee": ("0", "0", "0"),
        "reviews": ((0,) * 4,) * 3,
        "suits": ((0,) * 4,) * 3,
    },
}


def main() -> None:
    form = official_forms()["2021"]
    root = Path(__file__).parent.parent / "data"
    carried = {agency: dict.fromkeys(COLUMNS, 0) for agency in BODIES}
    in_force = {agency: body["force"] for agency, body in BODIES.items()}
    for number, year in enumerate(YEARS):
        reports = {}
        for agency, body in BODIES.items():
            cells = _disclosure(body, number, in_force, agency)
            cells |= _applications(random.Random(f"{agency}/{year}"), body, number, carried, agency)
            cells |= _remedies(body, number)
            reports[agency] = cells
        reports[DISTRICT] = {key: f"{sum(Decimal(r[key]) for r in reports.values()):f}" for key in form.cells}
        for agency, cells in reports.items():
            _write(form, cells, root / str(year) / agency, (agency, year) == KEEPS_A_LEDGER)


def _write(form: Form, cells: Cells, folder: Path, keeps_a_ledger: bool) -> None:
    figures = Figures.of(form, cells)
    if keeps_a_ledger:
        text = _ledger(random.Random(folder.name), form, figures, int(folder.parent.name))
        write_atomically(folder / "ledger.csv", text)
    for table in form.tables:
        if not keeps_a_ledger or table.key == "disclosure":
            write_atomically(folder / f"{table.key}.csv", write_table_csv(figures, table.key))


def _disclosure(body: dict[str, Any], number: int, in_force: dict[str, int], agency: str) -> Cells:
    issued, repealed = body["docs"][number]
    in_force[agency] += issued - repealed
    licence, penalty, coercion = body["power"][number]
    row = {
        "rules.issued": 0,
        "rules.repealed": 0,
        "rules.in_force": 0,
        "normative.issued": issued,
        "normative.repealed": repealed,
        "normative.in_force": in_force[agency],
        "licence.decisions": licence,
        "penalty.decisions": penalty,
        "coercion.decisions": coercion,
        "admin_fee.amount_wan": body["fee"][number],
    }
    return {f"disclosure.{key}": str(value) for key, value in row.items()}


def _applications(
    chance: random.Random, body: dict[str, Any], number: int, carried: dict[str, dict[str, int]], agency: str
) -> Cells:
    rows = {row: dict.fromkeys(COLUMNS, 0) for row in _ROWS}
    rows["carried_in"] = dict(carried[agency])
    for _ in range(body["apps"][number]):
        rows["received"][chance.choices(COLUMNS, WEIGHTS)[0]] += 1
    open_cases = [c for c in COLUMNS for _ in range(rows["received"][c] + rows["carried_in"][c])]
    chance.shuffle(open_cases)
    left = body["left"][number]
    for column in open_cases[:left]:
        rows["carried_out"][column] += 1
    for column in open_cases[left:]:
        rows[chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]][column] += 1
        rows["handled_total"][column] += 1
    carried[agency] = dict(rows["carried_out"])
    cells = {}
    for row, values in rows.items():
        for column, value in (values | {"total": sum(values.values())}).items():
            cells[f"applications.{row}.{column}"] = str(value)
    return cells


def _remedies(body: dict[str, Any], number: int) -> Cells:
    cells = {}
    blocks = {
        "review": body["reviews"][number],
        "litigation_direct": body["suits"][number],
        "litigation_after_review": (0, 0, 0, 0),
    }
    for block, values in blocks.items():
        fields = dict(zip(("upheld", "corrected", "other", "pending"), values, strict=True))
        for field, value in (fields | {"total": sum(values)}).items():
            cells[f"remedies.{block}.{field}"] = str(value)
    return cells


def _ledger(chance: random.Random, form: Form, figures: Figures, year: int) -> str:
    """A ledger that adds up to a year's tables 三 and 四; one answer in it came late."""
    lines = sorted(_applications_one_by_one(chance, form, figures, year), key=lambda line: line["received_on"])
    _contest(chance, form, figures, lines, year)
    numbers = dict.fromkeys((year - 1, year), 0)
    for line in lines:
        received = line["received_on"].year
        # Of the year before only those are listed that were still open.
        numbers[received] += 1
        line["number"] = f"住建依申〔{received}〕{numbers[received] + (55 if received < year else 0)}号"
    # All columns on reviews and lawsuits, also those that stay empty: without columns their figures would be blank, not 0.
    headings = [h for h in headings_of(form) if "." in h.key or any(h.key in line for line in lines)]
    body = [[*(_as_text(line.get(heading.key)) for heading in headings), line.get("remark", "")] for line in lines]
    return csv_text([*(heading.label for heading in headings), "备注"], body)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _applications_one_by_one(
    chance: random.Random, form: Form, figures: Figures, year: int
) -> Iterator[dict[str, Any]]:
    table, asked = form.table("applications"), roles(form)
    calendar = WorkingDays(year - 1, year + 1)
    spring = date(year, 1, 8)
    for column in asked.applicants:

        def count(row: str, column: str = column) -> int:
            return int(figures[f"applications.{row}.{column}"].value or 0)

        ends = [row for row in asked.outcomes for _ in range(count(row))]
        chance.shuffle(ends)
        for number, outcome in enumerate([*ends, *["carried_out"] * count("carried_out")]):
            line: dict[str, Any] = {"applicant": table.fields[column].label}
            yield line
            if outcome == "carried_out":
                line["received_on"] = calendar.after(date(year, 12, 22), chance.randint(1, 6))
                continue
            line["outcome"] = table.records[outcome].path.title
            carried_in = number < count("carried_in")
            day = date(year - 1, 12, 17) if carried_in else spring + timedelta(days=chance.randrange(310))
            line["received_on"] = start = calendar.after(day, chance.randint(1, 5) if carried_in else 1)
            needed = chance.randint(12, 19) if carried_in else chance.randint(4, 19)
            if outcome == "denied.third_party":
                line["consulted_from"], line["consulted_to"] = calendar.after(start, 3), calendar.after(start, 15)
                needed = 28
                line["remark"] = "书面征求第三方意见"
            elif outcome == "denied.process_info":
                line |= {"is_extended": "是", "extended_on": calendar.after(start, 17), "remark": "需与有关部门会商"}
                needed = 33
            elif outcome == "unavailable.must_create":
                needed = 23
                line["remark"] = "承办人员变动，答复迟延"
            elif outcome == "other.no_correction" and not carried_in:
                line["remark"] = "已告知补正，期满未补正"
            elif outcome == "partially_granted" and column == "legal.commercial":
                line["completed_on"] = calendar.after(start, 9)
                needed = 9 + 15
                line["remark"] = "补正后受理"
            line["closed_on"] = calendar.after(start, needed)


def _contest(chance: random.Random, form: Form, figures: Figures, lines: list[dict[str, Any]], year: int) -> None:
    """Reviews and lawsuits against answers of the first half of the year, each decided in it or still pending."""
    answered = [
        n for n, line in enumerate(lines) if date(year, 2, 1) < line.get("closed_on", date.min) < date(year, 7, 1)
    ]
    chance.shuffle(answered)
    for group, results in roles(form).results.items():
        for result in results:
            for _ in range(int(figures[f"remedies.{group}.{result}"].value or 0)):
                line = lines[answered.pop()]
                line[f"{group}.filed_on"] = filed = line["closed_on"] + timedelta(days=chance.randint(15, 50))
                line[f"{group}.result"] = form.cells[f"remedies.{group}.{result}"].column.label
                if result != "pending":
                    line[f"{group}.decided_on"] = filed + timedelta(days=chance.randint(40, 60))


if __name__ == "__main__":
    main()
