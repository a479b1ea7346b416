"""Small YAML files as people mean them, with the line of each key.

YAML 1.1 reads `on` as true, `no` as false, `2022-01-28` as a date and `1_000` as a number. Here only `true` and
`false` are booleans, dates stay text (as they do in papermill), and a key given twice is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from functools import lru_cache
from typing import Any

import yaml

from ogi_report.errors import ConfigError

_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def quoted(text: str) -> str:
    """Returns a text in double quotes, which YAML and JSON read alike as long as nothing unprintable is left in it.

    >>> quoted("甲：“乙”\\n")
    '"甲：“乙”\\\\n"'
    """
    return _UNPRINTABLE.sub(lambda char: f"\\u{ord(char[0]):04x}", json.dumps(text, ensure_ascii=False))


class _Loader(yaml.SafeLoader):
    """SafeLoader with the resolvers of plain numbers, true/false and null only, and without aliases.

    A settings file has no use for `&` and `*`, and nested ones grow without end (“billion laughs”).
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # as in the whole of yaml's composer
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise yaml.composer.ComposerError(None, None, "不能用 & 和 * 引用", event.start_mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])


class _Plain(getattr(yaml, "CSafeLoader", _Loader)):  # type: ignore[misc]  # where PyYAML was built with libyaml
    """The same by libyaml, many times as fast, for texts that have nothing to refuse."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


_NOT_PLAIN = re.compile(r"[&*!?\[\]{}\t]")
_PLAIN_LENGTH = 5_000
"""Characters; deeper than this lets lists within lists go, libyaml's stack reaches."""


def read_yaml_mapping(text: str, shown: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Returns a flat mapping and the line of each of its keys.

    Raises:
        ConfigError: not YAML, not a mapping, a key given twice, or a tag that asks for more than plain data.
    """
    return deepcopy(_read(text, shown))


@lru_cache(maxsize=16)
def _read(text: str, shown: str) -> tuple[dict[str, Any], dict[str, int]]:
    """A batch asks for the same settings several times while it makes a report."""
    node = compose_mapping(text, shown)
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    with _explained(shown):
        values = _Loader("").construct_document(node)
    return {str(key): value for key, value in values.items()}, lines


def compose_mapping(text: str, shown: str) -> yaml.MappingNode:
    """Returns the settings as nodes of YAML, which know where in the text they stand.

    Raises:
        ConfigError: not YAML, not a mapping, or a key given twice.
    """
    with _explained(shown):
        node = _composed(text)
        if node is None:
            raise ConfigError(f"{shown} 是空的；至少要写 agency 和 year。")
        if not isinstance(node, yaml.MappingNode):
            raise ConfigError(f"{shown} 应当由“名称: 值”的行组成。")
        _refuse_duplicates(node, shown)
        return node


def _composed(text: str) -> yaml.Node | None:
    """libyaml says nothing of aliases, follows brackets of any depth, and words its errors otherwise."""
    if len(text) <= _PLAIN_LENGTH and not _NOT_PLAIN.search(text):
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=_Plain)
    return yaml.compose(text, Loader=_Loader)


@contextmanager
def _explained(shown: str) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        line = f" 第 {error.problem_mark.line + 1} 行" if error.problem_mark else ""
        raise ConfigError(
            f"{shown}{line}：YAML 写法有误（{error.problem}）；请检查缩进、冒号后的空格和引号。"
        ) from None
    except RecursionError:
        raise ConfigError(f"{shown}：括号或缩进的层数太多；参数文件只要“名称: 值”的行。") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{shown}：YAML 写法有误（{error}）。") from None


def _refuse_duplicates(node: yaml.Node, shown: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigError(f"{shown} 第 {line} 行：冒号前应当是一个名称。")
            if key.value in seen:
                raise ConfigError(f"{shown} 第 {line} 行：{key.value} 在第 {seen[key.value]} 行已经写过；请只留一处。")
            seen[key.value] = line
            _refuse_duplicates(value, shown)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_duplicates(item, shown)
