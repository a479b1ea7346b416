"""Which sentences of a chapter changed, and how much of the text stood in the other report already.

Some provinces deduct marks where a report repeats more than half of last year's. The rate here: of all characters in B's
sentences, those in sentences that stand in A as well, word for word (`exact`) or all but word for word (`near`: at least
nine tenths alike once names, years and figures are taken out). Sub-headings are not counted: pieces of fewer than ten
characters, and of fewer than twenty without a full stop. White space never is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Indel

from ogi_report.narrative.facts import share
from ogi_report.prose import paragraphs
from ogi_report.rules.similarity import COPIED, masked

REPEATED = 50
"""Per cent of repeated text from which a chapter is marked, unless the user says otherwise."""

SHORTEST, SHORTEST_UNENDED, SHORTEST_MASKED = 10, 20, 5
_ENDS = tuple("。！？；!?;”）")
RELATED = 0.6
"""A sentence that is less alike than this to any other was not changed but written anew."""


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence that changed (`before` and `after`), went (`after` is None) or came (`before` is None)."""

    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        return "gone" if self.after is None else "new" if self.before is None else "changed"

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Repetition:
    """Characters in B's sentences, and those of them that stand in A too: word for word, and nearly so."""

    characters: int
    exact: int
    near: int

    @property
    def repeated(self) -> int:
        return self.exact + self.near

    @property
    def percent(self) -> str | None:
        """The rate as it is printed, or None where there is no text."""
        return share(self.repeated, self.characters) if self.characters else None

    def exceeds(self, percent: Decimal) -> bool:
        """Whether more than so many per cent are repeated, exactly and not as printed."""
        return self.repeated * 100 > percent * self.characters

    def __add__(self, other: Repetition) -> Repetition:
        return Repetition(self.characters + other.characters, self.exact + other.exact, self.near + other.near)

    def as_json(self) -> dict[str, Any]:
        rate = None if self.percent is None else Decimal(self.percent.removesuffix("%"))
        return {"characters": self.characters, "exact": self.exact, "near": self.near, "percent": rate}


def sentences(text: str) -> list[str]:
    """The sentences of a chapter in their order, without line breaks."""
    return [" ".join(s.original.split()) for paragraph in paragraphs(text, 0) for s in paragraph.sentences]


def _bare(sentence: str) -> str:
    return "".join(sentence.split())


def _is_heading(bare: str) -> bool:
    return len(bare) < SHORTEST or (len(bare) < SHORTEST_UNENDED and not bare.endswith(_ENDS))


def changed_sentences(before: Sequence[str], after: Sequence[str]) -> list[SentenceChange]:
    """Pairs the sentences of a chapter: equal ones wherever they stand, then the most alike; tells what is left.

    Returns the changed and the new in B's order, then the gone in A's.
    """
    left, right = _without_equals(before, after), _without_equals(after, before)
    pairs = _most_alike(left, right)
    partner = {j: left[i] for i, j in pairs}
    taken = {i for i, _ in pairs}
    changes = [SentenceChange(partner.get(j), sentence) for j, sentence in enumerate(right)]
    return changes + [SentenceChange(sentence, None) for i, sentence in enumerate(left) if i not in taken]


def _without_equals(of: Sequence[str], other: Sequence[str]) -> list[str]:
    """The sentences that the other text does not have, as often as it lacks them."""
    there = Counter(map(_bare, other))
    left = []
    for sentence in of:
        if there[_bare(sentence)]:
            there[_bare(sentence)] -= 1
        else:
            left.append(sentence)
    return left


def _most_alike(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of positions, each used once, the most alike first; of equally alike ones those that stand first."""
    if not left or not right:
        return []
    one, other = [_bare(s) for s in left], [_bare(s) for s in right]
    alike = process.cdist(one, other, scorer=Indel.normalized_similarity, score_cutoff=RELATED)
    places = sorted(zip(*map(list, alike.nonzero()), strict=True), key=lambda p: (-alike[p], p))
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for i, j in places:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((int(i), int(j)))
    return pairs


class Known:
    """A report's sentences, which another one may repeat."""

    def __init__(self, texts: Sequence[str], names: Sequence[str]):
        """Takes the report's chapters and the names that both bodies bear."""
        self.names = names
        known = [sentence for text in texts for sentence in sentences(text)]
        self._exact = {_bare(sentence) for sentence in known}
        bare = {masked(sentence, names) for sentence in known}
        self._masked = sorted(text for text in bare if len(text) >= SHORTEST_MASKED)

    def repetition(self, of: Sequence[str]) -> Repetition:
        """How much of some sentences stands here already."""
        total = Repetition(0, 0, 0)
        for sentence in of:
            bare = _bare(sentence)
            if not _is_heading(bare):
                size, exact = len(bare), bare in self._exact
                near = not exact and self._is_near(sentence)
                total += Repetition(size, size if exact else 0, size if near else 0)
        return total

    def _is_near(self, sentence: str) -> bool:
        text = masked(sentence, self.names)
        if len(text) < SHORTEST_MASKED or not self._masked:
            return False
        scorer = Indel.normalized_similarity
        return process.extractOne(text, self._masked, scorer=scorer, score_cutoff=COPIED) is not None
