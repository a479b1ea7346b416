"""How the messages are worded: short plain sentences that a clerk can act on, in official words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ogi_report.batch.result import Fault
from ogi_report.in_words import chinese_date
from ogi_report.messages.content import CellTold, Failure, FindingTold, ToAgency, ToOffice
from ogi_report.messages.letter import Item, Letter, Section, address
from ogi_report.report.roster import Body
from ogi_report.rules.rule import ERROR, NOTE, WARNING
from ogi_report.site.overview import Entry, State

REPORT = "政府信息公开工作年度报告"
MAIL_COLUMN = "email"
"""The roster's column of mail addresses, which an office may add."""


@dataclass(frozen=True)
class Sender:
    """Who writes: the day by which an answer is wanted, the signature, and the addresses of those who get the overviews."""

    reply_by: date | None = None
    signature: str = ""
    office: str = ""
    maintainer: str = ""


# -- to an agency -------------------------------------------------------------------------------------------------------


def agency_letter(told: ToAgency, sender: Sender) -> Letter:
    """What one agency has to do."""
    if told.state is State.MISSING:
        parts = _missing(told, sender)
    elif told.unreadable:
        parts = _unreadable(told, sender)
    else:
        parts = _findings(told, sender)
    subject = f"{told.year} 年度{REPORT}：{_gist(told)}（{told.body.name}）"
    to = address(told.body.extra.get(MAIL_COLUMN))
    return Letter(subject, told.body.name, tuple(parts), sender.signature, to)


def _gist(told: ToAgency) -> str:
    if told.state is State.MISSING:
        return "逾期未报送" if told.late else "尚未报送"
    if told.unreadable:
        return "报送的文件读不出来，请改好重报"
    counted = [(len(told.errors), "项必须改正"), (len(told.warnings), "项请改正或说明"), (len(told.notes), "项提示")]
    grave = [f"{number} {words}" for number, words in counted[:2] if number]
    return "，".join(grave) or f"{counted[2][0]} {counted[2][1]}"


def _missing(told: ToAgency, sender: Sender) -> list[Section]:
    first = f"还没有收到贵单位 {told.year} 年度{REPORT}的数据和文字。"
    how = "已经报送的，请告诉我们是什么时候、怎样报送的。"
    return [Section(paragraphs=(first, *_days(told, sender, "报送"), how))]


def _unreadable(told: ToAgency, sender: Sender) -> list[Section]:
    first = f"贵单位 {told.year} 年度{REPORT}的文件已经收到，但读不出来，没有生成报告，也还没有核对。"
    return [
        Section(paragraphs=(first, *_days(told, sender, "改好交回"))),
        Section("请改正", items=tuple(Item(message) for message in told.unreadable)),
    ]


def _findings(told: ToAgency, sender: Sender) -> list[Section]:
    number = [
        f"有 {len(told.errors)} 项必须改正，改正或写明理由以前不能发布" if told.errors else "",
        f"{'另' if told.errors else ''}有 {len(told.warnings)} 项请改正或说明" if told.warnings else "",
    ]
    said = "；".join(part for part in number if part) or "没有必须改正的问题，只有几点提示"
    first = f"贵单位 {told.year} 年度{REPORT}已经核对：{said}。"
    lists = [
        (f"必须改正（{ERROR.chinese}）", told.errors),
        (f"请改正或说明（{WARNING.chinese}）", told.warnings),
        (f"{NOTE.chinese}，供参考", told.notes),
    ]
    shown = [(words, found) for words, found in lists if found]
    numerals = "一二三"
    return [
        Section(paragraphs=(first, *_days(told, sender, "改好交回"))),
        *(
            Section(f"{numerals[place]}、{words}，{len(found)} 项", items=tuple(_item(finding) for finding in found))
            for place, (words, found) in enumerate(shown)
        ),
        Section("怎样交回", tuple(_how_to_answer(told))),
    ]


def _item(finding: FindingTold) -> Item:
    lines = [_cell(cell) for cell in finding.cells]
    if finding.more:
        lines.append(f"等，另有 {finding.more} 格")
    if finding.quote:
        lines.append(f"原句：{finding.quote}")
    return Item(finding.message, (*lines, f"规则 {finding.rule}"))


def _cell(cell: CellTold) -> str:
    suggested = f"，是否应为 {cell.suggested}？请核对原始记录" if cell.suggested else ""
    return f"{cell.table}“{cell.label}”：现填 {cell.written}{suggested}"


