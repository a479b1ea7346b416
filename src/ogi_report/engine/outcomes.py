"""What becomes of a task that runs in a process of its own, and how it travels back."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

R = TypeVar("R")


class Reason(StrEnum):
    """Why a task has no result."""

    EXCEPTION = "exception"
    """The function raised."""
    EXIT = "exit"
    """The process ended itself (`os._exit`), or ended without a result."""
    SIGNAL = "signal"
    """The process was ended by a signal: a segmentation fault, an abort, a kill from outside."""
    TIMEOUT = "timeout"
    """It took longer than allowed."""
    MEMORY = "memory"
    """It wanted more memory than allowed."""


@dataclass(frozen=True)
class Done(Generic[R]):
    """A task's result."""

    result: R


@dataclass(frozen=True)
class Crashed:
    """A task without a result.

    `code` is the exit status, or the number of the signal. `notes` are what the task said on its way (`note`), so that
    one knows how far it came. `traceback` is there where Python could still write one.
    """

    reason: Reason
    message: str
    code: int | None = None
    notes: tuple[Any, ...] = ()
    traceback: str = ""


Outcome = Done[R] | Crashed

_only = False
_say: tuple[int, Callable[[bytes], None]] | None = None
"""In a process that runs a task: its number, and where frames go."""


def is_for_one_task() -> bool:
    """Whether this process was made for the task that it runs, and ends with it."""
    return _say is not None and _say[0] == os.getpid() and _only


def note(value: Any) -> bool:
    """Tells the process that waits for this task how far it has come; returns False where nobody waits."""
    if _say is None or _say[0] != os.getpid():
        return False
    _say[1](frame(b"N", value))
    return True


def perform(function: Callable[[Any], Any], task: Any, say: Callable[[bytes], None], *, only: bool = False) -> None:
    """Runs a task and says its result, or what was raised; a result that cannot be pickled counts as raised.

    Args:
        only: this process runs no other task, before or after.
    """
    global _say, _only
    _say, _only = (os.getpid(), say), only
    try:
        try:
            message = frame(b"R", function(task))
        except (KeyboardInterrupt, SystemExit, Exception) as error:  # the boundary between tasks
            _lift_memory_limit()
            message = frame(b"E", _failure(error))
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()  # with the result the process is done, and may be ended
        say(message)
    finally:
        _say = None


def _failure(error: BaseException) -> Crashed:
    reason = Reason.MEMORY if _for_want_of_memory(error) else Reason.EXCEPTION
    text = "".join(traceback.format_exception(error))
    return Crashed(reason, f"{type(error).__name__}: {error}", traceback=text)


def _for_want_of_memory(error: BaseException | None) -> bool:
    """Whether memory was the cause, also where a notebook's error was wrapped (papermill keeps the name in `ename`)."""
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "ename", None) == MemoryError.__name__:
            return True
        error = error.__cause__ or error.__context__
    return False


def _lift_memory_limit() -> None:
    """To say that memory ran out takes memory."""
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def ended(status: int, notes: tuple[Any, ...] = ()) -> Crashed:
    """Explains a process that ended without a result; the status is an exit status or minus a signal's number."""
    if status >= 0:
        return Crashed(Reason.EXIT, f"the process ended itself with status {status}", status, notes)
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return Crashed(Reason.SIGNAL, f"the process was ended by {name}", -status, notes)


def frame(kind: bytes, value: Any) -> bytes:
    """Packs a value for the way from one process to another."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return kind + len(body).to_bytes(8, "big") + body


class Frames:
    """Unpacks what arrives in pieces."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.notes: list[Any] = []
        self.pages: Any = None
        """What the task has changed in memory, if it was asked (`engine.pages`)."""

    def add(self, data: bytes) -> Iterator[Outcome[Any]]:
        """Takes the next bytes; yields the outcome when it is complete."""
        self._bytes += data
        while len(self._bytes) >= 9:
            end = 9 + int.from_bytes(self._bytes[1:9], "big")
            if len(self._bytes) < end:
                return
            kind, body = bytes(self._bytes[:1]), bytes(self._bytes[9:end])
            del self._bytes[:end]
            value = pickle.loads(body)
            if kind == b"N":
                self.notes.append(value)
            elif kind == b"P":
                self.pages = value
            elif kind == b"R":
                yield Done(value)
            elif kind == b"O":  # from a worker that had another process run the task
                yield value
            else:
                yield Crashed(value.reason, value.message, value.code, tuple(self.notes), value.traceback)
