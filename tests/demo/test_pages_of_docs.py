"""docs/summary.md, compare.md, waivers.md, messages.md and new-year.md say nothing that does not work: their commands are run on a copy of the demo."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ogi_report.cli import main

ROOT = Path(__file__).parents[2]
PAGES = ("summary.md", "compare.md", "waivers.md", "messages.md", "new-year.md")


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """A fresh copy of the demo project, entered."""

    def enter() -> Path:
        for name in ("params", "data", "notebooks"):
            shutil.copytree(ROOT / name, tmp_path / name, dirs_exist_ok=True)
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return enter


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)


def commands(block: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each command of a console block with the lines that it prints; `……` stands for lines left out."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        first, *printed = part.splitlines()
        yield first.split(), [line for line in printed if line != "……"]


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_print_what_it_says(
    page: str, demo: Callable[[], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    ran = 0
    for block in blocks(page, "console"):
        folder = demo()
        for words, printed in commands(block):
            if words[0] == "rm":
                (folder / words[1]).unlink()
                continue
            assert words[0] == "ogi-report"
            main(words[1:])
            said = iter(capsys.readouterr().out.splitlines())
            for line in printed:
                assert line in said, (words, line)  # and in this order
            ran += 1
    assert ran >= 2


@pytest.mark.parametrize("page", [page for page in PAGES if page != "messages.md"])  # its program: tests/messages
def test_the_code_of_the_page_runs(page: str, demo: Callable[[], Path]) -> None:
    demo()
    for block in blocks(page, "python"):
        exec(block, {})
