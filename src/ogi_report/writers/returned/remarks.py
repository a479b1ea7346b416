"""What a returned workbook is to say, and where; collected by those who know findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of the workbook, by its sheet's name and its row and column from 0; `label` is how people call it."""

    sheet: str
    row: int
    col: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding as the agency reads it: a line of the list, and a comment on each of the cells it is about.

    `level` is the severity's word for people, `severity` its key. `marked` is False where colouring the cells would hide
    other findings (159 blanks): the list then names the first of them only.
    """

    severity: str
    level: str
    rule: str
    message: str
    quote: str = ""
    suggestion: str = ""
    spots: tuple[Spot, ...] = ()
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Return:
    """Everything that is written into a returned workbook.

    `title` and `summary` head the list; `notes` are the cells, one a sheet, in which a sheet says how many of the remarks
    are about it.
    """

    title: str
    summary: str
    remarks: Sequence[Remark]
    notes: Sequence[Spot]
