"""Adding up a district: whose figures are in a sum, and that a sum that lacks somebody's never passes for a whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report import Report
from ogi_report.cli import main
from ogi_report.errors import ConfigError, UnresolvedErrors, UsageError
from ogi_report.figures import Figures, parse_cell
from ogi_report.report import Project
from ogi_report.report.children import children_of
from ogi_report.rules import Context
from ogi_report.rules.additions import add_up
from ogi_report.rules.peers import ENOUGH_APPLICATIONS
from ogi_report.summary import Summary
from ogi_report.summary.draft import narrative, write_draft
from ogi_report.summary.run import SUFFIXES, make

ROOT = Path(__file__).parents[2]
RECEIVED, LICENCES = "applications.received.total", "disclosure.licence.decisions"


@pytest.fixture
def district(tmp_path: Path) -> Project:
    """The demo's fictional district, to be spoilt."""
    for name in ("params", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Project(tmp_path / "params", tmp_path / "data")


@pytest.fixture
def province(
    tmp_path: Path, write_data: Callable[..., Path], figures_of: Callable[..., Figures]
) -> Callable[..., Project]:
    """`province({"city": ("", 5), "county": ("city", 3)})`: bodies by parent, each with so many applications received."""

    def make_project(
        bodies: Mapping[str, tuple[str, Any]],
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Project:
        project = Project(tmp_path / "params", tmp_path / "data")
        project.params_file("x", 2024).parent.mkdir(parents=True, exist_ok=True)
        lines = [
            f"{agency},{agency}政府,,{'county' if agency[0] == 'c' else 'department'},{parent}"
            for agency, (parent, _) in bodies.items()
        ]
        (project.params / "agencies.csv").write_text("\n".join(["agency,name,short_names,level,parent", *lines, ""]))
        for agency, (_, received) in bodies.items():
            layout = (form or {}).get(agency, "2021")
            own = f"layout: '{layout}'\n" if layout != "2021" else ""
            text = f"agency: {agency}\nyear: 2024\n{own}{(params or {}).get(agency, '')}"
            project.params_file(agency, 2024).write_text(text)
            cells = received if isinstance(received, dict) else {RECEIVED: received}
            write_data(project.data_folder(agency, 2024), figures_of(cells, form=layout))
        return project

    return make_project


# -- who is in the sum -------------------------------------------------------------------------------------------------


def test_the_bodies_add_up_to_what_the_district_reports(district: Project) -> None:
    summary = Summary.open("yunxi", 2024, project=district)
    assert summary.complete
    own = Report.open("yunxi", 2024, project=district)
    assert {key: cell.value for key, cell in summary.figures.items()} == {k: c.value for k, c in own.figures.items()}
    assert summary.differing() == []
    assert "可比的格全部一致。" in summary.differences().text
    summary.raise_if_incomplete()


def test_a_missing_body_is_named_and_its_sum_is_nowhere_a_whole(district: Project) -> None:
    district.params_file("zhuxi", 2024).unlink()
    summary = Summary.open("yunxi", 2024, project=district)
    received = summary.added[RECEIVED]
    assert (received.total, received.known, received.complete) == (290, 7, False)
    assert dict(received.lacking) == {"竹溪街道（虚构）办事处": "没有可用的报告"}
    assert summary.figures[RECEIVED].value is None, "a partial sum is no figure"
    assert "290" not in summary.chapter(1).text + summary.chapter(3).text.split("表三")[0]
    with pytest.raises(UnresolvedErrors, match="应汇总 8 家，已汇总 7 家；缺 1 家：竹溪街道（虚构）办事处"):
        summary.raise_if_incomplete()
    for piece in (summary.title(), *(summary.chapter(n) for n in range(1, 7)), summary.coverage()):
        assert "不完整" in piece.text
        assert "不完整" in str(piece.public)
    assert "<td" in str(summary.chapter(3).public)
    assert ">290*</td>" in str(summary.chapter(3).public)
    assert summary.chart().text == "合计不完整，不画图。"


def test_a_marked_sum_cannot_be_read_back_as_a_number(district: Project) -> None:
    district.params_file("zhuxi", 2024).unlink()
    text = Summary.open("yunxi", 2024, project=district).chapter(3).text
    assert "290*" in text
    assert parse_cell("290*").value is None


def test_a_body_whose_report_cannot_be_read_is_missing_for_that_reason(district: Project) -> None:
    (district.data / "2024/taoyuan/remedies.csv").write_bytes("行代码".encode("utf-16"))
    (child,) = Summary.open("yunxi", 2024, project=district).children.lacking
    assert child.body.agency == "taoyuan"
    assert child.why.startswith("报告无法读入：data/2024/taoyuan/remedies.csv 是 UTF-16")


def test_one_blank_spoils_one_sum(district: Project) -> None:
    file = district.data / "2024/health/disclosure.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("规章,0,0,0", "规章,0,,0"), encoding="utf-8")
    summary = Summary.open("yunxi", 2024, project=district)
    assert [key for key, sum_ in summary.added.items() if not sum_.complete] == ["disclosure.rules.repealed"]
    assert dict(summary.added["disclosure.rules.repealed"].lacking) == {"云溪区（虚构）卫生健康局": "空白"}
    assert summary.figures[LICENCES].value == 22245
    assert "1 格没有数，这些格的合计不完整" in summary.coverage().text
    assert "合计不完整" in summary.chapter(2).text
    assert "缺数的单位：云溪区（虚构）卫生健康局（1 格）" in summary.chapter(2).text
    assert "不完整" not in summary.chapter(3).text
    assert "有 1 格的合计不完整，没有比较" in summary.differences().text


def test_layouts_are_never_mixed(province: Callable[..., Project]) -> None:
    old = {"applications.received.total": 4, "applications.other.total": 2, "applications.handled_total.total": 2}
    new = {"applications.received.total": 3, "applications.other.misc.total": 1}
    project = province({"top": ("", 0), "a": ("top", old), "b": ("top", new)}, form={"a": "2019"})
    summary = Summary.open("top", 2024, project=project)
    assert summary.complete
    assert summary.figures[RECEIVED].value == 7, "the same cell in both layouts"
    misc = summary.added["applications.other.misc.total"]
    assert (misc.total, misc.complete) == (1, False)
    assert dict(misc.lacking) == {"a政府": "用的是2019 年表样，没有这一格"}
    assert summary.figures.value("applications.other.sum.total") is None
    assert not summary.added["disclosure.normative.in_force"].complete
    assert "用的是2019 年表样，没有的格不混加" in summary.coverage().text


def test_a_government_below_answers_for_those_below_it(province: Callable[..., Project]) -> None:
    bodies = {"top": ("", 0), "county": ("top", 9), "bureau": ("county", 5), "office": ("top", 2)}
    whole = province(bodies, params={"county": "scope: government_wide\n"})
    summary = Summary.open("top", 2024, project=whole)
    assert [child.body.agency for child in summary.children.bodies] == ["county", "office"]
    assert summary.figures[RECEIVED].value == 11, "the bureau's five are in the county's nine"
    alone = Summary.open("top", 2024, project=province(bodies))
    assert alone.children.lacking[0].why == (
        "报告只含本机关，不含其下级；若已汇总，请在 params/2024/county.yaml 中写 scope: government_wide"
    )
    assert not alone.complete


def test_nobody_below_and_unknown_bodies_are_told(district: Project) -> None:
    with pytest.raises(ConfigError, match="没有以 education（云溪区（虚构）教育局）为上级的机构"):
        Summary.open("education", 2024, project=district)
    with pytest.raises(ConfigError, match="您是不是要写 yunxi"):
        Summary.open("yunxii", 2024, project=district)


@given(data=st.data())
def test_a_sum_does_not_depend_on_the_order_and_is_whole_only_of_all(
    data: st.DataObject, any_figures: Callable[[str], st.SearchStrategy[Figures]]
) -> None:
    reports = [Context(data.draw(any_figures("2021")), f"a{n}", 2024, name=f"{n}局") for n in range(3)]
    other = data.draw(st.permutations(reports))
    for key in reports[0].figures:
        one, two = add_up(key, reports), add_up(key, other)
        assert (one.total, one.known, one.complete, set(one.lacking)) == (
            two.total,
            two.known,
            two.complete,
            set(two.lacking),
        )
        assert one.known + len(one.lacking) == len(reports)
        assert one.complete == all(report.figures[key].value is not None for report in reports)
        assert not add_up(key, reports, ["缺的局"]).complete


# -- compared ----------------------------------------------------------------------------------------------------------


def test_differences_to_the_own_report_name_the_cells(district: Project) -> None:
    file = district.data / "2024/yunxi/applications.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",292\n", ",293\n", 1), encoding="utf-8")
    summary = Summary.open("yunxi", 2024, project=district)
    (difference,) = summary.differing()
    assert (difference.key, difference.own, difference.added) == (RECEIVED, 293, 292)
    said = summary.differences().text
    assert difference.label in said
    assert "PC-SUM-T3" in said, "what the report's own check says of it"


def test_a_body_without_a_report_of_its_own_yet_has_nothing_to_compare(district: Project) -> None:
    district.params_file("yunxi", 2024).unlink()
    summary = Summary.open("yunxi", 2024, project=district)
    assert "还没有 2024 年的本级报告，没有可比的数。" in summary.differences().text
    assert summary.figures[RECEIVED].value == 292


def test_years_are_compared_over_the_bodies_that_have_both(district: Project) -> None:
    whole = Summary.open("yunxi", 2024, project=district).year_on_year().text
    assert [line.split() for line in whole.splitlines() if line.startswith("本年新收 ")] == [
        ["本年新收", "292", "283", "+9", "增长3.2%", "8"]
    ]
    district.params_file("market", 2023).unlink()
    part = Summary.open("yunxi", 2024, project=district)
    assert part.last is None, "last year's sums are not whole, so the text says nothing of last year"
    assert "上年" not in part.chapter(4).text
    (line,) = [line.split() for line in part.year_on_year().text.splitlines() if line.startswith("本年新收 ")]
    assert line == ["本年新收", "231", "231", "0", "持平", "7（不完整）", "云溪区（虚构）市场监督管理局"]


def test_equal_bodies_share_a_place_and_small_ones_have_no_share(province: Callable[..., Project]) -> None:
    def handled(granted: int | None, number: int) -> dict[str, int | None]:
        return {"applications.granted.total": granted, "applications.handled_total.total": number}

    cells = {
        "a": handled(10, 20),
        "b": handled(3, 3),
        "d": handled(20, 40),
        "e": handled(None, 50),
        "f": handled(30, 40),
    }
    project = province({"top": ("", 0), **{name: ("top", c) for name, c in cells.items()}, "g": ("top", 0)})
    project.params_file("g", 2024).unlink()
    ranking = Summary.open("top", 2024, project=project).rank("予以公开", of="办理结果总计")
    assert [(body.name[0], body.place, body.why) for body in ranking.bodies] == [
        ("f", 1, ""),
        ("a", 2, ""),
        ("d", 2, ""),
        ("b", None, "办理结果总计不到 20，不计算占比"),
        ("e", None, "“予以公开”空白"),
        ("g", None, "缺报告"),
    ]
    counts = Summary.open("top", 2024, project=project).rank("予以公开")
    assert [(body.name[0], body.place) for body in counts.bodies][:4] == [("f", 1), ("d", 2), ("a", 3), ("b", 4)]
    with pytest.raises(ConfigError, match="没有名为“收到”的数"):
        Summary.open("top", 2024, project=project).rank("收到")


# -- the draft ---------------------------------------------------------------------------------------------------------


def test_a_report_made_from_the_draft_adds_up(district: Project) -> None:
    folder = district.data_folder("yunxi", 2024)
    before = {name: (folder / f"{name}.csv").read_bytes() for name in ("disclosure", "applications", "remedies")}
    shutil.rmtree(folder)
    summary = Summary.open("yunxi", 2024, project=_without(district, "yunxi"))
    written = write_draft(summary, folder)
    assert {path.stem: path.read_bytes() for path in written if path.suffix == ".csv"} == before
    district.params_file("yunxi", 2024).write_text("agency: yunxi\nyear: 2024\nscope: government_wide\n")
    report = Report.open("yunxi", 2024, project=district)
    assert {f.rule for f in report.check() if f.severity == "error"} == {"TPL-PLACEHOLDER"}, "what people have to write"
    drafted = {chapter.number: chapter.text for chapter in summary.chapters if chapter.number != 6}
    assert {c.number: c.text for c in report.chapters if c.number != 6} == drafted, (
        "the same names give the same numbers"
    )


def _without(project: Project, agency: str) -> Project:
    project.params_file(agency, 2024).unlink()
    return project


def test_a_draft_never_overwrites_and_is_never_made_of_part_of_the_bodies(district: Project, tmp_path: Path) -> None:
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "narrative.md").write_text("自己写的")
    summary = Summary.open("yunxi", 2024, project=district)
    with pytest.raises(UsageError, match=r"已有 narrative.md；不覆盖已有的文件"):
        write_draft(summary, folder)
    assert [path.name for path in folder.iterdir()] == ["narrative.md"]
    district.params_file("zhuxi", 2024).unlink()
    with pytest.raises(UsageError, match="没有写草稿。不完整：应汇总 8 家"):
        write_draft(Summary.open("yunxi", 2024, project=district), tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_the_draft_speaks_of_shares_from_as_many_cases_as_the_rules(district: Project) -> None:
    source = narrative(Summary.open("yunxi", 2024, project=district))
    assert source.count(f">= {ENOUGH_APPLICATIONS}") == source.count(">= ") == 2


def test_fees_are_added_up_only_where_all_say_something(district: Project) -> None:
    summary = Summary.open("yunxi", 2024, project=district)
    assert summary.fee is not None
    assert (summary.fee.notices, str(summary.fee.amount_notified_yuan)) == (3, "640")
    file = district.params_file("education", 2024)
    file.write_text(file.read_text(encoding="utf-8").split("fee:")[0], encoding="utf-8")
    assert Summary.open("yunxi", 2024, project=district).fee is None


def test_children_in_the_summary_are_those_of_the_rules(district: Project) -> None:
    report = Report.open("yunxi", 2024, project=district)
    assert report.context.children.expected == children_of(district, "yunxi", 2024).peers.expected
    sums = Summary.open("yunxi", 2024, project=district).figures
    assert report.context.children.sums == {key: cell.value for key, cell in sums.items()}


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_makes_pages_and_sums(
    district: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = [f"--params={district.params}", f"--data={district.data}", f"--notebook={ROOT / 'notebooks/summary.ipynb'}"]
    assert main(["summary", "--year", "2024", f"--out={tmp_path / 'b'}", *place]) == 0
    assert "✔ 2024 云溪区（虚构）人民政府（yunxi）：应汇总 8 家，已汇总 8 家" in capsys.readouterr().out
    made = {path.name: path.read_text(encoding="utf-8-sig") for path in (tmp_path / "b/2024").iterdir()}
    assert set(made) == {f"yunxi_2024{suffix}" for suffix in SUFFIXES}
    assert "不完整" not in made["yunxi_2024.summary.html"]
    assert "排名" not in made["yunxi_2024.summary.html"], "no league table in what a government publishes"
    assert "排名" in made["yunxi_2024.summary.review.html"]
    assert made["yunxi_2024.summary.csv"].count("完整,8,8,") == 200
    assert all(str(tmp_path) not in text for text in made.values())

    district.params_file("zhuxi", 2024).unlink()
    assert main(["summary", "--year", "2024", f"--out={tmp_path / 'b'}", *place]) == 1
    said = capsys.readouterr().out
    assert "缺 竹溪街道（虚构）办事处（zhuxi）：没有报告（缺 params/2024/zhuxi.yaml）" in said
    assert "不完整" in (tmp_path / "b/2024/yunxi_2024.summary.html").read_text(encoding="utf-8")
    assert ",完整," not in (tmp_path / "b/2024/yunxi_2024.summary.csv").read_text(encoding="utf-8-sig")


def test_wrong_usage_is_told(district: Project, capsys: pytest.CaptureFixture[str]) -> None:
    place = [f"--params={district.params}", f"--data={district.data}"]
    assert main(["summary", "--year", "2024", *place, "--notebook=none.ipynb"]) == 2
    assert "找不到笔记本 none.ipynb" in capsys.readouterr().err
    assert main(["summary", "--year", "2024", *place, "--engine=steam"]) == 2
    assert main(["summary", "--year", "2024", "--params=nowhere", f"--data={district.data}"]) == 2
    assert "找不到 --params 指的文件夹" in capsys.readouterr().err


def test_a_notebook_that_fails_leaves_no_page(district: Project, tmp_path: Path) -> None:
    import nbformat

    book = nbformat.read(ROOT / "notebooks" / "summary.ipynb", as_version=4)
    assert make(district, "yunxi", 2024, ROOT / "notebooks/summary.ipynb", tmp_path).told is not None
    book.cells[-1].source = "1 / 0"
    nbformat.write(book, tmp_path / "own.ipynb")
    made = make(district, "yunxi", 2024, tmp_path / "own.ipynb", tmp_path)
    assert made.told is None
    assert "ZeroDivisionError" in made.failure
    assert list((tmp_path / "2024").iterdir()) == []


@pytest.mark.slow
def test_a_kernel_gives_the_same_bytes(district: Project, tmp_path: Path) -> None:
    for engine in ("fast", "kernel"):
        make(district, "yunxi", 2024, ROOT / "notebooks/summary.ipynb", tmp_path / engine, engine)
    for path in (tmp_path / "fast/2024").iterdir():
        assert path.read_bytes() == (tmp_path / "kernel/2024" / path.name).read_bytes(), path.name
