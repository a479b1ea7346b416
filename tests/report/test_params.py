"""The settings of an agency-year: what may be written, and what a person is told who wrote something else."""

from __future__ import annotations

import warnings
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.errors import ConfigError
from ogi_report.report.params import parse_params, read_params

SHOWN = "params/2021/kejing.yaml"
FULL = """\
agency: kejing
year: 2021
layout: "2019"
notebook: notebooks/kejing.ipynb
scope: government_wide
published_on: 2022-01-28
index_no: 0142768-8/2022-00185
doc_no: 科经〔2022〕2号
fee:
  notices: 1
  amount_notified_yuan: 380.50
  amount_collected_yuan: 0
waivers:
  - rule: T4-SUM
    reason: 两件合并审理
    by: 王某
    on: 2022-01-20
    cells:
      remedies.review.total: 5
      remedies.review.upheld: ""
      remedies.review.other:
"""


@pytest.fixture
def read(tmp_path: Path):
    """Reads a params file of the given text as if it were `params/<year>/<agency>.yaml`."""

    def run(text: str | bytes, agency: str = "kejing", year: str = "2021"):
        path = tmp_path / year / f"{agency}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_params(path, f"params/{year}/{agency}.yaml")

    return run


def told(read, text: str | bytes, **where: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        read(text, **where)
    return list(error.value.messages)


def test_two_lines_are_enough(read):
    params = read("agency: kejing\nyear: 2021\n")
    assert (params.agency, params.year, params.scope, params.waivers) == ("kejing", 2021, "own", ())
    assert [params.layout, params.notebook, params.published_on, params.index_no, params.doc_no, params.fee] == [
        None
    ] * 6


def test_everything_that_may_be_written_is_understood(read):
    params = read(FULL)
    assert (params.layout, params.notebook, params.scope) == ("2019", "notebooks/kejing.ipynb", "government_wide")
    assert (params.published_on, params.index_no, params.doc_no) == (
        "2022-01-28",
        "0142768-8/2022-00185",
        "科经〔2022〕2号",
    )
    assert (params.fee.notices, params.fee.amount_notified_yuan, params.fee.amount_collected_yuan) == (
        1,
        Decimal("380.50"),
        0,
    )
    (waiver,) = params.waivers
    assert (waiver.rule, waiver.reason, waiver.by, waiver.on) == ("T4-SUM", "两件合并审理", "王某", "2022-01-20")
    assert waiver.cells == {"remedies.review.total": "5", "remedies.review.upheld": "", "remedies.review.other": None}


def test_settings_cannot_be_changed_by_accident(read):
    with pytest.raises(ValueError, match="frozen"):
        read(FULL).year = 2022


def test_the_same_file_read_by_papermill_means_the_same(read, tmp_path):
    """Plain papermill reads `on` as true and amounts as floats; both ways lead to the same settings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # papermill imports stores that nobody uses here
        from papermill.iorw import read_yaml_file

    ours = read(FULL)
    theirs = read_yaml_file(str(tmp_path / "2021" / "kejing.yaml"))
    assert True in theirs["waivers"][0]
    assert parse_params(theirs, "notebook") == ours


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "publised_on: 2022-01-28",
            "没有名为 publised_on 的设置，您是不是要写 published_on？可用的设置：agency、year、layout、",
        ),
        ("colour: red", "没有名为 colour 的设置。可用的设置：agency、year、layout、notebook、scope、published_on、"),
        ("layout: 2020", "layout 写的是“2020”，只能是 2019、2021。"),
        ("scope: all", "scope 只能是 'own' 或 'government_wide'，现在是“all”。"),
        ("scope: no", "scope 只能是 'own' 或 'government_wide'，现在是“no”。"),
        ("published_on: 2022/1/28", "published_on 写的是“2022/1/28”，日期应写作 2022-01-28 的样子。"),
        ("published_on: 2022-13-45", "published_on 写的是“2022-13-45”，日期应写作 2022-01-28 的样子。"),
        ("published_on: 20220128", "published_on 写的是“20220128”，日期应写作 2022-01-28 的样子。"),
        ("notebook: 3", "notebook 应当是文字，现在是“3”。"),
        ("index_no: [1]", "index_no 应当是文字，现在是“[1]”。"),
        ("waivers: x", "waivers 应当是以 - 开头的几项，现在是“x”。"),
        ("waivers: [x]", "waivers.1 应当是“名称: 值”的几行，现在是“x”。"),
        ("waivers: [{rule: A, reason: 核实过了, by: 王某}]", "缺少 waivers.1.on。"),
        (
            "waivers: [{rule: A, reason: 无, by: 王某, on: 2022-01-28}]",
            "waivers.1.reason 不能为空，至少 4 个字，现在是“无”。",
        ),
        (
            "waivers: [{rule: A, reason: 核实过了, by: '', on: 2022-01-28}]",
            "waivers.1.by 不能为空，至少 1 个字，现在是“”。",
        ),
        ("waivers: [{rule: A, reason: 核实过了, by: 王, on: 昨天}]", "waivers.1.on 写的是“昨天”，日期应写作"),
        (
            "waivers: [{rule: A, reason: 核实过了, by: 王, on: 2022-01-28, cell: {}}]",
            "没有名为 waivers.1.cell 的设置，您是不是要写 cells？可用的设置：rule、reason、by、on、cells、quote、message。",
        ),
        (
            "waivers: [{rule: A, reason: 核实过了, by: 王, on: 2022-01-28, cells: [a]}]",
            "waivers.1.cells 应当是“单元格代码: 当时的值”的几行",
        ),
        (
            "fee: {notices: -1, amount_notified_yuan: 0, amount_collected_yuan: 0}",
            "fee.notices 不能小于 0，现在是“-1”。",
        ),
        (
            "fee: {notices: 1, amount_notified_yuan: 约百元, amount_collected_yuan: 0}",
            "fee.amount_notified_yuan 应当是数，现在是“约百元”。",
        ),
        ("fee: {notices: 1, amount_notified_yuan: 0}", "缺少 fee.amount_collected_yuan。"),
        ("fee: 400", "fee 应当是“名称: 值”的几行，现在是“400”。"),
    ],
)
def test_a_mistake_is_told_with_file_line_setting_and_what_is_allowed(line, message, read):
    (found,) = told(read, f"agency: kejing\nyear: 2021\n{line}\n")
    assert found.startswith(f"{SHOWN} 第 3 行：{message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("agency: kejing\n", f"{SHOWN}：缺少 year。"),
        ("year: 2021\n", f"{SHOWN}：缺少 agency。"),
        ("agency: kejing\nyear: 二〇二一\n", f"{SHOWN} 第 2 行：year 应当是整数，现在是“二〇二一”。"),
        ("agency: kejing\nyear: 2021.5\n", f"{SHOWN} 第 2 行：year 应当是整数，现在是“2021.5”。"),
        ("agency: kejing\nyear:\n", f"{SHOWN} 第 2 行：year 应当是整数，现在是“空”。"),
        ("agency: kejing\nyear: 2018\n", f"{SHOWN} 第 2 行：year 不能小于 2019，现在是“2018”。"),
        ("agency: kejing\nyear: 20211\n", f"{SHOWN} 第 2 行：year 不能大于 2100，现在是“20211”。"),
        ("agency: 123\nyear: 2021\n", f"{SHOWN} 第 1 行：agency 应当是文字，现在是“123”。"),
    ],
)
def test_what_is_required_must_be_there_and_right(text, message, read):
    assert told(read, text) == [message]


def test_a_year_may_arrive_as_text(read):
    assert read('agency: kejing\nyear: "2021"\n').year == 2021


def test_all_mistakes_are_told_at_once(read):
    assert len(told(read, "agency: KE JING\nyear: x\nscope: all\nfoo: 1\n")) == 4


def test_a_file_stands_in_the_folder_of_its_year_under_the_name_of_its_agency(read):
    assert told(read, "agency: kejing\nyear: 2021\n", year="2022") == [
        "params/2022/kejing.yaml 第 2 行：year 是 2021，文件却在 2022 年的文件夹里；请改正年度，或把文件移到对应的文件夹。"
    ]
    assert told(read, "year: 2021\nagency: kejing\n", agency="weijian") == [
        "params/2021/weijian.yaml 第 2 行：agency 是 kejing，与文件名 weijian.yaml 不一致。"
    ]


def test_a_missing_file_an_old_encoding_and_a_folder_are_told_apart(read, tmp_path):
    with pytest.raises(ConfigError, match=r"找不到 params/2021/none\.yaml；请为该机构和年度建一个参数文件"):
        read_params(tmp_path / "2021" / "none.yaml", "params/2021/none.yaml")
    assert told(read, "agency: kejing\nyear: 2021\nindex_no: 科经".encode("gb18030")) == [
        f"{SHOWN} 不是 UTF-8 编码；请用 UTF-8 重新保存。"
    ]
    with pytest.raises(ConfigError, match=r"无法读取 params/2021"):
        read_params(tmp_path / "2021", "params/2021")


def test_a_byte_order_mark_does_no_harm(read):
    assert read("\ufeffagency: kejing\nyear: 2021\n").agency == "kejing"


@pytest.mark.parametrize(
    "agency",
    [
        "../etc/passwd",
        "..",
        ".",
        "a/b",
        "a\\b",
        "/etc",
        "C:evil",
        "a b",
        "KeJing",
        "科经",
        "-a",
        "_a",
        "a.yaml",
        "a\n",
        "a\x00",
        "",
        "~",
        "a" * 65,
    ],
)
def test_an_agency_id_can_never_lead_out_of_its_folder(agency):
    with pytest.raises(ConfigError, match=r"机构代码只能用小写字母、数字、- 和 _|agency 应当是文字"):
        parse_params({"agency": agency, "year": 2021}, SHOWN)


@given(st.text(max_size=20))
def test_an_accepted_agency_id_is_a_plain_file_name(agency):
    try:
        params = parse_params({"agency": agency, "year": 2021}, SHOWN)
    except ConfigError:
        return
    assert Path(f"{params.agency}.yaml").name == f"{agency}.yaml"
    assert params.agency.isascii()


@given(
    st.dictionaries(
        st.text(max_size=12),
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2),
        max_size=5,
    )
)
def test_whatever_is_written_the_answer_is_settings_or_a_message(values):
    try:
        parse_params({"agency": "kejing", "year": 2021} | values, SHOWN)
    except ConfigError as error:
        assert all(message.startswith(SHOWN) and message.endswith("。") for message in error.messages)  # noqa: PT017


def test_an_amount_is_exact_even_if_it_arrives_as_a_float():
    fee = {"notices": 1, "amount_notified_yuan": 0.1, "amount_collected_yuan": "0.2"}
    params = parse_params({"agency": "kejing", "year": 2021, "fee": fee}, SHOWN)
    assert (params.fee.amount_notified_yuan, params.fee.amount_collected_yuan) == (Decimal("0.1"), Decimal("0.2"))
