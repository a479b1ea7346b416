"""Which rows of a file's tables belong to which table of the form: told by labels, never by position.

A source may hold one official table in several pieces (a page break), several in one, and tables of its own. Rows go
to the table whose words they use; a piece counts only if something in it names the table beyond doubt, or if it
follows directly upon a piece that does.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ogi_report.forms import Form
from ogi_report.readers.document import Document, FoundCell, FoundTable
from ogi_report.readers.vocabulary import TableWords, Vocabulary, bare, characters, exact, is_value, vocabulary

_LONGEST_LABEL = 120
_LONGEST_CELL = 1000
_TELLING = 4
"""Labels of fewer characters (其他, 总计) tell no layout from another."""

_RUNNING_TITLE = 40
_SPACE = string.whitespace + "\xa0\u3000\u2002\u2003\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a found table, as the cells that begin in it from left to right."""

    found: FoundTable
    number: int
    cells: tuple[FoundCell, ...]

    @property
    def filled(self) -> list[FoundCell]:
        return [cell for cell in self.cells if cell.text]


@dataclass
class Piece:
    """Consecutive rows of one found table that belong to one official table; `nth` counts the document's pieces."""

    nth: int
    found: FoundTable
    lines: list[Line] = field(default_factory=list)


def lines_of(found: FoundTable) -> list[Line]:
    return [Line(found, number, tuple(_trimmed(cell) for cell in cells)) for number, cells in enumerate(found.rows())]


def _trimmed(cell: FoundCell) -> FoundCell:
    """A cell that holds nothing but white space is blank; nobody looks at more than the beginning of a long text."""
    text = cell.text[:_LONGEST_CELL].strip(_SPACE)
    return cell if text == cell.text else replace(cell, text=text)


def spellings_in(document: Document) -> set[str]:
    """Every spelling of a label that the document's tables may contain."""
    found: set[str] = set()
    for table in document.tables:
        for cell in table.cells:
            if cell.text and len(cell.text) <= _LONGEST_LABEL and not is_value(cell.text):
                found.update((exact(cell.text), bare(cell.text), characters(cell.text)))
    return found


def layouts_by_labels(document: Document, forms: Sequence[Form]) -> dict[str, dict[str, int]]:
    """Table key → form id → how well the form's labels fit: those found, less those looked for in vain."""
    found = spellings_in(document)
    fits: dict[str, dict[str, int]] = {}
    for form in forms:
        for key, words in vocabulary(form).tables.items():
            if not _is_there(vocabulary(form), key, found):
                continue
            telling = {label: all_ for label, all_ in words.spellings.items() if len(label) >= _TELLING}
            matched = sum(
                1 for spellings in telling.values() if any(s in found for s in spellings if len(s) >= _TELLING)
            )
            fits.setdefault(key, {})[form.id] = 2 * matched - len(telling)
    return fits


def _is_there(words: Vocabulary, key: str, found: set[str]) -> bool:
    if found & words.anchors[key]:
        return True
    labels = words.tables[key].spellings
    return 2 * sum(1 for spellings in labels.values() if spellings & found) > len(labels)


def segments(document: Document, words: Vocabulary) -> dict[str, list[Piece]]:
    """Returns the pieces of each official table, in reading order; a table that is not there has none."""
    pieces: dict[str, list[Piece]] = {key: [] for key in words.tables}
    before: str | None = None
    between = 0
    banners: list[str] = []
    for nth, piece in enumerate(document.pieces):
        if not isinstance(piece, FoundTable):
            text = piece.text.strip()
            between += len(text)
            banners = [text] if _is_banner(text, words) else []
            continue
        # A page number or a running title may stand between the pieces of a table, but no text.
        if between > _RUNNING_TITLE:
            before = None
        between = 0
        above, banners = banners, []
        for owner, part in _parts(piece, nth, words, before, above):
            there = {s for line in part.lines for s in _spellings(line)}
            own = _is_there(
                words, owner, there | {b for line in part.lines for b in _banners(line, words.tables[owner])}
            )
            if (own or before == owner) and not _has_other_heads(part, words):
                pieces[owner].append(part)
                before = owner
            else:
                before = None
    return pieces


def _has_other_heads(part: Piece, words: Vocabulary) -> bool:
    """Whether a piece begins with heads that no official table knows: a table of the agency's own, in the form's words.

    项目、2024 年、2023 年、增减 over rows called 本年新收 and 上年结转 is a comparison, not a piece of table 三.
    """
    first = next((line for line in part.lines if line.filled), None)
    if first is None or len(first.filled) < 2 or any(is_value(cell.text) for cell in first.filled):
        return False
    return _owner(first, words) is None


def _spellings(line: Line) -> Iterator[str]:
    for cell in line.cells:
        if cell.text and len(cell.text) <= _LONGEST_LABEL:
            yield exact(cell.text)
            yield bare(cell.text)
            yield characters(cell.text)


def _banners(line: Line, words: TableWords) -> Iterator[str]:
    by_block = {block: banner for banner, block in words.banners.items()}
    for cell in line.cells:
        if (block := words.banner(cell.text)) is not None:
            yield by_block[block]


def _is_banner(text: str, words: Vocabulary) -> bool:
    return any(table.banner(text) is not None for table in words.tables.values())


def _parts(
    found: FoundTable, nth: int, words: Vocabulary, before: str | None, above: list[str]
) -> Iterator[tuple[str, Piece]]:
    """Cuts a found table where its rows begin to speak of another official table.

    A banner that stands as a paragraph directly above the table (`above`) is its first row.
    """
    lines = [Line(found, -1, (FoundCell(-1, 0, text),)) for text in above] + lines_of(found)
    owners = [_owner(line, words) for line in lines]
    current = next((owner for owner in owners if owner), before)
    if current is None:
        return
    part = Piece(nth, found)
    for line, owner in zip(lines, owners, strict=True):
        if owner and owner != current:
            yield current, part
            current, part = owner, Piece(nth, found)
        part.lines.append(line)
    yield current, part


def _owner(line: Line, words: Vocabulary) -> str | None:
    votes: dict[str, int] = {}
    for cell in line.cells:
        if not cell.text or len(cell.text) > _LONGEST_LABEL:
            continue
        owner = (
            words.owner.get(exact(cell.text))
            or words.owner.get(characters(cell.text))
            or words.owner.get(bare(cell.text))
        )
        if owner is None:
            owner = next((key for key, table in words.tables.items() if table.banner(cell.text) is not None), None)
        if owner is not None:
            votes[owner] = votes.get(owner, 0) + 1
    return max(votes, key=lambda key: votes[key]) if votes else None
