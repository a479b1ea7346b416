"""Annual reports on open government information: from an agency-year's figures to a checked, published report."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Report", "__version__"]

if TYPE_CHECKING:
    from ogi_report.report import Report


def __getattr__(name: str) -> Any:
    """Loads `Report` on first use, so that the lower rooms can be imported without the upper ones."""
    if name == "Report":
        from ogi_report.report import Report

        return Report
    raise AttributeError(f"module 'ogi_report' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
