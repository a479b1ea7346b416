"""Makes reports, several at a time, each in a process of its own; one that fails costs itself only."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from ogi_report.batch.cache import Cache
from ogi_report.batch.contents import figures_text, findings_text, notebook_text
from ogi_report.batch.inputs import Keys, Looks
from ogi_report.batch.plan import Task, notebook_for
from ogi_report.batch.warm import Warm, exporters
from ogi_report.documents.formats import DOCUMENTS
from ogi_report.engine import Crashed, Reason, isolated
from ogi_report.errors import FormError, OgiError, RuleError, UsageError, system_reason
from ogi_report.notebook.execute import FAST, Executed, execute, require_report
from ogi_report.report import Report
from ogi_report.report.project import DATA_VARIABLE, PARAMS_VARIABLE
from ogi_report.report.yaml_files import read_yaml_mapping
from ogi_report.writers.files import remove_leftovers, write_atomically

PAGES = (".html", ".review.html")
SUFFIXES = (*PAGES, ".ipynb", ".figures.csv", ".findings.json")
"""The files of a report; what is made of its public page on request comes on top (`documents`)."""
DOCUMENT_SUFFIXES = tuple(document.suffix for document in DOCUMENTS)


class Status(StrEnum):
    """`OK`: made, no unwaived error. `ERRORS`: made, has unwaived errors. `FAILED`: not made."""

    OK = "ok"
    ERRORS = "errors"
    FAILED = "failed"

    @property
    def chinese(self) -> str:
        return {"ok": "完成", "errors": "有必须改正的问题", "failed": "未能生成"}[self.value]


class Fault(StrEnum):
    """Whose affair it is that a report could not be made: its agency's (`FILES`), the office's that keeps the settings and the
    roster (`SETTINGS`), or the maintainer's, be it the program, the notebook or the machine (`PROGRAM`).
    """

    FILES = "files"
    SETTINGS = "settings"
    PROGRAM = "program"

    @classmethod
    def of(cls, error: OgiError) -> Fault:
        """Whose affair an error is that was explained to the user."""
        if isinstance(error, (FormError, RuleError)):
            return cls.PROGRAM
        return cls.SETTINGS if isinstance(error, UsageError) else cls.FILES


@dataclass(frozen=True)
class Result:
    """What became of one report: its status, the messages that explain a failure, what it found, when it was published.

    `fault` says of a failed one whose affair that is.
    """

    agency: str
    year: int
    name: str
    status: Status
    messages: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    published_on: str | None = None
    scope: str = "own"
    input_hash: str = ""
    debug: str = ""
    fault: Fault | None = None

    def as_plain(self) -> dict[str, Any]:
        """As values that JSON has."""
        return {**asdict(self), "status": str(self.status)}

    @classmethod
    def from_plain(cls, told: Mapping[str, Any]) -> Result:
        fault = Fault(told["fault"]) if told.get("fault") else None
        return cls(**{**told, "status": Status(told["status"]), "messages": tuple(told["messages"]), "fault": fault})


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
                self._take(task, result if again else _failed(task, [_MOVED], name=result.name), report_progress)
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
        _remove_outputs(task)
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
                self.results[task] = _failed(task, [LOST], name=result.name)
                self.cache.forget(task.stem)

    def _remember(self, task: Task, result: Result) -> None:
        if result.status is Status.FAILED:
            self.cache.forget(task.stem)
        else:
            self.cache.note(task.stem, self.keys[task], result.as_plain(), (f"{task.stem}{s}" for s in SUFFIXES))
            _remove(task, DOCUMENT_SUFFIXES)  # they show the report as it was before


class Watch:
    """Sees whether the files behind a report are touched while it is made, even if they are as before in the end."""

    def __init__(self, keys: Keys, tasks: Iterable[Task]):
        self.keys = keys
        self._looks = Keys(keys.settings, Looks())
        self._seen = {task: self._looks.of(task) for task in tasks}

    def was_touched(self, task: Task) -> bool:
        """Whether something was touched since the last look at a report's files."""
        now = self._looks.anew().of(task)
        before, self._seen[task] = self._seen[task], now
        return now != before


LOST = "生成的文件没有写完，或者后来被删除、改动；请再次运行。"
_MOVED = "生成的过程中输入文件一再被改动，没有采用；请等文件不再变动后再次运行。"

_SHARE = 16
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


def deadline(timeout: float | None) -> float | None:
    """Seconds for a whole report: a cell is interrupted after `timeout`; what cannot be interrupted is ended later."""
    return None if timeout is None else timeout * 2 + 5


def _warm(tasks: Sequence[Task]) -> Warm:
    settings = tasks[0].settings
    notebooks = tuple(sorted(settings.notebooks.glob("*.ipynb")))
    return Warm(settings.engine, notebooks, tuple(sorted({task.year for task in tasks})))


