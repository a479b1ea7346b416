"""Frames to Parquet files, always the same bytes for the same frame."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as parquet

if TYPE_CHECKING:
    import pandas as pd


COMPRESSION = "zstd"


def parquet_bytes(frame: pd.DataFrame | pa.Table) -> bytes:
    """Returns a frame or an Arrow table as a Parquet file; exact decimals stay exact."""
    out = io.BytesIO()
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
    parquet.write_table(table, out, compression=COMPRESSION)
    return out.getvalue()
