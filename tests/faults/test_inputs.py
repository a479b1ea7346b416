"""Input files that vanish, change or turn into something else, before a run and while it is going on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="pipes, devices and /proc"),
]

TABLE = "remedies.csv"

STRIKES: dict[str, tuple[str, str]] = {
    # agency → (what happens to its table in the middle of the run, what is said of it)
    "gone": ("{table}.unlink()", "找不到 data/2024/gone/remedies.csv"),
    "folder": ("{table}.unlink(); {table}.mkdir()", "remedies.csv（是文件夹，不是文件）"),
    "pipe": ("{table}.unlink(); os.mkfifo({table})", "remedies.csv（不是普通文件）"),
    "device": ("{table}.unlink(); {table}.symlink_to('/dev/zero')", "指向数据文件夹之外的链接"),
    "dangling": ("{table}.unlink(); {table}.symlink_to('nowhere.csv')", "找不到 data/2024/dangling/remedies.csv"),
    "outside": ("{table}.unlink(); {table}.symlink_to('/etc/passwd')", "指向数据文件夹之外的链接"),
    "emptied": ("os.truncate({table}, 0)", "remedies.csv 是空的"),
    "cut": ("os.truncate({table}, 40)", "data/2024/cut/remedies.csv"),
    "nofolder": ("shutil.rmtree({table}.parent)", "找不到数据文件夹 data/2024/nofolder"),
    "text": ("({table}.parent / 'narrative.md').unlink(); ({table}.parent / 'narrative.md').symlink_to('x')", "narrative.md"),
    "noparams": ("Path('../params/2024/noparams.yaml').unlink()", "找不到 params/2024/noparams.yaml"),
    "pipeparams": ("p = Path('../params/2024/pipeparams.yaml'); p.unlink(); os.mkfifo(p)", "pipeparams.yaml（不是普通文件）"),
}  # fmt: skip


@pytest.fixture
def struck(tmp_path: Path, make_district: Callable[..., Any]) -> Any:
    return make_district(
        tmp_path / "district",
        {"huai": "示例一局"} | {agency: f"示例{agency}局" for agency in STRIKES} | {"yi": "示例三局"},
    )


def test_each_file_that_goes_wrong_in_the_middle_costs_its_own_report(struck: Any) -> None:
    good = struck.run()
    assert good.status == 0
    before = struck.contents()
    saved = struck.folder.with_name("saved")
    shutil.copytree(struck.folder, saved)
    strikes = [
        f"{how.format(table=f'Path({str(struck.data(agency) / TABLE)!r})')}" for agency, (how, _) in STRIKES.items()
    ]
    struck.trigger("\n".join(strikes))
    done = struck.run("--force", "--timeout", "60")
    assert done.status == 1
    assert struck.statuses() == {"huai": "ok", "yi": "ok"} | dict.fromkeys(STRIKES, "failed")
    for agency, (_, said) in STRIKES.items():
        assert said in "".join(struck.manifest()[agency]["messages"]), (agency, struck.manifest()[agency]["messages"])
        assert str(struck.folder) not in "".join(struck.manifest()[agency]["messages"])
    assert struck.tells_the_truth()
    assert {name: data for name, data in before.items() if "/yi_" in name or "/huai_" in name} == (
        struck.pages("yi") | struck.pages("huai")
    )
    # The same files, found so before a run begins.
    struck.disarm()
    assert struck.run("--timeout", "60").status == 1
    assert struck.tells_the_truth()
    for folder in ("data", "params"):
        shutil.rmtree(struck.folder / folder)
        shutil.copytree(saved / folder, struck.folder / folder)
    assert struck.run().status == 0
    assert struck.contents() == before
    assert struck.nothing_left()


def test_a_roster_that_vanishes_in_the_middle_leaves_a_summary_that_says_so(
    district: Any, heals: Callable[[], None]
) -> None:
    roster = district.folder / "params/agencies.csv"
    text = roster.read_text(encoding="utf-8")
    district.trigger("Path('../params/agencies.csv').unlink()")
    done = district.run()
    assert done.status == 1
    assert "找不到 params/agencies.csv" in done.stdout
    assert district.statuses()["jia"] == "failed"
    assert district.tells_the_truth()
    roster.write_text(text, encoding="utf-8")
    heals()


def recorded_inputs(district: Any, agency: str) -> dict[str, str]:
    found: dict[str, str] = district.manifest()[agency]["inputs"]
    return found


def test_a_file_changed_while_its_report_is_made_has_the_report_made_once_more(
    district: Any, figures_of: Callable[..., Any], write_data: Callable[..., Path], heals: Callable[[], None]
) -> None:
    """The page, the hash on it and the journal all speak of the same content."""
    table = district.data("huai") / "disclosure.csv"
    old = table.read_text(encoding="utf-8")
    write_data(district.folder / "new", figures_of({"disclosure.licence.decisions": 41}))
    district.trigger("shutil.copyfile('../new/disclosure.csv', '../data/2024/huai/disclosure.csv')\ntrigger.unlink()")
    assert district.run().status == 0
    figures = district.contents()["2024/huai_2024.figures.csv"].decode("utf-8-sig")
    assert (
        next(line for line in figures.splitlines() if "disclosure.licence.decisions" in line).rstrip().endswith(",41")
    )
    digest = hashlib.sha256(table.read_bytes()).hexdigest()
    assert digest.startswith(recorded_inputs(district, "huai")["data/2024/huai/disclosure.csv"])
    assert digest[:16] in district.contents()["2024/huai_2024.review.html"].decode()
    assert "没有变动，没有重做" in district.run().stdout
    table.write_text(old, encoding="utf-8")
    heals()


def test_a_file_changed_and_changed_back_is_noticed_too(district: Any, heals: Callable[[], None]) -> None:
    """What was read in between was neither here nor there."""
    district.trigger(
        "table = Path('../data/2024/huai/disclosure.csv'); text = table.read_text()\n"
        "table.write_text('x'); table.write_text(text); trigger.rename('../seen.py')"
    )
    assert district.run().status == 0
    assert (district.folder / "seen.py").exists()
    heals()


def test_a_file_that_never_rests_is_not_published(district: Any, heals: Callable[[], None]) -> None:
    text = district.data("huai") / "narrative.md"
    good = text.read_text(encoding="utf-8")
    district.trigger("with open('../data/2024/huai/narrative.md', 'a') as text: text.write('\\n再加一句。\\n')")
    done = district.run()
    assert done.status == 1
    assert "输入文件一再被改动，没有采用" in done.stdout
    assert district.statuses() == {"huai": "failed", "jia": "ok", "yi": "ok"}
    assert district.tells_the_truth()
    assert not district.pages("huai")
    text.write_text(good, encoding="utf-8")
    heals()


def test_a_change_that_hides_behind_size_and_time_is_seen(district: Any, heals: Callable[[], None]) -> None:
    """The clock set back, or a copying tool that keeps times: size and time are as before, the content is not."""
    assert district.run().status == 0
    table = district.data("jia") / "disclosure.csv"
    before, good = table.stat(), table.read_text(encoding="utf-8")
    table.write_text(good.replace(",1,", ",7,"), encoding="utf-8")
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert table.stat().st_size == before.st_size
    done = district.run("--explain")
    assert "2024 jia　要做：数据文件有变动" in done.stdout
    table.write_text(good, encoding="utf-8")
    heals()


@pytest.mark.parametrize("year", [1970, 2106], ids=["long ago", "far ahead"])
def test_times_of_files_and_the_clock_change_no_byte(year: int, district: Any, clean: dict[str, bytes]) -> None:
    moment = (year - 1970) * 365 * 24 * 3600 + 1
    for path in (district.folder / "data").rglob("*"):
        os.utime(path, (moment, moment))
    assert district.run(env={"SOURCE_DATE_EPOCH": str(moment), "TZ": "Pacific/Kiritimati"}).status == 0
    # The overview and the manifest say as of which time they are, which is what SOURCE_DATE_EPOCH sets.
    found = district.contents()
    assert {name for name in clean if found.get(name) != clean[name]} <= {"index.html", "manifest.json"}


def test_times_of_files_alone_change_no_byte_at_all(district: Any, clean: dict[str, bytes]) -> None:
    for path in (district.folder / "data").rglob("*"):
        os.utime(path, (86_400, 86_400))
    assert district.run().status == 0
    assert district.contents() == clean


def test_names_from_old_windows_archives_stop_nothing(district: Any, clean: dict[str, bytes]) -> None:
    """A zip from Windows leaves names in GB18030, which are no UTF-8; one of them has markup in it."""
    name = os.fsdecode("说明<b>&.txt".encode("gb18030"))
    (district.data("jia") / name).write_text("另附")
    done = district.run()
    assert done.status == 0, done
    assert "data/2024/jia/说明<b>&.txt" in recorded_inputs(district, "jia")
    assert "说明&lt;b&gt;&amp;.txt" in district.contents()["2024/jia_2024.review.html"].decode()
    (district.folder / "params/2024" / os.fsdecode("某局.yaml".encode("gb18030"))).write_text("agency: x\nyear: 2024\n")
    done = district.run()
    assert done.status == 1
    assert district.pages("yi") == {name: data for name, data in clean.items() if "/yi_" in name}
    (district.build / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt" or shutil.which("setpriv") is None, reason="needs setpriv where root may read all")
def test_a_file_without_the_right_to_read_it_costs_its_report(district: Any, heals: Callable[[], None]) -> None:
    table = district.data("jia") / TABLE
    table.chmod(0)
    # Root reads whatever it likes, unless it gives up the capability to.
    rights = "-dac_override,-dac_read_search"
    wrap = ("setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}") if os.geteuid() == 0 else ()
    done = district.run(wrap=wrap)
    table.chmod(0o644)
    assert done.status == 1
    assert "无法读取 data/2024/jia/remedies.csv（没有权限）" in done.stdout
    assert district.statuses() == {"huai": "ok", "jia": "failed", "yi": "ok"}
    heals()


def test_a_socket_in_place_of_a_file_is_refused(district: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = district.data("jia") / TABLE
    table.unlink()
    monkeypatch.chdir(table.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(TABLE)
        done = district.run("--agency", "jia")
    assert done.status == 1
    assert "不是普通文件" in done.stdout


def test_a_journal_and_a_manifest_of_garbage_are_written_anew(district: Any, heals: Callable[[], None]) -> None:
    assert district.run().status == 0
    for name, content in ((".cache.jsonl", b"\xff\x00{]\n" * 9), ("manifest.json", b'{"reports": [{"agency": 1}]}')):
        (district.build / name).write_bytes(content)
    heals()
    journal = district.build / ".cache.jsonl"
    lines = journal.read_text(encoding="utf-8").splitlines()
    journal.write_text("\n".join([*lines, json.dumps({"report": "2024/jia_2024", "key": [], "files": {}})]))
    heals()
