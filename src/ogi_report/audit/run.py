"""A folder of published reports: every file in a process of its own, then the reports side by side."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ogi_report.audit.files import CRASHED, FileTask, Row, kept_row, process
from ogi_report.engine import Crashed, Reason, isolated
from ogi_report.errors import UsageError, printable_name
from ogi_report.readers import PUBLISHED_SUFFIXES
from ogi_report.readers.regular_files import leads_into

MAX_MEMORY = 1_500_000_000
KEPT = "files"

_WHY = {
    Reason.TIMEOUT: "读取超过了时限，已停止；文件可能过大，或结构异常。",
    Reason.MEMORY: "读取时占用的内存超过了上限，已停止；文件可能过大，或结构异常。",
    Reason.SIGNAL: "读取该文件的进程意外终止。",
    Reason.EXIT: "读取该文件的进程意外终止。",
}


@dataclass(frozen=True)
class AuditSettings:
    """What to audit, and how: `timeout` in seconds for each file."""

    folder: Path
    out: Path
    jobs: int = 1
    year: int | None = None
    params: Path | None = None
    timeout: float = 60.0
    force: bool = False


def audit(settings: AuditSettings, started: Callable[[int], None], report_progress: Callable[[Row], None]) -> list[Row]:
    """Reads and checks every report of a folder; what an earlier run made from the same files is kept.

    Args:
        started: called with the number of files to be read.
        report_progress: called with each file's row as it is done.

    Returns the rows of all files, by file name.

    Raises:
        UsageError: the folder holds no report.
    """
    tasks = plan(settings)
    rows: dict[FileTask, Row] = {}
    due = []
    for task in tasks:
        row = None if settings.force else kept_row(task, whatever_last=True)
        if row is None:
            due.append(task)
        else:
            rows[task] = row
    started(len(due))
    for task, row in _run(due, settings):
        rows[task] = row
        report_progress(row)
    # Now it is known whose year before is here too: these reports are checked once more, with it.
    again = [task for task in with_last_year(rows) if kept_row(task) is None]
    own = {task.path: task for task in tasks}
    for task, row in _run(again, settings):
        rows[own[task.path]] = row
    return [rows[task] for task in tasks if task in rows]


def plan(settings: AuditSettings) -> list[FileTask]:
    """The reports of a folder and of those below it, by name; other files, links out of the folder and the audit's own results are left out.

    Raises:
        UsageError: there is no such folder, or no report in it.
    """
    if not settings.folder.is_dir():
        raise UsageError(f"找不到文件夹 {settings.folder}。")
    folder, out = settings.folder.resolve(), settings.out.resolve()
    found = sorted(
        path
        for path in settings.folder.rglob("*")
        if path.suffix.lower() in PUBLISHED_SUFFIXES
        and path.is_file()
        and not path.name.startswith(("~$", "."))
        and leads_into(path, folder)
        and not leads_into(path, out)
    )
    if not found:
        raise UsageError(f"{settings.folder} 中没有可读的报告（{' '.join(sorted(PUBLISHED_SUFFIXES))}）。")
    return [
        FileTask(
            path,
            printable_name(path.relative_to(settings.folder).as_posix()),
            settings.out / KEPT / f"{hashlib.sha256(_bytes_of_name(path, settings.folder)).hexdigest()[:20]}.json",
            settings.year,
            settings.params,
        )
        for path in found
    ]


def _bytes_of_name(path: Path, folder: Path) -> bytes:
    return path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")


def _run(tasks: Sequence[FileTask], settings: AuditSettings) -> Iterator[tuple[FileTask, Row]]:
    outcomes = isolated(process, tasks, jobs=settings.jobs, timeout=settings.timeout, max_memory=MAX_MEMORY, warm=_warm)
    for task, outcome in outcomes:
        if isinstance(outcome, Crashed):
            task.kept.unlink(missing_ok=True)
            message = _WHY.get(outcome.reason, f"程序内部错误（{outcome.message}）；请用 --debug 重新运行并反馈。")
            yield task, Row(task.shown, CRASHED, messages=(message,))
        else:
            yield task, outcome.result


def _warm() -> None:
    """What every file needs, imported and built once, before the processes part."""
    import lxml.html  # noqa: F401

    from ogi_report.diagnosis import diagnose
    from ogi_report.figures import Figures
    from ogi_report.forms import official_forms
    from ogi_report.rules import Context, check

    for form in official_forms().values():
        figures = Figures.of(form, {}, 0)
        check(Context(figures, "", form.years.first))
        diagnose(figures)


def first_of_each(rows: Iterable[tuple[FileTask, Row]]) -> dict[tuple[str, int], FileTask]:
    """(name, year) → the first file that holds this report; the same report may be there as HTML and as Word."""
    found: dict[tuple[str, int], FileTask] = {}
    for task, row in rows:
        if row.key is not None:
            found.setdefault(row.key, task)
    return found


def with_last_year(rows: Mapping[FileTask, Row]) -> list[FileTask]:
    """The tasks of all reports that were read, each with the report of the year before where that is among them."""
    first = first_of_each(rows.items())
    found = []
    for task, row in rows.items():
        if row.key is not None:
            before = first.get((row.key[0], row.key[1] - 1))
            found.append(replace(task, last=(before.path, before.kept) if before is not None else None))
    return found


def repeated(rows: Mapping[FileTask, Row]) -> dict[str, list[str]]:
    """File → the other files that hold a report of the same body and year."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in rows.values():
        if row.key is not None:
            groups[row.key].append(row.file)
    return {
        file: [other for other in files if other != file]
        for files in groups.values()
        if len(files) > 1
        for file in files
    }
