"""Which files of a report the overview links to, what it calls them, and which of them everybody may see."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ogi_report.batch.run import SUFFIXES
from ogi_report.site.overview import Entry, Overview

LABELS: Mapping[str, str] = {
    ".html": "公开页",
    ".review.html": "审核页",
    ".figures.csv": "数据",
    ".findings.json": "问题",
    ".ipynb": "笔记本",
}
PUBLIC = (".html", ".figures.csv")
"""Files without a word on findings. Whatever is not named here stays inside."""

REVIEW, PAGE = ".review.html", ".html"


def suffixes(public: bool) -> tuple[str, ...]:
    """Suffixes of the files that an edition links to, in the order in which they are shown."""
    return tuple(suffix for suffix in SUFFIXES if not public or suffix in PUBLIC)


def label(suffix: str) -> str:
    return LABELS.get(suffix, suffix.lstrip(".").upper())


def files_there(out: Path, overview: Overview, public: bool) -> dict[tuple[str, int], tuple[str, ...]]:
    """Returns (agency, year) → suffixes of the report's files that are in the build."""
    wanted = suffixes(public)
    return {
        (entry.agency, entry.year): tuple(suffix for suffix in wanted if is_there(out, entry, suffix))
        for entry in overview
    }


def is_there(out: Path, entry: Entry, suffix: str) -> bool:
    return (out / f"{entry.stem}{suffix}").is_file()
