"""The engine among papermill's others: what a caller sees of it."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
import warnings
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError
from papermill.engines import NBClientEngine, papermill_engines

from ogi_report.engine import FastEngine, NeedsKernel, Template
from ogi_report.engine.engine import needs_kernel

pytestmark = pytest.mark.usefixtures("as_in_a_new_process")

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def registered():
    papermill_engines.register("ogi_fast", FastEngine)


def execute(path, out=None, **options):
    options.setdefault("progress_bar", False)
    return papermill.execute_notebook(path, out, engine_name="ogi_fast", **options)


def said(notebook, cell=0):
    code = [c for c in notebook.cells if c.cell_type == "code"]
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in code[cell].outputs)


def test_papermill_finds_the_engine_by_its_entry_point():
    from importlib import import_module

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    module, name = declared["papermill.engine"]["ogi_fast"].split(":")
    found = getattr(import_module(module), name)
    assert found.nb_kernel_name(nbformat.v4.new_notebook(), "python3") == "python3"
    document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")], metadata={"papermill": {}})
    assert said(found.execute_notebook(document, "python3", progress_bar=False)) == "2"


def test_the_command_line_of_papermill_takes_it(notebook, tmp_path):
    path = notebook(("n = 1", "parameters"), "print(n)\nimport os; os.system('echo from the shell')")
    script = (
        "from ogi_report.engine import FastEngine\n"
        "from papermill.engines import papermill_engines\n"
        "papermill_engines.register('ogi_fast', FastEngine)\n"
        "from papermill.cli import papermill; papermill()"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, "--engine", "ogi_fast", "-p", "n", "7", "--log-output", str(path), str(tmp_path / "out.ipynb")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said(nbformat.read(tmp_path / "out.ipynb", 4), 2) == "7\nfrom the shell\n0"
    assert "Executing" in run.stderr
    assert "from the shell" in run.stderr


def test_parameters_are_injected_and_facts_of_the_run_are_noted(notebook, tmp_path):
    path = notebook(("n = 1", "parameters"), "n")
    executed = execute(path, tmp_path / "out.ipynb", parameters={"n": 5})
    assert said(executed, 2) == "5"
    assert executed.metadata.papermill.parameters == {"n": 5}
    assert executed.metadata.papermill.duration > 0
    assert [cell.metadata.papermill.status for cell in executed.cells] == ["completed"] * 3
    assert nbformat.read(tmp_path / "out.ipynb", 4) == executed


def test_an_error_ends_the_notebook_and_is_raised(notebook, tmp_path):
    with pytest.raises(papermill.PapermillExecutionError, match="ZeroDivisionError") as raised:
        execute(notebook("1", "1 / 0", "print('never')"), tmp_path / "out.ipynb")
    assert (raised.value.cell_index, raised.value.exec_count, raised.value.ename) == (1, 2, "ZeroDivisionError")
    written = nbformat.read(tmp_path / "out.ipynb", 4)
    assert "An Exception was encountered" in written.cells[0].source
    statuses = [cell.metadata.papermill.status for cell in written.cells if cell.cell_type == "code"]
    assert statuses == ["completed", "failed", "pending"]


@pytest.mark.parametrize("options", [{"allow_errors": True}, {"allow_error_names": ["ZeroDivisionError"]}])
def test_errors_may_be_allowed(notebook, options):
    template = Template(notebook("1 / 0", "print('goes on')"))
    assert said(template.execute({}, **options).notebook, 1) == "goes on\n"


def test_the_notebook_is_saved_once_a_second_if_asked(notebook, tmp_path):
    out = tmp_path / "out.ipynb"
    look = (
        f"import json\nfrom pathlib import Path\npath = Path({str(out)!r})\n"
        "print(json.loads(path.read_text())['cells'][1]['outputs'] if path.exists() else None)"
    )
    path = notebook("1", "'kept'", look, "import time\ntime.sleep(1)", look)
    saved = execute(path, out)
    assert [said(saved, 2), "kept" in said(saved, 4)] == ["[]\n", True]
    assert nbformat.read(out, 4) == saved
    assert said(execute(path, tmp_path / "other.ipynb", request_save_on_cell_execute=False), 4) != "None\n"
    out.unlink()
    assert said(execute(path, out, request_save_on_cell_execute=False), 4) == "None\n"


def test_what_cells_print_can_be_followed_in_the_log_and_in_files(notebook, caplog):
    out, err = io.StringIO(), io.StringIO()
    path = notebook("import sys\nprint('spoken')\nprint('wrong', file=sys.stderr)", "'a result'")
    with caplog.at_level(logging.INFO, "papermill"):
        execute(path, log_output=True, stdout_file=out, stderr_file=err)
    assert (out.getvalue(), err.getvalue()) == ("spoken\n", "wrong\n")
    assert {"spoken\n", "wrong\n", "'a result'"} <= set(caplog.messages)


def test_a_progress_bar_does_not_get_into_the_notebook(notebook, capfd):
    executed = execute(notebook("print('x')", "import os\nos.system('true')"), progress_bar=True)
    assert said(executed) == "x\n"
    assert said(executed, 1) == "0"
    assert "Executing" in capfd.readouterr().err


# -- time and interruption ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "while True:\n    pass",
        "import time\ntime.sleep(60)",
        "import asyncio\nawait asyncio.sleep(60)",
        "while True:\n    try:\n        while True:\n            pass\n    except Exception:\n        pass",
    ],
    ids=["computes", "sleeps", "awaits", "catches exceptions"],
)
def test_a_cell_that_takes_too_long_is_ended_with_the_error_of_a_kernel(notebook, tmp_path, cell):
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(CellTimeoutError, match=r"A cell timed out while it was being executed, after 0\.3 seconds"):
        execute(
            notebook("print('before')", f"print('begun')\n{cell}", "1"), tmp_path / "out.ipynb", execution_timeout=0.3
        )
    written = nbformat.read(tmp_path / "out.ipynb", 4)
    assert [said(written, 0), said(written, 1), said(written, 2)] == ["before\n", "begun\n", ""]
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert said(execute(notebook("1 + 1", name="next"))) == "2"


def test_the_time_is_each_cells_own(notebook):
    assert (
        said(execute(notebook(*["import time; time.sleep(0.2)"] * 3, "'done'"), execution_timeout=0.5), 3) == "'done'"
    )


@pytest.mark.parametrize("cell", ["import time\ntime.sleep(30)", "import asyncio\nawait asyncio.sleep(30)"])
def test_ctrl_c_is_for_the_batch_not_for_the_cell(notebook, tmp_path, cell):
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        execute(notebook(cell, "print('never')"), tmp_path / "out.ipynb")
    timer.join()
    assert time.monotonic() - start < 20
    assert said(nbformat.read(tmp_path / "out.ipynb", 4), 1) == ""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# -- what needs a kernel -----------------------------------------------------------------------------------------------


@pytest.fixture
def by_kernel(monkeypatch):
    """Notes which notebooks papermill's own engine was given, instead of starting kernels."""
    given = []
    monkeypatch.setattr(
        NBClientEngine,
        "execute_managed_notebook",
        classmethod(lambda cls, nb_man, *rest, **options: given.append(nb_man.nb)),
    )
    return given


