"""A report as it was published: read from its page or file, held against the rules, told like our own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ogi_report.errors import DataError, UsageError
from ogi_report.figures import Figures
from ogi_report.forms import prescribed_layout
from ogi_report.in_words import InWords
from ogi_report.readers import Published, read_published
from ogi_report.report.findings import CheckedFindings, findings_of, report_json
from ogi_report.report.last_year import last_year_of
from ogi_report.report.project import Project
from ogi_report.report.roster import Body
from ogi_report.rules import ChapterText, Context, Publication
from ogi_report.rules.context import LEAD_IN
from ogi_report.rules.waivers import Waiver

_TOWNSHIP = re.compile(r"(?:[乡镇]|街道办事处|街道)(?:人民政府)?$")
_GOVERNMENTS = (
    ("province", re.compile(r"^[^市县]+(?:省|自治区)人民政府$")),
    ("county", re.compile(r"[县区旗](?:人民政府)$")),
    ("city", re.compile(r"(?:市|州|盟|地区)(?:人民政府|行政公署)$")),
)
_DEPARTMENT = re.compile(r"[省市区县州盟旗](?!.*人民政府).+[局厅]$")


def level_of(name: str | None) -> str | None:
    """The level that a body's full name tells beyond doubt, or None.

    >>> level_of("某县人民政府"), level_of("某市某区教育局"), level_of("某镇人民政府"), level_of("国家某局")
    ('county', 'department', 'township', None)
    """
    if not name or name.startswith(("国家", "中国", "中华")):
        return None
    if _TOWNSHIP.search(name):
        return "township"
    return next((level for level, words in _GOVERNMENTS if words.search(name)), None) or (
        "department" if _DEPARTMENT.search(name) else None
    )


@dataclass(frozen=True)
class PublishedReport(InWords):
    """A published file, what it says, and who it is by as far as that is known.

    `agency` is the roster's id where the file's body is on it (by its full name, or as the caller says), else its name.
    """

    published: Published
    agency: str
    year: int
    body: Body | None = None
    last: Figures | None = None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        year: int | None = None,
        otherwise: int | None = None,
        agency: str | None = None,
        project: Project | None = None,
    ) -> PublishedReport:
        """Reads a published file.

        Args:
            year: the report year; it wins over what the file says.
            otherwise: the year where neither the file nor its name says one.
            agency: the roster's id of the body, where the file does not name it in full.
            project: whose roster and whose reports of last year are used.

        Raises:
            DataError: the file cannot be read, or is no such report. UsageError: the year is not to be found.
        """
        published = read_published(path, year=year)
        if not published.chapters and not published.figures.layouts:
            raise DataError(f"{published.shown} 中没有年度报告的章节，也没有官方表格；请检查是否放错了文件。")
        found = next((y for y in (year, published.year, _year_in(path.stem), otherwise) if y is not None), None)
        if found is None:
            raise UsageError(f"{path} 没有写明是哪一年的报告；请用 --year 指明，如 --year 2021。")
        body = None
        if project is not None:
            body = project.body(agency) if agency is not None else _on_roster(project, published.agency_name)
        name = body.agency if body is not None else agency or published.agency_name or path.stem
        last = last_year_of(project, body.agency, found)[0] if project is not None and body is not None else None
        return cls(published, name, found, body, last)

    @property
    def figures(self) -> Figures:
        return self.published.figures

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """None: they belong to the files that a report is made from."""
        return ()

    @property
    def name(self) -> str:
        """How a list of reports names it."""
        return self.body.name if self.body is not None else self.published.agency_name or self.agency

    def after(self, last: Figures | None) -> PublishedReport:
        """The same report with what is known of the year before."""
        return replace(self, last=last)

    @cached_property
    def context(self) -> Context:
        """The report as rules see it."""
        published, body = self.published, self.body
        name = body.name if body is not None else published.agency_name
        lead_in = ChapterText(LEAD_IN, "", published.lead_in) if published.lead_in else None
        return Context(
            published.figures,
            self.agency,
            self.year,
            name=name,
            level=body.level if body is not None else level_of(name),
            prescribed_layout=prescribed_layout(self.year),
            last=self.last,
            chapters=tuple(ChapterText(c.number, c.title, c.text, True, c.place) for c in published.chapters),
            lead_in=lead_in,
            short_names=body.short_names if body is not None else (),
            publication=Publication(
                published.title, published.published_on, published.index_no, None, published.issuer
            ),
        )

    def check(self) -> CheckedFindings:
        """Holds the report against all rules."""
        return self._findings

    @cached_property
    def _findings(self) -> CheckedFindings:
        return findings_of(self.context)

    def as_json(self) -> dict[str, Any]:
        """The object that `ogi-report check --format json` prints."""
        chapters: Mapping[int, str] = {c.number: c.text for c in self.published.chapters}
        return report_json(self.agency, self.year, self.figures, chapters, self.check())

    def _in_words(self) -> str:
        return f"{self.name} {self.year} 年已公布的报告（{self.published.shown}）：{self.figures}"


def _year_in(name: str) -> int | None:
    """The one report year that a file's name holds, or None: a date such as 20240130 is no report year.

    >>> _year_in("某局2023年年报"), _year_in("t20240130_2721233"), _year_in("2022-2023")
    (2023, None, None)
    """
    years = {int(year) for year in re.findall(r"(?<!\d)20[12]\d(?!\d)", name)}
    return years.pop() if len(years) == 1 else None


def _on_roster(project: Project, name: str | None) -> Body | None:
    """The body of that full name; short names are shared by hundreds of agencies and prove nothing."""
    return next((body for body in project.roster.values() if name and body.name == name), None)


def in_sequence(reports: Sequence[PublishedReport]) -> list[PublishedReport]:
    """Gives each report the one of the year before by the same body, where it is among them."""
    figures = {(report.name, report.year): report.figures for report in reports}
    return [r.after(figures.get((r.name, r.year - 1), r.last)) for r in reports]
