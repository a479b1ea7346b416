"""A report held against the catalogue: what was found, which rules ran, which did not and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self, overload

from ogi_report.errors import UnresolvedErrors
from ogi_report.in_words import InWords
from ogi_report.rules.catalogue import CONDITIONS, catalogue
from ogi_report.rules.context import Context
from ogi_report.rules.equations import confront_equations
from ogi_report.rules.local import LocalRules, confront_local
from ogi_report.rules.rule import Finding, Outcome, Rule, Severity, Tally, confront
from ogi_report.rules.waivers import Waiver, WaiverUse, apply_waivers

_GATHERING = frozenset(rule.id for rule in CONDITIONS if rule.scope is not None and rule.scope.gathers)
"""Rules of which a finding names every cell of a table that has the same fault."""


@dataclass(frozen=True)
class Findings(InWords, Sequence[Finding]):
    """A check's result: the fails, most severe first and waived ones last, and the coverage by rule id."""

    context: Context
    items: tuple[Finding, ...]
    coverage: Mapping[str, Tally]
    waivers: tuple[WaiverUse, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity; waived ones are counted under `waived` only."""
        counts = {str(severity): 0 for severity in Severity} | {"waived": 0}
        for finding in self.items:
            counts["waived" if finding.waived is not None else str(finding.severity)] += 1
        return counts

    @property
    def unresolved(self) -> tuple[Finding, ...]:
        """Findings of severity error that nobody has waived: they block publication."""
        return tuple(f for f in self.items if f.severity is Severity.ERROR and f.waived is None)

    def raise_on_errors(self) -> None:
        """Does nothing if the report may be published.

        Raises:
            UnresolvedErrors: one Chinese sentence with the number of unwaived errors, and the first three.
        """
        if not self.unresolved:
            return
        first = [f"{finding.rule}：{finding.message}" for finding in self.unresolved[:3]]
        more = f"……其余 {len(self.unresolved) - 3} 项见上面的一致性检查。" if len(self.unresolved) > 3 else ""
        raise UnresolvedErrors(
            [
                f"有 {len(self.unresolved)} 项必须改正的问题，改正或写明豁免理由后才能发布：",
                *first,
                *([more] if more else []),
            ]
        )

    def joined(self, findings: Sequence[Finding], coverage: Mapping[str, Tally]) -> Self:
        """Returns the same check with what the report's peers showed besides."""
        items = sorted((*self.items, *findings), key=lambda finding: finding.sort_key)
        tallies = {id: tally.joined(coverage[id]) if id in coverage else tally for id, tally in self.coverage.items()}
        return replace(self, items=tuple(items), coverage=tallies)

    def _in_words(self) -> str:
        return "\n".join([f"{len(self)} 项问题，{len(self.coverage)} 条规则：", *map(str, self)])

    def as_json(self) -> dict[str, Any]:
        return dict(self._json)

    @cached_property
    def _json(self) -> dict[str, Any]:
        """A notebook shows its findings twice: with the report's card, and by themselves."""
        return {
            "findings": [finding.as_json() for finding in self.items],
            "coverage": {rule: tally.as_json() for rule, tally in self.coverage.items()},
            "counts": self.counts,
        }


def check(
    context: Context,
    waivers: Sequence[Waiver] = (),
    rules: Sequence[Rule] = (),
    local: LocalRules | None = None,
) -> Findings:
    """Holds a report against every rule of the catalogue, and `rules` and a project's `local` ones besides.

    Numbers are never changed; a rule that cannot be decided is counted as `n/a` with its reason.
    """
    form = context.figures.form
    own = local or LocalRules()
    conditions = own.graded((*CONDITIONS, *rules))
    order = {rule.id: number for number, rule in enumerate((*catalogue((form,)), *rules, *own.rules))}
    coverage = {id: Tally() for id in order}
    found: list[Finding] = []
    for rule in conditions:
        found.extend(confront(rule, context, coverage[rule.id]))
    found.extend(confront_equations(context, coverage))
    found.extend(confront_local(own, context, coverage))
    undecided = {id: tally.why or "" for id, tally in coverage.items() if not tally.decided}
    found, uses = apply_waivers(found, waivers, context.figures, undecided, _GATHERING)
    found.sort(key=lambda finding: (*finding.sort_key, order[finding.rule]))
    return Findings(context, tuple(found), coverage, tuple(uses))


__all__ = ["Finding", "Findings", "Outcome", "check"]
