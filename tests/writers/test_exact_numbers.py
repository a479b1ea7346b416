"""Numbers of a report become numbers of a workbook, those below zero too."""

from __future__ import annotations

import io

import openpyxl

from ogi_report.writers import write_xlsx


def test_a_change_below_zero_is_a_number_in_the_workbook(figures_of):
    figures = figures_of(
        {"disclosure.licence.items_delta": -3, "disclosure.licence.items_prev": 1024}, form="2019", fill=None
    )
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([figures.grid("disclosure")]))).active
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert -3 in values
    assert 1024 in values
    assert "-3" not in values
