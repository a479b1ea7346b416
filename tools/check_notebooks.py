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

from stored_notebook import stored

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
    kept = stored(notebook)
    for complaint in traces(notebook.get("metadata", {}), kept["metadata"], "metadata."):
        yield f"{path}: {complaint}"

    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        where = f"{path}: cell {number} ({cell.get('id', 'no id')})"
        for complaint in cell_complaints(cell, kept["cells"][number - 1], thin=path == TEMPLATE):
            yield f"{where}: {complaint}"
        if cell.get("id") in seen:
            yield f"{where}: id used twice"
        seen.add(cell.get("id", ""))


def traces(found: dict[str, Any], kept: dict[str, Any], where: str = "") -> Iterator[str]:
    """What a run or an editor has left in a part of a notebook: whatever its stored form does not have."""
    for key, value in found.items():
        if key == "metadata" and isinstance(value, dict):
            yield from traces(value, kept.get(key, {}), "metadata.")
        elif kept.get(key) != value:
            yield f"{where}{key} was left by a run or an editor"


def cell_complaints(cell: dict[str, Any], kept: dict[str, Any], *, thin: bool) -> Iterator[str]:
    if not cell.get("id"):
        yield "has no id"
    yield from traces(cell, kept)
    tags = cell.get("metadata", {}).get("tags", [])
    if "injected-parameters" in tags:
        yield "holds parameters injected by papermill"
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
        print("To clear them: python tools/stored_notebook.py <NOTEBOOK >NEW", file=sys.stderr)
        return 1
    print(f"{len(paths)} notebooks, none with traces of a run")
    return 0


if __name__ == "__main__":
    sys.exit(main())
