"""Spellings of one label are joined; labels of different meaning never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.forms import normalise, without_numbering


@pytest.mark.parametrize(
    ("seen", "official"),
    [
        ("(一)予以公开", "（一）予以公开"),
        ("（一） 予以公开", "（一）予以公开"),
        (
            "(二)部分公开(区分处理的,只计这一情形,不计其他情形)",
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        ),
        ("1．属于国家秘密", "1.属于国家秘密"),
        ("1、属于国家秘密", "1.属于国家秘密"),
        ("1. 属于国家秘密", "1.属于国家秘密"),
        ("１．属于国家秘密", "1.属于国家秘密"),
        ('3.危及"三安全一稳定"', "3.危及“三安全一稳定”"),
        ("3.危及＂三安全一稳定＂", "3.危及“三安全一稳定”"),
        ("2.其他法律、行政法规禁止公开", "2.其他法律行政法规禁止公开"),
        ("2.其他法律，行政法规禁止公开", "2.其他法律行政法规禁止公开"),
        ("法人或\n其他组织", "法人或其他组织"),
        ("总\u00a0\u00a0计", "总计"),
        ("总　计", "总计"),
        ("\ufeff总计", "总计"),
        ("本年增／减", "本年增/减"),
        ("本年收费金额(单位:万元)", "本年收费金额（单位：万元）"),
    ],
)
def test_spellings_seen_in_reports_are_the_same_label(seen, official):
    assert normalise(seen) == normalise(official)


def test_different_labels_stay_different(forms):
    for form in forms.values():
        for table in form.tables:
            titles = [record.path.title for record in table.records.values()]
            assert len({normalise(title) for title in titles}) == len(titles)
    assert normalise("规范性文件") != normalise("行政规范性文件")
    assert normalise("1.属于国家秘密") != normalise("2.属于国家秘密")
    assert normalise("3.其他") != normalise("其他")
    assert normalise("结果维持") != normalise("结果纠正")


@given(st.text())
def test_normalising_twice_changes_nothing_more(label):
    assert normalise(normalise(label)) == normalise(label)


@given(st.data())
def test_white_space_never_matters(data):
    label = data.draw(st.sampled_from(["（七）总计", "四、结转下年度继续办理", "1.属于国家秘密", "法人或其他组织"]))
    spaces = st.text(" \u3000\u00a0\t\n\r\u200b", max_size=3)
    written = "".join(char + data.draw(spaces) for char in label)
    assert normalise(data.draw(spaces) + written) == normalise(label)


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请数量"),
        ("（三）不予公开", "不予公开"),
        ("8.属于行政查询事项", "属于行政查询事项"),
        ("行政许可", "行政许可"),
        ("三安全一稳定", "三安全一稳定"),
    ],
)
def test_a_label_is_said_without_its_number(label, bare):
    assert without_numbering(label) == bare
