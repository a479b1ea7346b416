"""Each task in a process forked from this one, which has imported everything already."""

from __future__ import annotations

import gc
import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Generic, NoReturn, TypeVar

from ogi_report.engine import memory
from ogi_report.engine.guardian import Guardian, die_with_parent, kill_group
from ogi_report.engine.outcomes import Crashed, Frames, Outcome, Reason, ended, frame, perform
from ogi_report.engine.pages import Foresight, Stretches, copy, own_pages

T = TypeVar("T")

_LOOK = 0.05
"""Seconds between two looks at the memory of running tasks, or at whether they have ended where nothing tells."""
_PIPE = 1 << 20
_ENDING = (
    {signal.SIGINT, signal.SIGTERM, signal.SIGHUP} if hasattr(signal, "SIGHUP") else {signal.SIGINT, signal.SIGTERM}
)
"""Signals that a run heeds by ending in order."""
RARELY = 50_000
"""New objects after which garbage is looked for. Python's 700 cost a report an eighth of its time; what lives so shortly
needs it hardly at all."""


def fork_is_safe() -> bool:
    """Whether this system has a fork that programs survive: not Windows, and not macOS, whose own libraries do not."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def can_fork() -> bool:
    """Whether this process may fork: not beside other threads, whose locks would stay locked for ever in the child."""
    return fork_is_safe() and threading.active_count() == 1


def forked(
    function: Callable[[T], Any],
    tasks: Iterable[T],
    *,
    jobs: int = 1,
    timeout: float | None = None,
    max_memory: int | None = None,
) -> Iterator[tuple[T, Outcome[Any]]]:
    """Runs each task in a fork of this process; see `isolated`.

    While tasks run, one more process is there, which has its task and waits for its turn: the system needs some
    milliseconds to make a process, some to copy what it is going to change (`Foresight`) and some to take it apart, and none
    of this is to keep a core waiting.
    """
    waiting = iter(tasks)
    gc.collect()
    gc.freeze()  # the children share these pages as long as no collection writes into them
    guardian = Guardian()
    foresight = Foresight(jobs)
    spare: list[_Child[T]] = []
    running: list[_Child[T]] = []
    over: list[_Child[T]] = []

    def make_ready() -> None:
        for task in islice(waiting, 1):
            with _uninterrupted():
                spare.append(_start(function, task, guardian, foresight, timeout, max_memory))

    try:
        with selectors.DefaultSelector() as selector:
            make_ready()
            while spare or running or over:
                while spare and len(running) < max(jobs, 1):
                    with _uninterrupted():
                        running.append(spare.pop())
                        running[-1].begin(selector)
                    if len(running) < max(jobs, 1):
                        make_ready()
                # First what waits: a task that has just been told to begin would wait for this core while a process is made.
                while over:
                    over[-1].reap(guardian)
                    child = over.pop()
                    assert child.outcome is not None
                    yield child.task, child.outcome
                if not spare:
                    make_ready()
                for child in _ended(running, selector, max_memory):
                    child.kill(selector)
                    if child.frames.pages is not None:
                        foresight.learn(child.frames.pages)
                    over.append(child)
                    running.remove(child)
    finally:
        for child in (*spare, *running):
            child.kill()
        for child in (*spare, *running, *over):
            child.reap(guardian)
        guardian.close()
        gc.unfreeze()


@dataclass(eq=False)
class _Child(Generic[T]):
    """A process that runs a task, and what has come from it."""

    task: T
    pid: int
    pipe: int
    turn: int
    """Where it is told to begin."""
    timeout: float | None
    handle: int | None
    deadline: float | None = None
    frames: Frames = field(default_factory=Frames)
    outcome: Outcome[Any] | None = None
    open: bool = True
    gone: bool = False

    def begin(self, selector: selectors.BaseSelector) -> None:
        """Lets it run its task, for which its time counts from now."""
        with suppress(BrokenPipeError):  # somebody has ended it while it waited: that will be seen
            os.write(self.turn, b"!")
        self.deadline = None if self.timeout is None else time.monotonic() + self.timeout
        selector.register(self.pipe, selectors.EVENT_READ, self)
        if self.handle is not None:
            selector.register(self.handle, selectors.EVENT_READ, self)

    def read(self, selector: selectors.BaseSelector) -> None:
        """Takes what is there, without waiting."""
        while self.open and self.outcome is None:
            try:
                data = os.read(self.pipe, _PIPE)
            except BlockingIOError:
                return
            if not data:
                selector.unregister(self.pipe)
                self.open = False
            for outcome in self.frames.add(data):
                self.outcome = outcome

    def look(self, selector: selectors.BaseSelector, max_memory: int | None) -> None:
        """Finds out whether it has ended, or has to be ended."""
        notes = self.frames.notes
        if self.outcome is None and (status := _exit_status(self.pid)) is not None:
            self.read(selector)
            if self.outcome is None:
                self.outcome = ended(status, tuple(notes))
        if self.outcome is None and self.deadline is not None and time.monotonic() >= self.deadline:
            self.outcome = Crashed(Reason.TIMEOUT, f"not done after {self.timeout:g} seconds", None, tuple(notes))
        if self.outcome is None and max_memory is not None and memory.resident(self.pid) > max_memory:
            self.outcome = Crashed(Reason.MEMORY, f"held more than {max_memory} bytes", None, tuple(notes))

    def kill(self, selector: selectors.BaseSelector | None = None) -> None:
        """Ends it and all that it started."""
        if selector is not None:
            if self.open:
                selector.unregister(self.pipe)
            if self.handle is not None:
                selector.unregister(self.handle)
        kill_group(self.pid)  # its number is taken until it is reaped, so no other group can be meant

    def reap(self, guardian: Guardian) -> None:
        """Waits until it is gone; nothing of it is left."""
        if self.gone:
            return
        os.waitpid(self.pid, 0)
        self.gone = True
        guardian.forget(self.pid)
        os.close(self.pipe)
        os.close(self.turn)
        if self.handle is not None:
            os.close(self.handle)


def _ended(running: list[_Child[T]], selector: selectors.BaseSelector, max_memory: int | None) -> list[_Child[T]]:
    """Waits until something happens; returns the children that have an outcome."""
    now = time.monotonic()
    waits = [child.deadline - now for child in running if child.deadline is not None]
    if (max_memory is not None and memory.can_watch()) or any(child.handle is None for child in running):
        waits.append(_LOOK)
    if not running:
        return []
    for key, _ in selector.select(max(min(waits), 0) if waits else None):
        key.data.read(selector)
    watched = max_memory if memory.can_watch() else None
    for child in running:
        child.look(selector, watched)
    return [child for child in running if child.outcome is not None]


def _exit_status(pid: int) -> int | None:
    """Returns how a child ended (minus the number of a signal), without reaping it; None while it runs."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if found is None:
        return None
    return int(found.si_status) if found.si_code == os.CLD_EXITED else -int(found.si_status)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until a new child is known, else nobody would end it."""
    kept = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, kept)


def _start(
    function: Callable[[T], Any],
    task: T,
    guardian: Guardian,
    foresight: Foresight,
    timeout: float | None,
    max_memory: int | None,
) -> _Child[T]:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()  # else each child would write it once more
    reader, writer = os.pipe()
    wait, turn = os.pipe()
    parent = os.getpid()
    pages = foresight.of_next()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        os.close(turn)
        _be_child(function, task, wait, writer, guardian, parent, pages, max_memory)
    os.close(writer)
    os.close(wait)
    with suppress(PermissionError, ProcessLookupError):  # it has done so itself, and may have gone on to other things
        os.setpgid(pid, pid)
    guardian.watch(pid)
    os.set_blocking(reader, False)
    _widen(reader)
    handle = None
    with suppress(OSError, AttributeError):  # not on this system
        handle = os.pidfd_open(pid)
    return _Child(task, pid, reader, turn, timeout, handle)


def _widen(pipe: int) -> None:
    """A child need not wait, with its result half written, until its parent looks."""
    import fcntl

    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _be_child(
    function: Callable[[T], Any],
    task: T,
    wait: int,
    writer: int,
    guardian: Guardian,
    parent: int,
    pages: Stretches[int] | None,
    max_memory: int | None,
) -> NoReturn:
    """Waits for its turn, runs the task and ends, whatever happens, without running the parent's exit handlers."""
    status = 1
    try:
        os.setpgid(0, 0)  # what the task starts can be ended with it, and Ctrl-C is for the parent
        die_with_parent(parent)
        guardian.forsake()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup is for all of a run
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        if max_memory is not None:
            memory.limit(max_memory)
        gc.set_threshold(RARELY)
        if pages:
            copy(pages)
        has_turn = os.read(wait, 1)  # nothing, if nobody is there any more who could give it one
        os.close(wait)
        if has_turn:
            say = partial(_write_all, writer)
            perform(function if pages is not None else _telling(function, say), task, say, only=True)
            status = 0
    finally:
        os._exit(status)


def _telling(function: Callable[[T], Any], say: Callable[[bytes], None]) -> Callable[[T], Any]:
    """The same function; when it is done it also tells which pages have been changed."""

    def tell(task: T) -> Any:
        result = function(task)
        say(frame(b"P", own_pages()))
        return result

    return tell


def _write_all(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]
