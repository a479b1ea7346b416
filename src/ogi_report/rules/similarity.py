"""How alike two texts are once names, years and figures are masked, and which of many texts are near-copies.

Comparing every pair of thousands of reports would take hours. Shingles (runs of five characters) are condensed to a
MinHash signature; only texts that agree in a whole band of their signatures become candidates, and every candidate is
verified on the texts themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

COPIED, UNCHANGED = 0.9, 0.95
"""Shares of common characters from which a text counts as copied, and as not worked on at all."""

SHINGLE = 5
BANDS, ROWS = 32, 3
"""Texts that share half of their shingles meet in some band with probability 0.986, those that share a tenth with 0.03."""

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
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < 0.5:
        return matcher.real_quick_ratio()
    return matcher.ratio()


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


def near_copies(texts: Sequence[str], threshold: float = COPIED) -> dict[tuple[int, int], float]:
    """Returns (i, j) → similarity, i < j, for the pairs of masked texts that are at least `threshold` alike."""
    sets = [shingles(text) for text in texts]
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for number, hashed in enumerate(sets):
        if len(hashed):
            signed = signature(hashed)
            for band in range(BANDS):
                buckets[band, signed[band * ROWS : (band + 1) * ROWS].tobytes()].append(number)
    candidates = {(i, j) for members in buckets.values() for n, i in enumerate(members) for j in members[n + 1 :]}
    found = {}
    for i, j in sorted(candidates):
        if texts[i] == texts[j]:
            found[i, j] = 1.0
            continue
        shared = len(np.intersect1d(sets[i], sets[j], assume_unique=True))
        # Texts that are 0.9 alike share more than a third of their shingles, unless every fifth character differs.
        if shared * 3 < len(sets[i]) + len(sets[j]) - shared:
            continue
        alike = similarity(texts[i], texts[j])
        if alike >= threshold:
            found[i, j] = alike
    return found
