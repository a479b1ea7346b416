"""`ogi-report summary`: the government-wide report from the reports of the bodies below."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.projects import require_folders
from ogi_report.cli.statuses import FAILED, OK
from ogi_report.errors import OgiError, UsageError

if TYPE_CHECKING:
    from ogi_report.report import Project
    from ogi_report.summary.run import Made


def add_arguments(summary: argparse.ArgumentParser) -> None:
    summary.add_argument("--year", type=int, required=True, help="报告年度")
    summary.add_argument(
        "--agency",
        action="append",
        default=[],
        metavar="PARENT",
        help="为哪个机构汇总其下级（可重复；默认为名录中每个有下级的机构）",
    )
    summary.add_argument("--out", type=Path, default=Path("build"), help="输出文件夹（默认 build）")
    summary.add_argument(
        "--draft",
        type=Path,
        default=None,
        metavar="DIR",
        help="把合计写成三张 CSV 表和 narrative.md 草稿，放在这个文件夹（不覆盖已有的文件）",
    )
    summary.add_argument("--params", type=Path, default=Path("params"), help="参数文件夹（默认 params）")
    summary.add_argument("--data", type=Path, default=Path("data"), help="数据文件夹（默认 data）")
    summary.add_argument("--notebook", type=Path, default=Path("notebooks/summary.ipynb"), help="汇总用的笔记本")
    summary.add_argument("--engine", default="fast", help="执行引擎：fast（默认）或 kernel（标准内核）")


def command(options: argparse.Namespace) -> int:
    from ogi_report.engine import lean_imports

    with lean_imports():
        from ogi_report.notebook.execute import require_engine
        from ogi_report.summary.draft import write_draft
        from ogi_report.summary.run import make
        from ogi_report.summary.summary import Summary

    require_engine(options.engine)
    project = _project(options)
    agencies = options.agency or _parents(project)
    if options.draft is not None and len(agencies) > 1:
        raise UsageError("--draft 一次只写一个机构的草稿；请用 --agency 指明。")
    status = OK
    for agency in agencies:
        project.body(agency)
        try:
            made = make(project, agency, options.year, options.notebook, options.out, options.engine)
        except OgiError as error:
            if len(agencies) == 1:
                raise
            made = None
            print("\n".join(f"✖ {agency}：{message}" for message in error.messages))
        if made is not None:
            _tell(project, made, agency, options.year)
        if made is None or made.told is None or not made.told["complete"]:
            status = FAILED
    if options.draft is not None:
        written = write_draft(Summary.open(agencies[0], options.year, project=project), options.draft)
        _tell_draft(project, written, agencies[0], options.year)
    return status


def _project(options: argparse.Namespace) -> Project:
    from ogi_report.report import Project

    require_folders(params=options.params, data=options.data)
    return Project(options.params.resolve(), options.data.resolve())


def _parents(project: Project) -> list[str]:
    """The bodies that have others below them."""
    above = {body.parent for body in project.roster.values()}
    found = [agency for agency in project.roster if agency in above]
    if not found:
        raise UsageError(
            "名录中没有一个机构写了上级 parent，不知道汇总谁；请在 agencies.csv 的 parent 列填写上级的机构代码。"
        )
    return found


def _tell(project: Project, made: Made, agency: str, year: int) -> None:
    name = project.body(agency).name
    if made.told is None:
        print(f"⚠ {year} {name}（{agency}）：{made.failure}")
        return
    lacking = [body for body in made.told["bodies"] if not body["added"]]
    expected = len(made.told["bodies"])
    sign = "✔" if not lacking else "✖ 不完整"
    print(f"{sign} {year} {name}（{agency}）：应汇总 {expected} 家，已汇总 {expected - len(lacking)} 家　{made.page}")
    for body in lacking:
        print(f"    缺 {body['name']}（{body['agency']}）：{body['why']}")
    broken = sum(not addition["complete"] for addition in made.told["sums"].values())
    if broken and not lacking:
        print(f"    有 {broken} 格的合计不完整（下级报告中空白或者不是数），见汇总页中带 * 的数。")
    if made.told["differences"]:
        print(f"    与本级报告有 {len(made.told['differences'])} 格不一致，见审核页“本级报告与下级合计的差异”。")


def _tell_draft(project: Project, written: list[Path], agency: str, year: int) -> None:
    print(f"草稿：{'、'.join(str(path) for path in written)}")
    if not project.params_file(agency, year).is_file():
        print(
            f"    要由草稿生成本级报告：把它们放在 data/{year}/{agency}，并建立 params/{year}/{agency}.yaml，"
            f"写 agency: {agency}、year: {year}、scope: government_wide 三行。"
        )
    print("    narrative.md 中的【待补充：…】请换成文字；没有换完之前，核对时会作为强制性问题列出。")
