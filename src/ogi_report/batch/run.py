"""Makes reports, several at a time; one that fails costs itself only."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from ogi_report.batch.plan import Task, notebook_for
from ogi_report.errors import OgiError
from ogi_report.figures import format_number, tidy_panel
from ogi_report.notebook.execute import Executed, execute
from ogi_report.notebook.exporter import PublicExporter, ReviewExporter
from ogi_report.report import Report
from ogi_report.report.fragment import dump_json
from ogi_report.report.project import DATA_VARIABLE, PARAMS_VARIABLE
from ogi_report.report.yaml_files import read_yaml_mapping
from ogi_report.writers.files import csv_text, write_atomically

SUFFIXES = (".html", ".review.html", ".ipynb", ".figures.csv", ".findings.json")


class Status(StrEnum):
    """`OK`: made, no unwaived error. `ERRORS`: made, has unwaived errors. `FAILED`: not made."""

    OK = "ok"
    ERRORS = "errors"
    FAILED = "failed"

    @property
    def chinese(self) -> str:
        return {"ok": "完成", "errors": "有必须改正的问题", "failed": "未能生成"}[self.value]


@dataclass(frozen=True)
class Result:
    """What became of one report: its status, the messages that explain a failure, and what it found."""

    agency: str
    year: int
    name: str
    status: Status
    messages: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    debug: str = ""


def run(tasks: Sequence[Task], report_progress: Callable[[Result], None]) -> list[Result]:
    """Makes all reports and returns their results in the plan's order; interrupted, those made so far.

    Args:
        report_progress: called with each result as it arrives.
    """
    results: dict[Task, Result] = {}
    try:
        for task, result in _results(tasks):
            results[task] = result
            report_progress(result)
    except KeyboardInterrupt:
        pass
    return [results[task] for task in tasks if task in results]


def _results(tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
    """Yields results as they arrive. A process that dies takes its pool with it: what it left undone runs singly."""
    left = dict.fromkeys(tasks)
    jobs = max(1, min(tasks[0].settings.jobs, len(tasks))) if tasks else 1
    try:
        for task, result in _through_pool(tasks, jobs):
            del left[task]
            yield task, result
    except BrokenProcessPool:
        for task in left:
            try:
                yield from _through_pool([task], 1)
            except BrokenProcessPool:
                yield task, _failed(task, ["生成该报告的进程意外终止。"])


def _through_pool(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[Task, Result]]:
    # Spawned, not forked: the parent may hold threads (progress bar), and Windows and macOS then do the same.
    # Ctrl-C is the parent's to handle: what is being made is finished, the rest is not begun.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=signal.signal, initargs=ignore)
    try:
        futures: dict[Future[Result], Task] = {pool.submit(make, task): task for task in tasks}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def make(task: Task) -> Result:
    """Makes one report and writes its files; never raises for the report's own faults."""
    try:
        return _make(task)
    except OgiError as error:
        _remove_outputs(task)
        return _failed(task, error.messages)
    except Exception as error:  # the boundary at which one report's trouble must not become the batch's
        _remove_outputs(task)
        return _failed(task, [_in_words(error)], traceback.format_exc())


def _make(task: Task) -> Result:
    settings = task.settings
    os.environ[PARAMS_VARIABLE], os.environ[DATA_VARIABLE] = str(settings.params), str(settings.data)
    logging.getLogger("papermill").setLevel(logging.WARNING)
    report = Report.open(task.agency, task.year, project=settings.project)
    template = notebook_for(report.params.notebook, settings)
    # Whatever makes the report unreadable is told before a kernel is started.
    report.check()
    executed = _execute(task, template)
    if executed.failure is not None:
        _remove_outputs(task)
        write_atomically(_output(task, ".ipynb"), _notebook_text(executed))
        return _failed(task, [executed.failure], name=report.body.name)
    found = next(executed.payloads("findings"), None) or report.check().as_json()
    public, review = _exporters()
    contents = {
        ".ipynb": _notebook_text(executed),
        ".html": public.from_notebook_node(executed.notebook)[0],
        ".review.html": review.from_notebook_node(executed.notebook)[0],
        ".figures.csv": _figures_csv(report),
        ".findings.json": _findings_json(report, found),
    }
    for suffix, content in contents.items():
        write_atomically(_output(task, suffix), content)
    status = Status.ERRORS if found["counts"]["error"] else Status.OK
    return Result(task.agency, task.year, report.body.name, status, (), dict(found["counts"]), report.inputs)


def _execute(task: Task, template: Path) -> Executed:
    settings = task.settings
    path = settings.project.params_file(task.agency, task.year)
    parameters, _ = read_yaml_mapping(path.read_text(encoding="utf-8-sig"), settings.project.shown(path))
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        with _standard_error_into(scratch / "kernel.log"):
            return execute(
                template, parameters, scratch / "executed.ipynb", engine=settings.engine, timeout=settings.timeout
            )


@contextmanager
def _standard_error_into(path: Path) -> Iterator[None]:
    """What a kernel says on standard error while it is stopped or dies is no message for a clerk."""
    kept = os.dup(2)
    with path.open("wb") as log:
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@cache
def _exporters() -> tuple[PublicExporter, ReviewExporter]:
    return PublicExporter(), ReviewExporter()


def _notebook_text(executed: Executed) -> str:
    return str(nbformat.writes(executed.notebook)) + "\n"


def _figures_csv(report: Report) -> str:
    frame = tidy_panel([(report.agency, report.year, report.figures)])
    lines = frame.drop(columns="value").itertuples(index=False, name=None)
    values = (format_number(cell.value) for cell in report.figures.values())
    return csv_text(list(frame.columns), ((*line, value) for line, value in zip(lines, values, strict=True)))


def _findings_json(report: Report, found: Mapping[str, Any]) -> str:
    """What `check --format json` prints, with the notebook's own findings and the chapters that nobody wrote."""
    shown = {name: found[name] for name in ("findings", "coverage", "counts", "diagnosis")}
    generated = [chapter.number for chapter in report.chapters if not chapter.written]
    return dump_json(report.as_json() | shown | {"generated": generated}, indent=1) + "\n"


def _failed(task: Task, messages: Sequence[str], debug: str = "", name: str | None = None) -> Result:
    if name is None:
        try:
            name = task.settings.project.body(task.agency).name
        except OgiError:
            name = task.agency
    return Result(task.agency, task.year, name, Status.FAILED, tuple(messages), debug=debug)


def _in_words(error: Exception) -> str:
    kind = type(error).__name__
    known = {
        "CellTimeoutError": "有一格运行超过了 --timeout 的时限，已停止。",
        "DeadKernelError": "执行笔记本的内核意外退出（可能内存不足，或程序中调用了退出）。",
    }
    if kind not in known and isinstance(error, OSError):
        return f"文件读写失败（{error.strerror or kind}）；请检查磁盘空间和文件权限。"
    return known.get(kind, f"程序内部错误（{kind}：{error}）；请用 --debug 重新运行并反馈。")


def _output(task: Task, suffix: str) -> Path:
    return task.settings.out / f"{task.stem}{suffix}"


def _remove_outputs(task: Task) -> None:
    """A report that could not be made leaves no page of an earlier run behind that would pass for its own."""
    for suffix in SUFFIXES:
        _output(task, suffix).unlink(missing_ok=True)
