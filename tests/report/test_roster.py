"""The roster of agencies, and the project around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ogi_report.errors import ConfigError
from ogi_report.report.project import Project
from ogi_report.report.roster import LEVELS, Body, Roster, read_roster

SHOWN = "params/agencies.csv"
HEAD = "agency,name,short_names,level,parent,website,contact\n"


@pytest.fixture
def read(tmp_path: Path):
    def run(text: str | bytes):
        path = tmp_path / "agencies.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_roster(path, SHOWN)

    return run


def told(read, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as error:
        read(text)
    return list(error.value.messages)


def test_a_line_is_an_agency(read):
    roster = read(
        HEAD
        + "qu,某区人民政府,,county,,,\nkejing,某区科技局,科技局;我局；局里,department,qu,https://example.org,办公室 12345\n"
    )
    assert list(roster) == ["qu", "kejing"]
    body = roster["kejing"]
    assert (body.name, body.short_names, body.short_name) == ("某区科技局", ("科技局", "我局", "局里"), "科技局")
    assert (body.level, body.parent, body.website, body.contact) == (
        "department",
        "qu",
        "https://example.org",
        "办公室 12345",
    )
    assert [entry.is_government for entry in roster.values()] == [True, False]


def test_only_id_and_name_are_needed(read):
    body = read("agency,name\nkejing,某区科技局\n")["kejing"]
    assert (body.short_name, body.level, body.parent, body.is_government) == ("某区科技局", None, None, False)


def test_columns_of_ones_own_are_kept_and_their_order_is_free(read):
    body = read("name,phone,agency\n某区科技局,027-0000,kejing\n")["kejing"]
    assert (body.agency, body.extra) == ("kejing", {"phone": "027-0000"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_roster_is_read_however_it_was_saved(encoding, end, read):
    text = HEAD + '# 备注,,,,,,\nkejing,"某区科技局, 信息化局",科技局,department,,,\n\n,,,,,,\n'
    roster = read(text.replace("\n", end).encode(encoding))
    assert [body.name for body in roster.values()] == ["某区科技局, 信息化局"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("KeJing,某局,,,,,", "第 2 行：机构代码 agency 写的是“KeJing”，只能用小写字母、数字、- 和 _。"),
        ("../x,某局,,,,,", "第 2 行：机构代码 agency 写的是“../x”，只能用"),
        (",某局,,,,,", "第 2 行：机构代码 agency 写的是“”"),
        ("a,,,,,,", "第 2 行：a 没有写全称 name。"),
        (
            "a,某局,,bureau,,,",
            "第 2 行：层级 level 写的是“bureau”，只能是 ministry、province、city、county、department、township，或留空。",
        ),
        ("a,某局,,,qu,,", "：a 的上级 parent “qu”不在名录中。"),
        ("a,某局,甲,,,,,多", "第 2 行的列数多于表头；文字中有逗号时请给整格加英文双引号。"),
        ("a,某局,,,,,\na,某局,,,,,", "第 3 行：机构代码 a 出现了两次。"),
    ],
)
def test_a_mistake_is_told_with_line_and_what_is_allowed(line, message, read):
    (found,) = told(read, HEAD + line + "\n")
    assert found.startswith(SHOWN)
    assert message in found


def test_all_mistakes_are_told_at_once(read):
    assert len(told(read, HEAD + "A,某局,,,,,\nb,,,,,,\nc,某局,,x,,,\nd,某局,,,e,,\n")) == 4


def test_a_roster_without_the_needed_columns_is_refused_with_the_right_heading(read):
    assert told(read, "id,name\na,某局\n") == [
        f"{SHOWN} 的表头缺少 agency 列；表头应为：agency,name,short_names,level,parent,website,contact。"
    ]
    assert "缺少 agency、name 列" in told(read, "")[0]


def test_a_workbook_and_a_runaway_quote_are_recognised(read):
    assert "Excel 工作簿" in told(read, b"PK\x03\x04xx")[0]
    assert "引号" in told(read, HEAD + 'a,"' + "x" * 200_000)[0]


def test_a_missing_roster_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"找不到 params/agencies\.csv"):
        read_roster(tmp_path / "agencies.csv", SHOWN)


def test_every_level_has_a_chinese_name():
    assert list(LEVELS) == ["ministry", "province", "city", "county", "department", "township"]
    assert all(name.strip() and not name.isascii() for name in LEVELS.values())


# -- the project -----------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "agencies.csv").write_text(
        HEAD + "weijian,某区卫健局,,,,,\nkejing,某区科技局,,,,,\n", "utf-8"
    )
    for year, agency in [
        ("2022", "kejing"),
        ("2021", "kejing"),
        ("2021", "weijian"),
        ("2021", "aaa"),
        ("old", "kejing"),
    ]:
        path = tmp_path / "params" / year / f"{agency}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"agency: {agency}\nyear: {year}\n", "utf-8")
    return Project(tmp_path / "params", tmp_path / "data")


def test_the_project_is_found_from_any_folder_inside(project, monkeypatch):
    monkeypatch.delenv("OGI_REPORT_PARAMS", raising=False)
    deep = project.data / "2021" / "kejing"
    deep.mkdir(parents=True)
    found = Project.find(deep)
    assert (found.params, found.data) == (project.params.resolve(), project.data.resolve())


def test_outside_of_a_project_one_is_told_so(tmp_path):
    with pytest.raises(ConfigError, match=r"往上都找不到 params/agencies\.csv；请在项目文件夹中运行"):
        Project.find(tmp_path)


def test_agency_years_come_by_year_and_then_in_the_order_of_the_roster(project):
    assert project.agency_years() == [("weijian", 2021), ("kejing", 2021), ("aaa", 2021), ("kejing", 2022)]


def test_settings_are_read_by_agency_and_year(project):
    assert project.read_params("kejing", 2021).year == 2021
    with pytest.raises(ConfigError, match=r"找不到 params/2023/kejing\.yaml"):
        project.read_params("kejing", 2023)


def test_an_unknown_agency_is_told_with_the_nearest_known_one(project):
    assert project.body("kejing").name == "某区科技局"
    with pytest.raises(ConfigError) as error:
        project.body("kejin")
    assert (
        str(error.value)
        == "机构代码 kejin 不在 params/agencies.csv 中；您是不是要写 kejing（某区科技局）？请先在名录中加一行。"
    )


def test_messages_name_files_within_the_project_and_never_the_machines_folders(project, tmp_path):
    assert project.shown(project.params_file("kejing", 2021)) == "params/2021/kejing.yaml"
    assert project.shown(project.data_folder("kejing", 2021)) == "data/2021/kejing"
    assert str(tmp_path) not in project.shown(Path("/elsewhere/x.csv"))
    other = Project(tmp_path / "settings", tmp_path / "numbers")
    assert other.shown(tmp_path / "numbers" / "2021" / "a.csv") == "numbers/2021/a.csv"


def test_the_bodies_that_a_text_names_are_found_by_name_and_by_short_name() -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    names = st.text("甲乙丙局委区", min_size=2, max_size=6)

    @given(st.lists(st.tuples(names, names), max_size=12), st.text("甲乙丙局委区，。", max_size=40))
    def same_as_asking_each(bodies: list[tuple[str, str]], text: str) -> None:
        roster = Roster({f"a{n}": Body(f"a{n}", name, (short,)) for n, (name, short) in enumerate(bodies)})
        found = sorted(roster.named_in(text))
        assert found == sorted((name, b.agency) for b in roster.values() for name in b.names if name in text)

    same_as_asking_each()


def test_a_roster_that_changes_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text("agency,name\nju,示例局\n", encoding="utf-8")
    assert list(read_roster(file, "agencies.csv")) == ["ju"]
    file.write_text("agency,name\nju,示例局\nbu,示例部\n", encoding="utf-8")
    assert list(read_roster(file, "agencies.csv")) == ["ju", "bu"]
