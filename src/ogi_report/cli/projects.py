"""Which project a command works on: the one around the current folder, the one of a data folder, or the one that is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from ogi_report.report import Project


def around(params: Path | None) -> Project | None:
    """The project of `--params`, or the one around the current folder; None where there is none."""
    from ogi_report.report import Project

    if params is not None:
        return Project(params.resolve(), params.resolve().parent / "data")
    try:
        return Project.find()
    except ConfigError:
        return None


def needed_around(params: Path | None, data: Path | None, otherwise: str) -> Project:
    """The same for a command that cannot do without the roster; `--data` wins over the folder beside the settings.

    Args:
        otherwise: in Chinese, what to do where there is no project.

    Raises:
        UsageError: there is no project around the current folder.
    """
    from ogi_report.report import Project

    found = around(params)
    if found is None:
        raise UsageError(f"不在项目文件夹中，找不到名录；{otherwise}。")
    return Project(found.params, data.resolve()) if data is not None else found


def of_data(data: Path, params: Path | None) -> Project:
    """The project of a data folder; its settings lie beside it unless `--params` says where."""
    from ogi_report.report import Project

    return Project((params or data.parent / "params").resolve(), data)


def require_folders(**folders: Path) -> None:
    """Checks the folders of options by the options' names.

    Raises:
        UsageError: one is not there.
    """
    for name, folder in folders.items():
        if not folder.is_dir():
            raise UsageError(f"找不到 --{name} 指的文件夹“{folder}”；请在项目文件夹中运行，或写明 --{name}。")
