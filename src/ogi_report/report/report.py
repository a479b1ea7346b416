"""`Report`: what a notebook cell talks to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ogi_report import narrative
from ogi_report.errors import ConfigError
from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.ledger import Ledger
from ogi_report.narrative import Chapter, Source
from ogi_report.report import charts, ledger_views, local_rules, views
from ogi_report.report.about import facts_about
from ogi_report.report.data import ReportData, read_data
from ogi_report.report.findings import CheckedFindings, findings_of, report_json
from ogi_report.report.for_rules import context_of
from ogi_report.report.fragment import Fragment
from ogi_report.report.last_year import last_year_of
from ogi_report.report.params import FIRST_YEAR, Params, parse_params
from ogi_report.report.project import ROSTER, Project
from ogi_report.report.provenance import Provenance, data_files, marks_of, provenance
from ogi_report.report.roster import Body
from ogi_report.rules import Context, NotApplicable
from ogi_report.rules.waivers import Waiver

if TYPE_CHECKING:
    from ogi_report.report.published import PublishedReport


class Report:
    """One agency's report of one year: settings, figures, words, findings.

    report = Report.open("kejing", 2021)
    report                          # what is in force, and which files were read
    report.check()                  # findings (一致性检查)
    report.title()                  # title, index block, lead-in
    report.chapter(3)               # 三、收到和处理政府信息公开申请情况, with its official table
    report.chart("applications")    # a small chart; also "outcomes" and "years"
    report.compare("本年新收", "结转下年度")                   # beside last year's figures
    report.figures["applications.received.total"].value       # one figure; None where nothing is filled in
    report.figures.tidy()                                     # all of them, as a DataFrame
    report.facts["本年新收"]                                   # what narrative.md may name

    Each of these shows itself as the last line of a cell. What is published is what a cell without the tag `internal`
    shows; `ogi_report.preview(report)` shows the page. Tab completes names, keys and agencies.
    """

    _FOR_PROGRAMS = frozenset(
        {
            "as_json",
            "context",
            "earlier",
            "for_batch",
            "inputs",
            "known_ledger",
            "last_why",
            "of_year",
            "shown_data",
            "source",
            "version",
        }
    )
    """Not offered to analysts by Tab: what the batch, the rules and the pages ask a report for."""

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name not in self._FOR_PROGRAMS]

    def __init__(self, project: Project, params: Params, data: ReportData | None = None):
        """Reads an agency-year's files, unless their `data` are given; `open` finds them."""
        self.project = project
        self.params = params
        self.agency, self.year = params.agency, params.year
        self.body: Body = project.body(params.agency)
        folder = project.data_folder(self.agency, self.year)
        self.shown_data = project.shown(folder)
        if data is None:
            if not folder.is_dir():
                raise ConfigError(
                    f"找不到数据文件夹 {self.shown_data}；请建立该文件夹并放入填好的 form.xlsx，或三张 CSV 表和 narrative.md。"
                )
            data = read_data(folder, params.form, self.agency, self.year, self.shown_data)
        self.figures: Figures = data.figures
        self.ledger: Ledger | None = data.ledger
        self.form: Form = self.figures.form
        self.last, self.last_why = last_year_of(project, self.agency, self.year)
        self._source = Source(f"{self.shown_data}/narrative.md")
        if data.text is not None:
            self._source = narrative.split(data.text.text, self.form, data.text.shown, data.text.rows)

    @classmethod
    def open(cls, agency: str, year: int | str, *, project: Project | None = None, **overrides: Any) -> Report:
        """Opens an agency-year of the project around the current folder.

        Report.open("kejing", 2021)
        Report.open("kejing", 2021, published_on="2022-01-28")    # instead of what its params file says

        Args:
            agency: an id of `params/agencies.csv`.
            year: the report year.
            project: another project than the one found by walking up from the current folder.
            overrides: settings by name (layout, scope, published_on, index_no, doc_no, fee, waivers); one that is None is
                taken from `params/<year>/<agency>.yaml`.

        Raises:
            ConfigError: settings or roster cannot be understood.
            DataError: a data file cannot be understood.
        """
        project = project or Project.find()
        asked = parse_params({"agency": agency, "year": year} | _given(overrides), "notebook 的参数")
        project.body(asked.agency)
        filed = project.read_params(asked.agency, asked.year)
        changed = {name: getattr(asked, name) for name in _given(overrides)}
        return cls(project, filed.model_copy(update=changed))

    def of_year(self, year: int) -> Report:
        """Opens the same body's report of another year, as its params file has it.

        Raises:
            ConfigError: there is no such year. DataError, NarrativeError: its files cannot be understood.
        """
        return Report(self.project, self.project.read_params(self.agency, year))

    @property
    def name(self) -> str:
        """The body's full name."""
        return self.body.name

    @property
    def source(self) -> Source:
        """The narrative as it was written, before its facts are filled in."""
        return self._source

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The findings that the params file lets pass (豁免), with reasons."""
        return self.params.waivers

    # -- what the report says ------------------------------------------------------------------------------------

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Everything that narrative.md can name: 本年新收, 不予公开, 上年, 占比(…), and the same in English."""
        return narrative.facts(self.figures, self.last, facts_about(self.body, self.year, self.form, self.params.fee))

    @cached_property
    def heading(self) -> str:
        """The title: the narrative's own, or full name + year + 年政府信息公开工作年度报告."""
        if self._source.title is not None:
            from ogi_report.narrative.document import fill

            return fill(
                self._source.title, self.facts, self._source.shown, self._source.title_line, self._source.rows
            ).strip()
        return f"{self.body.name}{self.year}年政府信息公开工作年度报告"

    @cached_property
    def lead_in(self) -> Chapter:
        """The text before the first chapter (引言)."""
        return narrative.render_lead_in(self._source, self.form, self.facts)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in the order of narrative.md, default texts in their official place."""
        return narrative.render_chapters(self._source, self.form, self.facts)

    # -- what a cell shows ---------------------------------------------------------------------------------------

    def title(self) -> Fragment:
        """Title, index block and lead-in."""
        return views.title_view(self)

    def chapter(self, number: int) -> Fragment:
        """A chapter with its text and, in 二 to 四, its official table.

        report.chapter(3)    # cells that a finding names are marked in the notebook and on the review page, never in public

        Args:
            number: 1 to 6 (一、总体情况 to 六、其他需要报告的事项).

        Raises:
            ConfigError: the form has no such chapter.
        """
        for chapter in self.chapters:
            if chapter.number == number:
                return views.chapter_view(self, chapter)
        raise ConfigError(f"没有第 {number} 章；{self.form.name}有 1 至 {len(self.form.sections)} 章。")

    def chart(self, name: str = "applications") -> Fragment:
        """A small chart with its numbers; nothing is published where there is nothing to draw.

        report.chart("outcomes")

        Args:
            name: `applications` (where applications come from and what becomes of them), `outcomes` (by kind, with last
                year's) or `years` (this year and the earlier ones of the project).

        Raises:
            ConfigError: there is no such chart.
        """
        charts.require(name)
        earlier = self.earlier if name == "years" else ()
        return views.chart_view(charts.draw(name, self.year, self.figures, self.last, earlier))

    @cached_property
    def earlier(self) -> tuple[charts.KnownYear, ...]:
        """The years before this one that the project has, the latest first; the years between them without figures."""
        having = [y for y in range(FIRST_YEAR, self.year) if self.project.params_file(self.agency, y).is_file()]
        years = range(self.year - 1, min(having, default=self.year) - 1, -1)
        found = ((year, *last_year_of(self.project, self.agency, year + 1)) for year in years)
        return tuple(charts.KnownYear(year, figures, why) for year, figures, why in found)

    def compare(self, *names: str) -> Fragment:
        """A small table of this year's and last year's figures, by the names that narratives use.

        report.compare("本年新收", "上年结转", "办理结果总计", "结转下年度")

        Args:
            names: as in narrative.md; `report.figures.named()` has them all, docs/codebook.md explains them.

        Raises:
            ConfigError: a name that no figure has.
        """
        now, before = self.figures.named(), self.last.named() if self.last is not None else {}
        unknown = [name for name in names if name not in now]
        if unknown:
            raise ConfigError(f"没有名为“{unknown[0]}”的数；可用的名称见 docs/codebook.md。")
        return views.comparison_view(self.year, [(name, now[name], before.get(name)) for name in names])

    def compared_with(
        self, other: Report | PublishedReport | int | None = None, *, repeat: int | Decimal = 50
    ) -> Fragment:
        """What changed since another report: figures, sentences and findings, and how much of the text was repeated.

        report.compared_with()        # with last year's (上年)
        report.compared_with(2022)    # with that of another year

        Args:
            other: a report, a published one, or a year of this body; last year if left out.
            repeat: per cent of repeated text beyond which a chapter is marked.

        Raises:
            ConfigError: there is no such year. DataError, NarrativeError: its files cannot be understood.
        """
        from ogi_report.report.comparing import compared_view

        if other is None or isinstance(other, int):
            other = self.of_year(self.year - 1 if other is None else other)
        return compared_view(other, self, repeat)

    def trace(self, cell: str) -> Fragment:
        """The lines of the ledger (台账) that a figure counts; internal.

        report.trace("本年新收")

        Args:
            cell: a cell key, a derived quantity or the name that narratives use: `applications.received.total`, 本年新收.

        Raises:
            ConfigError: there is no ledger, or it does not decide this figure.
        """
        return ledger_views.trace_view(self.known_ledger, cell, self.year)

    def overdue(self, on: date | str | None = None) -> Fragment:
        """The applications that were answered late, or are still open after their limit (超期); internal.

        report.overdue()
        report.overdue("2025-01-20")

        Args:
            on: the day as of which open applications are judged; the day of publication, else the year's last, if not given.

        Raises:
            ConfigError: there is no ledger.
        """
        day = date.fromisoformat(on) if isinstance(on, str) else on or self.context.ledger_on
        return ledger_views.overdue_view(self.known_ledger, self.year, day)

    @property
    def known_ledger(self) -> Ledger:
        if self.ledger is None:
            raise ConfigError(f"{self.shown_data} 中没有台账 ledger.csv 或 ledger.xlsx；放入台账后才能追溯和计算期限。")
        return self.ledger

    def check(self) -> CheckedFindings:
        """Holds the report against all rules: the official equations (勾稽关系), plausibility, text, last year.

        findings = report.check()
        findings                       # shows itself: what does not hold, where, and which rules ran
        findings.counts                # {'error': 0, 'warning': 1, …}
        findings.diagnosis             # which cell is most likely wrong
        findings.coverage["T3-ROWSUM"] # how often a rule held
        findings.raise_on_errors()     # the gate (关口) at the end of a notebook
        """
        return self._findings

    @cached_property
    def _findings(self) -> CheckedFindings:
        local = self.project.local_rules
        return findings_of(self.context, sums=self._sums, waivers=self.params.waivers, local=local, waivable=True)

    @property
    def _sums(self) -> dict[str, int | Decimal]:
        """What the children's reports add up to, where this one adds them up and all have reported."""
        try:
            return self.context.children.sums
        except NotApplicable:
            return {}

    @cached_property
    def context(self) -> Context:
        """The report as rules see it."""
        return context_of(self)

    # -- for programs --------------------------------------------------------------------------------------------

    @cached_property
    def provenance(self) -> Provenance:
        """Which program, layout and files this report is made from."""
        return provenance(self.form, self.body, self.inputs)

    @cached_property
    def inputs(self) -> dict[str, str]:
        """The files that this report is made from, by the name that messages use, with the start of their SHA-256."""
        paths = [self.project.params / ROSTER, self.project.params_file(self.agency, self.year)]
        paths += [self.project.params / name for name in local_rules.FILES]
        paths += data_files(self.project, self.agency, self.year)
        return marks_of(self.project, paths)

    def as_json(self) -> dict[str, Any]:
        """The object that `ogi-report check --format json` prints."""
        chapters = {chapter.number: chapter.text for chapter in self.chapters}
        return report_json(self.agency, self.year, self.figures, chapters, self.check())

    def for_batch(self) -> dict[str, Any]:
        """What a batch reads from the executed notebook: `as_json`, and from what and in which words it was made."""
        rows = [record for table in self.form.tables for record in table.records.values() if record.local]
        return {
            **self.as_json(),
            "name": self.name,
            "inputs": self.inputs,
            "input_hash": self.provenance.inputs,
            "generated": [chapter.number for chapter in self.chapters if not chapter.written],
            "local": {record.key: record.label for record in rows},
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return views.card_view(self, self.for_batch())._repr_mimebundle_()

    def __repr__(self) -> str:
        return "\n".join(f"{name}：{value}" for name, value in (*views.card_rows(self), *views.file_rows(self)))


def _given(overrides: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in overrides.items() if value is not None}
