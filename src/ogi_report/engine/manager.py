"""papermill's book-keeping of a run, at less cost."""

from __future__ import annotations

import datetime
import logging
import sys
import time
from typing import Any

from nbformat import NotebookNode
from papermill.engines import NotebookExecutionManager

_LOG = logging.getLogger("papermill")
_EVERY = 1.0
"""Seconds between two saves of a notebook whose cells are quick."""


class SparingManager(NotebookExecutionManager):
    """Notes the same facts and saves the same file, but not twice for each cell.

    papermill writes the whole notebook, validated, before and after each cell. Where a cell takes a millisecond that is
    nearly all the time. Here it is written at the start, at most once a second, and at the end, also after an error or a
    time-out; what a process that dies takes with it is the last second.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._saved = 0.0
        self._begun: datetime.datetime | None = None

    def save(self, **kwargs: Any) -> None:
        """Saves the notebook, unless it has just been saved."""
        if kwargs.get("nb"):
            self.nb = kwargs["nb"]
        now = time.monotonic()
        if self.output_path and (now - self._saved >= _EVERY or self.end_time is not None):
            super().save()
            self._saved = time.monotonic()

    def cell_start(self, cell: NotebookNode, cell_index: int | None = None, **kwargs: Any) -> None:
        """A cell begins."""
        super().cell_start(cell, cell_index, **kwargs)
        self._begun = self.now()

    def cell_complete(self, cell: NotebookNode, cell_index: int | None = None, **kwargs: Any) -> None:
        """A cell has ended; what papermill's own does, without reading the time back from text."""
        if kwargs.get("nb"):
            self.nb = kwargs["nb"]
        end = self.now()
        if self.log_output:
            _LOG.info("Ending Cell %s", f"{cell_index + 1 if cell_index is not None else '':-<43}")
            sys.stdout.flush()
            sys.stderr.flush()
        facts = cell.metadata.papermill
        facts["end_time"] = end.isoformat()
        if self._begun is not None:
            facts["duration"] = (end - self._begun).total_seconds()
        if facts["status"] != self.FAILED:
            facts["status"] = self.COMPLETED
        self.save()
        if self.pbar:
            self.pbar.update(1)
