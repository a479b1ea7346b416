"""findings.junit.xml: one suite per report, one case per rule that ran; an unwaived error fails its case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ogi_report.batch.manifest import stem
from ogi_report.batch.peers import Told
from ogi_report.batch.result import Result
from ogi_report.rules import Severity

Suite = tuple[Result, Sequence[Told], Mapping[str, Mapping[str, Any]]]
"""A report, its findings, and rule → how often it reached each outcome."""


def junit_xml(suites: Iterable[Suite]) -> str:
    """Returns the file as JUnit's readers expect it. Written as text: an element object for each of half a million cases is slow."""
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="ogi-report">\n']
    for result, told, coverage in suites:
        cases = [*_not_made(result), *_cases(result, told, coverage)]
        kinds = [kind for kind, _ in cases]
        counts = f'tests="{len(cases)}" failures="{kinds.count("failure")}" errors="{kinds.count("error")}"'
        parts.append(f' <testsuite name={_quoted(stem(result))} {counts} skipped="{kinds.count("skipped")}">\n')
        parts += [case for _, case in cases]
        parts.append(" </testsuite>\n")
    parts.append("</testsuites>\n")
    return "".join(parts)


def _not_made(result: Result) -> Iterator[tuple[str, str]]:
    for message in result.messages:
        yield "error", _case(stem(result), "生成报告", f"<error message={_quoted(message)} />")


def _cases(
    result: Result, told: Sequence[Told], coverage: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """What became of each rule, and its case."""
    suite = stem(result)
    fails: dict[str, list[Mapping[str, Any]]] = {}
    for _, finding in told:
        fails.setdefault(finding["rule"], []).append(finding)
    for rule, tally in coverage.items():
        found = fails.get(rule, [])
        blocking = [f["message"] for f in found if f["severity"] == Severity.ERROR and not f["waived"]]
        if blocking:
            text = escape(_printable("\n".join(blocking)))
            yield "failure", _case(suite, rule, f"<failure message={_quoted(blocking[0])}>{text}</failure>")
        elif found:
            text = escape(_printable("\n".join(f["message"] for f in found)))
            yield "told", _case(suite, rule, f"<system-out>{text}</system-out>")
        elif tally["pass"] + tally["pass_assumed"] + tally["fail"] == 0:
            yield "skipped", _case(suite, rule, f"<skipped message={_quoted(tally['why'] or '')} />")
        else:
            yield "passed", _case(suite, rule, "")


def _case(suite: str, name: str, inside: str) -> str:
    begin = f"  <testcase classname={_quoted(suite)} name={_quoted(name)}"
    return f"{begin}>\n   {inside}\n  </testcase>\n" if inside else f"{begin} />\n"


@lru_cache(4096)  # the same hundred names and reasons, thousands of times
def _quoted(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """XML has no place for control characters."""
    return text if text.isprintable() else "".join(char for char in text if char >= " " or char in "\t\n")
