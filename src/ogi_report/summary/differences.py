"""Where the body's own figures and the sums of those below it differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ogi_report.figures import Figures, Number, format_number
from ogi_report.in_words import InWords
from ogi_report.rules.additions import Addition


@dataclass(frozen=True, slots=True)
class Difference(InWords):
    """A cell of the body's own report that is not the complete sum; `own` is None where it holds no number."""

    key: str
    label: str
    own: Number | None
    raw: str
    added: Number

    def _in_words(self) -> str:
        return f"“{self.label}”：本级报告 {self.raw.strip() or '空白'}，下级合计 {format_number(self.added)}"


def differences(own: Figures, added: Mapping[str, Addition]) -> list[Difference]:
    """Compares cell by cell, in the form's order; a sum that lacks anybody's number is compared with nothing."""
    found = []
    for key, addition in added.items():
        cell = own.cells.get(key)
        if cell is not None and addition.complete and addition.total is not None and cell.value != addition.total:
            found.append(Difference(key, own.form.cells[key].label, cell.value, cell.raw, addition.total))
    return found
