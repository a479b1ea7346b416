"""`Summary`: what the cells of notebooks/summary.ipynb talk to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from ogi_report import narrative
from ogi_report.errors import ConfigError, OgiError, UnresolvedErrors
from ogi_report.figures import Figures
from ogi_report.forms import Form, form_for_year, official_forms
from ogi_report.narrative import Chapter
from ogi_report.report import Project, Report, charts, views
from ogi_report.report.about import facts_about
from ogi_report.report.children import Children, children_of
from ogi_report.report.fragment import Fragment
from ogi_report.report.params import FIRST_YEAR, Fee, parse_params
from ogi_report.report.provenance import Provenance, provenance
from ogi_report.rules.additions import Addition
from ogi_report.rules.peers import ENOUGH_APPLICATIONS
from ogi_report.summary import changes, draft, rankings, show
from ogi_report.summary.differences import Difference, differences


class Summary:
    """What the reports of the bodies below one add up to, in one year.

    summary = Summary.open("yunxi", 2024)
    summary                          # whose figures are in it, and whose are missing
    summary.coverage()               # the same as a table
    summary.chapter(3)               # draft text, and the official table with the sums
    summary.differences()            # where the body's own report says something else
    summary.ranking("本年新收")       # the bodies in order
    summary.figures["applications.received.total"].value    # None unless every body's number is in it

    A sum that lacks somebody's number is never a figure of the summary: `added` tells it with the names that it lacks,
    tables print it with a mark, and texts leave it out.
    """

    def __init__(self, project: Project, agency: str, year: int):
        """Reads the reports below; `open` finds the project.

        Raises:
            ConfigError: the agency is not on the roster, or nobody is below it.
        """
        self.project, self.agency, self.year = project, agency, year
        self.body = project.body(agency)
        self.children: Children = children_of(project, agency, year)
        if not self.children.bodies:
            raise ConfigError(
                f"名录中没有以 {agency}（{self.body.name}）为上级的机构；请在 agencies.csv 的 parent 列写 {agency}。"
            )
        self.own, self.own_why = _own_report(project, agency, year)
        self.form: Form = _official(self.own.form) if self.own is not None else form_for_year(year)

    @classmethod
    def open(cls, agency: str, year: int | str, *, project: Project | None = None) -> Summary:
        """Opens the summary of a body and a year in the project around the current folder.

        Raises:
            ConfigError: wrong agency or year, or nobody is below the agency.
        """
        project = project or Project.find()
        asked = parse_params({"agency": agency, "year": year}, "notebook 的参数")
        return cls(project, asked.agency, asked.year)

    @cached_property
    def provenance(self) -> Provenance:
        """Which program and layout this is made with, and a hash over what the reports in it are made from."""
        reports = {child.body.agency: child.report for child in self.children.bodies} | {"own": self.own}
        files = {name: report.provenance.inputs if report is not None else "" for name, report in reports.items()}
        return provenance(self.form, self.body, files)

    # -- what is known -------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The body's full name."""
        return self.body.name

    @property
    def complete(self) -> bool:
        """Whether every body below has a report that can be added; some of its cells may be blank all the same."""
        return not self.children.lacking

    @cached_property
    def added(self) -> dict[str, Addition]:
        """Official cell → its sum as far as it is known, and whose number it lacks."""
        return {key: self.children.peers.added(key) for key in self.form.cells}

    @cached_property
    def figures(self) -> Figures:
        """The complete sums; a sum that lacks anybody's number is blank."""
        return _complete_sums(self.form, self.children)

    @cached_property
    def last(self) -> Figures | None:
        """The complete sums of the year before; None where a body below had no report, or there was no form yet."""
        if self.year <= FIRST_YEAR:
            return None
        before = children_of(self.project, self.agency, self.year - 1)
        return None if before.lacking else _complete_sums(form_for_year(self.year - 1), before)

    @cached_property
    def fee(self) -> Fee | None:
        """The information-processing fee of all bodies together; None where one of them says nothing of it."""
        reports = [child.report for child in self.children.bodies]
        fees = [report.params.fee if report is not None else None for report in reports]
        known = [fee for fee in fees if fee is not None]
        if len(known) < len(fees):
            return None
        return Fee(
            notices=sum(fee.notices for fee in known),
            amount_notified_yuan=sum((fee.amount_notified_yuan for fee in known), Decimal(0)),
            amount_collected_yuan=sum((fee.amount_collected_yuan for fee in known), Decimal(0)),
        )

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Everything that the draft can name: as in a report, of the sums that are complete."""
        return narrative.facts(self.figures, self.last, facts_about(self.body, self.year, self.form, self.fee))

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        return narrative.render_chapters(
            narrative.split(draft.narrative(self), self.form, "汇总稿"), self.form, self.facts
        )

    @cached_property
    def heading(self) -> str:
        mark = "" if self.complete else f"（{show.INCOMPLETE}）"
        return f"{self.name}{self.year}年政府信息公开工作年度报告汇总稿{mark}"

    def differing(self) -> list[Difference]:
        """The cells in which the body's own report says something else than the complete sums."""
        return differences(self.own.figures, self.added) if self.own is not None else []

    def rank(self, name: str, of: str | None = None, least: int = ENOUGH_APPLICATIONS) -> rankings.Ranking:
        """The bodies in order of a figure, or of its share of another.

        Args:
            name, of: names that narratives use, such as 本年新收; `of` makes it a share.
            least: a share of fewer than these is not ranked.

        Raises:
            ConfigError: no figure has that name.
        """
        return rankings.rank(self.children, name, of, least)

    def raise_if_incomplete(self) -> None:
        """Raises UnresolvedErrors if a body below has no report that could be added."""
        if not self.complete:
            raise UnresolvedErrors(show.coverage_line(self))

    # -- what a cell shows ---------------------------------------------------------------------------------------

    def title(self) -> Fragment:
        """Title and, where somebody is missing, what the sums are worth."""
        return show.title(self)

    def coverage(self) -> Fragment:
        """Each body below: added or missing, and why."""
        return show.coverage(self)

    def chapter(self, number: int) -> Fragment:
        """A chapter of the draft and, in 二 to 四, the official table with the sums.

        Raises:
            ConfigError: the form has no such chapter.
        """
        for chapter in self.chapters:
            if chapter.number == number:
                return show.chapter(self, chapter)
        raise ConfigError(f"没有第 {number} 章；{self.form.name}有 1 至 {len(self.form.sections)} 章。")

    def chart(self, name: str = "applications") -> Fragment:
        """A chart of the complete sums (see `Report.chart`).

        Raises:
            ConfigError: there is no such chart.
        """
        charts.require(name)
        earlier = [charts.KnownYear(self.year - 1, self.last)]
        chart = charts.draw(name, self.year, self.figures, self.last, earlier)
        if chart.svg is None and not self.complete:
            chart = replace(chart, why=f"合计{show.INCOMPLETE}，不画图。")
        return views.chart_view(chart)

    def differences(self) -> Fragment:
        """Where the body's own report and the sums differ, and what its own check says of the bodies below."""
        return show.differences(self)

    def year_on_year(self) -> Fragment:
        """This year's and last year's sums over the bodies that have both."""
        return changes.year_on_year(self.children, self.form, self.year)

    def ranking(self, name: str, of: str | None = None, least: int = ENOUGH_APPLICATIONS) -> Fragment:
        """The bodies in order, equal ones on one place, those without a number apart (see `rank`)."""
        return rankings.view(self.rank(name, of, least))

    # -- for programs --------------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """Coverage, sums and differences; every number exact."""
        return {
            "agency": self.agency,
            "name": self.name,
            "year": self.year,
            "layout": self.form.id,
            "complete": self.complete,
            "bodies": [
                {
                    "agency": child.body.agency,
                    "name": child.body.name,
                    "added": child.report is not None,
                    "why": child.why,
                }
                for child in self.children.bodies
            ],
            "sums": {
                key: {
                    "value": sum_.total,
                    "complete": sum_.complete,
                    "known": sum_.known,
                    "lacking": dict(sum_.lacking),
                }
                for key, sum_ in self.added.items()
            },
            "differences": [{"cell": d.key, "own": d.own, "sum": d.added} for d in self.differing()],
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return show.card(self)._repr_mimebundle_()

    def __repr__(self) -> str:
        return show.card(self).text


def _own_report(project: Project, agency: str, year: int) -> tuple[Report | None, str]:
    """The body's own government-wide report, or why there is none to compare with."""
    if not project.params_file(agency, year).is_file():
        return None, f"还没有 {year} 年的本级报告"
    try:
        report = Report(project, project.read_params(agency, year))
        _ = report.context
    except OgiError as error:
        return None, f"本级报告无法读入：{error.messages[0]}"
    if report.params.scope != "government_wide":
        return None, "本级报告只含本机关（参数文件没有写 scope: government_wide）"
    return report, ""


def _complete_sums(form: Form, children: Children) -> Figures:
    added = {key: children.peers.added(key) for key in form.cells}
    return Figures.of(form, {key: sum_.total for key, sum_ in added.items() if sum_.complete})


def _official(form: Form) -> Form:
    """The form without a report's own rows: rows that only one body has add up to nothing."""
    return official_forms().get(form.id, form)
