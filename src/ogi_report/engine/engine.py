"""The engine that papermill finds under the name `ogi_fast`."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from functools import cache
from importlib.util import find_spec
from typing import Any

from nbformat import NotebookNode
from papermill.engines import Engine, NBClientEngine
from papermill.utils import merge_kwargs, remove_args

_LOG = logging.getLogger("papermill")
_RUNNING = threading.Lock()
_FRONT_END = re.compile(r"^[ \t]*(?:from|import)[ \t]+(?:ipywidgets|comm|ipykernel)\b", re.MULTILINE)
_WITH_WIDGETS = re.compile(r"^[ \t]*from[ \t]+tqdm\.(?:notebook|auto|autonotebook)\b", re.MULTILINE)
"""Shows a widget if ipywidgets is installed, and text if not."""
_PYTHON = "python"


class FastEngine(Engine):
    """Executes a notebook's cells in this process, and yields the notebook that a kernel would have yielded.

    A notebook that needs a kernel (another language, widgets), or a place where it cannot be done without one (inside
    another IPython, in a thread), is given to papermill's own engine, with a warning that says why.
    """

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool | dict[str, Any] = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        **options: Any,
    ) -> NotebookNode:
        """Executes a notebook and keeps the books, as `papermill.engines.Engine` does; returns it executed."""
        from ogi_report.engine.manager import SparingManager

        manager = SparingManager(
            nb,
            output_path=output_path,
            progress_bar=progress_bar,
            log_output=log_output,
            autosave_cell_every=autosave_cell_every,
        )
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **options)
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        executed: NotebookNode = manager.nb
        return executed

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, is_last: bool = False, **options: Any) -> Any:
        """Executes the notebook; takes the options that papermill's own engine takes.

        Args:
            is_last: this process executes no notebook after this one, and need not make the shell ready for it.

        Raises:
            CellTimeoutError: a cell took longer than `execution_timeout` seconds.
            NeedsKernel: a cell shows a widget, although the notebook does not import any.
        """
        why = needs_kernel(nb_man.nb, options)
        if why is None and not _RUNNING.acquire(blocking=False):
            why = "another notebook is being executed in this process"
        if why is not None:
            _LOG.warning("executed by a kernel: %s", why)
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)
        try:
            from ogi_report.engine.client import InProcessClient  # not needed to know the engine by name

            client = InProcessClient(nb_man, **_client_options(kernel_name, **options))
            client.is_last = is_last
            return client.execute()
        finally:
            _RUNNING.release()


def needs_kernel(notebook: NotebookNode, options: dict[str, Any] | None = None) -> str | None:
    """Returns why a notebook cannot be executed in this process, or None if it can."""
    spec, info = notebook.metadata.get("kernelspec", {}), notebook.metadata.get("language_info", {})
    language = str(spec.get("language") or info.get("name") or _PYTHON).lower()
    if language not in (_PYTHON, "ipython"):
        return f"its language is {language}"
    patterns = [_FRONT_END, _WITH_WIDGETS] if _is_there("ipywidgets") else [_FRONT_END]
    for index, cell in enumerate(notebook.cells):
        found = next((match for pattern in patterns if (match := pattern.search(cell.source))), None)
        if cell.cell_type == "code" and found is not None:
            return f"cell {index + 1} says `{found[0].strip()}`, which talks to a front end"
    if options and options.get("km") is not None:
        return "a kernel was handed in"
    return _cannot_be_here()


_is_there = cache(find_spec)


def _cannot_be_here() -> str | None:
    if threading.current_thread() is not threading.main_thread():
        return "not in the main thread"
    if asyncio._get_running_loop() is not None:
        return "an event loop is running here"
    from ogi_report.engine.shell import foreign_shell

    if foreign_shell():
        return "another IPython runs in this process"
    return None


def _client_options(
    kernel_name: str,
    log_output: bool = False,
    stdout_file: Any = None,
    stderr_file: Any = None,
    start_timeout: int = 60,
    execution_timeout: float | None = None,
    **others: Any,
) -> dict[str, Any]:
    """The options under the names that nbclient has for them; papermill's own engine translates them likewise."""
    kept = remove_args(["input_path", "timeout", "startup_timeout"], **others)
    timeout = execution_timeout if execution_timeout else others.get("timeout")
    if isinstance(timeout, float):  # nbclient's own option takes whole seconds
        seconds = timeout
        kept, timeout = {**kept, "timeout_func": lambda cell: seconds}, None
    merged: dict[str, Any] = merge_kwargs(
        kept,
        timeout=timeout,
        startup_timeout=start_timeout,
        kernel_name=kernel_name,
        log=_LOG,
        log_output=log_output,
        stdout_file=stdout_file,
        stderr_file=stderr_file,
    )
    return merged


def warm_up() -> None:
    """Does once, before any notebook or fork, what the first notebook would pay for otherwise.

    Import what notebooks will import before this: what lives now is taken for lasting, so that garbage collections pass
    it over and forked processes share it. Collections become rarer, too.
    """
    import gc

    import nbformat.v4

    from ogi_report.engine.forked import RARELY

    cells = [
        nbformat.v4.new_code_cell("print(1)\n1"),
        nbformat.v4.new_code_cell("1/0"),
        nbformat.v4.new_code_cell("await A"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.papermill = {}
    FastEngine.execute_notebook(notebook, _PYTHON, progress_bar=False, allow_errors=True, autosave_cell_every=0)
    gc.collect()
    gc.freeze()
    gc.set_threshold(RARELY)
