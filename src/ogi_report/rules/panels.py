"""A panel of many reports held against the rules at once: equations by matrix, conditions report by report.

The panel is the frame that `figures.panel()` gives: one row for each agency-year, one nullable column for each cell key.
Such a frame does not tell a blank from something unreadable; what is NA counts as blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ogi_report.errors import DataError
from ogi_report.figures import Figures
from ogi_report.forms import Form, form_for_year, official_forms
from ogi_report.in_words import InWords
from ogi_report.rules.catalogue import CONDITIONS, catalogue
from ogi_report.rules.context import Context
from ogi_report.rules.equations import LARGEST, OUTCOMES, EquationSystem, equation_finding, system
from ogi_report.rules.rule import Finding, Outcome, Severity, Tally, confront

CHUNK = 10_000
"""Reports evaluated at a time, so that memory does not grow with the panel."""

Key = tuple[str, int]


@dataclass(frozen=True)
class PanelFindings(InWords):
    """What a panel breaks. `items` are in the panel's order; `coverage` counts outcomes over all reports by rule id."""

    items: tuple[Finding, ...]
    coverage: Mapping[str, Tally]

    def frame(self) -> pd.DataFrame:
        """One line for each finding, numbers exact: agency, year, rule, severity, cells, found, expected, message."""
        columns = ["agency", "year", "rule", "severity", "cells", "found", "expected", "difference", "message"]
        rows = [
            (f.agency, f.year, f.rule, str(f.severity), " ".join(f.cells), f.found, f.expected, f.difference, f.message)
            for f in self.items
        ]
        return pd.DataFrame(rows, columns=columns, dtype=object)

    def outcomes(self) -> pd.DataFrame:
        """Rules by outcomes: how often each rule held, held with blanks read as 0, failed, or could not be decided."""
        told = {id: {str(o): n for o, n in tally.counts.items()} for id, tally in self.coverage.items()}
        return pd.DataFrame.from_dict(told, orient="index", columns=[str(outcome) for outcome in Outcome])

    def _in_words(self) -> str:
        return f"{len(self.items)} 项问题，{len(self.coverage)} 条规则；列表见 frame()，各规则的结果见 outcomes()"


def check_panel(
    frame: pd.DataFrame, *, conditions: bool = True, forms: Mapping[str, Form] | None = None
) -> PanelFindings:
    """Holds every report of a panel against the rules on figures.

    Args:
        frame: indexed by (agency, year), columns are cell keys; an optional column `layout` names each report's form,
            otherwise its year decides. The year before of the same agency, where it is in the frame, is its history.
        conditions: also run the rules that are functions (a few milliseconds for each report); equations alone take
            a second for 100,000 reports.
        forms: layouts by id; the official ones if not given.

    Raises:
        DataError: the index or a column is not as described.
    """
    forms = forms or official_forms()
    layouts = _layouts(frame, forms)
    panel = _Panel.of(frame)
    coverage: dict[str, Tally] = {rule.id: Tally() for rule in catalogue(tuple(forms.values()))}
    found: list[tuple[int, Finding]] = []
    for id, rows in layouts.items():
        for start in range(0, len(rows), CHUNK):
            found += _broken(panel, rows[start : start + CHUNK], forms[id], coverage)
    if conditions:
        found += _conditions(panel, {int(n): forms[id] for id, rows in layouts.items() for n in rows}, coverage)
    order = {id: number for number, id in enumerate(coverage)}
    found.sort(key=lambda item: (item[0], item[1].severity.rank, order[item[1].rule]))
    return PanelFindings(tuple(finding for _, finding in found), coverage)


@dataclass(frozen=True)
class _Panel:
    """The frame taken apart once: getting a column out of a frame costs more than reading it."""

    keys: tuple[Key, ...]
    columns: Mapping[str, Any]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Panel:
        keys = tuple((str(agency), int(year)) for agency, year in frame.index)
        return cls(keys, {str(key): frame[key].array for key in frame.columns})

    def figures(self, position: int, form: Form) -> Figures:
        found = {key: self.columns[key][position] for key in form.cells if key in self.columns}
        exact = {k: int(v) if isinstance(v, np.integer) else v for k, v in found.items() if not pd.isna(v)}
        return Figures.of(form, exact)

    def context(self, position: int, form: Form, last: Figures | None = None) -> Context:
        agency, year = self.keys[position]
        prescribed = next((other.id for other in official_forms().values() if year in other.years), None)
        return Context(self.figures(position, form), agency, year, prescribed_layout=prescribed, last=last)


