"""The labelled corpora of `benchmarks/`: what was once a false alarm there stays silent."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "narrative.py"


@pytest.fixture(scope="module")
def narrative() -> ModuleType:
    spec = importlib.util.spec_from_file_location("narrative_benchmark", BENCHMARK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("half", "recall"), [("dev", 0.97), ("test", 0.95), ("unseen", 0.9), ("held_out", 0.85)])
def test_no_sound_sentence_of_the_corpus_is_found_fault_with(narrative: ModuleType, half: str, recall: float) -> None:
    right, wrong, missed = narrative.measure(half)
    assert not wrong
    assert right.total() >= recall * (right.total() + missed.total())


def test_every_text_held_out_goes_with_a_table_that_adds_up(narrative: ModuleType) -> None:
    flow = ("received", "carried_in", "handled_total", "carried_out")
    for entry in narrative.entries("held_out"):
        cells = entry["cells"]
        rows = {key.split(".", 1)[1].removesuffix(".total"): n for key, n in cells.items() if key.endswith(".total")}
        rows = {row: n for row, n in rows.items() if f"applications.{row}.total" in cells}
        received, carried_in, handled, carried_out = (rows.pop(row, 0) for row in flow)
        assert handled == sum(rows.values()), entry["id"]
        assert received + carried_in == handled + carried_out, entry["id"]
