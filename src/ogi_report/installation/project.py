"""The project: its roster, settings, data, template and own rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ogi_report.errors import OgiError
from ogi_report.installation.check import Check, failed, ok, optional

TEMPLATE = "annual_report.ipynb"


def checks(params: Path, data: Path, notebooks: Path) -> Iterator[Check]:
    """Looks at the folders that a run reads."""
    lacking = [f"{name}文件夹 {path}" for name, path in (("参数", params), ("数据", data)) if not path.is_dir()]
    if lacking:
        yield failed("项目", f"找不到{'、'.join(lacking)}", "进入项目文件夹再运行，或用 --params、--data 指明")
    template = notebooks / TEMPLATE
    if template.is_file():
        yield ok("模板笔记本", f"{notebooks.name}/{TEMPLATE}")
    else:
        yield failed("模板笔记本", f"找不到 {notebooks.name}/{TEMPLATE}", "进入项目文件夹再运行，或用 --notebooks 指明")
    if params.is_dir():
        yield from _settings(params, data)


def _settings(params: Path, data: Path) -> Iterator[Check]:
    try:
        from ogi_report.report.project import ROSTER, Project
    except ImportError as error:
        yield failed("名录", f"程序不能载入（{error.name or error}）", "先补齐上面缺少的软件包")
        return
    project = Project(params.resolve(), data.resolve())
    if not (params / ROSTER).is_file():
        yield failed(
            "名录",
            f"找不到 {params.name}/{ROSTER}",
            "建立名录，表头为 agency,name,short_names,level,parent,website,contact",
        )
        return
    try:
        roster = project.roster
    except OgiError as error:
        yield failed("名录", error.messages[0], "改正名录")
        return
    yield ok("名录", f"{len(roster)} 个机构")
    pairs = project.agency_years()
    without = [f"{year}/{agency}" for agency, year in pairs if not project.data_folder(agency, year).is_dir()]
    years = sorted({year for _, year in pairs})
    told = f"{len(pairs)} 份（{years[0]}–{years[-1]} 年度）" if years else "还没有"
    if not pairs:
        yield optional("参数文件", told, "ogi-report new --year 年度，为名录里的机构建立")
    elif without:
        yield optional(
            "数据", f"{told}，其中 {len(without)} 份没有数据文件夹，如 {without[0]}", "放入数据，或删去参数文件"
        )
    else:
        yield ok("参数和数据", told)
    problems = project.local_rules.problems
    if problems:
        yield optional("本地规则", problems[0], "改正 params/rules.yaml 或 rules.py；其他规则不受影响")
