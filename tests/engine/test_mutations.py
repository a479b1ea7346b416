"""The comparison with a kernel's documents notices an engine that is broken in one of many ways."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines

from ogi_report.engine import FastEngine, client, differences
from ogi_report.engine.client import InProcessClient
from ogi_report.engine.streams import Descriptors, Transcript

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("as_in_a_new_process")]

NOTEBOOKS = Path(__file__).parent / "notebooks"


def drop_stderr(patch):
    write = Transcript.write
    patch.setattr(Transcript, "write", lambda self, name, *rest: None if name == "stderr" else write(self, name, *rest))


def double_a_text(patch):
    write = Transcript.write
    patch.setattr(Transcript, "write", lambda self, name, text, parent: write(self, name, text * 2, parent))


def swap_the_order(patch):
    output = InProcessClient.output

    def first(self, outs, *rest):
        found = output(self, outs, *rest)
        outs.reverse()
        return found

    patch.setattr(InProcessClient, "output", first)


def text_after_everything_else(patch):
    receive = InProcessClient._receive
    patch.setattr(InProcessClient, "_receive", lambda self, message: InProcessClient._take(self, message))
    assert receive is not InProcessClient._receive


def lose_the_execution_count(patch):
    execute = InProcessClient.execute_cell

    def without(self, cell, *rest):
        execute(self, cell, *rest)
        cell.execution_count = None

    patch.setattr(InProcessClient, "execute_cell", without)


def count_empty_cells(patch):
    execute = InProcessClient.execute_cell

    def counting(self, cell, *rest):
        if cell.cell_type == "code" and not cell.source.strip():
            self.shell.execution_count += 1
        return execute(self, cell, *rest)

    patch.setattr(InProcessClient, "execute_cell", counting)


def miss_what_goes_past_python(patch):
    patch.setattr(Descriptors, "read", lambda self: [])


def run_without_a_loop(patch):
    class NoLoop:
        async def __call__(self, code):
            raise AssertionError

    def complete(self, source):
        self.shell.run_cell(source, store_history=True)
        return {"status": "ok"}

    patch.setattr(InProcessClient, "_complete", complete)


def forget_display_ids(patch):
    patch.setattr(InProcessClient, "_update_display_id", lambda self, *rest: None)


def clear_without_waiting(patch):
    clear = InProcessClient.clear_output

    def at_once(self, outs, msg, cell_index):
        msg["content"]["wait"] = False
        clear(self, outs, msg, cell_index)

    patch.setattr(InProcessClient, "clear_output", at_once)


def go_on_after_an_error(patch):
    async def nothing(self, *rest):
        return None

    patch.setattr(InProcessClient, "_check_raise_for_error", nothing)


def say_no_traceback(patch):
    output = client._output

    def short(kind, content):
        return output(kind, {**content, "traceback": []} if kind == "error" else content)

    patch.setattr(client, "_output", short)


def keep_text_only(patch):
    output = client._output

    def plain(kind, content):
        if "data" in content:
            content = {**content, "data": {"text/plain": content["data"].get("text/plain", "")}}
        return output(kind, content)

    patch.setattr(client, "_output", plain)


def answer_questions(patch):
    @contextlib.contextmanager
    def answered():
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr("builtins.input", lambda prompt="": "")
            yield

    patch.setattr(client, "no_input", answered)


def name_no_language(patch):
    execute = InProcessClient.execute

    def without(self, **options):
        found = execute(self, **options)
        del found.metadata["language_info"]
        return found

    patch.setattr(InProcessClient, "execute", without)


MUTATIONS = [
    (drop_stderr, "prints_in_order"),
    (double_a_text, "prints_in_order"),
    (swap_the_order, "prints_between_displays"),
    (text_after_everything_else, "prints_between_displays"),
    (lose_the_execution_count, "execution_counts"),
    (count_empty_cells, "empty_cells"),
    (miss_what_goes_past_python, "system_commands"),
    (run_without_a_loop, "asyncio_run_is_refused"),
    (forget_display_ids, "display_updates"),
    (clear_without_waiting, "clear_output_waits"),
    (go_on_after_an_error, "raises"),
    (say_no_traceback, "raises"),
    (keep_text_only, "data_frames"),
    (answer_questions, "input_is_refused"),
    (name_no_language, "raises_exception_tag"),
]


def executed_here(name, folder):
    papermill_engines.register("ogi_fast", FastEngine)
    out = folder / "out.ipynb"
    with contextlib.suppress(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            NOTEBOOKS / f"{name}.ipynb", out, engine_name="ogi_fast", cwd=str(folder), progress_bar=False
        )
    return json.loads(nbformat.writes(nbformat.read(out, as_version=4)))


@pytest.mark.parametrize(("mutation", "name"), MUTATIONS, ids=lambda value: getattr(value, "__name__", value))
def test_a_broken_engine_is_noticed(mutation, name, executed, tmp_path, monkeypatch):
    kernel = executed("kernel", "notebooks")[name]["notebook"]
    assert differences(kernel, executed_here(name, tmp_path)) == []
    with monkeypatch.context() as patch:
        mutation(patch)
        broken = executed_here(name, tmp_path)
    assert differences(kernel, broken) != []
