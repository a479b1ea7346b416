"""A filled-in workbook that lies anywhere: its report, and the copy that goes back to the agency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ogi_report.errors import DataError, UsageError
from ogi_report.figures import format_number
from ogi_report.forms.workbook import FRONT
from ogi_report.readers.data_folder import MAX_WORKBOOK, text_of
from ogi_report.readers.regular_files import read_bytes
from ogi_report.readers.workbook import FormWorkbook, is_form_workbook, read_form_workbook
from ogi_report.report.data import data_of_workbook
from ogi_report.report.params import Params
from ogi_report.report.project import Project
from ogi_report.report.report import Report
from ogi_report.report.roster import Body, Roster
from ogi_report.report.views import MOST_MARKS
from ogi_report.report.workbooks import form_of_report
from ogi_report.rules import Finding, Findings, LocalRules
from ogi_report.writers.returned import Remark, Return, Spot, annotate
from ogi_report.writers.workbook import write_workbook


@dataclass(frozen=True)
class _Alone(Project):
    """A body without a project: there is its workbook, and no roster, no settings, no rules of its own."""

    body_alone: Body

    @cached_property
    def roster(self) -> Roster:
        return Roster({self.body_alone.agency: self.body_alone})

    @cached_property
    def local_rules(self) -> LocalRules:
        return LocalRules()

    def params_file(self, agency: str, year: int) -> Path:
        return self.params / "no-such-folder" / f"{year}.yaml"


@dataclass(frozen=True)
class FilledIn:
    """A workbook, the report that it makes, and its bytes."""

    content: bytes
    workbook: FormWorkbook
    report: Report

    def returned(self, findings: Findings) -> bytes:
        """The workbook with the findings in it; what the agency wrote stays as it was."""
        return _returned(self.content, self.workbook, self.report, findings)


def is_workbook_file(path: Path) -> bool:
    """Whether a file is one of our fill-in workbooks."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"PK":
                return False
        return is_form_workbook(read_bytes(path, path.name, MAX_WORKBOOK))
    except (OSError, DataError):
        return False


def open_workbook(
    path: Path, *, project: Project | None = None, agency: str | None = None, year: int | None = None
) -> FilledIn:
    """Opens a filled-in workbook as a report.

    Args:
        project: whose roster, settings and reports of last year are used; without it the workbook stands alone.
        agency: the roster's id, where the workbook does not say whose it is.
        year: must agree with the workbook's.

    Raises:
        DataError: see `read_form_workbook`. UsageError: the year contradicts the workbook.
    """
    content = read_bytes(path, path.name, MAX_WORKBOOK)
    workbook = read_form_workbook(content, path.name)
    found = workbook.year if workbook.year is not None else year
    if found is None:
        raise UsageError(f"{path.name} 没有写明年度；请用 --year 指明，如 --year 2024。")
    if year is not None and year != found:
        raise UsageError(
            f"{path.name} 是 {found} 年的填报表，--year 却写的是 {year}；请去掉 --year，或检查是否拿错了文件。"
        )
    body = _body(workbook, project, agency)
    if project is None or body is None:
        body = body or Body(
            agency or workbook.agency or workbook.name or path.stem, workbook.name or path.stem, level=workbook.level
        )
        project = _Alone(path.parent, path.parent, body)
    if project.params_file(body.agency, found).is_file():
        params = project.read_params(body.agency, found)
        if params.form.id != workbook.figures.form.id:
            workbook = read_form_workbook(content, path.name, params.form)  # says what is wrong
    else:
        # An id of the roster is valid; a name that stands in for one need not be.
        params = Params.model_construct(agency=body.agency, year=found, layout=workbook.figures.form.id)
    data = data_of_workbook(workbook, params.form, found, text_of(workbook))
    report = Report(project, params, data)
    return FilledIn(content, workbook, report)


def returned_data(report: Report, findings: Findings) -> bytes:
    """A report's data files as a workbook with the findings in it."""
    content = write_workbook(form_of_report(report))
    return _returned(content, read_form_workbook(content, "form.xlsx", report.form), report, findings)


