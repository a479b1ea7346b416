"""What can go wrong with a clerk's CSV file, and what the clerk is told.

A message names the file, the line, the row and the column in Chinese, and says what to do. What leaves it uncertain
to which box a number belongs is an error; what is certain but wrong is a finding of the rules.
"""

from __future__ import annotations

import pytest

from ogi_report.errors import DataError
from ogi_report.readers import read_figures
from ogi_report.writers import write_table_csv

FILE = "data/2021/kejing/applications.csv"


def applications(figures):
    return write_table_csv(figures, "applications")


def line(number: int, change):
    """A mistake made in one line (the first is 1) of table 三."""

    def mistake(text: str) -> str:
        lines = text.split("\n")
        lines[number - 1] = change(lines[number - 1])
        return "\n".join(lines)

    return mistake


def replaced(old: str, new: str):
    def mistake(text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return mistake


MISTAKES = {
    "an empty file": (lambda text: "", [FILE, "是空的", "表三"]),
    "only blank lines": (lambda text: "\n,,,\n\n", [FILE, "是空的"]),
    "a title above the headings": (
        lambda text: "表三\n" + text,
        [f"{FILE} 第 1 行", "应当是表头", "删去表头之前的行", "自然人"],
    ),
    "no column of labels": (
        lambda text: "\n".join(
            ",".join(part for n, part in enumerate(row.split(",")) if n != 1) for row in text.split("\n")
        ),
        [f"{FILE} 第 1 行（表头）第 2 列是“自然人”", "应当是“项目”", "请补上"],
    ),
    "an unknown column": (
        replaced("科研机构", "科研院所"),
        [
            f"{FILE} 第 1 行（表头）第 5 列是“科研院所”",
            "表三没有这一列",
            "请改正，可用的有：自然人、商业企业、科研机构",
        ],
    ),
    "a column twice": (replaced("科研机构", "商业企业"), [f"{FILE} 第 1 行", "“商业企业”列出现了两次", "请删去"]),
    "an unknown row, almost right": (
        replaced("\ncarried_in,", "\ncaried_in,"),
        [
            f"{FILE} 第 3 行",
            "行代码“caried_in”（二、上年结转政府信息公开申请数量）不在表三中",
            "是不是要写 carried_in",
            "local.",
        ],
    ),
    "a row known by its label only": (
        replaced("\ncarried_out,", "\njiezhuan,"),
        ["行代码“jiezhuan”", "是不是要写 carried_out（四、结转下年度继续办理）"],
    ),
    "a row without key": (
        replaced("\ncarried_out,", "\n,"),
        ["行代码“”（四、结转下年度继续办理）", "是不是要写 carried_out"],
    ),
    "a row of another kind": (
        replaced("\ncarried_out,四、结转下年度继续办理,", "\nxyz,其他主动公开文件,"),
        ["行代码“xyz”（其他主动公开文件）不在表三中", "代码请以 local. 开头，如 local.other_docs"],
    ),
    "a row twice": (
        lambda text: text + "received,一、本年新收政府信息公开申请数量,0,0,0,0,0,0,0\n",
        [f"{FILE} 第 27 行", "“一、本年新收政府信息公开申请数量”（received）与第 2 行重复", "请删去其中一行"],
    ),
    "the label of another row": (
        replaced("granted,（一）予以公开", "granted,1.属于国家秘密"),
        [
            f"{FILE} 第 4 行",
            "代码是 granted（（一）予以公开），标签却是“1.属于国家秘密”（代码应为 denied.state_secret）",
            "请核对",
        ],
    ),
    "a comma too many": (
        line(2, lambda row: row.replace(",0,", ",0,,", 1)),
        [f"{FILE} 第 2 行“一、本年新收政府信息公开申请数量”有 8 个数，应为 7 个", "逗号"],
    ),
    "thousands separators without quotes": (
        line(2, lambda row: row[: row.rindex(",")] + ",1,024"),
        [f"{FILE} 第 2 行", "有 8 个数，应为 7 个", "千分位逗号（1,024 请写成 1024）"],
    ),
    "a comma too few": (
        line(3, lambda row: row.removesuffix(",0")),
        [f"{FILE} 第 3 行“二、上年结转政府信息公开申请数量”有 6 个数，应为 7 个"],
    ),
    "a quote never closed": (
        lambda text: text.replace("received,", 'received,"', 1) + "0" * 200_000,
        [FILE, "引号"],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_clerk_is_told_what_is_wrong_where_and_what_to_do(mistake, figures_of, read_back):
    figures = figures_of()
    make, parts = MISTAKES[mistake]
    with pytest.raises(DataError) as error:
        read_back(figures, applications=make(applications(figures)))
    message = str(error.value)
    assert [part for part in parts if part not in message] == [], message
    assert "请" in message


def test_a_mistake_is_told_once(figures_of, read_back):
    for mistake in ("an unknown column", "a row twice", "the label of another row", "a comma too many"):
        make, _ = MISTAKES[mistake]
        with pytest.raises(DataError) as error:
            read_back(figures_of(), applications=make(applications(figures_of())))
        assert len(error.value.messages) == 1, mistake


def test_a_missing_file_is_named(figures_of, read_back):
    with pytest.raises(DataError, match=r"^找不到 data/2021/kejing/remedies\.csv；请放入该文件后再运行。$"):
        read_back(figures_of(), remedies=None)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04" + b"\x00" * 30, "实际上是 Excel 工作簿，只是改了扩展名；请用“另存为”选择“CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "实际上是 Excel 工作簿"),
        ("行代码,项目".encode("utf-16"), "UTF-16 编码"),
        (b"\x81\xff\xfe,\x00\x00", "编码无法识别；请用“另存为”"),
        (b"a,b\x00c", "编码无法识别"),
        (b"0," * 3_000_000, "超过 5 MB，不像是一份年度报告的文件"),
    ],
)
def test_what_is_not_a_csv_file_is_recognised_for_what_it_is(content, told, figures_of, read_back):
    with pytest.raises(DataError) as error:
        read_back(figures_of(), applications=content)
    assert str(error.value).startswith(FILE)
    assert told in str(error.value)


