"""Everything that a report depends on, in parts with a name each, so that one can say why it is made anew."""

from __future__ import annotations

import copy
import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import ogi_report
from ogi_report.batch.plan import Settings, Task, notebook_for
from ogi_report.errors import OgiError
from ogi_report.readers.regular_files import read_regular, sha256_of
from ogi_report.report.local_rules import FILES as RULE_FILES
from ogi_report.report.yaml_files import read_yaml_mapping

PARTS = {
    "program": "程序或页面模板",
    "notebook": "笔记本",
    "rules": "本地规则",
    "roster": "名录",
    "params": "参数文件",
    "data": "数据文件",
    "last": "往年的数据",
    "children": "下级机构的数据",
}
"""Parts of a key, and how `--explain` calls them."""

Stamp = tuple[int, ...]
"""How a file looks: as long as that is the same, its content is taken to be the same."""

_YOUNG = 2_000_000_000
"""Nanoseconds. A file that was read so soon after it was written may be written again within the same tick of the clock,
and look the same; FAT counts in steps of two seconds."""


def input_stamp(found: os.stat_result) -> Stamp:
    """Size, time of change, and the time of the last change of either, which no program can set back."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass
class Fingerprints:
    """SHA-256 of files by path; a file that looks as it did when it was last read is not read again."""

    known: dict[str, tuple[Stamp, str]] = field(default_factory=dict)
    young: set[str] = field(default_factory=set)
    """Files that may change without looking changed; the next run reads them again."""

    @property
    def lasting(self) -> list[tuple[str, tuple[Stamp, str]]]:
        """What the next run may rely on."""
        return sorted((name, found) for name, found in self.known.items() if name not in self.young)

    def of(self, path: Path) -> str:
        """Returns a file's hash, or a word if it is not there."""
        try:
            found = path.stat()
        except OSError:
            return "none"
        stamp, name = input_stamp(found), str(path)
        before = self.known.get(name)
        if before is None or before[0] != stamp or name in self.young:
            try:
                content = read_regular(path)
            except OSError:
                return "unreadable"
            (self.young.add if time.time_ns() - found.st_ctime_ns < _YOUNG else self.young.discard)(name)
            self.known[name] = before = (stamp, hashlib.sha256(content).hexdigest())
        return before[1]

    def of_all(self, paths: Iterable[Path]) -> str:
        """One hash over files, their names included."""
        return _joined(f"{path.name}={self.of(path)}" for path in paths)

    def of_folder(self, folder: Path) -> str:
        """One hash over all files of a folder."""
        try:
            names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file() and entry.name[0] not in ".~")
        except OSError:
            return "none"
        return self.of_all(folder / name for name in names)


class Looks(Fingerprints):
    """How files look in place of their hashes: enough to tell whether one was touched between two looks."""

    def of(self, path: Path) -> str:
        try:
            return repr(input_stamp(path.stat()))
        except OSError:
            return "none"


