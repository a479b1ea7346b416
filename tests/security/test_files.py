"""Files that are more, or elsewhere, than they seem: links, bombs, tags, entities, names that lead out of their folder."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ogi_report.errors import ConfigError, DataError, OgiError
from ogi_report.figures import Figures
from ogi_report.readers import read_figures, read_published
from ogi_report.report import Project, Report
from ogi_report.writers import write_table_csv

SECRET = "root:x:0:0:secret"

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("elsewhere") / "passwd"
    file.write_text(SECRET, encoding="utf-8")
    return file


def link(path: Path, target: Path | str) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(target)


@needs_links
@pytest.mark.parametrize("name", ["narrative.md", "remedies.csv", "picture.png"])
def test_a_link_out_of_the_data_folder_is_not_followed(
    name: str, small_project: Callable[..., Project], outside: Path
) -> None:
    project = small_project()
    link(project.data_folder("ju", 2024) / name, outside)
    with pytest.raises(DataError, match=f"data/2024/ju/{name} 是指向数据文件夹之外的链接") as error:
        Report.open("ju", 2024, project=project)
    assert SECRET not in str(error.value)


@needs_links
def test_a_chain_of_links_and_a_link_up_and_down_again_are_seen_through(
    small_project: Callable[..., Project], outside: Path
) -> None:
    project = small_project()
    folder = project.data_folder("ju", 2024)
    link(folder / "a", outside)
    link(folder / "narrative.md", "a")
    with pytest.raises(DataError, match=r"narrative\.md"):
        Report.open("ju", 2024, project=project)
    link(folder / "a", "../../../params/agencies.csv")
    with pytest.raises(DataError, match=r"narrative\.md"):
        Report.open("ju", 2024, project=project)


@needs_links
def test_a_whole_folder_may_not_be_a_link_out_but_the_offices_own_may(
    small_project: Callable[..., Project], tmp_path: Path
) -> None:
    project = small_project()
    folder = project.data_folder("ju", 2024)
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    with pytest.raises(DataError, match="data/2024/ju 是指向数据文件夹之外的链接"):
        Report.open("ju", 2024, project=project)
    folder.unlink()
    elsewhere.rename(folder)
    # The data folder on another disk, and a year's folder there: the office set these up itself.
    moved = tmp_path / "disk"
    project.data.rename(moved)
    project.data.symlink_to(moved)
    assert Report.open("ju", 2024, project=project).figures
    (moved / "2024").rename(tmp_path / "2024")
    (moved / "2024").symlink_to(tmp_path / "2024")
    assert Report.open("ju", 2024, project=project).figures


@needs_links
def test_a_link_within_the_data_folder_is_followed(small_project: Callable[..., Project]) -> None:
    project = small_project()
    small_project(agency="bu")
    link(project.data_folder("ju", 2024) / "narrative.md", "../bu/narrative.md")
    assert "新收申请 0 件" in Report.open("ju", 2024, project=project).chapters[0].text


@needs_links
def test_last_years_and_the_childrens_links_are_not_followed_either(
    small_project: Callable[..., Project], outside: Path
) -> None:
    project = small_project()
    small_project(year=2023)
    link(project.data_folder("ju", 2023) / "remedies.csv", outside)
    report = Report.open("ju", 2024, project=project)
    assert report.last is None
    assert SECRET not in report.last_why


@needs_links
def test_an_audit_leaves_links_out_of_its_folder_alone(tmp_path: Path, outside: Path) -> None:
    from ogi_report.audit.run import AuditSettings, plan

    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "a.txt").write_text("一、总体情况", encoding="utf-8")
    link(folder / "b.txt", outside)
    settings = AuditSettings(folder, tmp_path / "out")
    assert [task.shown for task in plan(settings)] == ["a.txt"]


@needs_links
@pytest.mark.parametrize("name", ["narrative.md", "remedies.csv"])
def test_a_pipe_is_not_waited_for(name: str, small_project: Callable[..., Project]) -> None:
    project = small_project()
    path = project.data_folder("ju", 2024) / name
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(DataError, match="不是普通文件"):
        Report.open("ju", 2024, project=project)
    with pytest.raises(DataError, match="不是普通文件"):
        read_published(path)


@needs_links
def test_a_device_is_not_read_to_its_end() -> None:
    with pytest.raises(DataError, match="不是普通文件"):
        read_published(Path("/dev/zero"))


# -- names -------------------------------------------------------------------------------------------------------------

HOSTILE_IDS = [
    "../x",
    "..",
    ".",
    "/etc",
    "a/b",
    "a\\b",
    "C:",
    "c:x",
    "a\nb",
    "a\0b",
    "a ",
    " a",
    "-rf",
    "~",
    "%2e%2e",
    "a.b",
]
HOSTILE_IDS += ["con", "nul", "aux", "prn", "com1", "lpt9", "<b>", "'", '"', "a;b", "$(id)", "`id`", "ａ", "a" * 65, ""]


@pytest.mark.parametrize("agency", HOSTILE_IDS)
def test_an_agencys_id_is_never_a_path(agency: str, small_project: Callable[..., Project]) -> None:
    project = small_project()
    with pytest.raises(OgiError):
        Report.open(agency, 2024, project=project)
    quoted = agency.replace('"', '""')
    (project.params / "agencies.csv").write_text(f'agency,name\n"{quoted}",示例局\n', encoding="utf-8")
    if agency.strip() == agency != "":
        with pytest.raises(ConfigError):
            _ = Project(project.params, project.data).roster[agency]


@pytest.mark.parametrize(
    "name",
    ["../evil.ipynb", "/tmp/evil.ipynb", "..\\evil.ipynb", "a/b.ipynb", "evil.py", "https://x.example/a.ipynb", "|id"],
)
def test_a_params_file_names_notebooks_of_the_project_only(name: str, tmp_path: Path) -> None:
    from ogi_report.batch import Settings
    from ogi_report.batch.plan import notebook_for

    (tmp_path / "evil.ipynb").write_text("{}")
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    settings = Settings(tmp_path / "params", tmp_path / "data", tmp_path / "build", notebooks)
    with pytest.raises(OgiError):
        notebook_for(name, settings)


def test_a_files_name_cannot_add_a_setting(tmp_path: Path, figures_of: Callable[..., Figures]) -> None:
    """Line ends are allowed in names of files; they were written into a comment of the params file as they are."""
    from ogi_report.report.importing import plan_import
    from ogi_report.report.published import PublishedReport
    from ogi_report.report.yaml_files import read_yaml_mapping
    from ogi_report.writers import Heading, Text, write_docx

    figures = figures_of()
    pages = [Heading("示例局2024年政府信息公开工作年度报告", 0), Heading("一、总体情况"), Text("正常。")]
    pages += [figures.grid(table.key) for table in figures.form.tables]
    file = tmp_path / "a\nnotebook: evil.ipynb\nx.docx"
    try:
        file.write_bytes(write_docx(pages))
    except OSError:
        pytest.skip("this system has no such names")
    project = Project(tmp_path / "params", tmp_path / "data")
    planned = plan_import(
        PublishedReport.open(file, year=2024, agency="ju"), tmp_path / "data" / "2024" / "ju", project
    )
    text = planned.files[project.params_file("ju", 2024)]
    assert set(read_yaml_mapping(text, "ju.yaml")[0]) <= {"agency", "year", "layout"}


# -- settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "index_no: !!python/object/apply:os.system ['touch burgled']",
        "index_no: !!python/name:os.system",
        "index_no: &a [1]\ndoc_no: *a",
        "l0: &l0 [x]\n" + "".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 9)}]\n" for n in range(40)),
        "waivers: " + "[" * 5_000,
        "index_no: " + "x" * 2_000_000,
    ],
    ids=["a call", "a name", "a reference", "billion laughs", "nesting", "two megabytes"],
)
def test_settings_are_data_and_nothing_else(text: str, small_project: Callable[..., Project]) -> None:
    project = small_project(params=text + "\n")
    with pytest.raises(ConfigError):
        Report.open("ju", 2024, project=project)
    assert not Path("burgled").exists()


# -- files of published reports ----------------------------------------------------------------------------------------


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:/etc/passwd"> <!ENTITY y "%s">]><a>&x;&y;</a>'
    % (b"ha" * 9)
)


def _pdf(stream: bytes) -> bytes:
    """The smallest PDF with one page whose content unfolds to very much."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


