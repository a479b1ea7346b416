"""Trouble where the build is written: a full disk, folders that vanish or stand in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="mounts and /proc"),
]


def mount(folder: Path, size: str, *options: str) -> bool:
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", ",".join([f"size={size}", *options]), "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(district: Any) -> Iterator[Callable[[str], None]]:
    """`small_disk("200k")`: the build is on a disk of its own, of this size, from now on."""
    mounted = False

    def resize(size: str) -> None:
        nonlocal mounted
        if not mounted and not mount(district.build, size):
            pytest.skip("only root may mount a small disk; test_a_full_disk_costs_what_cannot_be_written does without")
        if mounted:
            assert mount(district.build, size, "remount")
        mounted = True

    yield resize
    if mounted:
        subprocess.run(["umount", "-l", str(district.build)], check=True)


def test_a_disk_too_small_for_the_reports(
    district: Any, small_disk: Callable[[str], None], clean: dict[str, bytes], heals: Callable[[], None]
) -> None:
    sizes = [sum(len(data) // 4096 * 4096 + 4096 for name, data in clean.items() if a in name) for a in ("huai", "jia")]
    small_disk(f"{(sizes[0] + sizes[1] // 2) // 1024}k")
    done = district.run()
    assert done.status == 1
    assert "磁盘已满" in done.stdout + done.stderr
    for name, data in district.contents().items():
        if name.startswith("2024/"):
            assert data == clean[name], name
    if (district.build / "index.html").exists():
        assert district.tells_the_truth()
    small_disk("100m")
    heals()


def test_a_disk_too_small_for_the_summary_leaves_none_rather_than_the_old_one(
    district: Any, small_disk: Callable[[str], None], clean: dict[str, bytes], heals: Callable[[], None]
) -> None:
    small_disk("100m")
    assert district.run().status == 0
    # All is full as soon as the last report is there.
    full = (
        "from ogi_report.batch import summary\nreal = summary.junit_xml\n"
        "def junit(reports):\n"
        "    with open('build/filler', 'wb') as filler:\n"
        "        try:\n            while True: filler.write(bytes(1 << 20)); filler.flush()\n"
        "        except OSError: pass\n"
        "    return real(reports)\n"
        "summary.junit_xml = junit"
    )
    done = district.run("--force", before=full.replace("filler.flush()", "filler.flush()"))
    assert done.status == 1
    assert "总览和问题清单没有写成（磁盘已满），旧的已经删去" in done.stderr
    assert not {"index.html", "findings.csv", "figures.parquet"} & set(district.contents())
    assert "份完成" in done.stdout
    (district.build / "filler").unlink()
    heals()


def test_a_build_removed_under_the_run_is_not_said_to_be_there(district: Any, heals: Callable[[], None]) -> None:
    assert district.run().status == 0
    district.disarm()
    district.trigger("shutil.rmtree('../build')")
    done = district.run("--agency", "huai", "--force")
    assert done.status == 0, done
    assert district.statuses() == {"huai": "ok"}
    assert district.tells_the_truth()
    # The notebook of a later report takes away what an earlier one has made.
    params = district.folder / "params/2024/yi.yaml"
    good = params.read_text(encoding="utf-8")
    params.write_text(good + "notebook: huai.ipynb\n", encoding="utf-8")
    district.trigger("if agency == 'yi': shutil.rmtree('../build')")
    done = district.run("--force")
    assert done.status == 1
    assert district.statuses() == {"huai": "failed", "jia": "failed", "yi": "ok"}
    assert "没有写完，或者后来被删除、改动" in done.stdout
    assert district.tells_the_truth()
    params.write_text(good, encoding="utf-8")
    heals()


def test_a_folder_where_a_page_should_be_costs_that_report(district: Any, heals: Callable[[], None]) -> None:
    (district.build / "2024/jia_2024.html").mkdir(parents=True)
    done = district.run()
    assert done.status == 1
    assert "是文件夹，不是文件" in done.stdout
    assert district.statuses() == {"huai": "ok", "jia": "failed", "yi": "ok"}
    shutil.rmtree(district.build / "2024/jia_2024.html")
    heals()


def test_a_file_where_the_build_should_be_is_wrong_usage(district: Any) -> None:
    district.build.write_text("")
    done = district.run()
    assert done.status == 2
    assert done.stderr.strip() == "输出文件夹 build 不能写入（同名的文件已经存在）；请用 --out 写明另一个。"
    district.build.unlink()


def test_pages_edited_by_somebody_are_not_passed_for_ours(district: Any, heals: Callable[[], None]) -> None:
    assert district.run().status == 0
    page = district.build / "2024/jia_2024.html"
    page.write_bytes(page.read_bytes() + b"<!-- -->")
    (district.folder / "params/2024/yi.yaml").write_text("agency: yi\nyear: 2024\ndoc_no: 甲\n", encoding="utf-8")
    assert district.run("--agency", "yi").status == 0
    assert district.statuses()["jia"] == "failed"
    # The same bytes with another date are the same file: copied, unpacked, restored.
    (district.folder / "params/2024/yi.yaml").write_text("agency: yi\nyear: 2024\n", encoding="utf-8")
    heals()
    for file in (district.build / "2024").iterdir():
        os.utime(file, (0, 0))
    (district.folder / "params/2024/yi.yaml").write_text("agency: yi\nyear: 2024\ndoc_no: 乙\n", encoding="utf-8")
    assert district.run("--agency", "yi").status == 0
    assert set(district.statuses().values()) == {"ok"}
    (district.folder / "params/2024/yi.yaml").write_text("agency: yi\nyear: 2024\n", encoding="utf-8")
    heals()