def _layouts(frame: pd.DataFrame, forms: Mapping[str, Form]) -> dict[str, npt.NDArray[np.int64]]:
    """Layout → positions of its reports."""
    if list(frame.index.names) != ["agency", "year"]:
        raise DataError("面板的索引应当是（agency, year），每行一份报告。")
    if not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()][0]
        raise DataError(f"面板中 {twice[0]} {twice[1]} 年的报告出现了两次；请每份只留一行。")
    known = {key for form in forms.values() for key in form.cells} | {"layout"}
    if unknown := [str(column) for column in frame.columns if column not in known]:
        raise DataError(f"面板有表样中没有的列：{'、'.join(unknown[:5])}；列名应为单元格代码，见 docs/codebook.md。")
    years = frame.index.get_level_values("year")
    if "layout" in frame.columns:
        ids = frame["layout"].astype("string").to_numpy(dtype=object)
    else:
        by_year = {int(year): form_for_year(int(year)).id for year in years.unique()}
        ids = np.array([by_year[int(year)] for year in years], dtype=object)
    if strange := sorted({str(id) for id in ids} - set(forms)):
        raise DataError(f"面板的 layout 列写的是 {strange[0]}；只能是 {'、'.join(forms)}。")
    return {id: np.flatnonzero(ids == id) for id in forms if (ids == id).any()}


def _broken(
    panel: _Panel, rows: npt.NDArray[np.int64], form: Form, coverage: dict[str, Tally]
) -> Iterator[tuple[int, Finding]]:
    """Evaluates a form's equations on some rows; counts the outcomes and yields (position, finding)."""
    compiled = system(form)
    values, blank, unreadable = _matrices(panel, rows, compiled)
    codes = compiled.evaluate(values, blank, unreadable)
    severities = {spec.id: Severity(spec.severity) for spec in form.equations}
    for number, equation in enumerate(compiled.equations):
        tally = coverage[equation.rule]
        for code, outcome in enumerate(OUTCOMES):
            times = int((codes[number] == code).sum())
            tally.counts[outcome] += times
            if times and outcome is Outcome.NOT_APPLICABLE and tally.why is None:
                tally.why = "有关的格未填或不能读"
    contexts: dict[int, Context] = {}
    for equation, place in zip(*np.nonzero(codes == OUTCOMES.index(Outcome.FAIL)), strict=True):
        position = int(rows[place])
        if position not in contexts:
            contexts[position] = panel.context(position, form)
        broken = compiled.equations[equation]
        yield position, equation_finding(broken, severities[broken.rule], contexts[position])


def _matrices(
    panel: _Panel, rows: npt.NDArray[np.int64], compiled: EquationSystem
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """(values, blank, unreadable) of shape (cells, reports), as `EquationSystem.evaluate` takes them."""
    shape = (len(compiled.cells), len(rows))
    values = np.zeros(shape, dtype=np.int64)
    blank, unreadable = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for number, key in enumerate(compiled.cells):
        if key not in panel.columns:
            continue
        column = panel.columns[key].take(rows)
        filled = ~np.asarray(column.isna(), dtype=bool)
        numbers = _integers(column[filled], int(compiled.scale[number]), key)
        small = np.abs(numbers) < LARGEST
        values[number, filled] = np.where(small, numbers, 0)
        blank[number] = ~filled
        unreadable[number, filled] = ~small
    return values, blank, unreadable


def _integers(column: Any, scale: int, key: str) -> npt.NDArray[np.int64]:
    """Exact integers of a column without gaps, scaled.

    Raises:
        DataError: the column holds binary fractions or something else that is no exact number.
    """
    if scale == 1 and pd.api.types.is_integer_dtype(column.dtype):
        return np.asarray(column.to_numpy(dtype=np.int64))
    if pd.api.types.is_float_dtype(column.dtype) and not isinstance(column.dtype, pd.ArrowDtype):
        raise DataError(f"面板的 {key} 列是二进制小数；请用整数（Int64）或精确小数（Decimal）。")
    try:
        scaled = [value * scale for value in column.tolist()]
        exact = [int(value) if value == int(value) else LARGEST for value in scaled]
    except (TypeError, ValueError):
        raise DataError(f"面板的 {key} 列有不是数的值；空白请用 NA。") from None
    return np.array([min(max(value, -LARGEST), LARGEST) for value in exact], dtype=np.int64)


def _conditions(panel: _Panel, forms: Mapping[int, Form], coverage: dict[str, Tally]) -> Iterator[tuple[int, Finding]]:
    """Holds each report against the conditions of the catalogue, with the year before where the panel has it."""
    positions = {key: number for number, key in enumerate(panel.keys)}
    for (agency, year), position in positions.items():
        before = positions.get((agency, year - 1))
        last = panel.figures(before, forms[before]) if before is not None else None
        context = panel.context(position, forms[position], last)
        for rule in CONDITIONS:
            for finding in confront(rule, context, coverage[rule.id]):
                yield position, finding