@cache
def _bombs() -> dict[str, bytes]:
    """Six hundred megabytes take their time to be packed."""
    import zlib

    return {
        "实体.docx": package({"word/document.xml": ENTITIES}),
        "实体.xlsx": package({"xl/workbook.xml": ENTITIES}),
        "炸弹.docx": package({"word/document.xml": b"<w>" + b" " * 300_000_000 + b"</w>"}),
        "炸弹.xlsx": package({"xl/workbook.xml": b"<w>" + b" " * 300_000_000 + b"</w>"}),
        "嵌套.html": b"<div>" * 200_000,
        "大表.html": b"<table>" + b"<tr>" + b"<td>1" * 200_000,
        "跨列.html": b"<table>" + b"<tr><td rowspan=99999999 colspan=99999999>1" * 2000,
        "炸弹.pdf": _pdf(zlib.compress(b"BT /F1 9 Tf (x) Tj ET\n" * 10_000_000, 9)),
        "孤立代理.html": b'<script>var page = "' + b"\\ud800<table><tr><td>\\ud800</table>" * 20 + b'";</script>',
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["实体.docx", "实体.xlsx", "炸弹.docx", "炸弹.xlsx", "嵌套.html", "大表.html", "跨列.html", "炸弹.pdf", "孤立代理.html"])  # fmt: skip
def test_a_bomb_ends_in_a_sentence_and_soon(name: str, tmp_path: Path, cli: Callable[..., Any]) -> None:
    file = tmp_path / name
    file.write_bytes(_bombs()[name])
    done = cli("check", file, "--format", "json", cwd=tmp_path)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1)
    assert "/etc/passwd" not in done.stdout
    assert "root:" not in done.stdout + done.stderr
    if done.returncode == 0:
        json.loads(done.stdout)


