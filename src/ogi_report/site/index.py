"""`index.html`: all reports by year, with status in words and signs and links to their files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path

import jinja2

from ogi_report.batch.peers import Comparison
from ogi_report.batch.run import Result, Status
from ogi_report.batch.summary import stem
from ogi_report.documents.formats import DOCUMENTS
from ogi_report.rules import Finding
from ogi_report.writers.files import write_atomically

SIGNS = {Status.OK: "✔", Status.ERRORS: "✖", Status.FAILED: "⚠"}


def write_index(out: Path, results: Sequence[Result], comparison: Comparison | None = None) -> Path:
    """Writes the index page and returns its path; it is internal, since it tells of findings."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string((files("ogi_report.site") / "templates" / "index.html.j2").read_text("utf-8"))
    years = sorted({result.year for result in results}, reverse=True)
    counts = {status: sum(result.status is status for result in results) for status in Status}
    page = template.render(
        by_year=[(year, [result for result in results if result.year == year]) for year in years],
        counts=counts,
        shared={year: _shared(results, year, comparison or Comparison()) for year in years},
        missing=comparison.missing if comparison is not None else {},
        signs=SIGNS,
        stem=stem,
        documents=partial(_documents, out),
        Status=Status,
    )
    path = out / "index.html"
    write_atomically(path, page)
    return path


def _documents(out: Path, result: Result) -> list[tuple[str, str]]:
    """Address and Chinese name of what was made of a report's page besides."""
    names = [(f"{stem(result)}{document.suffix}", document.chinese) for document in DOCUMENTS]
    return [(name, chinese) for name, chinese in names if (out / name).is_file()]


def _shared(results: Sequence[Result], year: int, comparison: Comparison) -> list[tuple[str, Finding]]:
    """Name and finding of everything that the year's reports showed when held against each other."""
    return [
        (result.name, finding)
        for result in results
        if result.year == year
        for finding in comparison.of(result).findings
        if finding.waived is None
    ]
