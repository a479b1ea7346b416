"""`ogi-report import`: published reports back into the files that reports are made from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.projects import around, of_data
from ogi_report.cli.statuses import FAILED, OK
from ogi_report.errors import OgiError, UsageError

if TYPE_CHECKING:
    from ogi_report.report import Project
    from ogi_report.report.importing import Imported


def add_arguments(importing: argparse.ArgumentParser) -> None:
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE", help="已公布的报告")
    importing.add_argument(
        "--to", type=Path, default=None, help="放到哪个数据文件夹，如 data/2021/kejing（只限一份报告）"
    )
    importing.add_argument("--year", type=int, default=None, help="报告没有写明年度时，由此指明")
    importing.add_argument("--agency", default=None, help="机构代码（见 params/agencies.csv）")
    importing.add_argument("--params", type=Path, default=None, help="参数文件夹（默认为数据文件夹旁的 params）")
    importing.add_argument("--force", action="store_true", help="覆盖已有的文件")


def command(options: argparse.Namespace) -> int:
    from ogi_report.report.importing import write_import

    if len(options.files) > 1 and (options.to is not None or options.agency is not None):
        raise UsageError("--to 和 --agency 只能用于一份报告；几份报告请逐份导入，或先把机关全称写进名录。")
    status = OK
    for path in options.files:
        try:
            planned = _planned(path, options)
            write_import(planned, force=options.force)
        except OgiError as error:
            if len(options.files) == 1:
                raise
            status = FAILED
            print("\n".join(f"✖ {path}：{message}" for message in error.messages))
            continue
        print(f"✓ {path} → {planned.data}（{planned.agency}，{planned.year} 年）")
        if planned.added_to_roster:
            print(f"  名录 agencies.csv 末尾加了一行 {planned.agency}；请核对全称、补填简称和层级。")
    return status


def _planned(path: Path, options: argparse.Namespace) -> Imported:
    from ogi_report.report.importing import plan_import
    from ogi_report.report.project import ROSTER
    from ogi_report.report.published import PublishedReport

    if not path.is_file():
        raise UsageError(f"找不到文件 {path}。")
    project = _project(options)
    known = options.agency is not None and project.has_body(options.agency)
    folder_year = options.to.parent.name if options.to is not None else ""
    report = PublishedReport.open(
        path,
        year=options.year,
        otherwise=int(folder_year) if folder_year.isdecimal() else None,
        agency=options.agency if known else None,
        project=project if (project.params / ROSTER).is_file() else None,
    )
    to = options.to
    if to is None and options.agency is not None:
        to = project.data_folder(options.agency, report.year)
    return plan_import(report, to, project)


def _project(options: argparse.Namespace) -> Project:
    if options.to is not None:
        return of_data(options.to.resolve().parent.parent, options.params)
    found = around(options.params)
    if found is None:
        raise UsageError("不在项目文件夹中；请用 --to data/<年度>/<机构代码> 指明放在哪里。")
    return found
