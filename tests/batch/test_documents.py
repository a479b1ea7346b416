"""`--formats`: documents beside the pages, made only where they are lacking, each at its own risk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ogi_report.batch import Build, Settings, Status, plan
from ogi_report.batch import documents as room
from ogi_report.batch.cache import JOURNAL, Cache
from ogi_report.batch.documents import Documents, Order, make_document, make_documents, orders
from ogi_report.documents.formats import DOCUMENTS, FORMATS, convert, parse_formats
from ogi_report.engine import Crashed, Reason
from ogi_report.errors import UsageError
from ogi_report.report import Project
from ogi_report.report.project import DATA_VARIABLE, PARAMS_VARIABLE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(small_project: Callable[..., Project]) -> Path:
    found = small_project()
    small_project(agency="bu")
    folder = found.params.parent
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


@pytest.fixture
def run(project: Path, program) -> Callable[..., tuple[int, str]]:
    """`run("--formats", "docx")`: the command's status and what it said."""

    def go(*options: str) -> tuple[int, str]:
        done = program("run", "--jobs=1", *options, cwd=project)
        return done.returncode, done.stdout + done.stderr

    return go


def files(project: Path) -> dict[str, bytes]:
    build = project / "build"
    return {
        p.relative_to(build).as_posix(): p.read_bytes() for p in build.rglob("*") if p.is_file() and p.name[0] != "."
    }


def made(project: Path) -> set[str]:
    return {name.split("_2024")[1] for name in files(project) if name.startswith("2024/ju_")}


PAGES = {".html", ".review.html", ".ipynb", ".figures.csv", ".findings.json"}


def test_nothing_but_the_pages_is_made_unless_asked_for(run, project):
    assert run()[0] == 0
    assert made(project) == PAGES


@pytest.mark.usefixtures("pango")
def test_the_documents_asked_for_stand_beside_the_page_and_say_what_it_says(run, project):
    status, said = run("--formats", "html,docx,pdf,cms")
    assert status == 0
    assert "另生成 6 个文档" in said
    assert made(project) == PAGES | {".docx", ".pdf", ".cms.html"}
    page = (project / "build/2024/ju_2024.html").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        assert (project / f"build/2024/ju_2024{document.suffix}").read_bytes() == convert(document.name, page)
    manifest = json.loads((project / "build/manifest.json").read_text(encoding="utf-8"))
    assert {f"2024/ju_2024{document.suffix}" for document in DOCUMENTS} <= set(manifest["reports"][0]["files"])


def test_a_finished_build_gets_more_formats_without_a_report_being_made_again(run, project):
    run()
    before = files(project)
    assert "只补做：Word" in run("--formats", "docx", "--explain")[1]
    _, said = run("--formats", "docx")
    assert "其中 2 份没有变动" in said
    assert "另生成 2 个文档" in said
    after = files(project)
    assert set(after) - set(before) == {"2024/ju_2024.docx", "2024/bu_2024.docx"}
    linking = {"index.html", "site/data/index.js", "manifest.json"}
    assert {name for name in before if after[name] != before[name]} == linking
    _, said = run("--formats", "docx,cms")
    assert "另生成 2 个文档" in said
    assert "文档" not in run("--formats", "docx,cms")[1]
    assert files(project).keys() == after.keys() | {"2024/ju_2024.cms.html", "2024/bu_2024.cms.html"}


def test_all_at_once_or_one_after_the_other_gives_the_same_bytes(run, project):
    run("--formats", "docx,cms")
    at_once = files(project)
    shutil.rmtree(project / "build")
    run("--formats", "cms")
    run("--formats", "docx")
    assert files(project) == at_once


def test_only_what_was_asked_for_of_one_agency(run, project):
    assert run("--year", "2024", "--agency", "ju", "--formats", "docx")[0] == 0
    assert made(project) == PAGES | {".docx"}
    assert not (project / "build/2024/bu_2024.html").exists()


