"""Ledgers as offices keep them: found by their headings, read in any spelling, and refused where a line's place is unknown."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.errors import DataError
from ogi_report.forms import Form
from ogi_report.ledger import Application, Ledger, Remedy, headings_of, roles
from ogi_report.readers import ledger_of_rows, read_ledger
from ogi_report.readers.dates import NotADay, read_day

SOUND = {
    "办件编号": "2024-001",
    "收到日期": "2024-03-05",
    "申请人类型": "自然人",
    "办理结果": "（一）予以公开",
    "办结日期": "2024-03-20",
}


def text_of(*lines: Mapping[str, str], head: Sequence[str] | None = None) -> str:
    out = io.StringIO()
    head = head or list(dict.fromkeys([*SOUND, *(key for line in lines for key in line)]))
    writer = csv.DictWriter(out, head, lineterminator="\n")
    writer.writeheader()
    writer.writerows(SOUND | {"办件编号": f"2024-{n:03}"} | dict(line) for n, line in enumerate(lines, start=1))
    return out.getvalue()


@pytest.fixture
def read(tmp_path: Path, layout: Callable[[str | Form], Form]) -> Callable[..., Ledger]:
    """Reads lines (each SOUND but for what is given), or a whole file's text or bytes, as the ledger of 2024."""

    def go(*lines: Mapping[str, str], text: str | bytes | None = None, form: str = "2021", year: int = 2024) -> Ledger:
        path = tmp_path / "ledger.csv"
        content = text if text is not None else text_of(*lines)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_ledger(path, layout(form), year, "data/2024/ju/ledger.csv")

    return go


@pytest.fixture
def refused(read: Callable[..., Ledger]) -> Callable[..., tuple[str, ...]]:
    def go(*lines: Mapping[str, str], **about: object) -> tuple[str, ...]:
        with pytest.raises(DataError) as error:
            read(*lines, **about)
        return error.value.messages

    return go


# -- what is understood ------------------------------------------------------------------------------------------------


def test_a_line_becomes_an_application(read):
    (found,) = read(
        {
            "申请人类型": "商业企业",
            "是否延期": "是",
            "延期告知日期": "2024-03-12",
            "收到补正日期": "2024-03-08",
            "征求意见开始日期": "2024-03-10",
            "征求意见结束日期": "2024-03-14",
            "行政复议收到日期": "2024-04-08",
            "行政复议结果": "结果维持",
            "行政复议审结日期": "2024-06-03",
        }
    ).applications
    assert found == Application(
        2,
        "2024-001",
        date(2024, 3, 5),
        "legal.commercial",
        "granted",
        date(2024, 3, 20),
        date(2024, 3, 8),
        True,
        date(2024, 3, 12),
        date(2024, 3, 10),
        date(2024, 3, 14),
        (Remedy("review", "upheld", date(2024, 4, 8), date(2024, 6, 3)),),
    )


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("（三）不予公开 1.属于国家秘密", "denied.state_secret"),
        ("属于国家秘密", "denied.state_secret"),
        ("1、 属于国家秘密", "denied.state_secret"),
        ("不予公开-属于国家秘密", "denied.state_secret"),
        ("不予公开（属于国家秘密）", "denied.state_secret"),
        ("denied.state_secret", "denied.state_secret"),
        ("危及“三安全一稳定”", "denied.security_stability"),
        ('3.危及"三安全一稳定"', "denied.security_stability"),
        ("部分公开", "partially_granted"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "partially_granted"),
        ("逾期不补正", "other.no_correction"),
        ("其他处理：其他", "other.misc"),
        ("3. 其他", "other.misc"),
        ("法律、行政法规禁止公开", None),
    ],
)
def test_outcomes_are_read_in_any_spelling_of_the_form(written, key, read, refused):
    if key is None:
        assert "是不是要写“2.其他法律行政法规禁止公开”" in refused({"办理结果": written})[0]
    else:
        assert read({"办理结果": written}).applications[0].outcome == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("自然人", "natural_person"),
        ("法人或其他组织-商业企业", "legal.commercial"),
        ("法人或其他组织（其他）", "legal.other"),
        ("其他", "legal.other"),
        ("其他组织", "legal.other"),
        ("legal.legal_service", "legal.legal_service"),
        (" 法律服务 机构 ", "legal.legal_service"),
    ],
)
def test_applicants_are_read_in_any_spelling_of_the_form(written, key, read):
    assert read({"申请人类型": written}).applications[0].applicant == key


