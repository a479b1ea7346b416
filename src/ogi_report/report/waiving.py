"""How a waiver is written into a params file: its lines, where they go, and the text that comes of it.

Only lines are added, so that comments, order and line ends of the file stay as they are. Nothing is trusted: what comes of it is
read back before it is written.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from ogi_report.errors import ConfigError
from ogi_report.report.params import Params, Waiver, parse_params
from ogi_report.report.yaml_files import compose_mapping, quoted, read_yaml_mapping
from ogi_report.rules.waivers import Binding
from ogi_report.writers.files import write_atomically

SETTING = "waivers"
_INDENT = 2
_LINE = re.compile(r"[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])|[^\n\r\x85\u2028\u2029]+\Z")
"""A line as YAML counts lines."""
_SIMPLE = re.compile(r"[a-z][a-z0-9_.-]*")
_COUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")


def waiver_lines(bound: Binding, reason: str = "", by: str = "", on: str = "") -> list[str]:
    """A waiver as lines of YAML, the first with its dash; what is left out is to be filled in by whoever copies them."""
    lines = [
        f"- rule: {bound.rule}",
        f"  reason: {quoted(reason)}" if reason else "  reason:   # 为什么可以不改",
        f"  by: {quoted(by)}" if by else "  by:   # 由谁同意",
        f'  "on": {quoted(on)}' if on else '  "on":   # 哪一天，如 2025-01-20',
    ]
    if bound.cells:
        lines.append("  cells:")
        lines += [f"    {_key(key)}: {_value(value)}" for key, value in bound.cells.items()]
    if bound.quote is not None:
        lines.append(f"  quote: {quoted(bound.quote)}")
    if bound.message is not None:
        lines.append(f"  message: {quoted(bound.message)}")
    return lines


def _key(key: str) -> str:
    return key if _SIMPLE.fullmatch(key) else quoted(key)


def _value(value: str | None) -> str:
    if value is None:
        return "null"
    return value if _COUNT.fullmatch(value) else quoted(value)


def add_waiver(path: Path, shown: str, bound: Binding, waiver: Waiver) -> int:
    """Adds a waiver to a params file, in one step or not at all.

    Returns:
        The line on which it begins.

    Raises:
        ConfigError: the file is written in a way to which lines cannot be added; the message has them for pasting.
    """
    content = path.read_bytes()
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = content.decode("utf-8-sig")
    lines = waiver_lines(bound, waiver.reason, waiver.by, waiver.on)
    before = _parsed(text, shown)
    changed, line = _with_lines(text, shown, lines)
    try:
        as_meant = _parsed(changed, shown) == before.model_copy(update={SETTING: (*before.waivers, waiver)})
    except ConfigError:
        as_meant = False
    if not as_meant:
        told = "\n".join([f"{SETTING}:", *(" " * _INDENT + own for own in lines)])
        raise ConfigError(
            f"{shown} 的写法特殊，不能自动添加，文件没有改动；请把下面几行加进去（已有 {SETTING}: 的不要第一行）：\n{told}"
        )
    write_atomically(path.resolve(), mark + changed.encode())
    return line


def _parsed(text: str, shown: str) -> Params:
    return parse_params(*_values(text, shown))


def _values(text: str, shown: str) -> tuple[dict[str, Any], str, dict[str, int]]:
    values, lines = read_yaml_mapping(text, shown)
    return values, shown, lines


def _with_lines(text: str, shown: str, lines: list[str]) -> tuple[str, int]:
    """Returns the text with a waiver added to its list of waivers, and the line on which that begins."""
    root = compose_mapping(text, shown)
    rows = _LINE.findall(text)
    end = "\r\n" if "\r\n" in text else "\n"
    found = next((value for key, value in root.value if key.value == SETTING), None)
    new: list[str] = []
    if isinstance(found, yaml.SequenceNode) and found.value:
        at, indent = _end_of(found, rows), found.start_mark.column
    elif found is not None:
        at, indent = found.start_mark.line + 1, _INDENT
        row = rows[at - 1]
        if found.start_mark.line == found.end_mark.line:  # waivers: [] or ~ gives way to a list
            rows[at - 1] = row[: found.start_mark.column].rstrip(" ") + row[found.end_mark.column :]
    else:
        at, indent = len(rows), _INDENT
        new = [f"{SETTING}:"]
    if at and not rows[at - 1].endswith(("\n", "\r")):
        rows[at - 1] += end
    new += [" " * indent + line for line in lines]
    rows[at:at] = [row + end for row in new]
    return "".join(rows), at + 1


def _end_of(node: yaml.Node, rows: list[str]) -> int:
    """The number of rows up to the end of a list, without the blank rows and comments that follow it."""
    end = _last_row(node)
    while end and not rows[end - 1].strip():
        end -= 1
    return end


def _last_row(node: yaml.Node) -> int:
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        # A block's own end mark lies behind the comments that follow it.
        return max(_last_row(part) for part in (last if isinstance(last, tuple) else (last,)))
    mark = node.end_mark
    return mark.line if mark.column == 0 and mark.line > node.start_mark.line else mark.line + 1
