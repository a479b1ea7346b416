"""A new year's files for an agency: settings, figures that follow from last year's report, and a frame for the words.

What last year's report says stands in comments of narrative.md, which are never printed: it cannot pass for this year's
text. Copied out of them and left as it is, it is found by XY-TEXT.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ogi_report.errors import OgiError
from ogi_report.figures import Figures
from ogi_report.forms import Section, form_for_year
from ogi_report.forms.workbook import FILE_NAME
from ogi_report.ledger import Application, Ledger
from ogi_report.ledger.roles import APPLICATIONS, REMEDIES
from ogi_report.readers import LEDGERS
from ogi_report.report.params import Params
from ogi_report.report.project import Project
from ogi_report.report.report import Report
from ogi_report.report.roster import Body
from ogi_report.report.workbooks import prefilled_form
from ogi_report.rules.publication import deadline
from ogi_report.rules.words import in_part
from ogi_report.writers import write_table_csv
from ogi_report.writers.files import write_atomically
from ogi_report.writers.ledger import write_ledger_csv
from ogi_report.writers.workbook import FormContent, write_workbook

NARRATIVE = "narrative.md"
LEDGER = LEDGERS[0]
_TO_WRITE = (1, 5)
"""Chapters that nobody can generate; the others have a text made from the figures where nothing is written."""
_HINTS = {
    1: "概述本年主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面的工作。",
    5: "写主要问题和改进情况两个方面；上年所列的问题，写明改进的结果。",
    6: "写信息处理费（发出收费通知的件数、金额和实际收取的金额）；参数文件里填了 fee，就会自动写出。",
}


@dataclass(frozen=True)
class Scaffold:
    """What is made for one agency-year: `files` are written, `kept` were there before and are left alone."""

    agency: str
    year: int
    files: Mapping[Path, bytes]
    kept: tuple[Path, ...] = ()
    prefilled: int = 0
    remarks: tuple[str, ...] = ()

    def write(self) -> None:
        """Writes the files, the settings last: only with these does a run look for the report."""
        for path in sorted(self.files, key=lambda path: path.suffix == ".yaml"):
            if not path.exists():
                write_atomically(path, self.files[path])


@dataclass
class _Plan:
    """Files to be made, as long as they are not there."""

    files: dict[Path, bytes] = field(default_factory=dict)
    kept: list[Path] = field(default_factory=list)

    def add(self, path: Path, content: str | bytes) -> None:
        """Takes in a file; one that exists is left alone."""
        if path.exists():
            self.kept.append(path)
        else:
            self.files[path] = content.encode() if isinstance(content, str) else content


def scaffold(project: Project, agency: str, year: int, *, workbook: bool = False) -> Scaffold:
    """Returns what `ogi-report new` makes for an agency; nothing is written yet, and nothing that exists will be.

    Args:
        workbook: one fill-in workbook in place of CSV files and narrative.md.

    Raises:
        ConfigError: the agency is not in the roster.
    """
    body, form = project.body(agency), form_for_year(year)
    content = prefilled_form(project, agency, year, form)
    last = _last_year(project, agency, year)
    folder = project.data_folder(agency, year)
    plan = _Plan()
    plan.add(project.params_file(agency, year), _params(body, year, last.params if last is not None else None))
    remarks = []
    there = [folder / name for name in (FILE_NAME, *LEDGERS) if (folder / name).exists()]
    tables = [folder / f"{table.key}.csv" for table in form.tables]
    if workbook and (found := [path for path in (*tables, folder / NARRATIVE, *there) if path.exists()]):
        plan.kept += found
    elif workbook:
        plan.add(folder / FILE_NAME, write_workbook(content))
    elif folder / FILE_NAME in there:
        plan.kept += there
    else:
        ledger = last.ledger if last is not None else None
        remarks += list(_add_tables(plan, folder, content.figures, ledger, year, there))
        plan.add(folder / NARRATIVE, _narrative(content))
    made = {path.name for path in plan.files}
    prefilled = [key for key in content.prefilled if FILE_NAME in made or f"{key.partition('.')[0]}.csv" in made]
    return Scaffold(agency, year, plan.files, tuple(plan.kept), len(prefilled), tuple(remarks))


def _last_year(project: Project, agency: str, year: int) -> Report | None:
    """Last year's report, where it can be read; else its own check says what is wrong with it."""
    if not project.params_file(agency, year - 1).is_file():
        return None
    try:
        return Report.open(agency, year - 1, project=project)
    except OgiError:
        return None


