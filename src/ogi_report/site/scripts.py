"""Data for the pages' scripts, as script files: a page opened from a folder may load these, and may fetch nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as compute
import pyarrow.parquet as parquet

from ogi_report.batch.junit import Suite
from ogi_report.batch.readings import Key, Reading
from ogi_report.figures import Cell, Figures, format_number
from ogi_report.forms import CellSpec, Form, official_forms
from ogi_report.report.roster import LEVELS
from ogi_report.report.views import MOST_MARKS
from ogi_report.rules import Severity
from ogi_report.site import files
from ogi_report.site.overview import Overview, State
from ogi_report.site.rule_pages import page_of

SHARD = 40
"""About so many agencies' figures are in one file: whoever compares two waits for no more than theirs."""

SHOWN_CELLS = 3


def script(name: str, data: Any) -> str:
    """Returns a script that hands data to `ogi.load`. No text in it can end a script element or a line of the program.

    >>> print(script("a", ["</script>\\u2028"]))
    ogi.load("a",["\\u003c/script>\\u2028"]);
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'ogi.load("{name}",{text});\n'


def index_data(overview: Overview, there: Mapping[Key, Sequence[str]], public: bool) -> dict[str, Any]:
    """Returns what the matrix shows, in lists without names: thousands of reports in a few hundred kilobytes."""
    number = {body.agency: place for place, body in enumerate(overview.bodies)}
    levels = list(LEVELS)
    states: list[State] = [State.PUBLIC] if public else [state for state in State if state is not State.PUBLIC]
    suffixes = files.suffixes(public)
    main = files.PAGE if public else files.REVIEW
    return {
        "years": list(overview.years),
        "levels": [LEVELS[level] for level in levels],
        "states": [[state.key, state.icon, state.label] for state in states],
        "counts": [] if public else [*(severity.chinese for severity in Severity), "已豁免"],
        "suffixes": [[suffix, files.label(suffix)] for suffix in suffixes],
        "main": suffixes.index(main),
        "page": suffixes.index(files.PAGE),
        "beside": [suffixes.index(suffix) for suffix in files.beside(public)],
        "bodies": [
            [
                body.agency,
                body.name,
                " ".join(body.short_names),
                levels.index(body.level) if body.level in LEVELS else -1,
                number.get(body.parent or "", -1),
                shard_of(body.agency, shards(len(overview.bodies))),
            ]
            for body in overview.bodies
        ],
        "entries": [
            [
                number[entry.agency],
                entry.year,
                states.index(entry.state),
                entry.label,
                entry.detail,
                entry.timing or _published(entry.published_on),
                int(entry.late),
                [entry.counts.get(name, 0) for name in (*Severity, "waived")] if entry.counts else [],
                sum(1 << suffixes.index(suffix) for suffix in there[entry.agency, entry.year]),
            ]
            for entry in overview
        ],
    }


def _published(day: str | None) -> str:
    return f"{day}公布" if day else ""


def findings_data(suites: Sequence[Suite], overview: Overview) -> Iterator[tuple[Severity, dict[str, Any]]]:
    """Yields the findings of each severity, newest year first and then in the roster's order: a reviewer's work list."""
    number = {body.agency: place for place, body in enumerate(overview.bodies)}
    ordered = sorted(suites, key=lambda suite: (-suite[0].year, number[suite[0].agency]))
    cells = {key: place for place, key in enumerate(cell_labels())}
    for severity in Severity:
        rules: dict[str, int] = {}
        lines = [
            [
                number[result.agency],
                result.year,
                rules.setdefault(finding["rule"], len(rules)),
                place or 0,
                finding["message"],
                _marked(finding, cells),
                len(finding["cells"]),
                int(finding["waived"] is not None),
            ]
            for result, told, _ in ordered
            for place, finding in told
            if finding["severity"] == severity
        ]
        yield severity, {"rules": [[rule, page_of(rule)] for rule in rules], "lines": lines}


def _marked(finding: Mapping[str, Any], cells: Mapping[str, int]) -> list[int]:
    """The first cells of a finding that its review page marks and can be jumped to."""
    if finding["waived"] is not None or len(finding["cells"]) > MOST_MARKS:
        return []
    return [cells[key] for key in finding["cells"][:SHOWN_CELLS] if key in cells]


def cell_labels() -> dict[str, str]:
    """Cell of any layout → its official label."""
    return {key: spec.label for form in official_forms().values() for key, spec in form.cells.items()}


def forms_data() -> dict[str, Any]:
    """Returns the cells of each layout, and for each pair of layouts which of them mean the same."""
    forms = official_forms()
    return {
        "cells": list(cell_labels().items()),
        "layouts": {key: form.name for key, form in forms.items()},
        "keys": {key: list(form.cells) for key, form in forms.items()},
        "plans": {f"{a} {b}": _plan(one, other) for a, one in forms.items() for b, other in forms.items()},
    }


def _plan(one: Form, other: Form) -> list[list[Any]]:
    """Lines of a comparison: table, label, unit, and the cells of either layout that add up to the same quantity.

    The same cell, by key; or a row of one layout that the other splits into a group of rows. Nothing else is held against each
    other: what a layout alone has gets a line with the other side left open.
    """
    here, there = ({key: place for place, key in enumerate(form.cells)} for form in (one, other))
    lines: list[list[Any]] = []
    for key, spec in one.cells.items():
        others = [key] if key in there else _parts(other, spec)
        lines.append([spec.table, spec.label, spec.unit, [here[key]], [there[k] for k in others]])
    for key, spec in other.cells.items():
        if key not in here:
            lines.append([spec.table, spec.label, spec.unit, [here[k] for k in _parts(one, spec)], [there[key]]])
    names = {table.key: f"{table.name}　{table.title}" for form in (other, one) for table in form.tables}
    order = list(names)
    lines.sort(key=lambda line: order.index(line[0]))
    return [[names[line[0]], *line[1:]] for line in lines]


def _parts(form: Form, spec: CellSpec) -> list[str]:
    """The cells of a group of rows in one column, where a form splits into a group what another counts in one row."""
    group = f"{spec.record}."
    return [
        key
        for key, cell in form.cells.items()
        if (cell.table, cell.field) == (spec.table, spec.field) and cell.record.startswith(group)
    ]


def shards(agencies: int) -> int:
    return max(1, agencies // SHARD)


def shard_of(agency: str, count: int) -> int:
    """A stable place: another agency in the roster moves no other one."""
    return int.from_bytes(hashlib.sha256(agency.encode("utf-8", "surrogateescape")).digest()[:4], "big") % count


def figures_data(
    readings: Mapping[Key, Reading], overview: Overview, parquet_file: Path
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (number, agency → year → layout, cells in the layout's order, the report's own rows) for each shard."""
    own = _own_rows(parquet_file)
    count = shards(len(overview.bodies))
    found: list[dict[str, dict[int, Any]]] = [{} for _ in range(count)]
    for entry in overview:
        reading = readings.get((entry.agency, entry.year))
        if reading is not None:
            figures: Figures = reading.context.figures
            line = [
                figures.form.id,
                [_plain(cell) for cell in figures.cells.values()],
                own.get((entry.agency, entry.year), []),
            ]
            found[shard_of(entry.agency, count)].setdefault(entry.agency, {})[entry.year] = line
    yield from enumerate(found)


def _plain(cell: Cell) -> int | str | None:
    """A whole number as it is, an amount behind "=", what is no number behind "'", a blank as nothing."""
    if isinstance(cell.value, int):
        return cell.value
    if cell.value is not None:
        return f"={format_number(cell.value)}"
    return f"'{cell.raw}" if cell.raw else None


def _own_rows(path: Path) -> dict[Key, list[tuple[str, str]]]:
    """Label and content of the rows that a report has and the form has not."""
    rows: dict[Key, list[tuple[str, str]]] = {}
    with parquet.ParquetFile(path) as file:  # `read_table` would load pandas
        for number in range(file.num_row_groups):
            group = file.read_row_group(number, columns=["agency", "year", "row", "label", "raw"])
            for line in group.filter(compute.starts_with(group["row"], "local.")).to_pylist():
                rows.setdefault((line["agency"], line["year"]), []).append((line["label"], line["raw"]))
    return rows
