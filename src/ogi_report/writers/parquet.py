"""Frames to Parquet files, always the same bytes for the same frame."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """Returns a frame as a Parquet file; exact decimals stay exact."""
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), out, compression="zstd")
    return out.getvalue()
