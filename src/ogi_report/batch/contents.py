"""What stands in the files of a report beside its pages: the executed notebook, the figures, the findings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import simplejson
from nbformat.v4.rwbase import split_lines, strip_transient

from ogi_report.figures import TIDY, described, format_number
from ogi_report.forms import CellSpec, official_forms
from ogi_report.notebook.execute import Executed
from ogi_report.report.fragment import dump_json
from ogi_report.writers.files import csv_line, csv_text


def notebook_text(executed: Executed) -> str:
    """Returns an executed notebook as nbformat writes it, without copying and validating the document first.

    Lines are split in the document itself, so that its pages have to be made before.
    """
    notebook = split_lines(strip_transient(executed.notebook))
    return simplejson.dumps(notebook, indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False) + "\n"


FIGURES_HEADER = ("agency", "year", "layout", *TIDY)


def figures_text(told: Mapping[str, Any]) -> str:
    """The cells in long form, the report's own rows included, numbers exact."""
    about = csv_line((told["agency"], told["year"], told["layout"]))
    official = _official_cells(told["layout"])
    raws: dict[str, str] = {}
    lines = []
    for key, cell in told["figures"].items():
        what, unit = official.get(key) or _own_row(key, told["local"], official_forms()[told["layout"]].cells)
        raw = cell["raw"]
        if raw not in raws:
            raws[raw] = csv_line((raw, "")).removesuffix(",")
        lines.append(f"{about},{what},{raws[raw]},{cell['kind']},{unit},{format_number(cell['value'])}\r\n")
    return csv_text(FIGURES_HEADER, ()) + "".join(lines)


_What = tuple[str, str]
"""What is said of a cell before its value, as it stands in the file, and its unit."""


@cache
def _official_cells(layout: str) -> dict[str, _What]:
    return {key: (csv_line(described(spec)), spec.unit) for key, spec in official_forms()[layout].cells.items()}


def _own_row(key: str, local: Mapping[str, str], specs: Mapping[str, CellSpec]) -> _What:
    """What is said of a cell in a row of the report's own; its column is one that the form's table has."""
    table, _, rest = key.partition(".")
    row = next(row for row in local if rest.startswith(f"{row}."))
    field = rest.removeprefix(f"{row}.")
    like = next(spec for spec in specs.values() if spec.table == table and spec.field == field)
    return csv_line((table, row, field, key, f"{local[row]} · {like.column.label}")), like.unit


def findings_text(told: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """What `check --format json` prints, with the notebook's own findings and the chapters that nobody wrote."""
    shown = {name: found[name] for name in ("findings", "coverage", "counts", "diagnosis")}
    kept = {name: value for name, value in told.items() if name not in ("inputs", "input_hash", "local", "name")}
    return dump_json({**kept, **shown}, indent=1) + "\n"
