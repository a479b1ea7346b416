"""What the pages of the rules say: the rule as the catalogue declares it, and the reports in which it does not hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote

from ogi_report.batch.junit import Suite
from ogi_report.batch.result import Result
from ogi_report.forms import official_forms
from ogi_report.rules import LocalRules, Outcome, Severity, catalogue
from ogi_report.rules.examples import context_of
from ogi_report.rules.rule import Rule, Tally, confront

OVERALL = "rules/index.html"


@dataclass(frozen=True)
class Kind:
    """A rule as declared, once for each severity that it has."""

    severity: Severity
    title: str
    where: str
    source: str
    formulas: tuple[str, ...]
    example: str


@dataclass
class RulePage:
    """One rule over all reports; `reports` has (year, [(report, number on its review page, how many findings)])."""

    id: str
    kinds: Sequence[Kind]
    outcomes: Counter[str] = field(default_factory=Counter)
    found: dict[tuple[int, str], tuple[Result, int | None, int]] = field(default_factory=dict)
    has_notes: bool = False

    @property
    def failing(self) -> int:
        return len(self.found)

    @property
    def reports(self) -> list[tuple[int, list[tuple[Result, int | None, int]]]]:
        years = sorted({year for year, _ in self.found}, reverse=True)
        return [(year, [told for (of, _), told in self.found.items() if of == year]) for year in years]


def page_of(rule: str) -> str:
    """Where a rule's page is. A notebook may give its own findings any name; what makes no file name has no page.

    >>> page_of("T3-BALANCE"), page_of("../x")
    ('rules/T3-BALANCE.html', 'rules/index.html')
    """
    return f"rules/{quote(rule)}.html" if _named(rule) else OVERALL


def _named(rule: str) -> bool:
    return re.fullmatch(r"\w[\w-]{0,80}", rule) is not None and rule != "index"


def rule_pages(suites: Sequence[Suite], local: LocalRules) -> list[RulePage]:
    """Returns a page for each rule of the catalogue, each local one, and each that a notebook added, in this order."""
    pages = {rule: RulePage(rule, kinds) for rule, kinds in _official().items()}
    for rule in local.rules:
        pages.setdefault(rule.id, RulePage(rule.id, [])).kinds = [_kind(rule, ())]
    # Most reports share what their rules decided (`read_reports`): it is counted how often, and added up once.
    often = Counter((name, id(tally)) for _, _, coverage in suites for name, tally in coverage.items())
    tallies = {id(tally): tally for _, _, coverage in suites for tally in coverage.values()}
    for (name, one), times in often.items():
        outcomes = pages.setdefault(name, RulePage(name, [])).outcomes
        for outcome in map(str, Outcome):
            outcomes[outcome] += times * tallies[one][outcome]
    for result, told, _ in suites:
        for place, finding in told:
            page = pages.setdefault(finding["rule"], RulePage(finding["rule"], []))
            if finding["waived"] is None:
                _, first, number = page.found.get((result.year, result.agency), (result, place, 0))
                page.found[result.year, result.agency] = (result, first, number + 1)
                page.has_notes |= finding["severity"] == Severity.NOTE
    return [page for name, page in pages.items() if _named(name)]


@cache
def _official() -> dict[str, list[Kind]]:
    """The catalogue by rule, with an example of what a finding says."""
    equations = {spec.id: tuple(spec.holds) for form in official_forms().values() for spec in form.equations}
    found: dict[str, list[Kind]] = {}
    for rule in catalogue():
        found.setdefault(rule.id, []).append(_kind(rule, equations.get(rule.id, ())))
    return found


def _kind(rule: Rule, formulas: tuple[str, ...]) -> Kind:
    finding = next(iter(confront(rule, context_of(rule.fires[0]), Tally())), None) if rule.fires else None
    said = finding.message if finding is not None else ""
    return Kind(rule.severity, rule.title, rule.where, rule.source, formulas, said)
