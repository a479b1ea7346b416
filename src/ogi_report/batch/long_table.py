"""The cells of all reports in long form: figures.csv and figures.parquet."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv
import pyarrow.parquet

from ogi_report.batch.contents import FIGURES_HEADER
from ogi_report.batch.manifest import stem
from ogi_report.batch.result import Result, Status
from ogi_report.figures import as_written
from ogi_report.figures.cells import DECIMALS, WHOLE_DIGITS, storable
from ogi_report.writers.files import csv_text
from ogi_report.writers.parquet import COMPRESSION


def figures_csv(out: Path, results: Sequence[Result]) -> bytes:
    """Returns the reports' own figures files as one; they have the same columns."""
    parts = [csv_text(FIGURES_HEADER, ()).encode()]
    for result in results:
        if result.status is not Status.FAILED:
            content = (out / f"{stem(result)}.figures.csv").read_bytes()
            parts.append(content[content.index(b"\n") + 1 :])
    return b"".join(parts)


def figures_table(content: bytes) -> pa.Table:
    """Returns figures.csv as an Arrow table with exact decimals; pandas finds the types there that it would have written."""
    return pa.concat_tables([_schema().empty_table(), *_tables(content)])


def figures_parquet(content: bytes) -> bytes:
    """Returns figures.csv as figures.parquet, a block after the other: a million cells in columns take half a gigabyte."""
    out = io.BytesIO()
    with pyarrow.parquet.ParquetWriter(out, _schema(), compression=COMPRESSION) as writer:
        for table in _tables(content):
            writer.write_table(table)
    return out.getvalue()


_BLOCK = 16 << 20
"""Bytes of figures.csv, some four hundred reports, that become one row group."""


def _tables(content: bytes) -> Iterator[pa.Table]:
    reader = pyarrow.csv.open_csv(
        pa.BufferReader(content),
        read_options=pyarrow.csv.ReadOptions(block_size=_BLOCK),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(FIGURES_HEADER, pa.string()), strings_can_be_null=False
        ),
    )
    for batch in reader:
        yield _typed(pa.Table.from_batches([batch]))


def _typed(table: pa.Table) -> pa.Table:
    columns = {name: table[name] for name in FIGURES_HEADER}
    columns["year"] = compute.cast(columns["year"], pa.int64())
    for name in ("label", "raw"):
        columns[name] = _as_written(columns[name])
    columns["value"] = _exact(columns["value"])
    return pa.table(columns).cast(_schema())


_MONEY = pa.decimal128(WHOLE_DIGITS + DECIMALS, DECIMALS)


@cache
def _schema() -> pa.Schema:
    """The columns, with what pandas reads to find its own types again; pandas itself would say the same."""
    kinds: dict[str, tuple[Any, str, str, Any]] = {
        name: (pa.string(), "object", "string", None) for name in FIGURES_HEADER
    }
    kinds["year"] = (pa.int64(), "int64", "Int64", None)
    kinds["value"] = (_MONEY, "decimal", "object", {"precision": _MONEY.precision, "scale": _MONEY.scale})
    told = [
        {"name": name, "field_name": name, "pandas_type": kind, "numpy_type": dtype, "metadata": details}
        for name, (_, kind, dtype, details) in kinds.items()
    ]
    about = {"index_columns": [], "column_indexes": [], "columns": told, "attributes": {}, "pandas_version": "2.2.3"}
    return pa.schema([(name, kind) for name, (kind, *_) in kinds.items()], metadata={"pandas": json.dumps(about)})


def _as_written(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Undoes what protects spreadsheets, once for each different text; where nothing is protected, pyarrow need not load pandas."""
    if not compute.any(compute.starts_with(column, "'")).as_py():
        return column
    encoded = column.combine_chunks().dictionary_encode()
    return pa.array([as_written(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _exact(texts: pa.ChunkedArray) -> Any:
    # Without a scalar of Python's, for which pyarrow would load pandas.
    filled = compute.if_else(compute.match_substring_regex(texts, "^$"), pa.nulls(len(texts), pa.string()), texts)
    try:
        return compute.cast(filled, _MONEY)
    except pa.ArrowInvalid:
        # Somewhere stands a number with more decimals than columnar files keep: `raw` has it, `value` has none, as in `tidy_panel`.
        return pa.array([storable(Decimal(text)) if text else None for text in texts.to_pylist()], _MONEY)
