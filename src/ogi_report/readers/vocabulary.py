"""The words by which a form's tables are found and read: every label with what it stands for, taken from the form.

Two spellings of a label are compared: the exact one (`forms.normalise`) and a bare one without numbering, notes in
brackets and punctuation, for labels that lost or gained these on their way to a web page. An alias joins spellings,
never meanings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar

from ogi_report.figures import Kind, parse_cell
from ogi_report.forms import Column, Form, Row, Table, equations, normalise

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、,.:]|\([一二三四五六七八九十0-9]{1,3}\)[、,.]?|\d{1,2}(?:[.、,:](?!\d)|(?=[\u4e00-\u9fff]{4})))"
)
_NOTE = re.compile(r"\([^()]*\)")
_DIGITS = re.compile(r"[0-9０-９.,，]+")
_LONG = 8
"""A label of so many characters names its table beyond doubt."""


@lru_cache(16_384)
def exact(text: str) -> str:
    return normalise(text)


@lru_cache(16_384)
def bare(text: str) -> str:
    """Returns a label without numbering, bracketed notes, punctuation and white space.

    >>> bare("3．危及“三安全一稳定”"), bare("本年增/减（减用负值表示）"), bare("（七） 总计")
    ('危及三安全一稳定', '本年增减', '总计')
    """
    text = _NUMBERING.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    before = None
    while before != text:
        before, text = text, _NOTE.sub("", text)
    return re.sub(r"[\W_]+", "", text)


@lru_cache(16_384)
def characters(text: str) -> str:
    """Returns a label's letters and digits, with what stands in brackets."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


@lru_cache(16_384)
def is_value(text: str) -> bool:
    """Whether a cell's text is a number or a sign for none, whatever its unit."""
    if _DIGITS.fullmatch(text):
        return True
    kinds = {parse_cell(text, unit).kind for unit in ("件", "元")}
    return not kinds.isdisjoint((Kind.NUMBER, Kind.PLACEHOLDER))


@lru_cache(16_384)
def is_stroke(text: str) -> bool:
    """Whether a cell holds a sign for nothing (`/`, `—`), as it is drawn into boxes that the form leaves out."""
    return parse_cell(text).kind is Kind.PLACEHOLDER


@lru_cache(16_384)
def numbering(text: str) -> str:
    """Returns a label's numbering, `3.` of `3．其他`, or an empty text."""
    found = _NUMBERING.match(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))
    return re.sub(r"[\W_]+", "", found[0]) if found else ""


@dataclass(frozen=True, eq=False)
class RowWord:
    """A row's label, or that of a group of rows; `record` is the row's key, `group` the group's."""

    label: Row
    above: tuple[Row, ...]
    block: int
    record: str | None
    group: str | None

    @property
    def path(self) -> tuple[Row, ...]:
        return (*self.above, self.label)


@dataclass(frozen=True, eq=False)
class ColumnWord:
    """A column's label, or that of a group of columns; `field` is the column's key within its block."""

    label: Column
    above: tuple[Column, ...]
    block: int
    field: str | None


W = TypeVar("W", RowWord, ColumnWord)


@dataclass
class TableWords:
    """All labels of one table of a form."""

    table: Table
    banners: dict[str, int] = field(default_factory=dict)
    stubheads: set[str] = field(default_factory=set)
    rows: dict[str, list[RowWord]] = field(default_factory=dict)
    bare_rows: dict[str, list[RowWord]] = field(default_factory=dict)
    columns: dict[str, list[ColumnWord]] = field(default_factory=dict)
    bare_columns: dict[str, list[ColumnWord]] = field(default_factory=dict)
    spellings: dict[str, set[str]] = field(default_factory=dict)
    """Official exact spelling of each label → all the spellings under which it is known."""
    sums: dict[str, list[Mapping[str, int]]] = field(default_factory=dict)
    """Record → its row sums, as coefficients by cell key that add up to 0."""

    def leaf_columns(self, block: int) -> list[ColumnWord]:
        return [word for word in self.column_words if word.block == block and word.field]

    @cached_property
    def column_words(self) -> list[ColumnWord]:
        return [word for number, block in enumerate(self.table.blocks) for word in _columns(block.columns, number)]

    @cached_property
    def row_words(self) -> list[RowWord]:
        return [word for number, block in enumerate(self.table.blocks) for word in _rows(block.rows, number)]

    def banner(self, text: str) -> int | None:
        """The block that a banner opens: `第二十条第（五）项`, also with 《条例》 before it or a remark behind."""
        if not self.banners or not 3 <= len(text) <= 60:
            return None
        found = characters(text)
        for banner, block in self.banners.items():
            if banner in found and len(found) <= len(banner) + 16:
                return block
            if len(short := banner[banner.rfind("第") :]) >= 3 and found == short:
                return block
        return None

    def is_stubhead(self, text: str) -> bool:
        return characters(text) in self.stubheads


