"""Each task in a process of its own: what one breaks, it breaks for itself, and nothing is left of it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ogi_report.engine import Crashed, Done, Reason
from ogi_report.engine.outcomes import Frames, ended, frame

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes of a POSIX system")

TASKS = Path(__file__).with_name("tasks.py")
MEGABYTE = 2**20

HOW = pytest.mark.parametrize("how", [(), ("--threads",)], ids=["forked", "spawned"])


def start(*arguments, pids=None):
    environment = {**os.environ, **({"TASKS_PIDS": str(pids)} if pids else {})}
    return subprocess.Popen(
        [sys.executable, str(TASKS), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )  # fmt: skip


def run(*arguments, pids=None):
    process = start(*arguments, pids=pids)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[-1] == {"children": []}
    return {line["task"]: line for line in lines if "task" in line}


def still_there(pids):
    def alive(pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    return [pid for pid in pids.read_text().split() if alive(pid)]


def gone(pids, seconds=10.0):
    deadline = time.monotonic() + seconds
    while (left := still_there(pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left == []


ENDS = {
    "exit:3": ("exit", 3),
    "exit:0": ("exit", 0),
    "segfault": ("signal", signal.SIGSEGV),
    "abort": ("signal", signal.SIGABRT),
    "kill": ("signal", signal.SIGKILL),
    "hang": ("timeout", None),
    "computes": ("timeout", None),
    "bomb": ("memory", None),
    "bomb_in_a_child": ("memory", None),
    "huge": ("memory", None),
    "raises:oh": ("exception", None),
    "leaves": ("exception", None),
    "cannot_be_sent": ("exception", None),
    "full_disk": ("exception", None),
    "no_such_task": ("exception", None),
}


@HOW
def test_what_breaks_a_task_costs_that_task_only_and_is_told_apart(how, tmp_path):
    if sys.platform != "linux":
        pytest.skip("memory is watched on Linux")
    others = [f"echo:{n}" for n in range(8)]
    mixed = [*ENDS, *others]
    random.Random(5).shuffle(mixed)
    pids = tmp_path / "pids"
    outcomes = run(*how, "--jobs", 3, "--timeout", 4, "--max-memory", 250 * MEGABYTE, *mixed, pids=pids)
    assert sorted(outcomes) == sorted(mixed)
    assert {task: (o["reason"], o["code"]) for task, o in outcomes.items() if "reason" in o} == ENDS
    assert {task: outcomes[task]["result"] for task in others} == {task: task.removeprefix("echo:") for task in others}
    assert all(outcomes[task]["notes"] == [f"begun {task}"] for task in ENDS)
    assert gone(pids)


def test_an_outcome_says_what_happened():
    outcomes = run("--timeout", 1, "raises:表三", "leaves", "full_disk", "segfault", "exit:7", "hang")
    messages = {task: outcome["message"] for task, outcome in outcomes.items()}
    assert messages["raises:表三"] == "ValueError: 表三"
    assert "task_raises" in outcomes["raises:表三"]["traceback"]
    assert messages["leaves"] == "SystemExit: 3"
    assert messages["full_disk"] == "OSError: [Errno 28] No space left on device"
    assert messages["segfault"] == "the process was ended by SIGSEGV"
    assert messages["exit:7"] == "the process ended itself with status 7"
    assert messages["hang"] == "not done after 1 seconds"


@HOW
def test_no_state_of_one_task_reaches_the_next(how):
    alone = run(*how, "--jobs", 1, "state:1")["state:1"]["result"]
    after = run(*how, "--jobs", 1, *[f"state:{n}" for n in range(1, 6)])
    luck = {6, 7}  # each process draws its own random numbers, until a task sets the seed
    kept = [[value for n, value in enumerate(outcome["result"]) if n not in luck] for outcome in after.values()]
    assert kept == [[value for n, value in enumerate(alone) if n not in luck]] * 5


@HOW
def test_what_a_task_started_ends_with_it(how, tmp_path):
    pids = tmp_path / "pids"
    outcomes = run(*how, "--timeout", 10, "starts", "forks", "echo:x", pids=pids)
    assert {outcome["result"] for outcome in outcomes.values()} == {"left", "x"}
    assert len(pids.read_text().split()) >= 6
    assert gone(pids, 2)
    pids.unlink()
    assert run(*how, "--timeout", 1, "starts_and_hangs", pids=pids)["starts_and_hangs"]["reason"] == "timeout"
    assert gone(pids, 2)


@HOW
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "kill"])
def test_nothing_outlives_a_killed_parent(how, number, tmp_path):
    pids = tmp_path / "pids"
    parent = start(*how, "--jobs", 2, "starts_and_hangs:a", "starts_and_hangs:b", pids=pids)
    deadline = time.monotonic() + 30
    while not (pids.exists() and len(pids.read_text().split()) >= 5):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.send_signal(number)
    parent.communicate()
    assert gone(pids)


@HOW
def test_ctrl_c_ends_all_tasks_and_reaches_the_caller(how, tmp_path):
    pids = tmp_path / "pids"
    parent = start(*how, "--jobs", 2, "starts_and_hangs:a", "starts_and_hangs:b", pids=pids)
    deadline = time.monotonic() + 30
    while not (pids.exists() and len(pids.read_text().split()) >= 5):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    parent.send_signal(signal.SIGINT)
    out, _ = parent.communicate(timeout=30)
    assert [json.loads(line) for line in out.splitlines()] == [{"interrupted": True}, {"children": []}]
    assert gone(pids)


@HOW
def test_a_caller_may_leave_early(how, tmp_path):
    pids = tmp_path / "pids"
    outcomes = run(*how, "--jobs", 2, "--leave-after", 1, "echo:first", "hang", "hang", pids=pids)
    assert [outcome.get("result") for outcome in outcomes.values()] == ["first"]
    assert gone(pids, 2)


def test_outcomes_come_as_they_are_ready_and_jobs_run_at_the_same_time():
    start = time.monotonic()
    outcomes = run("--jobs", 3, "sleep:2.5", "echo:1", "sleep:2.4", "sleep:2.3")
    assert next(iter(outcomes)) == "echo:1"
    assert time.monotonic() - start < 6


@HOW
def test_a_large_result_arrives_whole(how):
    size = 30 * MEGABYTE + 1
    assert run(*how, f"large:{size}", "large:0")[f"large:{size}"]["result"] == size


def test_what_a_task_prints_is_printed_once():
    process = start("print:hello", "print:again", "--jobs", 1)
    out, _ = process.communicate(timeout=60)
    said = re.sub(r"\{.*?\}", "", out).split()
    assert sorted(said) == ["again", "hello"]


def test_frames_survive_any_cutting():
    stream = frame(b"N", "a") + frame(b"N", {"b": "表" * 1000}) + frame(b"R", [1, 2])
    for size in (1, 2, 7, 100, len(stream)):
        frames = Frames()
        found = [o for n in range(0, len(stream), size) for o in frames.add(stream[n : n + size])]
        assert found == [Done([1, 2])]
        assert frames.notes == ["a", {"b": "表" * 1000}]


@pytest.mark.parametrize(
    ("status", "reason"), [(0, Reason.EXIT), (1, Reason.EXIT), (-9, Reason.SIGNAL), (-64, Reason.SIGNAL)]
)
def test_every_way_to_end_without_a_result_has_a_reason(status, reason):
    outcome = ended(status)
    assert isinstance(outcome, Crashed)
    assert outcome.reason is reason
    assert outcome.code == abs(status)


def test_notes_go_nowhere_outside_of_a_task():
    from ogi_report.engine import note

    assert note("x") is False


def test_a_process_that_is_ended_while_it_waits_for_its_turn_costs_its_task_only(tmp_path):
    """The next task's process is made while one runs; here the first task finds and kills it."""
    script = (
        "import os, signal, sys, time\nfrom pathlib import Path\nfrom ogi_report.engine import isolated\n"
        "def siblings():\n"
        "    children = Path(f'/proc/{os.getppid()}/task/{os.getppid()}/children').read_text().split()\n"
        "    return {int(pid) for pid in children} - {os.getpid()}\n"
        "def task(number):\n"
        "    if number == 0:\n"
        "        before = set(Path('before').read_text().split())\n"
        "        while not (spare := {pid for pid in siblings() if str(pid) not in before}):\n"
        "            time.sleep(0.01)\n"
        "        [os.kill(pid, signal.SIGKILL) for pid in spare]\n"
        "    return number\n"
        "def guardians():\n"
        "    return Path(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read_text()\n"
        "def tasks():\n"
        "    Path('before').write_text(guardians())\n"
        "    yield from range(3)\n"
        "for number, outcome in isolated(task, tasks()):\n"
        "    print(number, type(outcome).__name__, getattr(outcome, 'code', None))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert run.stdout.splitlines() == ["0 Done None", f"1 Crashed {int(signal.SIGKILL)}", "2 Done None"], run.stderr
