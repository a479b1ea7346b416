"""Reading a filled-in workbook is the same as reading the CSV files with the same figures."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ogi_report.figures import Kind
from ogi_report.forms import normalise
from ogi_report.narrative import split
from ogi_report.report.workbooks import form_of_report
from ogi_report.writers.workbook import Words, write_workbook

FORMS = ("2019", "2021", "2031")


def raw(figures):
    return {key: (cell.raw, cell.value, cell.kind) for key, cell in figures.items()}


@pytest.mark.parametrize("form", FORMS)
def test_whatever_was_written_is_read_back_as_it_was_written(form, any_figures, content_of, read):
    @settings(max_examples=8)
    @given(any_figures(form))
    def holds(figures):
        assert raw(read(write_workbook(content_of(figures)), form).figures) == raw(figures)

    holds()


@pytest.mark.parametrize("form", FORMS)
def test_numbers_typed_into_an_empty_workbook_are_the_figures(form, blank, filled, read, layout):
    """One example types every box, so that none is out of reach and none is read as another."""
    keys = list(layout(form).cells)
    figures = read(filled(blank(form), {key: number for number, key in enumerate(keys)}, form), form).figures
    assert {key: cell.value for key, cell in figures.items()} == {key: number for number, key in enumerate(keys)}


@given(value=st.one_of(st.integers(-(10**15) + 1, 10**15 - 1), st.decimals(0, 10**9, places=6)))
@settings(max_examples=6)
def test_a_typed_number_is_exact(value, blank, filled, read):
    cell = read(filled(blank(), {"disclosure.admin_fee.amount_wan": value})).figures["disclosure.admin_fee.amount_wan"]
    assert cell.value is not None
    # Excel keeps fifteen digits; nothing of ours rounds further.
    assert Decimal(cell.value) == Decimal(f"{value:.15g}" if isinstance(value, Decimal) else value)


def test_a_number_knows_its_sheet_row_and_column(blank, filled, read):
    cell = read(filled(blank(), {"applications.received.total": 7})).figures["applications.received.total"]
    assert str(cell.at) == ("data/2024/ju/form.xlsx 工作表“表三” 第 9 行“一、本年新收政府信息公开申请数量”的“总计”列")


@pytest.mark.slow
def test_libreoffice_keeps_everything_when_it_saves_the_workbook(blank, filled, read, saved_again, layout):
    typed, expected = [], []
    for form in FORMS:
        cells = {key: number * 7 for number, key in enumerate(layout(form).cells)}
        money = next((k for k, spec in layout(form).cells.items() if spec.number == "money"), None)
        if money is not None:
            cells[money] = Decimal("4145261.25")
        typed.append(filled(blank(form), cells, form))
        expected.append({key: Decimal(value) for key, value in cells.items()})
    saved = saved_again(typed)
    for form, content, cells in zip(FORMS, saved, expected, strict=True):
        figures = read(content, form).figures
        assert {key: Decimal(cell.value) for key, cell in figures.items()} == cells
        assert figures.labels == ()
        assert figures.missing == ()


def test_the_seed_comes_back_whole_with_its_own_row_and_its_words(seed_report, read):
    workbook = read(write_workbook(form_of_report(seed_report)), "2019")
    assert raw(workbook.figures) == raw(seed_report.figures)
    assert workbook.figures.local_rows == seed_report.figures.local_rows == ("local.other_public_docs",)
    assert workbook.figures.units == seed_report.figures.units
    words = workbook.words
    assert words is not None
    again = split(words.text, workbook.figures.form, words.shown, words.rows)
    assert again.title == seed_report.source.title
    for part in seed_report.source.parts:
        assert normalise(again.part(part.number).source) == normalise(part.source)


# -- own rows ---------------------------------------------------------------------------------------------------------


def own_row(book, sheet, label, *numbers):
    """Fills in the first row of a sheet that a clerk may add."""
    ws = book[sheet]
    row = next(cell.row for cell in ws["A"] if str(cell.value).startswith("local.own_"))
    ws.cell(row, 2).value = label
    for col, number in enumerate(numbers, start=3):
        ws.cell(row, col).value = number


def test_a_row_that_the_agency_adds_is_its_own_row(blank, edited, read):
    workbook = read(edited(blank(), lambda book: own_row(book, "表二", "其他文件", 3, 1, 20)))
    (key,) = workbook.figures.local_rows
    cells = [workbook.figures[f"disclosure.{key}.{column}"].value for column in ("issued", "repealed", "in_force")]
    assert cells == [3, 1, 20]
    assert workbook.figures.form.table("disclosure").records[key].label == "其他文件"


def test_a_row_to_add_that_nobody_used_is_not_there(blank, read):
    assert read(blank()).figures.local_rows == ()


def test_the_agencys_rows_of_last_year_are_offered_by_name(blank, content_of, read, layout):
    from ogi_report.figures import Figures
    from ogi_report.forms import LocalRow

    rows = {"disclosure": (LocalRow("local.other_docs", "其他文件", "normative"),)}
    empty = write_workbook(content_of(Figures(layout("2021"), {}), own_rows=rows))
    assert read(empty).figures.local_rows == ("local.other_docs",)
    assert read(empty).figures["disclosure.local.other_docs.issued"].kind is Kind.BLANK


# -- words ------------------------------------------------------------------------------------------------------------


def words_of(workbook):
    words = workbook.words
    return split(words.text, workbook.figures.form, words.shown, words.rows)


def test_paragraphs_are_cells_and_lines_of_a_cell_are_paragraphs(figures_of, content_of, read):
    written = Words("标题", {1: ("　　第一段。\n第二段。", "第三段。"), 5: ("- 甲\n- 乙",)})
    source = words_of(read(write_workbook(content_of(figures_of(), written))))
    assert source.title == "标题"
    assert source.part(1).source.strip().split("\n\n") == ["第一段。", "第二段。", "第三段。"]
    assert source.part(5).source.strip() == "- 甲\n- 乙"
    assert source.part(2) is None


def test_last_years_words_are_shown_and_never_read(figures_of, content_of, read):
    words = Words(last_year={1: ("上年的话。",)})
    content = write_workbook(content_of(figures_of(), words))
    assert read(content).words is None


def test_a_message_about_words_names_the_row_of_the_sheet(figures_of, content_of, read):
    from ogi_report.errors import NarrativeError
    from ogi_report.narrative.document import fill

    workbook = read(write_workbook(content_of(figures_of(), Words("", {1: ("好的。", "共 {{ 没有的数 }} 件。")}))))
    source = words_of(workbook)
    place, _ = workbook.words.cells[1]
    part = source.part(1)
    with pytest.raises(NarrativeError, match=f"工作表“正文” 第 {place.row + 1} 行"):
        fill(part.source, {}, source.shown, part.first_line, source.rows)


def test_a_dash_is_a_chapter_without_text_and_an_empty_cell_is_none(figures_of, content_of, read):
    source = words_of(read(write_workbook(content_of(figures_of(), Words("", {2: ("—",), 3: ("有话。",)})))))
    assert source.part(2).source.strip() == ""
    assert source.part(4) is None
