"""Makes reports, several at a time, each in a process of its own; one that fails costs itself only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ogi_report.batch.cache import Cache
from ogi_report.batch.inputs import Keys, Looks
from ogi_report.batch.make import crashed, deadline, failed, make, remove_files, remove_outputs
from ogi_report.batch.plan import Task
from ogi_report.batch.result import DOCUMENT_SUFFIXES, SUFFIXES, Result, Status
from ogi_report.batch.warm import Warm
from ogi_report.engine import Crashed, isolated
from ogi_report.writers.files import remove_leftovers


@dataclass
class Build:
    """A run: what is to be made, what an earlier run has made, and what has become of it all so far."""

    tasks: Sequence[Task]
    cache: Cache
    keys: dict[Task, dict[str, str]]
    due: Sequence[Task]
    results: dict[Task, Result] = field(default_factory=dict)
    watch: Watch | None = None

    @classmethod
    def of(cls, tasks: Sequence[Task]) -> Build:
        """Finds out which reports have to be made; the others keep what an earlier run said of them."""
        settings = tasks[0].settings
        cache = Cache.read(settings.out)
        keys_of = Keys(settings, cache.fingerprints)
        keys = {task: keys_of.of(task) for task in tasks}
        build = cls(tasks, cache, keys, [])
        due = []
        for task in tasks:
            entry = None if settings.force else cache.fresh(task.stem, keys[task])
            if entry is None:
                due.append(task)
            else:
                build.results[task] = Result.from_plain(entry.result)
        build.due = due
        build.watch = Watch(keys_of, due)
        return build

    def reasons(self, task: Task) -> list[str]:
        """Why a report is made, in Chinese; nothing if it is not."""
        if task not in self.due:
            return []
        return self.cache.reasons(task.stem, self.keys[task]) or ["要求全部重新生成（--force）"]

    def run(self, report_progress: Callable[[Result], None]) -> list[Result]:
        """Makes what is due and returns the results of all tasks in the plan's order; interrupted, those made so far.

        Args:
            report_progress: called with each result as it arrives.
        """
        if self.due:
            remove_leftovers(self.cache.out, {str(task.year) for task in self.due})
        moved: list[Task] = []
        try:
            for task, result in _results(self.due):
                if self._is_of_one_piece(task):
                    self._take(task, result, report_progress)
                else:
                    moved.append(task)
            # Somebody was at work on these; made once more, from what is there now.
            for task, result in _results(moved):
                again = self._is_of_one_piece(task)
                self._take(task, result if again else failed(task, [_MOVED], name=result.name), report_progress)
        except KeyboardInterrupt:
            pass
        if self.due:
            self._hold_to_what_is_there()
            self.cache.compact()
        return [self.results[task] for task in self.tasks if task in self.results]

    def _is_of_one_piece(self, task: Task) -> bool:
        """Whether nothing that a report is made from was touched while it was made; else its files are taken away."""
        assert self.watch is not None
        if not self.watch.was_touched(task):
            return True
        remove_outputs(task)
        self.keys[task] = self.watch.keys.anew().of(task)
        return False

    def _take(self, task: Task, result: Result, report_progress: Callable[[Result], None]) -> None:
        self.results[task] = result
        self._remember(task, result)
        report_progress(result)

    def _hold_to_what_is_there(self) -> None:
        """A report whose files somebody took away meanwhile is none."""
        for task, result in self.results.items():
            if result.status is not Status.FAILED and not self.cache.as_left(task.stem):
                self.results[task] = failed(task, [LOST], name=result.name)
                self.cache.forget(task.stem)

    def _remember(self, task: Task, result: Result) -> None:
        if result.status is Status.FAILED:
            self.cache.forget(task.stem)
        else:
            self.cache.note(task.stem, self.keys[task], result.as_plain(), (f"{task.stem}{s}" for s in SUFFIXES))
            remove_files(task, DOCUMENT_SUFFIXES)  # they show the report as it was before


class Watch:
    """Sees whether the files behind a report are touched while it is made, even if they are as before in the end."""

    def __init__(self, keys: Keys, tasks: Iterable[Task]):
        self.keys = keys
        self._looks = Keys(keys.settings, Looks())
        self._seen = {task: self._looks.mark(task) for task in tasks}

    def was_touched(self, task: Task) -> bool:
        """Whether something was touched since the last look at a report's files."""
        now = self._looks.anew().mark(task)
        before, self._seen[task] = self._seen[task], now
        return now != before


LOST = "生成的文件没有写完，或者后来被删除、改动；请再次运行。"
_MOVED = "生成的过程中输入文件一再被改动，没有采用；请等文件不再变动后再次运行。"

_SHARE = 32
"""Reports that a worker makes in one process before the next process begins, where they share one."""


def _results(tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
    """Yields results as they arrive."""
    if not tasks:
        return
    settings = tasks[0].settings
    if settings.scheduler is not None:
        from ogi_report.batch.cluster import on_cluster

        yield from on_cluster(tasks, settings.scheduler)
        return
    if settings.shared:
        yield from _in_shared_processes(tasks)
        return
    outcomes = isolated(
        make,
        tasks,
        jobs=max(1, min(settings.jobs, len(tasks))),
        timeout=deadline(settings.timeout),
        max_memory=settings.max_memory,
        warm=_warm(tasks),
    )
    for task, outcome in outcomes:
        yield task, crashed(task, outcome) if isinstance(outcome, Crashed) else outcome.result


def _in_shared_processes(tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
    """Several reports one after the other in one process: faster, and what one does to its process the next one sees.

    A process that dies takes its reports with it; these are then made one by one.
    """
    settings = tasks[0].settings
    shares = [tuple(tasks[start : start + _SHARE]) for start in range(0, len(tasks), _SHARE)]
    left: list[Task] = []
    outcomes = isolated(
        _make_all,
        shares,
        jobs=max(1, min(settings.jobs, len(shares))),
        timeout=None if settings.timeout is None else _SHARE * settings.timeout,
        max_memory=settings.max_memory,
        warm=_warm(tasks),
    )
    for share, outcome in outcomes:
        if isinstance(outcome, Crashed):
            left += share
        else:
            yield from zip(share, outcome.result, strict=True)
    alone = [replace(task, settings=replace(settings, shared=False)) for task in left]
    for task, (_, result) in zip(left, _in_order(alone), strict=True):
        yield task, result


def _in_order(tasks: Sequence[Task]) -> list[tuple[Task, Result]]:
    found = dict(_results(tasks))
    return [(task, found[task]) for task in tasks]


def _make_all(tasks: Sequence[Task]) -> list[Result]:
    return [make(task) for task in tasks]


def _warm(tasks: Sequence[Task]) -> Warm:
    settings = tasks[0].settings
    notebooks = tuple(sorted(settings.notebooks.glob("*.ipynb")))
    return Warm(settings.engine, notebooks, tuple(sorted({task.year for task in tasks})), len(tasks), settings.project)
