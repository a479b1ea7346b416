"""Where the six chapters begin, and what does not belong to any."""

from __future__ import annotations

import pytest

from ogi_report.readers import Document, Paragraph, recognise

TITLES = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def read(*paragraphs: str, title: str = "示例局2023年政府信息公开工作年度报告"):
    return recognise(
        Document("某局.html", tuple(Paragraph(text, f"第 {n} 段") for n, text in enumerate([title, *paragraphs], 1)))
    )


def texts(published) -> dict[int, str]:
    return {chapter.number: chapter.text for chapter in published.chapters}


def body(titles: list[str]) -> list[str]:
    return [line for n, title in enumerate(titles, 1) for line in (title, f"正文{n}。")]


@pytest.mark.parametrize(
    "titles",
    [
        TITLES,
        [title.replace("、", "．", 1) for title in TITLES],
        [title.replace("、", "、 ", 1) for title in TITLES],
        [title.replace("、", " ", 1) for title in TITLES],
        [title + "。" for title in TITLES],
        [f"## {title}" for title in TITLES],
        [f"**{title}**" for title in TITLES],
        [f"第{title}" for title in TITLES],
        [title[2:] for title in TITLES],
        [f"{n}、{title[2:]}" for n, title in enumerate(TITLES, 1)],
        [
            *TITLES[:3],
            "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
            "五、政府信息公开工作存在的主要问题及改进情况",
            TITLES[5],
        ],
        [*TITLES[:3], "四、行政复议和行政诉讼情况", "五、存在的主要问题和改进措施", "六、其他需要报告事项"],
        ["一、概述", *TITLES[1:]],
    ],
    ids=lambda titles: titles[0] + titles[3][:8],
)
def test_headings_are_known_in_many_spellings(titles):
    assert texts(read(*body(titles))) == {n: f"正文{n}。" for n in range(1, 7)}


def test_a_heading_may_stand_on_one_line_with_its_text():
    read_ = read(*(f"{title}。正文{n}。" for n, title in enumerate(TITLES, 1)))
    assert texts(read_) == {n: f"正文{n}。" for n in range(1, 7)}
    assert [chapter.title for chapter in read_.chapters] == TITLES


def test_a_heading_may_follow_a_line_break_in_the_paragraph_before():
    lines = body(TITLES)
    joined = "\n".join(lines[5:7])
    assert texts(read(*lines[:5], joined, *lines[7:])) == {n: f"正文{n}。" for n in range(1, 7)}


def test_lists_that_number_like_chapters_are_none():
    lines = body(TITLES)
    lines[1:2] = ["一、加强领导。", "二、完善制度，落实责任。", "三、强化培训。"]
    lines[-4:-3] = [TITLES[4], "一、存在问题", "解读偏少。", "二、改进措施", "加强解读。"]
    found = texts(read(*lines))
    assert sorted(found) == [1, 2, 3, 4, 5, 6]
    assert found[1] == "一、加强领导。\n二、完善制度，落实责任。\n三、强化培训。"
    assert found[5].startswith("一、存在问题\n解读偏少。\n二、改进措施")


def test_a_table_of_contents_is_no_chapter():
    contents = [f"{title}……………{n}" for n, title in enumerate(TITLES, 1)]
    assert texts(read("目录", *contents, *body(TITLES))) == {n: f"正文{n}。" for n in range(1, 7)}
    assert texts(read("目录", *TITLES, *body(TITLES))) == {n: f"正文{n}。" for n in range(1, 7)}


def test_a_sentence_about_the_chapters_is_none():
    lead = "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况等六个部分组成。"
    found = read(lead, *body(TITLES))
    assert found.lead_in == lead
    assert texts(found) == {n: f"正文{n}。" for n in range(1, 7)}


def test_chapters_keep_the_order_of_the_source():
    lines = body(TITLES)
    swapped = [*lines[:6], *lines[8:10], *lines[6:8], *lines[10:]]
    assert [chapter.number for chapter in read(*swapped).chapters] == [1, 2, 3, 5, 4, 6]


def test_a_missing_chapter_is_missing():
    assert sorted(texts(read(*body(TITLES)[:10]))) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "chrome",
    ["打印 关闭", "【打印本页】【关闭窗口】", "分享到：", "上一篇：无", "版权所有：示例市", "Copyright © 2023"],
)
def test_what_a_site_puts_behind_the_report_is_not_in_chapter_six(chrome):
    assert texts(read(*body(TITLES), chrome, "网站地图", "联系我们"))[6] == "正文6。"


@pytest.mark.parametrize(
    ("title", "year", "agency"),
    [
        ("示例市财政局2023年政府信息公开工作年度报告", 2023, "示例市财政局"),
        ("示例市财政局2023年度政府信息公开工作年度报告", 2023, "示例市财政局"),
        ("2022年示例市政府信息公开工作年度报告", 2022, "示例市"),
        ("示例市人民政府2022年政府信息公开年度报告", 2022, "示例市人民政府"),
        ("示例市人民政府办公室关于2022年政府信息公开工作的年度报告", 2022, "示例市人民政府办公室"),
        ("示例局政府信息公开工作年度报告（2021年）", 2021, "示例局"),
        ("示例镇2020年政府信息公开工作年报", 2020, "示例镇"),
    ],
)
def test_year_and_agency_stand_in_the_title(title, year, agency):
    found = read(*body(TITLES), title=title)
    assert (found.year, found.agency_name) == (year, agency)


def test_without_a_year_in_the_title_the_period_says_it():
    found = read(
        "所列数据的统计期限自2022年1月1日起至2022年12月31日止。", *body(TITLES), title="示例局政府信息公开工作年度报告"
    )
    assert found.year == 2022


def test_a_year_that_is_not_plain_is_not_guessed():
    found = read("与2021年、2022年相比。", *body(TITLES), title="示例局政府信息公开工作年度报告")
    assert found.year is None


def test_the_publication_date_is_taken_only_if_it_is_plain():
    assert str(read("发布日期：2024-01-30", *body(TITLES)).published_on) == "2024-01-30"
    assert str(read("发布时间：2024年1月30日 来源：某局", *body(TITLES)).published_on) == "2024-01-30"
    assert read("发布日期：2024-01-30", "发布时间：2024-02-01", *body(TITLES)).published_on is None
    assert read("发布日期：2024-13-30", *body(TITLES)).published_on is None


def test_page_furniture_is_not_the_lead_in():
    found = read(
        "当前位置：首页 > 年报", "索引号：A/2024-1", "发布日期：2024-01-30", "现将情况报告如下。", *body(TITLES)
    )
    assert found.lead_in == "现将情况报告如下。"


def test_a_sentence_that_begins_like_a_button_belongs_to_chapter_six():
    sentence = "相关信息可在示例市政府网站查询。"
    assert texts(read(*body(TITLES), sentence, "打印"))[6] == f"正文6。\n{sentence}"
