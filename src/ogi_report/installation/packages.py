"""Python and the packages, against what this package's own metadata ask for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata

import ogi_report
from ogi_report.installation.check import Check, failed, ok, optional

PACKAGE = "ogi-report"
_EXTRAS = {
    "dask": "在几台机器上生成（run --scheduler）",
    "pdf": "读已公布的 PDF 报告",
    "print": "生成 PDF（run --formats pdf）",
}
"""What the extras are for that users may want; the others are for developers."""
_REINSTALL = "重新安装：make report，或 pip install -r requirements.lock"


def checks() -> Iterator[Check]:
    """Looks at Python, the package and what it depends on."""
    try:
        own = metadata.metadata(PACKAGE)
        requirements = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:
        yield failed(
            "程序", f"{PACKAGE} {ogi_report.__version__} 没有安装，只是能运行", "在项目文件夹中运行 pip install -e ."
        )
        return
    yield _python(str(own["Requires-Python"] or ""))
    yield _version(metadata.version(PACKAGE))
    yield _needed([text for text in requirements if "extra ==" not in text])
    for extra, purpose in _EXTRAS.items():
        if extra in (own.get_all("Provides-Extra") or []):
            mine = [text.partition(";")[0] for text in requirements if re.search(rf"extra == ['\"]{extra}['\"]", text)]
            yield _extra(extra, purpose, mine)


def _python(asked: str) -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    least = tuple(int(part) for part in re.findall(r"\d+", asked)[:2])
    if sys.version_info[:2] < least:
        return failed("Python", f"{found}，需要 {asked}", "安装较新的 Python，再用它重建 .venv")
    return ok("Python", found)


def _version(installed: str) -> Check:
    if installed != ogi_report.__version__:
        return failed(
            "程序", f"安装的是 {installed}，运行的是 {ogi_report.__version__}", f"{_REINSTALL}；再运行 pip install -e ."
        )
    return ok("程序", f"{PACKAGE} {installed}")


def _needed(requirements: Sequence[str]) -> Check:
    wrong = [said for text in requirements if (said := _unmet(text))]
    if wrong:
        return failed("依赖的软件包", "、".join(wrong), _REINSTALL)
    return ok("依赖的软件包", f"{len(requirements)} 个都在，版本相符")


def _extra(extra: str, purpose: str, requirements: Sequence[str]) -> Check:
    wrong = [said for text in requirements if (said := _unmet(text))]
    name = f"可选：{purpose}"
    if wrong:
        return optional(name, "、".join(wrong), f'需要时 pip install "{PACKAGE}[{extra}]"')
    return ok(name, "已安装")


def _unmet(text: str) -> str:
    """Says what is wrong with a required package, or nothing; with `packaging` missing, only whether it is there."""
    name = re.split(r"[^A-Za-z0-9._-]", text.strip(), maxsplit=1)[0]
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} 没有安装"
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return ""
    asked = Requirement(text)
    if asked.marker is not None and not asked.marker.evaluate():
        return ""
    return "" if asked.specifier.contains(found, prereleases=True) else f"{name} 是 {found}，需要 {asked.specifier}"
