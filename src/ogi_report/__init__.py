"""Annual reports on open government information: from an agency-year's figures to a checked, published report."""

import sys
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Report", "__version__", "preview"]

if TYPE_CHECKING:
    from ogi_report.notebook.preview import preview
    from ogi_report.report import Report


def __getattr__(name: str) -> Any:
    """Loads on first use what stands in the upper rooms, so that the lower ones can be imported without them."""
    if name == "Report":
        from ogi_report.report import Report

        _offer_completions()
        return Report
    if name == "preview":
        from ogi_report.notebook.preview import preview

        return preview
    raise AttributeError(f"module 'ogi_report' has no attribute {name!r}")


def _offer_completions() -> None:
    """Where somebody sits at an IPython or a Jupyter kernel, Tab knows agencies and charts; a batch has no Tab."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and not type(shell).__module__.startswith("ogi_report."):
        from ogi_report.notebook.completion import offer

        offer(shell)


def __dir__() -> list[str]:
    return sorted(__all__)
