"""A waiver is added to a params file line by line; what stands there already stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ogi_report import Report
from ogi_report.errors import ConfigError
from ogi_report.report import Project, views
from ogi_report.report.params import Waiver, parse_waiver, read_params
from ogi_report.report.waiving import add_waiver, waiver_lines
from ogi_report.rules.waivers import Binding

BOUND = Binding("T4-SUM", {"remedies.review.total": "5", "remedies.review.upheld": "3"})


def waiver_of(bound: Binding, reason: str = "两件合并审理，经司法局核实", by: str = "王某") -> Waiver:
    return parse_waiver({**vars(bound), "reason": reason, "by": by, "on": "2025-01-20"})


def added(folder: Path, text: str, bound: Binding = BOUND, **said: str) -> tuple[str, tuple[Waiver, ...], int]:
    """The file's text after adding a waiver, the waivers that are read from it, and the line that was told."""
    file = folder / "2024" / "ju.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    line = add_waiver(file, "params/2024/ju.yaml", bound, waiver_of(bound, **said))
    return file.read_bytes().decode(), read_params(file, "params/2024/ju.yaml").waivers, line


HEAD = "# 本区的设置\nagency: ju   # 代码\nyear: 2024\n"
OLD = '  - rule: LAYOUT-YEAR\n    reason: 按旧表样编制\n    by: 李某\n    "on": 2025-01-10   # 要加引号\n'


@pytest.mark.parametrize(
    ("before", "line"),
    [
        (HEAD, 4),
        (HEAD.rstrip("\n"), 4),
        (HEAD + "waivers: []\n", 5),
        (HEAD + "waivers: []   # 还没有\npublished_on: 2025-01-15\n", 5),
        (HEAD + "waivers:\n", 5),
        (HEAD + "waivers: ~\n# 结束\n", 5),
        (HEAD + "waivers:\n" + OLD, 9),
        (HEAD + "waivers:   # 见会议纪要\n" + OLD + "\n# 发布日期\npublished_on: 2025-01-15\n", 9),
        (HEAD + "waivers:\n" + OLD.replace("\n  ", "\n").removeprefix("  "), 9),
        (HEAD + "waivers:\n  - {rule: V-TEXT, reason: 见附件的数, by: 李某, 'on': 2025-01-10}\n", 6),
        (
            HEAD
            + "waivers:\n  - rule: V-TEXT\n    by: 李某\n    on: 2025-01-10\n    reason: |\n      第一行\n      第二行\n\n",
            11,
        ),
    ],
)
def test_only_lines_are_added_and_everything_else_stays(tmp_path: Path, before: str, line: int) -> None:
    after, waivers, told = added(tmp_path, before)
    assert waivers[-1] == waiver_of(BOUND)
    assert told == line
    assert after.splitlines()[line - 1].lstrip().startswith(("- rule: T4-SUM", "waivers:"))
    kept = [row for row in before.splitlines() if not row.startswith("waivers:")]
    assert [row for row in after.splitlines() if row in kept] == kept
    assert "# 还没有" in after or "# 还没有" not in before


def test_line_ends_and_the_mark_of_windows_stay(tmp_path: Path) -> None:
    after, waivers, _ = added(tmp_path, "\ufeff" + HEAD.replace("\n", "\r\n"))
    assert after.startswith("\ufeff# 本区的设置\r\n")
    assert after.count("\n") == after.count("\r\n") == len(after.splitlines())
    assert waivers == (waiver_of(BOUND),)


def test_papermill_reads_the_file_as_we_do(tmp_path: Path) -> None:
    after, waivers, _ = added(tmp_path, HEAD)
    (plain,) = yaml.safe_load(after)["waivers"]
    assert parse_waiver({**plain, "on": str(plain["on"])}) == waivers[0]


@pytest.mark.parametrize(
    "before",
    [
        "{agency: ju, year: 2024}\n",
        HEAD + "waivers: [{rule: V-TEXT, reason: 见附件的数, by: 李某, 'on': 2025-01-10}]\n",
        HEAD + "...\n",
    ],
)
def test_a_file_written_in_another_way_is_left_alone_and_the_lines_are_given_for_pasting(
    tmp_path: Path, before: str
) -> None:
    with pytest.raises(ConfigError, match="文件没有改动") as caught:
        added(tmp_path, before)
    assert (tmp_path / "2024" / "ju.yaml").read_text(encoding="utf-8") == before
    pasted = str(caught.value).partition("：\n")[2]
    (given,) = yaml.safe_load(pasted)["waivers"]
    assert given["cells"] == {"remedies.review.total": 5, "remedies.review.upheld": 3}


_TEXT = st.text(st.characters(blacklist_categories=["Cs"]), min_size=4, max_size=30).map(str.strip)


@given(
    reason=_TEXT.filter(lambda t: len(t) >= 4), by=_TEXT.filter(bool), quote=_TEXT, value=st.one_of(st.none(), _TEXT)
)
def test_whatever_was_written_is_read_back_as_it_was(reason: str, by: str, quote: str, value: str | None) -> None:
    bound = Binding(
        "V-TEXT", {"applications.received.total": value, "disclosure.local.其他.decisions": "007"}, quote, None
    )
    text = "\n".join(["waivers:", *waiver_lines(bound, reason, by, "2025-01-20")])
    (plain,) = yaml.safe_load(text)["waivers"]
    read = parse_waiver(plain)
    assert (read.reason, read.by, read.quote, read.on) == (reason, by, quote, "2025-01-20")
    assert read.cells == dict(bound.cells)


# -- on the review page -------------------------------------------------------------------------------------------------


def test_the_review_page_has_the_command_and_the_lines_of_each_finding_that_nobody_waived(
    small_project: Callable[..., Project],
) -> None:
    project = small_project({"remedies.review.total": 2})
    findings = Report.open("ju", 2024, project=project).check()
    html = views.findings_view(findings).html
    assert html.count("<summary>豁免</summary>") == len(findings)
    (sums,) = [f for f in findings if f.rule == "T4-SUM"]
    assert "ogi-report waive 2024/ju T4-SUM@" in html
    assert "      remedies.review.total: 2\n" in html
    assert "<script" not in html
    assert views.findings_view(findings).public is None
    assert sums.waived is None


def test_lines_pasted_from_the_page_and_not_filled_in_are_refused(small_project: Callable[..., Project]) -> None:
    lines = "\n".join(f"  {line}" for line in waiver_lines(BOUND))
    project = small_project({"remedies.review.total": 2}, params=f"waivers:\n{lines}\n")
    with pytest.raises(ConfigError, match="reason"):
        Report.open("ju", 2024, project=project)


def test_a_published_report_has_no_params_file_and_no_such_lines(checked: Callable[..., object]) -> None:
    assert "ogi-report waive" not in views.findings_view(checked({"remedies.review.total": 2})).html
