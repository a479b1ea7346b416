"""Fails when a stored notebook carries what only a run puts there, or when the template's cells grow too long.

Notebooks are stored without outputs, so that a difference in git is a difference somebody made.
Needs only the standard library.
"""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("notebooks", "examples", "params", "data")
TEMPLATE = Path("notebooks/annual_report.ipynb")
MOST_STATEMENTS = 3


def notebooks() -> list[Path]:
    """Those in git and those that merely lie there, relative to the project's root."""
    patterns = [f"{name}/*.ipynb" for name in FOLDERS]  # git's * crosses folders
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    if listed.returncode == 0:
        paths = {Path(name) for name in listed.stdout.split("\0") if name}
    else:  # not a clone: an unpacked archive, say
        paths = {path.relative_to(ROOT) for name in FOLDERS for path in (ROOT / name).rglob("*.ipynb")}
        paths = {p for p in paths if ".ipynb_checkpoints" not in p.parts and not p.name.endswith(".out.ipynb")}
    return sorted(path for path in paths if (ROOT / path).exists())


def complaints(path: Path) -> Iterator[str]:
    try:
        notebook = json.loads((ROOT / path).read_text(encoding="utf-8"))
        cells = notebook["cells"]
        version = (notebook["nbformat"], notebook["nbformat_minor"])
    except (ValueError, KeyError, TypeError) as error:
        yield f"{path}: not a notebook ({type(error).__name__}: {error})"
        return

    if version < (4, 5):
        yield f"{path}: nbformat {version[0]}.{version[1]}, wants 4.5 or later"
    for key in ("papermill", "widgets"):
        if key in notebook.get("metadata", {}):
            yield f"{path}: metadata.{key} was left by a run"

    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        where = f"{path}: cell {number} ({cell.get('id', 'no id')})"
        for complaint in cell_complaints(cell, thin=path == TEMPLATE):
            yield f"{where}: {complaint}"
        if cell.get("id") in seen:
            yield f"{where}: id used twice"
        seen.add(cell.get("id", ""))


def cell_complaints(cell: dict[str, Any], *, thin: bool) -> Iterator[str]:
    metadata = cell.get("metadata", {})
    tags = metadata.get("tags", [])
    if not cell.get("id"):
        yield "has no id"
    if cell.get("outputs"):
        yield "has outputs"
    if cell.get("execution_count") is not None:
        yield f"has execution count {cell['execution_count']}"
    if "injected-parameters" in tags:
        yield "holds parameters injected by papermill"
    for key in ("papermill", "execution"):
        if key in metadata:
            yield f"metadata.{key} was left by a run"
    if thin and cell.get("cell_type") == "code" and "parameters" not in tags:
        source = cell.get("source", "")
        try:
            tree = ast.parse("".join(source))
        except SyntaxError as error:
            yield f"is not Python: {error}"
            return
        statements = sum(isinstance(node, ast.stmt) for node in ast.walk(tree))
        if statements > MOST_STATEMENTS:
            yield f"has {statements} statements; the template's cells have at most {MOST_STATEMENTS}"


def main() -> int:
    paths = notebooks()
    found = [complaint for path in paths for complaint in complaints(path)]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    if found:
        print("To clear outputs: jupyter nbconvert --clear-output --inplace NOTEBOOK", file=sys.stderr)
        return 1
    print(f"{len(paths)} notebooks, none with traces of a run")
    return 0


if __name__ == "__main__":
    sys.exit(main())
