"""Word, PDF and HTML to paste, made of the finished public pages: of all that were just made, or that lack them.

A page is all that is needed, so nothing is executed again, and what goes wrong costs that one file, never the report.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ogi_report.batch.make import deadline, told_of_crash
from ogi_report.batch.plan import Settings, Task
from ogi_report.batch.result import Status
from ogi_report.batch.run import Build
from ogi_report.documents.formats import BY_NAME, HTML, convert
from ogi_report.engine import Crashed, isolated
from ogi_report.errors import OgiError, UsageError
from ogi_report.writers.files import write_atomically


@dataclass(frozen=True)
class Order:
    """A page that is to become a document."""

    task: Task
    format: str
    page: str

    @property
    def file(self) -> str:
        """Where the document goes under `--out`."""
        return f"{self.task.stem}{BY_NAME[self.format].suffix}"


@dataclass
class Documents:
    """What became of the documents of a run: the files that were made, and why others were not."""

    made: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    interrupted: bool = False


@dataclass(frozen=True)
class Ready:
    """Imports and fonts that the processes of the documents share."""

    formats: tuple[str, ...]

    def __call__(self) -> None:
        for name in self.formats:
            convert(name, "<html lang='zh-CN'><title>年度报告</title><body><main><p>年度报告</p></main></body></html>")


def obstacles(settings: Settings) -> dict[str, str]:
    """Why a format cannot be made on this machine, in Chinese, for each that was asked for and cannot."""
    if "pdf" not in settings.formats or settings.scheduler is not None:
        return {}
    # In a process of its own: without a single font Pango does not complain but falls over.
    [(_, outcome)] = isolated(_pdf_obstacle, [None], timeout=60)
    if isinstance(outcome, Crashed):
        return {
            "pdf": "生成 PDF 的程序库在本机不能正常工作（多半是没有安装任何字体）；请安装一种中文字体，如 fonts-noto-cjk。"
        }
    return {"pdf": outcome.result} if outcome.result else {}


def _pdf_obstacle(_: None) -> str | None:
    from ogi_report.documents.pdf import require_pdf

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a library that falls over has much to say, and none of it to a clerk
    try:
        require_pdf()
    except UsageError as error:
        return str(error)
    return None


def orders(build: Build, formats: Sequence[str]) -> Iterator[Order]:
    """The documents that the reports of a build lack."""
    out = build.cache.out
    for task in build.tasks:
        result = build.results.get(task)
        if result is None or result.status is Status.FAILED:
            continue
        lacking = [name for name in formats if build.cache.lacks(task.stem, f"{task.stem}{BY_NAME[name].suffix}")]
        if lacking:
            page = (out / f"{task.stem}{HTML.suffix}").read_text(encoding="utf-8")
            yield from (Order(task, name, page) for name in lacking)


def make_documents(
    build: Build, wanted: Sequence[Order], settings: Settings, report_progress: Callable[[str], None]
) -> Documents:
    """Makes documents and writes each as it is done.

    Args:
        report_progress: called with a line about each document.
    """
    done = Documents()
    try:
        for order, outcome in _outcomes(wanted, settings):
            shown = f"{order.task.year} {build.results[order.task].name}：{BY_NAME[order.format].chinese}"
            if isinstance(outcome, bytes):
                write_atomically(build.cache.out / order.file, outcome, durable=False)
                build.cache.note_document(order.task.stem, order.file)
                done.made.append(order.file)
                report_progress(shown)
            else:
                done.messages.append(f"{shown} 没有生成：{outcome}")
                report_progress(f"{shown} 没有生成")
    except KeyboardInterrupt:
        done.interrupted = True
    if wanted:
        build.cache.compact()
    return done


def _outcomes(wanted: Sequence[Order], settings: Settings) -> Iterator[tuple[Order, bytes | str]]:
    """Each document, or why there is none."""
    if not wanted:
        return
    if settings.scheduler is not None:
        from ogi_report.batch.cluster import documents_on_cluster

        outcomes = documents_on_cluster(wanted, settings.scheduler)
    else:
        outcomes = isolated(
            make_document,
            wanted,
            jobs=max(1, min(settings.jobs, len(wanted))),
            timeout=deadline(settings.timeout),
            max_memory=settings.max_memory,
            warm=Ready(tuple(sorted({order.format for order in wanted}))),
        )
    for order, outcome in outcomes:
        yield order, told_of_crash(outcome) if isinstance(outcome, Crashed) else outcome.result


def make_document(order: Order) -> bytes | str:
    """Returns an order's document, or in Chinese why there is none."""
    return document(order.format, order.page)


def document(name: str, page: str) -> bytes | str:
    """Returns a page in another format, or in Chinese why there is none."""
    try:
        return convert(name, page)
    except OgiError as error:
        return str(error)
