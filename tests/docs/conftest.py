"""Every fenced block of every page becomes a test: run where it can run here, held against the program where it cannot.

A block is what its language says: `bash` and `console` are commands, `python` is code, `powershell`, `cron`, `ini` are
for other machines. Comments before a block say more, out of the reader's sight:

- `<!-- file: params/rules.yaml -->`: the block is that file; the commands after it on the page find it in its place.
- `<!-- given: … -->`: Python that a code block takes for granted, such as the notebook's `report`.
- `<!-- program: copy -->`: the commands change the program, so they get a copy of it.
- `<!-- goes on -->`: the block goes on where the page's last commands ended; else each block starts afresh.
- `<!-- findings -->`: the commands may end with status 1, since there are findings of severity error to tell.
- `<!-- slow -->`: it takes more than a few seconds.
- `<!-- part of: tests/third_form.yaml -->`: the block stands in that file word for word.
- `<!-- not run: … -->`: it is no sample, for the reason given.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = ("bash", "console")
ELSEWHERE = ("powershell", "cron", "ini")
"""Languages of other systems; `uv` is a program of another system too."""

_PROJECT = ("params", "data", "notebooks", "examples")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, with the comments that stand before it."""

    page: str
    line: int
    language: str
    text: str
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def is_elsewhere(self) -> bool:
        return self.language in ELSEWHERE or self.text.startswith("uv ")


@dataclass(frozen=True)
class Sample:
    """Blocks that are run one after the other in one folder, and the files that the page has shown before them."""

    blocks: tuple[Block, ...]
    files: tuple[Block, ...]

    @property
    def id(self) -> str:
        return self.blocks[0].id

    @property
    def wants_a_copy_of_the_program(self) -> bool:
        return "program" in self.blocks[0].notes


def pages() -> list[Path]:
    """All pages that people read: at the root and under docs/."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@cache
def blocks() -> tuple[Block, ...]:
    return tuple(block for path in pages() for block in _blocks(path))


def _blocks(path: Path) -> Iterator[Block]:
    page = path.relative_to(ROOT).as_posix()
    notes: dict[str, str] = {}
    opened: tuple[int, str, str] | None = None  # line, language, the fence that closes the block
    text: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if opened is not None:
            if line.strip() == opened[2]:
                yield Block(page, opened[0], opened[1], textwrap.dedent("\n".join(text)), notes)
                opened, notes, text = None, {}, []
            else:
                text.append(line)
        elif fence := re.fullmatch(r"\s*(`{3,})([\w-]*).*", line):
            opened = (number, fence[2], fence[1])
        elif comment := re.fullmatch(r"\s*<!-- ([\w ]+?)(?:: (.+))? -->", line):
            notes[comment[1]] = comment[2] or ""
        elif line.strip():
            notes = {}


def _samples(languages: tuple[str, ...]) -> Iterator[Sample]:
    """What the pages say to run; what two pages say in the same words (the READMEs) is run once."""
    seen: set[tuple[str, ...]] = set()
    for path in pages():
        page = path.relative_to(ROOT).as_posix()
        files: list[Block] = []
        found: list[Sample] = []
        for block in blocks():
            if block.page != page or block.is_elsewhere or "not run" in block.notes:
                continue
            if "file" in block.notes:
                files.append(block)
            if block.language in languages and ("file" not in block.notes):
                if "goes on" in block.notes:
                    found[-1] = Sample((*found[-1].blocks, block), tuple(files))
                else:
                    found.append(Sample((block,), tuple(files)))
        for sample in found:
            words = tuple(_bare(block.text) for block in (*sample.files, *sample.blocks))
            if words not in seen:
                seen.add(words)
                yield sample


def _bare(text: str) -> str:
    """Commands without comments, and without the folder that a program is called from."""
    return re.sub(r"\s+#.*", "", text).replace(".venv/bin/", "")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`command`, `code`, `file` and `elsewhere` stand for each such sample of the pages in turn."""
    for name, languages in (("command", COMMANDS), ("code", ("python",))):
        if name in metafunc.fixturenames:
            found = list(_samples(languages))
            marks = [[pytest.mark.slow] if any("slow" in b.notes for b in sample.blocks) else [] for sample in found]
            params = [pytest.param(s, marks=m, id=s.id) for s, m in zip(found, marks, strict=True)]
            metafunc.parametrize(name, params)
    for name, wanted in (
        ("file", lambda block: "file" in block.notes),
        ("part", lambda block: "part of" in block.notes),
        ("elsewhere", lambda block: block.is_elsewhere and "not run" not in block.notes),
        ("block", lambda block: True),
    ):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, [pytest.param(b, id=b.id) for b in blocks() if wanted(b)])


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, program: Callable[..., Any]) -> Path:
    """The demo project as somebody has it who reads the pages: with reports that others have published beside it."""
    folder = tmp_path_factory.mktemp("desk")
    for name in _PROJECT:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("Makefile", "run_all.py", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    before = tmp_path_factory.mktemp("published")
    for name in _PROJECT[:3]:
        shutil.copytree(ROOT / name, before / name)
    # A year that the demo has no data of, so that its report can be imported.
    shutil.copytree(before / "data" / "2022" / "education", before / "data" / "2021" / "education")
    params = (before / "params" / "2022" / "education.yaml").read_text(encoding="utf-8")
    earlier = params.replace("year: 2022", "year: 2021").replace("published_on: 2023", "published_on: 2022")
    (before / "params" / "2021" / "education.yaml").write_text(earlier, encoding="utf-8")
    years = [word for year in (2021, 2023, 2024) for word in ("--year", str(year))]
    done = program("run", *years, "--agency", "education", "--formats", "docx", "--out", "out", cwd=before)
    assert done.returncode == 0, done.stderr
    first, last, this = (before / "out" / str(year) / f"education_{year}" for year in (2021, 2023, 2024))
    (folder / "年报文件夹").mkdir()
    for source, name in (
        (first, "年报2021.docx"),
        (last, "年报2023.html"),
        (this, "年报2024.docx"),
        (this, "年报.html"),
        (last, "年报文件夹/教育局2023.html"),
        (this, "年报文件夹/教育局2024.docx"),
    ):
        shutil.copy(source.with_suffix(Path(name).suffix), folder / name)
    return folder


@pytest.fixture
def at_the_desk(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sample], Path]:
    """Enters a fresh copy of the desk in which the files that a sample's page has shown are in their places."""

    def enter(sample: Sample) -> Path:
        folder = tmp_path / "project"
        shutil.copytree(desk, folder, symlinks=True)
        if sample.wants_a_copy_of_the_program:
            for name in ("src", "tools"):
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            (folder / "tests").mkdir()
            shutil.copy(ROOT / "tests" / "third_form.yaml", folder / "tests")
        for block in sample.files:
            path = folder / block.notes["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text + "\n", encoding="utf-8")
        monkeypatch.chdir(folder)
        return folder

    return enter
