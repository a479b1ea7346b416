"""The functions of `re` with a memory for every pattern: the rules on sentences have more than the 512 that `re` keeps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

compiled = cache(re.compile)


def search(pattern: str, text: str) -> re.Match[str] | None:
    return compiled(pattern).search(text)


def match(pattern: str, text: str) -> re.Match[str] | None:
    return compiled(pattern).match(text)


def fullmatch(pattern: str, text: str) -> re.Match[str] | None:
    return compiled(pattern).fullmatch(text)


def finditer(pattern: str, text: str) -> Iterator[re.Match[str]]:
    return compiled(pattern).finditer(text)


def findall(pattern: str, text: str) -> list[str]:
    return compiled(pattern).findall(text)


def split(pattern: str, text: str) -> list[str]:
    return compiled(pattern).split(text)


def sub(pattern: str, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
    return compiled(pattern).sub(replacement, text)
