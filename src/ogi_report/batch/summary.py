"""What a run leaves for people and programs beside the reports: findings, figures, manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import simplejson

import ogi_report
from ogi_report.batch.peers import Comparison
from ogi_report.batch.run import LOST, PAGES, SUFFIXES, Result, Status
from ogi_report.figures import as_written
from ogi_report.figures.panel import exact_array
from ogi_report.report.fragment import dump_json
from ogi_report.rules import Severity
from ogi_report.rules.rule import Tally
from ogi_report.writers.files import csv_text, write_atomically
from ogi_report.writers.parquet import parquet_bytes

FINDINGS_HEADER = (
    "年度",
    "机构代码",
    "机构",
    "级别",
    "规则",
    "问题",
    "单元格",
    "实填",
    "应为",
    "相差",
    "引文",
    "豁免理由",
)


Hashes = Mapping[str, str]
"""File → SHA-256, as a manifest lists them."""

DERIVED = ("index.html", "findings.csv", "findings.junit.xml", "figures.parquet")
"""What says something of all reports; the manifest stays, so that the next run knows what was there."""


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
                Result(
                    r["agency"],
                    r["year"],
                    r["name"],
                    Status(r["status"]),
                    tuple(r["messages"]),
                    r["counts"],
                    r["inputs"],
                ),
                dict(r["sha256"]),
            )
            for r in listed
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # No earlier run, or one that this version cannot read: then this run stands alone.
        return []


def _holds(out: Path, result: Result, hashes: Hashes) -> bool:
    """Whether a report's files are those of which a manifest speaks; a run that was killed may have got half way."""
    if result.status is Status.FAILED:
        return not any((out / f"{stem(result)}{suffix}").exists() for suffix in PAGES)
    try:
        return len(hashes) == len(SUFFIXES) and all(
            hashlib.sha256((out / name).read_bytes()).hexdigest() == told for name, told in hashes.items()
        )
    except OSError:
        return False


def _lost(result: Result) -> Result:
    return replace(result, status=Status.FAILED, messages=(LOST,), counts={}, inputs={})


def is_whole(out: Path) -> bool:
    """Whether everything that speaks of all reports is there."""
    return all((out / name).is_file() for name in DERIVED)


def withdraw(out: Path) -> None:
    """Removes what would speak of another state of the reports than the one that is there; better none than a wrong one."""
    for name in DERIVED:
        with suppress(OSError):
            (out / name).unlink(missing_ok=True)


def write_summary(out: Path, results: Sequence[Result], comparison: Comparison | None = None) -> None:
    """Writes findings.csv, findings.junit.xml, figures.parquet and manifest.json over all reports.

    Args:
        comparison: what the reports showed when held against each other.
    """
    reports = [(result, _findings(out, result, comparison or Comparison())) for result in results]
    write_atomically(out / "findings.csv", csv_text(FINDINGS_HEADER, _finding_lines(reports)))
    write_atomically(out / "findings.junit.xml", _junit(reports))
    write_atomically(out / "figures.parquet", _figures(out, results))
    write_atomically(out / "manifest.json", dump_json(_manifest(out, results), indent=1) + "\n")


def stem(result: Result) -> str:
    return f"{result.year}/{result.agency}_{result.year}"


