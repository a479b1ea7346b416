"""Sums of cells: one report, a panel and the dense matrix agree, exactly."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ogi_report.rules.cell_sums import CellSums

WIDTH = 6
coefficients = st.integers(-3, 3)
rows = st.lists(st.dictionaries(st.integers(0, WIDTH - 1), coefficients, min_size=1), max_size=5)
reports = st.lists(st.lists(st.integers(-(2**53), 2**53), min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=4)


@given(rows, reports)
def test_one_report_alone_and_many_at_once_give_the_same_sums(rows, reports):
    sums = CellSums.of(rows, WIDTH)
    values = np.array(reports, dtype=np.int64).T
    together = sums @ values
    expected = [[sum(c * int(report[column]) for column, c in row.items()) for report in reports] for row in rows]
    assert together.tolist() == expected
    for number in range(len(reports)):
        assert (sums @ values[:, [number]]).tolist() == together[:, [number]].tolist()


@given(rows)
def test_terms_dense_and_sparse_say_the_same(rows):
    sums = CellSums.of(rows, WIDTH)
    assert [dict(terms) for terms in sums.terms()] == rows
    assert sums.dense().tolist() == [[row.get(column, 0) for column in range(WIDTH)] for row in rows]
    assert (sums.sparse.toarray() == sums.dense()).all()
