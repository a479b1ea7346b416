"""The stored notebooks: thin, clean, and knowing every setting."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import papermill
import pytest

from ogi_report.report import Params

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
REPORTS = [path for path in NOTEBOOKS if path.stem not in ("audit", "summary", "tutorial")]
"""Notebooks that make a report; `audit` and `summary` look at many, `tutorial` at a copy."""


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_notebooks_are_stored_without_traces_of_a_run() -> None:
    done = subprocess.run(
        [sys.executable, "tools/check_notebooks.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_cells_are_thin(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            assert len(ast.parse(cell.source).body) <= 3, cell.source


def test_every_setting_of_a_params_file_is_a_parameter_with_a_chinese_explanation() -> None:
    for path in REPORTS:
        known = papermill.inspect_notebook(str(path))
        assert list(known) == list(Params.model_fields), path.name
        assert all(parameter["help"] for parameter in known.values())


def test_the_guide_comes_before_what_it_explains(notebook: nbformat.NotebookNode) -> None:
    assert notebook.cells[0].cell_type == "markdown"
    markdown = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert len(markdown) >= 4
    assert all(cell.metadata.tags == ["guide"] for cell in markdown)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_a_report_ends_with_the_gate(path: Path) -> None:
    assert nbformat.read(path, as_version=4).cells[-1].source == "findings.raise_on_errors()"


@pytest.mark.slow
def test_the_template_runs_under_nbclient_in_its_own_folder() -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "annual_report.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    texts = [o["data"]["text/plain"] for c in notebook.cells for o in c.get("outputs", []) if "data" in o]
    assert any(text.startswith("一致性检查：没有必须改正的问题。") for text in texts)
