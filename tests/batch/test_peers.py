"""The reports of a build held against each other, from the files that they left in the build."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ogi_report import Report
from ogi_report.batch.peers import Comparison
from ogi_report.batch.peers import compare as compare_readings
from ogi_report.batch.readings import read_reports
from ogi_report.batch.result import Result, Status
from ogi_report.figures import Figures
from ogi_report.report import Project
from ogi_report.report.fragment import dump_json

ROOT = Path(__file__).parents[2]
T = "applications.{}.total"
TEXT = (
    "主动公开方面，围绕入学、就业、医疗和住房保障编制办事指南并开通线上查询；依申请公开方面，统一文书格式并组织业务骨干交流；"
    "信息管理方面，发布前逐件审查；平台建设方面，合并重复的栏目；监督保障方面，{name}邀请企业代表随机抽查，累计{n}次。"
)
EQUAL = {f"disclosure.{row}.decisions": 41 for row in ("licence", "penalty", "coercion")} | {
    T.format("received"): 12,
    T.format("handled_total"): 12,
}


@pytest.fixture
def build(
    tmp_path: Path, write_data: Callable[..., Path], figures_of: Callable[..., Figures]
) -> Callable[..., tuple[Path, list[Result], Project]]:
    """`build({"a": {...}})`: a project, and what a batch left of its reports: (out, results, project)."""

    def make(
        agencies: Mapping[str, Mapping[str, Any]],
        *,
        year: int = 2024,
        form: str = "2021",
        texts: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        csv: Mapping[str, str] | None = None,
        roster: tuple[str, ...] = (),
    ) -> tuple[Path, list[Result], Project]:
        project, out = Project(tmp_path / "params", tmp_path / "data"), tmp_path / "build"
        (project.params / str(year)).mkdir(parents=True, exist_ok=True)
        (out / str(year)).mkdir(parents=True, exist_ok=True)
        lines = [f"{agency},{agency}局,,department,,,\n" for agency in (*agencies, *roster)]
        (project.params / "agencies.csv").write_text(
            "agency,name,short_names,level,parent,website,contact\n" + "".join(lines), encoding="utf-8"
        )
        results = []
        for agency, cells in agencies.items():
            extra = (params or {}).get(agency, "")
            project.params_file(agency, year).write_text(f"agency: {agency}\nyear: {year}\n{extra}", encoding="utf-8")
            folder = write_data(project.data_folder(agency, year), figures_of(cells, form))
            if csv and agency in csv:
                (folder / "disclosure.csv").write_text(csv[agency], encoding="utf-8")
            if texts and agency in texts:
                (folder / "narrative.md").write_text(f"## 一、总体情况\n\n{texts[agency]}\n", encoding="utf-8")
            report = Report.open(agency, year, project=project)
            generated = [chapter.number for chapter in report.chapters if not chapter.written]
            told = dump_json(report.as_json() | {"generated": generated})
            (out / f"{year}/{agency}_{year}.findings.json").write_text(told, encoding="utf-8")
            results.append(Result(agency, year, f"{agency}局", Status.OK))
        return out, results, project

    return make


def compare(out: Path, results: list[Result], project: Project) -> Comparison:
    return compare_readings(read_reports(out, results, project), results, project)


def rules(comparison: Comparison) -> dict[str, list[str]]:
    return {
        agency: [finding.rule for finding in check.findings]
        for (agency, _), check in comparison.checks.items()
        if check.findings
    }


def test_copied_text_and_a_pasted_table_are_found_from_the_files(build: Callable[..., Any]) -> None:
    texts = {"a": TEXT.format(name="a局", n=3), "b": TEXT.format(name="b局", n=17), "c": "本年各项工作平稳有序。"}
    comparison = compare(*build({"a": EQUAL, "b": {}, "c": EQUAL}, texts=texts))
    assert rules(comparison) == {"a": ["XA-DUP-TEXT", "XA-DUP-TABLE"], "b": ["XA-DUP-TEXT"], "c": ["XA-DUP-TABLE"]}


def test_default_texts_of_the_program_are_no_copies(build: Callable[..., Any]) -> None:
    assert rules(compare(*build({"a": {T.format("received"): 1}, "b": {T.format("received"): 2}}))) == {}


def test_who_is_on_the_roster_without_a_report_is_named(build: Callable[..., Any]) -> None:
    assert compare(*build({"a": {}, "b": {}}, roster=("c", "d"))).missing == {2024: ["c局", "d局"]}


def test_a_report_that_failed_takes_no_part(build: Callable[..., Any]) -> None:
    out, results, project = build({"a": EQUAL, "b": EQUAL})
    failed = [Result("a", 2024, "a局", Status.FAILED, ("坏了。",)), results[1]]
    assert rules(compare(out, failed, project)) == {}
    (out / "2024" / "a_2024.findings.json").unlink()
    assert rules(compare(out, failed, project)) == {}


def test_the_order_of_the_results_makes_no_difference(build: Callable[..., Any]) -> None:
    texts = {f"a{n}": TEXT.format(name=f"a{n}局", n=n) for n in range(5)}
    out, results, project = build({f"a{n}": EQUAL if n < 2 else {} for n in range(5)}, texts=texts)
    expected = compare(out, results, project)
    for seed in range(3):
        shuffled = list(results)
        random.Random(seed).shuffle(shuffled)
        found = compare(out, shuffled, project)
        assert {key: check.findings for key, check in found.checks.items()} == {
            key: check.findings for key, check in expected.checks.items()
        }


def test_a_finding_among_peers_can_be_waived(build: Callable[..., Any]) -> None:
    waiver = 'waivers:\n  - {rule: XA-DUP-TABLE, reason: 合署办公, by: 某某, "on": 2025-01-10}\n'
    comparison = compare(*build({"a": EQUAL, "b": EQUAL}, params={"a": waiver}))
    waived = {
        agency: [f.waived is not None for f in check.findings] for (agency, _), check in comparison.checks.items()
    }
    assert waived == {"a": [True], "b": [False]}


def test_findings_among_peers_stand_in_the_list_over_all_reports(
    build: Callable[..., Any], program: Callable[..., Any]
) -> None:
    _, _, project = build({"a": EQUAL, "b": EQUAL})
    folder = project.params.parent
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "annual_report.ipynb", folder / "notebooks")
    done = program("run", "--out", "all", "--jobs", "1", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    lines = (folder / "all" / "findings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sum("XA-DUP-TABLE" in line for line in lines) == 2


@pytest.fixture
def procurement(figures_of: Callable[..., Figures]) -> Callable[[str, str], str]:
    """The disclosure.csv of a 2019-layout report whose heading of 采购总金额 names a unit."""
    from ogi_report.writers import write_table_csv

    def write(amount: str, unit: str) -> str:
        cells = {"disclosure.procurement.projects": 6, "disclosure.procurement.amount_yuan": amount}
        text = write_table_csv(figures_of(cells, "2019"), "disclosure")
        assert "采购总金额" in text
        return text.replace("采购总金额", f"采购总金额（{unit}）")

    return write


def test_amounts_are_compared_in_one_unit_whichever_the_headings_name(
    build: Callable[..., Any], procurement: Callable[[str, str], str]
) -> None:
    """Nine bodies give 万元 in the heading, one gives 元: the amounts are alike."""
    csv = {f"p{n}": procurement(str(180 + n), "万元") for n in range(9)} | {"x": procurement("1860000", "元")}
    out, results, project = build({agency: {} for agency in csv}, year=2020, form="2019", csv=csv)
    amounts = {
        agency: Report.open(agency, 2020, project=project).figures.value("disclosure.procurement.amount_yuan")
        for agency in csv
    }
    assert (amounts["p0"], amounts["x"]) == (1_800_000, 1_860_000)
    assert "x" not in {
        agency for agency, found in rules(compare(out, results, project)).items() if "V-OUTLIER" in found
    }
