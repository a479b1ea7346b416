"""Findings that somebody has let pass, for as long as what was found stays what it was."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from ogi_report.figures import Figures, parse_cell
from ogi_report.in_words import InWords
from ogi_report.rules.rule import Finding


class Waiver(Protocol):
    """What a params file says about one finding.

    `cells` maps cell keys to the values that they had, `quote` is the sentence that was quoted; `message` binds a finding that
    has neither to what it said.
    """

    @property
    def rule(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def on(self) -> str: ...
    @property
    def cells(self) -> Mapping[str, str | None]: ...
    @property
    def quote(self) -> str | None: ...
    @property
    def message(self) -> str | None: ...


class WaiverState(StrEnum):
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    UNUSED = "unused"

    @property
    def chinese(self) -> str:
        return {"in_force": "生效", "lapsed": "已失效", "unused": "没有用到"}[self.value]


@dataclass(frozen=True)
class WaiverUse(InWords):
    """What became of a waiver in one check; `why` explains a lapse in Chinese."""

    waiver: Waiver
    state: WaiverState
    why: str = ""

    def _in_words(self) -> str:
        return f"{self.waiver.rule}：{self.state.chinese}{f'（{self.why}）' if self.why else ''}"


@dataclass(frozen=True)
class Binding:
    """What a waiver of a finding is bound to: the values of its cells, its quotation or, where it has neither, its words."""

    rule: str
    cells: Mapping[str, str | None]
    quote: str | None = None
    message: str | None = None

    @property
    def mark(self) -> str:
        """A short name of the finding, which changes when what it is bound to changes: `T4-SUM@3f9a21`."""
        told = f"{self.rule}\n{dict(self.cells)}\n{self.quote}\n{self.message}"
        return f"{self.rule}@{hashlib.blake2b(told.encode(), digest_size=3).hexdigest()}"


def binding(finding: Finding, figures: Figures) -> Binding:
    """Returns what a waiver of this finding is to be bound to, as things stand."""
    quote = " ".join(finding.quote.split()) if finding.quote else None
    message = None if finding.cells or quote else finding.message.removesuffix(finding.lapsed)
    return Binding(finding.rule, {key: _as_it_is(key, figures) for key in finding.cells}, quote, message)


def _as_it_is(key: str, figures: Figures) -> str | None:
    """What stands in a cell, or its number where a heading gave the unit (万元) that the text does not show."""
    cell = figures[key]
    if cell.value is None:
        return cell.raw.strip() or None
    number = str(cell.value)
    same = cell.raw == number or parse_cell(cell.raw, figures.form.cells[key].unit).value == cell.value
    return cell.raw.strip() if same else number


def apply_waivers(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    figures: Figures,
    undecided: Mapping[str, str] | None = None,
    gathering: Collection[str] = (),
) -> tuple[list[Finding], list[WaiverUse]]:
    """Returns the findings with `waived` filled in, and the use made of each waiver.

    A waiver without cells holds for findings that name no cell. One with cells holds for findings that name all of
    these, as long as each still has the value that it was given for, and as long as the sentence quoted is still the same;
    else it lapses, and the finding says so. A finding of a `gathering` rule names all cells of a table that have the same
    fault (159 blanks): its waiver lapses as well when another cell joins them, or when one is mended.
    `undecided` maps rules that reached no verdict to the reason: a waiver for one of them was neither used nor needless.
    """
    result = list(findings)
    in_force: set[int] = set()
    for index, waiver in enumerate(waivers):
        for number, finding in enumerate(result):
            if _concerns(waiver, finding, gathering) and not _changes(waiver, finding, figures, gathering):
                record = {"reason": waiver.reason, "by": waiver.by, "on": waiver.on, "cells": dict(waiver.cells)}
                result[number] = replace(finding, waived=record)
                in_force.add(index)
    uses = []
    for index, waiver in enumerate(waivers):
        if index in in_force:
            uses.append(WaiverUse(waiver, WaiverState.IN_FORCE))
            continue
        concerned = [number for number, f in enumerate(result) if _concerns(waiver, f, gathering)]
        if not concerned:
            uses.append(WaiverUse(waiver, WaiverState.UNUSED, _why_unused(waiver, result, undecided or {})))
            continue
        changed = {n: "；".join(_changes(waiver, result[n], figures, gathering)) for n in concerned}
        uses.append(WaiverUse(waiver, WaiverState.LAPSED, changed[concerned[-1]]))
        if waiver.cells or len(concerned) == 1:  # of several sentences none is known to be the one that was changed
            for number, why in changed.items():
                note = f"（{waiver.on} 曾因“{waiver.reason}”豁免，现已失效：{why}）"
                finding = result[number]
                result[number] = replace(finding, message=finding.message + note, lapsed=finding.lapsed + note)
    return result, uses


def _concerns(waiver: Waiver, finding: Finding, gathering: Collection[str]) -> bool:
    """Whether a waiver was given for such a finding, be it with other values."""
    if finding.rule != waiver.rule or finding.waived is not None:
        return False
    if not waiver.cells:
        return not finding.cells
    if finding.rule in gathering:
        return not set(waiver.cells).isdisjoint(finding.cells)
    return set(waiver.cells) <= set(finding.cells)


def _changes(waiver: Waiver, finding: Finding, figures: Figures, gathering: Collection[str]) -> list[str]:
    """Says in Chinese how what was found differs from what a waiver was given for."""
    found = list(_changed_cells(waiver, finding, figures, finding.rule in gathering))
    if waiver.quote is not None and " ".join(waiver.quote.split()) != " ".join((finding.quote or "").split()):
        found.append("原来引用的句子改了")
    if waiver.message is not None and waiver.message.strip() != finding.message.removesuffix(finding.lapsed).strip():
        found.append("问题的内容变了")
    return found


def _changed_cells(waiver: Waiver, finding: Finding, figures: Figures, gathered: bool) -> Iterator[str]:
    for key, then in waiver.cells.items():
        if key not in figures:
            yield f"{key} 不在表中"
            continue
        spec, now = figures.form.cells[key], figures[key]
        before = parse_cell(then or "", spec.unit)
        same = now.value == before.value if before.is_number else now.raw.strip() == before.raw.strip()
        if not same:
            yield f"“{spec.label}”由“{then or '空白'}”改为“{now.raw or '空白'}”"
        elif gathered and key not in finding.cells:
            yield f"“{spec.label}”已不在其中"
    new = [key for key in finding.cells if key not in waiver.cells] if waiver.cells and gathered else []
    if new:
        others = f"等 {len(new)} 格" if len(new) > 1 else ""
        yield f"又有“{figures.form.cells[new[0]].label}”{others}"


def _why_unused(waiver: Waiver, findings: Sequence[Finding], undecided: Mapping[str, str]) -> str:
    if waiver.rule in undecided:
        return f"这条规则没有用上（{undecided[waiver.rule]}）"
    if not waiver.cells and any(f.rule == waiver.rule and f.waived is None for f in findings):
        return "没有写明单元格和当时的值（cells），不能用于有单元格的问题"
    return "没有这样的问题"
