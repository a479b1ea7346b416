"""The rows of a table's pieces: which official row each one is, what stands behind its label, under which heads.

A row is what its last label says, read within the group that is open at that place. A group whose label was lost is
inferred from its child.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ogi_report.forms import Row
from ogi_report.readers.document import FoundCell, FoundTable
from ogi_report.readers.header import is_header
from ogi_report.readers.segments import Line, Piece
from ogi_report.readers.vocabulary import RowWord, TableWords, bare, characters, exact, is_value, numbering

_ALIKE = 85
_ALIKE_IN_PLACE = 60
_LONGEST_LABEL = 60
_SUBTOTALS = frozenset({"小计", "合计"})


@dataclass
class FoundRow:
    """A row of figures: `word` is the official label, or None for a row of the report's own."""

    word: RowWord | None
    label: str
    block: int | None
    line: Line
    position: int
    """How many cells of the line stand before the values."""
    heads: list[Line]
    group: str | None = None
    """The key of the open group, for a subtotal that a report prints."""
    orphan: bool = False
    """The labels of the groups above were not seen in this found table."""

    @property
    def values(self) -> Sequence[FoundCell]:
        return self.line.cells[self.position :]

    @property
    def label_cell(self) -> FoundCell | None:
        return self.line.cells[self.position - 1] if self.position else None


@dataclass
class _Walk:
    words: TableWords
    rows: list[FoundRow] = field(default_factory=list)
    block: int | None = None
    heads: list[Line] = field(default_factory=list)
    heads_open: bool = False
    open: tuple[Row, ...] = ()
    seen: set[str] = field(default_factory=set)
    stubs: set[int] = field(default_factory=set)
    """Groups whose label stands in the present found table."""


def rows_with_stub(pieces: Iterable[Piece], words: TableWords) -> list[FoundRow]:
    """Returns the rows of a table whose rows have labels."""
    walk = _Walk(words)
    if len(words.table.blocks) == 1:
        walk.block = 0
    found: FoundTable | None = None
    for piece in pieces:
        if piece.found is not found:
            found, walk.stubs = piece.found, set()
        for line in piece.lines:
            _step(line, walk)
    return walk.rows


def _step(line: Line, walk: _Walk) -> None:
    if not line.filled:
        return
    for cell in line.filled[:2]:
        if (block := walk.words.banner(cell.text)) is not None:
            walk.block, walk.heads, walk.heads_open, walk.open = block, [], True, ()
            if len(line.filled) == 1:
                return
    if is_header(line, walk.words):
        if not walk.heads_open:
            walk.heads, walk.heads_open = [], True
        walk.heads.append(line)
        return
    row = _read(line, walk)
    if row is None:
        return
    walk.heads_open = False
    walk.rows.append(row)


def _read(line: Line, walk: _Walk) -> FoundRow | None:
    """Reads labels from the left until the values begin."""
    word: RowWord | None = None
    unknown: str | None = None
    position = 0
    groups: list[str] = []
    for number, cell in enumerate(line.cells):
        if not cell.text:
            continue
        if is_value(cell.text):
            if word is None and unknown is None and _label_follows(line.cells[number + 1 :], walk):
                continue  # a serial number before the label
            break
        if walk.words.banner(cell.text) is not None:
            continue
        if word is not None and word.record is not None and not numbering(cell.text):
            break  # text in a value cell
        found = _match(cell.text, walk)
        if found is not None:
            word, unknown, position = found, None, number + 1
            if found.record is None:
                walk.stubs.add(id(found.label))
                walk.open = found.path
                groups.append(cell.text)
            continue
        if unknown is not None or len(cell.text) > _LONGEST_LABEL:
            break
        unknown, position = cell.text, number + 1
        if word is not None and word.record is not None:
            walk.open = word.path
            word = None
    values = line.cells[position:]
    if word is not None and word.record is not None and unknown is None:
        orphan = any(id(above) not in walk.stubs for above in word.above)
        walk.open = word.above
        walk.seen.add(word.record)
        if len(walk.words.table.blocks) > 1:
            walk.block = word.block
        return FoundRow(word, line.cells[position - 1].text, word.block, line, position, walk.heads, orphan=orphan)
    if unknown is None and word is not None:  # a group's label, with figures of its own or none
        if not word.group or not any(is_value(cell.text) for cell in values):
            return None
        return FoundRow(None, groups[-1], walk.block, line, position, walk.heads, group=word.group)
    if unknown is None:
        return FoundRow(None, "", walk.block, line, 0, walk.heads) if any(is_value(c.text) for c in values) else None
    group = None
    if bare(unknown) in _SUBTOTALS:
        group = next((w.group for w in walk.words.row_words if w.path == walk.open and w.group), None)
    return FoundRow(None, unknown, walk.block, line, position, walk.heads, group=group)


