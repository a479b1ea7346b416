"""From what is written in a box to a number, and never a guess on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.figures import BLANK, Cell, Kind, format_number, parse_cell, stated_unit


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("007", 7),
        ("-3", -3),
        ("+75", 75),
        ("－5", -5),
        ("\u22125", -5),
        ("１２", 12),
        ("１，０２４", 1024),
        ("1,024", 1024),
        ("1 024", 1024),
        ("12,345,678", 12345678),
        (" 12 ", 12),
        ("\u00a012\u00a0\n", 12),
        ("　12", 12),
        ("12 件", 12),
        ("3件", 3),
        ("3 条", 3),
        ("251000宗", 251000),
    ],
)
def test_a_whole_number_is_understood_however_it_is_written(raw, value):
    cell = parse_cell(raw)
    assert (cell.raw, cell.value, cell.kind) == (raw, value, Kind.NUMBER)
    assert type(cell.value) is int


@pytest.mark.parametrize("raw", ["", " ", "\n", "\u00a0", "　", "\u200b", "\ufeff"])
def test_nothing_written_is_blank_and_not_zero(raw):
    cell = parse_cell(raw)
    assert (cell.raw, cell.value, cell.kind) == (raw, None, Kind.BLANK)
    assert cell.is_empty
    assert not cell.is_number


@pytest.mark.parametrize(
    "raw", ["-", "--", "---", "—", "——", "–", "－", "―", "─", "/", "／", "\\", "无", "不适用", "N/A", "n/a", "NA"]
)
def test_a_sign_for_nothing_is_a_placeholder_and_not_zero(raw):
    cell = parse_cell(raw)
    assert (cell.raw, cell.value, cell.kind) == (raw, None, Kind.PLACEHOLDER)
    assert cell.is_empty


@pytest.mark.parametrize(
    "raw",
    [
        "若干",
        "约3件",
        "3件左右",
        "十二",
        "1,02",
        "12,34",
        "3、5",
        "12 3",
        "12\n3",
        "1.",
        ".5",
        "1.2.3",
        "+-5",
        "5-",
        "1.02E+05",
        "8%",
        "2021-01-01",
        "=SUM(A1:A3)",
        "0x1F",
        "inf",
        "nan",
        "NaN",
        "#REF!",
        "○",
        "无。",
        "12①",
        "5²",
        "½",
        "٣",
        "三",
    ],
)
def test_anything_else_is_text_and_never_a_guess(raw):
    cell = parse_cell(raw)
    assert (cell.raw, cell.value, cell.kind) == (raw, None, Kind.TEXT)
    assert not cell.is_empty


def test_a_footnote_mark_is_not_a_digit():
    """NFKC would make 121 of it."""
    assert parse_cell("12①").value is None
    assert parse_cell("12²").value is None


def test_a_pasted_code_is_not_a_figure():
    assert parse_cell("9" * 15).value == 999_999_999_999_999
    assert parse_cell("11420112MB1234567").kind is Kind.TEXT
    for digits in (16, 40, 5_000):
        assert parse_cell("9" * digits).kind is Kind.TEXT


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("75394432.52元", "元", Decimal("75394432.52")),
        ("75394432.52", "元", Decimal("75394432.52")),
        ("98000元", "元", 98000),
        ("414.52万元", "元", Decimal("4145200.00")),
        ("1.5亿元", "元", Decimal("150000000.0")),
        ("96171.6", "万元", Decimal("96171.6")),
        ("98000元", "万元", Decimal("9.8")),
        ("0.01元", "万元", Decimal("0.000001")),
        ("2亿元", "万元", Decimal(20000)),
        ("1，024.50 元", "元", Decimal("1024.50")),
        ("0.1234567890123456789012345678", "元", Decimal("0.1234567890123456789012345678")),
        ("123456789012345.123456789万元", "元", Decimal("1234567890123451234.567890000")),
    ],
)
def test_an_amount_is_exact_and_in_the_unit_of_the_form(raw, unit, value):
    cell = parse_cell(raw, unit)
    assert (cell.value, cell.raw) == (value, raw)
    assert isinstance(cell.value, (int, Decimal))
    assert "E" not in format_number(cell.value)


@pytest.mark.parametrize(
    ("raw", "unit"), [("3元", "件"), ("3万元", "件"), ("3件", "元"), ("3个", "万元"), ("3万", "元"), ("5美元", "元")]
)
def test_a_number_in_the_unit_of_another_quantity_is_not_taken(raw, unit):
    assert parse_cell(raw, unit).kind is Kind.TEXT


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("98000元", "元"),
        ("414.5 万元", "万元"),
        ("4145261.25", ""),
        ("", ""),
        ("若干", ""),
        ("１２件", "件"),
        ("-", ""),
    ],
)
def test_the_unit_behind_a_number_is_seen(raw, unit):
    assert stated_unit(raw) == unit


def test_a_fraction_stays_what_was_written_even_where_counts_are_asked_for():
    assert parse_cell("12.5").value == Decimal("12.5")
    assert parse_cell("12.0").value == Decimal("12.0")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0, "0"),
        (-3, "-3"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
    ],
)
def test_a_number_is_printed_without_exponent_and_a_blank_as_nothing(value, text):
    assert format_number(value) == text


whole = st.integers(-(10**15) + 1, 10**15 - 1)
amounts = st.decimals(-(10**12), 10**12, places=2) | st.decimals(0, 10**6, places=6)


@given(whole)
def test_printing_and_reading_a_count_gives_the_same_count(number):
    cell = parse_cell(format_number(number))
    assert (cell.value, type(cell.value)) == (number, int)


@given(amounts, st.sampled_from(["元", "万元"]))
def test_printing_and_reading_an_amount_gives_the_same_amount(amount, unit):
    assert parse_cell(format_number(amount), unit).value == amount
    assert parse_cell(format_number(amount) + unit, unit).value == amount


@given(st.decimals(-(10**10), 10**10, places=2))
def test_yuan_and_ten_thousands_of_yuan_are_the_same_money(amount):
    assert parse_cell(f"{amount:f}万元", "元").value == amount * 10_000
    assert parse_cell(f"{amount * 10_000:f}元", "万元").value == amount


@given(whole)
def test_thousands_separators_and_full_width_digits_change_nothing(number):
    grouped = f"{number:,}"
    wide = grouped.translate({code - 0xFEE0: code for code in range(0xFF01, 0xFF5F)})
    spaced = grouped.replace(",", " ")
    assert {parse_cell(text).value for text in (grouped, wide, spaced)} == {number}


@given(st.text())
def test_whatever_is_written_is_kept_and_a_value_is_never_floating(raw):
    cell = parse_cell(raw)
    assert cell.raw == raw
    assert cell.value is None or type(cell.value) in (int, Decimal)
    assert (cell.kind is Kind.NUMBER) == (cell.value is not None)


@given(st.text(" \t\r\n\u00a0\u3000\u200b"))
def test_white_space_alone_is_always_blank(raw):
    assert parse_cell(raw).kind is Kind.BLANK


def test_the_blank_cell_is_what_an_empty_text_gives():
    assert parse_cell("") == BLANK == Cell("", None, Kind.BLANK)
