"""`ogi-report ledger`: what a ledger of applications adds up to, line by line, and what is overdue."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from ogi_report.cli.statuses import OK
from ogi_report.errors import UsageError


def add_arguments(ledger: argparse.ArgumentParser) -> None:
    ledger.add_argument(
        "path",
        type=Path,
        metavar="PATH",
        help="台账文件（CSV 或 xlsx），或放有 ledger.csv 的数据文件夹 data/<年度>/<机构>",
    )
    ledger.add_argument("--year", type=int, default=None, help="年度（数据文件夹已写明的可省略）")
    ledger.add_argument(
        "--trace",
        action="append",
        default=[],
        metavar="CELL",
        help="追溯一格由哪些行得出，如 本年新收 或 applications.received.total",
    )
    ledger.add_argument("--overdue", action="store_true", help="列出超过法定答复期限的申请")
    ledger.add_argument(
        "--on", default=None, metavar="DATE", help="未办结的申请截至哪一天，如 2025-01-20（默认为年底）"
    )


def command(options: argparse.Namespace) -> int:
    from ogi_report.forms import form_for_year
    from ogi_report.forms.workbook import FILE_NAME
    from ogi_report.readers import LEDGERS, read_ledger
    from ogi_report.report import ledger_views
    from ogi_report.writers import write_text_table

    places = [options.path / name for name in (*LEDGERS, FILE_NAME)] if options.path.is_dir() else [options.path]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise UsageError(f"找不到台账 {' 或 '.join(str(place) for place in places)}。")
    year = options.year or _year_of(path)
    ledger = read_ledger(path, form_for_year(year), year, path.name)
    print(f"台账 {ledger_views.summary(ledger, year)}。")
    for cell in options.trace:
        print(ledger_views.trace_view(ledger, cell, year))
    if options.overdue:
        print(ledger_views.overdue_view(ledger, year, _day(options.on)))
    if not options.trace and not options.overdue:
        figures = ledger.tables(year).figures
        for table in ledger.speaks_of:
            spec = ledger.form.table(table)
            print(f"\n{spec.name}　{spec.title}\n{write_text_table(figures.grid(table))}")
    return OK


def _year_of(path: Path) -> int:
    """The year of the folder `data/<年度>/<机构>` that a ledger stands in."""
    name = path.resolve().parent.parent.name
    if not (name.isdecimal() and len(name) == 4):
        raise UsageError(f"{path} 不在 data/<年度>/<机构> 的文件夹中；请用 --year 指明年度，如 --year 2024。")
    return int(name)


def _day(text: str | None) -> date | None:
    from ogi_report.readers.dates import NotADay, read_day

    if text is None:
        return None
    try:
        return read_day(text)
    except NotADay as error:
        raise UsageError(f"--on 写的是“{text}”，{error}；请写成 2025-01-20 的样子。") from None
