"""`ogi-report run`: makes the reports."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ogi_report.cli.statuses import FAILED, INTERRUPTED, OK
from ogi_report.errors import UsageError


def add_arguments(run: argparse.ArgumentParser) -> None:
    run.add_argument("--year", type=int, action="append", default=[], help="只做这个年度（可重复）")
    run.add_argument("--agency", action="append", default=[], help="只做这个机构（可重复）")
    run.add_argument("--out", type=Path, default=Path("build"), help="输出文件夹（默认 build）")
    run.add_argument("--params", type=Path, default=Path("params"), help="参数文件夹（默认 params）")
    run.add_argument("--data", type=Path, default=Path("data"), help="数据文件夹（默认 data）")
    run.add_argument("--notebooks", type=Path, default=Path("notebooks"), help="笔记本文件夹（默认 notebooks）")
    run.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="同时做几份（默认等于处理器核数）")
    run.add_argument("--engine", default="kernel", help="执行引擎：kernel，或已安装的 papermill 引擎名（默认 kernel）")
    run.add_argument("--formats", default="html", help="输出格式（目前只有 html）")
    run.add_argument("--timeout", type=float, default=None, help="每一格最多运行的秒数")
    run.add_argument("--shard", default="1/1", help="分给多台机器时本机做哪一份，如 2/8")
    run.add_argument("--force", action="store_true", help="全部重新生成（目前每次都全部重新生成）")


def command(options: argparse.Namespace) -> int:
    from ogi_report.batch import Settings, Status, plan
    from ogi_report.batch import run as make_all
    from ogi_report.batch.peers import compare
    from ogi_report.batch.plan import parse_shard
    from ogi_report.batch.progress import Progress
    from ogi_report.batch.summary import merge, write_summary
    from ogi_report.notebook.execute import require_engine
    from ogi_report.site import write_index

    if options.formats != "html":
        raise UsageError(f"--formats 写的是“{options.formats}”；目前只有 html。")
    if options.jobs < 1:
        raise UsageError("--jobs 至少是 1。")
    require_engine(options.engine)
    for folder, name in ((options.params, "--params"), (options.data, "--data"), (options.notebooks, "--notebooks")):
        if not folder.is_dir():
            raise UsageError(f"找不到{name} 指的文件夹“{folder}”；请在项目文件夹中运行，或写明 {name}。")
    settings = Settings(
        options.params.resolve(),
        options.data.resolve(),
        options.out.resolve(),
        options.notebooks.resolve(),
        tuple(options.year),
        tuple(options.agency),
        options.jobs,
        options.engine,
        options.timeout,
        parse_shard(options.shard),
    )
    tasks = plan(settings)
    with Progress(len(tasks)) as progress:
        results = make_all(tasks, progress.show)
    everything = merge(settings.out, results, settings.project.agency_years())
    comparison = compare(settings.out, everything, settings.project)
    write_summary(settings.out, everything, comparison)
    index = write_index(settings.out, everything, comparison)
    counted = {status: [r for r in results if r.status is status] for status in Status}
    print(
        f"共 {len(tasks)} 份报告：{len(counted[Status.OK])} 份完成，{len(counted[Status.ERRORS])} 份有必须改正的问题，"
        f"{len(counted[Status.FAILED])} 份未能生成。"
    )
    for result in results:
        if result.status is Status.ERRORS:
            print(f"  ✖ {result.year} {result.name}（{result.agency}）：{result.counts['error']} 项必须改正的问题")
        for message in result.messages:
            print(f"  ⚠ {result.year} {result.name}（{result.agency}）：{message}")
        if options.debug and result.debug:
            print(result.debug, file=sys.stderr)
    shown = index.relative_to(Path.cwd()) if index.is_relative_to(Path.cwd()) else index
    print(f"总览：{shown}　问题清单：{shown.parent / 'findings.csv'}")
    if len(results) < len(tasks):
        print(f"已中断：完成 {len(results)} 份，其余 {len(tasks) - len(results)} 份未做；再次运行即可。")
        return INTERRUPTED
    return OK if len(counted[Status.OK]) == len(tasks) else FAILED
