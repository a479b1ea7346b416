"""What an audit leaves for people and programs: the list of files, findings, rules, figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ogi_report.audit.files import FileTask, Row, figures_of, load
from ogi_report.audit.run import AuditSettings, first_of_each, plan, repeated
from ogi_report.batch.readings import context_from
from ogi_report.figures import tidy_panel
from ogi_report.forms import SEVERITIES
from ogi_report.rules import Outcome, PeerCheck, Severity, catalogue, check_peers
from ogi_report.rules.rule import Tally, order_of
from ogi_report.writers.files import csv_text, write_atomically
from ogi_report.writers.parquet import parquet_bytes

FILES_HEADER = ("文件", "状态", "机构", "年度", "表样", *SEVERITIES.values(), "说明")
FINDINGS_HEADER = ("文件", "机构", "年度", "级别", "规则", "问题", "单元格", "实填", "应为", "相差", "引文")
RULES_HEADER = ("规则", "级别", "说明", "报告数", "成立", "空白作 0 成立", "不成立", "不适用")

Told = Mapping[str, Any]


def write_outputs(settings: AuditSettings, rows: Sequence[Row]) -> None:
    """Writes files.csv, findings.csv, rules.csv and figures.parquet over all files of an audit."""
    tasks = {task.shown: task for task in plan(settings)}
    known = {tasks[row.file]: row for row in rows}
    first = set(first_of_each(known.items()).values())
    shared = _peers(first)
    twice = repeated(known)
    findings: list[tuple[object, ...]] = []
    counts: dict[str, dict[str, int]] = {}
    coverage: dict[str, Tally] = {}
    broken: dict[str, set[str]] = defaultdict(set)
    frames: list[pd.DataFrame] = []
    for task, row in known.items():
        if (told := _read(task, row)) is None:
            continue
        peers = shared.get((told["name"], told["year"])) if task in first else None
        own = [*told["findings"], *(f.as_json() for f in peers.findings)] if peers is not None else told["findings"]
        own = sorted(own, key=order_of)
        counts[row.file] = {str(s): sum(f["severity"] == s for f in own) for s in Severity}
        findings += [_line(row, finding) for finding in own]
        for rule, tally in told["coverage"].items():
            joined = Tally.from_json(tally)
            if peers is not None and rule in peers.coverage:
                joined = joined.joined(peers.coverage[rule])
            total = coverage.setdefault(rule, Tally())
            for outcome, number in joined.counts.items():
                total.counts[outcome] += number
        for finding in own:
            broken[finding["rule"]].add(row.file)
        frame = tidy_panel([(told["name"], told["year"], figures_of(told))])
        frames.append(frame.assign(file=row.file))
    files = [_file_line(row, counts.get(row.file, {}), twice.get(row.file, [])) for row in rows]
    write_atomically(settings.out / "files.csv", csv_text(FILES_HEADER, files))
    write_atomically(settings.out / "findings.csv", csv_text(FINDINGS_HEADER, findings))
    write_atomically(settings.out / "rules.csv", csv_text(RULES_HEADER, _rules(coverage, broken)))
    joined_frame = pd.concat(frames, ignore_index=True) if frames else tidy_panel([])
    write_atomically(settings.out / "figures.parquet", parquet_bytes(joined_frame))


def _read(task: FileTask, row: Row) -> Told | None:
    return load(task.kept) if row.key is not None else None


def _peers(first: set[FileTask]) -> Mapping[tuple[str, int], PeerCheck]:
    """Compares the reports of each year; a body is known by its name, a folder of published files has no ids."""
    by_year: dict[int, list[Any]] = defaultdict(list)
    for task in sorted(first, key=lambda task: task.shown):
        if (told := load(task.kept)) is not None and "figures" in told:
            context = context_from({**told, "agency": told["name"]}, told["name"], told["level"])
            by_year[told["year"]].append(context)
    found: dict[tuple[str, int], PeerCheck] = {}
    for contexts in by_year.values():
        found |= check_peers(contexts)
    return found


def _line(row: Row, finding: Told) -> tuple[object, ...]:
    numbers = (finding["found"], finding["expected"], finding["difference"])
    about = (row.file, row.name, row.year, Severity(finding["severity"]).chinese, finding["rule"])
    return (*about, finding["message"], " ".join(finding["cells"]), *numbers, finding["quote"])


def _file_line(row: Row, counts: Mapping[str, int], twice: Sequence[str]) -> tuple[object, ...]:
    said = list(row.messages) + ([f"同一机构同一年度的报告还有：{'、'.join(twice)}"] if twice else [])
    numbers = [counts.get(str(severity)) for severity in Severity]
    return (row.file, row.status, row.name, row.year, row.layout, *numbers, " ".join(said))


def _rules(coverage: Mapping[str, Tally], broken: Mapping[str, set[str]]) -> Iterator[tuple[object, ...]]:
    seen: set[str] = set()
    for rule in catalogue():
        if rule.id in seen:
            continue
        seen.add(rule.id)
        tally = coverage.get(rule.id, Tally())
        numbers = (tally.counts[o] for o in (Outcome.PASS, Outcome.ASSUMED, Outcome.FAIL, Outcome.NOT_APPLICABLE))
        yield (rule.id, rule.severity.chinese, rule.title, len(broken.get(rule.id, ())), *numbers)


def list_of(path: Path) -> pd.DataFrame:
    """One of the audit's CSV files, every cell as text, blank ones as nothing."""
    return pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig")
