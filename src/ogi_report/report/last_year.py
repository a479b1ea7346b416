"""What a body reported the year before, or why that is not known."""

from __future__ import annotations

from ogi_report.errors import OgiError
from ogi_report.figures import Figures
from ogi_report.report.data import read_data
from ogi_report.report.params import FIRST_YEAR
from ogi_report.report.project import Project


def last_year_of(project: Project, agency: str, year: int) -> tuple[Figures | None, str]:
    """A body's figures of the year before; where there are none, or none that can be read, the reason in Chinese."""
    year -= 1
    if not project.params_file(agency, year).is_file():
        return None, f"没有 {year} 年的参数文件，跨年核对不适用"
    folder = project.data_folder(agency, year)
    try:
        form = project.read_params(agency, year).form
        return read_data(folder, form, agency, year, project.shown(folder)).figures, ""
    except OgiError as error:
        return None, f"{year} 年的数据无法读入（{error.messages[0]}），跨年核对不适用"


def gap_before(project: Project, agency: str, year: int) -> str | None:
    """Says in Chinese what is missing where a body's figures of the year before are not known, yet should be.

    That is so where that year's files cannot be read, and where there are reports of earlier years.
    """
    if project.params_file(agency, year - 1).is_file():
        return f"{year - 1} 年的数据无法读入"
    known = range(year - 2, FIRST_YEAR - 1, -1)
    earlier = next((other for other in known if project.params_file(agency, other).is_file()), None)
    return f"有 {earlier} 年的报告，缺 {year - 1} 年的数据" if earlier is not None else None
