"""Whether two executions of one notebook, by different engines, came to the same document."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

Document = dict[str, Any]

_CELL_FILE = re.compile(r"(?:[A-Za-z]:)?[^\s\"'<>]*ipykernel_\d+[/\\](\d+\.py)")
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    """Changes every text in a value."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_texts(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _texts(item, change) for key, item in value.items()}
    return value


def cell_files_have_no_process_number(document: Document) -> Document:
    """A kernel puts its process number into the names of cells' files."""
    changed: Document = _texts(document, lambda text: _CELL_FILE.sub(r"\1", text) if "ipykernel_" in text else text)
    return changed


def objects_have_no_address(document: Document) -> Document:
    """Where an object lies in memory differs at each run, in a kernel too."""
    changed: Document = _texts(document, lambda text: _ADDRESS.sub("0x…", text))
    return changed


def times_are_only_there(document: Document) -> Document:
    """That a time is noted is compared, not the time; where a file was read and written is its own affair."""
    for facts in _run_facts(document):
        for name in ("start_time", "end_time", "duration"):
            if facts.get(name) is not None:
                facts[name] = "time"
        for name in ("input_path", "output_path"):
            facts.pop(name, None)
    for cell in document["cells"]:
        if "execution" in cell["metadata"]:
            cell["metadata"]["execution"] = sorted(cell["metadata"]["execution"])
    return document


def _run_facts(document: Document) -> Iterator[Document]:
    yield document["metadata"].get("papermill", {})
    for cell in document["cells"]:
        yield cell["metadata"].get("papermill", {})


def cells_of_papermill_have_no_identity(document: Document) -> Document:
    """papermill gives the cells that it adds a random id."""
    for cell in document["cells"]:
        if {"papermill-error-cell-tag", "injected-parameters"} & set(cell["metadata"].get("tags", [])):
            cell["id"] = "papermill"
    return document


def neighbouring_streams_are_sorted(document: Document) -> Document:
    """A kernel sends each stream on its own, at most five times a second and when something else is shown: which of two
    texts came first is lost in it, and one text may come in pieces. Ours keeps the order, in one piece."""
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = list(_sorted_streams(cell["outputs"]))
    return document


def _sorted_streams(outputs: list[Document]) -> Iterator[Document]:
    run: dict[str, str] = {}
    for output in [*outputs, {"output_type": "end"}]:
        if output["output_type"] == "stream":
            run[output["name"]] = run.get(output["name"], "") + "".join(output["text"])
            continue
        for name in sorted(run, reverse=True):
            yield {"output_type": "stream", "name": name, "text": run[name]}
        run = {}
        if output["output_type"] != "end":
            yield output


NORMALISER: tuple[Callable[[Document], Document], ...] = (
    cell_files_have_no_process_number,
    objects_have_no_address,
    times_are_only_there,
    cells_of_papermill_have_no_identity,
    neighbouring_streams_are_sorted,
)


def normalised(document: Document) -> Document:
    """Returns the document without what may differ."""
    result = copy.deepcopy(document)
    for step in NORMALISER:
        result = step(result)
    return result


def differences(one: Document, other: Document) -> list[str]:
    """Returns where two documents differ beyond what may differ, each with both sides; empty if they are the same."""
    return [
        f"{where}: {_short(left)} / {_short(right)}"
        for where, left, right in _differ(normalised(one), normalised(other))
    ]


def _differ(one: Any, other: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from _differ(one.get(key, _NOTHING), other.get(key, _NOTHING), f"{where}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differ(left, right, f"{where}/{index}")
    elif one != other:
        yield where, one, other


_NOTHING = "(nothing)"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
