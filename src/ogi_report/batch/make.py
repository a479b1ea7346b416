"""Makes one report: executes its notebook and writes its files. One that cannot be made leaves none behind."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from ogi_report.batch.contents import figures_text, findings_text, notebook_text
from ogi_report.batch.plan import Settings, Task, notebook_for
from ogi_report.batch.result import DOCUMENT_SUFFIXES, SUFFIXES, Fault, Result, Status
from ogi_report.engine import Crashed, Reason, is_for_one_task
from ogi_report.errors import OgiError, system_reason
from ogi_report.notebook.execute import FAST, Executed, execute, require_report, told_to_notebooks
from ogi_report.notebook.exporter import PublicExporter, ReviewExporter
from ogi_report.report import Report
from ogi_report.report.project import DATA_VARIABLE, PARAMS_VARIABLE
from ogi_report.report.yaml_files import read_yaml_mapping
from ogi_report.writers.files import write_atomically

_PAPERMILL = logging.getLogger("papermill")


@cache
def exporters() -> tuple[PublicExporter, ReviewExporter]:
    """The two exporters, built once."""
    return PublicExporter(), ReviewExporter()


def deadline(timeout: float | None) -> float | None:
    """Seconds for a whole report: a cell is interrupted after `timeout`; what cannot be interrupted is ended later."""
    return None if timeout is None else timeout * 2 + 5


_REASONS = {
    Reason.TIMEOUT: "超过了 --timeout 的时限，已停止。",
    Reason.MEMORY: "占用的内存超过了 --max-memory 的上限，已停止。",
    Reason.SIGNAL: "生成该报告的进程意外终止（信号 {code}）。",
    Reason.EXIT: "生成该报告的进程意外终止（退出码 {code}）。",
}


def crashed(task: Task, outcome: Crashed) -> Result:
    """What is said of a report whose process did not come back; no page of an earlier run is left behind."""
    remove_outputs(task)
    return failed(task, [told_of_crash(outcome)], outcome.traceback, Fault.PROGRAM)


def told_of_crash(outcome: Crashed) -> str:
    """In Chinese, why a process did not come back."""
    said = _REASONS.get(outcome.reason, f"程序内部错误（{outcome.message}）；请用 --debug 重新运行并反馈。")
    return said.format(code=outcome.code)


def make(task: Task) -> Result:
    """Makes one report and writes its files; never raises for the report's own faults."""
    try:
        with told_to_notebooks(_whereabouts(task.settings)):
            return _make(task)
    except OgiError as error:
        remove_outputs(task)
        return failed(task, error.messages, fault=Fault.of(error))
    except Exception as error:  # the boundary at which one report's trouble must not become the batch's
        remove_outputs(task)
        return failed(task, [_in_words(error)], traceback.format_exc(), Fault.PROGRAM)


def _whereabouts(settings: Settings) -> dict[str, str]:
    return {PARAMS_VARIABLE: str(settings.params), DATA_VARIABLE: str(settings.data)}


def _make(task: Task) -> Result:
    settings = task.settings
    if _PAPERMILL.level != logging.WARNING:  # setting it goes through every logger there is
        _PAPERMILL.setLevel(logging.WARNING)
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
        remove_outputs(task)
        if not executed.ours:
            write_atomically(_output(task, ".ipynb"), notebook_text(executed))
        fault = Fault.FILES if executed.ours else Fault.PROGRAM
        return failed(task, executed.failure.split("\n"), fault=fault, name=name)
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
    is_last = is_for_one_task() and not settings.shared
    return execute(template, parameters, engine=settings.engine, timeout=settings.timeout, is_last=is_last)


def failed(
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


def remove_outputs(task: Task) -> None:
    """A report that could not be made leaves no page of an earlier run behind that would pass for its own."""
    remove_files(task, SUFFIXES + DOCUMENT_SUFFIXES)


def remove_files(task: Task, suffixes: Iterable[str]) -> None:
    for suffix in suffixes:
        with suppress(OSError):  # a folder in its place, a disk that has become read-only: what counts is the summary
            _output(task, suffix).unlink(missing_ok=True)
