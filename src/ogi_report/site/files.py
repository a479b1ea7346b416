"""Which files of a report the overview links to, what it calls them, and which of them everybody may see."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ogi_report.documents.formats import BY_NAME, DOCUMENTS, HTML
from ogi_report.site.overview import Entry, Overview

PAGE, REVIEW, FIGURES = HTML.suffix, ".review.html", ".figures.csv"

LABELS: Mapping[str, str] = {
    PAGE: HTML.chinese,
    **{document.suffix: document.chinese for document in DOCUMENTS},
    REVIEW: "审核页",
    FIGURES: "数据",
    ".findings.json": "问题",
    ".ipynb": "笔记本",
}
"""Files that the overview links to, in the order in which it shows them."""

PUBLIC = (PAGE, BY_NAME["docx"].suffix, BY_NAME["pdf"].suffix, FIGURES)
"""Files without a word on findings, for readers. Whatever is not named here stays inside."""


def beside(public: bool) -> tuple[str, ...]:
    """Suffixes that the matrix shows below the state of a report: the page itself where the state leads to the review page, and documents."""
    documents = tuple(document.suffix for document in DOCUMENTS)
    return tuple(suffix for suffix in documents if suffix in PUBLIC) if public else (PAGE, *documents)


def suffixes(public: bool) -> tuple[str, ...]:
    """Suffixes of the files that an edition links to."""
    return PUBLIC if public else tuple(LABELS)


def label(suffix: str) -> str:
    return LABELS[suffix]


def files_there(out: Path, overview: Overview, public: bool) -> dict[tuple[str, int], tuple[str, ...]]:
    """Returns (agency, year) → suffixes of the report's files that are in the build."""
    wanted = suffixes(public)
    return {
        (entry.agency, entry.year): tuple(suffix for suffix in wanted if is_there(out, entry, suffix))
        for entry in overview
    }


def is_there(out: Path, entry: Entry, suffix: str) -> bool:
    return (out / f"{entry.stem}{suffix}").is_file()
