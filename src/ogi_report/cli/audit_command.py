"""`ogi-report audit`: reads, checks and compares all published reports of a folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ogi_report.cli.statuses import FAILED, OK
from ogi_report.errors import UsageError


def add_arguments(audit: argparse.ArgumentParser) -> None:
    audit.add_argument("folder", type=Path, metavar="FOLDER", help="已公布报告所在的文件夹（含下级文件夹）")
    audit.add_argument("--out", type=Path, default=Path("build/audit"), help="输出文件夹（默认 build/audit）")
    audit.add_argument("--year", type=int, default=None, help="全部报告的年度；不写则从报告和文件名中读出")
    audit.add_argument("--params", type=Path, default=None, help="名录所在的参数文件夹（可不写）")
    audit.add_argument("--notebook", type=Path, default=None, help="总览用的笔记本（默认 notebooks/audit.ipynb）")
    audit.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="同时读几份（默认等于处理器核数）")
    audit.add_argument("--timeout", type=float, default=60.0, help="每个文件最多用的秒数（默认 60）")
    audit.add_argument("--force", action="store_true", help="全部重新读（默认只读新增和改动过的文件）")


def command(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from ogi_report.audit import AuditSettings, Row, audit, write_page
    from ogi_report.audit.files import READ
    from ogi_report.audit.outputs import write_outputs

    if options.jobs < 1:
        raise UsageError("--jobs 至少是 1。")
    if options.timeout <= 0:
        raise UsageError("--timeout 应当大于 0。")
    settings = AuditSettings(
        options.folder,
        options.out,
        options.jobs,
        options.year,
        options.params.resolve() if options.params is not None else None,
        options.timeout,
        options.force,
    )
    bar: list[tqdm] = []  # type: ignore[type-arg]  # generic in its stubs only

    def started(number: int) -> None:
        tqdm.monitor_interval = 0  # its thread would keep this process from forking
        bar.append(tqdm(total=number, unit="份", desc="读取报告", disable=not sys.stderr.isatty()))

    def show(row: Row) -> None:
        bar[0].update(1)
        if row.status != READ:
            tqdm.write(f"⚠ {row.file}：{' '.join(row.messages)}", file=sys.stderr)

    rows = audit(settings, started, show)
    bar[0].close()
    write_outputs(settings, rows)
    page = write_page(options.notebook or Path("notebooks/audit.ipynb"), settings.out)
    read = sum(row.status == READ for row in rows)
    print(f"共 {len(rows)} 个文件：已读 {read} 个，{len(rows) - read} 个没有读出。")
    print(f"总览：{page}　问题清单：{settings.out / 'findings.csv'}　数据：{settings.out / 'figures.parquet'}")
    broken = any(row.counts and row.counts["error"] for row in rows)
    return FAILED if broken or read < len(rows) else OK
