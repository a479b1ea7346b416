"""What is to be made: the agency-years of a project, as far as they were asked for."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from ogi_report.errors import UsageError
from ogi_report.report import Project

TEMPLATE = "annual_report.ipynb"


@dataclass(frozen=True)
class Settings:
    """One run of the batch, as the command line gives it; folders are absolute."""

    params: Path
    data: Path
    out: Path
    notebooks: Path
    years: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()
    jobs: int = os.cpu_count() or 1
    engine: str = "fast"
    timeout: float | None = None
    shard: tuple[int, int] = (1, 1)
    max_memory: int | None = None
    shared: bool = False
    force: bool = False
    scheduler: str | None = None
    formats: tuple[str, ...] = ()
    """Documents wanted besides the pages (`documents.formats`)."""

    @property
    def project(self) -> Project:
        return Project(self.params, self.data)


@dataclass(frozen=True)
class Task:
    """One report to be made; plain values, so that it can be sent to another process."""

    agency: str
    year: int
    settings: Settings

    @property
    def stem(self) -> str:
        """Where the report's files go under `--out`, without suffix."""
        return f"{self.year}/{self.agency}_{self.year}"


def plan(settings: Settings) -> list[Task]:
    """Returns the reports to be made, by year and in the roster's order.

    Raises:
        UsageError: there is nothing of what was asked for, or an agency is not in the roster.
    """
    project = settings.project
    for agency in settings.agencies:
        project.body(agency)
    found = project.agency_years()
    if not found:
        raise UsageError(f"{project.shown(settings.params)} 中没有任何 <年度>/<机构>.yaml；请先建立参数文件。")
    wanted = [
        (agency, year)
        for agency, year in found
        if (not settings.years or year in settings.years) and (not settings.agencies or agency in settings.agencies)
    ]
    if not wanted:
        asked = "、".join([*map(str, settings.years), *settings.agencies])
        years = "、".join(str(year) for year in sorted({year for _, year in found}))
        raise UsageError(f"没有符合条件（{asked}）的参数文件；现有年度：{years}。")
    return [Task(agency, year, settings) for agency, year in wanted if _in_shard(agency, year, settings.shard)]


def _in_shard(agency: str, year: int, shard: tuple[int, int]) -> bool:
    """A stable split: adding an agency moves no other agency to another machine."""
    index, count = shard
    digest = hashlib.sha256(f"{year}/{agency}".encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") % count == index - 1


def parse_shard(text: str) -> tuple[int, int]:
    """Reads `2/8`.

    >>> parse_shard("2/8")
    (2, 8)
    """
    match = re.fullmatch(r"(\d+)/(\d+)", text)
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise UsageError(f"--shard 写的是“{text}”；应写作 2/8 的样子，表示 8 份中的第 2 份。")
    return int(match[1]), int(match[2])


def notebook_for(name: str | None, settings: Settings) -> Path:
    """Returns the template, or the notebook that a params file names, which must stand beside it.

    Raises:
        UsageError: there is no such notebook.
    """
    if name is not None and (Path(name).name != name or not name.endswith(".ipynb")):
        raise UsageError(f"notebook 写的是“{name}”；应当是 notebooks 文件夹中的文件名，如 education.ipynb。")
    path = settings.notebooks / (name or TEMPLATE)
    if not path.is_file():
        raise UsageError(f"找不到笔记本 notebooks/{path.name}。")
    return path
