"""Progress while a batch runs: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

from tqdm import tqdm

from ogi_report.batch.result import Result


class Progress:
    """Shows each result as it arrives; on standard error, so that standard output stays the summary."""

    def __init__(self, total: int, what: str = "生成报告"):
        self.total, self.done = total, 0
        tqdm.monitor_interval = 0  # its thread would keep this process from forking
        self._bar = tqdm(total=total, unit="份", desc=what, disable=not sys.stderr.isatty())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.close()

    def show(self, result: Result) -> None:
        self.step(f"{result.year} {result.name}：{result.status.chinese}")

    def step(self, text: str) -> None:
        """One more is done; `text` says which, where there is no bar."""
        self.done += 1
        self._bar.update(1)
        if not sys.stderr.isatty():
            with suppress(OSError):  # nobody may be listening any more; the reports are made all the same
                print(f"[{self.done}/{self.total}] {text}", file=sys.stderr, flush=True)
