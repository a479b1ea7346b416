"""Workbooks as programs other than ours leave them: filled in by openpyxl, saved again by LibreOffice, pulled about."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.readers.workbook import FormWorkbook, read_form_workbook
from ogi_report.report.workbooks import standings
from ogi_report.writers.workbook import FormContent, Words, write_workbook

YEARS = {"2019": 2020, "2021": 2024, "2031": 2031}

# Formulas are calculated when a file is opened, whoever wrote it; otherwise what the file says they came to would be kept.
_ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


@pytest.fixture(scope="session")
def saved_again(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[bytes]]:
    """`saved_again([a, b])`: workbooks opened, calculated and saved by LibreOffice, all in one run."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("no LibreOffice; CI installs one")
        pytest.skip("no LibreOffice on this machine")
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_CALCULATE, encoding="utf-8")

    def save(contents: Sequence[bytes]) -> list[bytes]:
        source, target = tmp_path_factory.mktemp("typed"), tmp_path_factory.mktemp("saved")
        names = [f"{number:03}.xlsx" for number in range(len(contents))]
        for name, content in zip(names, contents, strict=True):
            (source / name).write_bytes(content)
        run = subprocess.run(
            [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to",
             "xlsx:Calc MS Excel 2007 XML", "--outdir", str(target), *(str(source / name) for name in names)],
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert all((target / name).is_file() for name in names), run.stderr
        return [(target / name).read_bytes() for name in names]

    return save


@pytest.fixture(scope="session")
def content_of() -> Callable[..., FormContent]:
    """`content_of(figures)`: a workbook of a year of the layout, for nobody in particular."""

    def build(figures: Figures, words: Words | None = None, **about: Any) -> FormContent:
        year = about.pop("year", YEARS[figures.form.id])
        return FormContent(figures, year, standings(figures), words=words or Words(), **about)

    return build


@pytest.fixture(scope="session")
def blank(layout: Callable[[str], Form], content_of: Callable[..., FormContent]) -> Callable[..., bytes]:
    """`blank("2021")`: an empty workbook."""
    return lambda form="2021": write_workbook(content_of(Figures(layout(form), {})))


@pytest.fixture(scope="session")
def read(layout: Callable[[str], Form]) -> Callable[..., FormWorkbook]:
    """`read(content)`: a workbook as `data/2024/ju/form.xlsx`."""
    return lambda content, form="2021", **more: read_form_workbook(
        content, "data/2024/ju/form.xlsx", layout(form), **more
    )


@pytest.fixture(scope="session")
def edited() -> Callable[[bytes, Callable[[Any], object]], bytes]:
    """`edited(content, lambda book: …)`: a workbook after openpyxl has changed it."""

    def edit(content: bytes, change: Callable[[Any], object]) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        change(book)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    return edit


@pytest.fixture(scope="session")
def filled(read: Callable[..., FormWorkbook], edited: Callable[..., bytes]) -> Callable[..., bytes]:
    """`filled(content, {"applications.received.total": 5})`: numbers and texts typed into the boxes of a workbook."""

    def fill(content: bytes, cells: Mapping[str, Any], form: str = "2021") -> bytes:
        places = read(content, form).places

        def type_in(book: Any) -> None:
            for key, value in cells.items():
                place = places[key]
                cell = book[place.sheet][place.name]
                assert not cell.protection.locked, f"{key} cannot be filled in"
                cell.value = value
                if isinstance(value, str) and not value.startswith("="):
                    cell.data_type = "s"

        return edited(content, type_in)

    return fill


def _moved(sheet: Worksheet, change: Callable[[], object], at: int, rows: bool) -> None:
    """Inserts as Excel does: merged cells move along. (openpyxl leaves them where they were.)"""
    merged = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
    for first_row, first_col, last_row, last_col in merged:
        sheet.unmerge_cells(None, first_row, first_col, last_row, last_col)
    change()
    for box in merged:
        ends = [value + (value >= at) if (number % 2 == 0) == rows else value for number, value in enumerate(box)]
        sheet.merge_cells(None, *ends)


@pytest.fixture(scope="session")
def insert_row() -> Callable[[Worksheet, int], None]:
    """`insert_row(sheet, 9)`: a new row before row 9."""
    return lambda sheet, row: _moved(sheet, lambda: sheet.insert_rows(row), row, True)


@pytest.fixture(scope="session")
def insert_column() -> Callable[[Worksheet, int], None]:
    """`insert_column(sheet, 3)`: a new column before column C."""
    return lambda sheet, column: _moved(sheet, lambda: sheet.insert_cols(column), column, False)


@pytest.fixture
def put_workbook(tmp_path: Path) -> Callable[[bytes, str], Path]:
    """Writes a workbook somewhere."""

    def put(content: bytes, name: str = "form.xlsx") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    return put


@pytest.fixture(scope="session")
def seed_report() -> Any:
    """The real report of 2021, made in the layout of 2019, with a row of its own."""
    from ogi_report.report import Project, Report

    root = Path(__file__).parents[2]
    return Report.open("kejing", 2021, project=Project(root / "params", root / "data"))