def _body(workbook: FormWorkbook, project: Project | None, agency: str | None) -> Body | None:
    """The body on the roster: the one that the caller names, that the workbook states, or that has its full name."""
    if project is None:
        return None
    if agency is not None:
        if workbook.agency is not None and workbook.agency != agency:
            raise UsageError(
                f"{workbook.shown} 是 {workbook.agency} 的填报表，--agency 却写的是 {agency}；请去掉 --agency，或检查是否拿错了文件。"
            )
        return project.body(agency)
    if workbook.agency is not None:
        return project.roster.get(workbook.agency)
    return next((body for body in project.roster.values() if workbook.name and body.name == workbook.name), None)


# -- what goes back -------------------------------------------------------------------------------------------------------


def _returned(content: bytes, workbook: FormWorkbook, report: Report, findings: Findings) -> bytes:
    told = [finding for finding in findings if finding.waived is None]
    remarks = [_remark(finding, workbook, report) for finding in told]
    counts = findings.counts
    summary = f"强制性 {counts['error']} 项（必须改正），核实性 {counts['warning']} 项（改正或说明），提示 {counts['note']} 项。"
    if counts["waived"]:
        summary += f"另有 {counts['waived']} 项已经说明理由，不再列出。"
    title = f"{report.name}　{report.year} 年　问题清单"
    return annotate(content, workbook.shown, Return(title, summary + _HOW, remarks, tuple(_notes(workbook, remarks))))


_HOW = "点“在哪里”跳到那一格；改好以后把本文件存盘交回即可，不必删去标色和批注。"


def _notes(workbook: FormWorkbook, remarks: Sequence[Remark]) -> Iterator[Spot]:
    """For each sheet of ours, how many remarks are about it."""
    for name, place in workbook.returned.items():
        sheet, row, col = place.sheet, place.row, place.col
        about = sum(any(spot.sheet == sheet for spot in remark.spots) for remark in remarks)
        if name == FRONT:
            yield Spot(sheet, row, col, f"◀ 共有 {len(remarks)} 项问题，见“问题清单”（点这里）")
        elif about:
            yield Spot(sheet, row, col, f"◀ 本表有 {about} 项问题，见“问题清单”（点这里）")
        else:
            yield Spot(sheet, row, col, "◀ 本表没有发现问题（点这里看“问题清单”）")


def _remark(finding: Finding, workbook: FormWorkbook, report: Report) -> Remark:
    return Remark(
        str(finding.severity),
        finding.severity.chinese,
        finding.rule,
        finding.message,
        finding.quote or "",
        _suggestion(finding, workbook),
        tuple(_spots(finding, workbook, report)),
        len(finding.cells) <= MOST_MARKS,
    )


def _suggestion(finding: Finding, workbook: FormWorkbook) -> str:
    """What the cells should hold, if the diagnosis can tell: 表三!I9 改为 23."""
    cells = workbook.figures.form.cells
    parts = []
    for key, value in finding.suggestion:
        place = workbook.places.get(key)
        where = f"{place.sheet}!{place.name}" if place is not None else cells[key].label
        parts.append(f"{where} 改为 {format_number(value) if value is not None else '（空白）'}")
    return "；".join(parts)


def _spots(finding: Finding, workbook: FormWorkbook, report: Report) -> Iterator[Spot]:
    """What a finding is about: the paragraph that it quotes, and its cells."""
    form = workbook.figures.form
    proposed = [key for key, _ in finding.suggestion]
    # The cell that is most likely wrong comes first: the list links to it.
    ordered = sorted(finding.cells, key=lambda key: key not in proposed)
    places = [(key, workbook.places[key]) for key in ordered if key in workbook.places]
    said = _paragraph(finding, workbook, report)
    if said is not None:
        yield said
    for key, place in places:
        yield Spot(place.sheet, place.row, place.col, form.cells[key].label)


def _paragraph(finding: Finding, workbook: FormWorkbook, report: Report) -> Spot | None:
    """The paragraph that a finding quotes, or where the chapter begins that it is about."""
    if workbook.words is None:
        return None
    quote = (finding.quote or "").translate({ord(sign): None for sign in "【】"})
    for place, text in workbook.words.cells:
        if quote and quote in " ".join(text.split()):
            return Spot(place.sheet, place.row, place.col)
    row = _chapter_rows(report).get(finding.place)
    first, _ = workbook.words.cells[0]
    return Spot(first.sheet, row - 1, first.col) if row is not None else None


def _chapter_rows(report: Report) -> Mapping[str | None, int]:
    """How findings name a chapter → the row of the sheet on which it begins."""
    return {f"{c.shown} 第 {c.lines[0]} 行": c.lines[0] for c in report.chapters if c.lines is not None}