def _how_to_answer(told: ToAgency) -> list[str]:
    names = "、".join(name.rpartition("/")[2] for name in told.files)
    if told.marked_up is not None:
        return [
            "附件是贵单位的填报表，有问题的格已经标色并附批注，“问题清单”一页可以跳到每一格。请在附件里改好，存盘发回。",
            _REASON,
        ]
    where = f"请改好 {names}，发回这{'几' if len(told.files) > 1 else ''}个文件。" if names else "请改好后发回。"
    return [where, _REASON]


_REASON = "核实过、确实不必改的，请写明是哪一项（如“一、2”）和理由，由我们记下；建议的数只供核对，以原始记录为准。"


def _days(told: ToAgency, sender: Sender, what: str) -> list[str]:
    """When an answer is wanted, and until when the law wants the report."""
    found = []
    if sender.reply_by is not None:
        found.append(f"请于 {chinese_date(sender.reply_by)}前{what}。")
    if told.due_on is not None:
        late = "，现已逾期" if told.late and told.state is State.MISSING else ""
        found.append(f"按《政府信息公开条例》第四十九条，应于 {chinese_date(told.due_on)}前公布{late}。")
    return found


# -- to the office -------------------------------------------------------------------------------------------------------


def office_letter(years: Sequence[ToOffice], sender: Sender) -> Letter:
    """How all reports stand."""
    sections: list[Section] = []
    for told in years:
        sections += _year(told)
    names = "、".join(str(told.year) for told in years)
    subject = f"{names} 年度{REPORT}核对情况：{_state_of(years[0])}"
    return Letter(subject, "政务公开办", tuple(sections), "", address(sender.office))


def _state_of(told: ToOffice) -> str:
    counted = [
        (len(told.of(State.ERRORS.key)), "份有必须改正的问题"),
        (len(told.failed(Fault.FILES)), "份读不出来"),
        (len(told.of(State.MISSING.key)), "个单位没有报送"),
    ]
    return "，".join(f"{number} {words}" for number, words in counted if number) or "没有必须改正的问题"


def _year(told: ToOffice) -> list[Section]:
    made = [entry for _, entry in told.entries if entry.state in (State.OK, State.WARNINGS, State.ERRORS)]
    missing = told.of(State.MISSING.key)
    first = f"应报 {len(told.entries)} 个单位，生成 {len(made)} 份报告；{_state_of(told)}。"
    lists: list[tuple[str, list[Item]]] = [
        ("有必须改正的问题", [_standing(*pair) for pair in told.of(State.ERRORS.key)]),
        ("有请改正或说明的问题", [_standing(*pair) for pair in told.of(State.WARNINGS.key)]),
        ("报送的文件读不出来", [Item(b.name, e.messages) for b, e in told.failed(Fault.FILES)]),
        ("参数文件或名录有误，请本办改正", [Item(b.name, e.messages) for b, e in told.failed(Fault.SETTINGS)]),
        ("没有报送", [_standing(*pair) for pair in missing]),
        ("逾期公布", [_standing(b, e) for b, e in told.entries if e.late and e.state is not State.MISSING]),
        ("有设置、还没有生成", [Item(body.name) for body, _ in told.of(State.PENDING.key)]),
        ("程序未能生成，已另告维护人员", [Item(body.name) for body, _ in told.failed(Fault.PROGRAM)]),
        (
            "各单位之间比较所见（没有写进给各单位的信，是否告知由您决定）",
            [Item(f"{n}：{said}") for n, said in told.shared],
        ),
    ]
    return [
        Section(f"{told.year} 年度", (first,)),
        *(Section(f"{words}（{len(items)}）", items=tuple(items)) for words, items in lists if items),
    ]


def _standing(body: Body, entry: Entry) -> Item:
    said = [part for part in (entry.label if entry.counts else "", entry.detail, entry.timing) if part]
    return Item(f"{body.name}{'：' if said else ''}{'；'.join(said)}")


# -- to the maintainer ---------------------------------------------------------------------------------------------------


def maintainer_letter(failed: Sequence[Failure], version: str, sender: Sender) -> Letter:
    """What the program failed at."""
    items = tuple(Item(f"{f.year} {f.agency}（{f.name}）", f.messages) for f in failed)
    first = f"下列 {len(items)} 份报告不是因为单位报送的文件，而是因为程序、笔记本或本机的原因没有生成（ogi-report {version}）。"
    how = "加 --debug 重新运行，可以看到调用过程：ogi-report run --year 年度 --agency 机构代码 --debug。"
    sections = (Section(paragraphs=(first,)), Section("没有生成的报告", items=items), Section(paragraphs=(how,)))
    return Letter(
        f"ogi-report：{len(items)} 份报告因程序的原因没有生成", "维护人员", sections, "", address(sender.maintainer)
    )
