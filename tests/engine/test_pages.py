"""What tasks are going to change is copied for them while they wait; nothing else about them is different."""

from __future__ import annotations

import ctypes
import mmap
import os
from array import array

import pytest
from tests.engine.test_isolation import run

from ogi_report.engine import pages
from ogi_report.engine.pages import Foresight, copy, own_pages


def can_copy_ahead():
    """Linux 5.14 can; what has been written into can be asked for again."""
    if pages._MADVISE is None:
        return False
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    memory[0] = 1
    place = ctypes.c_char.from_buffer(memory)
    asked = pages._MADVISE(ctypes.addressof(place), mmap.PAGESIZE, pages._POPULATE_WRITE)
    del place
    return asked == 0 and pages._PAGEMAP.exists()


linux = pytest.mark.skipif(
    not can_copy_ahead(), reason="this system cannot copy pages ahead, or does not tell which there are"
)
idle = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2, reason="no core is idle beside one task"
)
WRITES = [f"writes:{number}" for number in range(8)]


@linux
def test_a_task_knows_which_pages_have_become_its_own():
    assert run("own:3,4,5,9,700")["own:3,4,5,9,700"]["result"] == [3, 4, 5, 9, 700]


@linux
@idle
def test_later_tasks_have_their_pages_before_they_begin():
    outcomes = run("--jobs", 1, *WRITES)
    found, faults = zip(*(outcomes[task]["result"] for task in WRITES), strict=True)
    assert all(found), "each has its parent's bytes, not those that the task before wrote"
    assert min(faults[:2]) >= 4000, "of the first two nobody knows yet"
    assert max(faults[-4:]) < 400


@linux
def test_where_all_cores_are_busy_nothing_is_copied_ahead():
    outcomes = run("--jobs", os.cpu_count(), *WRITES)
    assert all(outcomes[task]["result"][0] for task in WRITES)
    assert min(outcomes[task]["result"][1] for task in WRITES) >= 4000


@linux
@idle
def test_a_task_that_tells_still_says_what_happened():
    outcomes = run("--jobs", 1, "echo:a", "raises:oh", "segfault", "echo:b", "cannot_be_sent", "large:3000000")
    assert [outcome.get("reason", outcome.get("result")) for outcome in outcomes.values()] == [
        "a", "exception", "signal", "b", "exception", 3_000_000
    ]  # fmt: skip


@pytest.fixture
def cores(monkeypatch):
    monkeypatch.setattr(pages, "_cores", lambda: 4)
    monkeypatch.setattr(pages, "_MADVISE", lambda *_: 0)


def test_the_first_task_may_be_the_only_one_and_is_asked_nothing(cores):
    foresight = Foresight(jobs=1)
    assert foresight.of_next() == array("Q")
    assert foresight.of_next() is None


def test_what_one_task_tells_is_for_those_to_come_until_another_tells_anew(cores):
    foresight = Foresight(jobs=3)
    foresight.of_next()
    foresight.learn(array("Q", [0x1000, 4096]))
    asked = [foresight.of_next() for _ in range(2, 2 * Foresight.EVERY + 2)]
    assert [number for number, copied in enumerate(asked, start=2) if copied is None] == [100, 200]
    assert all(copied in (None, array("Q", [0x1000, 4096])) for copied in asked)
    foresight.learn(array("Q", [0x9000, 4096]))
    assert foresight.of_next() == array("Q", [0x9000, 4096])


def test_a_process_that_waits_holds_no_more_than_it_may(cores):
    foresight = Foresight(jobs=1)
    foresight.of_next()
    foresight.learn(array("Q", [0x1000, Foresight.AT_MOST - 4096, 0x9000000, 8192]))
    assert foresight.of_next() == array("Q")


@pytest.mark.parametrize("jobs", [4, 5])
def test_without_an_idle_core_nothing_is_asked_for(cores, jobs):
    foresight = Foresight(jobs)
    assert {bytes(foresight.of_next()) for _ in range(300)} == {b""}


def test_where_the_system_does_not_tell_nothing_is_known(monkeypatch, tmp_path):
    monkeypatch.setattr(pages, "_PAGEMAP", tmp_path / "missing")
    assert own_pages() == array("Q")
    monkeypatch.setattr(pages, "_MADVISE", None)
    copy(array("Q", [0, 4096]))
    assert {bytes(Foresight(1).of_next()) for _ in range(3)} == {b""}


@linux
def test_pages_that_are_not_there_are_passed_over():
    copy(array("Q", [0x1000, 4096, 2**47, 2**30]))
