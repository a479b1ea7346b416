"""`ogi-report audit`: reads, checks and compares all published reports of a folder."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
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

    from ogi_report.audit import AuditSettings, Row, audit
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
        bar.append(tqdm(total=number, unit="份", desc="读取报告", disable=not sys.stderr.isatty()))

    def show(row: Row) -> None:
        bar[0].update(1)
        if row.status != READ:
            tqdm.write(f"⚠ {row.file}：{' '.join(row.messages)}", file=sys.stderr)

    rows = audit(settings, started, show)
    bar[0].close()
    write_outputs(settings, rows)
    page = _page(options.notebook, settings.out)
    read = sum(row.status == READ for row in rows)
    print(f"共 {len(rows)} 个文件：已读 {read} 个，{len(rows) - read} 个没有读出。")
    print(f"总览：{page}　问题清单：{settings.out / 'findings.csv'}　数据：{settings.out / 'figures.parquet'}")
    broken = any(row.counts and row.counts["error"] for row in rows)
    return FAILED if broken or read < len(rows) else OK


def _page(notebook: Path | None, out: Path) -> Path:
    """The overview, made by executing a notebook like any other."""
    import nbformat

    from ogi_report.audit.results import FOLDER_VARIABLE
    from ogi_report.notebook.execute import execute
    from ogi_report.notebook.exporter import PublicExporter
    from ogi_report.writers.files import write_atomically

    notebook = notebook or Path("notebooks/audit.ipynb")
    if not notebook.is_file():
        raise UsageError(f"找不到笔记本 {notebook}；请在项目文件夹中运行，或用 --notebook 指明。数据已写入 {out}。")
    os.environ[FOLDER_VARIABLE] = str(out.resolve())
    with tempfile.TemporaryDirectory() as folder:
        executed = execute(notebook, {}, Path(folder) / "audit.ipynb")
    write_atomically(out / "audit.ipynb", nbformat.writes(executed.notebook) + "\n")
    write_atomically(out / "index.html", PublicExporter().from_notebook_node(executed.notebook)[0])
    if executed.failure is not None:
        raise UsageError(f"总览没有做完：{executed.failure}。数据已写入 {out}。")
    return out / "index.html"
