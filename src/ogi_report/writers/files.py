"""Writing so that a reader never sees half a file."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ogi_report.figures import harmless


def write_atomically(path: Path, content: bytes | str, *, durable: bool = True) -> None:
    """Writes a file beside its final name and moves it there in one step.

    Args:
        durable: wait until the disk has it. Of files that can be made again a power failure may cost the last ones.
    """
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    beside, file = _new_file_beside(path)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(file, view) :]
            if hasattr(os, "fchmod"):
                os.fchmod(file, 0o644)  # to be read by others, whatever this user's files usually are
            if durable:
                os.fsync(file)
        finally:
            os.close(file)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _new_file_beside(path: Path) -> tuple[Path, int]:
    """Opens a file that nobody else has, in the folder of the one that it will become."""
    for number in itertools.count():
        beside = path.with_name(f".{path.name}.{os.getpid()}.{number}")
        try:
            return beside, os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        except FileExistsError:
            continue
        except FileNotFoundError:
            if path.parent.is_dir():
                raise
            path.parent.mkdir(parents=True, exist_ok=True)
    raise AssertionError


_LEFTOVER = re.compile(r"\..+\.\d+\.\d+")


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


def csv_line(values: Sequence[object]) -> str:
    """Returns one line of CSV, text cells made harmless, without a line end."""
    return _csv([values]).removesuffix("\r\n")


def csv_text(header: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Returns a CSV file with BOM, so that Excel and WPS open it as UTF-8."""
    return "\ufeff" + _csv((header, *lines))


def _csv(lines: Iterable[Sequence[object]]) -> str:
    """Lines ended as spreadsheets end them; a line break within a cell is quoted only by a writer that ends lines so itself."""
    out = io.StringIO()
    written = [[harmless("" if value is None else str(value)) for value in line] for line in lines]
    csv.writer(out, lineterminator="\r\n").writerows(written)
    return out.getvalue()
