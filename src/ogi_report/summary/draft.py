"""The draft of the body's own report: the sums as data files, and a narrative in which every number is computed.

What no figures can tell (measures, problems) stands there as 【待补充：…】, which the rules refuse to publish.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.errors import UsageError
from ogi_report.summary.show import coverage_line
from ogi_report.writers import write_table_csv
from ogi_report.writers.files import write_atomically

if TYPE_CHECKING:
    from ogi_report.summary.summary import Summary

NARRATIVE = "narrative.md"
_COVERAGE = "{{ 汇总范围 }}"


def narrative(summary: Summary) -> str:
    """The narrative with its names unfilled, as a report's own narrative.md has them; only the coverage is filled in."""
    source = (files("ogi_report.summary") / "draft.md").read_text(encoding="utf-8")
    return source.replace(_COVERAGE, _coverage(summary))


def _coverage(summary: Summary) -> str:
    if not summary.complete:
        return coverage_line(summary)
    names = "、".join(child.body.name for child in summary.children.bodies)
    return f"本报告汇总了{len(summary.children.bodies)}家单位的数据：{names}。"


def write_draft(summary: Summary, folder: Path) -> list[Path]:
    """Writes the tables and narrative.md into a folder, such as the data folder of the body's own report.

    Raises:
        UsageError: somebody is missing, or one of the files is there already; nothing is written then.
    """
    if not summary.complete:
        raise UsageError(f"没有写草稿。{coverage_line(summary)}")
    contents = {f"{table.key}.csv": write_table_csv(summary.figures, table.key) for table in summary.form.tables}
    contents[NARRATIVE] = narrative(summary)
    there = [name for name in contents if (folder / name).exists()]
    if there:
        raise UsageError(f"没有写草稿：{folder} 中已有 {'、'.join(there)}；不覆盖已有的文件，请换一个文件夹。")
    for name, content in contents.items():
        write_atomically(folder / name, content)
    return [folder / name for name in contents]
