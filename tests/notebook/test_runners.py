"""The template is an ordinary notebook: whoever can run one can run it, without this package's engine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from ogi_report.report import Project
from ogi_report.report.project import PROJECT_VARIABLE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def run(*command: str, cwd: Path, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def heading(executed: Path) -> str:
    (title,) = (cell for cell in nbformat.read(executed, as_version=4).cells if cell.id == "title")
    return str(title.outputs[0].data["text/plain"].splitlines()[0])


def test_jupyter_execute(project: Path) -> None:
    run("jupyter", "execute", "notebooks/annual_report.ipynb", "--output=out", cwd=project)
    assert heading(project / "notebooks" / "out.ipynb").endswith("政府信息公开工作年度报告")


def test_nbconvert_execute_with_the_stock_html_exporter_and_our_template(project: Path) -> None:
    run("jupyter", "nbconvert", "--execute", "--to", "html", "--template", "ogi_report", "--output-dir", ".",
        "notebooks/annual_report.ipynb", cwd=project)  # fmt: skip
    page = (project / "annual_report.html").read_text(encoding="utf-8")
    assert "<h1>" in page
    assert "表三　收到和处理政府信息公开申请情况" in page
    assert "一致性检查" not in page, "findings are internal"


def test_papermill_with_a_params_file_from_any_folder_of_the_project(project: Path) -> None:
    run("papermill", "-f", "params/2024/market.yaml", "notebooks/annual_report.ipynb", "out.ipynb", cwd=project)
    assert heading(project / "out.ipynb") == "云溪区（虚构）市场监督管理局2024年政府信息公开工作年度报告"


def test_a_scheduler_that_copies_the_notebook_elsewhere_is_told_where_the_project_is(
    project: Path, tmp_path: Path
) -> None:
    """jupyter-scheduler and notebooker execute a copy in a folder of their own, as papermill does here."""
    staging = tmp_path / "staging"
    staging.mkdir()
    shutil.copy(project / "notebooks" / "annual_report.ipynb", staging)
    command = ("papermill", "-p", "agency", "market", "-p", "year", "2024", "annual_report.ipynb", "out.ipynb")
    run(*command, cwd=staging, **{PROJECT_VARIABLE: str(project)})
    assert heading(staging / "out.ipynb").startswith("云溪区（虚构）市场监督管理局2024年")


def test_the_project_around_a_notebook_wins_over_the_one_that_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(PROJECT_VARIABLE, str(ROOT))
    monkeypatch.chdir(project / "notebooks")
    assert Project.find().params == project / "params"
    monkeypatch.chdir(tmp_path)
    assert Project.find().params == ROOT / "params"


def test_nothing_in_the_stored_notebooks_belongs_to_one_editor_or_machine() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        assert notebook.metadata.kernelspec.name == "python3"
        assert set(notebook.metadata) == {"kernelspec", "language_info"}
        assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
        assert not any(line.lstrip().startswith(("%", "!")) for cell in notebook.cells if cell.cell_type == "code" for line in cell.source.splitlines())  # fmt: skip
