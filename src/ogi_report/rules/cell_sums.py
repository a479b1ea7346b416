"""Sums of coefficient × cell, many at once, for one report or for a panel; exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CellSums:
    """A sparse integer matrix: each row is a sum, each column a cell; no row is empty.

    `columns` and `coefficients` stand row after row, shape (terms); `starts` says where each row begins, shape (rows).
    """

    starts: Integers
    columns: Integers
    coefficients: Integers
    width: int

    @classmethod
    def of(cls, rows: list[dict[int, int]], width: int) -> CellSums:
        """Compiles sums, each given as coefficients by column; `width` is the number of cells."""
        assert all(rows), "a sum of nothing"
        rows = [dict(sorted(row.items())) for row in rows]
        ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), ends])[: len(rows)]
        columns = np.array([column for row in rows for column in row], dtype=np.int64)
        coefficients = np.array([coefficient for row in rows for coefficient in row.values()], dtype=np.int64)
        return cls(starts, columns, coefficients, width)

    def __matmul__(self, values: npt.NDArray[Any]) -> Integers:
        """Returns the sums, shape (rows, reports), of integers of shape (cells, reports)."""
        if not len(self.starts):
            return np.zeros((0, values.shape[1]), dtype=np.int64)
        if values.shape[1] == 1:  # without scipy: every process of a batch would share its 8 MB, and 75 modules
            terms = self.coefficients * values[self.columns, 0]
            return np.asarray(np.add.reduceat(terms, self.starts), dtype=np.int64)[:, None]
        return np.asarray(self.sparse @ values.astype(np.int64, copy=False), dtype=np.int64)

    @cached_property
    def sparse(self) -> Any:
        """The same as scipy's compressed rows."""
        from scipy.sparse import csr_array

        pointers = np.append(self.starts, len(self.columns))
        return csr_array((self.coefficients, self.columns, pointers), shape=(len(self.starts), self.width))

    def dense(self) -> Integers:
        """The same with all its zeros, shape (rows, cells)."""
        filled = np.zeros((len(self.starts), self.width), dtype=np.int64)
        filled[self.rows, self.columns] = self.coefficients
        return filled

    @property
    def rows(self) -> Integers:
        """The row of each term."""
        lengths = np.diff(np.append(self.starts, len(self.columns)))
        return np.repeat(np.arange(len(self.starts)), lengths)

    def terms(self) -> Iterator[list[tuple[int, int]]]:
        """Yields each row as pairs (column, coefficient)."""
        pairs = list(zip(self.columns.tolist(), self.coefficients.tolist(), strict=True))
        for start, end in pairwise([*self.starts.tolist(), len(pairs)]):
            yield pairs[start:end]

    def where(self, counts: npt.NDArray[np.bool_]) -> CellSums:
        """The same rows, counting the cells of some terms only: coefficient 1 where `counts` (terms) says so, else 0."""
        return replace(self, coefficients=counts.astype(np.int64))
