"""`ogi-report run`: makes the reports."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

from ogi_report.cli.projects import require_folders
from ogi_report.cli.statuses import FAILED, INTERRUPTED, OK
from ogi_report.errors import UsageError, system_reason

if TYPE_CHECKING:
    from ogi_report.batch import Build, Result, Settings
    from ogi_report.batch.documents import Documents
    from ogi_report.batch.source import Source
    from ogi_report.report import Project

PUBLIC = "public"


def add_arguments(run: argparse.ArgumentParser) -> None:
    run.add_argument("--year", type=int, action="append", default=[], help="只做这个年度（可重复）")
    run.add_argument("--agency", action="append", default=[], help="只做这个机构（可重复）")
    run.add_argument("--out", type=Path, default=Path("build"), help="输出文件夹（默认 build）")
    run.add_argument("--params", type=Path, default=Path("params"), help="参数文件夹（默认 params）")
    run.add_argument("--data", type=Path, default=Path("data"), help="数据文件夹（默认 data）")
    run.add_argument("--notebooks", type=Path, default=Path("notebooks"), help="笔记本文件夹（默认 notebooks）")
    run.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="同时做几份（默认等于处理器核数）")
    run.add_argument(
        "--engine", default="fast", help="执行引擎：fast（默认）、kernel（标准内核），或已安装的 papermill 引擎名"
    )
    run.add_argument("--verify", type=int, default=0, metavar="N", help="另用标准内核重做 N 份，逐字节比较")
    run.add_argument("--formats", default="html", help="输出格式：html（总会生成）、docx、pdf、cms，用逗号隔开")
    run.add_argument(
        "--edition",
        choices=("internal", PUBLIC),
        default="internal",
        help="总览：internal（默认，内部版）；public 另在输出文件夹的 public 中做一份可以上传的公开版",
    )
    run.add_argument("--timeout", type=float, default=None, help="每一格最多运行的秒数")
    run.add_argument("--max-memory", default=None, metavar="SIZE", help="每份报告最多占用的内存，如 500M、2G")
    run.add_argument("--shared", action="store_true", help="几份报告共用一个进程：更快，但彼此不隔离")
    run.add_argument("--shard", default="1/1", help="分给多台机器时本机做哪一份，如 2/8")
    run.add_argument("--scheduler", default=None, metavar="tcp://…", help="在 Dask 集群上做（需要 ogi-report[dask]）")
    run.add_argument("--force", action="store_true", help="全部重新生成（默认只做有变动的）")
    run.add_argument("--explain", action="store_true", help="只说明每份报告要不要重做、为什么，不生成")


def command(options: argparse.Namespace) -> int:
    from ogi_report.engine import lean_imports

    with lean_imports():
        from ogi_report.batch import Build, plan
        from ogi_report.batch.lock import sole_run

    settings = _settings(options)
    tasks = plan(settings)
    if not tasks:
        print("本机这一份（--shard）没有要做的报告。")
        return OK
    if options.explain:
        return _explain(Build.of(tasks), settings.formats)
    _heed_signals()
    with sole_run(settings.out, lambda: print("另一次运行正在写同一个文件夹，等它结束……", file=sys.stderr)):
        return _run(Build.of(tasks), settings, options)


def _heed_signals() -> None:
    """A scheduler's request to end, or a terminal that is closed, ends a run as Ctrl-C does: in order."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Not where someone else heeds it, or has it ignored (nohup), or in a thread.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL and current_thread() is main_thread():
            signal.signal(number, interrupt)


def _settings(options: argparse.Namespace) -> Settings:
    from ogi_report.batch import Settings
    from ogi_report.batch.plan import parse_shard
    from ogi_report.documents.formats import parse_formats
    from ogi_report.notebook.execute import require_engine

    if options.jobs < 1:
        raise UsageError("--jobs 至少是 1。")
    if options.timeout is not None and options.timeout <= 0:
        raise UsageError("--timeout 应当大于 0。")
    if options.verify < 0:
        raise UsageError("--verify 不能小于 0。")
    require_engine(options.engine)
    require_folders(params=options.params, data=options.data, notebooks=options.notebooks)
    return Settings(
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
        size(options.max_memory),
        options.shared,
        options.force,
        options.scheduler,
        parse_formats(options.formats),
    )


def size(text: str | None) -> int | None:
    """Reads a size of memory.

    >>> size("500M"), size("2G"), size(None)
    (500000000, 2000000000, None)
    """
    if text is None:
        return None
    match = re.fullmatch(r"(\d+)\s*([MG])B?", text.strip(), re.IGNORECASE)
    if not match or int(match[1]) == 0:
        raise UsageError(f"--max-memory 写的是“{text}”；应写作 500M 或 2G 的样子。")
    return int(match[1]) * (10**9 if match[2].upper() == "G" else 10**6)


def _explain(build: Build, formats: Sequence[str]) -> int:
    from ogi_report.documents.formats import BY_NAME

    for task in build.tasks:
        reasons = build.reasons(task)
        lacking = [
            BY_NAME[name] for name in formats if build.cache.lacks(task.stem, f"{task.stem}{BY_NAME[name].suffix}")
        ]
        said = f"要做：{'、'.join(reasons)}" if reasons else "不做：没有变动"
        if lacking and not reasons:
            said = f"只补做：{'、'.join(known.chinese for known in lacking)}"
        print(f"{task.year} {task.agency}　{said}")
    print(f"共 {len(build.tasks)} 份报告，要做 {len(build.due)} 份。")
    return OK


