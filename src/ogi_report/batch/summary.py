"""What a run leaves for people and programs beside the reports: findings and figures over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ogi_report.batch.junit import Suite, junit_xml
from ogi_report.batch.long_table import figures_csv, figures_table
from ogi_report.batch.peers import Comparison, together
from ogi_report.batch.readings import Key, Reading
from ogi_report.batch.result import Result
from ogi_report.rules import Severity
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


def write_summary(
    out: Path, results: Sequence[Result], readings: Mapping[Key, Reading], comparison: Comparison | None = None
) -> list[Suite]:
    """Writes findings.csv, findings.junit.xml, figures.csv and figures.parquet over all reports.

    Args:
        readings: what the reports left (`read_reports`).
        comparison: what the reports showed when held against each other.

    Returns:
        Each report with its findings, those among its peers included, and what its rules decided.
    """
    reports = [_suite(result, readings, comparison or Comparison()) for result in results]
    with ThreadPoolExecutor(1) as beside:
        # Reading and compressing numbers leaves the interpreter to the text that is put together here.
        figures = beside.submit(_write_figures, out, results)
        write_atomically(out / "findings.csv", csv_text(FINDINGS_HEADER, _finding_lines(reports)))
        write_atomically(out / "findings.junit.xml", junit_xml(reports))
        figures.result()
    return reports


def _suite(result: Result, readings: Mapping[Key, Reading], comparison: Comparison) -> Suite:
    reading = readings.get((result.agency, result.year))
    return (result, [], {}) if reading is None else (result, *together(reading, comparison.of(result)))


def _write_figures(out: Path, results: Sequence[Result]) -> None:
    content = figures_csv(out, results)
    write_atomically(out / "figures.csv", content)
    write_atomically(out / "figures.parquet", parquet_bytes(figures_table(content)))


def _finding_lines(reports: Sequence[Suite]) -> list[tuple[object, ...]]:
    lines: list[tuple[object, ...]] = []
    for result, told, _ in reports:
        about = (result.year, result.agency, result.name)
        lines += [(*about, "未能生成", "", message, "", "", "", "", "", "") for message in result.messages]
        for _, f in told:
            waived = f["waived"]["reason"] if f["waived"] else ""
            severity = Severity(f["severity"]).chinese
            numbers = (f["found"], f["expected"], f["difference"])
            lines.append(
                (*about, severity, f["rule"], f["message"], " ".join(f["cells"]), *numbers, f["quote"], waived)
            )
    return lines
