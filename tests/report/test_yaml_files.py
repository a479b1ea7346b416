"""YAML as people mean it: what YAML 1.1 would make of it otherwise, and what is refused."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ogi_report.errors import ConfigError
from ogi_report.report import yaml_files
from ogi_report.report.yaml_files import read_yaml_mapping

SHOWN = "params/2021/kejing.yaml"


def values(text: str) -> dict:
    return read_yaml_mapping(text, SHOWN)[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on: 2022-01-28", {"on": "2022-01-28"}),
        ("off: x", {"off": "x"}),
        ("no: x", {"no": "x"}),
        ("y: n", {"y": "n"}),
        ("a: no", {"a": "no"}),
        ("a: Yes", {"a": "Yes"}),
        ("a: NO", {"a": "NO"}),
        ("a: true", {"a": True}),
        ("a: false", {"a": False}),
        ("a: True", {"a": "True"}),
        ("a: 2022-01-28", {"a": "2022-01-28"}),
        ("a: 2022-01-28 10:00:00", {"a": "2022-01-28 10:00:00"}),
        ("a: 12:30:45", {"a": "12:30:45"}),
        ("a: 2021", {"a": 2021}),
        ("a: -3", {"a": -3}),
        ("a: 0", {"a": 0}),
        ("a: 0755", {"a": "0755"}),
        ("a: 0o17", {"a": "0o17"}),
        ("a: 0x1F", {"a": "0x1F"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: 400.50", {"a": "400.50"}),
        ("a: .inf", {"a": ".inf"}),
        ('a: "2021"', {"a": "2021"}),
        ("a:", {"a": None}),
        ("a: ~", {"a": None}),
        ("a: null", {"a": None}),
        ("a: 无", {"a": "无"}),
        ("2021: x", {"2021": "x"}),
        ("a: [1, no, 2022-01-28]", {"a": [1, "no", "2022-01-28"]}),
        ("a: {on: no}", {"a": {"on": "no"}}),
    ],
)
def test_a_value_is_what_a_person_sees(written, meant):
    assert values(written) == meant


def test_types_are_not_only_equal_but_the_same():
    found = values("a: 1\nb: true\nc: 1.0")
    assert [type(value) for value in found.values()] == [int, bool, str]


def test_each_key_is_known_with_its_line():
    _, lines = read_yaml_mapping("# 设置\nagency: kejing\n\nyear: 2021\nfee:\n  notices: 0\nscope: own\n", SHOWN)
    assert lines == {"agency": 2, "year": 4, "fee": 5, "scope": 7}


def test_a_byte_of_chinese_text_survives():
    assert values("reason: 经与区司法局核实，两件合并审理\n")["reason"] == "经与区司法局核实，两件合并审理"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("agency: a\nyear: 2021\nagency: b", "第 3 行：agency 在第 1 行已经写过；请只留一处"),
        ("fee:\n  notices: 0\n  notices: 1", "第 3 行：notices 在第 2 行已经写过"),
        ("waivers:\n  - {rule: A, rule: B}", "第 2 行：rule 在第 2 行已经写过"),
        ("agency: a\n  year: 2021", "第 2 行：YAML 写法有误"),
        ("agency: [a", "YAML 写法有误"),
        ("agency:kejing\nyear:2021", "应当由“名称: 值”的行组成"),
        ("- a\n- b", "应当由“名称: 值”的行组成"),
        ("kejing", "应当由“名称: 值”的行组成"),
        ("", "是空的；至少要写 agency 和 year"),
        ("# 只有说明\n", "是空的"),
        ("a: 1\n---\nb: 2", "YAML 写法有误"),
        ("a: \x01", "YAML 写法有误"),
        ("? [a, b]\n: 1", "第 1 行：冒号前应当是一个名称"),
        ("? {a: 1}\n: 1", "第 1 行：冒号前应当是一个名称"),
        ('a: "没有写完', "YAML 写法有误"),
        ("a:\t1", "第 1 行：YAML 写法有误"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text, told):
    with pytest.raises(ConfigError) as error:
        values(text)
    assert str(error.value).startswith(SHOWN)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system ['true']",
        "a: !!python/name:os.system",
        "a: !!python/tuple [1]",
        "!!python/object:builtins.dict {}",
        "a: !unknown x",
    ],
)
def test_a_tag_that_asks_for_more_than_plain_data_is_refused(text):
    with pytest.raises(ConfigError, match="YAML 写法有误"):
        values(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x {k: 1}\nb: *x",
        "a: &a [*a]",
        "a: &x 1\nb: {<<: *x}",
        "l0: &l0 [x]\n" + "".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 9)}]\n" for n in range(40)),
    ],
    ids=["alias", "a value that holds itself", "merge", "billion laughs"],
)
def test_references_are_refused_before_they_can_grow(text):
    with pytest.raises(ConfigError, match="不能用 & 和"):
        values(text)


def test_endless_nesting_is_refused():
    with pytest.raises(ConfigError, match="层数太多"):
        values("a: " + "[" * 5_000)


lines = st.lists(
    st.text(alphabet=list("ab年1 -:#'\"|>.~,%@\u3000\u2028\u00a0é"), max_size=12).map(lambda text: f"{text}\n"),
    max_size=6,
)
_LINES = """\
agency: kejing
year: 2021
waivers:
- rule: A
  cells:
  - x.y
  by: '张''三'
#
fee:
  notices: 3
note: |
  第一行
a: b: c
 a: 1
a:b
"q": "x\\ty"
"""
structured = st.lists(st.sampled_from(_LINES.splitlines(keepends=True)), max_size=8)


@settings(max_examples=400)
@given(parts=lines | structured)
def test_what_the_quick_parser_understands_it_understands_as_the_careful_one_does(parts):
    """Errors come from the careful one either way."""
    text = "".join(parts)

    def read(compose):
        try:
            return told(compose(text))
        except (ConfigError, yaml.YAMLError):
            return None

    def told(node):
        if isinstance(node, yaml.ScalarNode):
            return node.tag, node.value, node.start_mark.line
        if node is None:
            return None
        return [told(part) for part in (node.value if isinstance(node, yaml.SequenceNode) else sum(node.value, ()))]

    careful = read(lambda text: yaml.compose(text, Loader=yaml_files._Loader))
    quick = read(lambda text: yaml.compose(text, Loader=yaml_files._Plain))
    assert quick is None or quick == careful
    assert read(yaml_files._composed) == careful
