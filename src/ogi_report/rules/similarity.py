"""How alike two texts are once names, years and figures are masked, and which of many texts are near-copies.

Comparing every pair of thousands of reports would take hours. Shingles (runs of five characters) are condensed to a
MinHash signature; only texts that agree in a whole band of their signatures become candidates, and every candidate is
verified on the texts themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel

COPIED, UNCHANGED, EQUAL = 0.9, 0.95, 1.0
"""Shares of common characters from which a text counts as copied, as not worked on at all, and as the same."""

SHINGLE = 5
BANDS, ROWS = 32, 4
"""Texts that share six tenths of their shingles meet in some band with probability 0.99, those that share a tenth with 0.003."""

CROWD = 40
"""Copies of one text beyond these are counted no further."""

_SELF = re.compile(r"[我本全该](?:局|委|办|镇|乡|县|区|市|厅|街道|单位|机关|院|中心|省|州|旗)+")
_FIGURES = re.compile(r"[\d０-９.．,%％〇零一二两三四五六七八九十百千万亿]+")
_REST = re.compile(r"[\s\W_]+")


def masked(text: str, names: Sequence[str] = ()) -> str:
    """Returns a text without names of the agency, figures, years, punctuation and white space.

    >>> masked("2023年，我局收到申请12件。") == masked("2024 年,本局收到申请 七 件")
    True
    """
    for name in sorted((name for name in names if name), key=len, reverse=True):
        text = text.replace(name, "")
    return _REST.sub("", _FIGURES.sub("", _SELF.sub("", text)))


def similarity(one: str, other: str) -> float:
    """Returns the share of characters, in order, that two masked texts have in common: 1.0 for equal ones."""
    return Indel.normalized_similarity(one, other)


def shingles(text: str) -> npt.NDArray[np.uint64]:
    """Returns the distinct hashed runs of five characters of a text, sorted."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < SHINGLE:
        return np.zeros(0, dtype=np.uint64)
    hashed = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for offset in range(SHINGLE):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + codes[offset : len(codes) - SHINGLE + 1 + offset]
    return np.unique(hashed ^ (hashed >> np.uint64(29)))


_GENERATOR = np.random.default_rng(20190515)
_FACTORS = _GENERATOR.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
_SHIFTS = _GENERATOR.integers(0, 2**63, BANDS * ROWS, dtype=np.uint64)


def signature(hashed: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Returns the MinHash signature of a set of shingles, shape (BANDS × ROWS,)."""
    mixed = hashed[:, None] * _FACTORS[None, :] + _SHIFTS[None, :]
    return np.asarray((mixed ^ (mixed >> np.uint64(31))).min(axis=0), dtype=np.uint64)


def near_copies(texts: Sequence[str], threshold: float = COPIED) -> list[tuple[int, int, float]]:
    """Returns (i, j, similarity), i < j, for the pairs of distinct masked texts that are at least `threshold` alike.

    Where more than `CROWD` texts meet, each is compared with its `CROWD` neighbours only: enough to name copies, and a
    text that a whole province has copied does not cost the square of its copies.
    """
    sets = [shingles(text) for text in texts]
    known = np.array([number for number, hashed in enumerate(sets) if len(hashed)], dtype=np.int64)
    if len(known) < 2:
        return []
    signatures = np.stack([signature(sets[number]) for number in known])
    firsts, seconds = _candidates(signatures)
    agree = np.zeros(len(firsts), dtype=np.int64)
    for start in range(0, len(firsts), 65_536):
        part = slice(start, start + 65_536)
        agree[part] = (signatures[firsts[part]] == signatures[seconds[part]]).sum(axis=1)
    # The share of equal places estimates the share of common shingles; copies have more than a third in common.
    likely = agree * 4 >= signatures.shape[1]
    pairs = sorted(zip(known[firsts[likely]].tolist(), known[seconds[likely]].tolist(), strict=True))
    alike = process.cpdist(
        [texts[i] for i, _ in pairs], [texts[j] for _, j in pairs], scorer=Indel.normalized_similarity, workers=-1
    )
    return [(i, j, score) for (i, j), score in zip(pairs, alike.tolist(), strict=True) if score >= threshold]


def _candidates(signatures: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of the pairs that agree in a whole band of their signatures, each pair once."""
    size = len(signatures)
    codes = [np.zeros(0, dtype=np.int64)]
    for band in range(BANDS):
        rows = np.ascontiguousarray(signatures[:, band * ROWS : (band + 1) * ROWS])
        keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * ROWS))).ravel()
        order = np.argsort(keys, kind="stable")
        _, starts = np.unique(keys[order], return_index=True)
        group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, size)))
        longest = int(np.diff(np.append(starts, size)).max())
        for step in range(1, min(longest, CROWD + 1)):
            same = group[step:] == group[:-step]
            one, other = order[:-step][same], order[step:][same]
            codes.append(np.minimum(one, other) * size + np.maximum(one, other))
    found = np.unique(np.concatenate(codes))
    return found // size, found % size
