"""The form in which notebooks are kept in git: what somebody wrote, without what a run or an editor left behind.

    stored_notebook.py < notebook > notebook     what git's filter calls whenever it looks at a notebook
    stored_notebook.py --install                 makes the clone around this file use it (`make lab` does)

As a filter, and not as a hook of JupyterLab, it holds for every editor and every `git add`, and the file on disk keeps the
outputs that an analyst wants to see again tomorrow. It needs only the standard library, since `git status` runs it.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILTER = "ogi-notebook"
"""The name in .gitattributes."""

_OF_A_RUN = {"papermill", "widgets", "execution", "ExecuteTime", "vscode", "scrolled", "collapsed", "trusted"}
_WRITTEN_BY_THE_TAGS_PANEL = ({"editable": True}, {"slideshow": {"slide_type": ""}})
_KERNELS = {"python3": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
"""Editors write the name of one machine's environment in its place."""


def stored(notebook: dict[str, Any]) -> dict[str, Any]:
    """Returns the notebook as it is to be kept."""
    metadata = _metadata(notebook.get("metadata", {}))
    if "language_info" in metadata:  # the version of one machine's Python
        metadata["language_info"] = {"name": metadata["language_info"].get("name", "python")}
    kernel = metadata.get("kernelspec", {}).get("name")
    if kernel in _KERNELS:
        metadata["kernelspec"] = _KERNELS[kernel]
    return {**notebook, "metadata": metadata, "cells": [_cell(cell) for cell in notebook["cells"]]}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    kept = {**cell, "metadata": _metadata(cell.get("metadata", {}))}
    if isinstance(cell.get("source"), str):
        kept["source"] = cell["source"].splitlines(keepends=True)
    if cell.get("cell_type") == "code":
        kept |= {"outputs": [], "execution_count": None}
    return kept


def _metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key not in _OF_A_RUN}
    return {key: value for key, value in kept.items() if {key: value} not in _WRITTEN_BY_THE_TAGS_PANEL}


def stored_text(content: bytes) -> bytes:
    """Returns a notebook's file as it is to be kept; what is no notebook stays as it is."""
    try:
        notebook = stored(json.loads(content.decode("utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError):  # in the middle of a merge, say
        return content
    text = json.dumps(notebook, indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False)
    return f"{text}\n".encode()


def install() -> None:
    """Writes the filter into the clone's own settings; says so once, and nothing where this is no clone."""
    python = Path(sys.executable)
    named = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    command = f'"{named.as_posix()}" tools/{Path(__file__).name}'
    key = f"filter.{FILTER}.clean"
    before = _git("config", "--local", "--get", key)
    if before is None or before.stdout.strip() == command:
        return
    if (done := _git("config", "--local", key, command)) is not None and done.returncode == 0:
        print("已设置：提交笔记本时不带运行结果 / notebooks are committed without outputs from now on")


def _git(*arguments: str) -> "subprocess.CompletedProcess[str] | None":
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    if "--install" in sys.argv:
        install()
    else:
        sys.stdout.buffer.write(stored_text(sys.stdin.buffer.read()))