@pytest.mark.slow
def test_bombs_cost_an_audit_their_own_files_only(tmp_path: Path, cli: Callable[..., Any]) -> None:
    folder = tmp_path / "published"
    folder.mkdir()
    for name, content in _bombs().items():
        (folder / name).write_bytes(content)
    (folder / "好.txt").write_text("示例局2024年政府信息公开工作年度报告\n一、总体情况\n正常。\n", encoding="utf-8")
    done = cli("audit", folder, "--out", tmp_path / "out", cwd=tmp_path)
    assert "Traceback" not in done.stderr + done.stdout
    listed = (tmp_path / "out/files.csv").read_text(encoding="utf-8-sig")
    assert all(name in listed for name in _bombs())
    assert "root:" not in listed


# -- spreadsheets ------------------------------------------------------------------------------------------------------

FORMULAS = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("x")', "'=1+1", "-件"]


@pytest.mark.parametrize("text", FORMULAS)
def test_data_files_written_by_an_import_hold_no_formula_and_are_read_as_they_were(
    text: str, figures_of: Callable[..., Figures], write_data: Callable[..., Path], tmp_path: Path
) -> None:
    figures = figures_of({"remedies.review.total": text}, local={"applications": [("local.x", text, "carried_out")]})
    written = write_table_csv(figures, "remedies") + write_table_csv(figures, "applications")
    assert f",{text}," not in written or not text.strip().startswith(("=", "+", "@", "-"))
    again = read_figures(write_data(tmp_path / "ju", figures), figures.form, "data/2024/ju")
    assert again["remedies.review.total"].raw == text


@pytest.mark.parametrize("text", FORMULAS)
def test_workbooks_hold_texts_as_texts(text: str, figures_of: Callable[..., Figures]) -> None:
    from ogi_report.writers import Heading, Text, write_xlsx

    content = write_xlsx([Heading(text), Text(text), figures_of({"remedies.review.total": text}).grid("remedies")])
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        sheets = [workbook.read(name).decode() for name in workbook.namelist() if "sheets/" in name]
    assert sheets
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
