"""A limit on the seconds that one cell may take."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 2.0
"""Seconds after which code is interrupted again that has caught the first interruption. Putting the traceback together must
not take longer, on a busy machine and under a tracer either."""


class TimeIsUp(BaseException):
    """Raised in the midst of a cell; not an `Exception`, so that ordinary handlers let it through."""


class TimeLimit:
    """Interrupts this thread, which must be the main thread, when the time is up.

    Code in C is interrupted when it comes back to Python. What never comes back has to be ended from outside, with its
    process: `isolated(…, timeout=…)`.
    """

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.exceeded = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The limit begins; it ends with the block."""
        if self.seconds is None:
            yield
        elif hasattr(signal, "setitimer"):
            yield from self._by_timer(self.seconds)
        else:
            yield from self._by_thread(self.seconds)

    def _by_timer(self, seconds: float) -> Iterator[None]:
        def interrupt(number: int, frame: FrameType | None) -> None:
            self.exceeded = True
            raise TimeIsUp

        kept = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, kept)

    def _by_thread(self, seconds: float) -> Iterator[None]:
        import _thread

        def interrupt() -> None:
            self.exceeded = True
            _thread.interrupt_main()

        timer = threading.Timer(seconds, interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


@contextmanager
def interruptions_noted() -> Iterator[list[int]]:
    """Ctrl-C interrupts the cell, and is remembered: it was meant for the whole batch, not for the one cell."""
    noted: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:  # the notebook's own, or ignored
        yield noted
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield noted
    finally:
        if signal.getsignal(signal.SIGINT) is interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)
