"""Frames to Parquet files, always the same bytes for the same frame."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet


def parquet_bytes(frame: pd.DataFrame | pa.Table) -> bytes:
    """Returns a frame or an Arrow table as a Parquet file; exact decimals stay exact."""
    out = io.BytesIO()
    table = pa.Table.from_pandas(frame, preserve_index=False) if isinstance(frame, pd.DataFrame) else frame
    parquet.write_table(table, out, compression="zstd")
    return out.getvalue()
