"""The command line: argument parsing, one call, one renderer per command."""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ogi_report
from ogi_report.errors import OgiError, UsageError
from ogi_report.report import Project, Report
from ogi_report.report.fragment import dump_json
from ogi_report.rules import PeerCheck, Severity, catalogue, check_peers
from ogi_report.rules.waivers import apply_waivers

OK, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs `ogi-report`; returns the exit status: 0 all well, 1 some report failed or has unwaived errors, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that lacks a character shows its code; it must not end the run.
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(argv)
    try:
        return int(options.command(options))
    except OgiError as error:
        if options.debug:
            raise
        print("\n".join(error.messages), file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        if options.debug:
            raise
        print(f"文件读写失败：{error.strerror or error}；请检查磁盘空间和文件权限。", file=sys.stderr)
        return FAILED


def run_all(argv: Sequence[str] | None = None) -> int:
    """`python run_all.py …` is `ogi-report run …`."""
    return main(["run", *(sys.argv[1:] if argv is None else argv)])


_MISTAKES = (
    (r"the following arguments are required: (.+)", r"缺少{0}"),
    (r"unrecognized arguments: (.+)", r"没有这样的选项：{0}"),
    (r"argument (.+): invalid (?:int|float) value: (.+)", r"{0} 应当是数，现在是 {1}"),
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"{0} 写的是 {1}，只能是 {2}"),
    (r"argument (.+): expected (?:one|at least one) argument", r"{0} 后面缺少值"),
)


class _ChineseParser(argparse.ArgumentParser):
    """argparse with its own words in Chinese."""

    def __init__(self, **options: Any):
        super().__init__(**options, add_help=False)
        self._optionals.title = "选项"
        self._positionals.title = "参数"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> Any:
        for pattern, chinese in _MISTAKES:
            if match := re.fullmatch(pattern, message):
                message = chinese.format(*match.groups())
                break
        self.exit(WRONG_USAGE, f"命令写法有误：{message}。\n用 {self.prog} --help 查看用法。\n")


def _parser() -> argparse.ArgumentParser:
    parser = _ChineseParser(prog="ogi-report", description="政府信息公开工作年度报告：核对数据，生成公开页和审核页。")
    parser.add_argument("--version", action="version", version=f"ogi-report {ogi_report.__version__}", help="显示版本")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")

    run = commands.add_parser(
        "run",
        help="生成报告（与 python run_all.py 相同）",
        description="为每个机构、年度执行模板笔记本，生成报告和问题清单。",
    )
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
    run.set_defaults(command=_run)

    check = commands.add_parser(
        "check", help="核对数据，不生成页面", description="核对一个或几个机构年度的数据文件夹，如 data/2021/kejing。"
    )
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="数据文件夹 data/<年度>/<机构>")
    check.add_argument("--params", type=Path, default=None, help="参数文件夹（默认为数据文件夹旁的 params）")
    check.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON（默认文字）")
    check.set_defaults(command=_check)

    rules = commands.add_parser("rules", help="列出全部规则", description="列出全部规则：编号、级别、说明、来源。")
    rules.add_argument("--format", choices=("text", "markdown"), default="text", help="输出文字或 Markdown 表格")
    rules.set_defaults(command=_rules)

    for command in (run, check, rules):
        command.add_argument("--debug", action="store_true", help="出错时显示程序的调用过程")
    return parser


# -- run ---------------------------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace) -> int:
    from ogi_report.batch import Settings, Status, plan, run
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
        results = run(tasks, progress.show)
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


# -- check -------------------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    objects: list[dict[str, Any]] = []
    status = OK
    found = [_opened(path, options.params) for path in options.paths]
    reports = [report for _, report, _ in found if report is not None]
    # Several reports of a year are also held against each other.
    peers = check_peers([report.context for report in reports]) if len(reports) > 1 else {}
    for path, report, problems in found:
        if report is None:
            status = FAILED
            objects.append(problems)
            if options.format == "text":
                print(f"{path}：无法核对。")
                print("\n".join(f"  {message}" for message in problems["problems"]))
            continue
        check = peers.get((report.agency, report.year), PeerCheck())
        shared, _ = apply_waivers(check.findings, report.params.waivers, report.figures)
        findings = report.check().joined(shared, check.coverage)
        objects.append(report.as_json() | findings.as_json())
        if findings.unresolved:
            status = FAILED
        if options.format == "text":
            print(f"{report.body.name} {report.year} 年（{report.form.name}）")
            print(findings)
    if options.format == "json":
        print(dump_json(objects[0] if len(objects) == 1 else objects, indent=1))
    return status


def _opened(path: Path, params: Path | None) -> tuple[Path, Report | None, dict[str, Any]]:
    """The report of a folder, checked; or, where it cannot be read, what to say about it."""
    agency, year, project = _agency_year(path, params)
    try:
        report = Report.open(agency, year, project=project)
        report.check()
    except UsageError:
        raise
    except OgiError as error:
        return path, None, {"agency": agency, "year": year, "problems": list(error.messages)}
    return path, report, {}


def _agency_year(path: Path, params: Path | None) -> tuple[str, int, Project]:
    """Reads agency and year off a data folder's path."""
    if path.is_file():
        raise UsageError(f"{path} 是文件；目前只能核对数据文件夹，如 data/2021/kejing。")
    folder = path.resolve()
    if not folder.is_dir():
        raise UsageError(f"找不到文件夹 {path}。")
    if not folder.parent.name.isdecimal():
        raise UsageError(f"{path} 不像 data/<年度>/<机构> 的文件夹，无法得知年度。")
    data = folder.parent.parent
    return folder.name, int(folder.parent.name), Project((params or data.parent / "params").resolve(), data)


# -- rules -------------------------------------------------------------------------------------------------------------


def _rules(options: argparse.Namespace) -> int:
    rules = sorted(catalogue(), key=lambda rule: Severity(rule.severity).rank)
    if options.format == "markdown":
        print("| 规则 | 级别 | 说明 | 对象 | 来源 |\n|---|---|---|---|---|")
        for rule in rules:
            print(f"| `{rule.id}` | {rule.severity.chinese} | {rule.title} | {rule.where} | {rule.source} |")
    else:
        for rule in rules:
            print(f"{rule.id:<24}{rule.severity.chinese:　<4}{rule.title}")
            print(f"{'':<24}来源：{rule.source}")
    return OK
