"""One process for each task: no state of one reaches the next, and what one breaks, it breaks for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from ogi_report.engine.forked import can_fork, forked
from ogi_report.engine.outcomes import Outcome
from ogi_report.engine.spawned import spawned

T = TypeVar("T")
R = TypeVar("R")


def isolated(
    function: Callable[[T], R],
    tasks: Iterable[T],
    *,
    jobs: int = 1,
    timeout: float | None = None,
    max_memory: int | None = None,
    warm: Callable[[], None] | None = None,
) -> Iterator[tuple[T, Outcome[R]]]:
    """Runs a function once for each task, `jobs` at a time, and yields outcomes as they come, in no fixed order.

    Each task runs in a process forked from this one, so imports and caches that are warm here are warm there. An
    exception, a crash, a task that hangs or wants too much memory costs that task only and comes back as `Crashed` with its
    reason. When the iterator is exhausted, closed or interrupted (Ctrl-C), or this process is killed, no process of it is
    left running; use `contextlib.closing` if it may be left early and lives on.

    Where this process cannot fork (Windows, macOS, other threads) the tasks go to spawned workers: function, tasks and
    `warm` must then be importable by name, and on Windows and macOS a worker runs one task after the other in the same
    process.

    Args:
        function: what to do with a task; its result is pickled.
        tasks: taken one by one, each when the one before it begins.
        jobs: how many at the same time.
        timeout: seconds for a task.
        max_memory: bytes that a task's processes may hold together, what they share with this process included.
        warm: called once, here or in each worker, before the first task: imports.
    """
    if not can_fork():
        yield from spawned(function, tasks, jobs=jobs, timeout=timeout, max_memory=max_memory, warm=warm)
        return
    if warm is not None:
        warm()
    # What is warm may have left a thread behind.
    run = forked if can_fork() else spawned
    yield from run(function, tasks, jobs=jobs, timeout=timeout, max_memory=max_memory)
