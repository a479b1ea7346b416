"""A layout file that contradicts itself is refused when it is loaded, with the place named."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from ogi_report.errors import FormError
from ogi_report.forms import form_for_year, in_succession, load_form, official_forms, parse_form


@pytest.fixture
def declared(third_form_file: Path) -> dict:
    return yaml.safe_load(third_form_file.read_text(encoding="utf-8"))


def refused(declared: object) -> str:
    with pytest.raises(FormError) as error:
        parse_form(declared, "2031.yaml")
    assert "2031.yaml" in str(error.value)
    return str(error.value)


def test_an_unknown_field_is_refused_where_it_stands(declared):
    declared["tables"][0]["blocks"][0]["collumns"] = []
    assert "tables.0.blocks.0.collumns" in refused(declared)


def test_a_missing_field_is_named(declared):
    del declared["tables"][1]["name"]
    assert "tables.1.name" in refused(declared)


def test_all_problems_are_told_at_once(declared):
    del declared["notice"]
    del declared["tables"][1]["name"]
    assert len(refused(declared).splitlines()) == 2


def test_a_row_key_used_twice_is_refused(declared):
    blocks = declared["tables"][0]["blocks"]
    blocks[1]["rows"][0]["key"] = "rules"
    assert "表二的行代码重复：rules" in refused(declared)


def test_a_column_key_used_twice_is_refused(declared):
    declared["tables"][0]["blocks"][0]["columns"][1]["key"] = "issued"
    assert "表二的列代码重复：issued" in refused(declared)


def test_a_number_box_needs_a_key(declared):
    del declared["tables"][0]["blocks"][0]["rows"][2]["key"]
    assert "“发展规划”没有代码" in refused(declared)


def test_columns_of_a_table_without_stub_stand_in_groups(declared):
    declared["tables"][2]["blocks"][0]["columns"].append({"key": "all", "label": "总计"})
    assert "“总计”应当放在一个列组里" in refused(declared)


def test_the_blocks_of_a_table_all_have_a_stub_or_none_has(declared):
    del declared["tables"][0]["blocks"][1]["rows"]
    assert "表栏" in refused(declared)


def test_a_derived_quantity_of_unknown_cells_is_refused(declared):
    declared["tables"][2]["derived"][0]["of"] = "review.upheld + review.lost"
    with pytest.raises(FormError, match=r"没有声明的名称：review\.lost"):
        parse_form(declared)


def test_a_chapter_with_an_undeclared_table_is_refused(declared):
    declared["sections"][4]["table"] = "problems"
    assert "第 5 章的表 problems 没有声明" in refused(declared)


def test_chapters_are_numbered_from_one(declared):
    declared["sections"][0]["number"] = 7
    assert "章的编号" in refused(declared)


def test_what_is_not_yaml_is_refused_by_file_name(tmp_path):
    path = tmp_path / "2031.yaml"
    path.write_text("tables: [", encoding="utf-8")
    with pytest.raises(FormError, match=r"2031\.yaml 不是有效的 YAML"):
        load_form(path)


def test_the_year_prescribes_the_layout():
    assert {year: form_for_year(year).id for year in (2019, 2020, 2021, 2022, 2030)} == {
        2019: "2019",
        2020: "2019",
        2021: "2021",
        2022: "2021",
        2030: "2021",
    }


def test_before_2019_there_was_no_such_form():
    with pytest.raises(FormError, match="2018 年没有"):
        form_for_year(2018)


def test_a_layout_is_in_force_until_the_next_one_begins(third_form):
    known = in_succession([third_form, *official_forms().values()])
    assert list(known) == ["2019", "2021", "2031"]
    assert [form_for_year(year, known).id for year in (2020, 2021, 2030, 2031, 2040)] == [
        "2019",
        "2021",
        "2021",
        "2031",
        "2031",
    ]
    assert form_for_year(2030, known).cells == official_forms()["2021"].cells


def test_the_official_forms_say_which_notice_they_come_from(forms):
    assert {form.id: form.notice for form in forms.values()} == {
        "2019": "国办公开办函〔2019〕60号",
        "2021": "国办公开办函〔2021〕30号",
    }


def test_a_form_is_not_changed_by_a_report_with_rows_of_its_own(forms):
    from ogi_report.forms import LocalRow

    before = copy.deepcopy(list(forms["2019"].cells))
    woven = forms["2019"].with_local_rows({"disclosure": (LocalRow("local.a", "其他文件", "normative"),)})
    assert list(forms["2019"].cells) == before
    assert len(woven.cells) == len(before) + 3
    assert forms["2019"].with_local_rows({}) is forms["2019"]