def test_the_other_layout_has_words_of_its_own(read, refused):
    assert read({"办理结果": "（六）其他处理"}, form="2019").applications[0].outcome == "other"
    (message,) = refused({"办理结果": "（六）其他处理"})
    assert "只写到大类，请写明是哪一项：1.申请人无正当理由" in message


@given(st.data())
def test_every_label_and_key_of_every_layout_is_read(layout, data):
    form = layout(data.draw(st.sampled_from(["2019", "2021", "2031"])))
    asked, table = roles(form), form.table("applications")
    outcome, applicant = data.draw(st.sampled_from(asked.outcomes)), data.draw(st.sampled_from(asked.applicants))
    path, column = table.records[outcome].path, table.fields[applicant]
    words = (
        data.draw(st.sampled_from([path.label, path.title, path.name, outcome])),
        data.draw(st.sampled_from([column.label, column.title, column.name, applicant])),
    )
    rows = [(1, list(SOUND)), (2, ["1", "2024-03-05", words[1], words[0], "2024-03-06"])]
    (found,) = ledger_of_rows(rows, form, 2024, "x").applications
    assert (found.outcome, found.applicant) == (outcome, applicant)


@pytest.mark.parametrize(
    "written",
    ["2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "2024 年 3 月 5 日", "20240305", "２０２４－０３－０５", "2024-3-5 14:05", "2024/03/05 0:00:00", "2024-03-05T08:00:00"],
)  # fmt: skip
def test_days_are_read_however_they_are_written(written, read):
    assert read({"收到日期": written}).applications[0].received_on == date(2024, 3, 5)


@given(st.dates(date(2008, 5, 1), date(2099, 12, 31)))
def test_a_day_number_of_a_sheet_is_its_day(day):
    assert read_day(str((day - date(1899, 12, 30)).days), True) == day


@given(st.text(max_size=24))
def test_a_text_is_a_day_or_is_said_to_be_none(text):
    told: object
    try:
        told = read_day(text)
    except NotADay as error:
        told = str(error)
    assert isinstance(told, date) or told


def test_day_numbers_are_read_in_a_sheet_and_refused_in_a_text_file(layout, refused):
    rows = [(1, list(SOUND)), (2, ["1", "45356", "自然人", "予以公开", "45371.5"])]
    (found,) = ledger_of_rows(rows, layout("2021"), 2024, "台账", serials=True).applications
    assert (found.received_on, found.closed_on) == (date(2024, 3, 5), date(2024, 3, 20))
    assert "像是 Excel 的日期序号，请把这一列设为日期格式" in refused({"收到日期": "45356"})[0]


def test_headings_stand_in_any_order_under_a_title_and_in_other_words(read):
    text = "2024年依申请公开办理台账,,,,,\n,,,,,\n答复日期,答复结果,申请人类别,收到申请日期,编号,备注\n2024-03-20,予以公开,自然人,2024-03-05,7,\n"
    ledger = read(text=text)
    assert [a.line for a in ledger.applications] == [4]
    assert ledger.ignored == ("备注",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_any_encoding_and_delimiter_that_excel_and_wps_save(encoding, delimiter, read):
    text = text_of({}, {}).replace(",", delimiter)
    assert len(read(text=text.encode(encoding)).applications) == 2


def test_lines_are_numbered_as_excel_numbers_rows(read):
    text = text_of({"备注": "第一行\n第二行"}, {"备注": ""})
    assert [a.line for a in read(text=text).applications] == [2, 3]


def test_a_stroke_means_nothing_and_open_lines_are_open(read):
    found = read({"办理结果": "/", "办结日期": "—", "是否延期": "-", "行政复议结果": "无", "行政复议审结日期": ""})
    assert (found.applications[0].outcome, found.applications[0].is_extended, found.applications[0].remedies) == (
        None,
        False,
        (),
    )


@pytest.mark.parametrize(
    ("result", "filed", "decided", "expected"),
    [
        ("维持", "", "2024-06-03", Remedy("review", "upheld", None, date(2024, 6, 3))),
        ("结果纠正", "2024-05-01", "2024-06-03", Remedy("review", "corrected", date(2024, 5, 1), date(2024, 6, 3))),
        ("其他", "", "2024-06-03", Remedy("review", "other", None, date(2024, 6, 3))),
        ("尚未审结", "", "", Remedy("review")),
        ("", "2024-05-01", "", Remedy("review", None, date(2024, 5, 1))),
    ],
)
def test_reviews_are_read_in_the_words_of_table_four(result, filed, decided, expected, read):
    line = {"行政复议结果": result, "行政复议收到日期": filed, "行政复议审结日期": decided}
    assert read(line).applications[0].remedies == (expected,)


def test_each_kind_of_remedy_has_its_own_columns(read):
    ledger = read({"未经复议直接起诉结果": "维持", "未经复议直接起诉审结日期": "2024-08-01"})
    assert ledger.groups == ("litigation_direct",)
    assert ledger.tables().values["remedies.litigation_direct.upheld"] == 1


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """`workbook(台账=[[…], …])`: a workbook with these sheets; a date is written as one, with a date format."""
    import xlsxwriter

    def make(options: dict[str, object] | None = None, **sheets: Sequence[Sequence[object]]) -> Path:
        path = tmp_path / "ledger.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy/m/d", **(options or {})}) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return path

    return make


