"""A process that has imported the program, and forks for each command that a test wants run: see `warm_python` in conftest.py.

Python needs one to two seconds to import all that a run of the batch works with, and hundreds of tests are about what a
run does, not about how it starts. An order (code, arguments, folder, surroundings, where to write, name) is answered twice:
by the process' number when it has begun, and by how it has ended (minus the number of a signal).
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import time
import warnings
from multiprocessing.connection import Connection

import coverage

_PR_SET_NAME = 15


def warm() -> None:
    """Imports what runs import, and builds what every run builds once."""
    from ogi_report.engine import lean_imports

    with lean_imports():
        import ogi_report.batch.run
        import ogi_report.cli.run_command
    from ogi_report.batch.warm import Warm
    from ogi_report.notebook.execute import FAST

    Warm(FAST)()
    # What comes after the reports, and what other commands begin with.
    import docx  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import ogi_report.batch.summary
    import ogi_report.documents.formats
    import ogi_report.site  # noqa: F401

    gc.collect()
    gc.freeze()


def order(connection: Connection) -> tuple[str, list[str], str, dict[str, str], str, str, str] | None:
    """Forks for each order; returns it in the new process, and None in this one when nobody orders any more."""
    while True:
        try:
            ordered = connection.recv()
        except EOFError:
            return None
        with warnings.catch_warnings():
            # Threads of numpy's own library for matrices; they outlive a fork. There are no others.
            warnings.filterwarnings("ignore", message=r".*use of fork\(\)", category=DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            connection.close()
            return ordered
        connection.send(pid)
        _, status = os.waitpid(pid, 0)
        connection.send(os.waitstatus_to_exitcode(status))


def become(arguments: list[str], cwd: str, env: dict[str, str], out: str, err: str, name: str) -> None:
    """Makes this process what `python -c` would be: its folder, its surroundings, its streams, its name."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for number, path, mode in ((0, os.devnull, os.O_RDONLY), (1, out, os.O_WRONLY), (2, err, os.O_WRONLY)):
        opened = os.open(path, mode)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["-c", *arguments]
    if sys.platform == "linux":
        # /proc shows the surroundings that a process was started with, not those it has; its name goes on to its children.
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)
    coverage.process_startup()  # does nothing unless the surroundings ask for it


if __name__ == "__main__":
    sys.path[0] = ""  # as for `python -c`
    warm()
    ordered = order(Connection(int(sys.argv[1])))
    if ordered is not None:
        code, *rest = ordered
        become(*rest)
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__", "__builtins__": __builtins__})
