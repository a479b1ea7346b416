"""What stands around the program: its dependencies, the kernels that it starts, what settings become in a notebook."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]


def test_every_locked_dependency_is_pinned_by_version_and_by_hash() -> None:
    """An index that serves another file under the same version is refused by pip (`--require-hashes` in the Makefile)."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 100
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^\s;]+", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
    assert "--require-hashes" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_dependency_of_the_package_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for names in project["optional-dependencies"].values() for name in names),
    ]
    locked = {
        _plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / "requirements.lock").read_text(), re.M)
    }
    lacking = {_plain(re.match(r"[A-Za-z0-9._-]+", name)[0]) for name in wanted} - locked - {"ogi-report"}  # type: ignore[index]
    assert lacking == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="sockets are looked up in /proc")
def test_a_real_kernel_listens_on_no_port(small_project: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reaches a kernel's port could run code; ours talks through files that only this user can open.

    The one port that ipykernel opens all the same takes in what child processes print, on this machine, from those who
    know a random number that the kernel gave them.
    """
    from nbformat.v4 import new_code_cell

    from ogi_report.notebook.execute import KERNEL, execute

    project = small_project()
    notebooks = project.params.parent / "notebooks"
    notebooks.mkdir()
    source = (
        "import os\nfrom pathlib import Path\n"
        "own = {os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if os.path.lexists(f'/proc/self/fd/{n}')}\n"
        "lines = [l.split() for kind in ('tcp', 'tcp6') for l in Path(f'/proc/net/{kind}').read_text().splitlines()[1:]]\n"
        "open_to = [l[1].split(':')[0] for l in lines if l[3] == '0A' and f'socket:[{l[9]}]' in own]\n"
        "import json\nfrom ipykernel.connect import get_connection_info\n"
        "print(json.loads(get_connection_info())['transport'], open_to, sum('socket' in o for o in own) > 5)"
    )
    notebook = nbformat.v4.new_notebook(cells=[new_code_cell("agency = None", metadata={"tags": ["parameters"]}), new_code_cell(source)])  # fmt: skip
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, notebooks / "n.ipynb")
    executed = execute(notebooks / "n.ipynb", {"agency": "ju"}, engine=KERNEL, timeout=60)
    assert executed.failure is None
    said = "".join(o.get("text", "") for cell in executed.notebook.cells for o in cell.get("outputs", []))
    assert said.strip() in ("ipc [] True", "ipc ['0100007F'] True")


@given(st.recursive(st.text() | st.integers() | st.booleans() | st.none(), lambda of: st.lists(of, max_size=3) | st.dictionaries(st.text(), of, max_size=3), max_leaves=6))  # fmt: skip
def test_a_setting_is_never_code(value: Any) -> None:
    """Parameters become a cell of assignments; whatever a value is, it is a literal there."""
    from papermill.translators import PythonTranslator

    source = PythonTranslator.codify({"index_no": value})
    (assignment,) = ast.parse(source).body
    assert isinstance(assignment, ast.Assign)
    assert ast.literal_eval(assignment.value) == value


def test_nothing_of_ours_unpickles_or_evaluates_what_came_from_outside() -> None:
    """Pickles go between our own processes only; `eval` and `exec` run the project's own programs and nothing else."""
    allowed = {"engine", "batch/parcels.py", "batch/cluster.py", "batch/helper.py", "report/local_rules.py"}
    calls = re.compile(
        r"\b(?:pickle\.loads?|eval|exec|yaml\.load|yaml\.unsafe_load|os\.system|shell=True)\(|shell=True"
    )
    package = ROOT / "src" / "ogi_report"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if calls.search(re.sub(r"#.*|\"\"\".*?\"\"\"", "", path.read_text(encoding="utf-8"), flags=re.S))
    }
    assert {name for name in found if name not in allowed and name.partition("/")[0] not in allowed} == set()
