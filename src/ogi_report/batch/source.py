"""Which commit a build was made from, and as of when: for the manifest only, since neither changes what a page shows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ogi_report.batch.result import Result
from ogi_report.report import Project

CLOCK = "SOURCE_DATE_EPOCH"
"""What says the time in place of a clock, in seconds since 1970 (reproducible-builds.org)."""


@dataclass(frozen=True, slots=True)
class Source:
    """The commit of the project's folder, or in Chinese why there is none to name, and the time of what it holds."""

    commit: str | None
    why: str | None
    time: str | None
    time_of: str | None
    """Where the time is from: `SOURCE_DATE_EPOCH`, `commit` or `published_on`, the newest day that the inputs speak of."""


def given_time() -> datetime | None:
    """The time that SOURCE_DATE_EPOCH says, if it says one."""
    given = os.environ.get(CLOCK, "")
    return datetime.fromtimestamp(int(given), UTC) if given.isascii() and given.isdecimal() else None


def newest_day(results: Iterable[Result]) -> date | None:
    """Returns the newest day of publication that the reports name, as far as it can be true.

    A date typed a century ahead is no clock: a report comes out in the year after its own.
    """
    named = ((r.year, date.fromisoformat(r.published_on)) for r in results if r.published_on is not None)
    return max((day for year, day in named if day.year <= year + 1), default=None)


def source_of(project: Project, out: Path, results: Iterable[Result] = ()) -> Source:
    """Returns the origin of a build without asking a clock, nor when files were changed: a copy has the same bytes.

    A commit is named only if its files are what the folder holds; the build itself does not count.
    """
    folder = project.params.parent
    if (given := given_time()) is not None:
        commit, why, _ = _commit(folder, out)
        return Source(commit, why, _utc(given.timestamp()), CLOCK)
    commit, why, committed = _commit(folder, out)
    if commit is not None and committed is not None:
        return Source(commit, None, _utc(committed), "commit")
    newest = newest_day(results)
    if newest is None:
        return Source(None, why, None, None)
    return Source(None, why, f"{newest.isoformat()}T00:00:00Z", "published_on")


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def _commit(folder: Path, out: Path) -> tuple[str | None, str | None, int | None]:
    """The commit and its time, or why there is none: no checkout, nothing committed, files that differ from it."""
    try:
        told = _git(folder, "log", "-1", "--format=%H %ct")
        if told is None:
            return None, "项目文件夹不是 git 仓库，或还没有提交", None
        beside = [f":(exclude){out.relative_to(folder)}"] if out.is_relative_to(folder) and out != folder else []
        if _git(folder, "status", "--porcelain", "--", ".", *beside) != "":
            return None, "项目文件夹中有没有提交的修改", None
    except FileNotFoundError:
        return None, "没有安装 git", None
    commit, _, seconds = told.partition(" ")
    return commit, None, int(seconds)


def _git(folder: Path, *words: str) -> str | None:
    """What git says; None if it cannot say."""
    # Neither locks (somebody may be committing meanwhile) nor programs that a repository names as its file watcher.
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", str(folder), *words]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8")
    return run.stdout.strip() if run.returncode == 0 else None
