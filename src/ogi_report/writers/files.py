"""Writing so that a reader never sees half a file."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_atomically(path: Path, content: bytes | str, *, durable: bool = True) -> None:
    """Writes a file beside its final name and moves it there in one step.

    Args:
        durable: wait until the disk has it. Of files that can be made again a power failure may cost the last ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


_LEFTOVER = re.compile(r"\..+\.(?:\d+\.\d+|\w{8})")


def remove_leftovers(out: Path, folders: Iterable[str] = ()) -> None:
    """Removes from a folder, and from folders in it, what `write_atomically` left there when its process was killed.

    Only for who alone writes there.
    """
    for folder in (out, *(out / name for name in folders)):
        try:
            names = [entry.name for entry in os.scandir(folder) if _LEFTOVER.fullmatch(entry.name)]
        except OSError:
            continue
        for name in names:
            (folder / name).unlink(missing_ok=True)


_FORMULA = re.compile(r"[=+\-@\t\r](?=.*\w)")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def harmless(text: str) -> str:
    """Returns a text cell that a spreadsheet will not take for a formula; numbers and dashes stay as they are.

    >>> harmless("=1+1"), harmless("-3"), harmless("+75"), harmless("-")
    ("'=1+1", '-3', '+75', '-')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_written(text: str) -> str:
    """Undoes `harmless`."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def csv_line(values: Sequence[object]) -> str:
    """Returns one line of CSV, text cells made harmless, without a line end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([harmless("" if value is None else str(value)) for value in values])
    return out.getvalue()


def csv_text(header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Returns a CSV file with BOM, so that Excel and WPS open it as UTF-8."""
    return "\ufeff" + "".join(f"{csv_line(line)}\r\n" for line in (header, *lines))
