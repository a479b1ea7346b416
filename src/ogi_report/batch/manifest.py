"""manifest.json: what a build holds and from what it was made; a later run goes on from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import simplejson

import ogi_report
from ogi_report.batch.inputs import program_mark
from ogi_report.batch.result import DOCUMENT_SUFFIXES, PAGES, SUFFIXES, Result, Status
from ogi_report.batch.run import LOST
from ogi_report.batch.source import Source
from ogi_report.forms import official_forms
from ogi_report.readers.regular_files import sha256_of
from ogi_report.report.fragment import dump_json
from ogi_report.writers.files import write_atomically

Hashes = Mapping[str, str]
"""File → SHA-256, as a manifest lists them."""

OVERALL = ("index.html", "findings.csv", "findings.junit.xml", "figures.csv", "figures.parquet")
"""What speaks of all reports; `withdraw` leaves the manifest, so that the next run knows what was there."""


def merge(
    out: Path, results: Sequence[Result], known: Sequence[tuple[str, int]], as_left: Callable[[str], bool]
) -> list[Result]:
    """Returns this run's results together with those of earlier runs that it did not repeat, in the project's order.

    Args:
        known: all agency-years of the project; what is no longer there is forgotten.
        as_left: whether the files of a report (`2024/ju_2024`) look as the run that made them left them.
    """
    merged = {(result.agency, result.year): result for result in results}
    for result, hashes in recorded(out):
        key = (result.agency, result.year)
        if key not in merged:
            merged[key] = result if as_left(stem(result)) or _holds(out, result, hashes) else _lost(result)
    return [merged[key] for key in known if key in merged]


def recorded(out: Path) -> list[tuple[Result, Hashes]]:
    """What the manifest of a build says of its reports."""
    try:
        listed = simplejson.loads((out / "manifest.json").read_text(encoding="utf-8"))["reports"]
        return [
            (
                Result.from_plain({name: value for name, value in r.items() if name not in ("files", "sha256")}),
                dict(r["sha256"]),
            )
            for r in listed
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # No earlier run, or one that this version cannot read: then this run stands alone.
        return []


def earlier(out: Path) -> list[Result]:
    """What the manifest of a build says of its reports, as far as they are still there."""
    return [
        result
        for result, _ in recorded(out)
        if result.status is Status.FAILED or (out / f"{stem(result)}{SUFFIXES[0]}").is_file()
    ]


def _holds(out: Path, result: Result, hashes: Hashes) -> bool:
    """Whether a report's files are those of which a manifest speaks; a run that was killed may have got half way."""
    if result.status is Status.FAILED:
        return not any((out / f"{stem(result)}{suffix}").exists() for suffix in PAGES)
    names = [f"{stem(result)}{suffix}" for suffix in SUFFIXES]
    try:
        return all(sha256_of(out / name) == hashes.get(name) for name in names)
    except OSError:
        return False


def _lost(result: Result) -> Result:
    return replace(result, status=Status.FAILED, messages=(LOST,), counts={}, inputs={})


def is_whole(out: Path) -> bool:
    """Whether everything that speaks of all reports is there."""
    return all((out / name).is_file() for name in OVERALL)


def withdraw(out: Path) -> None:
    """Removes what would speak of another state of the reports than the one that is there; better none than a wrong one."""
    for name in OVERALL:
        with suppress(OSError):
            (out / name).unlink(missing_ok=True)


def recorded_source(out: Path) -> Source | None:
    """The commit and time that the manifest of a build names."""
    try:
        return Source(**simplejson.loads((out / "manifest.json").read_text(encoding="utf-8"))["source"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_manifest(out: Path, results: Sequence[Result], source: Source) -> None:
    """Writes manifest.json, from which a later run sees that everything was finished: it comes last."""
    write_atomically(out / "manifest.json", dump_json(_manifest(out, results, source), indent=1) + "\n")


def files_of(out: Path, result: Result) -> list[str]:
    """Names of a report's files that are there, relative to the build."""
    return [name for suffix in SUFFIXES + DOCUMENT_SUFFIXES if (out / (name := f"{stem(result)}{suffix}")).is_file()]


def _manifest(out: Path, results: Sequence[Result], source: Source) -> dict[str, Any]:
    """What was made from what; no clock is asked, so that the same inputs give the same bytes."""
    reports = []
    for result in results:
        made = files_of(out, result)
        entry = {name: value for name, value in asdict(result).items() if name != "debug"}
        hashes = {name: sha256_of(out / name) for name in made}
        reports.append(entry | {"files": made, "sha256": hashes})
    return {
        "version": ogi_report.__version__,
        "program": program_mark(),
        "layouts": {form.id: form.version for form in official_forms().values()},
        "source": asdict(source),
        "reports": reports,
    }


def stem(result: Result) -> str:
    """Where a report's files are under the build, without suffix."""
    return f"{result.year}/{result.agency}_{result.year}"
