"""manifest.json: what a build holds and from what it was made; a later run goes on from there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import simplejson

import ogi_report
from ogi_report.batch.run import DOCUMENT_SUFFIXES, SUFFIXES, Result, Status
from ogi_report.report.fragment import dump_json
from ogi_report.writers.files import write_atomically


def merge(out: Path, results: Sequence[Result], known: Sequence[tuple[str, int]]) -> list[Result]:
    """Returns this run's results together with those of earlier runs that it did not repeat, in the project's order.

    Args:
        known: all agency-years of the project; what is no longer there is forgotten.
    """
    merged = {(result.agency, result.year): result for result in earlier(out)}
    merged |= {(result.agency, result.year): result for result in results}
    return [merged[key] for key in known if key in merged]


def earlier(out: Path) -> list[Result]:
    """What the manifest of a build says of its reports, as far as they are still there."""
    path = out / "manifest.json"
    try:
        listed = simplejson.loads(path.read_text(encoding="utf-8"))["reports"]
        return [
            Result.from_plain({name: value for name, value in r.items() if name not in ("files", "sha256")})
            for r in listed
            if r["status"] == Status.FAILED or (path.parent / r["files"][0]).is_file()
        ]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        # No earlier run, or one that this version cannot read: then this run stands alone.
        return []


def write_manifest(out: Path, results: Sequence[Result]) -> None:
    """Writes manifest.json, from which a later run sees that everything was finished: it comes last."""
    write_atomically(out / "manifest.json", dump_json(_manifest(out, results), indent=1) + "\n")


def files_of(out: Path, result: Result) -> list[str]:
    """Names of a report's files that are there, relative to the build."""
    return [name for suffix in SUFFIXES + DOCUMENT_SUFFIXES if (out / (name := f"{stem(result)}{suffix}")).is_file()]


def _manifest(out: Path, results: Sequence[Result]) -> dict[str, Any]:
    """What was made from what; no times, so that the same inputs give the same bytes."""
    reports = []
    for result in results:
        made = files_of(out, result)
        entry = {name: value for name, value in asdict(result).items() if name != "debug"}
        hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in made}
        reports.append(entry | {"files": made, "sha256": hashes})
    return {"version": ogi_report.__version__, "reports": reports}


def stem(result: Result) -> str:
    """Where a report's files are under the build, without suffix."""
    return f"{result.year}/{result.agency}_{result.year}"
