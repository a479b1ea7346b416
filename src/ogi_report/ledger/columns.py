"""The columns of a ledger: what they are called. What may stand in them is the form's (`readers.ledger`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ogi_report.forms import Form
from ogi_report.ledger.roles import REMEDIES


@dataclass(frozen=True, slots=True)
class Heading:
    """A column by its field's key, its heading, and other spellings of the same meaning."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    note: str = ""


HEADINGS = (
    Heading("number", "办件编号", ("编号", "申请编号", "登记编号", "办件号"), True, "不重复；不要用姓名、电话、证件号"),
    Heading("received_on", "收到日期", ("收到申请日期", "收到时间", "收到申请时间", "收件日期"), True),
    Heading("applicant", "申请人类型", ("申请人类别", "申请人情况"), True, "表三的列名"),
    Heading("outcome", "办理结果", ("答复结果", "处理结果"), True, "表三的行名；没有办结的留空"),
    Heading("closed_on", "办结日期", ("答复日期", "办结时间", "答复时间", "答复/办结日期", "办结（答复）日期"), True),
    Heading("completed_on", "收到补正日期", ("补正日期", "收到补正时间"), note="要求补正的，答复期限从这一天算起"),
    Heading("is_extended", "是否延期", ("是否延长", "是否延期答复"), note="是或否"),
    Heading("extended_on", "延期告知日期", ("延期日期", "告知延期日期"), note="填了就算延期"),
    Heading("consulted_from", "征求意见开始日期", ("征求第三方意见开始日期",), note="征求第三方和其他机关意见"),
    Heading("consulted_to", "征求意见结束日期", ("征求第三方意见结束日期",), note="收到意见或意见期满的那天"),
)


@dataclass(frozen=True, slots=True)
class RemedyHeading:
    """What a ledger says of each kind of remedy: `what` goes behind the label of a column group of table 四."""

    key: str
    what: str
    note: str = ""


REMEDY_HEADINGS = (
    RemedyHeading("filed_on", "收到日期", "收到复议机关、法院通知的那天"),
    RemedyHeading("result", "结果", "表四的列名"),
    RemedyHeading("decided_on", "审结日期", "没有审结的留空"),
)


def headings_of(form: Form) -> Iterator[Heading]:
    """Every column that a ledger may have under a form: those on the application, then three for each kind of remedy."""
    yield from HEADINGS
    for record in form.table(REMEDIES).records.values():
        for heading in REMEDY_HEADINGS:
            label = f"{record.label}{heading.what}"
            yield Heading(f"{record.key}.{heading.key}", label, note=heading.note)
