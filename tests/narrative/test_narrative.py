"""The report's words: facts are computed, other people's text is harmless, and nobody's chapter goes missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.errors import NarrativeError
from ogi_report.figures import Figures
from ogi_report.forms import official_forms
from ogi_report.narrative import Source, facts, render_chapters, render_lead_in, split
from ogi_report.narrative.bindings import plain
from ogi_report.narrative.document import fill
from ogi_report.narrative.markdown import to_html, to_text

FORM = official_forms()["2021"]
ABOUT = {"年度": 2024, "机构": "示例局", "通知文号": "30号", "网站": "", "联系方式": "", "收费": None}


@pytest.fixture(scope="module")
def told(figures_of: Callable[..., Figures]) -> Callable[..., str]:
    """`told("{{ 本年新收 }} 件", {"applications.received.total": 5})`: the text with its facts filled in."""

    def tell(text: str, cells: dict[str, Any] | None = None, last: dict[str, Any] | None = None) -> str:
        before = figures_of(last) if last is not None else None
        return fill(text, facts(figures_of(cells), before, ABOUT), "narrative.md")

    return tell


def test_facts_are_said_by_their_chinese_and_english_names(told: Callable[..., str]) -> None:
    cells = {"applications.received.total": 181, "applications.denied.state_secret.total": 2}
    cells |= {"applications.denied.admin_query.total": 3, "remedies.litigation_direct.total": 4}
    text = "{{ 本年新收 }}/{{ received }}/{{ 不予公开 }}/{{ denied }}/{{ 行政诉讼 }}/{{ litigation }}"
    assert told(text, cells) == "181/181/5/5/4/4"


def test_amounts_are_printed_as_exactly_as_they_were_written(told: Callable[..., str]) -> None:
    assert told("{{ 行政事业性收费收费金额 }}", {"disclosure.admin_fee.amount_wan": "96171.60"}) == "96171.60"


def test_shares_and_changes_are_rounded_half_up(told: Callable[..., str]) -> None:
    cells, last = {"applications.received.total": 181}, {"applications.received.total": 160}
    assert told("{{ 占比(58, 本年新收) }}，{{ 同比(本年新收, 上年.本年新收) }}", cells, last) == "32.0%，增长13.1%"
    assert (
        told("{{ 占比(1, 8, 2) }} {{ 占比(1, 16) }} {{ 同比(96, 100) }} {{ 同比(5, 5) }}")
        == "12.50% 6.3% 下降4.0% 持平"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("\n\n{{ 本年新受 }}", "narrative.md 第 3 行：没有“本年新受”这个名称"),
        ("{{ 予以公开 }}", "“予以公开”在表中是空白"),
        ("{{ 上年.本年新收 }}", "没有“本年新收”"),
        ("{{ 1 / 3 }}", "占比()"),
        ("{{ 占比(1, 0) }}", "分母是 0"),
        ('{{ 数("applications.nothing.total") }}', "没有代码为“applications.nothing.total”的单元格"),
        ("{% if %}", "写法有误"),
    ],
)
def test_what_cannot_be_said_is_explained_with_its_line(told: Callable[..., str], text: str, complaint: str) -> None:
    with pytest.raises(NarrativeError) as error:
        told(text, {"applications.granted.total": None})
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ 数.__globals__ }}",
        "{{ 本年新收.__class__ }}",
        "{{ lipsum() }}",
        "{% for i in range(10**9) %}{% endfor %}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_narrative_cannot_reach_into_the_program(told: Callable[..., str], text: str) -> None:
    with pytest.raises(NarrativeError):
        told(text)


def test_raw_html_is_text_and_pictures_and_odd_links_are_not_taken_over() -> None:
    page = to_html(
        '<script>alert(1)</script>\n\n![图](https://x.example/a.png) [甲](javascript:alert(1)) <b onclick="x">乙</b>'
    )
    assert "<script" not in page
    assert "<img" not in page
    assert "<b" not in page
    assert "javascript" not in page.replace("&lt;", "")
    assert "&lt;script&gt;" in page


def test_a_declared_number_is_printed_as_the_number_and_a_web_link_stays() -> None:
    assert plain(to_html("发布 [134 条](ogi:none)，见 [网站](https://x.example)")).startswith(
        "<p>发布 134 条，见 <a href="
    )


def test_a_declared_number_is_remembered_with_its_place_and_value(figures_of: Callable[..., Figures]) -> None:
    cells = {"applications.received.total": 30, "applications.carried_in.total": 5}
    text = (
        "## 一、总体情况\n\n发布 [134 条](ogi:none)，处理 [35件](ogi:received+carried_in)，另有[30](ogi:本年新收)件。"
    )
    chapters = render_chapters(split(text, FORM, "narrative.md"), FORM, facts(figures_of(cells), None, ABOUT))
    (chapter,) = [chapter for chapter in chapters if chapter.number == 1]
    assert chapter.text == "发布 134 条，处理 35件，另有30件。"
    assert chapter.html == f"<p>{chapter.text}</p>"
    found = [(chapter.text[b.start : b.end], b.meaning, b.value) for b in chapter.bound]
    assert found == [("134 条", "none", None), ("35件", "received+carried_in", 35), ("30", "本年新收", 30)]


@pytest.mark.parametrize(
    ("meaning", "told"),
    [("recieved", "不是数的名称"), ("本年新收*2", "写法有误"), ("办理结果总计", "在表中是空白"), ("机构", "不是数")],
)
def test_a_declared_number_that_means_nothing_is_refused(meaning: str, told: str, figures_of: Any) -> None:
    known = facts(figures_of({"applications.received.total": 30}, fill=None), None, ABOUT)
    source = split(f"## 一、总体情况\n\n[134 条](ogi:{meaning})", FORM, "narrative.md")
    with pytest.raises(NarrativeError, match=told) as error:
        render_chapters(source, FORM, known)
    assert error.value.messages[0].startswith("narrative.md 第 2")


def test_a_line_break_inside_a_chinese_paragraph_is_no_space() -> None:
    assert to_text(to_html("甲乙\n丙丁\n\n### 小标题\n戊")) == "甲乙丙丁\n小标题\n戊"


def test_a_markdown_table_has_headers_with_scope() -> None:
    assert '<th scope="col">项目</th>' in to_html("|项目|数|\n|---|---|\n|甲|1|")


TEXT = "# 自定的标题\n引言。\n\n## 一、总体情况\n甲\n\n### （一）主动公开\n乙\n\n## 五、存在问题及改进情况\n\n## 六、其他需要报告的事项\n丙\n"


def test_a_narrative_is_cut_at_its_chapters_and_missing_ones_get_a_default(figures_of: Callable[..., Figures]) -> None:
    known = facts(figures_of({"applications.received.total": 7}), None, ABOUT)
    source = split(TEXT, FORM, "narrative.md")
    chapters = render_chapters(source, FORM, known)
    assert source.title == "自定的标题"
    assert render_lead_in(source, FORM, known).text == "引言。"
    assert [(c.number, c.written) for c in chapters] == [
        (1, True),
        (2, False),
        (3, False),
        (4, False),
        (5, True),
        (6, True),
    ]
    assert chapters[0].text == "甲\n（一）主动公开\n乙"
    assert chapters[0].lines == (5, 9)
    assert "新收政府信息公开申请7件" in chapters[2].text
    assert chapters[4].text == "", "a heading without text means: no text, only the table"


def test_the_order_of_the_source_is_kept_so_that_a_rule_can_speak_of_it(figures_of: Callable[..., Figures]) -> None:
    source = split("## 二、主动公开政府信息情况\n乙\n\n## 一、总体情况\n甲\n", FORM, "narrative.md")
    chapters = render_chapters(source, FORM, facts(figures_of(), None, ABOUT))
    assert [c.number for c in chapters] == [2, 1, 3, 4, 5, 6]


def test_a_chapter_given_twice_or_beyond_the_form_is_refused() -> None:
    with pytest.raises(NarrativeError, match="第 3 行：“一、总体情况”这一章出现了两次"):
        split("## 一、总体情况\n\n## 一、总体情况\n", FORM, "narrative.md")
    with pytest.raises(NarrativeError, match="“七、附件”不是表样的章"):
        split("## 七、附件\n", FORM, "narrative.md")


@given(
    st.dictionaries(st.sampled_from(sorted(FORM.cells)), st.none() | st.integers(100, 999), max_size=60), st.booleans()
)
def test_default_texts_say_no_number_that_is_not_in_the_figures(cells: dict[str, int | None], zero: bool) -> None:
    figures = Figures.of(FORM, cells, 0 if zero else None)
    chapters = render_chapters(Source("narrative.md"), FORM, facts(figures, None, ABOUT))
    known = {str(value) for value in [*figures.named().values(), 2024] if value is not None}
    said = {number for chapter in chapters for number in re.findall(r"\d+", chapter.text)}
    assert said <= known


def test_default_texts_do_not_speak_of_blank_cells(figures_of: Callable[..., Figures]) -> None:
    chapters = render_chapters(Source("n"), FORM, facts(figures_of(fill=None), None, ABOUT))
    assert "None" not in "".join(c.text for c in chapters)
    assert chapters[2].text == "本年度收到和处理政府信息公开申请的数据如下表。"


def test_the_fee_of_chapter_six_comes_from_the_settings(figures_of: Callable[..., Figures]) -> None:
    fee = {"notices": 1, "amount_notified_yuan": Decimal("380"), "amount_collected_yuan": Decimal("0")}
    chapters = render_chapters(Source("n"), FORM, facts(figures_of(), None, ABOUT | {"收费": fee}))
    assert "发出收费通知1件，通知收取380元，实际收取0元" in chapters[5].text


def test_a_default_text_leaves_out_a_sentence_of_which_one_number_is_blank(figures_of: Callable[..., Figures]) -> None:
    """Once the sentence asked only whether the other number was there, and the whole report failed."""
    figures = figures_of({"disclosure.normative.issued": None})
    chapters = render_chapters(Source("n"), FORM, facts(figures, None, ABOUT))
    assert "行政规范性文件" not in chapters[0].text
