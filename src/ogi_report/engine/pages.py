"""Pages of memory that nearly every task changes, copied for it before its turn: all at once, not one fault at a time.

A forked process shares its parent's pages until it writes into them; the first write into each is a fault, in which the system
makes the copy. For a notebook these are thousands, since to refer to an object is to write into it, and nearly the same for
every task. So now and then a task tells which pages it has got copies of, and later ones ask for theirs while they wait.
It is never more than advice: what has not been copied before is copied when it is written into.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from array import array
from contextlib import suppress
from pathlib import Path

_POPULATE_WRITE = 23
_COLLAPSE = 25
"""`MADV_POPULATE_WRITE` (Linux 5.14) and `MADV_COLLAPSE` (Linux 6.1), which Python's `mmap` does not name."""
_MAPS, _PAGEMAP = Path("/proc/self/maps"), Path("/proc/self/pagemap")
_OWN = 1 << 63 | 1 << 56
"""In the page map: the page is there, and no other process maps it."""
_HUGE = 1 << 21
_MADVISE = ctypes.CDLL(None, use_errno=True).madvise if sys.platform == "linux" else None
if _MADVISE is not None:
    _MADVISE.argtypes = (ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)

Stretches = array  # of "Q": the first address and the length of each stretch of memory in turn, in bytes


class Foresight:
    """Knows from what earlier tasks have changed what the next one is going to change.

    Args:
        jobs: how many tasks run at the same time. Who waits can only use a core that is idle: where all are busy, to copy
            ahead costs more than the faults do, because what has been copied leaves the core's cache before it is used.
    """

    EVERY = 100
    """Tasks after which one tells anew: this process grows, and what is new to it lies in other places."""
    AT_MOST = 64 * 2**20
    """Bytes that a process which waits may hold for its task."""

    def __init__(self, jobs: int) -> None:
        self._helps = _MADVISE is not None and jobs < _cores()
        self._known: Stretches[int] | None = None
        self._made = 0

    def of_next(self) -> Stretches[int] | None:
        """Returns what to copy for the next task; None if that one is to tell what it has changed (and copies nothing)."""
        self._made += 1
        if not self._helps or self._made == 1:  # it may be the only one
            return array("Q")
        return None if self._made % self.EVERY == 0 else self._known

    def learn(self, changed: Stretches[int]) -> None:
        """Takes what a task has told."""
        self._known = changed if sum(changed[1::2]) <= self.AT_MOST else array("Q")


def own_pages() -> Stretches[int]:
    """Returns what this process has for itself of the memory that it can write into; empty where the system does not tell."""
    stretches = array("Q")
    with suppress(OSError, MemoryError), _PAGEMAP.open("rb", buffering=0) as pagemap:
        for begin, end in _writable():
            first = begin // mmap.PAGESIZE
            pagemap.seek(first * 8)
            _add_own(stretches, first, array("Q", pagemap.read((end - begin) // mmap.PAGESIZE * 8)))
    return stretches


def copy(stretches: Stretches[int]) -> None:
    """Has the system copy these pages now. Where one is not there any more, or the system cannot, nothing happens."""
    if _MADVISE is not None:
        numbers = iter(stretches)
        for address, length in zip(numbers, numbers, strict=True):
            _MADVISE(address, length, _POPULATE_WRITE)


def make_huge() -> None:
    """Joins this process's memory into pages of two megabytes, where the system can: a tenth of a second, once.

    Before many processes are forked from it: each of them gets a list of the pages, which is as much shorter.
    """
    if _MADVISE is not None:
        for begin, end in _writable():
            first, last = -(-begin // _HUGE) * _HUGE, end // _HUGE * _HUGE
            if first < last:
                _MADVISE(first, last - first, _COLLAPSE)


def _add_own(stretches: Stretches[int], first: int, entries: Stretches[int]) -> None:
    begin = None
    for number, entry in enumerate((*entries, 0), start=first):
        if entry & _OWN == _OWN:
            begin = number if begin is None else begin
        elif begin is not None:
            stretches.extend((begin * mmap.PAGESIZE, (number - begin) * mmap.PAGESIZE))
            begin = None


def _writable() -> list[tuple[int, int]]:
    """Returns first address and end of each mapping that this process can write into and shares with nobody, the stack apart."""
    found = []
    with suppress(OSError), _MAPS.open(encoding="utf-8", errors="replace") as maps:
        for line in maps:
            addresses, mode, *names = line.split()
            if mode == "rw-p" and "[stack]" not in names:
                begin, end = addresses.split("-")
                found.append((int(begin, 16), int(end, 16)))
    return found


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