@dataclass
class Vocabulary:
    """A form's words, and which of them belong to one table only."""

    form: Form
    tables: dict[str, TableWords]
    owner: dict[str, str]
    """Spelling → the only table that uses it."""
    anchors: dict[str, set[str]]
    """Table → spellings that name it beyond doubt."""


_known: dict[int, Vocabulary] = {}


def vocabulary(form: Form) -> Vocabulary:
    """Returns a form's words, which are built once; the form is kept alive, so that its identity stays its own."""
    found = _known.get(id(form))
    if found is None:
        found = _known[id(form)] = _build(form)
    return found


def _build(form: Form) -> Vocabulary:
    tables = {table.key: _table_words(table) for table in form.tables}
    for equation in equations(form):
        if equation.relation == "=" and equation.each in ("row", "group") and not equation.constant:
            record = form.table(equation.table).cells[equation.cells[0]].record
            tables[equation.table].sums.setdefault(record, []).append(equation.coefficients)
    users: dict[str, set[str]] = {}
    for key, words in tables.items():
        for spelling in (*words.banners, *(s for spellings in words.spellings.values() for s in spellings)):
            users.setdefault(spelling, set()).add(key)
    owner = {spelling: next(iter(keys)) for spelling, keys in users.items() if len(keys) == 1}
    anchors = {
        key: {s for s, only in owner.items() if only == key and (len(s) >= _LONG or s in words.banners)}
        for key, words in tables.items()
    }
    return Vocabulary(form, tables, owner, anchors)


def _table_words(table: Table) -> TableWords:
    words = TableWords(table)
    for number, block in enumerate(table.blocks):
        if block.banner:
            words.banners[characters(block.banner)] = number
        if block.stubhead:
            words.stubheads.add(characters(block.stubhead))
            words.spellings[exact(block.stubhead)] = {exact(block.stubhead), characters(block.stubhead)}
    for column in words.column_words:
        _index(column, words.columns, words.bare_columns, words.spellings)
    for row in words.row_words:
        _index(row, words.rows, words.bare_rows, words.spellings)
    return words


def _index(word: W, by_exact: dict[str, list[W]], by_bare: dict[str, list[W]], spellings: dict[str, set[str]]) -> None:
    exacts = {exact(text): None for text in (word.label.label, *word.label.aliases)}
    bares = {bare(text): None for text in (word.label.label, *word.label.aliases)}
    for spelling in exacts:
        by_exact.setdefault(spelling, []).append(word)
    for spelling in bares:
        by_bare.setdefault(spelling, []).append(word)
    spellings.setdefault(exact(word.label.label), set()).update(exacts, bares)


def _rows(rows: Iterable[Row], block: int, key: str = "", above: tuple[Row, ...] = ()) -> Iterator[RowWord]:
    for row in rows:
        path = f"{key}.{row.key}".strip(".") if row.key else key
        if row.rows:
            yield RowWord(row, above, block, None, path if row.key else None)
            yield from _rows(row.rows, block, path, (*above, row))
        else:
            yield RowWord(row, above, block, path, None)


def _columns(
    columns: Iterable[Column], block: int, key: str = "", above: tuple[Column, ...] = ()
) -> Iterator[ColumnWord]:
    for column in columns:
        path = f"{key}.{column.key}".strip(".") if column.key else key
        if column.columns:
            yield ColumnWord(column, above, block, None)
            yield from _columns(column.columns, block, path, (*above, column))
        else:
            yield ColumnWord(column, above, block, path)
