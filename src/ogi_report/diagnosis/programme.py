"""The fewest changes as a mixed-integer programme, for errors that the search over likely causes does not reach.

minimise    number of changed cells + a little for their size
subject to  every equation and floor holds, cells are admissible, blanks may be anything admissible at no cost
"""

from __future__ import annotations

import numpy as np

from ogi_report.diagnosis.events import Booleans, Integers, Layout


def fewest_changes(layout: Layout, values: Integers, known: Booleans, seconds: float) -> Integers | None:
    """Returns values (blanks keep 0) after the fewest changes, or None if none were found in time.

    Variables are, for each cell, its increase, its decrease and whether it changed; a solution of HiGHS is rounded to
    integers, and it is for the caller to verify it exactly.
    """
    # Few reports need it, and what it takes 26 MB every process of a batch would share.
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    compiled, size = layout.compiled, len(values)
    binding = np.flatnonzero(layout.binding)
    reach = float(max(2 * int(np.abs(values).max(initial=0)), 1000))
    free = ~known
    up, down = np.full(size, reach), np.minimum(np.where(compiled.signed, reach, values), reach).astype(float)
    down[free & ~compiled.signed] = 0.0
    exact = compiled.matrix.sparse[binding]
    matrix = exact.astype(np.float64)
    identity, nothing = sparse.eye_array(size, format="csr"), sparse.csr_array((size, size))
    balance = sparse.hstack([matrix, -matrix, sparse.csr_array((matrix.shape[0], size))], format="csr")
    needed = -(exact @ values + compiled.constants[binding]).astype(np.float64)
    marks_up = sparse.hstack([identity, nothing, -sparse.diags_array(up, format="csr")], format="csr")
    marks_down = sparse.hstack(
        [nothing, identity, -sparse.diags_array(np.maximum(down, 1.0), format="csr")], format="csr"
    )
    cost = np.concatenate([np.full(2 * size, 1e-7), np.where(free, 0.0, 1.0)])
    result = milp(
        cost,
        integrality=np.ones(3 * size, dtype=np.int64),
        bounds=Bounds(np.zeros(3 * size), np.concatenate([up, down, np.ones(size)])),
        constraints=[
            LinearConstraint(balance, needed, np.where(compiled.floors[binding], np.inf, needed)),
            LinearConstraint(marks_up, -np.inf, 0.0),
            LinearConstraint(marks_down, -np.inf, 0.0),
        ],
        options={"time_limit": seconds, "presolve": True},
    )
    if result.x is None:
        return None
    moved = np.rint(result.x[:size] - result.x[size : 2 * size]).astype(np.int64)
    return np.asarray(np.where(known, values + moved, 0), dtype=np.int64)
