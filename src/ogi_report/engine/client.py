"""papermill's notebook client with the kernel in this process: it assembles the document from the same messages."""

from __future__ import annotations

import asyncio
import builtins
import os
import sys
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from IPython.display import display
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from papermill.clientwrap import PapermillNotebookClient

from ogi_report.engine.process_state import Sides, fresh_figures, process_undone, shell_undone
from ogi_report.engine.shell import no_input, renew, run_cell, shell
from ogi_report.engine.streams import CellStream, Transcript
from ogi_report.engine.time_limit import TimeIsUp, TimeLimit, interruptions_noted

_WIDGET = "application/vnd.jupyter.widget-view+json"
_OUTPUTS = ("execute_result", "display_data", "stream", "error")


class NeedsKernel(RuntimeError):
    """A cell has shown something that works with a kernel only."""


class InProcessClient(PapermillNotebookClient):
    """Executes the cells of one notebook in the shell of this process."""

    is_last = False
    """Whether no notebook comes after this one: then the shell may stay as it is in the end."""

    def execute(self, **kwargs: Any) -> NotebookNode:
        """Executes the notebook, as papermill's client does, and returns it."""
        self.reset_execution_trackers()
        with process_undone():
            self.shell = shell()
            undone = nullcontext() if self.is_last else shell_undone(self.shell)
            with undone, self._streams(), self._event_loop():
                self._prepare_process()
                try:
                    self.papermill_execute_cells()
                finally:
                    if not self.is_last:
                        renew(self.shell)
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        self.set_widgets_metadata()
        executed: NotebookNode = self.nb
        return executed

    # -- the process around the cells ----------------------------------------------------------------------------------

    @contextmanager
    def _streams(self) -> Iterator[None]:
        self._transcript = Transcript(self._stream_text)
        streams = (CellStream("stdout", self._transcript), CellStream("stderr", self._transcript))
        self._sides = Sides(*streams)
        try:
            with Path(os.devnull).open(encoding="utf-8") as self._nothing_to_read:
                yield
        finally:
            self._transcript.descriptors.close()
            # All these know each other, and the notebook: large outputs would wait for the garbage collector.
            self.shell.channel.receive = _nobody_listens
            self.comm_open_handlers.clear()
            for stream in streams:
                vars(stream).pop("write", None)  # left there by IPython, which notes what cells print
            del self._transcript, self._sides

    @contextmanager
    def _event_loop(self) -> Iterator[None]:
        """One loop for all cells: a task that one cell starts goes on while another waits."""
        self._loop = asyncio.new_event_loop()
        try:
            yield
        finally:
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            if tasks:
                self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _prepare_process(self) -> None:
        """What a kernel finds when it starts, or arranges itself."""
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        self.shell.init_environment()
        vars(builtins).update(__IPYTHON__=True, display=display)
        sys.argv[:] = ["ipykernel_launcher.py"]
        if "" not in sys.path:
            sites = (n for n, path in enumerate(sys.path) if Path(path).name in ("site-packages", "dist-packages"))
            sys.path.insert(next(sites, 0), "")
        sys.modules["__main__"] = self.shell.user_module
        sys.stdin = self._nothing_to_read
        self.shell.exit_now = False
        history: Any = self.shell.history_manager
        history.dir_hist[:] = [Path.cwd()]  # where `%cd -` goes back to
        self.shell.dir_stack.clear()
        fresh_figures(self.shell)

    # -- one cell ------------------------------------------------------------------------------------------------------

    def execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> NotebookNode:
        """Executes one cell; the order of what happens is that of nbclient's `async_execute_cell`."""
        self._hook(self.on_cell_start, cell=cell, cell_index=cell_index)
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        if self.shell.exit_now:  # a cell before this one called exit()
            raise DeadKernelError("Kernel died")
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        self._hook(self.on_cell_execute, cell=cell, cell_index=cell_index)
        self._hook(self.on_cell_complete, cell=cell, cell_index=cell_index)
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False

        reply = self._run(cell, cell_index)
        if self.record_timing:
            cell["metadata"]["execution"]["shell.execute_reply"] = _now()
        if execution_count:
            cell["execution_count"] = execution_count
        message = {"content": reply}
        self._hook(self.on_cell_executed, cell=cell, cell_index=cell_index, execute_reply=message)
        if reply["status"] == "error":
            self._wait_for(self._check_raise_for_error(cell, cell_index, message))
        self.nb["cells"][cell_index] = cell
        return cell

    def _run(self, cell: NotebookNode, cell_index: int) -> Mapping[str, Any]:
        header = {"msg_id": f"cell {cell_index}", "msg_type": "execute_request"}
        parent = {"header": header, "content": {"code": cell.source}}
        self._cell, self._cell_index, self._parent = cell, cell_index, parent["header"]
        self.shell.channel.receive = self._receive
        self._unlogged: list[NotebookNode] = []
        if self.record_timing:
            cell["metadata"]["execution"].update({"iopub.status.busy": _now(), "iopub.execute_input": _now()})
        cell["execution_count"] = self.shell.execution_count
        self._limit = TimeLimit(self._get_timeout(cell))
        with self._sides.inside(), no_input(), interruptions_noted() as interruptions:
            self.shell.set_parent(parent)
            for stream in (self._sides.stdout, self._sides.stderr):
                if isinstance(stream, CellStream):
                    stream.set_parent(parent)
            self._transcript.descriptors.catch()
            try:
                reply = self._complete(cell.source)
            finally:
                self._transcript.descriptors.release()
                self._transcript.flush(self._parent)
        for output in self._unlogged:
            super().log_output_message(output)
        if self.record_timing:
            cell["metadata"]["execution"]["iopub.status.idle"] = _now()
        if self._limit.exceeded:
            seconds: Any = self._limit.seconds
            raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", seconds, cell)
        if interruptions:
            raise KeyboardInterrupt
        if any(_WIDGET in output.get("data", {}) for output in cell.outputs):
            raise NeedsKernel(
                f"cell {cell_index + 1} shows a widget, which needs a kernel: execute this notebook by papermill's own engine"
            )
        return reply

    def _complete(self, source: str) -> Mapping[str, Any]:
        task = self._loop.create_task(run_cell(source))
        try:
            with self._limit.watching():
                return self._loop.run_until_complete(task)
        except (TimeIsUp, KeyboardInterrupt):
            # It hit the loop while the cell was waiting for something.
            task.cancel()
            self._loop.run_until_complete(asyncio.wait([task]))
            if not self._limit.exceeded:
                raise
            return {"status": "error"}

    # -- what the cell says --------------------------------------------------------------------------------------------

    def _stream_text(self, name: str, text: str, parent: Mapping[str, Any]) -> None:
        self._take(
            {
                "header": {"msg_type": "stream"},
                "msg_type": "stream",
                "parent_header": parent,
                "content": {"name": name, "text": text},
            }
        )

    def _receive(self, message: dict[str, Any]) -> None:
        self._transcript.flush(self._parent)
        self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        # What a task left over from an earlier cell says is nobody's output; nbclient drops it too.
        ours = message["parent_header"].get("msg_id") == self._parent["msg_id"]
        # The interruption of a cell whose time is up is our doing; a kernel is killed without a word.
        if ours and not (self._limit.exceeded and message["msg_type"] == "error"):
            message["content"] = self.shell.channel.as_sent(message["content"])
            self.process_message(message, self._cell, self._cell_index)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Adds an output, as nbclient does, without validating each; neighbouring texts of one stream become one."""
        if msg["msg_type"] not in _OUTPUTS:
            unknown: NotebookNode | None = super().output(outs, msg, display_id, cell_index)
            return unknown
        if self.clear_before_next_output:
            outs[:] = []
            self.clear_display_id_mapping(cell_index)
            self.clear_before_next_output = False
        if display_id:
            self._display_id_map.setdefault(display_id, {}).setdefault(cell_index, []).append(len(outs))
        out = _output(msg["msg_type"], msg["content"])
        last = outs[-1] if outs else None
        if last is not None and out.output_type == last.output_type == "stream" and out.name == last.name:
            last.text += out.text
        else:
            outs.append(out)
        return out

    def log_output_message(self, output: NotebookNode) -> None:
        """Remembers what the caller wants to have logged: his log is not at hand while a cell runs."""
        self._unlogged.append(output)

    # -- nbclient's hooks ----------------------------------------------------------------------------------------------

    def _hook(self, hook: Any, **about: Any) -> None:
        if hook is not None:
            from nbclient.util import run_hook

            self._wait_for(run_hook(hook, **about))

    def _wait_for(self, awaitable: Awaitable[None]) -> None:
        self._loop.run_until_complete(awaitable)


def _nobody_listens(message: dict[str, Any]) -> None:
    """Between notebooks, and after the last."""


def _output(kind: str, content: Mapping[str, Any]) -> NotebookNode:
    if kind == "stream":
        return NotebookNode(output_type=kind, name=content["name"], text=content["text"])
    if kind == "error":
        return NotebookNode(
            output_type=kind, ename=content["ename"], evalue=content["evalue"], traceback=list(content["traceback"])
        )
    out = NotebookNode(output_type=kind, metadata=from_dict(content["metadata"] or {}), data=from_dict(content["data"]))
    if kind == "execute_result":
        out.execution_count = content["execution_count"]
    return out


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
