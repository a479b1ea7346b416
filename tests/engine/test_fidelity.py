"""A notebook becomes the same document, whether a kernel executes it or the engine does."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from ogi_report.engine import differences
from ogi_report.engine.documents import NORMALISER, normalised

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in (HERE / "notebooks").glob("*.ipynb"))


def needs_matplotlib(name):
    if name.startswith("matplotlib"):
        pytest.importorskip("matplotlib")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["shared", "backwards", "isolated"])
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_becomes_the_document_that_a_kernel_makes(executed, name, how):
    needs_matplotlib(name)
    kernel, ours = executed("kernel", "notebooks")[name], executed(how, "notebooks")[name]
    assert differences(kernel["notebook"], ours["notebook"]) == []
    assert normalised({"cells": [], "metadata": {}, "raised": kernel["raised"]}) == normalised(
        {"cells": [], "metadata": {}, "raised": ours["raised"]}
    )


# -- what does differ, and how: docs/engine.md lists the same ----------------------------------------------------------


def outputs(executed, how, name, cell=0):
    document = executed(how, "differences")[name]["notebook"]
    return [c for c in document["cells"] if c["cell_type"] == "code"][cell]["outputs"]


def said(executed, how, name, cell=0):
    return [(o["name"], "".join(o["text"])) for o in outputs(executed, how, name, cell)]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["shared", "isolated"])
class TestDifferences:
    def test_a_kernel_loses_the_order_of_its_two_streams(self, executed, how):
        name = "order_of_streams"
        assert said(executed, how, name) == [("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "c\n")]
        assert said(executed, "kernel", name) != said(executed, how, name)
        assert sorted(text for _, text in said(executed, "kernel", name)) == ["a\nc\n", "b\n"]

    def test_a_kernel_sends_a_stream_in_pieces(self, executed, how):
        name = "pieces_of_a_stream"
        assert said(executed, how, name) == [("stdout", "0\n1\n2\n")]
        assert len(said(executed, "kernel", name)) > 1

    def test_a_recursion_goes_a_few_calls_less_deep(self, executed, how):
        def depth(by):
            (error,) = outputs(executed, by, "how_deep_a_recursion_goes")
            assert error["ename"] == "RecursionError"
            return len(error["traceback"])

        assert 0 < abs(depth("kernel") - depth(how)) < 50

    def test_a_traceback_shows_the_lines_of_our_stream(self, executed, how):
        def lines(by):
            (error,) = outputs(executed, by, "traceback_through_a_stream")
            return error["evalue"], re.findall(r"(ipykernel/iostream|engine/streams)\.py", "".join(error["traceback"]))

        assert lines("kernel") == ("write() argument must be str, not <class 'bytes'>", ["ipykernel/iostream"])
        assert lines(how) == ("write() argument must be str, not <class 'bytes'>", ["engine/streams"])

    def test_a_kernel_has_a_connection_file_among_its_arguments(self, executed, how):
        name = "arguments_of_the_process"
        assert (said(executed, "kernel", name), said(executed, how, name)) == (
            [("stdout", "['-f']\n")],
            [("stdout", "[]\n")],
        )

    def test_the_shell_comes_from_elsewhere_and_has_no_kernel(self, executed, how):
        name = "module_of_the_shell"
        assert said(executed, "kernel", name) == [("stdout", "ipykernel.zmqshell\n")]
        assert said(executed, how, name) == [("stdout", "ogi_report.engine.shell\n")]
        assert said(executed, how, name, 1) == [("stdout", "SimpleNamespace\n")]


# -- the comparison notices --------------------------------------------------------------------------------------------

CODE = {
    "cell_type": "code",
    "id": "a",
    "metadata": {"papermill": {"duration": 1.5, "status": "completed"}, "execution": {"iopub.status.busy": "2026"}},
    "execution_count": 1,
    "source": ["x"],
    "outputs": [
        {"output_type": "stream", "name": "stdout", "text": ["one\n", "two"]},
        {"output_type": "stream", "name": "stderr", "text": "/tmp/ipykernel_77/123.py:1: UserWarning"},
        {"output_type": "stream", "name": "stdout", "text": "three"},
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "metadata": {},
            "data": {"text/plain": "<C at 0x7fab12cd>"},
        },
    ],
}
DOCUMENT: dict[str, Any] = {"metadata": {"papermill": {"start_time": "t", "output_path": "o"}}, "cells": [CODE]}


def test_what_may_differ_is_taken_out_and_all_else_is_kept():
    before = copy.deepcopy(DOCUMENT)
    (cell,) = normalised(DOCUMENT)["cells"]
    assert before == DOCUMENT
    assert cell["metadata"] == {
        "papermill": {"duration": "time", "status": "completed"},
        "execution": ["iopub.status.busy"],
    }
    assert cell["outputs"] == [
        {"output_type": "stream", "name": "stdout", "text": "one\ntwothree"},
        {"output_type": "stream", "name": "stderr", "text": "123.py:1: UserWarning"},
        {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "<C at 0x…>"}},
    ]
    assert normalised(DOCUMENT)["metadata"] == {"papermill": {"start_time": "time"}}


@pytest.mark.parametrize("step", NORMALISER, ids=lambda step: step.__name__)
def test_each_step_of_the_normaliser_leaves_a_document_without_run_facts_alone(step):
    plain = {
        "metadata": {},
        "cells": [
            {
                "cell_type": "code",
                "metadata": {},
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "a\n"}],
            }
        ],
    }
    assert step(copy.deepcopy(plain)) == plain


def test_a_difference_is_told_with_its_place_and_both_sides():
    other = copy.deepcopy(DOCUMENT)
    other["cells"][0]["execution_count"] = 2
    assert differences(DOCUMENT, other) == ["/cells/0/execution_count: 1 / 2"]
    assert differences(DOCUMENT, DOCUMENT) == []
