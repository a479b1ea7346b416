"""Writing so that a reader never sees half a file."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_atomically(path: Path, content: bytes | str) -> None:
    """Writes a file beside its final name and moves it there in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def harmless(text: str) -> str:
    """Returns a text cell that a spreadsheet will not take for a formula; numbers keep their sign.

    >>> harmless("=1+1"), harmless("-3"), harmless("+75")
    ("'=1+1", '-3', '+75')
    """
    dangerous = text[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{text}" if dangerous and not text[1:].replace(".", "", 1).isdecimal() else text


def csv_text(header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Returns a CSV file with BOM, so that Excel and WPS open it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless("" if value is None else str(value)) for value in line] for line in lines)
    return "\ufeff" + out.getvalue()
