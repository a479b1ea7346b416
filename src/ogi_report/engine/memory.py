"""How much memory a process and those that it started hold, and how it is limited."""

from __future__ import annotations

import sys
from pathlib import Path

_SLACK = 256 * 2**20
"""What a process may reserve beyond the limit without touching it: stacks of threads, arenas, maps of files."""


def can_watch() -> bool:
    """Whether this system tells how much memory a process holds."""
    return Path("/proc/self/statm").exists()


def resident(pid: int) -> int:
    """Returns the bytes in memory of a process and its descendants; 0 if it has ended."""
    import resource

    total, left = 0, [pid]
    while left:
        process = Path(f"/proc/{left.pop()}")
        try:
            total += int((process / "statm").read_text().split()[1]) * resource.getpagesize()
            left += map(int, (process / "task" / process.name / "children").read_text().split())
        except (OSError, IndexError):  # ended meanwhile, or a kernel built without lists of children
            continue
    return total


def limit(max_memory: int) -> None:
    """Makes allocations of this process fail that are too large to wait for the next look at it."""
    if sys.platform != "linux":  # macOS does not heed it
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    wanted = pages * resource.getpagesize() + max_memory + _SLACK
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
