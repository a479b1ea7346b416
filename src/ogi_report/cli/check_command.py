"""`ogi-report check`: holds data folders and published files against the rules."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ogi_report.cli.projects import around, of_data
from ogi_report.cli.statuses import FAILED, OK
from ogi_report.errors import OgiError, UsageError

if TYPE_CHECKING:
    from ogi_report.report.filled_in import FilledIn
    from ogi_report.rules import Findings


def add_arguments(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="数据文件夹 data/<年度>/<机构>、填好的填报表，或已公布的报告",
    )
    check.add_argument("--params", type=Path, default=None, help="参数文件夹（默认为数据文件夹旁的 params）")
    check.add_argument("--year", type=int, default=None, help="已公布的报告没有写明年度时，由此指明")
    check.add_argument("--agency", default=None, help="已公布的报告没有写明机关全称时，由此指明机构代码")
    check.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON（默认文字）")
    check.add_argument(
        "--annotate",
        type=Path,
        default=None,
        metavar="OUT.xlsx",
        help="另存一份标出问题的填报表，退给填报人（只限一份）",
    )
    check.add_argument("--force", action="store_true", help="--annotate 时覆盖已有的文件")


@dataclass(frozen=True)
class _Opened:
    """What became of one path: a report to show, or why there is none."""

    path: Path
    report: Any = None
    problems: tuple[str, ...] = ()
    told: tuple[str, int | None] = ("", None)
    workbook: FilledIn | None = None


def command(options: argparse.Namespace) -> int:
    from ogi_report.report.fragment import dump_json
    from ogi_report.report.ledger_views import summary
    from ogi_report.report.published import PublishedReport, in_sequence
    from ogi_report.rules import PeerCheck, check_peers
    from ogi_report.rules.waivers import apply_waivers

    if options.annotate is not None:
        _refuse_annotation(options)
    found = [_open(path, options) for path in options.paths]
    published = iter(in_sequence([o.report for o in found if isinstance(o.report, PublishedReport)]))
    reports = [next(published) if isinstance(o.report, PublishedReport) else o.report for o in found]
    # Several reports of a year are also held against each other.
    known = [report.context for report in reports if report is not None]
    peers = check_peers(known) if len(known) > 1 else {}
    objects: list[dict[str, Any]] = []
    status = OK
    for opened, report in zip(found, reports, strict=True):
        if report is None:
            status = FAILED
            objects.append({"agency": opened.told[0], "year": opened.told[1], "problems": list(opened.problems)})
            if options.format == "text":
                print(f"{opened.path}：无法核对。")
                print("\n".join(f"  {message}" for message in opened.problems))
            continue
        check = peers.get((report.agency, report.year), PeerCheck())
        shared, _ = apply_waivers(check.findings, report.waivers, report.figures)
        findings = report.check().joined(shared, check.coverage)
        objects.append(report.as_json() | findings.as_json())
        if findings.unresolved:
            status = FAILED
        if options.format == "text":
            print(f"{report.name} {report.year} 年（{report.figures.form.name}）")
            if (ledger := getattr(report, "ledger", None)) is not None:
                print(f"台账 {summary(ledger, report.year)}。")
            print(findings)
        if options.annotate is not None:
            _annotate(opened, report, findings, options)
    if options.format == "json":
        print(dump_json(objects[0] if len(objects) == 1 else objects, indent=1))
    return status


def _refuse_annotation(options: argparse.Namespace) -> None:
    from ogi_report.cli.form_command import refuse_target

    if len(options.paths) > 1:
        raise UsageError("--annotate 一次只能退一份；几份请逐份核对。")
    if options.annotate.exists() and options.annotate.resolve() == options.paths[0].resolve():
        raise UsageError(f"--annotate 写的就是原来的文件 {options.annotate}；请另取一个名字，原件保留不动。")
    refuse_target(options.annotate, force=options.force)


def _annotate(opened: _Opened, report: Any, findings: Findings, options: argparse.Namespace) -> None:
    """Writes the marked-up copy for the agency: of its own workbook, or of a workbook made from its data files."""
    from ogi_report.report import Report
    from ogi_report.report.filled_in import returned_data
    from ogi_report.writers.files import write_atomically

    if opened.workbook is not None:
        content = opened.workbook.returned(findings)
    elif isinstance(report, Report):
        content = returned_data(report, findings)
    else:
        raise UsageError(
            f"{opened.path} 是已公布的报告，不是填报表，不能加批注；可以先用 ogi-report import 变成数据，再核对并退回。"
        )
    write_atomically(options.annotate, content)
    if options.format == "text":
        print(f"✓ 标出问题的填报表：{options.annotate}")


def _open(path: Path, options: argparse.Namespace) -> _Opened:
    """The report of a folder or file, checked; or, where it cannot be read, what to say about it."""
    from ogi_report.report import Report
    from ogi_report.report.filled_in import is_workbook_file, open_workbook
    from ogi_report.report.published import PublishedReport

    if path.is_file():
        project = around(options.params)
        try:
            if is_workbook_file(path):
                filled = open_workbook(path, project=project, agency=options.agency, year=options.year)
                filled.report.check()
                return _Opened(path, filled.report, workbook=filled)
            report = PublishedReport.open(path, year=options.year, agency=options.agency, project=project)
        except UsageError:
            raise
        except OgiError as error:
            return _Opened(path, None, error.messages, (options.agency or path.stem, options.year))
        return _Opened(path, report)
    folder = path.resolve()
    if not folder.is_dir():
        raise UsageError(f"找不到 {path}。")
    if not folder.parent.name.isdecimal():
        raise UsageError(f"{path} 不像 data/<年度>/<机构> 的文件夹，无法得知年度。")
    agency, year, data = folder.name, int(folder.parent.name), folder.parent.parent
    try:
        own = Report.open(agency, year, project=of_data(data, options.params))
        own.check()
    except UsageError:
        raise
    except OgiError as error:
        return _Opened(path, None, error.messages, (agency, year))
    return _Opened(path, own)
