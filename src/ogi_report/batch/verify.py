"""Some reports made once more by a real kernel, in a folder of their own, and compared byte by byte."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ogi_report.batch.make import make
from ogi_report.batch.plan import Task
from ogi_report.batch.result import SUFFIXES
from ogi_report.documents.formats import DOCUMENTS, HTML, convert
from ogi_report.notebook.execute import KERNEL


def sample(tasks: Sequence[Task], number: int) -> list[Task]:
    """Returns `number` of the tasks, the same ones for the same build, another selection when a name changes."""
    return sorted(tasks, key=lambda task: hashlib.sha256(task.stem.encode("utf-8", "surrogateescape")).digest())[
        :number
    ]


def verify(tasks: Sequence[Task]) -> list[str]:
    """Makes reports by the standard kernel and compares every file; returns what differs, in Chinese."""
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        for task in tasks:
            out = Path(folder)
            make(replace(task, settings=replace(task.settings, engine=KERNEL, out=out)))
            for suffix in SUFFIXES:
                one, other = task.settings.out / f"{task.stem}{suffix}", out / f"{task.stem}{suffix}"
                if _content(one) != _content(other):
                    differences.append(f"{task.stem}{suffix} 与标准内核生成的不同")
            differences += _other_documents(task, out)
    return differences


def _other_documents(task: Task, out: Path) -> list[str]:
    """Documents of a report that come out differently from the kernel's public page."""
    page = _content(out / f"{task.stem}{HTML.suffix}")
    differences = []
    for document in DOCUMENTS:
        made = _content(task.settings.out / f"{task.stem}{document.suffix}")
        if document.name not in task.settings.formats or made is None or page is None:
            continue
        if convert(document.name, page.decode("utf-8")) != made:
            differences.append(f"{task.stem}{document.suffix} 与由标准内核的公开页生成的不同")
    return differences


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
