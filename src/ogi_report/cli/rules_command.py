"""`ogi-report rules`: prints the catalogue."""

from __future__ import annotations

import argparse

from ogi_report.cli.statuses import OK


def add_arguments(rules: argparse.ArgumentParser) -> None:
    rules.add_argument("--format", choices=("text", "markdown"), default="text", help="输出文字或 Markdown 表格")


def command(options: argparse.Namespace) -> int:
    from ogi_report.rules import Severity, catalogue

    found = sorted(catalogue(), key=lambda rule: Severity(rule.severity).rank)
    if options.format == "markdown":
        print("| 规则 | 级别 | 说明 | 对象 | 来源 |\n|---|---|---|---|---|")
        for rule in found:
            print(f"| `{rule.id}` | {rule.severity.chinese} | {rule.title} | {rule.where} | {rule.source} |")
    else:
        for rule in found:
            print(f"{rule.id:<24}{rule.severity.chinese:　<4}{rule.title}")
            print(f"{'':<24}来源：{rule.source}")
    return OK
