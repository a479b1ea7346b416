"""The pages of the overview as HTML, complete without any script; scripts only search, filter and compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files as package_files
from typing import Any

import jinja2

from ogi_report.batch.junit import Suite
from ogi_report.batch.manifest import stem
from ogi_report.batch.peers import Comparison
from ogi_report.batch.readings import Key
from ogi_report.report.roster import LEVELS
from ogi_report.rules import Severity
from ogi_report.site import files
from ogi_report.site.overview import Overview, State, today_is_given
from ogi_report.site.rule_pages import OVERALL, RulePage, page_of

PAGE = 100
"""Agencies on one page of the matrix, with script and without."""

MOST_LISTED = 200
"""So many findings or failures stand in the HTML; all of them are in findings.csv and in the scripts' data."""

MOST_SHARED = 50
ICONS = {Severity.ERROR: "✖", Severity.WARNING: "▲", Severity.NOTE: "●"}

INTERNAL_PLACES = (("总览", "index.html"), ("问题清单", "findings.html"), ("对照", "compare.html"), ("规则", OVERALL))
PUBLIC_PLACES = (("年度报告", "index.html"), ("对照", "compare.html"))

PUBLIC_DOWNLOADS = (
    ("figures.csv", "全部报告的数据，每格一行（Excel、WPS 可打开）"),
    ("figures.parquet", "同上，Parquet 格式，供 Python、R、DuckDB 等读取"),
    ("codebook.csv", "单元格代码表：每个代码的标签、单位和所属表样"),
    ("datapackage.json", "以上各文件的说明（Frictionless 数据包）"),
)
DOWNLOADS = (
    *PUBLIC_DOWNLOADS,
    ("findings.csv", "全部问题，每项一行（内部）"),
    ("findings.junit.xml", "全部规则的核对结果，JUnit 格式（内部）"),
    ("manifest.json", "由哪些输入生成了哪些文件（内部）"),
)

Page = tuple[str, str]
"""Path of a page and its HTML."""


@cache
def _environment() -> jinja2.Environment:
    folder = str(package_files("ogi_report.site") / "templates")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals |= {"stem": stem, "page_of": page_of}
    return environment


def _page(template: str, path: str, public: bool, **told: Any) -> Page:
    root = "../" * path.count("/")
    places = PUBLIC_PLACES if public else INTERNAL_PLACES
    shared = {"root": root, "here": path, "public": public, "places": places, "scripts": ()}
    return path, _environment().get_template(template).render(shared | told)


def matrix_pages(
    overview: Overview,
    there: Mapping[Key, Sequence[str]],
    *,
    public: bool,
    suites: Sequence[Suite] = (),
    comparison: Comparison | None = None,
) -> Iterator[Page]:
    """Yields index.html and, where there are many agencies, its further pages."""
    pages = max(1, -(-len(overview.bodies) // PAGE))
    failed = overview.of(State.FAILED)
    states = [State.PUBLIC] if public else [state for state in State if state is not State.PUBLIC]
    count = {state: len(overview.of(state)) for state in states}
    not_made = (State.MISSING, State.PENDING)
    told = {
        "years": overview.years,
        "entries": overview.entries,
        "there": there,
        "bodies_total": len(overview.bodies),
        "pages": pages,
        "main_suffix": files.PAGE if public else files.REVIEW,
        "page_suffix": files.PAGE,
        "beside": [(suffix, files.label(suffix)) for suffix in files.beside(public)],
        "levels": list(LEVELS.values()),
        "level_names": LEVELS,
        "statuses": [*((state.key, state.label) for state in states), ("late", "逾期")],
        "made": sum(number for state, number in count.items() if state not in not_made),
        "totals": [] if public else [(s.key, s.icon, s.label, n) for s, n in count.items() if n],
        "late": sum(entry.late for entry in overview),
        "failed": failed[:MOST_LISTED],
        "failed_total": len(failed),
        "names": {body.agency: body.name for body in overview.bodies},
        "across": [] if public else list(_across(overview, suites, comparison or Comparison())),
        "shown_shared": MOST_SHARED,
        "downloads": PUBLIC_DOWNLOADS if public else DOWNLOADS,
        "legend": states,
        "today": overview.today,
        "today_given": today_is_given(),
        "scripts": ("ogi", "index"),
    }
    for number in range(1, pages + 1):
        start = (number - 1) * PAGE
        path = "index.html" if number == 1 else f"list/{number}.html"
        own = {"bodies": overview.bodies[start : start + PAGE], "start": start, "number": number, "first": number == 1}
        yield _page("index.html.j2", path, public, **told, **own)


def _across(overview: Overview, suites: Sequence[Suite], comparison: Comparison) -> Iterator[tuple[int, Any, Any]]:
    """Year, names of those without a report, and what reports showed when held against each other."""
    for year in overview.years:
        shared = [
            (result.name, finding)
            for result, _, _ in suites
            if result.year == year
            for finding in comparison.of(result).findings
            if finding.waived is None
        ]
        yield year, comparison.missing.get(year, []), shared


def findings_page(suites: Sequence[Suite], rules: Sequence[RulePage]) -> Page:
    """The work list; without a script its gravest part, with one all of it."""
    grave = (Severity.ERROR, Severity.WARNING)
    ordered = sorted(suites, key=lambda suite: -suite[0].year)
    listed = [
        (result, place, finding, severity)
        for severity in grave
        for result, told, _ in ordered
        for place, finding in told
        if finding["severity"] == severity and finding["waived"] is None
    ]
    return _page(
        "findings.html.j2",
        "findings.html",
        False,
        findings=listed[:MOST_LISTED],
        total=len(listed),
        icons=ICONS,
        severities=[(str(severity), severity.chinese, severity in grave) for severity in Severity],
        rules=[(page.id, page.failing) for page in rules if page.failing],
        scripts=("ogi", "findings"),
    )


def compare_page(public: bool) -> Page:
    """Two reports side by side."""
    return _page("compare.html.j2", "compare.html", public, scripts=("ogi", "compare"))


def rules_pages(rules: Sequence[RulePage]) -> Iterator[Page]:
    """Yields the list of rules and a page for each."""
    yield _page("rules.html.j2", OVERALL, False, rules=rules)
    for rule in rules:
        yield _page("rule.html.j2", f"rules/{rule.id}.html", False, rule=rule)
