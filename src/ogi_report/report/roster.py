"""The roster of agencies: `params/agencies.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from ogi_report.errors import ConfigError, DataError
from ogi_report.in_words import InWords
from ogi_report.readers import read_text
from ogi_report.report.params import agency_id_problem

LEVELS = {
    "ministry": "国务院部门",
    "province": "省级政府",
    "city": "设区的市级政府",
    "county": "县级政府",
    "department": "政府部门",
    "township": "乡镇、街道",
}
_REQUIRED = ("agency", "name")
COLUMNS = ("agency", "name", "short_names", "level", "parent", "website", "contact")


@dataclass(frozen=True, slots=True)
class Body(InWords):
    """One line of the roster: an agency that publishes reports."""

    agency: str
    name: str
    short_names: tuple[str, ...] = ()
    level: str | None = None
    parent: str | None = None
    website: str | None = None
    contact: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def short_name(self) -> str:
        return self.short_names[0] if self.short_names else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the body that a reader would take for it alone: not 我局 or 镇政府, which each may say."""
        return (self.name, *(name for name in self.short_names if len(name) > 3))

    @property
    def is_government(self) -> bool:
        """A government, not a department; Article 50(4) asks more of these. Townships report in their own name."""
        return self.level in ("province", "city", "county")

    def _in_words(self) -> str:
        level = f"，{LEVELS[self.level]}" if self.level in LEVELS else ""
        return f"{self.name}（{self.agency}）{level}{f'，上级 {self.parent}' if self.parent else ''}"


class Roster(InWords, dict[str, Body]):
    """The bodies by agency id, in the file's order."""

    @cached_property
    def _by_beginning(self) -> dict[str, dict[int, dict[str, list[str]]]]:
        """The first three characters of a name → its length → the name → agencies.

        No name that stands for one body is shorter. Thousands may begin alike, with their city's name; but in few lengths.
        """
        found: dict[str, dict[int, dict[str, list[str]]]] = {}
        for body in self.values():
            for name in body.names:
                alike = found.setdefault(name[:_BEGINNING], {}).setdefault(len(name), {})
                alike.setdefault(name, []).append(body.agency)
        return found

    def make_ready(self) -> None:
        """Sorts the names now, for all processes to come that share this roster; of ten thousand that takes ten milliseconds."""
        _ = self._by_beginning

    def named_in(self, text: str) -> list[tuple[str, str]]:
        """(name, agency) of the bodies that a text names; takes no longer for ten thousand bodies than for ten."""
        index = self._by_beginning
        found: dict[str, list[str]] = {}
        for size in sorted({len(beginning) for beginning in index}):
            for place in range(len(text) - size + 1):
                if (beginning := text[place : place + size]) in index:
                    for length, names in index[beginning].items():
                        if (name := text[place : place + length]) in names:
                            found[name] = names[name]
        return [(name, agency) for name, agencies in found.items() for agency in agencies]

    def _in_words(self) -> str:
        return "\n".join([f"名录，{len(self)} 家机构：", *map(str, self.values())])


_BEGINNING = 3


def read_roster(path: Path, shown: str) -> Roster:
    """Returns the roster by agency id, in the file's order; read again only when the file has changed.

    Raises:
        ConfigError: one message per problem, with file, line and column.
    """
    try:
        found = path.stat()
        stamp = (found.st_size, found.st_mtime_ns)
    except OSError:
        stamp = (0, 0)
    return _read_roster(path, shown, stamp)


@lru_cache(4)
def _read_roster(path: Path, shown: str, stamp: tuple[int, int]) -> Roster:
    try:
        text = read_text(path, shown)
    except DataError as error:
        raise ConfigError(error.messages) from None
    try:
        return _parse_roster(csv.DictReader(io.StringIO(text, newline=None)), shown)
    except csv.Error:
        raise ConfigError(f"{shown} 不像是表格：多半是某个英文双引号没有成对；请检查引号。") from None


def _parse_roster(reader: csv.DictReader[str], shown: str) -> Roster:
    columns = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = columns
    lacking = [name for name in _REQUIRED if name not in columns]
    if lacking:
        raise ConfigError(f"{shown} 的表头缺少 {'、'.join(lacking)} 列；表头应为：{','.join(COLUMNS)}。")
    bodies = Roster()
    problems: list[str] = []
    for line in reader:
        place = f"{shown} 第 {reader.line_num} 行"
        values = {key: (value or "").strip() for key, value in line.items() if isinstance(key, str)}
        if not any(values.values()) or values["agency"].startswith("#"):
            continue
        if None in line:
            problems.append(f"{place}的列数多于表头；文字中有逗号时请给整格加英文双引号。")
            continue
        problem = _problem(values, bodies)
        if problem:
            problems.append(f"{place}：{problem}")
            continue
        bodies[values["agency"]] = _body(values)
    for body in bodies.values():
        if body.parent and body.parent not in bodies:
            problems.append(f"{shown}：{body.agency} 的上级 parent “{body.parent}”不在名录中。")
    if problems:
        raise ConfigError(problems)
    return bodies


def _problem(values: dict[str, str], known: dict[str, Body]) -> str | None:
    if (problem := agency_id_problem(values["agency"])) is not None:
        return f"机构代码 agency 写的是“{values['agency']}”，{problem}。"
    if values["agency"] in known:
        return f"机构代码 {values['agency']} 出现了两次。"
    if not values["name"]:
        return f"{values['agency']} 没有写全称 name。"
    if values.get("level") and values["level"] not in LEVELS:
        return f"层级 level 写的是“{values['level']}”，只能是 {'、'.join(LEVELS)}，或留空。"
    return None


def _body(values: dict[str, str]) -> Body:
    shorts = values.get("short_names", "").replace("；", ";").split(";")
    return Body(
        values["agency"],
        values["name"],
        tuple(name.strip() for name in shorts if name.strip()),
        values.get("level") or None,
        values.get("parent") or None,
        values.get("website") or None,
        values.get("contact") or None,
        {key: value for key, value in values.items() if key not in COLUMNS and value},
    )
