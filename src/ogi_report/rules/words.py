"""How messages enumerate: a few labels in full, the rest as a number."""

from __future__ import annotations

from collections.abc import Sequence


def in_part(texts: Sequence[str], counter: str, limit: int, separator: str = "、") -> str:
    """Returns the first texts, at most `limit` of them, and how many there are if these are not all.

    >>> in_part(["甲", "乙", "丙"], "格", limit=2), in_part(["甲", "乙"], "格", limit=2)
    ('甲、乙等 3 格', '甲、乙')
    """
    told = separator.join(texts[:limit])
    return f"{told}等 {len(texts)} {counter}" if len(texts) > limit else told


def quoted(labels: Sequence[str], counter: str, limit: int = 6) -> str:
    """Returns labels in quotation marks, at most `limit` of them.

    >>> quoted(["甲", "乙", "丙"], "格", limit=2)
    '“甲”“乙”等 3 格'
    """
    return in_part([f"“{label}”" for label in labels], counter, limit, separator="")
