"""`ogi-report form`: the workbook that a clerk fills in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.projects import needed_around
from ogi_report.cli.statuses import OK
from ogi_report.errors import UsageError

if TYPE_CHECKING:
    from ogi_report.forms import Form
    from ogi_report.report import Project
    from ogi_report.writers.workbook import FormContent


def add_arguments(form: argparse.ArgumentParser) -> None:
    form.add_argument("out", type=Path, metavar="OUT.xlsx", help="写到哪里，如 form.xlsx")
    form.add_argument("--year", type=int, required=True, help="报告年度，如 2024")
    form.add_argument("--agency", default=None, help="机构代码（见 params/agencies.csv）；不写则生成不分机构的空表")
    form.add_argument("--params", type=Path, default=None, help="参数文件夹（默认为当前项目的 params）")
    form.add_argument("--data", type=Path, default=None, help="数据文件夹，从中取上年数据（默认为参数文件夹旁的 data）")
    form.add_argument("--layout", default=None, help="表样，如 2021（默认按年度）")
    form.add_argument("--force", action="store_true", help="覆盖已有的文件")


def command(options: argparse.Namespace) -> int:
    from ogi_report.writers.files import write_atomically
    from ogi_report.writers.workbook import write_workbook

    refuse_target(options.out, force=options.force)
    content = _content(options)
    write_atomically(options.out, write_workbook(content))
    whose = f"{content.name}，" if content.name else "不分机构，"
    print(f"✓ {options.out}（{whose}{options.year} 年，{content.form.name}）")
    if content.prefilled:
        print(f"  按 {options.year - 1} 年的数据预填了 {len(content.prefilled)} 格（黄色），请填报人核对。")
    elif content.agency:
        print(f"  没有 {options.year - 1} 年的数据可以预填。")
    if content.agency:
        print(f"  填好后放到 data/{options.year}/{content.agency}/form.xlsx，或用 ogi-report check 直接核对。")
    return OK


def refuse_target(out: Path, *, force: bool) -> None:
    """Refuses a target that is no .xlsx file, or that exists: it may hold somebody's work.

    Raises:
        UsageError: with what to do instead.
    """
    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"文件名写的是“{out}”，应当以 .xlsx 结尾。")
    if out.exists() and not force:
        raise UsageError(f"{out} 已经存在，可能有人填过，没有覆盖；请换一个文件名，确实要覆盖请加 --force。")


def _content(options: argparse.Namespace) -> FormContent:
    from ogi_report.report.workbooks import blank_form, prefilled_form

    if options.agency is None:
        return blank_form(_form(options, None), options.year)
    project = needed_around(options.params, options.data, "请用 --params 指明参数文件夹，或不写 --agency 生成空表")
    return prefilled_form(project, options.agency, options.year, _form(options, project))


def _form(options: argparse.Namespace, project: Project | None) -> Form:
    from ogi_report.forms import form_for_year, official_forms

    known = official_forms()
    if options.layout is not None:
        if options.layout not in known:
            raise UsageError(f"--layout 写的是“{options.layout}”，只能是 {'、'.join(known)}。")
        return known[options.layout]
    if project is not None and project.params_file(options.agency, options.year).is_file():
        return project.read_params(options.agency, options.year).form
    return form_for_year(options.year)