def test_a_sheet_holds_days_as_excel_keeps_them(workbook, layout):
    rows = [
        ["2024年台账"],
        list(SOUND),
        ["1", date(2024, 3, 5), "自然人", "予以公开", 45371],
        [],
        ["2", "2024.3.6", "其他"],
    ]
    ledger = read_ledger(
        workbook(台账=rows, 说明=[["填写说明", "甲", "乙"]]), layout("2021"), 2024, "data/2024/ju/ledger.xlsx"
    )
    assert [(a.line, a.received_on, a.closed_on) for a in ledger.applications] == [
        (3, date(2024, 3, 5), date(2024, 3, 20)),
        (5, date(2024, 3, 6), None),
    ]
    assert ledger.shown == "data/2024/ju/ledger.xlsx（工作表“台账”）"


def test_bare_day_numbers_of_a_workbook_that_counts_from_1904_are_refused(workbook, layout):
    rows = [list(SOUND), ["1", date(2024, 3, 5), "自然人"], ["2", 43895, "自然人"]]
    with pytest.raises(DataError, match="第 3 行的“收到日期”是“43895”，像是 Excel 的日期序号"):
        read_ledger(workbook({"date_1904": True}, 台账=rows), layout("2021"), 2024, "x")


def test_which_sheet_is_the_ledger_is_never_guessed(workbook, layout):
    rows = [list(SOUND), ["1", "2024-03-05", "自然人"]]
    assert len(read_ledger(workbook(Sheet1=rows), layout("2021"), 2024, "x").applications) == 1
    with pytest.raises(
        DataError, match="有几张工作表（“一月”、“二月”），不知道哪一张是台账；请把台账那一张改名为“台账”"
    ):
        read_ledger(workbook(一月=rows, 二月=rows), layout("2021"), 2024, "x")


# -- what is refused, and how it is told -------------------------------------------------------------------------------

