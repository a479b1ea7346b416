"""`ogi-report new`: the files of a new year, for one agency or for all of the roster."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.statuses import OK
from ogi_report.errors import UsageError

if TYPE_CHECKING:
    from ogi_report.report import Project
    from ogi_report.report.scaffold import Scaffold


def add_arguments(new: argparse.ArgumentParser) -> None:
    new.add_argument("--year", type=int, required=True, help="报告年度，如 2025")
    new.add_argument("--agency", action="append", default=[], help="只为这个机构（可重复；默认为名录里的全部机构）")
    new.add_argument("--workbook", action="store_true", help="给一份填报表 form.xlsx，代替 CSV 表和 narrative.md")
    new.add_argument("--params", type=Path, default=Path("params"), help="参数文件夹（默认 params）")
    new.add_argument("--data", type=Path, default=Path("data"), help="数据文件夹（默认 data）")


def command(options: argparse.Namespace) -> int:
    from ogi_report.report import Project
    from ogi_report.report.params import FIRST_YEAR, LAST_YEAR
    from ogi_report.report.scaffold import scaffold

    if not FIRST_YEAR <= options.year <= LAST_YEAR:
        raise UsageError(f"--year 写的是 {options.year}，应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。")
    project = Project(options.params.resolve(), options.data.resolve())
    agencies = list(dict.fromkeys(options.agency)) or list(project.roster)
    for agency in agencies:
        project.body(agency)
    made = []
    for agency in agencies:
        planned = scaffold(project, agency, options.year, workbook=options.workbook)
        planned.write()
        _tell(planned, project)
        made.append(planned)
    files = sum(len(planned.files) for planned in made)
    kept = sum(len(planned.kept) for planned in made)
    print(
        f"{options.year} 年度 {len(made)} 个机构：新建 {files} 个文件{f'，{kept} 个原来就有，没有改动' if kept else ''}。"
    )
    if files:
        filling = "填好 form.xlsx" if options.workbook else "填好 CSV 表，写好 narrative.md"
        print(
            f"下一步：{filling}，用 ogi-report check 数据文件夹 核对，再用 ogi-report run --year {options.year} 生成。"
        )
    return OK


def _tell(planned: Scaffold, project: Project) -> None:
    name = project.roster[planned.agency].name
    if not planned.files:
        print(f"— {name}（{planned.agency}）：都已经有了，没有改动")
        return
    settings = [project.shown(path) for path in planned.files if path.suffix == ".yaml"]
    data = [path.name for path in planned.files if path.suffix != ".yaml"]
    folder = project.shown(project.data_folder(planned.agency, planned.year))
    if data:
        settings.append(f"{folder} 中的 {'、'.join(data)}")
    said = [f"新建 {'、'.join(settings)}"]
    if planned.prefilled:
        said.append(f"按 {planned.year - 1} 年的报告预填 {planned.prefilled} 格")
    said += planned.remarks
    if planned.kept:
        said.append(f"没有改动 {'、'.join(path.name for path in planned.kept)}")
    print(f"✓ {name}（{planned.agency}）：{'；'.join(said)}")