@pytest.mark.parametrize(
    "cell", ["import ipywidgets", "  from ipywidgets import interact", "import comm", "x = 1\nimport ipywidgets as w"]
)
def test_a_notebook_with_widgets_goes_to_a_kernel(notebook, by_kernel, caplog, cell):
    execute(notebook("1", cell))
    assert len(by_kernel) == 1
    assert "executed by a kernel: cell 2 says" in caplog.text


def test_a_notebook_in_another_language_goes_to_a_kernel(notebook, by_kernel, caplog):
    path = notebook("1", kernelspec={"name": "ir", "language": "R", "display_name": "R"}, language_info={"name": "R"})
    execute(path)
    assert len(by_kernel) == 1
    assert "its language is r" in caplog.text


def test_in_a_thread_a_notebook_goes_to_a_kernel(notebook, by_kernel):
    thread = threading.Thread(target=execute, args=(notebook("1"),))
    thread.start()
    thread.join()
    assert len(by_kernel) == 1


def test_a_notebook_executed_by_a_notebook_goes_to_a_kernel(notebook, by_kernel):
    inner = notebook("1", name="inner")
    execute(
        notebook(
            f"import papermill\npapermill.execute_notebook({str(inner)!r}, None, engine_name='ogi_fast', progress_bar=False)\nNone"
        )
    )
    assert len(by_kernel) == 1


