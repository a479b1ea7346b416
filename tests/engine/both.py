"""Executes a folder of notebooks by one engine and writes what came of each; a process of its own, with nothing set.

python tests/engine/both.py (kernel|shared|backwards|isolated) <folder> <out>

`shared` and `backwards` execute all in one process, one after the other by name: whatever one leaves behind shows in the
next. `kernel` gives each a new kernel, four at a time.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from ogi_report.engine import FastEngine, isolated, lean_imports, warm_up

with lean_imports():
    import nbformat
    import papermill
    from papermill.engines import papermill_engines
    from traitlets.config import Config

papermill_engines.register("ogi_fast", FastEngine)
logging.getLogger("papermill").setLevel(logging.ERROR)
logging.getLogger("traitlets").setLevel(logging.ERROR)


def execute(path: Path, engine: str | None) -> dict[str, Any]:
    """Returns the document as papermill leaves it, and what papermill raised; in an empty folder of its own."""
    options: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        if engine is None:
            options["config"] = Config({"KernelManager": {"transport": "ipc", "ip": str(Path(folder) / "k")}})
        (stand := Path(folder) / "stand").mkdir()
        out = Path(folder) / "out.ipynb"
        raised = None
        try:
            papermill.execute_notebook(
                path, out, engine_name=engine, cwd=str(stand), progress_bar=False, execution_timeout=30, **options
            )
        except Exception as error:
            raised = [type(error).__name__, str(error).replace(folder, "scratch")]
        document = json.loads(nbformat.writes(nbformat.read(out, as_version=4)))
    return {"raised": raised, "notebook": json.loads(json.dumps(document).replace(folder, "scratch"))}


def by_kernel(path: Path) -> dict[str, Any]:
    with Path(os.devnull).open("w") as nothing:  # a kernel repeats there what cells write to the descriptors
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    return execute(path, None)


def by_us(path: Path) -> dict[str, Any]:
    return execute(path, "ogi_fast")


def main(how: str, folder: Path, out: Path) -> None:
    paths = sorted(folder.glob("*.ipynb"))
    results: dict[str, Any] = {}
    if how in ("shared", "backwards"):
        results = {path.stem: by_us(path) for path in (paths if how == "shared" else reversed(paths))}
    else:
        function, warm = (by_kernel, None) if how == "kernel" else (by_us, warm_up)
        for path, outcome in isolated(function, paths, jobs=4, timeout=90, warm=warm):
            results[path.stem] = getattr(outcome, "result", None) or {"raised": [repr(outcome), ""], "notebook": None}
    out.write_text(json.dumps(dict(sorted(results.items())), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
