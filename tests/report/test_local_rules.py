"""A project's own rules: taken up by reports, the command line and the batch; bad ones are told and stop nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import simplejson

from ogi_report import Report
from ogi_report.cli import main
from ogi_report.errors import FormError, RuleError
from ogi_report.figures import Figures
from ogi_report.forms import EquationSpec, Form, compile_equation
from ogi_report.report import Project
from ogi_report.rules import Severity, report, rule

ROOT = Path(__file__).parents[2]

EQUATIONS = """# 本区自己的核对要求
rules:
  - id: LOCAL-FEW-LICENCES
    title: 行政许可不超过 100 件
    severity: warning
    table: disclosure
    each: table
    holds: licence.decisions <= 100
  - id: LOCAL-OPEN
    title: 每一列：公开的不少于不予公开的
    severity: note
    table: applications
    each: column
    holds: granted + partially_granted >= sum(denied)
"""

CONDITIONS = '''"""本区自己的规则。"""
from ogi_report.rules import Example, Severity, report, rule


@rule(
    "LOCAL-NAME",
    Severity.ERROR,
    each=report(),
    title="名称带有“示例”",
    source="区政务公开办",
    says="名称“{it.report.name}”没有“示例”二字。",
)
def the_name_is_ours(it):
    return "示例" in it.report.name


@rule("LOCAL-QUIET", "note", each=report(), title="有申请", source="区政务公开办", says="没有收到申请。")
def somebody_applied(it):
    return it.value("applications.received.total") > 0
'''


@pytest.fixture
def with_rules(small_project: Callable[..., Project]) -> Callable[..., Project]:
    """A project of one report with its own rules.yaml and rules.py."""

    def make(yaml: str | bytes | None = None, python: str | None = None, **about: object) -> Project:
        project = small_project(**about)
        if yaml is not None:
            (project.params / "rules.yaml").write_bytes(yaml if isinstance(yaml, bytes) else yaml.encode())
        if python is not None:
            (project.params / "rules.py").write_text(python, encoding="utf-8")
        return Project(project.params, project.data)

    return make


def local(project: Project, agency: str = "ju") -> list[tuple[str, str]]:
    findings = Report.open(agency, 2024, project=project).check()
    return [(f.rule, f.message) for f in findings if f.rule.startswith("LOCAL-")]


def test_an_equation_is_held_against_the_report(with_rules: Callable[..., Project]) -> None:
    project = with_rules(EQUATIONS, cells={"disclosure.licence.decisions": 101})
    assert local(project) == [("LOCAL-FEW-LICENCES", "“表二”：行政许可 101；100；前者不应大于后者，相差 1。")]
    coverage = Report.open("ju", 2024, project=project).check().coverage
    assert coverage["LOCAL-FEW-LICENCES"].counts["fail"] == 1
    assert coverage["LOCAL-OPEN"].counts["pass"] == 7
    assert coverage["LOCAL-BROKEN"].counts["pass"] == 1


def test_a_condition_is_held_against_the_report(with_rules: Callable[..., Project]) -> None:
    project = with_rules(python=CONDITIONS)
    assert local(project) == [("LOCAL-QUIET", "没有收到申请。")]
    (finding,) = [f for f in Report.open("ju", 2024, project=project).check() if f.rule == "LOCAL-QUIET"]
    assert finding.severity is Severity.NOTE


def test_a_blank_cell_leaves_a_local_rule_undecided(with_rules: Callable[..., Project]) -> None:
    project = with_rules(EQUATIONS, CONDITIONS, fill=None, narrative="## 一、总体情况\n\n工作平稳。\n")
    found = Report.open("ju", 2024, project=project).check()
    assert local(project) == []
    assert found.coverage["LOCAL-QUIET"].counts["n/a"] == 1
    assert "未填" in (found.coverage["LOCAL-QUIET"].why or "")


def test_a_rule_of_the_other_layout_does_not_apply(with_rules: Callable[..., Project]) -> None:
    only_2019 = EQUATIONS.split("  - id: LOCAL-OPEN")[0].replace(
        "licence.decisions <= 100", "procurement.projects <= 9"
    )
    project = with_rules(only_2019)
    found = Report.open("ju", 2024, project=project).check()
    assert local(project) == []
    assert found.coverage["LOCAL-FEW-LICENCES"].counts["n/a"] == 1
    assert "不适用于2021 年表样" in (found.coverage["LOCAL-FEW-LICENCES"].why or "")


def test_a_project_without_its_own_rules_says_nothing_of_them(small_project: Callable[..., Project]) -> None:
    coverage = Report.open("ju", 2024, project=small_project()).check().coverage
    assert not [id for id in coverage if id.startswith("LOCAL-")]


GOOD = "  - {id: LOCAL-GOOD, title: 许可不多, severity: note, table: disclosure, each: table, holds: licence.decisions <= 9}"


def equation(**parts: str) -> str:
    said = {"id": "LOCAL-X", "title": "甲", "severity": "note", "table": "applications", "each": "column"}
    said |= {"holds": "granted >= 0"} | parts
    return "rules:\n  - {" + ", ".join(f"{name}: '{value}'" for name, value in said.items()) + "}\n"


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ("rules: [}", r"params/rules.yaml 第 1 行"),
        ("rules: 无\n", r"应当以“rules:”开头"),
        ("- 1\n", r"params/rules.yaml"),
        ("rules:\n  - 一句话\n", r"第 1 条：内容 缺少或写法有误"),
        (b"rules:\n  - \xff\xfe\n", r"请存为 UTF-8 编码"),
        (equation(table="applicatoins"), r"LOCAL-X：没有 applicatoins 这张表；可用 applications、disclosure、remedies"),
        (equation(holds="granted >= nobody"), r"没有声明的名称：nobody"),
        (equation(holds="granted * granted >= 0"), r"不是线性的"),
        (equation(holds="granted"), r"应当恰有一个 =、>= 或 <="),
        (equation(holds="granted ="), r"应当恰有一个|写法有误"),
        (equation(holds=f"granted <= {10**26}"), r"数太大"),
        (equation(holds="99999 * granted <= 1"), r"倍数不超过 1000"),
        (equation(holds="granted <= " + "+".join(["1"] * 20_000)), r"写法有误：含有不能读的字符，或者太长"),
        (equation(severity="fatal"), r"severity 缺少或写法有误"),
        (equation(id="T3-BALANCE"), r"编号 T3-BALANCE 应写作 LOCAL-"),
        (equation(id="LOCAL-BROKEN"), r"编号 LOCAL-BROKEN 重复"),
        (equation(id="LOCAL-x"), r"编号 LOCAL-x 应写作 LOCAL- 加大写字母"),
        (equation() + equation().removeprefix("rules:\n"), r"编号 LOCAL-X 重复"),
    ],
)
def test_an_equation_that_cannot_be_used_is_told(
    with_rules: Callable[..., Project], yaml: str | bytes, told: str
) -> None:
    found = local(with_rules(yaml))
    assert [rule for rule, _ in found] == ["LOCAL-BROKEN"]
    assert re.search(told, found[0][1]), found


HEAD = "from ogi_report.rules import Severity, report, rows, rule\n"


def condition(body: str, says: str = "'不对。'", id: str = "LOCAL-Y", severity: str = "Severity.NOTE") -> str:
    return f"@rule('{id}', {severity}, each=report(), title='乙', source='区', says={says})\ndef f(it):\n    {body}\n"


@pytest.mark.parametrize(
    ("python", "told"),
    [
        ("def f(:\n", r"params/rules.py 第 1 行 无法运行（SyntaxError"),
        ("x = 1\nraise ValueError('坏了')\n", r"params/rules.py 第 2 行 无法运行（ValueError：坏了）"),
        ("import sys\nsys.exit(1)\n", r"params/rules.py 第 2 行 无法运行（SystemExit：1）"),
        ("x = 1\n", r"params/rules.py 中没有规则"),
        (HEAD + condition("return 1 / 0"), r"LOCAL-Y 运行出错（ZeroDivisionError"),
        (HEAD + condition("import sys; sys.exit(3)"), r"LOCAL-Y 运行出错（SystemExit：3）"),
        (HEAD + condition("return False", "'{it.nothing}'"), r"LOCAL-Y 运行出错（AttributeError"),
        (
            HEAD + condition("return False", "lambda it: 5"),
            r"LOCAL-Y 运行出错（RuleError：规则 LOCAL-Y 的 says 应当给出文字）",
        ),
        (HEAD + condition("return True", id="lower"), r"编号 lower 应写作 LOCAL-"),
        (HEAD + condition("return True") + condition("return True").replace("def f", "def g"), r"编号 LOCAL-Y 重复"),
        (HEAD + condition("return True", severity="'bad'"), r"轻重写作“bad”，应为 error、warning 或 note"),
    ],
)
def test_a_condition_that_cannot_be_used_is_told(with_rules: Callable[..., Project], python: str, told: str) -> None:
    (broken,) = [message for rule, message in local(with_rules(python=python)) if rule == "LOCAL-BROKEN"]
    assert re.search(told, broken), broken


def test_a_condition_on_a_cell_that_no_form_has_is_not_applicable(with_rules: Callable[..., Project]) -> None:
    project = with_rules(python=HEAD + condition("return it.value('no.such.cell') == 0"))
    tally = Report.open("ju", 2024, project=project).check().coverage["LOCAL-Y"]
    assert (tally.counts["n/a"], tally.why) == (1, "2021 年表样没有 no.such.cell")


def test_a_bad_rule_takes_neither_the_good_ones_nor_the_catalogue_with_it(with_rules: Callable[..., Project]) -> None:
    project = with_rules(
        equation(holds="nobody = 1") + GOOD + "\n",
        HEAD + condition("return 1 / 0") + condition("return False", id="LOCAL-Z").replace("def f", "def g"),
        cells={"disclosure.licence.decisions": 12, "applications.received.total": 3},
    )
    findings = Report.open("ju", 2024, project=project).check()
    rules = [finding.rule for finding in findings]
    assert [rule for rule in rules if rule.startswith("LOCAL-")].count("LOCAL-BROKEN") == 2
    assert {"LOCAL-GOOD", "LOCAL-Z", "T3-BALANCE", "T3-ROWSUM"} <= set(rules)
    assert all(f.severity is Severity.WARNING for f in findings if f.rule == "LOCAL-BROKEN")


def test_what_a_condition_found_before_it_failed_is_not_half_told(with_rules: Callable[..., Project]) -> None:
    python = HEAD + condition("return it['total'] == 5 // (it['total'] - 7)").replace(
        "each=report()", "each=rows('applications')"
    )
    cells = {"applications.received.total": 1, "applications.carried_out.total": 7}
    assert [rule for rule, _ in local(with_rules(python=python, cells=cells))] == ["LOCAL-BROKEN"]


def test_a_local_rule_may_be_waived_like_any_other(with_rules: Callable[..., Project]) -> None:
    waiver = (
        "waivers:\n  - rule: LOCAL-FEW-LICENCES\n    reason: 新区设立，已核实\n    by: 某某\n    'on': 2025-01-10\n"
        "    cells:\n      disclosure.licence.decisions: 101\n"
    )
    project = with_rules(EQUATIONS, cells={"disclosure.licence.decisions": 101}, params=waiver)
    (finding,) = [f for f in Report.open("ju", 2024, project=project).check() if f.rule == "LOCAL-FEW-LICENCES"]
    assert finding.waived is not None


def test_the_command_line_takes_them_up(with_rules: Callable[..., Project], capsys: pytest.CaptureFixture[str]) -> None:
    project = with_rules(EQUATIONS, "raise ValueError\n", cells={"disclosure.licence.decisions": 101})
    assert main(["check", str(project.data / "2024" / "ju"), "--format", "json"]) == 0
    told = simplejson.loads(capsys.readouterr().out)
    found = [f["rule"] for f in told["findings"] if f["rule"].startswith("LOCAL-")]
    assert sorted(found) == ["LOCAL-BROKEN", "LOCAL-FEW-LICENCES"]
    assert told["coverage"]["LOCAL-FEW-LICENCES"]["fail"] == 1


def test_an_error_of_a_local_rule_blocks_like_any_other(
    with_rules: Callable[..., Project], capsys: pytest.CaptureFixture[str]
) -> None:
    project = with_rules(python=CONDITIONS.replace('return "示例" in', 'return "示例" not in'))
    assert main(["check", str(project.data / "2024" / "ju")]) == 1
    assert "LOCAL-NAME" in capsys.readouterr().out


def test_the_batch_takes_them_up_and_a_broken_one_costs_no_report(
    with_rules: Callable[..., Project], program: Callable[..., Any]
) -> None:
    project = with_rules(EQUATIONS, HEAD + condition("return 1 / 0"), cells={"disclosure.licence.decisions": 101})
    folder = project.params.parent
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "annual_report.ipynb", folder / "notebooks")
    done = program("run", "--out", "build", "--jobs", "1", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = (folder / "build" / "findings.csv").read_text(encoding="utf-8-sig")
    assert "LOCAL-FEW-LICENCES" in told
    assert "LOCAL-BROKEN" in told
    assert "ZeroDivisionError" in told
    assert (folder / "build/2024/ju_2024.html").is_file()


# -- what is refused where rules are declared --------------------------------------------------------------------------


def test_a_rule_is_graded_in_one_of_three_ways() -> None:
    assert rule("LOCAL-A", "note", each=report(), title="甲", source="乙", says="丙")(lambda it: True).severity is (  # type: ignore[arg-type]
        Severity.NOTE
    )
    with pytest.raises(RuleError, match="应为 error、warning 或 note"):
        rule("LOCAL-A", "fatal", each=report(), title="甲", source="乙", says="丙")(lambda it: True)  # type: ignore[arg-type]


def test_numbers_that_would_leave_sixty_four_bits_are_refused(forms: dict[str, Form]) -> None:
    form = forms["2021"]
    spec = EquationSpec(
        id="LOCAL-A",
        table="disclosure",
        each="table",
        severity="note",
        title="甲",
        holds=("licence.decisions <= 1000000000",),
        source="乙",
    )
    assert compile_equation(spec, form)
    with pytest.raises(FormError, match="数太大"):
        compile_equation(spec.model_copy(update={"holds": ("licence.decisions <= 10000000000",)}), form)
    assert Figures.of(form, {"disclosure.licence.decisions": 10**9})


# -- big changes on last year ---------------------------------------------------------------------------------------------

RECEIVED = "applications.received.total"


@pytest.fixture
def jumps(small_project: Callable[..., Project]) -> Callable[..., list[tuple[str, str]]]:
    """`jumps("percent: 30", now=60, before=40)`: severity and message of what is said of the change, if anything is."""

    def run(*settings: str, now: int, before: int, narrative: str | None = None) -> list[tuple[str, str]]:
        small_project({RECEIVED: before}, year=2023)
        project = small_project({RECEIVED: now}, **({} if narrative is None else {"narrative": narrative}))
        if settings:
            text = "changes:\n" + "".join(f"  {line}\n" for line in settings)
            (project.params / "rules.yaml").write_text(text, encoding="utf-8")
        found = Report.open("ju", 2024, project=project).check()
        return [(str(f.severity), f.message) for f in found if f.rule == "XY-JUMP" and RECEIVED in f.cells]

    return run


def test_by_default_a_change_by_more_than_half_is_a_note(jumps) -> None:
    assert jumps(now=60, before=40) == []
    assert jumps(now=61, before=40) == [
        ("note", "“一、本年新收政府信息公开申请数量 · 总计”本年 61，上年 40，变动超过一半；请核实或说明原因。")
    ]


def test_an_office_sets_its_own_measure_and_demands_a_reason(jumps) -> None:
    strict = ("percent: 20", "at_least: 5", "severity: error")
    assert jumps(*strict, now=48, before=40) == []
    ((severity, said),) = jumps(*strict, now=49, before=40)
    assert severity == "error"
    assert said.endswith("变动超过 20%；请核实；属实的，请写明理由豁免。")
    assert jumps("percent: 20", "at_least: 10", now=49, before=40) == []


def test_a_reason_in_the_text_is_reason_enough_where_the_office_says_so(jumps) -> None:
    def text(said: str) -> str:
        return f"## 一、总体情况\n\n本年度各项工作正常开展。{said}\n"

    accepting = ("severity: error", "explained_in_text: true")
    said = "全年新收申请 90 件，较上年增加 50 件，主要原因是两个片区征收。"
    assert jumps(*accepting, now=90, before=40, narrative=text(said)) == []
    assert (
        jumps(*accepting, now=90, before=40, narrative=text("全年新收申请 90 件，较上年增加 50 件。主要是因为征收。"))
        == []
    )
    for silent in ("全年新收申请 90 件，较上年增加 50 件。", "因征收工作需要，全年新收申请 90 件。", ""):
        ((severity, message),) = jumps(*accepting, now=90, before=40, narrative=text(silent))
        assert severity == "error"
        assert "或在正文中与上年比较并写明原因" in message
    assert jumps("severity: error", now=90, before=40, narrative=text(said)), "not where the office has not said so"


@pytest.mark.parametrize(
    "wrong", ["percent: 一半", "percent: 0", "percent: 12.5", "severity: fatal", "procent: 30", "explained_in_text: 是"]
)
def test_a_measure_that_cannot_be_understood_is_told_and_the_usual_one_holds(
    small_project: Callable[..., Project], wrong: str
) -> None:
    small_project({RECEIVED: 40}, year=2023)
    project = small_project({RECEIVED: 90})
    (project.params / "rules.yaml").write_text(f"changes:\n  {wrong}\n", encoding="utf-8")
    found = Report.open("ju", 2024, project=project).check()
    (told,) = [f.message for f in found if f.rule == "LOCAL-BROKEN"]
    assert wrong.split(":")[0] in told
    assert [str(f.severity) for f in found if f.rule == "XY-JUMP" and RECEIVED in f.cells] == ["note"]
