"""One run at a time into one folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ogi_report.errors import UsageError, system_reason

LOCK = ".lock"


@contextmanager
def sole_run(out: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Holds a build's folder; calls `waiting` once if another run holds it, and waits until that has ended.

    The system lets go of the lock when a process ends, however it ends.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        opened = (out / LOCK).open("a+b")
    except OSError as error:
        raise UsageError(f"输出文件夹 {out.name} 不能写入（{system_reason(error)}）；请用 --out 写明另一个。") from None
    with opened as file:
        if not _try(file):
            waiting()
            while not _try(file):
                time.sleep(0.2)
        yield


def _try(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
