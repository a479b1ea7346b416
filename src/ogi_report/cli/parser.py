"""argparse that speaks Chinese."""

from __future__ import annotations

import argparse
import re
from typing import Any

from ogi_report.cli.statuses import WRONG_USAGE

_MISTAKES = (
    (r"the following arguments are required: (.+)", r"缺少{0}"),
    (r"unrecognized arguments: (.+)", r"没有这样的选项：{0}"),
    (r"argument (.+): invalid (?:int|float) value: (.+)", r"{0} 应当是数，现在是 {1}"),
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"{0} 写的是 {1}，只能是 {2}"),
    (r"argument (.+): expected (?:one|at least one) argument", r"{0} 后面缺少值"),
)


class ChineseParser(argparse.ArgumentParser):
    """argparse with its own words in Chinese."""

    def __init__(self, **options: Any):
        super().__init__(**options, add_help=False)
        self._optionals.title = "选项"
        self._positionals.title = "参数"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> Any:
        for pattern, chinese in _MISTAKES:
            if match := re.fullmatch(pattern, message):
                message = chinese.format(*match.groups())
                break
        self.exit(WRONG_USAGE, f"命令写法有误：{message}。\n用 {self.prog} --help 查看用法。\n")