def _findings(out: Path, result: Result, comparison: Comparison) -> Mapping[str, Any]:
    if result.status is Status.FAILED:
        return {"findings": [], "coverage": {}}
    text = (out / f"{stem(result)}.findings.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = simplejson.loads(text, use_decimal=True)
    peers = comparison.of(result)
    findings = sorted(
        [*loaded["findings"], *(finding.as_json() for finding in peers.findings)],
        key=lambda f: (f["waived"] is not None, Severity(f["severity"]).rank),
    )
    coverage = dict(loaded["coverage"])
    for rule, tally in peers.coverage.items():
        coverage[rule] = (
            Tally.from_json(coverage[rule]).joined(tally).as_json() if rule in coverage else tally.as_json()
        )
    return {**loaded, "findings": findings, "coverage": coverage}


def _finding_lines(reports: Sequence[tuple[Result, Mapping[str, Any]]]) -> list[tuple[object, ...]]:
    lines: list[tuple[object, ...]] = []
    for result, found in reports:
        about = (result.year, result.agency, result.name)
        lines += [(*about, "未能生成", "", message, "", "", "", "", "", "") for message in result.messages]
        for f in found["findings"]:
            waived = f["waived"]["reason"] if f["waived"] else ""
            severity = Severity(f["severity"]).chinese
            numbers = (f["found"], f["expected"], f["difference"])
            lines.append(
                (*about, severity, f["rule"], f["message"], " ".join(f["cells"]), *numbers, f["quote"], waived)
            )
    return lines


def _junit(reports: Sequence[tuple[Result, Mapping[str, Any]]]) -> bytes:
    """One suite per report, one case per rule that ran; an unwaived error fails its case."""
    root = ElementTree.Element("testsuites", name="ogi-report")
    for result, found in reports:
        suite = ElementTree.SubElement(root, "testsuite", name=_printable(stem(result)))
        cases = failures = skipped = errors = 0
        for message in result.messages:
            case = ElementTree.SubElement(suite, "testcase", classname=_printable(stem(result)), name="生成报告")
            ElementTree.SubElement(case, "error", message=_printable(message))
            cases, errors = cases + 1, errors + 1
        for rule, tally in found["coverage"].items():
            case = ElementTree.SubElement(suite, "testcase", classname=_printable(stem(result)), name=rule)
            cases += 1
            fails = [f for f in found["findings"] if f["rule"] == rule]
            blocking = [f for f in fails if f["severity"] == Severity.ERROR and not f["waived"]]
            if blocking:
                failure = ElementTree.SubElement(case, "failure", message=_printable(blocking[0]["message"]))
                failure.text = "\n".join(_printable(f["message"]) for f in blocking)
                failures += 1
            elif fails:
                told = ElementTree.SubElement(case, "system-out")
                told.text = "\n".join(_printable(f["message"]) for f in fails)
            elif sum(tally[o] for o in ("pass", "pass_assumed", "fail")) == 0:
                ElementTree.SubElement(case, "skipped", message=_printable(tally["why"] or ""))
                skipped += 1
        for name, number in (("tests", cases), ("failures", failures), ("errors", errors), ("skipped", skipped)):
            suite.set(name, str(number))
    ElementTree.indent(root, " ")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _printable(text: str) -> str:
    """XML has no place for control characters, nor for what stands for bytes that are no text."""
    return "".join(char for char in text if (char >= " " or char in "\t\n") and not "\ud800" <= char <= "\udfff")


def _figures(out: Path, results: Sequence[Result]) -> bytes:
    """All reports' cells in long form, with exact decimals."""
    paths = [out / f"{stem(r)}.figures.csv" for r in results if r.status is not Status.FAILED]
    frames = [pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig") for path in paths]
    columns = ["agency", "year", "layout", "table", "row", "column", "key", "label", "raw", "kind", "unit", "value"]
    joined = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns, dtype="string")
    joined["year"] = joined["year"].astype("Int64")
    for name in ("label", "raw"):
        joined[name] = joined[name].map(as_written).astype("string")
    joined["value"] = exact_array([Decimal(text) if text else None for text in joined["value"]])
    return parquet_bytes(joined)


def _manifest(out: Path, results: Sequence[Result]) -> dict[str, Any]:
    """What was made from what; no times, so that the same inputs give the same bytes."""
    reports = []
    for result in results:
        made = [f"{stem(result)}{suffix}" for suffix in SUFFIXES if (out / f"{stem(result)}{suffix}").is_file()]
        entry = {name: value for name, value in asdict(result).items() if name != "debug"}
        hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in made}
        reports.append(entry | {"files": made, "sha256": hashes})
    return {"version": ogi_report.__version__, "reports": reports}
