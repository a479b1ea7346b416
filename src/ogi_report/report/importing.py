"""A published report back into the files that reports are made from: CSVs, narrative.md, a params file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from ogi_report.errors import UsageError, printable_name
from ogi_report.forms import form_for_year, normalise
from ogi_report.readers import LEDGERS
from ogi_report.report.params import agency_id_problem
from ogi_report.report.project import ROSTER, Project
from ogi_report.report.published import PublishedReport, level_of
from ogi_report.report.yaml_files import quoted
from ogi_report.writers import write_table_csv
from ogi_report.writers.files import csv_line, write_atomically

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")
_LINE_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s)|\d+(?=[.)]\s)|=+\s*$|-{3,}\s*$)")


@dataclass(frozen=True)
class Imported:
    """The files that an import writes, by path, and what is to be said about it."""

    agency: str
    year: int
    files: dict[Path, str]
    added_to_roster: bool = False

    @property
    def data(self) -> Path:
        return next(path.parent for path in self.files if path.name == "narrative.md")


def target_of(report: PublishedReport, to: Path | None, project: Project) -> tuple[Path, str, int]:
    """Returns data folder, agency id and year of an import.

    Args:
        to: `data/<year>/<agency>` as the user gave it; without it the report must be on the roster.

    Raises:
        UsageError: the agency is not known, or the folder contradicts the report.
    """
    if to is None:
        if report.body is None:
            raise UsageError(
                f"{report.published.shown}：不知道它在本项目中的机构代码；"
                f"请用 --agency 写明（见 params/{ROSTER}），或用 --to data/{report.year}/<机构代码> 指明放在哪里。"
            )
        return project.data_folder(report.body.agency, report.year), report.body.agency, report.year
    agency, year = to.name, to.parent.name
    if not year.isdecimal() or agency_id_problem(agency) is not None:
        raise UsageError(f"--to 写的是“{to}”；应写作 data/<年度>/<机构代码>，机构代码用小写字母、数字、- 和 _。")
    if int(year) != report.year:
        raise UsageError(
            f"{report.published.shown} 是 {report.year} 年度的报告，--to 却指向 {year} 年；"
            f"请改为 --to {to.parent.parent / str(report.year) / agency}，或用 --year 指明年度。"
        )
    return to, agency, int(year)


def plan_import(report: PublishedReport, to: Path | None, project: Project) -> Imported:
    """Returns what an import would write; nothing is written yet.

    Raises:
        UsageError: see `target_of`.
    """
    folder, agency, year = target_of(report, to, project)
    files = {
        folder / f"{t.key}.csv": "\ufeff" + write_table_csv(report.figures, t.key) for t in report.figures.form.tables
    }
    files[folder / "narrative.md"] = _narrative(report)
    files[project.params / str(year) / f"{agency}.yaml"] = _params(report, agency)
    roster = project.params / ROSTER
    known = project.has_body(agency)
    if not known:
        files[roster] = _roster_with(roster, agency, report)
    return Imported(agency, year, files, not known)


def write_import(planned: Imported, *, force: bool = False) -> None:
    """Writes an import's files.

    Raises:
        UsageError: some of them exist, and `force` is not given; then none is written.
    """
    there = [path for path in planned.files if path.exists() and path.name != ROSTER]
    there += [path for name in ("form.xlsx", *LEDGERS) if (path := planned.data / name).exists()]
    if there and not force:
        names = "、".join(path.name for path in there)
        raise UsageError(f"{planned.data} 中已有文件（{names}），没有覆盖；确实要覆盖请加 --force。")
    for path, content in planned.files.items():
        write_atomically(path, content)


def _narrative(report: PublishedReport) -> str:
    published = report.published
    parts = [f"# {_escaped(published.title.strip())}"] if published.title else []
    parts += _paragraphs(published.lead_in)
    form = report.figures.form
    for chapter in published.chapters:
        official = form.section(chapter.number)
        own = normalise(chapter.title) in official.spellings() or chapter.title[:2] == official.title[:2]
        parts.append(f"## {_escaped(chapter.title if own else official.title)}")
        parts += _paragraphs(chapter.text)
    return "\n\n".join(parts) + "\n"


def _paragraphs(text: str) -> list[str]:
    """Each line a paragraph of its own, so that reading it back gives the same lines."""
    return [_escaped(line.strip()) for line in text.splitlines() if line.strip()]


def _escaped(line: str) -> str:
    """A line of plain text as Markdown and Jinja that print it as it is."""
    line = _MARKDOWN.sub(r"\\\1", line)
    line = _LINE_START.sub(lambda match: f"{match[1]}{_escaped_start(match[2])}", line)
    return re.sub(r"\{(?=[{%#])", "{{ '{' }}", line)


def _escaped_start(start: str) -> str:
    return f"{start}\\" if start.isdecimal() else f"\\{start}"


def _params(report: PublishedReport, agency: str) -> str:
    lines = [f"# 由 {_one_line(report.published.shown)} 导入。", f"agency: {agency}", f"year: {report.year}"]
    if report.figures.form.id != form_for_year(report.year).id:
        lines.append(f'layout: "{report.figures.form.id}"')
    if report.published.published_on is not None:
        lines.append(f'published_on: "{report.published.published_on.isoformat()}"')
    if report.published.index_no:
        lines.append(f"index_no: {quoted(report.published.index_no)}")
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    """A file's name can hold line ends, which must not begin a setting."""
    return " ".join(printable_name(text).split())


def _roster_with(path: Path, agency: str, report: PublishedReport) -> str:
    """The roster with a line for the agency added at its end; the lines that are there stay as they are."""
    before = path.read_text(encoding="utf-8-sig") if path.is_file() else "agency,name,short_names,level\n"
    columns = next(csv.reader(io.StringIO(before)))
    name = report.published.agency_name or agency
    values = {"agency": agency, "name": name, "level": level_of(name) or ""}
    mark = "\ufeff" if path.is_file() and path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    return f"{mark}{before.rstrip()}\n{csv_line([values.get(column.strip(), '') for column in columns])}\n"
