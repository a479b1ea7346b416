"""`ogi-report waive`: lets a finding pass, with a reason, for as long as what was found stays what it is."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.projects import needed_around
from ogi_report.cli.statuses import OK
from ogi_report.errors import UsageError

if TYPE_CHECKING:
    from ogi_report.report import Project, Report
    from ogi_report.rules import Finding


def add_arguments(waive: argparse.ArgumentParser) -> None:
    waive.add_argument("report", metavar="YEAR/AGENCY", help="哪一份报告，如 2024/housing（也可写 data/2024/housing）")
    waive.add_argument(
        "finding",
        nargs="?",
        metavar="FINDING",
        help="哪一个问题：check 列出的序号（3）、规则（T4-SUM），或审核页上的代号（T4-SUM@3f9a21）",
    )
    waive.add_argument(
        "--cells", nargs="+", default=[], metavar="CELL", help="同一规则有几个问题时，由单元格代码或名称指明"
    )
    waive.add_argument("--quote", default="", metavar="TEXT", help="同一规则有几个问题时，由句子中的几个字指明")
    waive.add_argument("--reason", default="", help="为什么可以不改，至少 4 个字")
    waive.add_argument("--by", default="", help="由谁同意")
    waive.add_argument("--on", default=None, metavar="DATE", help="哪一天，如 2025-01-20（默认今天）")
    waive.add_argument("--params", type=Path, default=None, help="参数文件夹（默认为当前项目的 params）")
    waive.add_argument("--data", type=Path, default=None, help="数据文件夹（默认为参数文件夹旁的 data）")
    waive.add_argument("--print", action="store_true", dest="only_print", help="只显示要写的几行，不写入文件")


def command(options: argparse.Namespace) -> int:
    from ogi_report.report import Report
    from ogi_report.report.params import parse_waiver
    from ogi_report.report.waiving import add_waiver, waiver_lines
    from ogi_report.rules.waivers import apply_waivers, binding

    project, agency, year = _which(options)
    report = Report.open(agency, year, project=project)
    if options.finding is None:
        return _list(report)
    finding = _choose(_candidates(report, options.finding), options, report)
    bound = binding(finding, report.figures)
    reason, by, on = options.reason.strip(), options.by.strip(), options.on or date.today().isoformat()
    lines = waiver_lines(bound, reason, by, on)
    if options.only_print:
        print("\n".join(lines))
        return OK
    lacking = [told for given, told in ((reason, '--reason "为什么可以不改"'), (by, '--by "由谁同意"')) if not given]
    if lacking:
        raise UsageError([f"请写明 {' 和 '.join(lacking)}。要豁免的是：", f"  {finding.rule}  {finding.message}"])
    waiver = parse_waiver({**vars(bound), "reason": reason, "by": by, "on": on})
    (now,), _ = apply_waivers([finding], [waiver], report.figures)
    assert now.waived is not None, "a waiver holds for what it was made from"
    file = project.params_file(agency, year)
    line = add_waiver(file, project.shown(file), bound, waiver)
    print(f"✓ {project.shown(file)} 第 {line} 行起：")
    print("\n".join(f"    {text}" for text in lines))
    print(f"已豁免：[{finding.severity.chinese}] {finding.rule}  {finding.message}")
    print("问题仍会列出，标明已豁免；记下的值或句子一改，豁免自动失效，并会说明。")
    return OK


def _which(options: argparse.Namespace) -> tuple[Project, str, int]:
    """The project, and the report that is meant by `2024/housing` or by its data folder."""
    parts = Path(options.report).parts
    if len(parts) < 2 or not parts[-2].isdecimal():
        raise UsageError(f"“{options.report}”应写作 年度/机构代码，如 2024/housing。")
    project = needed_around(options.params, options.data, "请在项目文件夹中运行，或用 --params 指明参数文件夹")
    return project, Path(parts[-1]).stem, int(parts[-2])


def _list(report: Report) -> int:
    """What may be waived, numbered as `check` does."""
    from ogi_report.rules.waivers import binding

    findings = report.check()
    open_ones = [(number, f) for number, f in enumerate(findings, start=1) if f.waived is None]
    print(f"{report.name} {report.year} 年：{len(open_ones)} 个问题没有豁免。")
    for number, f in open_ones:
        print(f"{number:>3}. [{f.severity.chinese}] {binding(f, report.figures).mark}  {f.message}")
    for use in findings.waivers:
        told = {"in_force": "有效", "lapsed": f"已失效：{use.why}", "unused": f"没有用到：{use.why}"}[use.state.value]
        print(f"  ○ 已写的豁免 {use.waiver.rule}（{use.waiver.by}，{use.waiver.on}，{use.waiver.reason}）：{told}")
    if open_ones:
        print(f'豁免其中一个：ogi-report waive {report.year}/{report.agency} 序号或代号 --reason "理由" --by "审核人"')
    return OK


def _candidates(report: Report, named: str) -> list[Finding]:
    """The findings among which one is chosen: the report's own or, for rules on several agencies, those of its peers."""
    from ogi_report.rules.among_peers import PEER_RULES

    rule = named.partition("@")[0]
    if rule in {peer.id for peer in PEER_RULES}:
        return _beside_its_peers(report)
    return list(report.check())


