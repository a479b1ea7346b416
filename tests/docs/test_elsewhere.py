"""Commands for other systems (Windows, uv, cron, systemd) name files and options that exist, and install what make installs."""

from __future__ import annotations

import configparser
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ogi_report.cli import _parser

ROOT = Path(__file__).parents[2]


def recipe_of_the_environment() -> set[tuple[str, ...]]:
    """What `make` installs, as words after `pip install`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {tuple(line.split()) for line in re.findall(r"^\t@\$\(PIP\) install (.+)$", makefile, re.MULTILINE)}


def commands(text: str) -> Iterator[list[str]]:
    """The commands of a block as words, with the folder of programs and `uv` or `uv run` taken off."""
    for line in text.splitlines():
        words = shlex.split(line.replace("\\", "/"), comments=True)
        if words[:1] == ["uv"]:
            words = [word for word in words[1:] if word not in ("run", "--no-sync")]
        if words:
            yield [Path(words[0]).name, *words[1:]]


def held_against_the_program(words: list[str]) -> None:
    """Fails where a command names a script, an option or a requirement that does not exist."""
    match words:
        case ["python" | "python.exe" | "py", "run_all.py", *options]:
            assert (ROOT / "run_all.py").is_file()
            _parser().parse_args(["run", *options])
        case ["ogi-report", *options]:
            _parser().parse_args(options)
        case ["python", "-m", "pip", "install", *requirement] | ["pip", "install", *requirement]:
            assert tuple(requirement) in recipe_of_the_environment()
        case ["python", "-m", "pytest"] | ["pytest"]:
            pass
        case ["py", "-3.11", "-m", "venv", ".venv"] | ["venv", "--python", "3.11", ".venv"]:
            assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        case ["jupyter", "lab", notebook]:
            assert (ROOT / notebook).is_file()
        case _:
            pytest.fail(f"nothing is known of {words}")


def test_a_command_for_another_system_fits_the_program(elsewhere: Any) -> None:
    match elsewhere.language:
        case "cron":
            for line in elsewhere.text.splitlines():
                *when, command = line.split(maxsplit=5)
                assert all(re.fullmatch(r"[\d*,/-]+", field) for field in when)
                _in_a_folder(command)
        case "ini":
            _unit(elsewhere.text)
        case "powershell" if "ScheduledTask" in elsewhere.text:
            for arguments in re.findall(r'-Argument "([^"]+)"', elsewhere.text):
                held_against_the_program(["python", *arguments.split()])
        case _:
            for words in commands(elsewhere.text):
                held_against_the_program(words)


def _in_a_folder(command: str) -> None:
    """`cd folder && program options >> file`."""
    _, _, rest = command.partition(" && ")
    program, _, _ = rest.partition(" >> ")
    words = shlex.split(program)
    held_against_the_program([Path(words[0]).name, *words[1:]])


def _unit(text: str) -> None:
    """A systemd unit: known sections and settings, and a command that the program understands."""
    unit = configparser.ConfigParser()
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser's manual says
    unit.read_string(text)
    known = {
        "Unit": {"Description"},
        "Service": {"Type", "User", "WorkingDirectory", "ExecStart", "SuccessExitStatus"},
        "Timer": {"OnCalendar", "Persistent"},
        "Install": {"WantedBy"},
    }
    for section in unit.sections():
        assert set(unit[section]) <= known[section]
    if "Service" in unit:
        words = shlex.split(unit["Service"]["ExecStart"])
        held_against_the_program([Path(words[0]).name, *words[1:]])
    else:
        weekdays, days, time = unit["Timer"]["OnCalendar"].split()
        assert re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri)(\.\.(Fri|Sun))?", weekdays)
        assert re.fullmatch(r"(\*|\d{4})-(\*|\d\d)-(\*|\d\d)", days)
        assert re.fullmatch(r"\d\d:\d\d", time)


def test_a_command_that_is_not_run_fits_the_program_all_the_same(block: Any) -> None:
    if "not run" in block.notes and block.language == "bash":
        for words in commands(block.text):
            held_against_the_program(words)


def test_a_command_that_does_not_fit_is_found() -> None:
    with pytest.raises(SystemExit):
        held_against_the_program(["python", "run_all.py", "--yaer", "2024"])
    with pytest.raises(AssertionError):
        held_against_the_program(["pip", "install", "-r", "requirements.txt"])
