"""What may stand in a ledger's cells: the form's own labels and keys, in whatever spelling, and yes or no.

An alias joins spellings, never meanings: brackets are part of what was written, so 予以公开（部分） is not 予以公开.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ogi_report.figures import Kind, parse_cell
from ogi_report.forms import Column, Form, Row
from ogi_report.ledger import APPLICATIONS, PENDING, REMEDIES, REMEDY_HEADINGS, roles
from ogi_report.readers.vocabulary import characters, exact, numbering, vocabulary

_BETWEEN = re.compile(r"[\s\-—–_/\\>→:：]+")
_BRACKETS = re.compile(r"[\s\-—–_/\\>→:：()（）]+")
_YES = frozenset({"是", "有", "√", "✓", "✔", "对", "y", "yes", "1", "true"})
_NO = frozenset({"否", "未", "没有", "×", "0", "n", "no", "false"})


class NotAWord(ValueError):
    """A text is none of the form's words; `hint` says in Chinese which might be meant. The text itself is not quoted."""

    def __init__(self, hint: str):
        self.hint = hint
        super().__init__(hint)


@dataclass
class Words:
    """One list of the form's labels: spelling → key, and the groups whose label alone says too little."""

    labels: dict[str, str] = field(default_factory=dict)
    """Key → official label."""
    spellings: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    """Spelling of a group → the labels within it."""
    read: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, label: Row | Column, above: Sequence[Row | Column]) -> None:
        """Takes in a label under all its spellings, alone and behind each group that it stands in."""
        self.labels[key] = label.label
        own = [label.label, *label.aliases, label.name, key]
        for text in own:
            self.spellings |= dict.fromkeys(_spellings(text), key)
        for group in above:
            for one in (group.label, group.name):
                self.spellings |= {_plain(one) + _plain(text): key for text in own}
            for spelling in {*_spellings(group.label), *_spellings(group.name)}:
                self.groups.setdefault(spelling, []).append(label.label)

    def key(self, text: str) -> str:
        """Returns the key that a text stands for.

        Raises:
            NotAWord: it stands for none, or for one of several.
        """
        found = self.read.get(text)
        if found is None:
            found = self.read[text] = self._key(text)
        return found

    def _key(self, text: str) -> str:
        spelt = _spellings(text)
        for spelling in spelt:
            if spelling in self.spellings:
                return self.spellings[spelling]
        for spelling in spelt:
            if spelling in self.groups:
                raise NotAWord(f"只写到大类，请写明是哪一项：{'、'.join(self.groups[spelling])}")
        close = difflib.get_close_matches(spelt[-1], self.spellings, n=3)
        labels = list(dict.fromkeys(self.labels[self.spellings[spelling]] for spelling in close))
        if labels:
            raise NotAWord(f"写的不是表样的用词，是不是要写{'、'.join(f'“{label}”' for label in labels)}")
        raise NotAWord(f"写的不是表样的用词，只能写：{'、'.join(self.labels.values())}")


def _plain(text: str) -> str:
    """A label without numbering, punctuation and white space, brackets' content kept."""
    return characters(text).removeprefix(numbering(text))


def _spellings(text: str) -> list[str]:
    """The spellings under which a text is looked up, the strictest first."""
    found = [exact(text), _plain(text)]
    for between in (_BETWEEN, _BRACKETS):
        found.append("".join(_plain(piece) for piece in between.split(text) if piece))
    return list(dict.fromkeys(spelling for spelling in found if spelling))


@dataclass(frozen=True)
class LedgerWords:
    """The words of a ledger under one form."""

    applicants: Words
    outcomes: Words
    results: dict[str, Words]
    """Kind of remedy → its results; the one for 尚未审结 has the key `PENDING`."""


_known: dict[int, tuple[Form, LedgerWords]] = {}


def ledger_words(form: Form) -> LedgerWords:
    """Returns the words of a form's ledgers, put together once."""
    if id(form) not in _known:
        _known[id(form)] = (form, _build(form))
    return _known[id(form)][1]


def _build(form: Form) -> LedgerWords:
    asked, words = roles(form), vocabulary(form).tables[APPLICATIONS]
    applicants, outcomes = Words(), Words()
    for column in words.column_words:
        if column.field in asked.applicants:
            applicants.add(str(column.field), column.label, [label for label in column.above if label.key])
    for row in words.row_words:
        if row.record in asked.outcomes:
            outcomes.add(str(row.record), row.label, [label for label in row.above if label.key])
    return LedgerWords(
        applicants, outcomes, {group: _results(form, group, keys) for group, keys in asked.results.items()}
    )


def _results(form: Form, group: str, keys: Iterable[str]) -> Words:
    """A result may leave out the word that the column's heading has: 维持 for 结果维持."""
    fields, words = form.table(REMEDIES).records[group].fields, Words()
    heading = next(heading.what for heading in REMEDY_HEADINGS if heading.key == "result")
    for key in keys:
        label = fields[key].column.leaf
        words.add(key, label, ())
        if key != PENDING and (short := label.label.replace(heading, "")):
            words.spellings.setdefault(_plain(short), key)
    return words


def yes_or_no(text: str) -> bool:
    """Reads yes or no; a blank or a stroke is no.

    Raises:
        NotAWord: it is neither.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if plain in _YES:
        return True
    if plain in _NO or parse_cell(plain).kind in (Kind.BLANK, Kind.PLACEHOLDER):
        return False
    raise NotAWord("只能写是或否")