def test_a_document_that_shows_an_earlier_report_does_not_stay(run, project):
    run("--formats", "docx")
    narrative = project / "data/2024/ju/narrative.md"
    narrative.write_text(narrative.read_text(encoding="utf-8").replace("正常开展", "有序开展"), encoding="utf-8")
    run()
    assert not (project / "build/2024/ju_2024.docx").exists()
    assert (project / "build/2024/bu_2024.docx").exists()


def test_a_document_that_was_edited_is_left_alone_until_it_is_asked_for(run, project):
    run("--formats", "docx")
    document = project / "build/2024/ju_2024.docx"
    original = document.read_bytes()
    document.write_bytes(b"edited")
    assert "要做 0 份" in run("--explain")[1]
    run()
    assert document.read_bytes() == b"edited"
    run("--formats", "docx")
    assert document.read_bytes() == original


def test_a_report_that_can_no_longer_be_made_leaves_no_document(run, project):
    run("--formats", "docx,cms")
    (project / "data/2024/ju/remedies.csv").write_bytes("行代码".encode("utf-16"))
    assert run("--formats", "docx,cms")[0] == 1
    assert made(project) == set()


def test_what_a_killed_run_had_made_counts(run, project):
    run("--formats", "docx")
    journal = project / "build" / JOURNAL
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    # As it is while the run goes on: one line about each report and each document, in the order in which they came.
    apart = [
        {"document": name, "of": line["report"], "stamp": stamp}
        for line in lines
        for name, stamp in line.pop("documents", {}).items()
    ]
    journal.write_text(
        "".join(json.dumps(line) + "\n" for line in lines + apart[:1]) + '{"document": "20', encoding="utf-8"
    )
    cache = Cache.read(project / "build")
    assert [cache.lacks(f"2024/{agency}_2024", f"2024/{agency}_2024.docx") for agency in ("bu", "ju")] in (
        [False, True],
        [True, False],
    )
    assert "另生成 1 个文档" in run("--formats", "docx")[1]


def test_verify_makes_the_documents_from_the_kernels_page_too(run, project, monkeypatch):
    from ogi_report.batch.verify import verify

    run("--formats", "docx")
    settings = Settings(
        project / "params",
        project / "data",
        project / "build",
        project / "notebooks",
        agencies=("ju",),
        formats=("docx",),
    )
    monkeypatch.setattr("ogi_report.batch.verify.KERNEL", "fast")  # another run of the same engine does for this
    for name in (PARAMS_VARIABLE, DATA_VARIABLE):
        monkeypatch.setenv(name, "")  # made in this process, which is to be as before
    assert verify(plan(settings)) == []
    (project / "build/2024/ju_2024.docx").write_bytes(b"edited")
    assert verify(plan(settings)) == ["2024/ju_2024.docx 与由标准内核的公开页生成的不同"]


# -- what goes wrong ---------------------------------------------------------------------------------------------------


def test_an_unknown_format_is_named_with_those_there_are(run):
    status, said = run("--formats", "word")
    assert status == 2
    assert "“word”" in said
    for known in FORMATS:
        assert f"{known.name}（{known.chinese}）" in said


@pytest.mark.parametrize("text", ["", ",", "docx,wps", "html pdf"])
def test_a_list_of_formats_that_cannot_be_read_is_refused(text):
    with pytest.raises(UsageError, match="--formats"):
        parse_formats(text)


@pytest.mark.usefixtures("pango")
def test_a_document_that_cannot_be_made_costs_itself_only(run, project):
    narrative = project / "data/2024/ju/narrative.md"
    narrative.write_text(
        narrative.read_text(encoding="utf-8").replace("正常开展", "正常\U0010fffd开展"), encoding="utf-8"
    )
    status, said = run("--formats", "docx,pdf")
    assert status == 1
    assert "2024 示例局：PDF 没有生成：" in said
    assert "U+10FFFD" in said
    assert "共 2 份报告：2 份完成" in said
    assert made(project) == PAGES | {".docx"}
    assert (project / "build/2024/bu_2024.pdf").exists()
    assert run("--formats", "docx")[0] == 0
    assert "PDF 没有生成" in run("--formats", "docx,pdf")[1], "what could not be made is tried again"


