"""What the pages say, done: commands are run, code is executed, sample files are read by the program's own readers."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ogi_report.forms import load_form, official_forms
from ogi_report.narrative.document import split
from ogi_report.readers import read_ledger, read_text
from ogi_report.report.params import read_params
from ogi_report.report.project import Project
from ogi_report.rules.big_changes import USUAL

ROOT = Path(__file__).parents[2]

MADE_ELSEWHERE = {
    "test": "these are the tests; .ci/run runs them",
    "coverage": "the tests once more",
    "lint": ".ci/run",
    "docs": ".ci/run",
    "lab": "tests/notebook opens JupyterLab",
    "bench": "takes minutes; the benchmarks have tests of their own",
    "soak": "takes minutes; tests/faults has a short one",
    "lock": "asks a package registry",
    "clean": "removes the environment that the tests run in",
}
"""Targets whose recipes are not carried out here, and why; `make -n` still has to know them."""

GAPS = ("……", "…")


class Console:
    """A reader's terminal: a shell, but for commands of this project, which need not be imported for each of them."""

    def __init__(self, folder: Path, program: Callable[..., subprocess.CompletedProcess[str]], package: Path | None):
        self.folder = folder
        self.program = program
        self.package = package
        """A package of its own that the commands run with, instead of the one under test."""

    def run(self, line: str) -> tuple[int, str]:
        """Returns exit status and what was printed."""
        words = shlex.split(line, comments=True)
        if self.package is None and not set(line) & set("|><;&$`"):
            name, *rest = Path(words[0]).name, *words[1:]
            if name == "ogi-report":
                return self._own(rest)
            if name.startswith("python") and rest[:1] == ["run_all.py"]:
                return self._own(["run", *rest[1:]])
            if name == "make":
                return self._make(rest)
        return self._shell(line)

    def _own(self, words: list[str]) -> tuple[int, str]:
        run = self.program(*words, cwd=self.folder)
        return run.returncode, run.stdout + run.stderr

    def _make(self, words: list[str]) -> tuple[int, str]:
        """Runs what the recipe says, without setting the environment up again."""
        asked = ["make", "-n", "--no-print-directory", "-o", ".venv/.stamp", *words]
        shown = subprocess.run(asked, cwd=self.folder, capture_output=True, text=True)
        assert shown.returncode == 0, shown.stderr
        if words[0] in MADE_ELSEWHERE:
            return 0, shown.stdout
        results = [self.run(recipe) for recipe in shown.stdout.splitlines()]
        return max(status for status, _ in results), "".join(printed for _, printed in results)

    def _shell(self, line: str) -> tuple[int, str]:
        package = self.package if self.package is not None else ROOT / "src"
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = os.environ | {"PYTHONPATH": str(package), "PATH": path, "PYTHONIOENCODING": "utf-8"}
        run = subprocess.run(["bash", "-c", line], cwd=self.folder, env=environment, capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr


def _steps(text: str, language: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a block with the lines that it is said to print; in `bash` blocks every line is a command."""
    text = text.replace("\\\n", " ")
    if language == "bash":
        yield from ((line, []) for line in text.splitlines() if line.strip() and not line.startswith("#"))
        return
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *printed = part.splitlines()
        yield command, [line for line in printed if line.strip() not in GAPS]


def _status(command: str, block: Any) -> set[int]:
    """The exit status that a comment names; else a command of a `bash` block ends well, and none says 2 unless told so."""
    if told := re.search(r"#.*(?:status|退出状态)\D{0,4}(\d)", command):
        return {int(told[1])}
    return {0, 1} if block.language == "console" or "findings" in block.notes else {0}


def test_the_commands_of_the_page_do_what_it_says(
    command: Any, at_the_desk: Callable[[Any], Path], program: Callable[..., Any]
) -> None:
    folder = at_the_desk(command)
    console = Console(folder, program, folder / "src" if command.wants_a_copy_of_the_program else None)
    for block in command.blocks:
        for line, expected in _steps(block.text, block.language):
            status, printed = console.run(line)
            assert status in _status(line, block), f"{block.id}: {line}\n{printed}"
            said = iter(printed.splitlines())
            for wanted in expected:
                assert wanted in said, f"{block.id}: {line}\nlacks: {wanted}\n{printed}"  # and in this order


_WITH_VALUES = """import sys, warnings
warnings.simplefilter("error")
def _value_of(place, value):
    with open(sys.argv[1], "a", encoding="utf-8") as values:
        print(place, repr(value), file=values)
"""


def test_the_code_of_the_page_runs_and_gives_what_its_comments_say(
    code: Any, at_the_desk: Callable[[Any], Path], warm_python: Any, tmp_path: Path
) -> None:
    # In a process of its own, since a reader's script has no threads as the tests have.
    folder = at_the_desk(code)
    script, wanted = [_WITH_VALUES], {}
    for number, block in enumerate(code.blocks):
        script.append(block.notes.get("given", ""))
        lines = block.text.splitlines()
        for statement in ast.parse(block.text).body:
            if isinstance(statement, ast.Expr):
                last = statement.end_lineno or 1
                if told := _told_value(lines[last - 1]):
                    wanted[f"{number}:{last}"] = (f"{block.id}: {ast.unparse(statement)}", told)
                script.append(f"_value_of('{number}:{last}', {ast.unparse(statement.value)})")
            else:
                script.append(ast.unparse(statement))
    values = tmp_path / "values"
    values.write_text("")
    done = warm_python.run("\n".join(script), values, cwd=folder)
    assert done.returncode == 0, done.stderr
    found = dict(
        line.split(" ", 1) for line in values.read_text(encoding="utf-8").splitlines() if ":" in line.split(" ")[0]
    )
    for place, (expression, told) in wanted.items():
        assert re.fullmatch(told, found[place]), f"{expression} gives {found[place]}"


def _told_value(line: str) -> str | None:
    """A pattern for the value that the comment behind an expression shows: `# 0`, `# {'error': 0, 'note': …}`."""
    comment = re.search(r"\s#\s*([-\d'\"\[{(][^；]*|None|True|False)(?:；.*)?$", line)
    return re.escape(comment[1].strip()).replace("…", ".*") if comment else None


def test_the_file_of_the_page_is_one_that_the_program_reads(file: Any, tmp_path: Path) -> None:
    shown = Path(file.notes["file"])
    path = tmp_path / shown
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(file.text + "\n", encoding="utf-8")
    form = official_forms()["2021"]
    if shown.match("params/*/*.yaml"):
        assert read_params(path, str(shown)).agency == shown.stem
    elif shown.match("params/rules.*"):
        (path.parent / "agencies.csv").write_text("agency,name\nju,示例局\n", encoding="utf-8")
        local = Project(path.parent, tmp_path / "data").local_rules
        assert local.problems == ()
        assert local.rules or local.changes != USUAL
    elif shown.match("params/agencies.csv"):
        assert Project(path.parent, tmp_path / "data").roster
    elif shown.match("data/*/*/narrative.md"):
        assert split(read_text(path, str(shown)), form, str(shown)).parts
    elif shown.match("data/*/*/ledger.csv"):
        assert read_ledger(path, form, int(shown.parts[1]), str(shown)).applications
    elif shown.match("src/ogi_report/forms/*.yaml"):
        assert load_form(path).id == shown.stem
    elif shown.suffix == ".py":
        ast.parse(file.text)
    else:
        pytest.fail(f"{file.id}: nothing here reads {shown}")


def test_the_part_of_a_file_stands_in_it_word_for_word(part: Any) -> None:
    whole = (ROOT / part.notes["part of"]).read_text(encoding="utf-8").splitlines()
    size = len(part.text.splitlines())
    windows = ("\n".join(whole[start : start + size]) for start in range(len(whole)))
    assert any(textwrap.dedent(window) == textwrap.dedent(part.text) for window in windows)


def test_every_block_is_run_read_or_held_against_the_program(block: Any) -> None:
    known = ("bash", "console", "python", "powershell", "cron", "ini")
    assert block.language in known or {"file", "part of", "not run"} & set(block.notes), (
        f"{block.id}: a {block.language or 'nameless'} block that no test looks at; "
        "say which file it is, or why it is not run (tests/docs/conftest.py)"
    )
    assert block.notes.get("not run", "a reason"), f"{block.id}: not run, but why?"