def _run(build: Build, settings: Settings, options: argparse.Namespace) -> int:
    from ogi_report.batch.manifest import is_whole, merge, recorded, recorded_source, withdraw, write_manifest
    from ogi_report.batch.progress import Progress
    from ogi_report.batch.source import source_of
    from ogi_report.batch.verify import sample, verify

    project = settings.project
    known = project.agency_years()  # before the run: the roster may be edited, or go away, meanwhile
    with Progress(len(build.due)) as progress:
        results = build.run(progress.show)
    documents = _documents(build, settings) if settings.formats and len(results) == len(build.tasks) else None
    everything = merge(settings.out, results, known, build.cache.as_left)
    complete = everything == [result for result, _ in recorded(settings.out)] and is_whole(settings.out)
    changed = bool(build.due or (documents and documents.made) or not complete)
    source = source_of(project, settings.out, everything)
    if changed or options.edition == PUBLIC:
        try:
            public = options.edition == PUBLIC
            _write_overview(settings.out, project, everything, source, changed=changed, public=public)
        except BaseException as error:
            withdraw(settings.out)
            if not isinstance(error, OSError):
                raise
            said = f"总览和问题清单没有写成（{system_reason(error)}），旧的已经删去；请处理后再次运行。"
            print(said, file=sys.stderr)
            _tell(build, results, None, options.debug)
            return FAILED
    elif source != recorded_source(settings.out):
        # The same inputs, committed meanwhile.
        write_manifest(settings.out, everything, source)
    status = _tell(build, results, settings.out, options.debug)
    if documents is not None and status != INTERRUPTED:
        status = _tell_documents(documents, status)
    if options.verify and status != INTERRUPTED:
        made = [task for task in build.tasks if build.results[task].status.value != "failed"]
        chosen = sample(made, options.verify)
        differences = verify(chosen)
        for difference in differences:
            print(f"  ✖ {difference}")
        print(f"另用标准内核核对了 {len(chosen)} 份：{'有不同，见上' if differences else '逐字节相同'}。")
        status = FAILED if differences else status
    return status


def _write_overview(
    out: Path, project: Project, results: list[Result], source: Source, *, changed: bool, public: bool
) -> None:
    """Writes what lies over all reports; nothing of this is imported while the reports are made or when nothing has changed."""
    from ogi_report.batch.manifest import write_manifest
    from ogi_report.batch.peers import compare
    from ogi_report.batch.readings import collector_at_rest, read_reports
    from ogi_report.batch.summary import write_summary
    from ogi_report.site import write_public_edition, write_site

    with collector_at_rest():
        readings = read_reports(out, results, project)
        if changed:
            comparison = compare(readings, results, project)
            suites = write_summary(out, results, readings, comparison)
            write_site(out, suites, readings, comparison, project)
            write_manifest(out, results, source)
        if public:
            _tell_public(*write_public_edition(out, results, readings, project))


def _tell_public(folder: Path, held: list[str]) -> None:
    if held:
        more = f"等 {len(held)} 份" if len(held) > 5 else f"，共 {len(held)} 份"
        print(f"公开版没有收入未能生成和有必须改正的问题的报告：{'、'.join(held[:5])}{more}。")
    print(f"公开版：{_shown(folder)}（可以整个上传）")


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _documents(build: Build, settings: Settings) -> Documents:
    """Makes what was asked for besides the pages; what this machine cannot make is said, and the rest is made."""
    from ogi_report.batch.documents import make_documents, obstacles, orders
    from ogi_report.batch.progress import Progress
    from ogi_report.documents.formats import BY_NAME

    wanted = list(orders(build, settings.formats))
    hindered = obstacles(settings) if any(order.format == "pdf" for order in wanted) else {}
    possible = [order for order in wanted if order.format not in hindered]
    with Progress(len(possible), "生成文档") as progress:
        done = make_documents(build, possible, settings, progress.step)
    for name, why in hindered.items():
        count = sum(order.format == name for order in wanted)
        done.messages.append(f"{count} 份报告的 {BY_NAME[name].chinese} 没有生成：{why}")
    return done


def _tell_documents(documents: Documents, status: int) -> int:
    """Says what became of the documents; one that was asked for and is not there is a failure of the run."""
    if documents.made:
        print(f"另生成 {len(documents.made)} 个文档（Word、PDF 等），在各报告的公开页旁边。")
    for message in documents.messages:
        print(f"  ⚠ {message}")
    if documents.interrupted:
        print("已中断：其余文档未做；再次运行即可。")
        return INTERRUPTED
    return FAILED if documents.messages else status


def _tell(build: Build, results: list[Result], out: Path | None, debug: bool) -> int:
    from ogi_report.batch import Status

    counted = {status: [r for r in results if r.status is status] for status in Status}
    kept = len(build.tasks) - len(build.due)
    print(
        f"共 {len(build.tasks)} 份报告：{len(counted[Status.OK])} 份完成，{len(counted[Status.ERRORS])} 份有必须改正的问题，"
        f"{len(counted[Status.FAILED])} 份未能生成{f'（其中 {kept} 份没有变动，没有重做）' if kept else ''}。"
    )
    for result in results:
        if result.status is Status.ERRORS:
            print(f"  ✖ {result.year} {result.name}（{result.agency}）：{result.counts['error']} 项必须改正的问题")
        for message in result.messages:
            print(f"  ⚠ {result.year} {result.name}（{result.agency}）：{message}")
        if debug and result.debug:
            print(result.debug, file=sys.stderr)
    if out is not None:
        print(f"总览：{_shown(out / 'index.html')}　问题清单：{_shown(out / 'findings.csv')}")
    if len(results) < len(build.tasks):
        print(f"已中断：完成 {len(results)} 份，其余 {len(build.tasks) - len(results)} 份未做；再次运行即可。")
        return INTERRUPTED
    return OK if len(counted[Status.OK]) == len(build.tasks) else FAILED
