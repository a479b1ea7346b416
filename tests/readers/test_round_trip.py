"""What we write we read, and what others save we read as well."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.figures import Figures
from ogi_report.forms import LocalRow
from ogi_report.readers import read_figures
from ogi_report.writers import write_table_csv


def raws(figures: Figures) -> dict[str, str]:
    return {key: cell.raw for key, cell in figures.items()}


def values(figures: Figures) -> dict[str, object]:
    return {key: (cell.value, cell.kind) for key, cell in figures.items()}


@pytest.mark.parametrize("form", ["2019", "2021", "2031"])
@given(data=st.data())
def test_reading_what_we_wrote_gives_the_same_report(form, data, any_figures, write_data):
    figures = data.draw(any_figures(form))
    with tempfile.TemporaryDirectory() as folder:
        found = read_figures(write_data(Path(folder), figures), figures.form, "data")
    assert raws(found) == raws(figures)
    assert values(found) == values(figures)
    assert found.missing == found.labels == ()
    assert set(found.layouts.values()) == {form}


@given(data=st.data())
def test_a_report_with_rows_of_its_own_comes_back_with_them(data, forms, raw_texts, write_data):
    form = forms[data.draw(st.sampled_from(["2019", "2021"]))]
    after = st.sampled_from(sorted(form.table("disclosure").records))
    local = [LocalRow(f"local.r{n}", f"自行增加的行{n}", data.draw(after)) for n in range(data.draw(st.integers(1, 4)))]
    woven = form.with_local_rows({"disclosure": tuple(local)})
    own = [key for key, cell in woven.cells.items() if cell.local]
    figures = Figures.of(woven, {key: data.draw(raw_texts) for key in own}, 0)
    with tempfile.TemporaryDirectory() as folder:
        found = read_figures(write_data(Path(folder), figures), form, "data")
    assert set(found.local_rows) == {row.key for row in local}
    assert list(found.form.table("disclosure").records) == list(woven.table("disclosure").records)
    assert raws(found) == raws(figures)


@pytest.mark.parametrize("unit", ["元", "万元"])
@pytest.mark.parametrize("raw", ["414.52", "1,024", "7", "98000元", "", "-", "１２"])
def test_a_unit_in_the_heading_comes_back_with_the_number(unit, raw, figures_of, read_back):
    key = "disclosure.procurement.amount_yuan"
    plain = figures_of({key: raw}, "2019")
    heading = write_table_csv(plain, "disclosure").replace("采购总金额", f"采购总金额（{unit}）")
    first = read_back(plain, disclosure=heading)
    second = read_back(first)
    assert first.units == second.units == {"amount_yuan": unit}
    assert (first[key].raw, first[key].value) == (second[key].raw, second[key].value)
    assert first[key].raw == raw


@pytest.mark.parametrize(
    ("raw", "value"),
    [("414.52", "4145200"), ("1,024", "10240000"), ("7", "70000"), ("98000元", "98000"), ("0", "0")],
)
def test_a_heading_in_ten_thousands_holds_for_every_number_that_states_no_unit(raw, value, figures_of, read_back):
    key = "disclosure.procurement.amount_yuan"
    plain = figures_of({key: raw}, "2019")
    heading = write_table_csv(plain, "disclosure").replace("采购总金额", "采购总金额(单位:万元)")
    assert read_back(plain, disclosure=heading).value(key) == int(value)


# -- how files are saved ---------------------------------------------------------------------------------------------


@pytest.fixture
def sample(figures_of):
    """Every kind of content, and labels with curly quotes and full-width brackets."""
    cells = {
        "applications.received.total": "1,024",
        "applications.carried_in.total": "",
        "applications.granted.total": "-",
        "applications.denied.security_stability.total": "３",
        "applications.handled_total.total": "若干",
        "disclosure.admin_fee.amount_wan": "96171.6",
    }
    return figures_of(cells)


def rewritten(figures: Figures, table: str, **dialect: object) -> str:
    """The same table with another delimiter, quoting or line end."""
    out = io.StringIO()
    csv.writer(out, **dialect).writerows(csv.reader(io.StringIO(write_table_csv(figures, table))))
    return out.getvalue()


TABLES = ("disclosure", "applications", "remedies")
SAVED = {
    "with a byte order mark": lambda f, t: write_table_csv(f, t).encode("utf-8-sig"),
    "by Excel on Windows, in GB18030": lambda f, t: write_table_csv(f, t).encode("gb18030"),
    "with CRLF": lambda f, t: rewritten(f, t, lineterminator="\r\n").encode(),
    "by an old Mac, with CR": lambda f, t: rewritten(f, t, lineterminator="\r").encode(),
    "tab-separated": lambda f, t: rewritten(f, t, delimiter="\t").encode(),
    "semicolon-separated": lambda f, t: rewritten(f, t, delimiter=";").encode(),
    "with everything quoted": lambda f, t: rewritten(f, t, quoting=csv.QUOTE_ALL).encode(),
    "with blank lines and comments": lambda f, t: ("\n" + write_table_csv(f, t) + "\n,,,\n# 备注\n").encode(),
    "with empty columns on the right": lambda f, t: write_table_csv(f, t).replace("\n", ",,\n").encode(),
    "with spaces around everything": lambda f, t: "\n".join(
        ",".join(f" {cell} " if '"' not in cell else cell for cell in line.split(",")) if '"' not in line else line
        for line in write_table_csv(f, t).splitlines()
    ).encode(),
}


@pytest.mark.parametrize("saved", SAVED)
def test_a_file_is_read_however_it_was_saved(saved, sample, read_back):
    found = read_back(sample, **{table: SAVED[saved](sample, table) for table in TABLES})
    assert raws(found) == raws(sample)
    assert found.missing == found.labels == ()


def test_columns_are_found_by_heading_in_any_order(sample, read_back):
    rows = list(csv.reader(io.StringIO(write_table_csv(sample, "applications"))))
    order = [0, 1, *random.Random(7).sample(range(2, len(rows[0])), len(rows[0]) - 2)]
    shuffled = "\n".join(",".join(f'"{row[n]}"' for n in order) for row in rows)
    assert order != sorted(order)
    assert raws(read_back(sample, applications=shuffled)) == raws(sample)


def test_rows_are_found_by_key_in_any_order(sample, read_back):
    head, *body = write_table_csv(sample, "applications").splitlines()
    assert raws(read_back(sample, applications="\n".join([head, *reversed(body)]))) == raws(sample)


def test_headings_may_be_keys_instead_of_labels(sample, read_back):
    _, body = write_table_csv(sample, "applications").split("\n", 1)
    head = (
        "key,label,natural_person,legal.commercial,legal.research,legal.social,legal.legal_service,legal.other,total\n"
    )
    assert raws(read_back(sample, applications=head + body)) == raws(sample)


def test_labels_may_be_spelt_with_other_brackets_quotes_and_numbering(sample, read_back):
    written = write_table_csv(sample, "applications")
    other = (
        written.replace("（七）总计", "(七) 总计")
        .replace("3.危及“三安全一稳定”", '"3、危及""三安全一稳定"""')
        .replace("2.其他法律行政法规禁止公开", "2．其他法律、行政法规禁止公开")
        .replace("法律服务机构", "法律服务 机构")
    )
    assert other != written
    found = read_back(sample, applications=other)
    assert raws(found) == raws(sample)
    assert found.labels == ()


def test_every_number_remembers_file_line_row_and_column(sample, read_back):
    at = read_back(sample)["applications.denied.security_stability.total"].at
    assert str(at) == "data/2021/kejing/applications.csv 第 8 行“3.危及“三安全一稳定””的“总计”列"


def test_the_written_file_can_be_read_by_a_person(figures_of):
    assert write_table_csv(figures_of({"remedies.review.total": None, "remedies.review.upheld": "-"}), "remedies") == (
        "行代码,项目,结果维持,结果纠正,其他结果,尚未审结,总计\n"
        "review,行政复议,-,0,0,0,\n"
        "litigation_direct,未经复议直接起诉,0,0,0,0,0\n"
        "litigation_after_review,复议后起诉,0,0,0,0,0\n"
    )


def test_a_row_without_a_column_is_written_with_nothing_there(figures_of):
    lines = write_table_csv(figures_of({"disclosure.licence.decisions": 12}), "disclosure").splitlines()
    assert lines[0] == "行代码,项目,本年制发件数,本年废止件数,现行有效件数,本年处理决定数量,本年收费金额（单位：万元）"
    assert lines[3] == "licence,行政许可,,,,12,"
