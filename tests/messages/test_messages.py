"""`ogi-report messages`: each agency is told what it has to do, and nothing of anybody else."""

from __future__ import annotations

import email
import email.policy
import shutil
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import simplejson

from ogi_report.batch.result import Fault, Result, Status
from ogi_report.cli import main
from ogi_report.errors import UsageError
from ogi_report.messages.letter import Attachment, Item, Letter, Section, address, as_draft, as_html, as_text
from ogi_report.messages.send import send
from ogi_report.messages.write import Message
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]
SUM = "remedies.review.total"

ROSTER = """agency,name,short_names,level,parent,website,contact,email
wrong,甲区教育局,,department,,,办公室,jy@a.example
broken,甲区民政局,,department,,,,mz@a.example
fine,甲区司法局,,department,,,,sf@a.example
absent,甲区人民政府,,county,,,,"办公室"
book,甲区财政局,,department,,,,cz@a.example
settings,甲区水务局,,department,,,,sw@a.example
hostile,"甲区<img src=x>局
Bcc: everybody@a.example",,department,,,,hh@a.example
"""
TEXT = """## 一、总体情况

本年度主动公开、依申请公开、政府信息管理、平台建设和监督保障各项工作正常开展。{more}

## 五、存在的主要问题及改进情况

主要问题是解读形式单一；下一步将丰富解读形式。
"""
ATTACK = "新收政府信息公开申请 77 件 <script>alert(1)</script>。"
FEE = "fee: {notices: 0, amount_notified_yuan: 0, amount_collected_yuan: 0}\n"


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory,
    write_data: Callable[..., Path],
    figures_of: Callable[..., Any],
    program: Callable[..., Any],
) -> Path:
    """A project with its build: an agency with an error, one that cannot be read, one without fault, one that is missing …"""
    from ogi_report.report.filled_in import Report
    from ogi_report.report.workbooks import form_of_report
    from ogi_report.writers.workbook import write_workbook

    folder = tmp_path_factory.mktemp("office")
    project = Project(folder / "params", folder / "data")
    (project.params / "2024").mkdir(parents=True)
    (project.params / "agencies.csv").write_text(ROSTER, encoding="utf-8")
    for agency in ("wrong", "broken", "fine", "book", "settings", "hostile"):
        text = f"agency: {agency}\nyear: 2024\npublished_on: 2025-01-15\nindex_no: 000{len(agency)}/2025\n{FEE}"
        project.params_file(agency, 2024).write_text(text, encoding="utf-8")
        cells = {SUM: 2} if agency in ("wrong", "book") else {}
        write_data(project.data_folder(agency, 2024), figures_of(cells))
        (project.data_folder(agency, 2024) / "narrative.md").write_text(
            TEXT.format(more=ATTACK if agency == "hostile" else ""), encoding="utf-8"
        )
    book = project.data_folder("book", 2024)
    content = write_workbook(form_of_report(Report.open("book", 2024, project=project)))
    for path in book.glob("*"):
        path.unlink()
    (book / "form.xlsx").write_bytes(content)
    (project.data_folder("broken", 2024) / "remedies.csv").write_text("", encoding="utf-8")
    project.params_file("settings", 2024).write_text("agency: settings\nyear: 2024\nindx_no: 1\n", encoding="utf-8")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    assert program("run", "--jobs", "1", cwd=folder).returncode == 1
    return folder


