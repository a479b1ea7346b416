"""How every agency's report stands, and whether it came in time: by dates that are known, never by a guess."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ogi_report.batch.result import Result, Status
from ogi_report.batch.source import CLOCK
from ogi_report.report import Project
from ogi_report.site.overview import Entry, Overview, State, overview, public_part


def result(agency: str, day: str | None = None, *, year: int = 2024, scope: str = "own", **counts: int) -> Result:
    found = {"error": 0, "warning": 0, "note": 0, "waived": 0} | counts
    status = Status.ERRORS if found["error"] else Status.OK
    return Result(agency, year, f"{agency}名", status, (), found, {}, day, scope)


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Overview]:
    """`look(results, a="department", b="")`: the overview of a project with this roster; params as the results have them."""
    monkeypatch.delenv(CLOCK, raising=False)

    def make(*results: Result, **levels: str) -> Overview:
        project = Project(tmp_path / "params", tmp_path / "data")
        project.params.mkdir()
        lines = [f"{agency},{agency}名,,{level}\n" for agency, level in levels.items()]
        (project.params / "agencies.csv").write_text(
            "agency,name,short_names,level\n" + "".join(lines), encoding="utf-8"
        )
        for told in results:
            path = project.params_file(told.agency, told.year)
            path.parent.mkdir(exist_ok=True)
            path.write_text("", encoding="utf-8")
        return overview(results, project)

    return make


def timing(entry: Entry) -> tuple[str, bool]:
    return entry.timing, entry.late


@pytest.mark.parametrize(
    ("level", "scope", "day", "expected"),
    [
        ("department", "own", "2025-01-31", ("1月31日公布", False)),
        ("department", "own", "2025-02-01", ("逾期，2月1日公布", True)),
        ("ministry", "own", "2025-02-01", ("逾期，2月1日公布", True)),
        ("county", "government_wide", "2025-03-31", ("3月31日公布", False)),
        ("city", "own", "2025-04-01", ("逾期，4月1日公布", True)),
        ("", "government_wide", "2025-02-20", ("2月20日公布", False)),
        ("", "own", "2025-01-20", ("1月20日公布", False)),
        ("", "own", "2025-02-20", ("2月20日公布，层级不明，无法判断是否逾期", False)),
        ("", "own", "2025-04-20", ("逾期，4月20日公布", True)),
        ("department", "own", "2026-05-01", ("逾期，2026年5月1日公布", True)),
        ("department", "own", None, ("没有公布日期", False)),
    ],
)
def test_a_report_is_late_only_where_day_and_limit_are_known(
    look: Callable[..., Overview], level: str, scope: str, day: str | None, expected: tuple[str, bool]
) -> None:
    assert timing(look(result("a", day, scope=scope), a=level).entries["a", 2024]) == expected


def test_a_missing_report_is_late_when_others_have_been_published_after_its_limit(
    look: Callable[..., Overview],
) -> None:
    whole = look(result("a", "2025-02-03"), a="department", b="department", c="county", d="")
    assert whole.today == date(2025, 2, 3)
    assert {agency: whole.entries[agency, 2024].state for agency in "bcd"} == dict.fromkeys("bcd", State.MISSING)
    assert timing(whole.entries["b", 2024]) == ("逾期，期限1月31日", True)
    assert timing(whole.entries["c", 2024]) == ("应于3月31日前公布", False)
    assert timing(whole.entries["d", 2024]) == ("层级不明，期限不明", False)


def test_on_the_last_day_nobody_is_late(look: Callable[..., Overview]) -> None:
    assert timing(look(result("a", "2025-01-31"), a="department", b="department").entries["b", 2024]) == (
        "应于1月31日前公布",
        False,
    )


def test_without_any_known_day_only_the_limit_is_told(look: Callable[..., Overview]) -> None:
    whole = look(result("a"), a="department", b="department")
    assert whole.today is None
    assert timing(whole.entries["b", 2024]) == ("应于1月31日前公布", False)


def test_a_day_typed_a_century_ahead_is_no_clock(look: Callable[..., Overview]) -> None:
    assert look(result("a", "2125-01-20"), result("b", "2025-01-20"), a="", b="").today == date(2025, 1, 20)


def test_the_build_can_be_told_what_day_it_is(look: Callable[..., Overview], monkeypatch: pytest.MonkeyPatch) -> None:
    results = (result("a", "2025-01-20"),)
    monkeypatch.setenv(CLOCK, "1738368000")  # 1 February 2025
    whole = look(*results, a="department", b="department")
    assert whole.today == date(2025, 2, 1)
    assert whole.entries["b", 2024].late


def test_who_has_params_but_no_report_yet_is_not_missing(look: Callable[..., Overview], tmp_path: Path) -> None:
    whole = look(result("a"), a="", b="")
    assert whole.entries["b", 2024].state is State.MISSING
    (tmp_path / "params" / "2024" / "b.yaml").write_text("")
    project = Project(tmp_path / "params", tmp_path / "data")
    assert overview([result("a")], project).entries["b", 2024].state is State.PENDING


def test_the_state_names_what_matters_most(look: Callable[..., Overview]) -> None:
    failed = Result("d", 2024, "d名", Status.FAILED, ("表三的文件坏了。",))
    whole = look(result("a"), result("b", warning=2), result("c", error=1, warning=2), failed, a="", b="", c="", d="")
    told = {agency: (e.state, e.label, e.detail) for (agency, _), e in whole.entries.items()}
    assert told == {
        "a": (State.OK, "完成", ""),
        "b": (State.WARNINGS, "核实性 2 项", ""),
        "c": (State.ERRORS, "强制性 1 项", "核实性 2 项"),
        "d": (State.FAILED, "未能生成", ""),
    }


def test_a_failed_report_of_someone_outside_the_roster_is_shown_all_the_same(look: Callable[..., Overview]) -> None:
    whole = look(Result("ghost", 2024, "ghost", Status.FAILED, ("不在名录中。",)), a="")
    assert [entry.agency for entry in whole.of(State.FAILED)] == ["ghost"]


def test_everybody_sees_only_what_may_be_published_and_not_how_it_stands(look: Callable[..., Overview]) -> None:
    part = public_part(look(result("a", "2025-03-01", warning=3), result("b", error=1), a="department", b="", c=""))
    assert [body.agency for body in part.bodies] == ["a"]
    (entry,) = part
    assert (entry.state, entry.counts, entry.late, entry.timing) == (State.PUBLIC, {}, False, "")
