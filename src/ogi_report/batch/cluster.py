"""The same tasks on other machines, through the interface of `concurrent.futures` that Dask distributed offers."""

from __future__ import annotations

import atexit
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import contextmanager
from typing import IO, Any

from ogi_report.batch.documents import Order
from ogi_report.batch.make import crashed
from ogi_report.batch.parcels import Made, PageParcel, Parcel, pack, pack_page, unpack, version
from ogi_report.batch.plan import Task
from ogi_report.batch.result import Result
from ogi_report.engine import Crashed, Outcome, Reason
from ogi_report.errors import UsageError


def on_cluster(tasks: Sequence[Task], scheduler: str) -> Iterator[tuple[Task, Result]]:
    """Makes reports on the workers of a Dask scheduler and yields results as they arrive.

    Inputs and outputs travel as bytes. The reports of a worker that is lost are made again by others.

    Raises:
        UsageError: Dask is not installed, the scheduler cannot be reached, or a worker has another version.
    """
    with _executor(scheduler) as executor:
        futures = {executor.submit(make_apart, pack(task)): task for task in tasks}
        for future in as_completed(futures):
            task, outcome = futures[future], _outcome(future)
            yield task, crashed(task, outcome) if isinstance(outcome, Crashed) else unpack(task, outcome.result)


def documents_on_cluster(orders: Sequence[Order], scheduler: str) -> Iterator[tuple[Order, Outcome[bytes | str]]]:
    """Makes documents of finished pages on the workers; only the pages travel. Raises as `on_cluster` does."""
    with _executor(scheduler) as executor:
        futures = {executor.submit(make_apart, pack_page(order)): order for order in orders}
        for future in as_completed(futures):
            yield futures[future], _outcome(future)


@contextmanager
def _executor(scheduler: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("用 --scheduler 需要 Dask：请安装 ogi-report[dask]。") from None
    try:
        client = Client(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise UsageError(f"连不上调度器 {scheduler}；请检查地址，或先启动 dask scheduler 和 dask worker。") from None
    _require_same_version(client)
    with client, client.get_executor(pure=False, retries=2) as executor:
        yield executor


def _outcome(future: Future[Any]) -> Any:
    """What a worker says of a report, or that several workers were lost over it."""
    try:
        return future.result()
    except Exception as error:  # whatever the cluster raises concerns this report, not the others
        return Crashed(Reason.EXCEPTION, f"{type(error).__name__}: {error}")


def _require_same_version(client: Any) -> None:
    """Two versions would make two kinds of reports, and nobody would see which is which.

    Raises:
        UsageError: no worker has come within half a minute, or one of them differs from this machine.
    """
    try:
        client.wait_for_workers(1, timeout=30)
    except TimeoutError:
        raise UsageError("调度器上没有工作机器；请先用 dask worker 启动。") from None
    # A worker that is lost just now says nothing; its reports go to others.
    for address, found in sorted(client.run(version, on_error="return").items()):
        if isinstance(found, str) and found != version():
            raise UsageError(
                f"工作机器 {address} 的版本与本机不同：它是 {found}，本机是 {version()}；请装成同一版本再运行。"
            )


def make_apart(parcel: Parcel | PageParcel) -> Outcome[Made | bytes | str]:
    """Makes a report or a document beside a worker, in a process forked from a warm one that this worker keeps.

    A worker's own process has threads, from which one must not fork and in which no notebook may run.
    """
    return _helper().make(parcel)


class _Helper:
    """A warm process beside this one: takes parcels one by one and gives back what became of them."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ogi_report.batch.helper"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._lock = threading.Lock()
        atexit.register(self._process.terminate)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def make(self, parcel: Parcel | PageParcel) -> Any:
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            send(self._process.stdin, parcel)
            return receive(self._process.stdout)


_helpers: list[_Helper] = []
_starting = threading.Lock()


def _helper() -> _Helper:
    with _starting:
        if not _helpers or not _helpers[0].is_alive:
            _helpers[:] = [_Helper()]
        return _helpers[0]


def send(pipe: IO[bytes], value: Any) -> None:
    """Writes a value with its length before it."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(len(body).to_bytes(8, "big") + body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Reads a value that `send` wrote.

    Raises:
        EOFError: the other side has ended.
    """
    head = pipe.read(8)
    if len(head) < 8:
        raise EOFError
    return pickle.loads(pipe.read(int.from_bytes(head, "big")))
