"""Writes the overview into a build, and the edition of it that everybody may see into a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files as package_files
from pathlib import Path

from ogi_report.batch.junit import Suite
from ogi_report.batch.long_table import figures_csv, figures_table
from ogi_report.batch.peers import Comparison
from ogi_report.batch.readings import Key, Reading
from ogi_report.batch.result import Result
from ogi_report.report import Project
from ogi_report.site import files, scripts
from ogi_report.site.overview import Overview, overview, public_part
from ogi_report.site.package import codebook_csv, datapackage
from ogi_report.site.pages import compare_page, findings_page, matrix_pages, rules_pages
from ogi_report.site.rule_pages import rule_pages
from ogi_report.writers.files import write_atomically
from ogi_report.writers.parquet import parquet_bytes

OWN_FOLDERS = ("list", "rules", "site")
"""Folders of a build in which everything is the overview's: what a later run does not write there is out of date."""

PUBLIC_FOLDER = "public"


def write_site(
    out: Path,
    suites: Sequence[Suite],
    readings: Mapping[Key, Reading],
    comparison: Comparison,
    project: Project,
) -> Path:
    """Writes index.html and the pages and downloads that belong to it; they are internal, since they tell of findings.

    Args:
        suites: every report with its findings and what its rules decided (`write_summary`, which comes first).
        readings: what the reports left.
        comparison: what they showed when held against each other.
    """
    whole = overview([result for result, _, _ in suites], project)
    there = files.files_there(out, whole, public=False)
    rules = rule_pages(suites, project.local_rules)
    contents = dict(matrix_pages(whole, there, public=False, suites=suites, comparison=comparison))
    contents |= dict([findings_page(suites, rules), compare_page(public=False), *rules_pages(rules)])
    contents |= _scripts(whole, there, readings, out / "figures.parquet", public=False)
    for severity, data in scripts.findings_data(suites, whole):
        contents[f"site/data/findings-{severity}.js"] = scripts.script(f"findings-{severity}", data)
    contents["codebook.csv"] = codebook_csv()
    _bring_up_to_date(out, contents)
    _write_changed(out / "datapackage.json", datapackage(out, findings=True))
    return out / "index.html"


def write_public_edition(
    out: Path, results: Sequence[Result], readings: Mapping[Key, Reading], project: Project
) -> tuple[Path, list[str]]:
    """Writes a folder that can be put on a public site as it is: the reports that may be published, and no word on findings.

    A report that failed or has an unwaived error is left out. The folder is made beside its place and then takes it, so
    that nothing of an earlier edition is left in it.

    Returns:
        The folder, and the names of the reports that were held back.
    """
    whole = overview(results, project)
    part = public_part(whole)
    names = {body.agency: body.name for body in whole.bodies}
    held = [f"{r.year} {names[r.agency]}" for r in results if (r.agency, r.year) not in part.entries]
    there = files.files_there(out, part, public=True)
    target = out / PUBLIC_FOLDER
    with tempfile.TemporaryDirectory(dir=out, prefix=".public-") as scratch:
        folder = Path(scratch) / PUBLIC_FOLDER
        folder.mkdir()
        for entry in part:
            (folder / str(entry.year)).mkdir(exist_ok=True)
            for suffix in there[entry.agency, entry.year]:
                shutil.copyfile(out / f"{entry.stem}{suffix}", folder / f"{entry.stem}{suffix}")
        content = figures_csv(out, [r for r in results if (r.agency, r.year) in part.entries])
        (folder / "figures.csv").write_bytes(content)
        (folder / "figures.parquet").write_bytes(parquet_bytes(figures_table(content)))
        contents = dict([*matrix_pages(part, there, public=True), compare_page(public=True)])
        contents |= _scripts(part, there, readings, folder / "figures.parquet", public=True)
        contents["codebook.csv"] = codebook_csv()
        for name, text in contents.items():
            _write_changed(folder / name, text)
        _write_changed(folder / "datapackage.json", datapackage(folder, findings=False))
        if target.exists():
            target.rename(Path(scratch) / "before")
        folder.rename(target)
    return target, held


def _scripts(
    part: Overview, there: Mapping[Key, Sequence[str]], readings: Mapping[Key, Reading], parquet: Path, *, public: bool
) -> dict[str, str]:
    """The programs of the pages, their style and their data."""
    assets = package_files("ogi_report.site") / "assets"
    names = ("site.css", "ogi.js", "index.js", "compare.js", *(() if public else ("findings.js",)))
    found = {f"site/{name}": (assets / name).read_text("utf-8") for name in names}
    found["site/data/index.js"] = scripts.script("index", scripts.index_data(part, there, public))
    found["site/data/forms.js"] = scripts.script("forms", scripts.forms_data())
    for number, data in scripts.figures_data(readings, part, parquet):
        found[f"site/data/figures-{number}.js"] = scripts.script(f"figures-{number}", data)
    return found


def _bring_up_to_date(out: Path, contents: Mapping[str, str]) -> None:
    """Writes what is new or has changed, and removes what an earlier run wrote and this one does not."""
    for name, text in contents.items():
        _write_changed(out / name, text)
    for folder in OWN_FOLDERS:
        for path in _below(out / folder):
            if path.relative_to(out).as_posix() not in contents:
                path.unlink()


def _below(folder: Path) -> Iterable[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _write_changed(path: Path, text: str) -> None:
    data = text.encode("utf-8", "backslashreplace")
    try:
        if path.read_bytes() == data:
            return
    except OSError:
        pass
    write_atomically(path, data, durable=False)
