"""The column heads of a block as a source has them: which column each value cell stands under.

Heads come on one line or on several, with spans that may be right, wrong or lost. The order of the heads is what is
trusted; their positions only where these agree with the official order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from ogi_report.figures import FoundLabel
from ogi_report.readers.document import FoundCell, FoundTable
from ogi_report.readers.segments import Line
from ogi_report.readers.vocabulary import ColumnWord, TableWords, bare, exact, is_stroke, is_value

UNIT = re.compile(r"[（(]\s*(?:单位\s*[:：])?\s*(亿元|万元|元)\s*[）)]")
_ALIKE = 80
_LONGEST_HEAD = 60


@dataclass(frozen=True, slots=True)
class Head:
    """A head over value cells: its column key, or None for one that the form does not have or that is blank."""

    field: str | None
    col: int
    text: str
    line: int


@dataclass
class Header:
    """A block's heads. `slots` are the columns of a row of values from left to right; `trusted` says that the heads'
    positions agree with their order, so that value cells can be found below them."""

    found: FoundTable | None
    slots: list[Head] = field(default_factory=list)
    trusted: bool = False
    padded: bool = False
    """All heads stand on one line, blank ones included, so that rows of the same length match head by head."""
    missing: list[ColumnWord] = field(default_factory=list)
    labels: list[tuple[str, str, str]] = field(default_factory=list)
    """(column key, text found, official label) of heads worded otherwise."""
    units: dict[str, str] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)

    @property
    def fields(self) -> list[str]:
        return [slot.field for slot in self.slots if slot.field]


def is_header(line: Line, words: TableWords) -> bool:
    """Whether a row holds heads only: words of columns or of the stub's head, and nothing that is a number."""
    filled = [cell for cell in line.filled if not is_stroke(cell.text)]
    known = 0
    fewest = 1 if words.banners else 2
    for cell in filled:
        if is_value(cell.text) or (exact(cell.text) in words.rows and exact(cell.text) not in words.columns):
            return False
        if words.is_stubhead(cell.text) or exact(cell.text) in words.columns or bare(cell.text) in words.bare_columns:
            known += 1
    return known >= fewest and 2 * known >= len(filled)


def read_header(lines: list[Line], words: TableWords, block: int) -> Header:
    """Returns the heads that header rows hold for one block of the table."""
    official = words.leaf_columns(block)
    found = lines[-1].found if lines else None
    matched: list[tuple[FoundCell, int, ColumnWord | None]] = []
    groups: set[int] = set()
    for number, line in enumerate(lines):
        for cell in line.filled:
            if words.is_stubhead(cell.text) or is_stroke(cell.text) or len(cell.text) > _LONGEST_HEAD:
                continue
            candidates = _columns(cell.text, words, block)
            if candidates and all(word.field is None for word in candidates):
                groups.add(number)
                continue
            matched.append((cell, number, candidates[0] if candidates else None))
    heads = _in_order(matched, words, block)
    header = Header(found)
    for cell, number, word in heads:
        header.slots.append(Head(word.field if word else None, cell.col, cell.text, number))
        if word is None:
            header.extra.append(cell.text)
        else:
            _note_wording(cell.text, word, header)
    header.missing = [word for word in official if word.field not in header.fields]
    rows_used = {head.line for head in header.slots}
    order = {word.field: number for number, word in enumerate(official)}
    if len(rows_used) == 1 and len(lines[next(iter(rows_used))].filled) >= len(header.slots) and not groups:
        _pad(header, lines[next(iter(rows_used))])
        return header
    by_column = sorted(header.slots, key=lambda head: head.col)
    positions = [order[head.field] for head in by_column if head.field]
    # Groups beside their own columns on the only line of heads: a list of words, no grid.
    listed = len(rows_used) == 1 and bool(groups & rows_used)
    header.trusted = (
        not listed and positions == sorted(positions) and len({head.col for head in by_column}) == len(by_column)
    )
    header.slots = (
        by_column if header.trusted else sorted((h for h in header.slots if h.field), key=lambda h: order[h.field])
    )
    return header


def _pad(header: Header, line: Line) -> None:
    """One line of heads: their order is the line's, and its blank cells are columns too."""
    known = {head.col: head for head in header.slots}
    first = min(known) if known else 0
    header.slots = [known.get(c.col, Head(None, c.col, "", 0)) for c in line.cells if c.col >= first]
    header.trusted = header.padded = True


def _columns(text: str, words: TableWords, block: int) -> list[ColumnWord]:
    """The block's columns that a head may name: by its exact spelling, its bare one, or one that is very much alike."""
    for index, spelling in ((words.columns, exact(text)), (words.bare_columns, bare(text))):
        if found := [word for word in index.get(spelling, ()) if word.block == block]:
            return found
    own = bare(text)
    if len(own) < 4:
        return []
    scores = sorted(
        ((fuzz.ratio(own, bare(word.label.label)), n, word) for n, word in enumerate(words.leaf_columns(block))),
        key=lambda score: -score[0],
    )
    best = [score for score in scores if score[0] >= _ALIKE]
    return [best[0][2]] if best and (len(scores) == 1 or scores[1][0] < best[0][0] - 10) else []


def _in_order(
    matched: list[tuple[FoundCell, int, ColumnWord | None]], words: TableWords, block: int
) -> list[tuple[FoundCell, int, ColumnWord | None]]:
    """Tells apart heads of one wording (结果维持 under each kind of case) by the order in which they stand."""
    result: list[tuple[FoundCell, int, ColumnWord | None]] = []
    used: dict[str, int] = {}
    for cell, number, word in sorted(matched, key=lambda m: (m[1], m[0].col)):
        if word is None:
            result.append((cell, number, None))
            continue
        same = [w for w in words.leaf_columns(block) if bare(w.label.label) == bare(word.label.label)]
        nth = used.get(bare(word.label.label), 0)
        used[bare(word.label.label)] = nth + 1
        if nth < len(same):
            result.append((cell, number, same[nth]))
        # A head repeated once more (a header row printed twice) says nothing new.
    return result


def _note_wording(text: str, word: ColumnWord, header: Header) -> None:
    assert word.field is not None
    unit = UNIT.search(text)
    if word.label.number == "money" and unit and exact(text) != exact(word.label.label):
        if not (unit[1] == word.label.unit and UNIT.search(word.label.label)):
            header.units[word.field] = unit[1]
        text = UNIT.sub("", text)
        if exact(text) == exact(UNIT.sub("", word.label.label)):
            return
    if exact(text) != exact(word.label.label):
        header.labels.append((word.field, text, word.label.label))


def wording(table: str, header: Header, place: str) -> list[FoundLabel]:
    return [FoundLabel(table, None, field, found, official, place) for field, found, official in header.labels]
