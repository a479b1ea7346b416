"""Executes the template for one agency-year through papermill, and takes out of the result whatever is not content."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import simplejson
from nbformat import NotebookNode

from ogi_report.errors import UnresolvedErrors, UsageError
from ogi_report.report.fragment import MIME

FAST, KERNEL = "fast", "kernel"
"""Names under which our engine (in this process) and papermill's own (a kernel process per notebook) are asked for."""

_ERROR_CELL = "papermill-error-cell-tag"
_FOLDERS = re.compile(r"(?:[A-Za-z]:)?(?:[/\\][\w.@+-]+)+[/\\](?=[\w.-]+)")
_CELL_FILE = re.compile(r"ipykernel_\d+[/\\]\d+\.py")


@dataclass(frozen=True)
class Executed:
    """An executed notebook and, where a cell raised, what it said; `ours` if that is a message of this package.

    Such a message tells of the report's own files; anything else tells of the notebook, which its author wants to see.
    """

    notebook: NotebookNode
    failure: str | None = None
    ours: bool = False

    def payloads(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Data of our own outputs of a kind (`findings`, `card`), in the notebook's order."""
        for cell in self.notebook.cells:
            for output in cell.get("outputs", []):
                ours = output.get("data", {}).get(MIME)
                if ours is not None and ours["kind"] == kind:
                    yield simplejson.loads(ours["data"], use_decimal=True)


def known_engines() -> list[str]:
    """Names that `--engine` accepts."""
    from papermill.engines import papermill_engines

    names = [name for name in papermill_engines._engines if name not in (None, "nbclient", "ogi_fast")]
    return [FAST, KERNEL, *sorted(names)]


def require_engine(name: str) -> None:
    """Raises:
    UsageError: papermill has no engine of that name.
    """
    if name in (FAST, KERNEL):
        return
    if name not in known_engines():
        raise UsageError(f"没有名为 {name} 的执行引擎；已安装：{'、'.join(known_engines())}。")


def is_of_a_report(notebook: Path) -> bool:
    """Whether a notebook has parameters for agency and year; the tutorial and the audit's overview have none."""
    return {"agency", "year"} <= template(notebook).parameters


def require_report(notebook: Path) -> None:
    """Raises:
    UsageError: the notebook does not say of which agency and year it is.
    """
    if not is_of_a_report(notebook):
        raise UsageError(
            f"notebooks/{notebook.name} 没有带 parameters 标签、写着 agency 和 year 的格子，不是做年报的笔记本；"
            f"请由 annual_report.ipynb 复制。"
        )


@contextmanager
def told_to_notebooks(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets environment variables for the notebooks that are executed meanwhile.

    Folders of the machine are told in this way: as parameters they would be seen in the outputs.
    """
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    *,
    engine: str = FAST,
    timeout: float | None = None,
    is_last: bool = False,
) -> Executed:
    """Executes a notebook with parameters; a cell that raises ends it, and the outputs so far are kept.

    Args:
        notebook: the template; it runs in its own folder, as it does in JupyterLab.
        parameters: injected after the cell tagged `parameters`.
        engine: `fast`, `kernel`, or the name of an installed papermill engine.
        timeout: seconds that one cell may take.
        is_last: this process executes no other notebook afterwards.

    Raises:
        Exception: the kernel did not start or died, a cell took too long: whatever papermill raises.
    """
    if engine == FAST:
        return _execute_here(notebook, parameters, timeout, is_last)
    with tempfile.TemporaryDirectory() as folder, _standard_error_into(Path(folder) / "kernel.log"):
        return _execute_by(engine, notebook, parameters, Path(folder) / "executed.ipynb", timeout)


def _execute_by(
    engine: str, notebook: Path, parameters: Mapping[str, Any], scratch: Path, timeout: float | None
) -> Executed:
    """By one of papermill's engines, which may write to `scratch` while it runs."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    options: dict[str, Any] = {}
    if engine == KERNEL:
        options["config"] = _kernel_config(scratch.parent)
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            str(scratch),
            parameters=dict(parameters),
            engine_name=None if engine == KERNEL else engine,
            cwd=str(notebook.parent),
            progress_bar=False,
            execution_timeout=timeout,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            **options,
        )
    except PapermillExecutionError as error:
        return _failed(nbformat.read(str(scratch), as_version=4), error)
    return Executed(_without_run_facts(executed))


@contextmanager
def _standard_error_into(path: Path) -> Iterator[None]:
    """What a kernel says on standard error while it is stopped or dies is no message for a clerk."""
    kept = os.dup(2)
    with path.open("wb") as log:
        os.dup2(log.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _execute_here(notebook: Path, parameters: Mapping[str, Any], timeout: float | None, is_last: bool) -> Executed:
    """In this process, as the notebook's own kernel would; a notebook that needs a kernel gets one."""
    done = template(notebook).execute(
        parameters, cwd=notebook.parent, timeout=timeout, is_last=is_last, record_timing=False
    )
    return Executed(_without_run_facts(done.notebook)) if done.error is None else _failed(done.notebook, done.error)


def template(notebook: Path) -> Any:
    """A notebook, read and prepared once for all reports that are made from it as long as it does not change."""
    return _prepared(notebook, notebook.stat().st_mtime_ns)


@cache
def _prepared(notebook: Path, changed: int) -> Any:
    from ogi_report.engine import Template

    return Template(notebook)


def _kernel_config(folder: Path) -> Any:
    """No TCP ports: the kernel's messages go through sockets in a folder that only this user can open.

    Without a folder of their own, kernels started at the same time take each other's sockets and hang.
    """
    from traitlets.config import Config

    return Config() if os.name == "nt" else Config({"KernelManager": {"transport": "ipc", "ip": str(folder / "k")}})


_OURS = ("ConfigError", "DataError", "NarrativeError", "FormError", "RuleError")


def _failed(notebook: NotebookNode, error: Any) -> Executed:
    """A notebook that an error ended; the gate of its last cell is no failure."""
    notebook = _without_run_facts(notebook)
    if error.ename == UnresolvedErrors.__name__:
        return Executed(notebook)
    if error.ename in _OURS:
        return Executed(notebook, str(error.evalue), ours=True)
    said = _without_folders(str(error.evalue))
    return Executed(notebook, f"笔记本第 {error.cell_index + 1} 格出错：{error.ename}：{said}")


def _without_folders(text: str) -> str:
    return _FOLDERS.sub("…/", _CELL_FILE.sub("cell.py", text))


def _without_run_facts(notebook: NotebookNode) -> NotebookNode:
    """The same inputs give the same bytes: no times, no random ids, no process numbers, no folders of the machine."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.cells = [cell for cell in notebook.cells if _ERROR_CELL not in cell.metadata.get("tags", [])]
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [_without_folders(line) for line in output.traceback]
            elif output.output_type == "stream":
                text = _CELL_FILE.sub("cell.py", output.text)
                # Warnings name the files of packages; what a notebook prints is its author's business.
                output.text = _without_folders(text) if output.name == "stderr" else text
    return notebook