def _label_follows(cells: Sequence[FoundCell], walk: _Walk) -> bool:
    return any(cell.text and exact(cell.text) in walk.words.rows for cell in cells)


def _match(text: str, walk: _Walk) -> RowWord | None:
    """The official row that a label names: by its exact spelling, its bare one, or one that is very much alike."""
    words = walk.words
    for index, spelling in ((words.rows, exact(text)), (words.bare_rows, bare(text))):
        candidates = index.get(spelling)
        if candidates:
            return _in_place(candidates, walk)
    own = bare(text)
    if len(own) < 4 or len(text) > _LONGEST_LABEL:
        return None
    scores = sorted(((fuzz.ratio(own, bare(w.label.label)), w) for w in words.row_words), key=lambda score: -score[0])
    best, second = scores[0], scores[1] if len(scores) > 1 else (0, scores[0][1])
    if best[0] >= _ALIKE and second[0] < best[0] - 8:
        return best[1]
    # Less alike, but with the number of the next row of the open group.
    following = _expected(walk)
    if (
        following is not None
        and numbering(text)
        and numbering(text) == numbering(following.label.label)
        and best[1] is following
        and best[0] >= _ALIKE_IN_PLACE
    ):
        return following
    return None


def _in_place(candidates: list[RowWord], walk: _Walk) -> RowWord | None:
    if len(candidates) == 1:
        return candidates[0]
    within = [word for word in candidates if word.above == walk.open]
    return within[0] if len(within) == 1 else None


def _expected(walk: _Walk) -> RowWord | None:
    last = next((row.word for row in reversed(walk.rows) if row.word is not None), None)
    order = [word for word in walk.words.row_words if word.record is not None]
    if last is None or last not in order:
        return order[0] if order else None
    place = order.index(last) + 1
    return order[place] if place < len(order) else None


def rows_without_stub(pieces: Iterable[Piece], words: TableWords) -> list[FoundRow]:
    """Returns the rows of figures of a table without row labels, with the heads above them."""
    rows: list[FoundRow] = []
    heads: list[Line] = []
    fresh = False
    expected = len(words.leaf_columns(0))
    for piece in pieces:
        for line in piece.lines:
            if is_header(line, words):
                if fresh:
                    heads, fresh = [], False
                heads.append(line)
            elif heads and (
                len(line.cells) == expected or all(not cell.text or is_value(cell.text) for cell in line.cells)
            ):
                rows.append(FoundRow(None, "", 0, line, 0, heads))
                fresh = True
            elif heads and (position := _after_remark(line)) is not None:
                rows.append(FoundRow(None, "", 0, line, position, heads))
                fresh = True
    return rows


def _after_remark(line: Line) -> int | None:
    """Where figures begin behind a single remark (件数, the agency's name) at the left."""
    filled = line.filled
    first = line.cells.index(filled[0])
    rest = [cell.text for cell in filled[1:]]
    if (
        is_value(filled[0].text)
        or not rest
        or not all(is_value(text) for text in rest)
        or len(characters(filled[0].text)) > 20
    ):
        return None
    return first + 1
