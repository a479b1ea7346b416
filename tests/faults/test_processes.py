"""Processes that are killed or told to end, at moments of our choosing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]

HALF_WAY = """
from ogi_report.batch import make
def write(path, content, real=make.write_atomically, written=[], os=os, signal=signal, **how):
    real(path, content, **how)
    written.append(path)
    if len(written) == 2:
        {harm}
make.write_atomically = write
"""
"""In the process of the report itself, which is about to write its five files; the notebook's names are gone by then."""

FIND_GUARDIAN = """
children = (Path(f"/proc/{os.getppid()}/task/{os.getppid()}/children")).read_text().split()
guardian = min(int(child) for child in children if int(child) != os.getpid())
os.kill(guardian, signal.SIGKILL)
"""


def test_a_report_killed_half_way_through_its_files_leaves_none(district: Any, heals: Callable[[], None]) -> None:
    district.trigger(HALF_WAY.format(harm="os.kill(os.getpid(), signal.SIGKILL)"))
    done = district.run()
    assert done.status == 1
    assert "意外终止（信号 9）" in done.stdout
    assert not district.pages("huai")
    assert district.tells_the_truth()
    heals()


def test_a_run_killed_half_way_through_a_report_never_passes_the_mixture_for_the_old_report(
    district: Any, figures_of: Callable[..., Any], write_data: Callable[..., Any], heals: Callable[[], None]
) -> None:
    assert district.run().status == 0
    old = district.pages("huai")
    table = district.data("huai") / "disclosure.csv"
    good = table.read_bytes()
    write_data(district.folder / "new", figures_of({"disclosure.licence.decisions": 41}))
    table.write_bytes((district.folder / "new/disclosure.csv").read_bytes())
    district.trigger(
        HALF_WAY.format(harm="os.kill(os.getppid(), signal.SIGKILL); os.kill(os.getpid(), signal.SIGKILL)")
    )
    assert district.run().status == -signal.SIGKILL
    assert district.nothing_left()
    assert sum(old[name] != data for name, data in district.pages("huai").items()) == 2
    # A run over others writes the summary anew, and knows of this one only what the manifest says.
    (district.folder / "params/2024/jia.yaml").write_text("agency: jia\nyear: 2024\ndoc_no: 甲\n", encoding="utf-8")
    assert district.run("--agency", "jia").status == 0
    assert district.statuses() == {"huai": "failed", "jia": "ok", "yi": "ok"}
    assert "没有写完，或者后来被删除、改动" in district.contents()["index.html"].decode()
    (district.folder / "params/2024/jia.yaml").write_text("agency: jia\nyear: 2024\n", encoding="utf-8")
    table.write_bytes(good)
    heals()


def test_files_left_by_a_killed_run_are_swept_away(district: Any, heals: Callable[[], None]) -> None:
    district.trigger(
        "def replace(self, target, os=os, signal=signal):\n"
        "    os.kill(os.getppid(), signal.SIGKILL); os.kill(os.getpid(), signal.SIGKILL)\n"
        "Path.replace = replace"
    )
    assert district.run().status == -signal.SIGKILL
    assert district.nothing_left()
    assert list((district.build / "2024").glob(".*")), "the fault did not strike where it should"
    heals()


def test_the_guardian_killed_costs_nothing(district: Any, clean: dict[str, bytes]) -> None:
    district.trigger(FIND_GUARDIAN + "trigger.unlink()")
    assert district.run().status == 0
    assert district.contents() == clean


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_run_told_to_end_ends_in_order(name: str, district: Any, heals: Callable[[], None]) -> None:
    district.trigger(f"os.kill(os.getppid(), signal.{name}); import time; time.sleep(60)")
    done = district.run()
    assert done.status == 130
    assert "已中断：完成 0 份，其余 3 份未做" in done.stdout
    assert district.nothing_left()
    assert district.tells_the_truth()
    heals()


def test_told_a_second_time_it_ends_at_once_without_an_index(district: Any, heals: Callable[[], None]) -> None:
    """An index of the time before, beside reports of now, would be wrong."""
    assert district.run().status == 0
    district.trigger("os.kill(os.getppid(), signal.SIGINT); import time; time.sleep(60)")
    second = (
        "from ogi_report.batch import summary\ndef junit(reports): raise KeyboardInterrupt\nsummary.junit_xml = junit"
    )
    done = district.run("--force", before=second)
    assert done.status == 130
    assert done.stderr.rstrip().endswith("已中断。")
    assert not (district.build / "index.html").exists()
    assert not (district.build / "findings.csv").exists()
    heals()


def test_a_reader_of_our_output_who_goes_away_stops_nothing(district: Any, clean: dict[str, bytes]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = district.start("--explain", stdout=writer, stderr=writer)
    assert process.wait(60) in (0, 120)
    process = district.start(stdout=writer, stderr=writer)
    os.close(writer)
    assert process.wait(120) == 0
    assert district.contents() == clean


def test_memory_too_short_for_the_run_itself_is_an_error_not_a_wrong_build(
    district: Any, heals: Callable[[], None]
) -> None:
    process = district.start(wrap=("sh", "-c", 'ulimit -v 300000; exec "$0" "$@"'), stderr=subprocess.DEVNULL)
    process.communicate(timeout=120)
    assert process.returncode != 0
    if (district.build / "manifest.json").exists():
        assert district.tells_the_truth()
    heals()
