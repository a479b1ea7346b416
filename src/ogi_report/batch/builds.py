"""What a build has kept of its reports, read back for those who compare builds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import simplejson

from ogi_report.comparison import Side
from ogi_report.errors import DataError
from ogi_report.forms import official_forms
from ogi_report.report.roster import Roster

KEPT = ".findings.json"


def is_build(folder: Path) -> bool:
    """Whether a folder is a build, or a build's folder of one year."""
    return any(folder.glob(f"*{KEPT}")) or any(folder.glob(f"[0-9]*/*{KEPT}"))


def read_build(folder: Path, roster: Roster | None = None) -> list[Side]:
    """Reads all reports of a build, or of its folder of one year, by year and agency.

    Raises:
        DataError: a file is not what a build writes.
    """
    paths = sorted([*folder.glob(f"*{KEPT}"), *folder.glob(f"[0-9]*/*{KEPT}")])
    return [read_kept(path, roster) for path in paths]


def read_kept(path: Path, roster: Roster | None = None) -> Side:
    """Reads what a build or `ogi-report check --format json` says of one report.

    Raises:
        DataError: the file says nothing of the kind.
    """
    try:
        told = simplejson.loads(path.read_text(encoding="utf-8"), use_decimal=True)
    except (OSError, ValueError):
        told = None
    if not _is_report(told):
        raise DataError(f"{path} 不是 ogi-report 生成的报告数据（.findings.json，或 check --format json 的输出）。")
    body = roster.get(told["agency"]) if roster is not None else None
    names = (body.name, *body.short_names) if body is not None else ()
    return Side(told, names[0] if names else told["agency"], str(path), names)


def _is_report(told: Any) -> bool:
    return (
        isinstance(told, Mapping)
        and {"agency", "year", "layout", "figures", "chapters", "findings"} <= told.keys()
        and told["layout"] in official_forms()
    )
