"""What papermill finds by entry point, while it is being imported itself: it must not ask for more of papermill yet."""

from __future__ import annotations

from typing import Any

from papermill.engines import Engine


class OgiFast(Engine):
    """`papermill --engine ogi_fast`: hands notebooks to `FastEngine`, which is loaded with the first of them."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, *args: Any, **options: Any) -> Any:
        """Executes the notebook; see `FastEngine`."""
        from ogi_report.engine.engine import FastEngine

        return FastEngine.execute_notebook(nb, kernel_name, *args, **options)