def test_a_folder_in_place_of_a_file_is_an_error_and_no_traceback(tmp_path, forms, figures_of, write_data):
    folder = write_data(tmp_path / "kejing", figures_of(), remedies=None)
    (folder / "remedies.csv").mkdir()
    with pytest.raises(DataError, match=r"无法读取 data/remedies\.csv"):
        read_figures(folder, forms["2021"], "data")


def test_the_file_of_the_other_layout_is_recognised(figures_of, read_back):
    old = figures_of({}, "2019")
    for table in ("disclosure", "applications"):
        if table == "applications":
            told = rf'{table}\.csv 的行属于 2019 年表样，而本报告用的是 2021 年表样；请换成 2021 年表样的表，或在参数文件中写 layout: "2019"'
        else:
            told = rf"{table}\.csv 的行属于 2019 年表样"
        with pytest.raises(DataError, match=told):
            read_back(figures_of(), **{table: write_table_csv(old, table)})


def test_one_row_of_the_other_layout_is_an_unknown_row(figures_of, read_back):
    text = applications(figures_of()).replace("other.misc,3.其他", "other,（六）其他处理")
    with pytest.raises(DataError, match="行代码“other”（（六）其他处理）不在表三中；是不是要写 other"):
        read_back(figures_of(), applications=text)


def test_a_number_where_the_row_has_no_such_column_is_a_shifted_row(figures_of, read_back):
    text = write_table_csv(figures_of(), "disclosure").replace("licence,行政许可,,,,0,", "licence,行政许可,,,12,,")
    with pytest.raises(DataError) as error:
        read_back(figures_of(), disclosure=text)
    assert str(error.value) == (
        "data/2021/kejing/disclosure.csv 第 4 行“行政许可”没有“现行有效件数”这一栏，却写了“12”；"
        "这一行只有：本年处理决定数量，请检查是否错了一列，或数字里写了千分位逗号（1,024 请写成 1024）。"
    )


def test_all_problems_of_all_files_are_listed_at_once(figures_of, read_back):
    text = applications(figures_of())
    text = replaced("\ncarried_in,", "\ncaried_in,")(text)
    text = replaced("granted,（一）予以公开", "granted,1.属于国家秘密")(text)
    text += "received,一、本年新收政府信息公开申请数量,0,0,0,0,0,0,0\n"
    remedies = write_table_csv(figures_of(), "remedies").replace("结果纠正", "结果改正")
    with pytest.raises(DataError) as error:
        read_back(figures_of(), disclosure=None, applications=text, remedies=remedies)
    assert [message.split("；")[0][:44] for message in error.value.messages] == [
        "找不到 data/2021/kejing/disclosure.csv",
        "data/2021/kejing/applications.csv 第 3 行的行代码“"[:44],
        "data/2021/kejing/applications.csv 第 4 行的代码是 gr"[:44],
        "data/2021/kejing/applications.csv 第 27 行的“一、本年"[:44],
        "data/2021/kejing/remedies.csv 第 1 行（表头）第 4 列"[:44],
    ]


