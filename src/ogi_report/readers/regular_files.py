"""Reading files that other people put there: ordinary ones only, and never more than expected."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

from ogi_report.errors import DataError, system_reason

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)

_PIECE = 1 << 18


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


def read_bytes(path: Path, shown: str, largest: int, missing: str = "请放入该文件后再运行") -> bytes:
    """Returns a file's content.

    Args:
        shown: how messages name the file.
        largest: bytes that such a file has at most.
        missing: in Chinese, what to do where there is no such file.

    Raises:
        DataError: missing, unreadable or too large.
    """
    try:
        return read_regular(path, largest)
    except FileTooLarge:
        size = -(-path.stat().st_size // 1_000_000)
        raise DataError(
            f"{shown} 有 {size} MB，超过 {largest // 1_000_000} MB，不像是一份年度报告的文件；请检查是否放错了文件。"
        ) from None
    except FileNotFoundError:
        raise DataError(f"找不到 {shown}；{missing}。") from None
    except OSError as error:
        raise DataError(f"无法读取 {shown}（{system_reason(error)}）；请检查文件权限，或是否被其他程序占用。") from None


def sha256_of(path: Path) -> str:
    """Returns a file's SHA-256 in hexadecimal digits, reading it in pieces.

    Raises:
        OSError: not there, or not readable.
    """
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


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
