"""Sending is left to a program of the user's: it is given the path of one draft at a time, as an argument, without a shell."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import simplejson

from ogi_report.errors import UsageError
from ogi_report.messages.write import Message
from ogi_report.readers.regular_files import sha256_of
from ogi_report.report.fragment import dump_json
from ogi_report.writers.files import write_atomically

SENT = "sent.json"
SECONDS = 120
"""How long the program may take for one message."""


@dataclass(frozen=True)
class Sending:
    """What became of one message: sent, or in Chinese why not; `failed` if the program said that it could not."""

    message: Message
    why: str = ""
    failed: bool = False


def send(
    folder: Path, messages: Sequence[Message], command: str, *, again: bool = False, seconds: float = SECONDS
) -> Iterator[Sending]:
    """Gives each message that has an address to the user's program, and remembers what has been sent.

    Args:
        command: a program with its arguments; the path of the draft is added as the last one.
        again: also send what was sent before in the same words.

    Raises:
        UsageError: there is no such program.
    """
    words = _split(command)
    sent = {} if again else _sent(folder / SENT)
    for message in messages:
        if not message.letter.to:
            yield Sending(message, "没有邮箱地址")
            continue
        path = folder / message.draft
        mark = sha256_of(path)
        if sent.get(message.draft) == mark:
            yield Sending(message, "已经发过同样的内容")
            continue
        why = _run([*words, str(path.resolve())], seconds)
        if not why:
            sent[message.draft] = mark
            write_atomically(folder / SENT, dump_json(sent, indent=1, sort_keys=True) + "\n")
        yield Sending(message, why, bool(why))


def _split(command: str) -> list[str]:
    """The program and its arguments; on Windows a backslash is part of a path."""
    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError:
        words = []
    if not words:
        raise UsageError(f"--send-with 写的是“{command}”，读不懂；应写作 程序 参数 的样子，引号要成对。")
    return [word.strip('"') for word in words] if os.name == "nt" else words


def _sent(path: Path) -> dict[str, str]:
    try:
        told = simplejson.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(mark) for name, mark in told.items()} if isinstance(told, dict) else {}


def _run(words: Sequence[str], seconds: float) -> str:
    """Runs the program; returns why it failed, or nothing."""
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
            text=True,
            errors="replace",
        )
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        raise UsageError(f"--send-with 的程序 {words[0]} 不存在或不能运行。") from None
    except subprocess.TimeoutExpired:
        return f"超过 {seconds:g} 秒没有完成"
    if done.returncode == 0:
        return ""
    said = (done.stderr or done.stdout).strip().splitlines()
    return f"程序退出码 {done.returncode}" + (f"：{said[-1]}" if said else "")