IMPOSSIBLE = [
    ({"收到日期": "2024-02-30"}, "的“收到日期”是“2024-02-30”，日历上没有这一天；请写成 2024-03-05 的样子。"),
    ({"收到日期": "2024-13-01"}, "日历上没有这一天"),
    ({"收到日期": "24.3.5"}, "是“24.3.5”，年份应当写四位"),
    ({"收到日期": "3月5日"}, "没有写年份"),
    ({"收到日期": "2024年3月"}, "没有写到日"),
    ({"收到日期": "年初"}, "的“收到日期”的内容不是日期"),
    ({"收到日期": ""}, "的“收到日期”没有填写；不知道属于哪一年"),
    ({"收到日期": "1924-03-05"}, "是 1924-03-05，早于《政府信息公开条例》施行"),
    ({"办结日期": "2024-03-04"}, "的“办结日期”是 2024-03-04，早于“收到日期”的 2024-03-05；请核对是哪一个写错了。"),
    ({"办结日期": ""}, "的“办结日期”没有填写，而“办理结果”已填"),
    ({"办理结果": ""}, "的“办理结果”没有填写，而“办结日期”已填"),
    ({"申请人类型": ""}, "请写明是哪一种：自然人、商业企业、科研机构"),
    ({"申请人类型": "法人或其他组织"}, "只写到大类，请写明是哪一项：商业企业、科研机构"),
    ({"申请人类型": "公司"}, "的“申请人类型”写的不是表样的用词，只能写：自然人、"),
    ({"申请人类型": "总计"}, "不是表样的用词"),
    ({"办理结果": "不予公开"}, "只写到大类，请写明是哪一项：1.属于国家秘密"),
    ({"办理结果": "予以公开（部分）"}, "不是表样的用词"),
    ({"办理结果": "（七）总计"}, "不是表样的用词"),
    ({"是否延期": "也许"}, "的“是否延期”只能写是或否。"),
    ({"是否延期": "否", "延期告知日期": "2024-03-10"}, "写的是否，而“延期告知日期”已填"),
    ({"征求意见结束日期": "2024-03-10", "征求意见开始日期": ""}, "已填，却没有开始日期"),
    ({"行政复议结果": "维持", "行政复议审结日期": ""}, "已有结果，却没有“行政复议审结日期”；不知道哪一年审结"),
    ({"行政复议结果": "", "行政复议审结日期": "2024-06-01"}, "没有结果，而“行政复议审结日期”已填"),
    ({"行政复议结果": "尚未审结", "行政复议审结日期": "2024-06-01"}, "没有结果"),
    ({"行政复议结果": "维持", "行政复议审结日期": "2025-01-10"}, "请补填收到日期，才知道 2024 年底是否已在审理"),
    ({"行政复议结果": "维持", "行政复议审结日期": "2024-05-01", "行政复议收到日期": "2024-06-01"}, "早于“行政复议收到日期”"),
    ({"办件编号": ""}, "没有编号就看不出有没有重复登记"),
    ({"办件编号": "张三"}, "不像是编号；请改用办件编号，不要写姓名"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), IMPOSSIBLE, ids=lambda value: "·".join(value.values()) if isinstance(value, dict) else "")  # fmt: skip
def test_a_line_whose_place_nobody_can_tell_is_refused_by_line_and_column(line, message, refused):
    (told,) = refused({}, line)
    assert told.startswith("data/2024/ju/ledger.csv 第 3 行的“")
    assert message in told
    assert told.endswith("。")


def test_the_same_number_twice_is_refused(refused):
    (told,) = refused({}, {"办件编号": "2024-001"}, {"办件编号": "２０２４-００１"})[:1]
    assert (
        told == "data/2024/ju/ledger.csv 第 3 行的“办件编号”与第 2 行相同；一件申请只写一行，不是同一件的请改正编号。"
    )


