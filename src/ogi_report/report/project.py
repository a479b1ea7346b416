"""Where a project's files are, and how messages name them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ogi_report.errors import ConfigError, printable_name
from ogi_report.in_words import InWords
from ogi_report.report.local_rules import read_local_rules
from ogi_report.report.params import Params, read_params
from ogi_report.report.roster import Body, Roster, read_roster
from ogi_report.rules import LocalRules

PARAMS_VARIABLE, DATA_VARIABLE = "OGI_REPORT_PARAMS", "OGI_REPORT_DATA"
"""How a batch tells the notebooks that it executes where `--params` and `--data` are; nobody else need set them."""

PROJECT_VARIABLE = "OGI_REPORT_PROJECT"
"""Where the project is, for notebooks that a scheduler executes in a folder of its own; `make lab` sets it."""

ROSTER = "agencies.csv"


@dataclass(frozen=True)
class Project(InWords):
    """A folder of settings and a folder of data."""

    params: Path
    data: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """Returns the project around a folder (the current one by default) by walking up to `params/agencies.csv`.

        Raises:
            ConfigError: no folder above holds a project.
        """
        if start is None and PARAMS_VARIABLE in os.environ:
            params = Path(os.environ[PARAMS_VARIABLE])
            return cls(params, Path(os.environ.get(DATA_VARIABLE, params.parent / "data")))
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "params" / ROSTER).is_file():
                return cls(folder / "params", folder / "data")
        if start is None and PROJECT_VARIABLE in os.environ:
            return cls.find(Path(os.environ[PROJECT_VARIABLE]))
        raise ConfigError(
            f"从“{here.name}”文件夹往上都找不到 params/{ROSTER}；请在项目文件夹中运行，"
            f"或者用环境变量 {PROJECT_VARIABLE} 指明项目文件夹。"
        )

    @cached_property
    def roster(self) -> Roster:
        return read_roster(self.params / ROSTER, self.shown(self.params / ROSTER))

    @cached_property
    def local_rules(self) -> LocalRules:
        """The project's own rules, `params/rules.yaml` and `params/rules.py`."""
        return read_local_rules(self.params, self.shown(self.params))

    def params_file(self, agency: str, year: int) -> Path:
        return self.params / str(year) / f"{agency}.yaml"

    def data_folder(self, agency: str, year: int) -> Path:
        return self.data / str(year) / agency

    def read_params(self, agency: str, year: int) -> Params:
        path = self.params_file(agency, year)
        return read_params(path, self.shown(path))

    def body(self, agency: str) -> Body:
        """Returns an agency's line of the roster.

        Raises:
            ConfigError: the agency is not in the roster.
        """
        if agency not in self.roster:
            from difflib import get_close_matches

            close = get_close_matches(agency, self.roster, n=1)
            hint = f"您是不是要写 {close[0]}（{self.roster[close[0]].name}）？" if close else ""
            raise ConfigError(
                f"机构代码 {agency} 不在 {self.shown(self.params / ROSTER)} 中；{hint}请先在名录中加一行。"
            )
        return self.roster[agency]

    def has_body(self, agency: str) -> bool:
        """Whether the roster is there and lists an agency."""
        return (self.params / ROSTER).is_file() and agency in self.roster

    def agency_years(self) -> list[tuple[str, int]]:
        """All (agency, year) that have a params file, by year and then in the roster's order."""
        order = {agency: number for number, agency in enumerate(self.roster)}
        found = [
            (path.stem, int(path.parent.name)) for path in self.params.glob("*/*.yaml") if path.parent.name.isdecimal()
        ]
        return sorted(found, key=lambda item: (item[1], order.get(item[0], len(order)), item[0]))

    def shown(self, path: Path) -> str:
        """How a message names a file: relative to the project, never with the machine's folders."""
        base = self.params.parent if self.params.name == "params" else self.params
        for root in (base, self.data.parent):
            if path.is_relative_to(root):
                return printable_name(path.relative_to(root).as_posix())
        return printable_name(path.name)

    def _in_words(self) -> str:
        return f"项目：名录 {len(self.roster)} 家机构，{len(self.agency_years())} 份报告（{self.params.name}、{self.data.name} 文件夹）"