def test_a_process_that_dies_over_a_document_costs_that_document_only(project, run, monkeypatch):
    run()
    settings = Settings(project / "params", project / "data", project / "build", project / "notebooks", jobs=1)
    build = Build.of(plan(settings))
    wanted = list(orders(build, ["docx", "cms"]))
    assert len(wanted) == 4
    monkeypatch.setattr(room, "make_document", _dies_over_word)
    said: list[str] = []
    done = make_documents(build, wanted, settings, said.append)
    assert sorted(done.made) == ["2024/bu_2024.cms.html", "2024/ju_2024.cms.html"]
    assert len(done.messages) == 2
    assert all("Word 没有生成：生成该报告的进程意外终止（退出码 3）。" in message for message in done.messages)
    assert len(said) == 4
    assert all(result.status is Status.OK for result in Build.of(plan(settings)).results.values())


def _dies_over_word(order: Order) -> bytes | str:
    if order.format == "docx":
        os._exit(3)
    return make_document(order)


def elsewhere(project: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, where other surroundings hold from the beginning."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run_all.py"), "--formats", "docx,pdf"],
        cwd=project,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"} | env,
    )


def test_without_weasyprint_the_rest_is_made_and_the_message_says_what_to_install(project, tmp_path):
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "weasyprint.py").write_text("raise ImportError", encoding="utf-8")
    paths = [str(tmp_path / "without"), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = elsewhere(project, PYTHONPATH=os.pathsep.join(paths))
    assert done.returncode == 1
    assert "2 份报告的 PDF 没有生成：生成 PDF 需要 WeasyPrint：请安装 ogi-report[print]。" in done.stdout
    assert made(project) == PAGES | {".docx"}


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize(
    ("fonts", "says"),
    [
        ("<dir>{latin}</dir>", "本机没有中文字体"),
        ("", "不能正常工作（多半是没有安装任何字体）"),
    ],
    ids=["latin fonts only", "no font at all"],
)
def test_without_a_chinese_font_no_pdf_of_boxes_is_made(fonts, says, project, tmp_path):
    from matplotlib import get_data_path

    config = tmp_path / "fonts.conf"
    latin = fonts.format(latin=Path(get_data_path()) / "fonts" / "ttf")
    config.write_text(
        f'<?xml version="1.0"?><fontconfig>{latin}<cachedir>{tmp_path / "cache"}</cachedir></fontconfig>',
        encoding="utf-8",
    )
    done = elsewhere(project, FONTCONFIG_FILE=str(config))
    assert done.returncode == 1
    assert says in done.stdout
    assert "Traceback" not in done.stderr
    assert "Pango" not in done.stderr
    assert made(project) == PAGES | {".docx"}


def test_interrupted_documents_keep_what_was_made(project, run):
    run()
    settings = Settings(project / "params", project / "data", project / "build", project / "notebooks", jobs=1)
    build = Build.of(plan(settings))

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    done = make_documents(build, list(orders(build, ["docx"])), settings, stop)
    assert done.interrupted
    assert len(done.made) == 1
    assert len(list(orders(Build.of(plan(settings)), ["docx"]))) == 1


# -- other machines ----------------------------------------------------------------------------------------------------


def test_only_the_page_travels_to_another_machine(project, run):
    from ogi_report.batch.parcels import make_any, pack_page

    run()
    settings = Settings(
        project / "params", project / "data", project / "build", project / "notebooks", agencies=("ju",)
    )
    [order] = orders(Build.of(plan(settings)), ["docx"])
    parcel = pack_page(order)
    assert str(project) not in repr(parcel)
    assert make_any(parcel) == convert("docx", order.page)
    with pytest.raises(UsageError, match="版本与本机不同"):
        make_any(replace(parcel, version="0"))


def test_a_crash_elsewhere_is_told_like_one_here():
    from ogi_report.batch.make import told_of_crash

    assert told_of_crash(Crashed(Reason.TIMEOUT, "")) == "超过了 --timeout 的时限，已停止。"
    assert Documents().messages == []
