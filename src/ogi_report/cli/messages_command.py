"""`ogi-report messages`: what each agency has to do, ready to send, from a finished build."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.statuses import FAILED, OK
from ogi_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ogi_report.batch.run import Result
    from ogi_report.messages.write import Message
    from ogi_report.report import Project


def add_arguments(messages: argparse.ArgumentParser) -> None:
    messages.add_argument("--out", type=Path, default=Path("build"), help="已生成的结果（默认 build），信写在其中的 messages")
    messages.add_argument("--year", type=int, action="append", default=[], help="只写这个年度（可重复；默认为最近的年度）")
    messages.add_argument("--agency", action="append", default=[], help="只写给这个机构（可重复；不写总览）")
    messages.add_argument("--params", type=Path, default=Path("params"), help="参数文件夹（默认 params）")
    messages.add_argument("--data", type=Path, default=Path("data"), help="数据文件夹（默认 data）")
    messages.add_argument("--notes", action="store_true", help="只有提示的机构也写")
    messages.add_argument("--reply-by", metavar="DATE", default=None, help="请各单位在哪一天前交回，如 2025-01-20")
    messages.add_argument("--sign", default="", metavar="TEXT", help="落款，如“区政务公开办　电话 000-0000001”")
    messages.add_argument("--office", default="", metavar="EMAIL", help="总览发给谁")
    messages.add_argument("--maintainer", default="", metavar="EMAIL", help="程序出错的情况发给谁")
    messages.add_argument(
        "--send-with", default=None, metavar="COMMAND", help="写好以后，用这个程序逐封发送：最后一个参数是信的路径（.eml）"
    )
    messages.add_argument("--again", action="store_true", help="同样的内容发过的也再发一次")


def command(options: argparse.Namespace) -> int:
    from ogi_report.batch.manifest import earlier
    from ogi_report.messages.write import FOLDER, write_messages
    from ogi_report.report import Project

    sender = _sender(options)
    project = Project(options.params.resolve(), options.data.resolve())
    results = earlier(options.out)
    if not results:
        raise UsageError(f"{options.out} 中没有已生成的结果；请先运行 ogi-report run，或用 --out 指明。")
    years = sorted(set(options.year) or {max(result.year for result in results)}, reverse=True)
    unknown = [str(year) for year in years if year not in {result.year for result in results}]
    if unknown:
        raise UsageError(f"{options.out} 中没有 {'、'.join(unknown)} 年度的结果。")
    for agency in options.agency:
        project.body(agency)
    messages = _compose(options, project, [r for r in results if r.year in years], sender)
    folder = options.out / FOLDER
    if options.agency:
        messages = [message for message in messages if message.about and message.about[0] in options.agency]
    write_messages(folder, messages, () if options.agency else years, whole=not options.agency)
    _tell(messages, folder)
    return _send(options, folder, messages) if options.send_with is not None else OK


def _sender(options: argparse.Namespace) -> object:
    from ogi_report.messages.letter import address
    from ogi_report.messages.wording import Sender

    for name in ("office", "maintainer"):
        given = getattr(options, name)
        if given and not address(given):
            raise UsageError(f"--{name} 写的是“{given}”，不像邮箱地址。")
    reply_by = None
    if options.reply_by is not None:
        try:
            reply_by = date.fromisoformat(options.reply_by)
        except ValueError:
            raise UsageError(f"--reply-by 写的是“{options.reply_by}”，日期应写作 2025-01-20 的样子。") from None
    return Sender(reply_by, options.sign, options.office, options.maintainer)
