"""Findings that somebody has let pass, for as long as the values stay what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from ogi_report.figures import Figures, parse_cell
from ogi_report.in_words import InWords
from ogi_report.rules.rule import Finding


class Waiver(Protocol):
    """What a params file says about one finding; `cells` maps cell keys to the values they had."""

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


def apply_waivers(
    findings: Sequence[Finding],
    waivers: Sequence[Waiver],
    figures: Figures,
    undecided: Mapping[str, str] | None = None,
) -> tuple[list[Finding], list[WaiverUse]]:
    """Returns the findings with `waived` filled in, and the use made of each waiver.

    A waiver without cells holds for findings that name no cell. One with cells holds for findings that name all of
    these, as long as each still has the value that it was given for; else it lapses, and the finding says so.
    `undecided` maps rules that reached no verdict to the reason: a waiver for one of them was neither used nor needless.
    """
    result = list(findings)
    uses = []
    for waiver in waivers:
        idle = (undecided or {}).get(waiver.rule)
        state, why = WaiverState.UNUSED, "没有这样的问题" if idle is None else f"这条规则没有用上（{idle}）"
        for number, finding in enumerate(result):
            if finding.rule != waiver.rule or finding.waived is not None:
                continue
            if not waiver.cells and finding.cells:
                why = "没有写明单元格和当时的值（cells），不能用于有单元格的问题"
                continue
            if not set(waiver.cells) <= set(finding.cells):
                continue
            changed = [text for key, value in waiver.cells.items() if (text := _changed(key, value, figures))]
            if changed:
                state, why = WaiverState.LAPSED, "；".join(changed)
                note = f"（{waiver.on} 曾因“{waiver.reason}”豁免，现已失效：{why}）"
                result[number] = replace(finding, message=finding.message + note)
            else:
                state, why = WaiverState.IN_FORCE, ""
                record = {"reason": waiver.reason, "by": waiver.by, "on": waiver.on, "cells": dict(waiver.cells)}
                result[number] = replace(finding, waived=record)
        uses.append(WaiverUse(waiver, state, why))
    return result, uses


def _changed(key: str, then: str | None, figures: Figures) -> str:
    """Says how a cell has changed since a waiver was given, or nothing."""
    if key not in figures:
        return f"{key} 不在表中"
    spec, now = figures.form.cells[key], figures[key]
    before = parse_cell(then or "", spec.unit)
    same = now.value == before.value if before.is_number else now.raw.strip() == before.raw.strip()
    return "" if same else f"“{spec.label}”由“{then or '空白'}”改为“{now.raw or '空白'}”"