def test_every_problem_is_told_up_to_a_hundred(refused):
    assert len(refused({"收到日期": "2024-02-30"}, {"申请人类型": "x"}, {"办理结果": "x", "办结日期": "x"})) == 4
    many = refused(*[{"收到日期": ""}] * 130)
    assert len(many) == 101
    assert many[-1] == "data/2024/ju/ledger.csv 还有 30 处，改正以上各处后再核对。"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "是空的"),
        (",,\n \n", "是空的"),
        ("姓名,电话\n张三,1\n", "找不到列名；第一行应当是列名，至少要有：办件编号、收到日期、申请人类型、办理结果、办结日期"),
        ("办件编号,收到日期,申请人类型,办理结果\n", "第 1 行（列名）没有“办结日期”；请补上这一列"),
        ("办件编号,收到日期,申请人类型,办理结果,办结日期,答复日期\n", "同一个意思：“办结日期”、“答复日期”"),
        ("办件编号,收到日期,申请人类型,办理结果,办结日期,行政复议结果\n", "有“行政复议结果”，却没有“行政复议审结日期”"),
        ("办件编号,收到日期,申请人类型,办理结果,办结日期,行政诉讼结果\n", "的“行政诉讼结果”看不出是哪一列；复议、诉讼请用这些列名：行政复议收到日期"),
        ('办件编号,收到日期\n"' + "x" * 200_000, "双引号没有成对"),
    ],
)  # fmt: skip
def test_a_file_without_the_columns_is_refused(text, message, refused):
    assert any(message in told for told in refused(text=text))


def test_a_line_with_more_cells_than_headings_is_refused_unread(refused):
    (told,) = refused(text=text_of({}) + "2,张三,13800001234,2024-03-05,自然人,予以公开,2024-03-20\n")
    assert told == "data/2024/ju/ledger.csv 第 3 行比列名多出几格；可能多了一个逗号，后面各列都错开了，请检查这一行。"


def test_a_workbook_under_another_name_is_told(refused):
    assert "实际上是 Excel 工作簿" in refused(text=b"PK\x03\x04abc")[0]


# -- nobody's name leaves the file -------------------------------------------------------------------------------------

NAME, MOBILE, IDENTITY = "欧阳明月", "13800001234", "110101198003071234"


def test_columns_that_are_not_needed_are_named_and_not_read(read):
    ledger = read({"申请人姓名": NAME, "联系电话": MOBILE, "身份证号": IDENTITY, "备注": NAME})
    assert ledger.ignored == ("申请人姓名", "联系电话", "身份证号", "备注")
    assert not any(secret in repr(ledger) for secret in (NAME, MOBILE, IDENTITY))


def test_a_column_without_heading_is_told_if_anything_stands_in_it(read):
    text = text_of({}, {}).replace("办结日期\n", "办结日期,,\n").replace("2024-03-20\n", f"2024-03-20,,{NAME}\n")
    assert read(text=text).ignored == ("第 7 列（没有列名）",)


@pytest.mark.parametrize("secret", [NAME, MOBILE, IDENTITY, f"{NAME}，{MOBILE}"])
@pytest.mark.parametrize("heading", [*SOUND, "是否延期", "延期告知日期", "行政复议结果", "行政复议收到日期"])
def test_no_message_quotes_what_a_shifted_column_may_hold(heading, secret, read):
    try:
        told = repr(read({"行政复议审结日期": "", "行政复议结果": "", heading: secret}))
    except DataError as error:
        told = str(error)
    assert not any(part in told for part in (NAME, MOBILE, IDENTITY))


def test_a_case_number_of_eighteen_digits_is_no_identity_card(read):
    assert read({"办件编号": "320100202403051234"}).applications[0].number == "320100202403051234"


@given(st.data())
def test_any_rows_are_a_ledger_or_a_message(layout, data):
    form = layout("2021")
    heads = [heading.label for heading in headings_of(form)]
    cells = st.sampled_from(
        ["", "自然人", "予以公开", "2024-03-05", "2025-01-01", "2024-02-30", "是", "维持", "尚未审结", "1", "2"]
    ) | st.text(max_size=6)
    rows = data.draw(st.lists(st.lists(cells, max_size=len(heads)), max_size=6))
    messages: tuple[str, ...] = ()
    try:
        ledger_of_rows(enumerate([heads, *rows], start=1), form, 2024, "x").tables()
    except DataError as error:
        messages = error.messages
    assert all(message.startswith("x ") for message in messages)
