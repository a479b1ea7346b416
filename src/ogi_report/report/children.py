"""The reports that a government-wide report adds up: one of each body that the roster puts directly under it.

A body with others below it answers for these: a county's government-wide report holds the figures of its townships, so
that adding these as well would count them twice. Where such a government's report covers only itself, its figures are
not those of the whole, and it counts as missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ogi_report.errors import OgiError
from ogi_report.in_words import InWords
from ogi_report.report.project import Project
from ogi_report.report.roster import Body
from ogi_report.rules import Peers

if TYPE_CHECKING:
    from ogi_report.report.report import Report


@dataclass(frozen=True)
class Child(InWords):
    """A body below another, and its report; `why` says in Chinese why there is none that can be added."""

    body: Body
    report: Report | None
    why: str = ""

    def _in_words(self) -> str:
        return f"{self.body.name}：{self.why or '有报告'}"


@dataclass(frozen=True)
class Children(InWords):
    """The bodies directly below another in the roster's order, each with its report of one year, if it has one."""

    year: int
    bodies: tuple[Child, ...]

    @cached_property
    def peers(self) -> Peers:
        """The reports that are there, and the names of all that should be."""
        present = tuple(child.report.context for child in self.bodies if child.report is not None)
        return Peers(present, {child.body.agency: child.body.name for child in self.bodies})

    @property
    def lacking(self) -> tuple[Child, ...]:
        return tuple(child for child in self.bodies if child.report is None)

    def _in_words(self) -> str:
        return "\n".join(
            [f"{self.year} 年，{len(self.bodies)} 家下级机构，缺 {len(self.lacking)} 家：", *map(str, self.bodies)]
        )


def children_of(project: Project, agency: str, year: int) -> Children:
    """Opens the reports of the bodies directly below one; a report that cannot be read is a missing one, with its reason."""
    below = [body for body in project.roster.values() if body.parent == agency]
    return Children(year, tuple(_child(project, body, year) for body in below))


def _child(project: Project, body: Body, year: int) -> Child:
    from ogi_report.report.report import Report

    file = project.params_file(body.agency, year)
    if not file.is_file():
        return Child(body, None, f"没有报告（缺 {project.shown(file)}）")
    try:
        report = Report(project, project.read_params(body.agency, year))
        _ = report.context
    except OgiError as error:
        return Child(body, None, f"报告无法读入：{error.messages[0]}")
    above_others = any(other.parent == body.agency for other in project.roster.values())
    if body.is_government and above_others and report.params.scope != "government_wide":
        return Child(
            body, None, f"报告只含本机关，不含其下级；若已汇总，请在 {project.shown(file)} 中写 scope: government_wide"
        )
    return Child(body, report)
