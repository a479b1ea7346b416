"""What a source says of one official table, and the figures that the readings of all tables make together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ogi_report.figures import Cell, Doubt, DoubtKind, Figures, FoundLabel
from ogi_report.forms import Form, LocalRow, Table


@dataclass
class TableReading:
    """One table as it was read, before its local rows are woven into the form."""

    table: Table
    cells: dict[str, Cell] = field(default_factory=dict)
    local: list[LocalRow] = field(default_factory=list)
    missing: list[FoundLabel] = field(default_factory=list)
    labels: list[FoundLabel] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    is_there: bool = True

    def doubt(self, kind: DoubtKind, record: str | None, cells: Sequence[str], message: str, place: str) -> None:
        self.doubts.append(Doubt(kind, self.table.key, record, tuple(cells), message, place))


def figures_of(
    form: Form, readings: Sequence[TableReading], layouts: Mapping[str, str], sources: Sequence[str]
) -> Figures:
    """Puts the readings of a form's tables together.

    Args:
        layouts: table key → the layout that the table was recognised as.
        sources: the files that were read, as messages name them.
    """
    return Figures(
        form.with_local_rows({reading.table.key: tuple(reading.local) for reading in readings}),
        {key: cell for reading in readings for key, cell in reading.cells.items()},
        missing=tuple(found for reading in readings for found in reading.missing),
        labels=tuple(found for reading in readings for found in reading.labels),
        layouts=layouts,
        units={key: unit for reading in readings for key, unit in reading.units.items()},
        sources=tuple(sources),
        doubts=tuple(doubt for reading in readings for doubt in reading.doubts),
    )
