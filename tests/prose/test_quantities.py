"""Numbers in Chinese prose: how they are written, how exactly they are meant, and what counts nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.prose import Hedge, find_quantities, half_width
from ogi_report.prose.quantities import chinese_number


def found(text: str) -> list[tuple[str, str]]:
    return [(str(quantity.value), quantity.unit) for quantity in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("收到35件", "35", "件"),
        ("收到 35 件", "35", "件"),
        ("收到３５件", "35", "件"),
        ("收到三十五件", "35", "件"),
        ("收到十件", "10", "件"),
        ("收到两件", "2", "件"),
        ("收到一百零二件", "102", "件"),
        ("收到一千二百三十四件", "1234", "件"),
        ("发布1,024条", "1024", "条"),
        ("发布1.2万条", "12000", "条"),
        ("发布一点二万条", "12000.0", "条"),
        ("访问2.3亿次", "230000000", "次"),
        ("收费12.50万元", "12.50", "万元"),
        ("占33.9%", "33.9", "%"),
        ("占３３．９％", "33.9", "%"),
        ("占百分之三十五", "35", "%"),
        ("增长1.5倍", "1.5", "倍"),
        ("增长三成", "3", "成"),
        ("参训120人次", "120", "人次"),
        ("提高3个百分点", "3", "个百分点"),
        ("共0件", "0", "件"),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: str, unit: str) -> None:
    ((number, counted),) = found(text)
    assert Decimal(number) == Decimal(value)
    assert counted == unit


@pytest.mark.parametrize(
    "text",
    [
        "2024年，",
        "2021—2025年规划",
        "十四五规划（2021—2025年）",
        "1月20日",
        "截至12月31日",
        "国办公开办函〔2021〕30号",
        "国办发[2016]80号",
        "第十条",
        "《条例》第二十条第（一）项",
        "第三届",
        "027-12345678",
        "13800001234",
        "9:00—12:00",
        "https://www.shili.example/2024/12",
        "12345热线",
        "三审三校",
        "一网通办",
        "一件事",
        "统一受理",
        "一些部门",
        "十分重视",
        "上一年度",
        "一年来",
        "各项工作",
        "一致同意",
    ],
)
def test_what_counts_nothing_is_no_quantity(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "hedge", "fits", "not_fits"),
    [
        ("35件", Hedge.EXACT, [35], [34, 36, 0]),
        ("近40件", Hedge.UNDER, [38, 40], [41, 20]),
        ("不足10件", Hedge.UNDER, [9], [11]),
        ("30余件", Hedge.OVER, [30, 34], [29, 90]),
        ("超过100件", Hedge.OVER, [101], [99]),
        ("100件以上", Hedge.OVER, [120], [99]),
        ("约50件", Hedge.ABOUT, [48, 52], [40, 60]),
        ("50件左右", Hedge.ABOUT, [48, 52], [40, 60]),
        ("1.2万件", Hedge.EXACT, [12000, 11950, 12340], [11000, 13000]),
        ("1万余件", Hedge.OVER, [10300], [9800]),
    ],
)
def test_a_hedge_admits_what_it_says_and_no_more(text: str, hedge: Hedge, fits: list[int], not_fits: list[int]) -> None:
    (quantity,) = find_quantities(text)
    assert quantity.hedge is hedge
    assert [number for number in (*fits, *not_fits) if quantity.fits(number)] == fits


def test_every_number_of_a_sentence_is_found_in_order() -> None:
    text = "２０２４年收到申请 35 件，其中网络申请二十件，占57.1%；第十条，发布1,024条。"
    assert found(text) == [("35", "件"), ("20", "件"), ("57.1", "%"), ("1024", "条")]


def test_a_quantity_knows_where_it_stands_in_the_text_as_written() -> None:
    text = "收到申请 ３５ 件，办结三十三件。"
    first, second = find_quantities(text)
    assert text[first.start : first.end].strip() == "３５ 件"
    assert text[second.start : second.end] == "三十三件"


def test_years_beside_numbers_are_not_taken_for_them() -> None:
    assert found("2024年12月收到申请7件，2023年收到9件") == [("7", "件"), ("9", "件")]


@given(st.integers(0, 9999))
def test_every_chinese_numeral_below_ten_thousand_is_read(number: int) -> None:
    assert chinese_number(_in_words(number)) == number


def _in_words(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    words, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if gap else "") + digits[digit] + name
            gap = False
        elif words and number % place:
            gap = True
    return words.removeprefix("一") if words.startswith("一十") else words


@given(st.integers(0, 10**7), st.sampled_from(["件", "条", "次"]), st.booleans(), st.booleans())
def test_an_arabic_number_is_the_same_in_every_width_and_grouping(
    number: int, unit: str, wide: bool, comma: bool
) -> None:
    digits = f"{number:,}" if comma else str(number)
    if wide:
        digits = digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert found(f"全年共{digits}{unit}。") == [(str(number), unit)]


@given(st.text("收到申请０１２３３５3件，。一二三百千万%年月日第条号", max_size=40))
def test_reading_never_fails_and_never_leaves_the_text(text: str) -> None:
    last = 0
    for quantity in find_quantities(text):
        assert last <= quantity.start < quantity.end <= len(text)
        last = quantity.end
    assert len(half_width(text)) == len(text)
