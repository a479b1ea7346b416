"""What a run does once before its reports' processes part."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ogi_report.batch import warm
from ogi_report.batch.make import make
from ogi_report.batch.result import Status
from ogi_report.batch.warm import MANY, Warm
from ogi_report.forms import official_forms
from ogi_report.report.project import PARAMS_VARIABLE


@pytest.mark.parametrize("layout", official_forms())
def test_the_rehearsal_goes_all_the_way_to_the_finished_files(layout, tmp_path):
    form = official_forms()[layout]
    task = warm._made_up(tmp_path, form, form.years.first)
    result = make(task)
    assert (result.status, result.messages) == (Status.ERRORS, ())  # so that a diagnosis is rehearsed, too
    assert len(list((tmp_path / "out").rglob("*example*"))) == 5


@pytest.mark.parametrize(
    ("reports", "years", "rehearsed"),
    [(1, (2024,), 1), (MANY, (2024,), 10), (10 * MANY, (2024,), 10), (1, (), 2), (1, (2019, 2024), 2)],
)
def test_the_more_reports_are_to_come_the_more_rehearsals_pay(reports, years, rehearsed, monkeypatch):
    made: list = []
    monkeypatch.setattr(warm, "make", made.append)
    Warm("fast", (), years, reports)._rehearse()
    assert len(made) == rehearsed


def test_nothing_of_the_rehearsal_is_left_in_the_environment(monkeypatch):
    monkeypatch.setenv(PARAMS_VARIABLE, "elsewhere")
    Warm("fast", (), (2024,))._rehearse()
    assert os.environ[PARAMS_VARIABLE] == "elsewhere"


def test_what_reports_do_not_need_is_not_loaded():
    """Every process of a batch shares what is loaded, and copies what it touches of it."""
    notebook = Path(__file__).parents[2] / "notebooks" / "annual_report.ipynb"
    script = (
        "import sys\nfrom pathlib import Path\nfrom ogi_report.engine import lean_imports\n"
        "with lean_imports():\n    from ogi_report.batch.warm import Warm\n"
        f"Warm('fast', (Path({str(notebook)!r}),), (2024,), 1)()\n"
        "print({'scipy', 'pyarrow', 'pandas', 'matplotlib', 'rfc3987_syntax'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_what_a_roster_knows_of_its_names_is_found_out_before_the_processes_part(small_project):
    project = small_project()
    Warm("kernel", project=project)()
    assert "_by_beginning" in vars(project.roster)
