"""Reading files that other people put there: ordinary ones only, and never more than expected."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ogi_report.errors import DataError

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


class FileTooLarge(OSError):
    """A file holds more than its reader was told to expect."""


def read_regular(path: Path, largest: int | None = None) -> bytes:
    """Returns a file's content; a pipe, which may never begin, and a device, which may never end, are not opened for good.

    Raises:
        FileTooLarge: more than `largest` bytes.
        OSError: not there, not readable, or no ordinary file.
    """
    handle = os.open(path, _FLAGS)
    with os.fdopen(handle, "rb", buffering=0) as file:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
        if largest is not None and found.st_size > largest:
            raise FileTooLarge(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return file.readall()


def leads_into(path: Path, *folders: Path) -> bool:
    """Whether a file or link, followed to its end, is within one of the folders."""
    end = path.resolve()
    return any(end.is_relative_to(folder) for folder in folders)


def refuse_links_out(folder: Path, shown: str) -> None:
    """Refuses an agency-year's folder that is, or holds, a link to something outside of the data folder.

    Folders come in from many bureaus as archives; a link in one could put any file of this machine into a published page.
    The data folder itself, and a year's, may be links: those are the office's own.

    Args:
        folder: `data/<year>/<agency>`.
        shown: how messages name it.

    Raises:
        DataError: with one message for each such link.
    """
    try:
        with os.scandir(folder) as entries:
            links = {f"{shown}/{entry.name}": entry.path for entry in entries if entry.is_symlink()}
    except OSError:
        return  # whoever reads it says why it cannot be read
    if folder.is_symlink():
        links[shown] = str(folder)
    if not links:
        return
    inside = [root.resolve() for root in (folder.parent, folder.parent.parent)]
    out = [name for name, path in sorted(links.items()) if not leads_into(Path(path), *inside)]
    if out:
        raise DataError(f"{name} 是指向数据文件夹之外的链接，为安全起见没有读取；请把文件本身放进来。" for name in out)
