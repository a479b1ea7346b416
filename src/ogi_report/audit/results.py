"""`Audit`: what the cells of notebooks/audit.ipynb talk to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from ogi_report.audit.files import READ
from ogi_report.audit.outputs import list_of
from ogi_report.errors import ConfigError
from ogi_report.forms import SEVERITIES, official_forms
from ogi_report.in_words import InWords
from ogi_report.report.fragment import Fragment
from ogi_report.report.listing import listing
from ogi_report.rules import Severity

FOLDER_VARIABLE = "OGI_REPORT_AUDIT"
"""How `ogi-report audit` tells the notebook where its results are."""

TRENDS = (
    "applications.received.total",
    "applications.handled_total.total",
    "remedies.review.total",
    "remedies.litigation_direct.total",
)
"""Cells that both layouts have with one meaning, so that they may stand in one series."""


class Audit(InWords):
    """The results of `ogi-report audit`, as tables that show themselves.

    audit = Audit.open()      # the folder that was audited last, or Audit.open("build/audit")
    audit.overview()          # how many files, read or not, and how many findings
    audit.rules()             # which rules fail most
    audit.agencies()          # who has most to correct
    audit.trends()            # totals and medians by year
    audit.findings            # a DataFrame, one line for each finding
    audit.figures             # a DataFrame, one line for each cell
    """

    def __init__(self, folder: Path):
        """Opens the results in a folder.

        Raises:
            ConfigError: there are none.
        """
        if not (folder / "files.csv").is_file():
            raise ConfigError(f"{folder} 中没有审核结果；请先运行 ogi-report audit <文件夹> --out {folder}。")
        self.folder = folder

    @classmethod
    def open(cls, folder: str | Path | None = None) -> Audit:
        """Opens the folder given, or the one that `ogi-report audit` names, or build/audit of the current project."""
        if folder is None:
            folder = os.environ.get(FOLDER_VARIABLE)
        if folder is not None:
            return cls(Path(folder))
        here = Path.cwd()
        found = next((p for p in (here, *here.parents) if (p / "build" / "audit" / "files.csv").is_file()), here)
        return cls(found / "build" / "audit")

    @cached_property
    def files(self) -> pd.DataFrame:
        return list_of(self.folder / "files.csv")

    @cached_property
    def findings(self) -> pd.DataFrame:
        return list_of(self.folder / "findings.csv")

    @cached_property
    def figures(self) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "figures.parquet", dtype_backend="pyarrow")

    @property
    def read(self) -> pd.DataFrame:
        return self.files[self.files["状态"] == READ]

    # -- what a cell shows ---------------------------------------------------------------------------------------

    def title(self) -> Fragment:
        """The head of the page."""
        read = self.read
        years = sorted(year for year in read["年度"].unique() if year)
        span = f"{years[0]}—{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年" if years else ""
        heading = f"已公布年度报告审核总览{f'（{span}）' if span else ''}"
        html = f'<header class="ogi-head"><h1>{escape(heading)}</h1></header>'
        return Fragment("title", html, html, heading, {}, heading)

    def overview(self) -> Fragment:
        """How many files there are, how many could be read, and what was found in them."""
        files, read = self.files, self.read
        lines = [("文件", len(files))]
        lines += [(f"其中{status}", int(number)) for status, number in files["状态"].value_counts().items()]
        lines += [("机构", read["机构"].nunique()), ("年度", read["年度"].nunique())]
        for column in SEVERITIES.values():
            numbers = [int(value) for value in read[column] if value]
            lines.append((f"{column}问题", sum(numbers)))
        gravest = Severity.ERROR.chinese
        lines.append((f"没有{gravest}问题的报告", sum(value == "0" for value in read[gravest])))
        return listing("audit", "总览", ("项目", "数量"), lines)

    def rules(self, most: int = 20) -> Fragment:
        """The rules by the number of reports that break them."""
        rules = list_of(self.folder / "rules.csv")
        broken = rules[rules["报告数"].map(int) > 0]
        order = sorted(broken.itertuples(index=False, name=None), key=lambda line: (-int(line[3]), line[0]))
        total = max(len(self.read), 1)
        lines = [(*line[:4], f"{100 * int(line[3]) / total:.0f}%") for line in order[:most]]
        return listing("audit", "哪些规则最常不成立", ("规则", "级别", "说明", "报告数", "占已读报告"), lines)

    def agencies(self, most: int = 20) -> Fragment:
        """The reports with most to correct."""
        lines = sorted(
            (
                (name, year, int(errors or 0), int(warnings or 0), int(notes or 0), file)
                for file, _, name, year, _, errors, warnings, notes, _ in self.read.itertuples(index=False, name=None)
            ),
            key=lambda line: (-line[2], -line[3], -line[4], line[0], line[1]),
        )
        return listing("audit", "哪些报告问题最多", ("机构", "年度", *SEVERITIES.values(), "文件"), lines[:most])

    def trends(self, cells: Sequence[str] = TRENDS) -> Fragment:
        """Totals and medians by year, over the reports that filled the cell; a blank counts nowhere.

        Raises:
            ConfigError: no layout has such a cell.
        """
        labels = {key: spec.label for form in official_forms().values() for key, spec in form.cells.items()}
        if unknown := [cell for cell in cells if cell not in labels]:
            raise ConfigError(f"没有 {unknown[0]} 这一格；单元格代码见 docs/codebook.md。")
        figures = self.figures.drop_duplicates(["agency", "year", "key"])
        lines: list[tuple[object, ...]] = []
        for cell in cells:
            filled = figures[(figures["key"] == cell) & figures["value"].notna()]
            for year, group in filled.groupby("year"):
                values = sorted(group["value"].tolist())
                lines.append((labels[cell], year, len(values), _plain(sum(values)), _plain(_middle(values))))
        return listing("audit", "历年数字", ("项目", "年度", "填报的报告数", "合计", "中位数"), lines)

    def unread(self) -> Fragment:
        """The files that could not be read, and why."""
        bad = self.files[self.files["状态"] != READ]
        lines = list(bad[["文件", "状态", "说明"]].itertuples(index=False, name=None))
        return listing("audit", "没有读出的文件", ("文件", "状态", "说明"), lines, none="全部文件都已读出。")

    def doubts(self, most: int = 50) -> Fragment:
        """Where reading was doubtful: tables that lost rows, or whose columns were shifted."""
        found = self.findings[self.findings["规则"].str.startswith("LAYOUT-")]
        lines = list(found[["机构", "年度", "规则", "问题"]].itertuples(index=False, name=None))
        return listing("audit", "表格的结构问题", ("机构", "年度", "规则", "问题"), lines[:most], none="没有结构问题。")

    def _in_words(self) -> str:
        return f"审核结果：{len(self.files)} 个文件，已读出 {len(self.read)} 份报告，{len(self.findings)} 项问题"


def _plain(value: object) -> str:
    text = f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _middle(values: list[object]) -> object:
    """The median; of an even number of values the lower of the two in the middle, which somebody really reported."""
    return values[(len(values) - 1) // 2]
