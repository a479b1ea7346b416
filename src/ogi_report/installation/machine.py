"""The machine: encodings, disk, memory, processes, fonts, what makes PDFs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from ogi_report.installation.check import Check, failed, ok, optional

_LEAST_DISK, _ENOUGH_DISK = 100_000_000, 1_000_000_000
_ENOUGH_MEMORY = 1_000_000_000
_FONTS = (
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simsun.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
)
"""Where Windows and macOS keep a Chinese font; elsewhere fontconfig is asked."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def checks(out: Path) -> Iterator[Check]:
    """Looks at the machine; `out` is where reports are to be written."""
    yield _encoding()
    yield _writing(out)
    yield _disk(out)
    memory = _memory()
    if memory is not None:
        yield memory
    yield _forking()
    yield _fonts()
    yield _pdf()
    yield _browser()
    yield _holidays(date.today().year)


def _encoding() -> Check:
    names = {"文件名": sys.getfilesystemencoding(), "屏幕输出": getattr(sys.stdout, "encoding", None) or ""}
    other = [
        f"{what}用 {name or '不明编码'}" for what, name in names.items() if name.lower().replace("-", "") != "utf8"
    ]
    if other:
        return optional(
            "编码", "，".join(other), "有汉字显示不出时，设环境变量 PYTHONUTF8=1（Linux 上也可设 LC_ALL=C.UTF-8）"
        )
    return ok("编码", "UTF-8")


def _nearest(folder: Path) -> Path:
    """A folder, or the nearest one above it that is there."""
    folder = folder.resolve()
    return next(place for place in (folder, *folder.parents) if place.is_dir())


def _writing(out: Path) -> Check:
    place = _nearest(out)
    try:
        with tempfile.TemporaryFile(dir=place, prefix=".ogi-"):
            pass
    except OSError as error:
        return failed("写入", f"不能在 {out} 写文件（{error.strerror}）", "改变文件夹的权限，或用 --out 另指一处")
    return ok("写入", f"{out} 可写")


def _disk(out: Path) -> Check:
    free = shutil.disk_usage(_nearest(out)).free
    found = f"剩余 {_size(free)}"
    if free < _LEAST_DISK:
        return failed("磁盘", found, "清理磁盘，或用 --out 指到别的磁盘；一份报告约 0.3 MB")
    if free < _ENOUGH_DISK:
        return optional("磁盘", found, "报告很多时可能不够；一份报告约 0.3 MB")
    return ok("磁盘", found)


def _memory() -> Check | None:
    """Where the system says how much memory it has."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    if total < _ENOUGH_MEMORY:
        return optional("内存", f"共 {_size(total)}", "用 run --jobs 1 一份一份地做")
    return ok("内存", f"共 {_size(total)}")


def _size(number: int) -> str:
    return f"{number // 10**9} GB" if number >= 10**10 else f"{number // 10**6} MB"


def _forking() -> Check:
    from ogi_report.engine.forked import fork_is_safe

    if not fork_is_safe():
        return optional("进程", "本系统不能复制进程", "不用做什么；每份报告仍在自己的进程里做，只是慢一些")
    return ok("进程", "可以为每份报告复制一个进程")


def _fonts() -> Check:
    remedy = "Debian、Ubuntu：apt install fonts-noto-cjk；Windows：设置 › 应用 › 可选功能 › 简体中文补充字体"
    if any(Path(path).is_file() for path in _FONTS):
        return ok("中文字体", "有")
    program = shutil.which("fc-list")
    if program is None:
        return optional("中文字体", "不能确定（没有 fontconfig）", f"只有生成 PDF 时才需要；{remedy}")
    try:
        done = subprocess.run(
            [program, ":lang=zh-cn", "family"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=10,
            check=False,
        )
        families = sorted({line.partition(",")[0] for line in done.stdout.splitlines() if line.strip()})
    except (OSError, subprocess.TimeoutExpired):
        families = []
    if not families:
        return optional("中文字体", "没有", f"只有生成 PDF 时才需要；{remedy}")
    return ok("中文字体", "、".join(families[:3]) + ("等" if len(families) > 3 else ""))


def _pdf() -> Check:
    """Tries to make one: whether its libraries and a font are there is seen only then."""
    from ogi_report.errors import UsageError

    if find_spec("weasyprint") is None:
        return optional(
            "生成 PDF", "没有 WeasyPrint", '需要时 pip install "ogi-report[print]"，也可以用浏览器“另存为 PDF”'
        )
    from ogi_report.documents.pdf import require_pdf

    try:
        require_pdf()
    except UsageError as error:
        return optional("生成 PDF", "不能", error.messages[0])
    return ok("生成 PDF", "试做了一份")


def _browser() -> Check:
    found = next((name for name in _BROWSERS if shutil.which(name)), None)
    if found is None:
        return optional("浏览器（只有测试要用）", "没有 Chromium", "需要时 apt install chromium")
    return ok("浏览器（只有测试要用）", found)


def _holidays(year: int) -> Check:
    """Time limits of a ledger are counted in working days; the calendar grows by a year each autumn."""
    if find_spec("chinese_calendar") is None:
        return failed("放假安排", "没有 chinesecalendar", "pip install -r requirements.lock")
    from ogi_report.ledger.working_days import is_known

    if not is_known(year):
        return optional(
            "放假安排",
            f"没有 {year} 年的",
            "台账的期限会有一部分不能算；国务院办公厅公布以后 pip install -U chinesecalendar",
        )
    return ok("放假安排", f"有 {year} 年的")
