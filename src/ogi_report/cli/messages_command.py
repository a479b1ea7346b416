"""`ogi-report messages`: what each agency has to do, ready to send, from a finished build."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.statuses import FAILED, OK
from ogi_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ogi_report.batch.result import Result
    from ogi_report.messages.content import ToAgency
    from ogi_report.messages.wording import Sender
    from ogi_report.messages.write import Message
    from ogi_report.report import Project


def add_arguments(messages: argparse.ArgumentParser) -> None:
    messages.add_argument(
        "--out", type=Path, default=Path("build"), help="已生成的结果（默认 build），信写在其中的 messages"
    )
    messages.add_argument(
        "--year", type=int, action="append", default=[], help="只写这个年度（可重复；默认为最近的年度）"
    )
    messages.add_argument("--agency", action="append", default=[], help="只列出、只发给这个机构（可重复）")
    messages.add_argument("--params", type=Path, default=Path("params"), help="参数文件夹（默认 params）")
    messages.add_argument("--data", type=Path, default=Path("data"), help="数据文件夹（默认 data）")
    messages.add_argument("--notes", action="store_true", help="只有提示的机构也写")
    messages.add_argument("--reply-by", metavar="DATE", default=None, help="请各单位在哪一天前交回，如 2025-01-20")
    messages.add_argument("--sign", default="", metavar="TEXT", help="落款，如“区政务公开办　电话 000-0000001”")
    messages.add_argument("--office", default="", metavar="EMAIL", help="总览发给谁")
    messages.add_argument("--maintainer", default="", metavar="EMAIL", help="程序出错的情况发给谁")
    messages.add_argument(
        "--send-with",
        default=None,
        metavar="COMMAND",
        help="写好以后，用这个程序逐封发送：最后一个参数是信的路径（.eml）",
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
    chosen = [result for result in results if result.year in years]
    outdated = {(r.agency, r.year) for r in chosen if _has_changed(r, project)}
    messages = _compose(options, project, chosen, sender, outdated)
    folder = options.out / FOLDER
    write_messages(folder, messages, years)
    if options.agency:
        messages = [m for m in messages if m.about is not None and m.about[0] in options.agency]
    _tell(messages, folder, outdated)
    if options.send_with is None:
        return OK
    return _send(options, folder, [m for m in messages if m.about not in outdated])


def _sender(options: argparse.Namespace) -> Sender:
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


def _has_changed(result: Result, project: Project) -> bool:
    """Whether a report's own files are others than those that the build has read."""
    from ogi_report.report.provenance import data_files, marks_of

    agency, year = result.agency, result.year
    folder = project.data_folder(agency, year)
    now = marks_of(project, [project.params_file(agency, year), *data_files(project, agency, year)])
    own = {name: mark for name, mark in result.inputs.items() if name in now or name.startswith(project.shown(folder))}
    return bool(result.inputs) and own != now


def _compose(
    options: argparse.Namespace,
    project: Project,
    results: Sequence[Result],
    sender: Sender,
    outdated: Collection[tuple[str, int]],
) -> list[Message]:
    from ogi_report.batch.peers import compare
    from ogi_report.batch.readings import read_reports
    from ogi_report.messages.content import failures, to_agencies, to_office
    from ogi_report.messages.write import compose
    from ogi_report.site.overview import overview

    readings = read_reports(options.out, results, project)
    whole = overview(results, project)
    agencies = [
        _with_workbook(told, project, outdated)
        for told in to_agencies(whole, results, readings, with_notes=options.notes)
    ]
    office = to_office(whole, results, compare(readings, results, project))
    return compose(agencies, office, failures(results), sender)


def _with_workbook(told: ToAgency, project: Project, outdated: Collection[tuple[str, int]]) -> ToAgency:
    """An agency that handed in our workbook gets it back with the findings in it."""
    from ogi_report.errors import OgiError
    from ogi_report.forms.workbook import FILE_NAME
    from ogi_report.report.filled_in import open_workbook

    agency, year = told.body.agency, told.year
    path = project.data_folder(agency, year) / FILE_NAME
    if (agency, year) in outdated or not told.files or not path.is_file():
        return told
    try:
        filled = open_workbook(path, project=project, agency=agency, year=year)
        content = filled.returned(filled.report.check())
    except OgiError:
        return told  # it was readable when the build was made; the letter says what has to be mended
    return replace(told, marked_up=content)


def _tell(messages: Sequence[Message], folder: Path, outdated: Collection[tuple[str, int]]) -> None:
    from ogi_report.messages.letter import one_line

    agencies = [message for message in messages if message.kind == "agency"]
    print(f"写好 {len(agencies)} 封给单位的信{'，另有' if len(agencies) < len(messages) else '。'}", end="")
    named = {"office": "总览", "maintainer": "给维护人员的信"}
    others = [f"{named[m.kind]} {folder / m.stem}.txt" for m in messages if m.kind != "agency"]
    print(f"{'、'.join(others)}。" if others else "")
    for message in agencies:
        told = "" if message.letter.to else "（没有邮箱）"
        print(f"  {folder / message.stem}.txt　{one_line(message.letter.subject)}{told}")
    for message in agencies:
        if message.about is not None and message.about in outdated:
            print(
                f"  ⚠ {message.about[1]} {one_line(message.letter.greeting)}：数据在生成以后又改过，请重新运行 ogi-report run 再写信。"
            )


def _send(options: argparse.Namespace, folder: Path, messages: Sequence[Message]) -> int:
    from ogi_report.messages.send import send

    sent, status = 0, OK
    for sending in send(folder, messages, options.send_with, again=options.again):
        if not sending.why:
            sent += 1
        else:
            print(f"  {'✖' if sending.failed else '—'} {sending.message.draft}：没有发送，{sending.why}")
        status = FAILED if sending.failed else status
    print(f"已发送 {sent} 封。")
    return status