@pytest.fixture
def office(finished: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the finished project, to be written into."""
    for name in ("params", "data", "build"):
        shutil.copytree(finished / name, tmp_path / name)
    return tmp_path


def write(folder: Path, *arguments: str) -> int:
    places = [word for name in ("params", "data") for word in (f"--{name}", str(folder / name))]
    return main(["messages", *places, "--out", str(folder / "build"), *arguments])


def text(folder: Path, name: str) -> str:
    return (folder / "build" / "messages" / f"{name}.txt").read_text(encoding="utf-8")


def draft(folder: Path, name: str) -> EmailMessage:
    content = (folder / "build" / "messages" / f"{name}.eml").read_bytes()
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_an_agency_is_told_what_to_mend_where_and_what_it_probably_should_be(office: Path) -> None:
    assert write(office, "--reply-by", "2025-01-24", "--sign", "区政务公开办") == 0
    said = text(office, "2024/wrong")
    assert said.startswith("主题：2024 年度政府信息公开工作年度报告：1 项必须改正")
    assert "请于 2025年1月24日前改好交回。" in said
    assert "应于 2025年1月31日前公布" in said
    assert "表四“行政复议 · 总计”：现填 2" in said
    assert "规则 T4-SUM" in said
    assert "请改好 remedies.csv，发回这个文件" in said
    assert said.endswith("区政务公开办\n")


def test_who_has_nothing_to_do_gets_no_letter(office: Path) -> None:
    write(office)
    assert not (office / "build/messages/2024/fine.txt").exists()
    write(office, "--notes")
    assert "没有必须改正的问题，只有几点提示" in text(office, "2024/fine")
    write(office)
    assert not (office / "build/messages/2024/fine.eml").exists(), "what is out of date is not left to be sent"


def test_who_is_missing_or_unreadable_is_told_so_by_the_calendar(office: Path) -> None:
    write(office)
    assert "还没有收到贵单位 2024 年度" in text(office, "2024/absent")
    assert "应于 2025年3月31日前公布" in text(office, "2024/absent"), "a government has until the end of March"
    assert "读不出来" in text(office, "2024/broken")
    assert "remedies.csv" in text(office, "2024/broken")


def test_a_missing_report_is_late_once_its_day_has_passed(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1743552000")  # 2 April 2025
    write(office)
    assert text(office, "2024/absent").startswith("主题：2024 年度政府信息公开工作年度报告：逾期未报送")
    assert "现已逾期" in text(office, "2024/absent")


def test_no_letter_names_another_agency(office: Path) -> None:
    write(office, "--notes")
    names = {
        "wrong": "教育局",
        "broken": "民政局",
        "fine": "司法局",
        "absent": "人民政府",
        "book": "财政局",
        "settings": "水务局",
    }
    listed = simplejson.loads((office / "build/messages/messages.json").read_text(encoding="utf-8"))["messages"]
    letters = [message for message in listed if message["kind"] == "agency"]
    assert {message["agency"] for message in letters} == {"wrong", "broken", "fine", "absent", "book", "hostile"}
    for message in letters:
        said = text(office, f"2024/{message['agency']}") + str(draft(office, f"2024/{message['agency']}"))
        others = [name for agency, name in names.items() if agency != message["agency"]]
        assert [name for name in others if name in said] == [], message["agency"]
        assert "XA-" not in said, "what agencies show together is the office's affair"


def test_the_office_sees_everybody_and_its_own_mistakes(office: Path) -> None:
    write(office)
    said = text(office, "overview")
    assert "应报 7 个单位，生成 4 份报告" in said
    assert "没有报送（1）\n\n1. 甲区人民政府" in said
    assert "参数文件或名录有误，请本办改正（1）\n\n1. 甲区水务局\n   params/2024/settings.yaml 第 3 行" in said
    assert not (office / "build/messages/2024/settings.txt").exists()
    assert "甲区教育局：强制性 1 项" in said


def test_a_workbook_goes_back_with_its_findings_marked(office: Path) -> None:
    write(office)
    assert "附件是贵单位的填报表" in text(office, "2024/book")
    (attached,) = draft(office, "2024/book").iter_attachments()
    assert attached.get_filename() == "form.xlsx"
    assert attached.get_content() == (office / "build/messages/2024/book.form.xlsx").read_bytes()
    assert [part.get_filename() for part in draft(office, "2024/wrong").iter_attachments()] == []


def test_what_the_program_failed_at_is_the_maintainers_affair(office: Path) -> None:
    manifest = office / "build" / "manifest.json"
    told = simplejson.loads(manifest.read_text(encoding="utf-8"))
    (entry,) = [r for r in told["reports"] if r["agency"] == "fine"]
    entry.update(status="failed", messages=["笔记本第 3 格出错：KeyError：x"], fault="program")
    manifest.write_text(simplejson.dumps(told), encoding="utf-8")
    write(office, "--maintainer", "it@a.example")
    said = text(office, "maintainer")
    assert "2024 fine（甲区司法局）\n   笔记本第 3 格出错：KeyError：x" in said
    assert draft(office, "maintainer")["To"] == "it@a.example"
    assert not (office / "build/messages/2024/fine.txt").exists()
    assert "程序未能生成，已另告维护人员（1）" in text(office, "overview")


def test_names_and_sentences_cannot_become_headers_or_markup(office: Path) -> None:
    write(office)
    mail = draft(office, "2024/hostile")
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    assert mail["Subject"].endswith("（甲区<img src=x>局 Bcc: everybody@a.example）")
    html = (office / "build/messages/2024/hostile.html").read_text(encoding="utf-8")
    assert "<img" not in html
    assert "<script" not in html
    assert "甲区&lt;img src=x&gt;局" in html
    assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == html


def test_the_same_build_gives_the_same_bytes(office: Path) -> None:
    def snapshot() -> dict[str, bytes]:
        files = (office / "build" / "messages").rglob("*")
        return {path.name: path.read_bytes() for path in files if path.is_file()}

    write(office)
    before = snapshot()
    shutil.rmtree(office / "build" / "messages")
    write(office)
    assert snapshot() == before
    assert str(office) not in b"".join(before.values()).decode("utf-8", "ignore")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--year", "2019"], "没有 2019 年度的结果"),
        (["--agency", "nobody"], "不在"),
        (["--reply-by", "1月20日"], "日期应写作 2025-01-20 的样子"),
        (["--office", "办公室"], "不像邮箱地址"),
        (["--send-with", "no-such-program-anywhere"], "不存在或不能运行"),
        (["--send-with", '"unclosed'], "引号要成对"),
    ],
)
def test_wrong_usage_is_told(office: Path, arguments: list[str], said: str, capsys) -> None:
    assert write(office, *arguments) == 2
    assert said in capsys.readouterr().err


def test_without_a_build_there_is_nothing_to_write(tmp_path: Path, capsys) -> None:
    (tmp_path / "params").mkdir()
    assert write(tmp_path) == 2
    assert "请先运行 ogi-report run" in capsys.readouterr().err


# -- sending ------------------------------------------------------------------------------------------------------------

HOOK = """import pathlib, sys
log = pathlib.Path(sys.argv[1])
path = pathlib.Path(sys.argv[-1])
if "broken" in path.name:
    sys.exit("mailbox full")
with log.open("a") as out:
    out.write(f"{len(sys.argv)} {path.name} {path.is_file()}\\n")
"""


@pytest.fixture
def hook(tmp_path: Path) -> tuple[str, Path]:
    """A program that sends, and its log; both with a blank and a quote in their names."""
    program, log = tmp_path / "the hook's.py", tmp_path / "sent log.txt"
    program.write_text(HOOK, encoding="utf-8")
    return f'"{sys.executable}" "{program}" "{log}"', log


def test_a_program_gets_one_path_at_a_time_and_failures_are_told(office: Path, hook, capsys) -> None:
    command, log = hook
    assert write(office, "--send-with", command, "--office", "zwgk@a.example") == 1
    said = capsys.readouterr().out
    assert sorted(log.read_text().splitlines()) == [
        f"3 {name}.eml True" for name in ("book", "hostile", "overview", "wrong")
    ]
    assert "2024/broken.eml：没有发送，程序退出码 1：mailbox full" in said
    assert "2024/absent.eml：没有发送，没有邮箱地址" in said
    assert "已发送 4 封" in said


def test_what_has_been_sent_is_not_sent_again_unless_it_says_something_new(office: Path, hook) -> None:
    command, log = hook
    write(office, "--send-with", command, "--agency", "wrong")
    write(office, "--send-with", command, "--agency", "wrong")
    assert log.read_text().splitlines() == ["3 wrong.eml True"]
    write(office, "--send-with", command, "--agency", "wrong", "--reply-by", "2025-01-24")
    write(office, "--send-with", command, "--agency", "wrong", "--reply-by", "2025-01-24", "--again")
    assert log.read_text().splitlines() == ["3 wrong.eml True"] * 3


def test_data_that_changed_since_the_build_are_told_and_nothing_is_sent(office: Path, hook, capsys) -> None:
    command, log = hook
    path = office / "data/2024/wrong/remedies.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2", "0"), encoding="utf-8")
    write(office, "--send-with", command, "--agency", "wrong")
    assert "数据在生成以后又改过" in capsys.readouterr().out
    assert not log.exists()


def test_a_program_never_goes_through_a_shell(tmp_path: Path) -> None:
    message = Message("agency", "2024/a", Letter("主题", "某局", (), to="a@b.example"), ("a", 2024))
    (tmp_path / "2024").mkdir()
    (tmp_path / message.draft).write_bytes(b"x")
    list(
        send(
            tmp_path,
            [message],
            f'"{sys.executable}" -c pass ; touch {tmp_path / "owned"} $(touch {tmp_path / "owned"})',
        )
    )
    assert not (tmp_path / "owned").exists()


def test_a_program_that_hangs_is_given_up(tmp_path: Path) -> None:
    message = Message("agency", "2024/a", Letter("主题", "某局", (), to="a@b.example"), ("a", 2024))
    (tmp_path / "2024").mkdir()
    (tmp_path / message.draft).write_bytes(b"x")
    command = f'"{sys.executable}" -c "import time; time.sleep(9)"'
    (sending,) = send(tmp_path, [message], command, seconds=0.2)
    assert (sending.failed, sending.why) == (True, "超过 0.2 秒没有完成")


# -- a letter -------------------------------------------------------------------------------------------------------------


def test_a_letter_says_the_same_as_text_as_page_and_as_draft() -> None:
    letter = Letter(
        "主题", "某局", (Section("一、标题", ("一段。",), (Item("一点", ("细目",)),)),), "落款", "a@b.example"
    )
    mail = email.message_from_bytes(as_draft(letter, [Attachment("表.xlsx", b"PK")]), policy=email.policy.default)
    said = [as_text(letter), as_html(letter), mail.get_body(("plain",)).get_content()]
    for words in ("某局：", "一、标题", "一段。", "一点", "细目", "落款"):
        assert all(words in form for form in said)
    assert (mail["To"], mail["Subject"], mail["X-Unsent"], mail["Date"]) == ("a@b.example", "主题", "1", None)
    assert next(mail.iter_attachments()).get_filename() == "表.xlsx"


@pytest.mark.parametrize(
    "text", ["办公室", "a@b", "a b@c.example", "a@b.example\nBcc: c@d.example", "<a@b.example>", "", None]
)
def test_what_is_no_address_is_not_written_to(text: str | None) -> None:
    assert address(text) == ""


def test_a_failure_knows_whose_affair_it_is() -> None:
    from ogi_report.errors import ConfigError, DataError, FormError

    assert [Fault.of(kind("x")) for kind in (DataError, ConfigError, UsageError, FormError)] == [
        Fault.FILES,
        Fault.SETTINGS,
        Fault.SETTINGS,
        Fault.PROGRAM,
    ]
    told = Result("a", 2024, "某局", Status.FAILED, fault=Fault.PROGRAM)
    assert Result.from_plain(simplejson.loads(simplejson.dumps(told.as_plain()))) == told