@pytest.mark.parametrize(
    "cell", ["# import ipywidgets", "text = 'import ipywidgets'", "import common", "from tqdm.auto import tqdm"]
)
def test_a_notebook_that_only_speaks_of_widgets_does_not(cell):
    if "tqdm" in cell:
        import importlib.util

        if importlib.util.find_spec("ipywidgets"):
            pytest.skip("with ipywidgets this shows a widget")
    document = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell), nbformat.v4.new_markdown_cell("import ipywidgets")]
    )
    assert needs_kernel(document) is None


def test_a_widget_from_nowhere_is_an_error_that_says_so(notebook):
    with pytest.raises(NeedsKernel, match="cell 1 shows a widget"):
        execute(notebook("display({'application/vnd.jupyter.widget-view+json': {'model_id': 'x'}}, raw=True)"))


# -- what stays behind -------------------------------------------------------------------------------------------------


def test_nothing_of_a_notebook_stays_in_the_process(notebook, tmp_path):
    def state():
        return {
            "folder": Path.cwd(),
            "environment": dict(os.environ),
            "path": list(sys.path),
            "arguments": list(sys.argv),
            "streams": (sys.stdin, sys.stdout, sys.stderr, sys.displayhook, sys.excepthook),
            "warnings": list(warnings.filters),
            "handlers": (list(logging.getLogger().handlers), logging.getLogger().level),
            "signals": [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)],
            "main": sys.modules["__main__"],
            "builtins": set(vars(__import__("builtins"))),
            "threads": threading.active_count(),
            "descriptors": len(list(Path("/proc/self/fd").glob("*"))),
        }

    execute(notebook("1"))
    before = state()
    executed = Template(
        notebook(
            "import builtins, logging, os, signal, sys, warnings\n"
            "os.chdir('/'); os.environ['LEFT'] = '1'; os.environ.pop('HOME', None)\n"
            "sys.path.append('/left'); sys.argv.append('x'); builtins.left = 1\n"
            "sys.stdout = sys.stderr; sys.excepthook = print; sys.stdin = None\n"
            "warnings.simplefilter('error'); logging.basicConfig(level=1, force=True)\n"
            "signal.signal(signal.SIGUSR1, lambda *a: None)\n"
            "big = bytearray(10**6)",
            "1 / 0",
        )
    ).execute({})
    assert executed.error is not None
    assert executed.notebook.cells[0].outputs == []
    assert state() == before
    assert not hasattr(sys, "last_value")


def test_modules_beside_the_notebook_are_forgotten_and_those_installed_there_are_not(notebook, tmp_path, monkeypatch):
    """A project's folder holds its `.venv`; what is imported from there first by a notebook is loaded for all."""
    site_packages = tmp_path / ".venv" / "lib" / "site-packages"
    (site_packages / "installed_here").mkdir(parents=True)
    (site_packages / "installed_here" / "__init__.py").write_text("")
    (tmp_path / "lib").mkdir()
    for path in (tmp_path / "beside_here.py", tmp_path / "lib" / "below_here.py"):
        path.write_text("")
    monkeypatch.syspath_prepend(str(site_packages))
    importing = "import sys\nsys.path += ['.', 'lib']\nimport installed_here, beside_here, below_here"
    executed = Template(notebook(importing)).execute({}, cwd=tmp_path)
    assert executed.error is None
    kept = {name for name in ("installed_here", "beside_here", "below_here") if sys.modules.pop(name, None)}
    assert kept == {"installed_here"}


