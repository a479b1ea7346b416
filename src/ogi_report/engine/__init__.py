"""A papermill engine that executes notebooks in this process and yields what a kernel yields; isolation by fork.

This room stands on papermill, nbclient and ipykernel only and imports nothing else of this package, so that it can be
used, or split off, on its own. Nothing of it is loaded before it is asked for: `lean_imports` has to come before papermill.
"""

from typing import TYPE_CHECKING, Any

__all__ = [
    "Crashed",
    "Done",
    "Execution",
    "FastEngine",
    "NeedsKernel",
    "Outcome",
    "Reason",
    "Template",
    "differences",
    "is_for_one_task",
    "isolated",
    "lean_imports",
    "make_huge",
    "note",
    "warm_up",
]

if TYPE_CHECKING:
    from ogi_report.engine.client import NeedsKernel
    from ogi_report.engine.documents import differences
    from ogi_report.engine.engine import FastEngine, warm_up
    from ogi_report.engine.imports import lean_imports
    from ogi_report.engine.isolation import isolated
    from ogi_report.engine.outcomes import Crashed, Done, Outcome, Reason, is_for_one_task, note
    from ogi_report.engine.pages import make_huge
    from ogi_report.engine.template import Execution, Template

_HOMES = {
    "Crashed": "outcomes",
    "Done": "outcomes",
    "FastEngine": "engine",
    "Outcome": "outcomes",
    "Reason": "outcomes",
    "Execution": "template",
    "NeedsKernel": "client",
    "Template": "template",
    "differences": "documents",
    "is_for_one_task": "outcomes",
    "isolated": "isolation",
    "lean_imports": "imports",
    "make_huge": "pages",
    "note": "outcomes",
    "warm_up": "engine",
}


def __getattr__(name: str) -> Any:
    """Loads the module of a public name on first use."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
