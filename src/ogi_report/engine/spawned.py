"""Tasks in fresh processes that stay warm: where this process cannot or must not fork."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from ogi_report.engine import memory
from ogi_report.engine.forked import can_fork, fork_is_safe, forked
from ogi_report.engine.guardian import die_with_parent
from ogi_report.engine.outcomes import Crashed, Frames, Outcome, Reason, ended, frame, perform

T = TypeVar("T")

_CONTEXT = multiprocessing.get_context("spawn")
_LOOK = 0.05
_STARTING = 60.0
"""Seconds that a new worker may take for its imports before its first task's time begins."""


def spawned(
    function: Callable[[T], Any],
    tasks: Iterable[T],
    *,
    jobs: int = 1,
    timeout: float | None = None,
    max_memory: int | None = None,
    warm: Callable[[], None] | None = None,
) -> Iterator[tuple[T, Outcome[Any]]]:
    """Runs the tasks in up to `jobs` workers; see `isolated`.

    A worker forks for each task where it can. Elsewhere (Windows, macOS) it runs one task after the other, so that only
    crashes are kept apart; a worker that has crashed or was ended is replaced.
    """
    waiting = iter(tasks)
    idle: list[_Worker[T]] = []
    busy: list[_Worker[T]] = []
    try:
        more = True
        while more or busy:
            while more and len(busy) < max(jobs, 1):
                try:
                    task = next(waiting)
                except StopIteration:
                    more = False
                    break
                worker = idle.pop() if idle else _Worker(function, timeout, max_memory, warm)
                busy.append(worker)
                worker.give(task)
            for worker in _ended(busy, max_memory):
                busy.remove(worker)
                if worker.usable:
                    idle.append(worker)
                else:
                    worker.end()
                assert worker.outcome is not None
                yield worker.task, worker.outcome
    finally:
        for worker in (*busy, *idle):
            worker.end()


class _Worker(Generic[T]):
    """A process that runs tasks, seen from the process that waits for them."""

    def __init__(
        self,
        function: Callable[[T], Any],
        timeout: float | None,
        max_memory: int | None,
        warm: Callable[[], None] | None,
    ) -> None:
        self.connection, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_work, args=(theirs, os.getpid(), function, timeout, max_memory, warm))
        # IPython's %reset takes it from the main module, and multiprocessing asks for it without a second thought.
        vars(sys.modules["__main__"]).setdefault("__spec__", None)
        self.process.start()
        theirs.close()
        self.timeout = timeout
        self.deadline: float | None = None
        self.ready = False
        self.usable = True
        self.outcome: Outcome[Any] | None = None
        self.frames = Frames()
        self.task: T

    def give(self, task: T) -> None:
        self.task, self.outcome, self.frames = task, None, Frames()
        self.connection.send(task)
        self._begin()

    def _begin(self) -> None:
        allowed = self.timeout
        if allowed is not None:
            # A worker that forks keeps the time itself; then this is for a worker that is stuck.
            allowed += (allowed + 5 if fork_is_safe() else 0) + (0 if self.ready else _STARTING)
        self.deadline = None if allowed is None else time.monotonic() + allowed

    def look(self, max_memory: int | None) -> None:
        """Takes what has come, and finds out whether the worker has ended or has to be ended."""
        try:
            while self.outcome is None and self.connection.poll():
                data = self.connection.recv_bytes()
                if not data:
                    self.ready = True
                    self._begin()
                for outcome in self.frames.add(data):
                    self.outcome = outcome
        except (EOFError, OSError):
            self.process.join()
        if self.outcome is not None:
            return
        notes = tuple(self.frames.notes)
        if not self.process.is_alive():
            self.outcome = ended(self.process.exitcode or 0, notes)
        elif self.deadline is not None and time.monotonic() >= self.deadline:
            self.outcome = Crashed(Reason.TIMEOUT, f"not done after {self.timeout:g} seconds", None, notes)
        elif max_memory is not None and memory.resident(self.process.pid or 0) > max_memory:
            self.outcome = Crashed(Reason.MEMORY, f"held more than {max_memory} bytes", None, notes)
        self.usable = self.outcome is None

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()


def _ended(busy: list[_Worker[T]], max_memory: int | None) -> list[_Worker[T]]:
    """Waits until something happens; returns the workers whose task has an outcome."""
    watched = None if fork_is_safe() or not memory.can_watch() else max_memory
    now = time.monotonic()
    waits = [worker.deadline - now for worker in busy if worker.deadline is not None]
    if watched is not None:
        waits.append(_LOOK)
    if not busy:
        return []
    signs = [sign for worker in busy for sign in (worker.connection, worker.process.sentinel)]
    wait(signs, max(min(waits), 0) if waits else None)
    for worker in busy:
        worker.look(watched)
    return [worker for worker in busy if worker.outcome is not None]


def _work(
    connection: Connection,
    parent: int,
    function: Callable[[T], Any],
    timeout: float | None,
    max_memory: int | None,
    warm: Callable[[], None] | None,
) -> None:
    """What a worker does, until nobody gives it tasks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    if sys.platform == "linux":
        die_with_parent(parent)
    if not fork_is_safe():
        threading.Thread(target=_end_with_parent, daemon=True).start()
    if warm is not None:
        warm()
    connection.send_bytes(b"")
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        if can_fork():
            for _, outcome in forked(function, [task], timeout=timeout, max_memory=max_memory):
                connection.send_bytes(frame(b"O", outcome))
        else:
            perform(function, task, connection.send_bytes)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