def _joined(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogateescape")).hexdigest()[:24]


@cache
def program_mark() -> str:
    """The package's own files and the holiday calendar's: an edited rule makes everything anew, also between two versions."""
    root = Path(str(files("ogi_report")))
    kinds = (".py", ".yaml", ".md", ".j2", ".css", ".js", ".json", ".xml", ".rels")
    paths = sorted(path for path in root.rglob("*") if path.suffix in kinds)
    own = [f"{p.relative_to(root).as_posix()}={sha256_of(p)}" for p in paths]
    return _joined([ogi_report.__version__, *own, *(sha256_of(path) for path in _calendar())])


def _calendar() -> list[Path]:
    """The holiday calendar: when another year's holidays are announced, time limits that were open can be decided."""
    spec = find_spec("chinese_calendar")
    return sorted(Path(spec.origin).parent.glob("*.py")) if spec is not None and spec.origin is not None else []


class _Told(NamedTuple):
    """What a params file says that decides which other files a report is made from."""

    notebook: object
    government_wide: bool


class Keys:
    """Computes the keys of a run's reports; what many share is computed once."""

    def __init__(self, settings: Settings, fingerprints: Fingerprints):
        """Takes the files' known fingerprints and adds to them."""
        self.settings, self.project, self.fingerprints = settings, settings.project, fingerprints
        self._program = program_mark()
        self._folders: dict[tuple[str, int], str] = {}
        self._notebooks: dict[str | None, str] = {}
        self._params_told: dict[str, tuple[str, _Told]] = {}
        """What a params file says, by its path, and its fingerprint: read once for as long as it stays as it is."""

    def anew(self) -> Keys:
        """The same for another look at the files; what the roster says is kept, and what files say that have not changed."""
        other = copy.copy(self)
        other._folders, other._notebooks = {}, {}
        return other

    @cached_property
    def _names(self) -> str:
        """The names of all bodies: a text may speak of any of them."""
        return _joined(f"{body.agency}={body.names}" for body in self.project.roster.values())

    @cached_property
    def _years(self) -> dict[str, list[int]]:
        """Agency → the years that it has a params file for; gaps among them are findings."""
        found: dict[str, list[int]] = {}
        for agency, year in self.project.agency_years():
            found.setdefault(agency, []).append(year)
        return found

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for body in self.project.roster.values():
            if body.parent:
                found.setdefault(body.parent, []).append(body.agency)
        return found

    def of(self, task: Task) -> dict[str, str]:
        """Returns part → hash of everything that a report is made from."""
        agency, year, print_of = task.agency, task.year, self.fingerprints
        params = self.project.params_file(agency, year)
        told = self._told(params)
        body = self.project.roster.get(agency)
        years = [other for other in self._years.get(agency, []) if other < year]
        key = {
            "program": self._program,
            "notebook": self._notebook(told.notebook),
            "rules": print_of.of_all(self.project.params / name for name in RULE_FILES),
            "roster": _joined([repr(body), self._names]),
            "params": print_of.of(params),
            "data": self._folder(agency, year),
            # A chart may show all years, a text name any of them.
            "last": _joined(f"{other}={self._report(agency, other)}" for other in years),
        }
        if told.government_wide:
            children = self._children.get(agency, [])
            # What the children carried out last year is held against what is carried in now.
            # And whether a child has others below it: then its report has to be of all of them.
            key["children"] = _joined(
                f"{child}={child in self._children} {self._report(child, year)} {self._report(child, year - 1)}"
                for child in children
            )
        return key

    def mark(self, task: Task) -> str:
        """Returns one hash over all parts, where thousands are kept and nobody asks which part it was."""
        return _joined(f"{part}={found}" for part, found in self.of(task).items())

    def _told(self, params: Path) -> _Told:
        mark, name = self.fingerprints.of(params), str(params)
        known = self._params_told.get(name)
        if known is None or known[0] != mark:
            told: Mapping[str, object] = {}
            with suppress(OgiError, OSError, UnicodeDecodeError):
                told = read_yaml_mapping(read_regular(params).decode("utf-8-sig"), params.name)[0]
            known = mark, _Told(told.get("notebook"), told.get("scope") == "government_wide")
            self._params_told[name] = known
        return known[1]

    def _report(self, agency: str, year: int) -> str:
        params = self.fingerprints.of(self.project.params_file(agency, year))
        return f"{params} {self._folder(agency, year)}"

    def _folder(self, agency: str, year: int) -> str:
        if (agency, year) not in self._folders:
            folder = self.project.data_folder(agency, year)
            self._folders[agency, year] = self.fingerprints.of_folder(folder)
        return self._folders[agency, year]

    def _notebook(self, name: object) -> str:
        name = name if isinstance(name, str) else None
        if name not in self._notebooks:
            try:
                self._notebooks[name] = self.fingerprints.of(notebook_for(name, self.settings))
            except OgiError:
                self._notebooks[name] = "none"
        return self._notebooks[name]
