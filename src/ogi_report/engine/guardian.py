"""What makes sure that no process outlives the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
_PRCTL = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """This process is to be killed when its parent ends, even by kill -9. On Linux; elsewhere the guardian does it."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it had ended before
            os._exit(1)


def kill_group(group: int) -> None:
    """Ends a process and all that it started, unless those left its group on purpose."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of zombies
        os.killpg(group, signal.SIGKILL)


class Guardian:
    """A small process that reads a pipe until its writer is gone, and then ends the process groups it was told of.

    The signal that Linux sends to the children of a dead process reaches children only; this reaches what they started,
    and works on every system with `fork`.
    """

    def __init__(self) -> None:
        reader, self._writer = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._writer)
            _guard(reader)
        os.close(reader)

    def watch(self, group: int) -> None:
        """From now on this group is to be ended with us."""
        self._tell(b"+%d\n" % group)

    def forget(self, group: int) -> None:
        """This group has ended."""
        self._tell(b"-%d\n" % group)

    def _tell(self, line: bytes) -> None:
        with suppress(BrokenPipeError):  # somebody ended it; the tasks themselves go on
            os.write(self._writer, line)

    def forsake(self) -> None:
        """In a forked child: the pipe must not be kept open here."""
        os.close(self._writer)

    def close(self) -> None:
        """All is over; ends what is left."""
        os.close(self._writer)
        os.waitpid(self._pid, 0)


def _guard(reader: int) -> NoReturn:
    try:
        os.setsid()  # Ctrl-C on the terminal is for the parent
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        groups: set[bytes] = set()
        rest = b""
        while data := os.read(reader, 65536):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                (groups.add if line[:1] == b"+" else groups.discard)(line[1:])
        for group in groups:
            kill_group(int(group))
    finally:
        os._exit(0)
