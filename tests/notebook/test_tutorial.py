"""The tutorial does what it says, on a copy: both engines show the same, and the project stays as it was."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pandas
import pytest

from ogi_report.notebook.execute import FAST, KERNEL, execute
from ogi_report.report.fragment import MIME

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "notebooks" / "tutorial.ipynb"


def digests() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("params", "data", "notebooks")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }


def outputs(engine: str) -> dict[str, list[Any]]:
    executed = execute(TUTORIAL, {}, engine=engine, timeout=300)
    assert executed.failure is None, executed.failure
    return {cell.id: cell.outputs for cell in executed.notebook.cells if cell.cell_type == "code"}


@pytest.fixture(scope="module")
def shown() -> dict[str, list[Any]]:
    before = digests()
    # What stays in a process after other notebooks (docs/engine.md) must not be taken for this one's doing.
    pandas.reset_option("display.max_rows")
    found = outputs(FAST)
    assert digests() == before, "the tutorial works on a copy"
    return found


def text(cell: list[Any]) -> str:
    return str(cell[0].data["text/plain"])


def test_the_sentence_has_its_figures(shown: dict[str, list[Any]]) -> None:
    assert "全年新收申请61件（比上年增长17.3%），其中自然人提出的占88.5%。" in text(shown["sentence-shown"])


def test_a_typed_number_is_found_and_a_bound_one_is_not(shown: dict[str, list[Any]]) -> None:
    assert "N-RECV" in text(shown["typed"])
    assert text(shown["bound"]) == "[]"


def test_both_local_rules_find_something(shown: dict[str, list[Any]]) -> None:
    assert text(shown["rule-coverage"]) == "成立 5，不成立 2"
    assert text(shown["rule-findings"]).count("LOCAL-CARRIED-OUT") == 2
    assert "[提示] LOCAL-MANY-LICENCES  “行政许可”17230 件" in text(shown["rule-python-findings"])


def test_the_chart_of_the_own_notebook_is_on_the_previewed_page(shown: dict[str, list[Any]]) -> None:
    assert "<svg" in shown["chart"][0].data["text/html"]
    page = shown["preview"][0].data["text/html"]
    assert "2022—2024年政府信息公开申请和复议诉讼情况" in page
    assert shown["preview"][0].data[MIME]["public"] is None


def test_the_new_agency_has_a_report(shown: dict[str, list[Any]]) -> None:
    assert text(shown["agency-report"]).startswith("机构：云溪区（虚构）文化和旅游局（culture）")
    assert "没有必须改正的问题" in text(shown["agency-check"])


@pytest.mark.slow
def test_a_kernel_shows_the_same(shown: dict[str, list[Any]]) -> None:
    assert outputs(KERNEL) == shown


def test_it_is_stored_as_a_guide_with_thin_cells_and_no_outputs() -> None:
    notebook = nbformat.read(TUTORIAL, as_version=4)
    assert len(notebook.cells) > 30
    assert not any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("name", ["tutorial.ipynb", "audit.ipynb"])
def test_the_batch_does_not_take_it_for_a_template(name: str, tmp_path: Path, program: Callable[..., Any]) -> None:
    for folder in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    params = tmp_path / "params" / "2024" / "market.yaml"
    params.write_text(params.read_text(encoding="utf-8") + f"notebook: {name}\n", encoding="utf-8")
    done = program("run", "--agency", "market", "--year", "2024", "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 1
    assert f"notebooks/{name} 没有带 parameters 标签、写着 agency 和 year 的格子" in done.stdout + done.stderr
    assert not (tmp_path / "build" / "2024" / "market_2024.html").exists()
