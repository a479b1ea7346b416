"""How messages enumerate: a few labels in full, the rest as a number."""

from __future__ import annotations

from collections.abc import Sequence


def quoted(labels: Sequence[str], counter: str, limit: int = 6) -> str:
    """Returns labels in quotation marks, at most `limit` of them.

    >>> quoted(["甲", "乙", "丙"], "格", limit=2)
    '“甲”“乙”等 3 格'
    """
    text = "".join(f"“{label}”" for label in labels[:limit])
    return f"{text}等 {len(labels)} {counter}" if len(labels) > limit else text
