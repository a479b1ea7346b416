"""`python -m ogi_report.batch.helper`: the warm process beside a worker, which forks for each report it is given."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Takes parcels from standard input and gives outcomes to standard output until the input ends."""
    from ogi_report.engine import lean_imports

    with lean_imports():
        from ogi_report.batch.cluster import receive, send
        from ogi_report.batch.parcels import make_any
    from ogi_report.batch.make import deadline
    from ogi_report.batch.warm import MANY, Warm
    from ogi_report.engine import isolated
    from ogi_report.notebook.execute import FAST

    # What a report prints must not get between the outcomes.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    Warm(FAST, reports=MANY)()
    while True:
        try:
            parcel = receive(sys.stdin.buffer)
        except EOFError:
            return
        for _, outcome in isolated(make_any, [parcel], timeout=deadline(parcel.timeout)):
            send(out, outcome)


if __name__ == "__main__":
    main()