# -- certain but wrong: read, and left to the rules -------------------------------------------------------------------


def test_a_missing_row_is_a_finding_and_no_error(figures_of, read_back, checked):
    lines = [row for row in applications(figures_of()).splitlines() if not row.startswith("denied.admin_query,")]
    figures = read_back(figures_of(), applications="\n".join(lines))
    assert [(found.record, found.official) for found in figures.missing] == [
        ("denied.admin_query", "（三）不予公开 8.属于行政查询事项")
    ]
    assert figures["applications.denied.admin_query.total"].raw == ""
    found = [finding for finding in checked(figures) if finding.rule == "LAYOUT-MISSING-ROW"]
    assert [(str(f.severity), len(f.cells)) for f in found] == [("error", 7)]
    assert found[0].message == (
        "表三缺少“（三）不予公开 8.属于行政查询事项”（data/2021/kejing/applications.csv）；请按表样补齐，没有数的填 0。"
    )


def test_a_missing_column_is_a_finding_and_no_error(figures_of, read_back, checked):
    rows = [row.split(",") for row in write_table_csv(figures_of(), "remedies").splitlines()]
    figures = read_back(figures_of(), remedies="\n".join(",".join(row[:-1]) for row in rows))
    assert [(found.field, found.official) for found in figures.missing] == [("total", "总计")]
    assert figures["remedies.review.total"].raw == ""
    found = [finding for finding in checked(figures) if finding.rule == "LAYOUT-MISSING-ROW"]
    assert [finding.cells for finding in found] == [
        ("remedies.review.total", "remedies.litigation_direct.total", "remedies.litigation_after_review.total")
    ]


def test_another_wording_of_a_label_is_a_finding_and_no_error(figures_of, read_back, checked):
    text = write_table_csv(figures_of(), "disclosure").replace("行政规范性文件", "规范性文件")
    found = [finding for finding in checked(read_back(figures_of(), disclosure=text)) if finding.rule == "LAYOUT-LABEL"]
    assert [(str(f.severity), len(f.cells)) for f in found] == [("warning", 3)]
    assert found[0].message == (
        "表二的标签与表样不一致：data/2021/kejing/disclosure.csv 第 3 行写作“规范性文件”，应为“行政规范性文件”。"
    )


def test_rows_outside_the_form_are_kept_as_local_rows(figures_of, read_back, checked):
    text = write_table_csv(figures_of({}, "2019"), "disclosure").replace(
        "licence,", "local.docs,其他主动公开文件,0,0,20,,,,,\nlocal.more,再一行,1,1,1,,,,,\nlicence,"
    )
    figures = read_back(figures_of({}, "2019"), disclosure=text)
    assert figures.local_rows == ("local.docs", "local.more")
    assert figures.value("disclosure.local.docs.public_total") == 20
    assert figures.value("disclosure.local.more.new_made") == 1
    (found,) = [finding for finding in checked(figures) if finding.rule == "LAYOUT-EXTRA-ROW"]
    assert (str(found.severity), len(found.cells)) == ("note", 6)
    assert "“其他主动公开文件”、“再一行”" in found.message


def test_a_printed_subtotal_is_checked_and_counted_nowhere_else(figures_of, read_back, checked):
    text = applications(figures_of({"applications.denied.third_party.total": 3}))
    text = replaced("\nunavailable.not_held,", "\ndenied.sum,小计,0,0,0,0,0,0,4\nunavailable.not_held,")(text)
    figures = read_back(figures_of(), applications=text)
    assert figures.value("applications.denied.sum.total") == 4
    found = [(f.rule, f.message) for f in checked(figures) if f.rule in ("T3-SUBTOTAL", "T3-HANDLED")]
    assert [rule for rule, _ in found] == ["T3-HANDLED", "T3-SUBTOTAL"]
    assert "保护第三方合法权益 3" in found[0][1]
    assert "4" not in found[0][1].replace("4.", "")
    assert found[1][1] == "“总计”列：小计 4；保护第三方合法权益 3；两边应当相等，相差 1。"


@pytest.mark.parametrize("raw", ["若干", "3件左右", "1.02E+05", "=1+1", "#REF!", "9" * 30])
def test_a_text_where_a_number_belongs_is_read_as_it_stands(raw, figures_of, read_back, checked):
    figures = read_back(figures_of({"applications.received.total": raw}))
    assert figures["applications.received.total"].raw == raw
    found = [finding for finding in checked(figures) if finding.rule == "V-TEXT"]
    assert [finding.place for finding in found] == [f"{FILE} 第 2 行“一、本年新收政府信息公开申请数量”的“总计”列"]