def test_a_thousand_cells_later_the_process_is_as_large_as_before(notebook):
    """One shell for all: a new one for each notebook would never be freed, and with it the notebook's data."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("no /proc")

    def size():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    template = Template(notebook("data = bytearray(5 * 2**20)\nlen(data)", *["data"] * 3))
    for _ in range(3):
        template.execute({})
    before = size()
    for _ in range(50):
        template.execute({})
    assert size() - before < 40 * 2**20


# -- Template ----------------------------------------------------------------------------------------------------------


def test_a_template_gives_the_notebook_that_papermill_gives(notebook, tmp_path):
    from ogi_report.engine import differences

    path = notebook("first = 1", ("n = 1\ntext = 'a'", "parameters"), "print(n, text)", "1 / n")
    for parameters in ({"n": 2, "text": "表"}, {}, {"n": 0}, {"n": None, "text": [1, {"a": True}]}):
        out = tmp_path / "out.ipynb"
        error = None
        try:
            execute(path, out, parameters=parameters)
        except papermill.PapermillExecutionError as raised:
            error = str(raised)
        theirs = nbformat.read(out, 4)
        theirs.cells = [
            cell for cell in theirs.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])
        ]
        ours = Template(path).execute(parameters)
        assert differences(json.loads(nbformat.writes(theirs)), json.loads(nbformat.writes(ours.notebook))) == []
        assert error == (None if ours.error is None else str(ours.error))


def test_a_template_knows_which_parameters_the_notebook_declares(notebook):
    template = Template(notebook(("agency = 'a'  # 机构\nyear = 2024", "parameters"), "1"))
    assert template.parameters == {"agency", "year"}


def test_executions_of_a_template_do_not_know_of_each_other(notebook, tmp_path):
    template = Template(
        notebook(("n = 1", "parameters"), "try:\n    left\nexcept NameError:\n    print('new')\nleft = n")
    )
    first, second = template.execute({"n": 2}), template.execute({"n": 3}, cwd=tmp_path)
    assert (said(first.notebook, 2), said(second.notebook, 2)) == ("new\n", "new\n")
    assert first.notebook.cells[1].source != second.notebook.cells[1].source


@pytest.mark.parametrize(
    "twist",
    [
        """
import ast
class Twice(ast.NodeTransformer):
    def visit_Constant(self, node):
        node.value = node.value * 2 if isinstance(node.value, int) else node.value
        return node
