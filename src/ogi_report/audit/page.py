"""The overview page, made by executing a notebook like any other."""

from __future__ import annotations

from pathlib import Path

from ogi_report.audit.results import FOLDER_VARIABLE
from ogi_report.batch.contents import notebook_text
from ogi_report.errors import UsageError
from ogi_report.notebook.execute import execute, told_to_notebooks
from ogi_report.notebook.exporter import PublicExporter
from ogi_report.writers.files import write_atomically


def write_page(notebook: Path, out: Path) -> Path:
    """Executes the notebook on the results in `out`; writes audit.ipynb and index.html there and returns the page.

    Raises:
        UsageError: there is no such notebook, or a cell of it raises.
    """
    if not notebook.is_file():
        raise UsageError(f"找不到笔记本 {notebook}；请在项目文件夹中运行，或用 --notebook 指明。数据已写入 {out}。")
    with told_to_notebooks({FOLDER_VARIABLE: str(out.resolve())}):
        executed = execute(notebook, {})
    write_atomically(out / "index.html", PublicExporter().from_notebook_node(executed.notebook)[0])
    write_atomically(out / "audit.ipynb", notebook_text(executed))
    if executed.failure is not None:
        raise UsageError(f"总览没有做完：{executed.failure}。数据已写入 {out}。")
    return out / "index.html"
