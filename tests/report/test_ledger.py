"""A report with a ledger: its tables, the differences, the way back to the lines, what is overdue; and whose names stay home."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report import Report
from ogi_report.errors import ConfigError, DataError
from ogi_report.report import Project

NAME, MOBILE = "欧阳明月", "13800001234"

LEDGER = f"""办件编号,申请人姓名,联系电话,收到日期,申请人类型,办理结果,办结日期,是否延期,行政复议收到日期,行政复议结果,行政复议审结日期
2024-001,{NAME},{MOBILE},2023-12-18,自然人,予以公开,2024-01-12,否,,,
2024-002,{NAME},{MOBILE},2024-03-05,商业企业,部分公开,2024-04-15,否,,,
2024-003,{NAME},{MOBILE},2024-03-06,自然人,属于国家秘密,2024-03-20,否,2024-04-08,维持,2024-06-03
2024-004,{NAME},{MOBILE},2024-12-20,自然人,,,否,,,
"""


@pytest.fixture
def with_ledger(small_project: Callable[..., Project]) -> Callable[..., Project]:
    """A project whose agency has a ledger; tables named in `without` have no file."""

    def make(*without: str, cells: dict[str, int] | None = None, text: str = LEDGER, params: str = "") -> Project:
        project = small_project(cells, params=params)
        folder = project.data_folder("ju", 2024)
        (folder / "ledger.csv").write_text(text, encoding="utf-8")
        for table in without:
            (folder / f"{table}.csv").unlink()
        return project

    return make


def opened(project: Project) -> Report:
    return Report.open("ju", 2024, project=project)


def ledger_findings(report: Report) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in report.check():
        if finding.rule.startswith("LEDGER-"):
            found.setdefault(finding.rule, []).append(finding.message)
    return found


def test_a_ledger_alone_supplies_tables_three_and_four(with_ledger):
    report = opened(with_ledger("applications", "remedies"))
    value = report.figures.value
    assert value("applications.received.total") == 3
    assert value("applications.carried_in.natural_person") == 1
    assert value("applications.handled_total.total") == 3
    assert value("applications.carried_out.total") == 1
    assert value("remedies.review.total") == 1
    assert report.figures.sources == ("disclosure.csv", "ledger.csv")
    assert "LEDGER-APPLICATIONS" not in ledger_findings(report)
    assert report.check().coverage["LEDGER-APPLICATIONS"].why == "表三由台账得出"
    assert "T3-BALANCE" not in {finding.rule for finding in report.check()}


def test_kinds_of_remedy_without_columns_are_blank_and_told(with_ledger):
    report = opened(with_ledger("applications", "remedies"))
    assert report.figures.value("remedies.litigation_direct.total") is None
    assert any(f.rule == "V-BLANK" and "remedies.litigation_direct.total" in f.cells for f in report.check())


def test_beside_a_table_the_ledger_shows_each_difference_with_its_lines(with_ledger):
    cells = {
        f"applications.{row}": n
        for row, n in {
            "received.natural_person": 3, "received.legal.commercial": 1, "received.total": 4,
            "carried_in.natural_person": 1, "carried_in.total": 1,
            "granted.natural_person": 1, "granted.total": 1,
            "partially_granted.legal.commercial": 1, "partially_granted.total": 1,
            "denied.state_secret.natural_person": 1, "denied.state_secret.total": 1,
            "handled_total.natural_person": 2, "handled_total.legal.commercial": 1, "handled_total.total": 3,
            "carried_out.natural_person": 2, "carried_out.total": 2,
        }.items()
    }  # fmt: skip
    report = opened(with_ledger(cells=cells | {"remedies.review.upheld": 1, "remedies.review.total": 1}))
    found = {f.cells: f for f in report.check() if f.rule == "LEDGER-APPLICATIONS"}
    assert set(found) == {("applications.received.natural_person",), ("applications.carried_out.natural_person",)}
    first = found["applications.received.natural_person",]
    assert (first.found, first.expected, first.difference) == (3, 2, 1)
    assert first.message == (
        "“一、本年新收政府信息公开申请数量 · 自然人”与台账不一致：按台账应为 2 件（第 4–5 行），表中是 3 件，多 1 件；"
        "请核对台账和表，改正其中一个。"
    )
    assert str(first.severity) == "warning"


def test_a_table_that_has_only_totals_is_compared_by_its_totals(with_ledger, write_data, figures_of):
    project = with_ledger()
    totals = figures_of({"applications.received.total": 9, "applications.handled_total.total": 3}, fill=None)
    write_data(project.data_folder("ju", 2024), totals, disclosure=None, remedies=None)
    (message,) = ledger_findings(opened(project))["LEDGER-APPLICATIONS"]
    assert "总计”与台账不一致：按台账应为 3 件（第 3–5 行），表中是 9 件，多 6 件" in message


def test_late_answers_are_a_note_with_the_days_counted(with_ledger):
    (message,) = ledger_findings(opened(with_ledger("applications", "remedies")))["LEDGER-OVERDUE"]
    assert message == (
        "台账中有 1 件超过法定答复期限：第 3 行应在 2024-04-02 前答复，2024-04-15 办结（用了 28 个工作日，限 20 个）。"
        "请核实并说明原因。"
    )


def test_open_applications_are_judged_as_of_the_day_of_publication(with_ledger):
    report = opened(with_ledger("applications", "remedies", params="published_on: 2025-01-25\n"))
    (message,) = ledger_findings(report)["LEDGER-OVERDUE"]
    assert "第 5 行应在 2025-01-20 前答复，到 2025-01-25 尚未办结" in message
    assert "截至 2024-12-31 超过法定答复期限 1 件" in report.overdue("2024-12-31").text
    assert "截至 2025-01-25 超过法定答复期限 2 件" in report.overdue().text


@pytest.mark.parametrize("name", ["applications.handled_total.total", "办理结果总计"])
def test_any_figure_is_traced_to_its_lines(name, with_ledger):
    trace = opened(with_ledger("applications", "remedies")).trace(name)
    assert trace.public is None
    assert trace.data["lines"] == [2, 3, 4]
    assert trace.text.splitlines()[0] == ("2024 年“（七）总计 · 总计”：3 件，来自 data/2024/ju/ledger.csv 第 2–4 行。")
    assert trace.text.splitlines()[3] == "3\t2024-002\t2024-03-05\t商业企业\t部分公开\t2024-04-15\t"
    assert "结果维持（2024-06-03）" in trace.html


def test_derived_quantities_are_traced_too(with_ledger):
    report = opened(with_ledger("applications", "remedies"))
    assert report.trace("公开合计").data["lines"] == [2, 3]
    assert report.trace("applications.denied.sum.total").data["value"] == 1
    with pytest.raises(ConfigError, match="不能得出“行政许可"):
        report.trace("disclosure.licence.decisions")
    with pytest.raises(ConfigError, match="没有“本年信收”这一格"):
        report.trace("本年信收")


def test_without_a_ledger_there_is_nothing_to_trace(small_project):
    report = opened(small_project())
    for ask in (lambda: report.trace("本年新收"), report.overdue):
        with pytest.raises(ConfigError, match=r"没有台账 ledger\.csv 或 ledger\.xlsx"):
            ask()


def test_last_years_ledger_gives_last_years_figures(with_ledger, small_project):
    project = with_ledger("applications", "remedies")
    small_project(year=2025)
    report = Report.open("ju", 2025, project=project)
    assert report.last is not None
    assert report.last["applications.carried_out.total"].value == 1
    assert "XY-CARRY" in {finding.rule for finding in report.check()}


def test_problems_of_the_ledger_and_of_the_tables_are_told_together(with_ledger):
    project = with_ledger("applications", text=LEDGER.replace("2024-03-05", "2024-02-30"))
    (project.data_folder("ju", 2024) / "remedies.csv").write_text("", encoding="utf-8")
    with pytest.raises(DataError) as error:
        opened(project)
    assert [re.sub("的.*|是空.*", "", message) for message in error.value.messages] == [
        "data/2024/ju/ledger.csv 第 3 行",
        "data/2024/ju/remedies.csv ",
    ]


def test_two_ledgers_are_one_too_many(with_ledger):
    project = with_ledger()
    (project.data_folder("ju", 2024) / "ledger.xlsx").write_bytes(b"")
    with pytest.raises(DataError, match=r"既有 ledger\.csv 又有 ledger\.xlsx，不知道以哪个为准"):
        opened(project)


def test_a_missing_table_is_still_missed_where_the_ledger_does_not_speak_of_it(with_ledger):
    text = "\n".join(",".join(line.split(",")[:8]) for line in LEDGER.splitlines())
    with pytest.raises(DataError, match=r"找不到 data/2024/ju/remedies\.csv"):
        opened(with_ledger("remedies", text=text))
    with pytest.raises(DataError, match=r"找不到 data/2024/ju/disclosure\.csv"):
        opened(with_ledger("disclosure"))


def test_the_review_shows_lines_and_overdue_list_and_the_public_page_neither(with_ledger):
    chapter = opened(with_ledger("applications", "remedies")).chapter(3)
    assert "台账追溯" in chapter.html
    assert "超期清单（1 件，仅供内部核实）" in chapter.html
    assert "由 data/2024/ju/ledger.csv 计算" in chapter.html
    assert chapter.public is not None
    assert not re.search("台账|超期|ledger|第 2 行", chapter.public)


def test_the_card_says_what_was_read_and_which_columns_were_not(with_ledger):
    told = repr(opened(with_ledger("applications", "remedies")))
    assert "台账：data/2024/ju/ledger.csv：4 件，4 件计入 2024 年，用于表三、表四；" in told
    assert "；没有“未经复议直接起诉”“复议后起诉”的列，表中相应的格留空（确实没有的，请补上这几个空列）；" in told
    assert "；没有读入的列：申请人姓名、联系电话\n" in told
    assert "\ndata/2024/ju/ledger.csv：SHA-256 " in told


# -- nobody's name leaves the file -------------------------------------------------------------------------------------


def test_names_and_telephone_numbers_appear_nowhere_in_what_is_built(with_ledger, program, tmp_path: Path):
    import shutil

    with_ledger("applications", "remedies")
    shutil.copytree(Path(__file__).parents[2] / "notebooks", tmp_path / "notebooks")
    assert program("run", "--jobs", "1", cwd=tmp_path).returncode == 0
    made = [path for path in (tmp_path / "build").rglob("*") if path.is_file()]
    assert len(made) >= 8
    for path in made:
        content = path.read_bytes()
        for secret in (NAME, MOBILE):
            found = secret.encode() in content or secret.encode("unicode-escape").lower() in content.lower()
            assert not found, path
    review = (tmp_path / "build" / "2024" / "ju_2024.review.html").read_text(encoding="utf-8")
    assert "没有读入的列：申请人姓名、联系电话" in review
    assert "台账追溯" in review
    assert "台账" not in (tmp_path / "build" / "2024" / "ju_2024.html").read_text(encoding="utf-8")
