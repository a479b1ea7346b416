"""The command line: argument parsing, one call, one renderer per command."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence
from types import ModuleType

import ogi_report
from ogi_report.cli.parser import ChineseParser
from ogi_report.cli.statuses import FAILED, INTERRUPTED, OK, WRONG_USAGE
from ogi_report.errors import OgiError, UsageError, system_reason

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("生成报告（与 python run_all.py 相同）", "为每个机构、年度执行模板笔记本，生成报告和问题清单。"),
    "new": (
        "为新的年度建立参数文件和预填的数据",
        "为名录里的机构建立新一年的参数文件、CSV 表（上年结转等已预填）和 narrative.md（附上年的文字，供参考）。已有的文件一律不动。",
    ),
    "check": (
        "核对数据或已公布的报告，不生成页面",
        "核对数据文件夹（如 data/2021/kejing）、填好的填报表（form.xlsx）或已公布的报告（.html .docx .pdf .xlsx .txt .md）。",
    ),
    "form": (
        "生成填报表（Excel 工作簿）",
        "按当年的表样生成填报表：官方表格、随填随算的核对、正文；写明机构时按上年数据预填。填好后放进数据文件夹，名为 form.xlsx。",
    ),
    "import": ("把已公布的报告变成数据文件", "读出已公布报告的表格和正文，写成 CSV、narrative.md 和参数文件。"),
    "audit": (
        "批量审核一个文件夹里已公布的报告",
        "读出文件夹里的全部报告，逐份核对并互相比较，生成清单、数据和总览页。",
    ),
    "ledger": (
        "由台账计算表三、表四，追溯到行，列出超期的申请",
        "读入一件一行的台账（ledger.csv），计算表三、表四；可追溯每一格由哪些行得出，列出超过法定答复期限的申请。",
    ),
    "summary": (
        "把下级机构的报告汇总成本级政府的报告",
        "按名录把下级机构的报告加总，写出汇总页、合计和报告草稿；缺了谁、合计是否完整都写明。",
    ),
    "diff": (
        "比较两次结果、两个年度或两份报告",
        "列出变动的数、变动的句子、消失和新增的问题，以及各章与另一份报告的重复率。",
    ),
    "messages": (
        "写给各单位的信：要改什么、要说明什么",
        "按已生成的结果，给每个有问题、报送的文件读不出来、没有报送的单位各写一封信（文字、HTML、邮件草稿），另写一份总览。发送用自己的程序。",
    ),
    "waive": (
        "豁免一个问题：写明理由，记入参数文件",
        "把审核人认可的一个问题记为豁免，写入 params/<年度>/<机构>.yaml，并记下现在的值；值一改，豁免自动失效。"
        "不写第二个参数则列出可以豁免的问题。",
    ),
    "doctor": (
        "检查安装：缺什么，怎么办",
        "检查 Python、软件包、Jupyter、项目文件、字体、磁盘等；缺什么、影响什么、怎么办。不联网，不改动任何文件。",
    ),
    "rules": ("列出全部规则", "列出全部规则：编号、级别、说明、来源。"),
}
"""Command → (one line of help, description). Each is a module of this package with `add_arguments` and a function."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs `ogi-report`; returns the exit status: 0 all well, 1 some report failed or has unwaived errors, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console that lacks a character shows its code; it must not end the run.
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(argv)
    status = OK
    try:
        status = int(_module(options.name).command(options))
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        if options.debug:
            raise
        print("已中断。", file=sys.stderr)
        return INTERRUPTED
    except OgiError as error:
        if options.debug:
            raise
        print("\n".join(error.messages), file=sys.stderr)
        return WRONG_USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:
        # The reader of our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return status
    except OSError as error:
        if options.debug:
            raise
        print(f"文件读写失败：{system_reason(error)}；请检查磁盘空间和文件权限。", file=sys.stderr)
        return FAILED


def run_all(argv: Sequence[str] | None = None) -> int:
    """`python run_all.py …` is `ogi-report run …`."""
    return main(["run", *(sys.argv[1:] if argv is None else argv)])


def _module(name: str) -> ModuleType:
    """A command's module; what it needs is imported only when it is asked for, so that help comes at once."""
    return importlib.import_module(f"ogi_report.cli.{name}_command")


def _parser() -> ChineseParser:
    parser = ChineseParser(prog="ogi-report", description="政府信息公开工作年度报告：核对数据，生成公开页和审核页。")
    parser.add_argument("--version", action="version", version=f"ogi-report {ogi_report.__version__}", help="显示版本")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")
    for name, (help, description) in COMMANDS.items():
        command = commands.add_parser(name, help=help, description=description)
        _module(name).add_arguments(command)
        command.add_argument("--debug", action="store_true", help="出错时显示程序的调用过程")
        command.set_defaults(name=name)
    return parser