_REASONS = {
    Reason.TIMEOUT: "超过了 --timeout 的时限，已停止。",
    Reason.MEMORY: "占用的内存超过了 --max-memory 的上限，已停止。",
    Reason.SIGNAL: "生成该报告的进程意外终止（信号 {code}）。",
    Reason.EXIT: "生成该报告的进程意外终止（退出码 {code}）。",
}


def crashed(task: Task, outcome: Crashed) -> Result:
    """What is said of a report whose process did not come back; no page of an earlier run is left behind."""
    _remove_outputs(task)
    return _failed(task, [told_of_crash(outcome)], outcome.traceback, Fault.PROGRAM)


def told_of_crash(outcome: Crashed) -> str:
    """In Chinese, why a process did not come back."""
    said = _REASONS.get(outcome.reason, f"程序内部错误（{outcome.message}）；请用 --debug 重新运行并反馈。")
    return said.format(code=outcome.code)


def make(task: Task) -> Result:
    """Makes one report and writes its files; never raises for the report's own faults."""
    try:
        return _make(task)
    except OgiError as error:
        _remove_outputs(task)
        return _failed(task, error.messages, fault=Fault.of(error))
    except Exception as error:  # the boundary at which one report's trouble must not become the batch's
        _remove_outputs(task)
        return _failed(task, [_in_words(error)], traceback.format_exc(), Fault.PROGRAM)


def _make(task: Task) -> Result:
    settings = task.settings
    os.environ[PARAMS_VARIABLE], os.environ[DATA_VARIABLE] = str(settings.params), str(settings.data)
    logging.getLogger("papermill").setLevel(logging.WARNING)
    project = settings.project
    name = project.body(task.agency).name
    params = project.read_params(task.agency, task.year)
    template = notebook_for(params.notebook, settings)
    require_report(template)
    if settings.engine != FAST:
        # Whatever makes the report unreadable is told before a kernel is started.
        Report.open(task.agency, task.year, project=project).check()
    executed = _execute(task, template)
    if executed.failure is not None:
        _remove_outputs(task)
        if not executed.ours:
            write_atomically(_output(task, ".ipynb"), notebook_text(executed))
        fault = Fault.FILES if executed.ours else Fault.PROGRAM
        return _failed(task, executed.failure.split("\n"), fault=fault, name=name)
    # What the notebook showed, not what its sources say: an analyst may have changed it on the way.
    told = next(executed.payloads("card"), None)
    if told is None:
        told = Report.open(task.agency, task.year, project=project).for_batch()
    found = next(executed.payloads("findings"), None) or told
    public, review = exporters()
    contents = {
        ".html": public.from_notebook_node(executed.notebook)[0],
        ".review.html": review.from_notebook_node(executed.notebook)[0],
        ".ipynb": notebook_text(executed),
        ".figures.csv": figures_text(told),
        ".findings.json": findings_text(told, found),
    }
    for suffix, content in contents.items():
        write_atomically(_output(task, suffix), content, durable=False)
    status = Status.ERRORS if found["counts"]["error"] else Status.OK
    counts, inputs = dict(found["counts"]), told["inputs"]
    return Result(
        task.agency, task.year, name, status, (), counts, inputs, params.published_on, params.scope, told["input_hash"]
    )


def _execute(task: Task, template: Path) -> Executed:
    settings = task.settings
    path = settings.project.params_file(task.agency, task.year)
    parameters, _ = read_yaml_mapping(path.read_text(encoding="utf-8-sig"), settings.project.shown(path))
    return execute(template, parameters, engine=settings.engine, timeout=settings.timeout)


def _failed(
    task: Task, messages: Sequence[str], debug: str = "", fault: Fault = Fault.FILES, *, name: str | None = None
) -> Result:
    if name is None:
        try:
            name = task.settings.project.body(task.agency).name
        except OgiError:
            name = task.agency
    return Result(task.agency, task.year, name, Status.FAILED, tuple(messages), debug=debug, fault=fault)


def _in_words(error: Exception) -> str:
    kind = type(error).__name__
    known = {
        "CellTimeoutError": "有一格运行超过了 --timeout 的时限，已停止。",
        "MemoryError": "内存不足，已停止。",
        "DeadKernelError": "执行笔记本的内核意外退出（可能内存不足，或程序中调用了退出）。",
    }
    if kind not in known and isinstance(error, OSError):
        return f"文件读写失败（{system_reason(error)}）；请检查磁盘空间和文件权限。"
    return known.get(kind, f"程序内部错误（{kind}：{error}）；请用 --debug 重新运行并反馈。")


def _output(task: Task, suffix: str) -> Path:
    return task.settings.out / f"{task.stem}{suffix}"


def _remove_outputs(task: Task) -> None:
    """A report that could not be made leaves no page of an earlier run behind that would pass for its own."""
    _remove(task, SUFFIXES + DOCUMENT_SUFFIXES)


def _remove(task: Task, suffixes: Iterable[str]) -> None:
    for suffix in suffixes:
        with suppress(OSError):  # a folder in its place, a disk that has become read-only: what counts is the summary
            _output(task, suffix).unlink(missing_ok=True)
