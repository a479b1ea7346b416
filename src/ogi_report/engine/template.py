"""A notebook that is read once and executed many times, with other parameters each time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import remove_error_markers
from papermill.inspection import _infer_parameters
from papermill.iorw import load_notebook_node
from papermill.translators import translate_parameters
from papermill.utils import find_first_tagged_cell_index

from ogi_report.engine.engine import FastEngine

_INJECTED = "injected-parameters"


@dataclass(frozen=True)
class Execution:
    """An executed notebook and the error that ended it, if one did."""

    notebook: NotebookNode
    error: PapermillExecutionError | None = None


class Template:
    """A notebook, prepared as `papermill.execute_notebook` prepares it each time anew.

    papermill reads, upgrades and validates the file, looks for its parameters, upgrades and validates again when it has put
    in a cell, and validates once more when it writes. All but the last depend on the file alone, and are done here once.
    The executed notebooks are the same; they are returned, not written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Reads a notebook.

        Raises:
            NotJSONError: the file is no notebook.
            ValueError: it does not say which kernel or which language it is for.
        """
        self.path = str(path)
        notebook = remove_error_markers(load_notebook_node(self.path))
        self.kernel_name = str(papermill_engines.nb_kernel_name(None, notebook))
        self.language = str(papermill_engines.nb_language(None, notebook))
        self.parameters = frozenset(parameter.name for parameter in _infer_parameters(notebook))
        """Names that the cell tagged `parameters` declares."""
        injected = find_first_tagged_cell_index(notebook, _INJECTED)
        if injected >= 0:
            del notebook.cells[injected]
        self._place = injected if injected >= 0 else find_first_tagged_cell_index(notebook, "parameters") + 1
        self._stored = notebook
        self.sources = tuple(c.source for c in notebook.cells if c.cell_type == "code" and c.source.strip())
        """What its cells say."""

    def compile_ahead(self) -> None:
        """Compiles the cells, for all executions to come and for processes that are forked from this one."""
        from ogi_report.engine.shell import compile_ahead, foreign_shell

        if not foreign_shell():
            for source in self.sources:
                compile_ahead(source)

    def with_parameters(self, parameters: Mapping[str, Any]) -> NotebookNode:
        """Returns the notebook with a cell that sets the parameters, after the one that declares them."""
        notebook: NotebookNode = _copied(self._stored)
        if parameters:
            with _known_to_be_absent("black"):
                source = translate_parameters(self.kernel_name, self.language, dict(parameters), "Parameters")
            cell = {
                "cell_type": "code",
                "execution_count": None,
                "id": _INJECTED,
                "metadata": {"tags": [_INJECTED]},
                "outputs": [],
                "source": source,
            }
            notebook.cells.insert(self._place, from_dict(cell))
            notebook.metadata.papermill["parameters"] = dict(parameters)
        notebook.metadata.papermill |= {"input_path": self.path, "output_path": None}
        return notebook

    def execute(
        self,
        parameters: Mapping[str, Any],
        *,
        cwd: str | os.PathLike[str] | None = None,
        timeout: float | None = None,
        **options: Any,
    ) -> Execution:
        """Executes the notebook with parameters, by the fast engine.

        Args:
            parameters: what to set; whether the notebook declares them (`parameters`) is the caller's to check.
            cwd: the folder in which it runs.
            timeout: seconds for one cell.
            **options: what papermill's engines take, such as `allow_errors`; `is_last=True` spares making the shell ready for
                another notebook, where the process will execute none (`is_for_one_task`).

        Raises:
            CellTimeoutError: a cell took too long.
        """
        notebook = self.with_parameters(parameters)
        with _standing_in(cwd):
            executed = FastEngine.execute_notebook(
                notebook,
                self.kernel_name,
                output_path=None,
                progress_bar=False,
                autosave_cell_every=0,
                execution_timeout=timeout,
                **options,
            )
        return Execution(executed, error_of(executed))


def _copied(value: Any) -> Any:
    """A copy of a notebook or of a part; as `deepcopy`, which would go through each node's own way of setting an item."""
    if isinstance(value, NotebookNode):
        node = NotebookNode()
        dict.update(node, {name: _copied(part) for name, part in value.items()})
        return node
    return [_copied(part) for part in value] if isinstance(value, list) else value


def error_of(notebook: NotebookNode) -> PapermillExecutionError | None:
    """Returns the error that papermill would raise for an executed notebook."""
    for index, cell in enumerate(notebook.cells):
        outputs = [output for output in cell.get("outputs", []) if output.output_type == "error"]
        errors = [output for output in outputs if output.ename != "SystemExit" or output.evalue not in ("", "0")]
        said = next(iter(errors), None)
        if said is None and (outputs or cell.metadata.get("papermill", {}).get("exception") is not True):
            continue
        return PapermillExecutionError(
            cell_index=index,
            exec_count=cell.execution_count,
            source=cell.source,
            ename=said.ename if said else "CellExecutionError",
            evalue=said.evalue if said else "",
            traceback=said.traceback if said else [],
        )
    return None


@contextmanager
def _known_to_be_absent(module: str) -> Iterator[None]:
    """papermill looks each time for what would format the parameters; a search through all folders ends only the first time."""
    if module in sys.modules or _is_there(module):
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # what Python itself calls "not to be found"
    try:
        yield
    finally:
        del sys.modules[module]


_is_there = cache(find_spec)


@contextmanager
def _standing_in(folder: str | os.PathLike[str] | None) -> Iterator[None]:
    if folder is None:
        yield
        return
    kept = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(kept)
