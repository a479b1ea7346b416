"""Tasks that misbehave, run in processes of their own; a program, so that the test run itself neither forks nor dies.

python tests/engine/tasks.py [--threads] [--jobs N] [--timeout S] [--max-memory BYTES] [--pids FILE] TASK…

Prints one JSON object for each outcome, in the order in which they come.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ogi_report.engine import Done, Outcome, isolated, note
from ogi_report.engine.pages import own_pages

PIDS = "TASKS_PIDS"


def remember(*pids: int) -> None:
    """Writes down which processes there are, for the test to see whether they end."""
    if PIDS in os.environ:
        with Path(os.environ[PIDS]).open("a") as file:
            file.writelines(f"{pid}\n" for pid in pids)


def perform(task: str) -> Any:
    """Does what the task's name says."""
    note(f"begun {task}")
    remember(os.getpid())
    kind, _, rest = task.partition(":")
    return globals()[f"task_{kind}"](rest)


def task_echo(rest: str) -> str:
    return rest


def task_exit(rest: str) -> None:
    os._exit(int(rest))


def task_segfault(rest: str) -> None:
    ctypes.string_at(0)


def task_abort(rest: str) -> None:
    os.abort()


def task_kill(rest: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def task_hang(rest: str) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1)


def task_computes(rest: str) -> None:
    """In C, where nothing interrupts it."""
    import hashlib

    hashlib.pbkdf2_hmac("sha256", b"a", b"b", 2**31 - 1)


def task_bomb(rest: str) -> None:
    held = []
    while True:
        held.append(bytearray(2**22))
        time.sleep(0.002)


def task_bomb_in_a_child(rest: str) -> None:
    script = "import time\nheld = []\nwhile True:\n    held.append(bytearray(2**22)); time.sleep(0.002)"
    child = subprocess.Popen([sys.executable, "-c", script])
    remember(child.pid)
    child.wait()


def task_huge(rest: str) -> int:
    return len(bytearray(2**45))


def task_raises(rest: str) -> None:
    raise ValueError(rest)


def task_leaves(rest: str) -> None:
    sys.exit(3)


def task_cannot_be_sent(rest: str) -> Any:
    return lambda: None


def task_full_disk(rest: str) -> None:
    with Path("/dev/full").open("w") as file:
        file.write("x" * 10000)


def task_large(rest: str) -> bytes:
    return b"x" * int(rest)


def task_starts(rest: str) -> str:
    """Leaves a program running."""
    remember(subprocess.Popen(["sleep", "600"]).pid)
    return "left"


def task_forks(rest: str) -> str:
    """Leaves a copy of itself running, which holds the pipe open."""
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
    remember(pid)
    return "left"


def task_starts_and_hangs(rest: str) -> None:
    task_starts(rest)
    time.sleep(600)


def task_sleep(rest: str) -> str:
    time.sleep(float(rest))
    return "slept"


def task_print(rest: str) -> None:
    print(rest)


def task_state(rest: str) -> list[Any]:
    """Changes whatever one report must not change for the next, and says what it found."""
    import locale
    import random
    import warnings

    import numpy
    import pandas

    import ogi_report.engine.outcomes as module

    found = [
        Path.cwd().name,
        os.environ.get("LEFT"),
        "/left" in sys.path,
        pandas.get_option("display.max_rows"),
        len(warnings.filters),
        locale.setlocale(locale.LC_ALL),
        random.random(),
        numpy.random.random(),
        getattr(module, "left", None),
        signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL,
        os.umask(0o22),
    ]
    os.chdir("/")
    os.environ["LEFT"] = rest
    sys.path.append("/left")
    pandas.set_option("display.max_rows", 7)
    warnings.simplefilter("error")
    locale.setlocale(locale.LC_ALL, "C")
    random.seed(rest)
    numpy.random.seed(int(rest))
    module.left = rest  # type: ignore[attr-defined]
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    os.umask(0o77)
    return found


SHARED = bytearray(b"\1") * 2**24
"""What the tasks have from their parent: 4,096 pages, all there before the first process is forked."""


def task_writes(rest: str) -> list[Any]:
    """Writes into every page of what it shares; says what it found, and in how many faults it got copies."""
    found = bytes(SHARED[::4096])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    SHARED[::4096] = b"\2" * len(found)
    return [found == b"\1" * 4096, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before]


def task_own(rest: str) -> list[int]:
    """Writes into some pages of what it shares; returns the numbers of those that are then its own."""
    begin = ctypes.addressof(ctypes.c_char.from_buffer(SHARED)) // 4096
    for number in map(int, rest.split(",")):
        SHARED[number * 4096] = 2
    numbers = iter(own_pages())
    own = [
        page
        for address, length in zip(numbers, numbers, strict=True)
        for page in range(address // 4096, (address + length) // 4096)
    ]
    return [page - begin for page in own if 0 <= page - begin < 4000]


def as_json(task: str, outcome: Outcome[Any]) -> dict[str, Any]:
    """Returns an outcome in plain values."""
    if isinstance(outcome, Done):
        result = outcome.result
        return {"task": task, "result": len(result) if isinstance(result, bytes) else result}
    return {
        "task": task,
        "reason": outcome.reason,
        "message": outcome.message,
        "code": outcome.code,
        "notes": list(outcome.notes),
        "traceback": outcome.traceback,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tasks", nargs="+")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float)
    parser.add_argument("--max-memory", type=int)
    parser.add_argument(
        "--threads", action="store_true", help="have another thread, so that this process must not fork"
    )
    parser.add_argument("--leave-after", type=int, help="stop asking after so many outcomes")
    options = parser.parse_args()
    if options.threads:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    remember(os.getpid())
    done = 0
    outcomes = isolated(
        perform, options.tasks, jobs=options.jobs, timeout=options.timeout, max_memory=options.max_memory
    )
    try:
        for task, outcome in outcomes:
            print(json.dumps(as_json(task, outcome)), flush=True)
            done += 1
            if done == options.leave_after:
                break
        outcomes.close()
    except KeyboardInterrupt:
        print(json.dumps({"interrupted": True}), flush=True)
    print(json.dumps({"children": children()}), flush=True)


def children() -> list[str]:
    """Returns what this process has running; multiprocessing's own tracker of resources ends with it."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    pids = found.read_text().split() if found.exists() else []
    return [pid for pid in pids if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


if __name__ == "__main__":
    main()
