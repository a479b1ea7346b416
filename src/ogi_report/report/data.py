"""What an agency-year's data folder holds: figures, words, and the ledger that figures may come from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.errors import DataError
from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.ledger import Ledger, with_ledger
from ogi_report.readers import LEDGERS, WrittenText, ledger_of_sheet, read_folder, read_ledger
from ogi_report.readers.regular_files import refuse_links_out

if TYPE_CHECKING:
    from ogi_report.readers.workbook import FormWorkbook


@dataclass(frozen=True)
class ReportData:
    """What a report is made from, whatever the files."""

    figures: Figures
    ledger: Ledger | None = None
    text: WrittenText | None = None


def read_data(folder: Path, form: Form, agency: str, year: int, shown: str) -> ReportData:
    """Reads an agency-year's figures and words; where there is a ledger, it supplies the tables that are not given.

    Raises:
        DataError: with one message for each problem in any of the files.
    """
    refuse_links_out(folder, shown)
    problems: list[str] = []
    ledger: Ledger | None = None
    there = [name for name in LEDGERS if (folder / name).exists()]
    if len(there) > 1:
        raise DataError(f"{shown} 中既有 {' 又有 '.join(there)}，不知道以哪个为准；请只留一种。")
    for name in there:
        try:
            ledger = read_ledger(folder / name, form, year, f"{shown}/{name}")
        except DataError as error:
            problems += error.messages
    may_lack = ledger.speaks_of if ledger is not None else [table.key for table in form.tables] if there else ()
    try:
        found = read_folder(folder, form, shown, (agency, year), may_lack)
    except DataError as error:
        raise DataError([*problems, *error.messages]) from None
    if problems:
        raise DataError(problems)
    if found.workbook is not None and found.workbook.ledger is not None:
        if there:
            raise DataError(
                f"{shown} 中既有 {there[0]}，{found.workbook.shown} 里又有“{found.workbook.ledger.name}”工作表，"
                "不知道以哪个为准；请只留一种。"
            )
        return data_of_workbook(found.workbook, form, year, found.text)
    return ReportData(with_ledger(found.figures, ledger) if ledger is not None else found.figures, ledger, found.text)


def data_of_workbook(workbook: FormWorkbook, form: Form, year: int, text: WrittenText | None) -> ReportData:
    """What a filled-in workbook holds; a sheet with a ledger supplies the tables in which nothing is written.

    Raises:
        DataError: the ledger cannot be understood.
    """
    if workbook.ledger is None:
        return ReportData(workbook.figures, None, text)
    ledger = ledger_of_sheet(workbook.ledger, form, year, workbook.shown, serials=not workbook.since_1904)
    return ReportData(with_ledger(workbook.figures, ledger), ledger, text)
