"""A project's own rules: equations in the forms' notation, and conditions like those of the catalogue.

They are held against every report like the catalogue's. One that cannot be used never stops a report: it becomes a
finding of its own (LOCAL-BROKEN), so that nobody takes a rule that did not run for one that was met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ogi_report.errors import FormError
from ogi_report.forms import Equation, EquationSpec, compile_equation
from ogi_report.in_words import InWords
from ogi_report.rules.big_changes import RULE, USUAL, BigChange
from ogi_report.rules.context import Context
from ogi_report.rules.equations import EquationSystem, confront_system, rules_for
from ogi_report.rules.rule import Finding, Outcome, Rule, Severity, Tally, confront

PREFIX = "LOCAL-"


@dataclass(frozen=True)
class LocalRules(InWords):
    """What a project adds to the catalogue; `problems` says in Chinese what could not be used, and why.

    `changes` is its measure of changes on last year that need a reason.
    """

    conditions: tuple[Rule, ...] = ()
    equations: tuple[EquationSpec, ...] = ()
    problems: tuple[str, ...] = ()
    changes: BigChange = USUAL

    def graded(self, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        """Rules of the catalogue with the severity that the project has set."""
        severity = self.changes.severity
        if severity is None:
            return tuple(rules)
        return tuple(replace(rule, severity=severity) if rule.id == RULE else rule for rule in rules)

    @property
    def rules(self) -> list[Rule]:
        """Every local rule as the catalogue would list it."""
        told = [BROKEN] if self.conditions or self.equations or self.problems else []
        return [*told, *self.conditions, *rules_for(self.equations)]

    def _in_words(self) -> str:
        said = f"本地规则：{len(self.conditions)} 条判断，{len(self.equations)} 条算式"
        return f"{said}；{len(self.problems)} 处用不上：{'；'.join(self.problems)}" if self.problems else said


BROKEN = Rule(
    f"{PREFIX}BROKEN",
    Severity.WARNING,
    "本地规则可以使用",
    "params/rules.yaml 与 params/rules.py",
    where="每一条本地规则",
)


def confront_local(local: LocalRules, context: Context, tallies: dict[str, Tally]) -> Iterator[Finding]:
    """Holds a report against the local rules; counts the outcomes and yields the fails."""
    problems = list(local.problems)
    for rule in local.conditions:
        # An author's mistake in one rule must not cost the report: whatever it raises is told.
        try:
            yield from list(confront(rule, context, tallies[rule.id]))
        except (Exception, SystemExit) as error:
            tallies[rule.id] = Tally()
            tallies[rule.id].add(Outcome.NOT_APPLICABLE, "规则运行出错")
            problems.append(f"{rule.id} 运行出错（{type(error).__name__}：{error}），没有用它核对；请改正规则的写法")
    form = context.figures.form
    compiled: list[Equation] = []
    for spec in local.equations:
        # It holds for the other layout; one that holds for none is refused when it is read.
        try:
            binding = compile_equation(spec, form)
        except (FormError, KeyError) as error:
            tallies[spec.id].add(Outcome.NOT_APPLICABLE, f"不适用于{form.name}（{error}）")
            continue
        if not binding:
            tallies[spec.id].add(Outcome.NOT_APPLICABLE, f"不适用于{form.name}（没有这些栏目）")
        compiled += binding
    if compiled:
        chosen = {equation.rule for equation in compiled}
        specs = tuple(spec for spec in local.equations if spec.id in chosen)
        yield from confront_system(EquationSystem.of(form, tuple(compiled)), specs, context, tallies)
    if BROKEN.id in tallies:
        for problem in problems:
            tallies[BROKEN.id].add(Outcome.FAIL)
            yield Finding(
                BROKEN.id, BROKEN.severity, context.agency, context.year, (), f"本地规则不能使用：{problem}。"
            )
        if not problems:
            tallies[BROKEN.id].add(Outcome.PASS)