def _beside_its_peers(report: Report) -> list[Finding]:
    """What the reports of the year show of this one when held against each other."""
    from ogi_report.errors import OgiError
    from ogi_report.report import Report
    from ogi_report.rules import check_peers
    from ogi_report.rules.waivers import apply_waivers

    contexts = [report.context]
    for agency, year in report.project.agency_years():
        if year == report.year and agency != report.agency:
            try:
                contexts.append(Report.open(agency, year, project=report.project).context)
            except OgiError:
                continue  # its own check says what is wrong with it
    found = check_peers(contexts)[report.agency, report.year].findings
    return apply_waivers(found, report.waivers, report.figures)[0]


def _choose(findings: Sequence[Finding], options: argparse.Namespace, report: Report) -> Finding:
    """The one finding that is meant, or what to write so that one is.

    Raises:
        UsageError: there is none, it has been waived already, or there are several.
    """
    named = options.finding
    if named.isdecimal():
        if not 1 <= int(named) <= len(findings):
            raise UsageError(f"没有第 {named} 个问题；现有 {len(findings)} 个，用 ogi-report check 查看。")
        found = [findings[int(named) - 1]]
    else:
        found = _named(findings, named, report)
        cells = {_cell(text, report) for text in options.cells}
        found = [f for f in found if cells <= set(f.cells) and options.quote in f"{f.quote or ''}{f.message}"]
        if not found:
            raise UsageError(f"{named} 的问题中没有涉及所指单元格、句子的；请去掉 --cells、--quote 再看。")
    left = [f for f in found if f.waived is None]
    if not left:
        told = found[0].waived or {}
        raise UsageError(f"这个问题已经豁免（{told['by']}，{told['on']}：{told['reason']}），没有重复写入。")
    if len(left) > 1:
        raise UsageError([f"{named} 有 {len(left)} 个问题，请用代号指明是哪一个：", *_told(left, report)])
    return left[0]


def _named(findings: Sequence[Finding], named: str, report: Report) -> list[Finding]:
    from difflib import get_close_matches

    from ogi_report.rules.waivers import binding

    rule, _, mark = named.partition("@")
    same = [f for f in findings if f.rule == rule]
    if not same:
        close = get_close_matches(rule.upper(), {f.rule for f in findings}, n=1, cutoff=0.7)
        hint = f"您是不是要写 {close[0]}？" if close else ""
        raise UsageError(
            f"{report.name} {report.year} 年没有 {rule} 这个问题；{hint}用 ogi-report check 查看现有的问题。"
        )
    if not mark:
        return same
    found = [f for f in same if binding(f, report.figures).mark == named]
    if not found:
        now = [f for f in same if f.waived is None]
        raise UsageError([f"没有代号为 {named} 的问题：数据或文字改过以后代号会变。现有：", *_told(now, report)])
    return found


def _told(findings: Sequence[Finding], report: Report) -> list[str]:
    from ogi_report.rules.waivers import binding

    return [f"  {binding(f, report.figures).mark}  {f.message}" for f in findings] or ["  （没有）"]


def _cell(text: str, report: Report) -> str:
    """The cell that is meant by its key or by the name that narratives use.

    Raises:
        UsageError: there is no such cell.
    """
    from difflib import get_close_matches

    names = {spec.name: key for key, spec in report.form.cells.items()}
    if text in report.form.cells:
        return text
    if text in names:
        return names[text]
    close = get_close_matches(text, [*report.form.cells, *names], n=1)
    hint = f"您是不是要写 {close[0]}？" if close else ""
    raise UsageError(f"没有“{text}”这个单元格；{hint}代码和名称见 docs/codebook.md。")
