"""The page that the batch would make of a report, shown inside a notebook.

What would be published is not put together from what a notebook shows: `ogi-report run` makes it, in a process of its own,
from the files as they are saved. Whatever differs between the two, the batch is right, and the preview shows the batch.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import simplejson

from ogi_report.errors import UsageError
from ogi_report.notebook.page import PAGES
from ogi_report.report import Params, Project, Report
from ogi_report.report.fragment import Fragment
from ogi_report.report.project import PARAMS_VARIABLE

_SUFFIXES = {"public": ".html", "review": ".review.html"}
_RUN = "import sys; from ogi_report.cli import main; sys.exit(main(['run', *sys.argv[1:]]))"


def preview(report: Report, page: str = "public", *, height: int = 720) -> Fragment:
    """Shows the page that the batch would make of a report: its notebook, as it is saved, is executed anew.

    ogi_report.preview(report)             # the public page (公开页)
    ogi_report.preview(report, "review")   # the internal review page (内部审核页)

    The page stands in a frame of its own, which runs no script and asks nobody for anything; it takes a few seconds. What
    a preview shows is never part of a published page, and a batch makes no previews.

    Args:
        report: of which agency and year.
        page: `public` or `review`.
        height: of the frame, in pixels.

    Raises:
        UsageError: there is no such page, or the batch cannot be run as the project is.
    """
    if page not in PAGES:
        raise UsageError(
            f"没有名为 {page} 的页面；可写 {'、'.join(f'{key}（{name}）' for key, name in PAGES.items())}。"
        )
    if PARAMS_VARIABLE in os.environ:
        return _told("批量生成时不预览。")
    with tempfile.TemporaryDirectory(prefix="ogi-preview-") as folder:
        out = Path(folder)
        made = _made(report, out)
        if made["status"] == "failed":
            return _told("这份报告现在生成不了：\n" + "\n".join(made["messages"]))
        html = (out / f"{report.year}/{report.agency}_{report.year}{_SUFFIXES[page]}").read_text(encoding="utf-8")
    said = "；".join([f"{PAGES[page]}，与批量生成的相同，由已存盘的文件生成", *_not_filed(report)]) + "。"
    frame = (
        f'<iframe title="{PAGES[page]}" sandbox srcdoc="{escape(html)}" '
        f'style="width:100%;height:{height}px;border:1px solid #767676;background:#fff"></iframe>'
    )
    return Fragment("preview", None, f'<p style="opacity:.75;font-size:12px">{escape(said)}</p>{frame}', said)


def _made(report: Report, out: Path) -> Mapping[str, Any]:
    """Makes the report's pages and returns what the batch's record says of it."""
    project = report.project
    asked = {"--agency": report.agency, "--year": report.year, "--out": out, "--jobs": 1}
    asked |= {"--params": project.params, "--data": project.data, "--notebooks": _notebooks(project)}
    arguments = [str(word) for pair in asked.items() for word in pair]
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}  # the kernel's own
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    record = out / "manifest.json"
    if not record.is_file():
        raise UsageError(done.stderr.strip() or "批量生成没有完成；请在终端运行 python run_all.py 查看原因。")
    (told,) = simplejson.loads(record.read_text(encoding="utf-8"))["reports"]
    return dict(told)


def _notebooks(project: Project) -> Path:
    """Beside the project's params; for a folder of params without any (`examples/faulty`), those of the project around."""
    beside = project.params.parent / "notebooks"
    return beside if beside.is_dir() else Project.find().params.parent / "notebooks"


def _not_filed(report: Report) -> list[str]:
    """What the notebook sets otherwise than the params file, which is all that a batch knows."""
    filed = report.project.read_params(report.agency, report.year)
    changed = [name for name in Params.model_fields if getattr(report.params, name) != getattr(filed, name)]
    shown = report.project.shown(report.project.params_file(report.agency, report.year))
    return [f"笔记本里另写的 {'、'.join(changed)} 没有用上，要写进 {shown} 才用于批量生成"] if changed else []


def _told(said: str) -> Fragment:
    lines = "<br>".join(map(escape, said.split("\n")))
    return Fragment("preview", None, f"<p>{lines}</p>", said)
