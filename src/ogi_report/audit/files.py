"""What an audit does with one file: read it, check it, keep what came of it as JSON beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import simplejson

import ogi_report
from ogi_report.errors import OgiError
from ogi_report.figures import Figures
from ogi_report.forms import official_forms
from ogi_report.readers.regular_files import sha256_of
from ogi_report.report import Project
from ogi_report.report.fragment import dump_json
from ogi_report.report.published import PublishedReport
from ogi_report.writers.files import write_atomically

READ, UNREADABLE, CRASHED = "已读", "无法读取", "处理失败"


@dataclass(frozen=True)
class FileTask:
    """One file of an audit; `kept` is where its result goes, `last` the same body's report of the year before: its
    file and its kept result."""

    path: Path
    shown: str
    kept: Path
    year: int | None = None
    params: Path | None = None
    last: tuple[Path, Path] | None = None

    @property
    def project(self) -> Project | None:
        return Project(self.params, self.params.parent / "data") if self.params is not None else None


@dataclass(frozen=True)
class Row:
    """One file in the list: what became of it, and whose report of which year it is."""

    file: str
    status: str
    agency: str = ""
    name: str = ""
    year: int | None = None
    layout: str = ""
    counts: Mapping[str, int] | None = None
    messages: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, int] | None:
        return (self.name, self.year) if self.status == READ and self.year is not None else None


def made_from(task: FileTask) -> dict[str, Any]:
    """Everything that a kept result depends on; a result made from the same is not made again."""
    roster = task.params / "agencies.csv" if task.params is not None else None
    return {
        "version": ogi_report.__version__,
        "file": task.shown,
        "sha256": sha256_of(task.path),
        "year": task.year,
        "roster": sha256_of(roster) if roster is not None and roster.is_file() else None,
        "last": sha256_of(task.last[0]) if task.last is not None else None,
    }


def kept_row(task: FileTask, *, whatever_last: bool = False) -> Row | None:
    """The row of an earlier run's result, if it was made from the same; else None.

    Args:
        whatever_last: the year before may have been another one, or none.
    """
    told = load(task.kept)
    if told is None or not isinstance(told.get("made_from"), dict):
        return None
    now, then = made_from(task), told["made_from"]
    if whatever_last:
        now = {**now, "last": then.get("last")}
    return row_of(told) if now == then else None


def load(path: Path) -> dict[str, Any] | None:
    """A kept result, or None if there is none that can be read."""
    try:
        told = simplejson.loads(path.read_text(encoding="utf-8"), use_decimal=True)
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def row_of(told: Mapping[str, Any]) -> Row:
    if "messages" in told:
        return Row(told["made_from"]["file"], UNREADABLE, messages=tuple(told["messages"]))
    return Row(
        told["made_from"]["file"],
        READ,
        told["agency"],
        told["name"],
        told["year"],
        told["layout"],
        told["counts"],
    )


def process(task: FileTask) -> Row:
    """Reads and checks one file and keeps the result; the file's own faults are the result.

    Raises:
        OSError: the result cannot be kept.
    """
    origin = {"made_from": made_from(task)}
    try:
        report = PublishedReport.open(task.path, year=task.year, project=task.project)
        if task.last is not None and (last := load(task.last[1])) is not None:
            report = report.after(figures_of(last))
        published = report.published
        told = {
            **origin,
            **report.as_json(),
            "name": report.name,
            "level": report.context.level,
            "title": published.title,
            "published_on": published.published_on.isoformat() if published.published_on else None,
        }
    except OgiError as error:
        told = {**origin, "messages": list(error.messages)}
    write_atomically(task.kept, dump_json(told, indent=1) + "\n")
    return row_of(told)


def figures_of(told: Mapping[str, Any]) -> Figures:
    """The official cells of a kept result."""
    form = official_forms()[told["layout"]]
    return Figures.of(form, {key: cell["raw"] for key, cell in told["figures"].items() if key in form.cells})
