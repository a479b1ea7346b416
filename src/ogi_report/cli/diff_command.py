"""`ogi-report diff`: two builds, years, agency-years or files compared."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.statuses import OK
from ogi_report.errors import UsageError

if TYPE_CHECKING:
    from ogi_report.cli.sides import Pairs


def add_arguments(diff: argparse.ArgumentParser) -> None:
    for name in ("a", "b"):
        diff.add_argument(
            name,
            type=Path,
            metavar=name.upper(),
            help="生成结果的文件夹 build、数据文件夹 data/2023 或 data/2023/kejing、已公布的报告，或 check --format json 的输出",
        )
    diff.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON（默认文字）")
    diff.add_argument("--html", type=Path, default=None, metavar="OUT", help="另把比较写成一个网页")
    diff.add_argument("--full", action="store_true", help="比较多份报告时也逐项列出（默认每份一行）")
    diff.add_argument("--repeat", default="50", metavar="PERCENT", help="重复率超过百分之几的章加标记（默认 50）")
    diff.add_argument(
        "--year",
        type=int,
        nargs="+",
        default=[],
        metavar="YEAR",
        help="报告没有写明年度时，由此指明；A、B 不同时写两个",
    )
    diff.add_argument("--agency", default=None, help="只比较这个机构；已公布的报告没有写明机关全称时，由此指明机构代码")
    diff.add_argument("--params", type=Path, default=None, help="参数文件夹（默认为数据文件夹旁的 params）")


def command(options: argparse.Namespace) -> int:
    from ogi_report.cli.sides import open_sides, paired

    repeat = _percent(options.repeat)
    years = [*options.year, *options.year][:2] if options.year else [None, None]
    if len(options.year) > 2:
        raise UsageError("--year 至多写两个年度：A 的和 B 的。")
    sides = [
        open_sides(path, year=year, agency=options.agency, params=options.params)
        for path, year in zip((options.a, options.b), years, strict=True)
    ]
    pairs = paired(*sides)
    if options.format == "json":
        from ogi_report.report.fragment import dump_json

        print(dump_json(pairs.as_json(), indent=1))
    else:
        _print(pairs, repeat, options.full or len(pairs.compared) == 1)
    if options.html is not None:
        _write_page(options.html, pairs, repeat)
        if options.format == "text":
            print(f"网页：{options.html}")
    return OK


def _percent(text: str) -> Decimal:
    try:
        value = Decimal(text.rstrip("%％"))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 100:
        raise UsageError(f"--repeat 写的是“{text}”；应为 0 到 100 的数，如 --repeat 50。")
    return value


def _print(pairs: Pairs, repeat: Decimal, full: bool) -> None:
    from ogi_report.comparison.text import lines, summary_line

    for number, compared in enumerate(pairs.compared):
        if full:
            print("\n" * bool(number) + "\n".join(lines(compared, repeat)))
        else:
            years = (
                f"{compared.a.year} → {compared.b.year}" if compared.a.year != compared.b.year else f"{compared.b.year}"
            )
            print(f"{compared.b.name}（{compared.b.agency}）{years} 年：{summary_line(compared, repeat)}")
    for line in pairs.remarks:
        print(line)


def _write_page(path: Path, pairs: Pairs, repeat: Decimal) -> None:
    from html import escape

    from ogi_report.comparison.text import summary_line
    from ogi_report.notebook.page import internal_page
    from ogi_report.report.comparing import compared_html
    from ogi_report.writers.files import write_atomically

    title = "年度报告比较"
    contents = "".join(
        f'<li><a href="#r{n}">{escape(compared.b.name)} {compared.b.year} 年</a>：{escape(summary_line(compared, repeat))}</li>'
        for n, compared in enumerate(pairs.compared)
    )
    parts = [f"<ul>{contents}</ul>"] if len(pairs.compared) > 1 else []
    parts += [f"<p>{escape(line)}</p>" for line in pairs.remarks]
    parts += [
        f'<h2 id="r{n}">{escape(compared.b.name)} {compared.b.year} 年</h2>{compared_html(compared, repeat)}'
        for n, compared in enumerate(pairs.compared)
    ]
    write_atomically(path, internal_page(title, "\n".join(parts)))
