"""A filled-in workbook given back with what was found: marks are added to the file, nothing in it is written anew.

The XML is edited directly: a library that loads and saves workbooks drops the results of formulas, what newer programs
keep in extensions, and everything else that it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ogi_report.forms.workbook import cell_name
from ogi_report.writers.returned.colours import SEVERITIES, clear_colours, colour
from ogi_report.writers.returned.comments import replace_comments
from ogi_report.writers.returned.findings_sheet import add_list, link_back, remove_list
from ogi_report.writers.returned.package import EditedPackage
from ogi_report.writers.returned.remarks import Remark, Return, Spot

__all__ = ["Remark", "Return", "Spot", "annotate"]

MOST_IN_A_COMMENT = 1_500
"""Characters; the list has the rest."""


def annotate(content: bytes, shown: str, returned: Return) -> bytes:
    """Returns a workbook with coloured cells, comments and a list of findings; those of an earlier return are replaced.

    Args:
        content: a workbook that the reader has accepted.
        shown: how messages name it.

    Raises:
        DataError: it is of a kind that cannot be edited.
    """
    package = EditedPackage.open(content, shown)
    package.without_macros()
    remove_list(package)
    name = add_list(package, returned)
    for sheet in package.sheets():
        if sheet.name == name:
            continue
        root = package.tree(sheet.part).getroot()
        clear_colours(root)
        colour(package, root, _colours(returned.remarks, sheet.name))
        replace_comments(package, sheet.part, _comments(returned.remarks, sheet.name))
        link_back(root, [note for note in returned.notes if note.sheet == sheet.name], name)
    return package.save()


def _colours(remarks: Sequence[Remark], sheet: str) -> Mapping[str, Sequence[str]]:
    """Severity → cells of a sheet; a cell is marked by the most severe remark about it."""
    worst: dict[tuple[int, int], str] = {}
    ranks = list(SEVERITIES)
    for remark in sorted(remarks, key=lambda remark: ranks.index(remark.severity)):
        if remark.marked:
            for spot in remark.spots:
                if spot.sheet == sheet:
                    worst.setdefault((spot.row, spot.col), remark.severity)
    return {severity: [cell_name(*at) for at in sorted(worst) if worst[at] == severity] for severity in SEVERITIES}


def _comments(remarks: Sequence[Remark], sheet: str) -> dict[tuple[int, int], str]:
    texts: dict[tuple[int, int], list[str]] = {}
    for number, remark in enumerate(remarks, start=1):
        if remark.marked:
            for spot in remark.spots:
                if spot.sheet == sheet:
                    texts.setdefault((spot.row, spot.col), []).append(_comment(number, remark))
    return {at: "\n".join(parts)[:MOST_IN_A_COMMENT] for at, parts in texts.items()}


def _comment(number: int, remark: Remark) -> str:
    lines = [f"【{remark.level}】{remark.message}"]
    if remark.suggestion:
        lines.append(f"建议：{remark.suggestion}")
    if remark.quote:
        lines.append(f"原文：{remark.quote}")
    lines.append(f"（问题清单第 {number} 条，{remark.rule}）")
    return "\n".join(lines)
