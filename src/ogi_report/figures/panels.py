"""The cell values of many reports: one row per agency-year, one column per cell key, on nullable types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from ogi_report.figures.cells import DECIMALS, WHOLE_DIGITS, Kind, storable
from ogi_report.figures.figures import Figures
from ogi_report.forms import CellSpec

MONEY = pd.ArrowDtype(pa.decimal128(WHOLE_DIGITS + DECIMALS, DECIMALS))
COUNT = pd.Int64Dtype()


def dtype_of(spec: CellSpec) -> pd.api.extensions.ExtensionDtype:
    """Counts are Int64, amounts exact decimals: neither knows binary floating point, both know NA."""
    return MONEY if spec.number == "money" else COUNT


def exact_array(values: Sequence[Any], dtype: Any = MONEY) -> Any:
    """Returns a nullable array of exact numbers (pandas' type stubs do not know decimals)."""
    return pd.array(values, dtype=dtype)


def panel(reports: Iterable[tuple[str, int, Figures]]) -> pd.DataFrame:
    """Returns a frame indexed by (agency, year) with a column for each official cell of any layout present.

    Blank, unreadable and (in a count) fractional cells are NA, as are cells that a report's layout does not have and
    amounts that six decimals cannot hold; `tidy_panel` keeps what was written in them.
    """
    rows = list(reports)
    specs: dict[str, CellSpec] = {}
    for _, _, figures in rows:
        specs |= {key: spec for key, spec in figures.form.cells.items() if not spec.local}
    index = pd.MultiIndex.from_tuples([(agency, year) for agency, year, _ in rows], names=["agency", "year"])
    columns = {
        key: exact_array([_whole(figures, key, spec) for _, _, figures in rows], dtype_of(spec))
        for key, spec in specs.items()
    }
    return pd.DataFrame(columns, index=index)


def tidy_panel(reports: Iterable[tuple[str, int, Figures]]) -> pd.DataFrame:
    """Returns one line per cell of each report, local rows included, with `value` as an exact decimal."""
    frames = []
    for agency, year, figures in reports:
        frame = figures.tidy()
        about: dict[str, Any] = {"agency": agency, "year": year, "layout": figures.form.id}
        frames.append(frame.assign(**about)[[*about, *frame.columns]])
    if not frames:
        return pd.DataFrame(columns=["agency", "year", "layout", "table", "row", "column", "key", "value"])
    joined = pd.concat(frames, ignore_index=True)
    joined["value"] = exact_array([storable(value) for value in joined["value"]])
    return joined.astype({"agency": "string", "year": "Int64", "layout": "string"})


def _whole(figures: Figures, key: str, spec: CellSpec) -> int | Decimal | None:
    cell = figures.cells.get(key)
    if cell is None or cell.kind is not Kind.NUMBER or cell.value is None:
        return None
    if spec.number == "money":
        return storable(cell.value)
    return int(cell.value) if cell.value == int(cell.value) else None