get_ipython().ast_transformers.append(Twice())
""",
        "get_ipython().input_transformers_cleanup.append(lambda lines: [l.replace('21', '42') for l in lines])",
        "get_ipython().input_transformers_post.append(lambda lines: [l.replace('21', '42') for l in lines])",
        "get_ipython().ast_node_interactivity = 'all'\nget_ipython().autoawait = False",
    ],
)
def test_a_cell_is_compiled_once_but_as_each_notebook_reads_it(notebook, twist):
    cells = ("x = 21", "x\nx if x < 22 else x")
    plain, twisted = Template(notebook(*cells, name="plain")), Template(notebook(twist, *cells, name="twisted"))
    for template in (plain, twisted):
        template.compile_ahead()
    before, other, after = (template.execute({}).notebook for template in (plain, twisted, plain))
    assert said(before, 1) == said(after, 1) == "21"
    assert said(other, 2) in ("42", "2121")


def test_a_template_whose_cells_are_no_python_can_be_made_ready(notebook):
    template = Template(notebook("this is no Python", "# nothing", "await x", "%%bash\necho $X", "1 +"))
    template.compile_ahead()
    assert template.execute({}, allow_errors=True).error.ename == "SyntaxError"


@pytest.mark.parametrize("evalue", ["sys.exit()", "sys.exit(0)"])
def test_leaving_with_success_is_no_error(notebook, evalue):
    execution = Template(notebook("import sys", evalue, "print('never')")).execute({})
    assert execution.error is None
    assert said(execution.notebook, 2) == ""


# -- names of cells ----------------------------------------------------------------------------------------------------


def test_the_same_cell_has_the_same_file_name_in_every_process(notebook):
    path = notebook("import warnings\nwarnings.warn('careful')", "def f(): ...\nf.__code__.co_filename")
    executed = execute(path)
    (name,) = re.findall(r"\S+\.py", said(executed))
    assert re.fullmatch(r"/tmp/ipykernel_0/\d+\.py", name)
    assert said(execute(path)) == said(executed)
    assert str(os.getpid()) not in said(executed, 1)


# -- imports -----------------------------------------------------------------------------------------------------------


def python(script, *options):
    run = subprocess.run([sys.executable, *options, "-c", script], capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_the_guard_keeps_a_slow_module_out_and_undoes_itself():
    pytest.importorskip("rfc3987_syntax")
    checks = (
        "import jsonschema\n"
        "checkers = [jsonschema.FormatChecker(), jsonschema.Draft7Validator.FORMAT_CHECKER, jsonschema.Draft202012Validator.FORMAT_CHECKER]\n"
        "texts = ['http://例え.jp/表', 'http://a b', 'rel/表', 5]\n"
        "print([c.conforms(t, f) for c in checkers for f in ('iri', 'iri-reference') for t in texts])"
    )
    guarded = python(
        "import sys\nfrom ogi_report.engine import lean_imports\n"
        "with lean_imports():\n    import papermill, nbformat\n"
        "print('rfc3987_syntax' in sys.modules)\n" + checks + "\nprint('rfc3987_syntax' in sys.modules)"
    )
    assert (guarded[0], guarded[-1]) == ("False", "True")
    assert guarded[1:-1] == python(checks)


def test_the_guard_keeps_pyarrow_out_of_papermill_which_still_reaches_hadoop_through_it():
    pytest.importorskip("pyarrow")
    assert python(
        "import sys\nfrom ogi_report.engine import lean_imports\n"
        "with lean_imports():\n    import nbformat\n    with lean_imports():\n        import papermill.iorw as addresses\n"
        "print('pyarrow' in sys.modules)\n"
        "import pyarrow.fs\n"
        "print(addresses.FileSelector('/reports').base_dir)\n"
        "pyarrow.fs.HadoopFileSystem = lambda host: host\n"
        "print(addresses.HadoopFileSystem(host='default'))"
    ) == ["False", "/reports", "default"]


LATER = (
    "import inspect, sys\nfrom ogi_report.engine import lean_imports\n"
    "with lean_imports():\n    import papermill, bs4, requests\n"
    "loaded = lambda: ' '.join(sorted({'requests.api', 'soupsieve.css_match'} & set(sys.modules))) or 'none'\n"
    "inspect.getmodule(inspect.currentframe())\n"  # looks for the file of every module there is, as each traceback does
    "print(loaded(), [finder for finder in sys.meta_path if 'ogi_report' in str(finder)])\n"
)


@pytest.mark.parametrize(
    ("use", "loaded"),
    [
        ("print(bs4.BeautifulSoup('<p class=a>表', 'html.parser').select_one('.a').text)", "表 soupsieve.css_match"),
        ("print(requests.get.__name__)", "get requests.api"),
        ("import requests.exceptions as e; print(e.Timeout.__name__)", "Timeout requests.api"),
        ("from requests.sessions import Session; print(Session.__name__)", "Session requests.api"),
        ("print(papermill.iorw.requests.codes.ok, type(requests) is type(sys), requests.__path__ != [])", "200 True True requests.api"),
    ],
)  # fmt: skip
def test_the_guard_has_some_modules_loaded_when_they_are_first_used(use, loaded):
    assert python(f"{LATER}{use}\nprint(loaded())") == ["none", "[]", *loaded.split()]


def test_a_module_that_is_used_later_than_it_was_imported_is_the_ordinary_one():
    described = "print(repr(requests), type(requests.__spec__.loader), type(requests.__loader__), requests.__path__, len(dir(requests)))"
    assert python(f"{LATER}requests.get\n{described}")[2:] == python(f"import requests, urllib3\n{described}")


def test_the_guard_does_nothing_where_it_comes_too_late():
    assert python(
        "import sys, jsonschema\nfrom ogi_report.engine import lean_imports\nbefore = dict(jsonschema.FormatChecker.checkers)\n"
        "with lean_imports():\n    import nbformat\nprint(before == jsonschema.FormatChecker.checkers, None in sys.modules.values())"
    ) == ["True", "False"]


def test_asking_for_the_guard_loads_neither_papermill_nor_ipython():
    assert python(
        "import sys, ogi_report.engine as e; e.lean_imports; print({'papermill', 'IPython', 'nbformat'} & set(sys.modules))"
    ) == ["set()"]


def test_the_room_imports_nothing_else_of_the_package():
    import ast

    room = ROOT / "src" / "ogi_report" / "engine"
    for path in room.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [node.module or ""]
            others = [n for n in names if n.split(".")[0] == "ogi_report" and not n.startswith("ogi_report.engine")]
            assert others == [], path.name


def test_the_room_works_where_the_rest_of_the_package_is_not(tmp_path):
    import shutil

    target = tmp_path / "ogi_report"
    target.mkdir()
    (target / "__init__.py").write_text("")
    shutil.copytree(ROOT / "src" / "ogi_report" / "engine", target / "engine")
    script = (
        "import nbformat, sys\nfrom ogi_report.engine import FastEngine, isolated\n"
        "nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('1+1')]); nb.metadata.papermill = {}\n"
        "print(FastEngine.execute_notebook(nb, 'python3', progress_bar=False).cells[0].outputs[0].data['text/plain'])\n"
        "print(sorted(m for m in sys.modules if m.startswith('ogi_report.') and not m.startswith('ogi_report.engine')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )
    assert run.stdout.split() == ["2", "[]"], run.stderr
