"""What Jupyter has to find of ours, and we of Jupyter's: exporters, page template, engine, kernel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from ogi_report.installation.check import Check, failed, ok, optional

_ENTRY_POINTS = {
    "nbconvert.exporters": ("导出页面（nbconvert）", ("ogi_public", "ogi_review")),
    "papermill.engine": ("执行引擎（papermill）", ("ogi_fast",)),
}
_REINSTALL = "在项目文件夹中运行 pip install -e ."


def checks() -> Iterator[Check]:
    """Looks at what is registered; nothing of Jupyter is started."""
    for group, (name, wanted) in _ENTRY_POINTS.items():
        there = {entry.name for entry in metadata.entry_points(group=group)}
        lacking = [entry for entry in wanted if entry not in there]
        if lacking:
            yield failed(name, f"没有登记 {'、'.join(lacking)}", _REINSTALL)
        else:
            yield ok(name, "、".join(wanted))
    if find_spec("jupyter_core") is None:
        yield failed("Jupyter", "没有安装", "pip install -r requirements.lock")
        return
    yield _template()
    yield _kernel()
    yield _lab()


def _template() -> Check:
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder) / "ogi_report" for folder in jupyter_path("nbconvert", "templates")]
    if not any((folder / "conf.json").is_file() for folder in folders):
        return failed("页面模板", "Jupyter 找不到 ogi_report 模板", _REINSTALL)
    return ok("页面模板", "jupyter nbconvert --template ogi_report 可用")


def _kernel() -> Check:
    """The kernel `python3`; one that starts a Python which is no longer there is a common trouble after a move."""
    from jupyter_core.paths import jupyter_path

    remedy = "python -m ipykernel install --sys-prefix"
    for folder in jupyter_path("kernels"):
        spec = Path(folder) / "python3" / "kernel.json"
        if not spec.is_file():
            continue
        try:
            program = str(json.loads(spec.read_text(encoding="utf-8"))["argv"][0])
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return failed("Jupyter 内核", "python3 内核的登记读不懂", remedy)
        if not Path(program).is_file() and shutil.which(program) is None:
            return failed("Jupyter 内核", "python3 内核登记的 Python 已经不在了", remedy)
        return ok("Jupyter 内核", "python3")
    return failed("Jupyter 内核", "没有登记 python3 内核", remedy)


def _lab() -> Check:
    try:
        return ok("JupyterLab", metadata.version("jupyterlab"))
    except metadata.PackageNotFoundError:
        return optional("JupyterLab", "没有安装；不影响批量生成", "pip install jupyterlab")
