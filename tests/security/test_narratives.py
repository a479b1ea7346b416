"""Narratives that try to reach into the program, or to take the machine. Each is refused, quickly, with its line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ogi_report.errors import NarrativeError
from ogi_report.figures import Figures
from ogi_report.narrative import facts
from ogi_report.narrative.document import fill
from ogi_report.narrative.markdown import to_html, to_text
from ogi_report.report import Project, Report

ABOUT = {"年度": 2024, "机构": "示例局", "通知文号": "30号", "网站": "", "联系方式": "", "收费": None}

BREAK_OUT = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ [1]|map(attribute='__class__')|list }}",
    "{{ [1]|sort(attribute='real.__class__') }}",
    "{{ [1]|sum(attribute='__class__') }}",
    "{{ 数.__globals__ }}",
    "{{ 数.__code__ }}",
    "{{ 占比.__globals__.__builtins__ }}",
    "{{ range.__self__ }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context.environment }}",
    "{{ 上年._values }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '%s'|format(1) }}",
    "{{ '{0.__class__}'.format_map({}) }}",
    "{{ lipsum.__globals__.os }}",
    "{{ cycler.__init__ }}",
    "{{ joiner }}{{ namespace() }}{{ dict() }}",
    "{{ config }}{{ request }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends '/etc/passwd' %}",
    "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
    "{{ [].append(1) }}",
    "{{ 机构.encode() }}",
    "{{ 机构|random }}",
]

GROW = {
    "a power": "{{ 9 ** 9 ** 99 }}",
    "squares": "{% set a = 7 %}" + "{% set a = a * a %}" * 60 + "{{ a }}",
    "a repeated text": "{{ '很' * 10 ** 9 }}",
    "a repeated list": "{{ [0] * 10 ** 9 }}",
    "loops in loops": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "a loop of long text": "{% for i in range(9000) %}" + "字" * 5000 + "{% endfor %}",
    "a width in a format": "{{ '%999999999d' % 1 }}",
    "a width in a filter": "{{ 'a'|center(10 ** 9) }}",
    "a width in a method": "{{ 'a'.ljust(10 ** 9) }}",
    "a filter within a filter": "{{ ['a']|map('center', 10 ** 9)|list }}",
    "doubled texts": "{% set a = 'xxxx' %}" + "{% set a = a ~ a %}" * 60 + "{{ a }}",
    "added texts": "{% set a = 'xxxx' %}" + "{% set a = a + a %}" * 60 + "{{ a }}",
    "replaced texts": "{% set a = 'xx' %}" + "{% set a = a.replace('x', 'xxxxxxxxxxxxxxxxx') %}" * 60 + "{{ a }}",
    "filtered texts": "{% set a = 'xx' %}" + "{% set a = a|replace('x', 'xxxxxxxxxxxxxxxxx') %}" * 60 + "{{ a }}",
    "joined texts": "{{ range(99999)|join('" + "x" * 5000 + "') }}",
    "lists of themselves": "{% set a = [1, 2] %}" + "{% set a = [a, a] %}" * 60 + "{{ a }}",
    "added lists": "{% set a = [1, 2] %}" + "{% set a = a + a %}" * 60 + "{{ a|length }}",
    "captured text": "{% set a = 'x' %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 60 + "{{ a }}",
    "a recursive loop": "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "a million brackets": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "a thousand conditions": "{% if 1 %}" * 1000 + "{% endif %}" * 1000,
    "a long number": "{{ " + "9" * 9_000 + " }}",
    "a precise share": "{{ 占比(1, 3, 10 ** 9) }}",
    "a search in a search": "{% for i in range(99999) %}{% if 'b' in 'a' * 1 and i in range(99999)|list %}{% endif %}{% endfor %}",
}


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Generous, for a busy machine: what these tests are against takes hours."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


@pytest.fixture(scope="module")
def told(figures_of: Callable[..., Figures]) -> Callable[[str], str]:
    figures = figures_of()
    known = facts(figures, figures, ABOUT)
    return lambda text: fill(text, known, "narrative.md", 3)


@pytest.mark.parametrize("text", BREAK_OUT)
def test_a_narrative_cannot_reach_into_the_program(text: str, told: Callable[[str], str]) -> None:
    with pytest.raises(NarrativeError, match=r"narrative\.md 第 3 行"):
        told(text)


@pytest.mark.parametrize("text", GROW.values(), ids=GROW)
def test_a_narrative_cannot_take_the_machine(text: str, told: Callable[[str], str]) -> None:
    with within(5), pytest.raises(NarrativeError, match=r"narrative\.md"):
        told(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% for i in range(3) %}第{{ i + 1 }}项{{ '、' if not loop.last }}{% endfor %}", "第1项、第2项、第3项"),
        ("{{ ['甲', '乙']|join('、') }}共{{ [1, 2]|sum }}件", "甲、乙共3件"),
        ("{{ 机构|replace('局', '处') }}{{ 机构.replace('局', '科') }}", "示例处示例科"),
        ("{{ 机构 ~ 年度 ~ '年' }}", "示例局2024年"),
        ("{{ (本年新收 + 2) * 3 - 1 }}{{ 2 ** 3 }}{{ 7 % 4 }}", "583"),
        ("{% set x = 本年新收 %}{{ x if x else '没有' }}", "没有"),
        ("{{ [3, 1, 2]|sort|map('string')|join('<') }}", "1<2<3"),
        ("{{ 上年.本年新收 }}{{ 上年['本年新收'] }}", "00"),
    ],
)
def test_what_authors_need_works_as_before(text: str, said: str, told: Callable[[str], str]) -> None:
    assert told(text) == said


MARKDOWN = {
    "brackets": "[" * 50_000,
    "pictures": "![" * 25_000,
    "links": "[a](" * 12_000,
    "stars": "**a " * 12_000,
    "strikes": "~~a" * 16_000,
    "quotes": ">" * 50_000,
    "lists": "".join(" " * (2 * i) + "- a\n" for i in range(200)),
    "tables": "|a|b|\n|-|-|\n" + "|x" * 25_000,
    "code": "".join("`" * i + " " for i in range(1, 300)),
    "tags": "<a " * 16_000,
    "one character a line": "字\n" * 25_000,
    "blanks": "x" + " " * 50_000 + "y",
}


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_no_markdown_takes_long(text: str) -> None:
    with within(10):
        to_text(to_html(text))


@pytest.mark.parametrize(
    "piece",
    ["1件", "收到申请1件，", "1件。", "1", "第", "1.", "1 ", "13800000000", "一百万", "（一）", "示例局", "1件\n"],
)
def test_no_sentence_takes_the_rules_long(piece: str, small_project: Callable[..., Project]) -> None:
    """Sentences that never end, numbers without end, thousands of findings."""
    text = piece * (8_000 // len(piece))
    project = small_project(narrative=f"## 一、总体情况\n\n{text}\n\n## 五、存在的主要问题及改进情况\n\n{text}\n")
    with within(20):
        Report.open("ju", 2024, project=project).for_batch()


def test_a_narrative_of_a_megabyte_is_no_narrative(small_project: Callable[..., Project]) -> None:
    project = small_project(narrative="字" * 1_000_000)
    with pytest.raises(NarrativeError, match="不像是一份年度报告的正文"):
        Report.open("ju", 2024, project=project)


def test_a_link_never_runs_anything() -> None:
    schemes = ["javascript:x", "JaVaScRiPt:x", "java\nscript:x", "java&#10;script:x", "&#106;avascript:x", "data:text/html,x", "vbscript:x", "file:/etc/passwd", "blob:x", "//thief.example"]  # fmt: skip
    for scheme in schemes:
        for text in (
            f"[点]({scheme})",
            f"[点](<{scheme}>)",
            f"<{scheme}>",
            f"[点][1]\n\n[1]: {scheme}",
            f"![点]({scheme})",
        ):
            found: Any = to_html(text)
            assert "<img" not in found, text
            for part in found.split('href="')[1:]:
                link = part.split('"')[0].lower()
                assert ":" not in link or link.startswith(("http:", "https:", "mailto:")), (text, found)
