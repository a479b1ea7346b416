"""An agency-year's data folder: the CSV files and narrative.md, or the workbook that stands in their place."""

from __future__ import annotations

import os
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.errors import DataError
from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.forms.workbook import FILE_NAME
from ogi_report.readers.csv_tables import figures_from_csv
from ogi_report.readers.ledger import LEDGERS
from ogi_report.readers.regular_files import read_bytes
from ogi_report.readers.text_files import read_text

if TYPE_CHECKING:
    from ogi_report.readers.workbook import FormWorkbook

NARRATIVE = "narrative.md"
_LIKE_A_WORKBOOK = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"})
MAX_WORKBOOK = 30_000_000


@dataclass(frozen=True)
class WrittenText:
    """The words of a report as Markdown, with facts still to be filled in.

    `shown` names the source to the user; `rows` are the rows of the sheet on which its lines stand, if it is one.
    """

    text: str
    shown: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class FolderData:
    """What a data folder holds, whatever the files: figures and, if somebody wrote any, words; the workbook, if there is one."""

    figures: Figures
    text: WrittenText | None = None
    workbook: FormWorkbook | None = None


def read_folder(
    folder: Path,
    form: Form,
    shown: str,
    belongs_to: tuple[str, int] | None = None,
    may_lack: Container[str] = (),
) -> FolderData:
    """Reads an agency-year's data folder.

    Args:
        folder: the agency-year's data folder.
        form: the layout in which the report is made.
        shown: how messages name the folder, e.g. `data/2021/kejing`.
        belongs_to: agency and year; a workbook that says otherwise is refused.
        may_lack: tables that something else supplies where they have no file.

    Raises:
        DataError: a file that cannot be understood, or a workbook beside files that say the same in another way.
    """
    narrative = folder / NARRATIVE
    text = None
    if os.path.lexists(narrative):  # a link that leads nowhere is no missing text
        text = WrittenText(read_text(narrative, f"{shown}/{NARRATIVE}"), f"{shown}/{NARRATIVE}")
    if not (folder / FILE_NAME).is_file():
        _refuse_another_name(folder, form, shown)
        return FolderData(figures_from_csv(folder, form, shown, may_lack), text)
    workbook = read_workbook_file(folder / FILE_NAME, f"{shown}/{FILE_NAME}", form, belongs_to)
    _refuse_two_sources(folder, form, shown, workbook if text is not None else None)
    return FolderData(workbook.figures, text_of(workbook) or text, workbook)


def read_figures(folder: Path, form: Form, shown: str) -> Figures:
    """Reads the figures of an agency-year's data folder; see `read_folder`."""
    return read_folder(folder, form, shown).figures


def read_workbook_file(
    path: Path, shown: str, form: Form | None = None, belongs_to: tuple[str, int] | None = None
) -> FormWorkbook:
    """Reads a filled-in workbook.

    Raises:
        DataError: it cannot be read, or is none; lists every problem found.
    """
    from ogi_report.readers.workbook import read_form_workbook

    return read_form_workbook(read_bytes(path, shown, MAX_WORKBOOK), shown, form, belongs_to=belongs_to)


def text_of(workbook: FormWorkbook) -> WrittenText | None:
    """The words of a workbook, if there are any."""
    words = workbook.words
    return WrittenText(words.text, words.shown, words.rows) if words is not None else None


def _csv_files(folder: Path, form: Form) -> list[str]:
    return [name for table in form.tables if (folder / (name := f"{table.key}.csv")).exists()]


def _refuse_two_sources(folder: Path, form: Form, shown: str, with_text: FormWorkbook | None) -> None:
    """Two files that say the same in two ways: whichever were taken, the other would be ignored silently."""
    problems = []
    tables = _csv_files(folder, form)
    if tables:
        problems.append(
            f"{shown} 中既有 {FILE_NAME}，又有 {'、'.join(tables)}，不知道以哪个为准；请只留一种，另一种移到别处。"
        )
    if with_text is not None and with_text.words is not None:
        problems.append(
            f"{shown} 中既有 {NARRATIVE}，{FILE_NAME} 的“正文”里又写了文字，不知道以哪个为准；"
            f"请删去 {NARRATIVE}，或清空“正文”左列。"
        )
    if problems:
        raise DataError(problems)


def _may_be_a_form(path: Path) -> bool:
    return path.suffix.lower() in _LIKE_A_WORKBOOK and path.name[0] not in ".~" and path.name not in LEDGERS


def _refuse_another_name(folder: Path, form: Form, shown: str) -> None:
    """A workbook under another name, and nothing else: say how it should be called."""
    if _csv_files(folder, form) or not folder.is_dir():
        return
    found = sorted(p.name for p in folder.iterdir() if _may_be_a_form(p))
    if found:
        raise DataError(
            f"{shown} 中没有 {FILE_NAME}，也没有 CSV 表，只有 {'、'.join(found)}；"
            f"填报表请另存为“Excel 工作簿 (*.xlsx)”，文件名 {FILE_NAME}。"
        )
