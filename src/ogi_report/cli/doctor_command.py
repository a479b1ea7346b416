"""`ogi-report doctor`: whether this installation works, and what to do where it does not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ogi_report.cli.statuses import FAILED, OK

if TYPE_CHECKING:
    from ogi_report.installation.check import Check


def add_arguments(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--params", type=Path, default=Path("params"), help="参数文件夹（默认 params）")
    doctor.add_argument("--data", type=Path, default=Path("data"), help="数据文件夹（默认 data）")
    doctor.add_argument("--notebooks", type=Path, default=Path("notebooks"), help="笔记本文件夹（默认 notebooks）")
    doctor.add_argument("--out", type=Path, default=Path("build"), help="输出文件夹（默认 build）")
    doctor.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON（默认文字）")


def command(options: argparse.Namespace) -> int:
    from ogi_report.installation import jupyter, machine, packages, project
    from ogi_report.installation.check import State

    found = [
        *packages.checks(),
        *jupyter.checks(),
        *project.checks(options.params, options.data, options.notebooks),
        *machine.checks(options.out),
    ]
    well = all(check.state is not State.FAILED for check in found)
    if options.format == "json":
        print(json.dumps({"ok": well, "checks": [c.as_json() for c in found]}, ensure_ascii=False, indent=1))
    else:
        _show(found)
    return OK if well else FAILED


def _show(found: Sequence[Check]) -> None:
    from ogi_report.installation.check import State

    for check in found:
        print(f"{check.state.sign} {check.name}：{check.found}")
        if check.remedy:
            print(f"    → {check.remedy}")
    failed = sum(check.state is State.FAILED for check in found)
    without = sum(check.state is State.OPTIONAL for check in found)
    verdict = f"有 {failed} 处要先解决（✖），否则不能生成报告。" if failed else "可以生成报告。"
    print(f"{verdict}{f'另有 {without} 处只影响部分功能（○）。' if without else ''}")