def _add_tables(
    plan: _Plan, folder: Path, figures: Figures, last: Ledger | None, year: int, there: list[Path]
) -> Iterator[str]:
    """The tables, or the ledger that some of them come from; yields what has to be said about it."""
    by_ledger: tuple[str, ...] = ()
    if there:
        plan.kept += there
        by_ledger = (APPLICATIONS, REMEDIES)
    elif last is not None and not any((folder / f"{key}.csv").exists() for key in last.speaks_of):
        by_ledger = last.speaks_of
        still = [application for application in last.applications if _is_carried_over(application, year)]
        plan.add(folder / LEDGER, write_ledger_csv(still, figures.form, last.groups))
        yield f"上年用台账，{LEDGER} 中先列了 {len(still)} 件没有办结或还在复议、诉讼的申请"
    for table in figures.form.tables:
        if table.key not in by_ledger:
            plan.add(folder / f"{table.key}.csv", "\ufeff" + write_table_csv(figures, table.key))


def _is_carried_over(application: Application, year: int) -> bool:
    """Whether this year's ledger still has to have an application: it, or a remedy, was undecided when last year ended."""
    before = year - 1
    closed = application.closed_on is not None and application.closed_on.year <= before
    return not closed or any(remedy.is_pending(before, before) for remedy in application.remedies)


# -- settings ------------------------------------------------------------------------------------------------------------


def _params(body: Body, year: int, last: Params | None) -> str:
    """The settings: those that do not change from year to year as they were, the others to be filled in."""
    lines = [
        f"# {year} 年度。前面有 # 号的行不起作用；要用就去掉 # 号，填上内容。",
        f"agency: {body.agency}",
        f"year: {year}",
    ]
    if last is not None and last.scope != "own":
        lines.append(f"scope: {last.scope}")
    if last is not None and last.notebook is not None:
        lines.append(f"notebook: {last.notebook}")
    scope = last.scope if last is not None else "own"
    known = body.level is not None or scope != "own"
    limit = f"，不晚于 {deadline(year, body.level or '', scope).isoformat()}" if known else ""
    lines += [
        f"# published_on: {year + 1}-01-20   # 公布日期{limit}",
        '# index_no: ""   # 索引号',
        "# fee:   # 信息处理费：发出收费通知的件数，通知和实际收取的金额（元）；没有的写 0",
        "#   notices: 0",
        "#   amount_notified_yuan: 0",
        "#   amount_collected_yuan: 0",
    ]
    return "\n".join(lines) + "\n"


# -- words ---------------------------------------------------------------------------------------------------------------


def _narrative(content: FormContent) -> str:
    """Headings and comments: what is to be written, and what last year's report said there."""
    form, year = content.form, content.year
    blocks = [_comment(_about(content))]
    if said := content.words.last_year.get(0, ()):
        blocks.append(
            _comment([*_said_last_year(year, said), "引言可以不写，会按名录自动生成；要写，就写在第一章之前。"])
        )
    for section in form.sections:
        said = content.words.last_year.get(section.number, ())
        blocks += _chapter(section, year, said)
    return "\n\n".join(blocks) + "\n"


def _about(content: FormContent) -> list[str]:
    year = content.year
    lines = [
        f"本文件写{content.name} {year} 年度报告的文字。像这样夹在花括号和井号之间的，是提示，不会印出来；不用的可以删去。",
        "文中的数不必抄写：写 {{ 本年新收 }} 这样的名称，就会填上表里的数；名称见程序文档的“单元格代码”。",
    ]
    if content.prefilled:
        shown = in_part([f"“{content.form.cells[key].label}”" for key in content.prefilled], "格", limit=3)
        lines.append(f"各表中已按 {year - 1} 年的报告预填：{shown}；请核对。其余的格是空白，没有的请填 0。")
    for table, rows in content.own_rows.items():
        if rows:
            names = "、".join(f"“{row.label}”（代码 {row.key}）" for row in rows)
            lines.append(f"上年在 {table}.csv 中自行增加了{names}；今年还要的，请照样加一行。")
    return lines


def _chapter(section: Section, year: int, said: tuple[str, ...]) -> list[str]:
    hint = [_HINTS[section.number]] if section.number in _HINTS else []
    if section.number in _TO_WRITE:
        return [f"## {section.title}", _comment([*hint, *_said_last_year(year, said)])]
    optional = [
        f"{section.title}：可以不写，会按表中的数生成。要写，就把下面一行移到花括号外面，顶格，在它下面写：",
        f"   ## {section.title}",
    ]
    return [_comment([*optional, *hint, *_said_last_year(year, said)])]


def _said_last_year(year: int, said: tuple[str, ...]) -> list[str]:
    if not said:
        return []
    return [
        f"上年（{year - 1} 年）写的是（只供参考；照抄而不改会被指出）：",
        *(f"   {line}" for line in said if line.strip()),
    ]


def _comment(lines: list[str]) -> str:
    """Lines as a comment of the template language; each is indented, so that none is taken for a heading."""
    inner = "\n".join(f"   {line.replace('#}', '＃}')}" for line in lines)
    return f"{{#\n{inner}\n#}}"
