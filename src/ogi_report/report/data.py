"""What an agency-year's data folder holds: figures, and the ledger that they may come from."""

from __future__ import annotations

from pathlib import Path

from ogi_report.errors import DataError
from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.ledger import Ledger, with_ledger
from ogi_report.readers import LEDGERS, read_figures, read_ledger
from ogi_report.readers.regular_files import refuse_links_out


def read_data(folder: Path, form: Form, year: int, shown: str) -> tuple[Figures, Ledger | None]:
    """Reads an agency-year's figures; where there is a ledger, it supplies the tables that are not given.

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
        figures = read_figures(folder, form, shown, may_lack)
    except DataError as error:
        raise DataError([*problems, *error.messages]) from None
    if problems:
        raise DataError(problems)
    return (with_ledger(figures, ledger) if ledger is not None else figures), ledger
