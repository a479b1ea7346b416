"""What a cell prints: through Python's streams, and past them through the file descriptors 1 and 2."""

from __future__ import annotations

import codecs
import contextvars
import ctypes
import io
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from typing import Any, TextIO

Emit = Callable[[str, str, Mapping[str, Any]], None]
"""Takes a stream's name, a text, and whose text it is."""


class Transcript:
    """Texts of both streams in the order in which they were written, handed on as few and long pieces."""

    def __init__(self, emit: Emit) -> None:
        self.pid = os.getpid()
        self.descriptors = Descriptors()
        self._emit = emit
        self._pieces: list[str] = []
        self._name = ""
        self._parent: Mapping[str, Any] = {}
        self._lock = threading.RLock()

    def write(self, name: str, text: str, parent: Mapping[str, Any]) -> None:
        """Adds what a Python stream was given, after whatever reached the file descriptors before."""
        with self._lock:
            self._drain(parent)
            self._add(name, text, parent)

    def flush(self, parent: Mapping[str, Any]) -> None:
        """Hands on everything written so far."""
        with self._lock:
            self._drain(parent)
            self._hand_on()

    def _drain(self, parent: Mapping[str, Any]) -> None:
        for name, text in self.descriptors.read():
            self._add(name, text, parent)

    def _add(self, name: str, text: str, parent: Mapping[str, Any]) -> None:
        if not text:
            return
        if self._pieces and (name != self._name or parent is not self._parent):
            self._hand_on()
        self._name, self._parent = name, parent
        self._pieces.append(text)

    def _hand_on(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces.clear()
            self._emit(self._name, text, self._parent)


_PARENTS: dict[str, contextvars.ContextVar[Mapping[str, Any]]] = {
    name: contextvars.ContextVar(name) for name in ("stdout", "stderr")
}
"""For each stream, the cell in which an asyncio task was started."""


class CellStream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook; behaves as ipykernel's `OutStream` does."""

    encoding = "UTF-8"
    name: str

    def __init__(self, name: str, transcript: Transcript) -> None:
        self.name = name
        self._transcript = transcript
        self._latest: Mapping[str, Any] = {}

    @property
    def parent_header(self) -> Mapping[str, Any]:
        """The cell that this text belongs to: the one which started this asyncio task, or the one running now."""
        return _PARENTS[self.name].get(self._latest)

    def set_parent(self, parent: Mapping[str, Any]) -> None:
        """Says which cell runs now; called by the shell."""
        _PARENTS[self.name].set(parent["header"])
        self._latest = parent["header"]

    def write(self, string: str) -> int:
        """Takes a text, as any text stream does."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if os.getpid() != self._transcript.pid:  # a process forked by the cell: only the descriptors are shared
            os.write(1 if self.name == "stdout" else 2, string.encode(errors="replace"))
        else:
            self._transcript.write(self.name, string, self.parent_header)
        return len(string)

    def writelines(self, lines: Any) -> None:
        """Takes several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Does nothing: pieces are handed on when something else is shown, or at the end of the cell."""

    def writable(self) -> bool:
        """A stream of output."""
        return True

    def isatty(self) -> bool:
        """No terminal: programs must not draw on it."""
        return False

    def fileno(self) -> int:
        """Returns the descriptor that stood behind the stream before the notebook, as a kernel does."""
        return self._transcript.descriptors.original(1 if self.name == "stdout" else 2)


class Descriptors:
    """Catches what `os.write`, `os.system`, child processes and C code write to the descriptors 1 and 2.

    They point into files in memory while a cell runs, and where they pointed before while none does: progress bars and
    log lines of the caller are nobody's output. Files, not pipes: nothing has to be read while the cell runs, no cell can
    block on a full pipe, and the end of the cell is the end of the file, without guessing whether more is under way.
    """

    def __init__(self) -> None:
        # On Windows a kernel does not catch them either.
        self._files = {} if sys.platform == "win32" else {fd: _memory_file() for fd in (1, 2)}
        self._saved: dict[int, int] = {}
        self._seen = dict.fromkeys((1, 2), 0)
        self._nothing = os.open(os.devnull, os.O_RDONLY)
        self._input = os.dup(0)
        os.dup2(self._nothing, 0)  # nobody types anything; a program that asks must not wait
        self._decoders = {fd: codecs.getincrementaldecoder("utf-8")("replace") for fd in (1, 2)}

    def catch(self) -> None:
        """Begins to catch."""
        _flush_other_buffers()
        for fd, file in self._files.items():
            self._saved[fd] = os.dup(fd)
            os.dup2(file, fd)

    def release(self) -> None:
        """Lets the descriptors point again to where they pointed before."""
        _flush_other_buffers()
        for fd, saved in self._saved.items():
            os.dup2(saved, fd)
            os.close(saved)
        self._saved.clear()

    def original(self, fd: int) -> int:
        """Returns where a descriptor pointed before."""
        return self._saved.get(fd, fd)

    def read(self) -> list[tuple[str, str]]:
        """Returns what came since the last time, standard output first: which came first cannot be known."""
        found = []
        for fd, file in self._files.items():
            size = os.fstat(file).st_size
            if size > self._seen[fd]:
                data = os.pread(file, size - self._seen[fd], self._seen[fd])
                self._seen[fd] += len(data)
                found.append(("stdout" if fd == 1 else "stderr", self._decoders[fd].decode(data)))
        return found

    def close(self) -> None:
        """Gives everything back."""
        os.dup2(self._input, 0)
        for file in (self._input, self._nothing):
            os.close(file)
        for file in self._files.values():
            os.close(file)


def _memory_file() -> int:
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("cell output")
    else:
        file, path = tempfile.mkstemp(prefix="cell-output-")
        os.unlink(path)  # noqa: PTH108  # the descriptor keeps it alive
    import fcntl

    # Every writer, in this process or another, writes at the end.
    fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) | os.O_APPEND)
    return file


def _flush_other_buffers() -> None:
    """What Python's first streams and the C library still hold belongs to whoever ran until now."""
    stream: TextIO | None
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and not stream.closed:
            stream.flush()
    if _FFLUSH is not None:
        _FFLUSH(None)


def _find_fflush() -> Callable[[None], int] | None:
    try:
        found: Callable[[None], int] = ctypes.CDLL(None).fflush
    except (OSError, AttributeError, TypeError):  # no C library by that name, as on Windows
        return None
    return found


_FFLUSH = _find_fflush()
