"""What `ogi-report diff` compares: opens builds, data folders and files, and finds the pairs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ogi_report.batch.builds import is_build, read_build, read_kept
from ogi_report.cli.projects import around, of_data
from ogi_report.comparison import Compared, Side, compare
from ogi_report.errors import OgiError, UsageError
from ogi_report.report import Report
from ogi_report.report.comparing import side_of
from ogi_report.report.filled_in import is_workbook_file, open_workbook
from ogi_report.report.project import ROSTER
from ogi_report.report.published import PublishedReport
from ogi_report.report.roster import Roster


@dataclass(frozen=True)
class Sides:
    """The reports that a path stands for: `single` if it is one report; `unread` says what could not be read."""

    path: Path
    reports: tuple[Side, ...]
    single: bool
    unread: tuple[str, ...] = ()

    @property
    def years(self) -> set[int]:
        return {side.year for side in self.reports}


@dataclass(frozen=True)
class Pairs:
    """The comparisons, and in Chinese what could not be compared."""

    compared: tuple[Compared, ...]
    only_a: tuple[Side, ...] = ()
    only_b: tuple[Side, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def remarks(self) -> list[str]:
        only = [("A", self.only_a), ("B", self.only_b)]
        told = [
            f"只在 {name} 中有：{'、'.join(f'{s.name} {s.year} 年' for s in sides)}" for name, sides in only if sides
        ]
        return [*told, *(f"没有比较：{message}" for message in self.unread)]

    def as_json(self) -> dict[str, Any]:
        only = [("only_a", self.only_a), ("only_b", self.only_b)]
        return {
            "pairs": [compared.as_json() for compared in self.compared],
            **{name: [{"agency": side.agency, "year": side.year} for side in sides] for name, sides in only},
            "unread": list(self.unread),
        }


def open_sides(path: Path, *, year: int | None, agency: str | None, params: Path | None) -> Sides:
    """Opens whatever a path stands for.

    Raises:
        UsageError: there is nothing there that can be compared. DataError and others: a single report cannot be read.
    """
    if path.is_file():
        return Sides(path, (_of_file(path, year, agency, params),), True)
    if not path.is_dir():
        raise UsageError(f"找不到 {path}。")
    if is_build(path):
        found = Sides(path, tuple(read_build(path, _roster(params))), False)
    elif (own := _agency_year(path)) is not None:
        return Sides(path, (_of_folder(path.resolve(), *own, params),), True)
    else:
        found = _of_folders(path, params)
    chosen = [s for s in found.reports if (agency is None or s.agency == agency) and (year is None or s.year == year)]
    if not chosen and not found.unread:
        raise UsageError(f"{path} 中没有可以比较的报告；请指明 build、data/<年度>、data/<年度>/<机构> 或报告文件。")
    return Sides(path, tuple(chosen), False, found.unread)


def _of_file(path: Path, year: int | None, agency: str | None, params: Path | None) -> Side:
    if path.suffix == ".json":
        return read_kept(path, _roster(params))
    if is_workbook_file(path):
        return side_of(open_workbook(path, project=around(params), agency=agency, year=year).report, str(path))
    report = PublishedReport.open(path, year=year, agency=agency, project=around(params))
    return side_of(report, str(path))


def _agency_year(path: Path) -> tuple[str, int] | None:
    """The agency and year of a data folder; a folder of years or of agencies is none."""
    folder = path.resolve()
    inside = any(entry.is_file() and entry.name[0] not in ".~" for entry in folder.iterdir())
    return (folder.name, int(folder.parent.name)) if folder.parent.name.isdecimal() and inside else None


def _of_folder(folder: Path, agency: str, year: int, params: Path | None) -> Side:
    report = Report.open(agency, year, project=of_data(folder.parent.parent, params))
    return side_of(report, report.shown_data)


def _of_folders(path: Path, params: Path | None) -> Sides:
    """`data`, or its folder of one year: each report that can be read."""
    folder = path.resolve()
    years = [folder] if folder.name.isdecimal() else [f for f in sorted(folder.iterdir()) if f.name.isdecimal()]
    found, unread = [], []
    for inside in (entry for year in years if year.is_dir() for entry in sorted(year.iterdir()) if entry.is_dir()):
        own = _agency_year(inside)
        if own is None:
            continue
        try:
            found.append(_of_folder(inside, *own, params))
        except OgiError as error:
            unread.append(f"{own[1]} 年 {own[0]}：{error.messages[0]}")
    return Sides(path, tuple(found), False, tuple(unread))


def _roster(params: Path | None) -> Roster | None:
    """Who the agencies of a build are; a build tells their ids only."""
    project = around(params)
    return project.roster if project is not None and (project.params / ROSTER).is_file() else None


def paired(a: Sides, b: Sides) -> Pairs:
    """Compares what belongs together: the same body in the same year, or in the one year that each side has.

    Raises:
        UsageError: nothing belongs together.
    """
    unread = (*a.unread, *b.unread)
    if a.single and b.single:
        return Pairs((compare(a.reports[0], b.reports[0]),))
    by_year = not (len(a.years) == len(b.years) == 1)
    before = {_key(side, by_year): side for side in a.reports}
    after = {_key(side, by_year): side for side in b.reports}
    compared = tuple(compare(before[key], side) for key, side in after.items() if key in before)
    if not compared:
        raise UsageError([f"{a.path} 和 {b.path} 中没有相同的机构{'和年度' if by_year else ''}，无法比较。", *unread])
    only_a = () if b.single else tuple(side for key, side in before.items() if key not in after)
    only_b = () if a.single else tuple(side for key, side in after.items() if key not in before)
    return Pairs(compared, only_a, only_b, unread)


def _key(side: Side, by_year: bool) -> tuple[str, int | None]:
    return side.agency, side.year if by_year else None
