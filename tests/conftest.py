"""Builders that the whole suite speaks with: a report in a few words, its folder of files, what checking it finds.

Test modules cannot import each other (`--import-mode=importlib`), so what they share comes as fixtures; those that
hypothesis uses are of session scope, since they hold no state.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from ogi_report.engine.forked import fork_is_safe
from ogi_report.figures import Figures
from ogi_report.forms import Form, LocalRow, load_form, official_forms
from ogi_report.readers import read_figures
from ogi_report.report import Project
from ogi_report.rules import ChapterText, Context, Findings, check
from ogi_report.writers import write_table_csv

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
ROOT = HERE.parent
collect_ignore = ["warm_process.py"]  # run as a program

# A shell has Ctrl-C ignored by what it runs in the background, and every process of the tests with it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Two shared cores: no deadline, few examples, the same ones on every run.
settings.register_profile(
    "ogi", deadline=None, max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ogi")


@pytest.fixture(scope="session")
def pango() -> None:
    """The library that PDFs are set with; pip cannot install it."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        pytest.skip("needs Pango (Debian: libpangoft2-1.0-0)")


@pytest.fixture(scope="session")
def forms() -> dict[str, Form]:
    """The layouts that ship with the package, by id."""
    return official_forms()


@pytest.fixture(scope="session")
def third_form_file() -> Path:
    """A made-up layout of 2031: other rows, columns, blocks, equations and years than any official one."""
    return HERE / "third_form.yaml"


@pytest.fixture(scope="session")
def third_form(third_form_file: Path) -> Form:
    return load_form(third_form_file)


@pytest.fixture(scope="session")
def layout(forms: dict[str, Form], third_form: Form) -> Callable[[str | Form], Form]:
    """`layout("2021")`, `layout("2031")` (the made-up one), or a form as it is."""
    known = forms | {third_form.id: third_form}
    return lambda form: form if isinstance(form, Form) else known[form]


@pytest.fixture(scope="session")
def figures_of(layout: Callable[[str | Form], Form]) -> Callable[..., Figures]:
    """`figures_of({"applications.received.total": 5})`: the cells named, all others holding `fill`."""

    def build(
        cells: Mapping[str, Any] | None = None,
        form: str | Form = "2021",
        fill: int | None = 0,
        local: Mapping[str, Sequence[tuple[str, str, str]]] | None = None,
    ) -> Figures:
        rows = {table: tuple(LocalRow(*row) for row in rows) for table, rows in (local or {}).items()}
        return Figures.of(layout(form).with_local_rows(rows), cells or {}, fill)

    return build


@pytest.fixture(scope="session")
def report(figures_of: Callable[..., Figures]) -> Callable[..., Context]:
    """`report({"applications.received.total": 5}, level="city")`: one report and what is known around it."""

    def build(
        cells: Mapping[str, Any] | Figures | None = None,
        form: str | Form = "2021",
        fill: int | None = 0,
        *,
        year: int | None = None,
        last: Mapping[str, Any] | Figures | None = None,
        chapters: Mapping[int, str] | None = None,
        local: Mapping[str, Sequence[tuple[str, str, str]]] | None = None,
        level: str | None = "department",
        name: str | None = "示例局",
        **around: Any,
    ) -> Context:
        figures = cells if isinstance(cells, Figures) else figures_of(cells, form, fill, local)
        prescribed = around.pop("prescribed_layout", figures.form.id)
        written = None
        if chapters is not None:
            written = tuple(
                ChapterText(number, figures.form.section(number).title, text) for number, text in chapters.items()
            )
        return Context(
            figures,
            "example",
            year if year is not None else figures.form.years.first,
            name=name,
            level=level,
            prescribed_layout=prescribed,
            last=last if isinstance(last, Figures) or last is None else figures_of(last, form),
            chapters=written,
            **around,
        )

    return build


@pytest.fixture(scope="session")
def checked(report: Callable[..., Context]) -> Callable[..., Findings]:
    """`checked({"applications.received.total": 5})`: what the catalogue finds in such a report."""

    def run(*args: Any, waivers: Sequence[Any] = (), **about: Any) -> Findings:
        return check(report(*args, **about), waivers)

    return run


@pytest.fixture(scope="session")
def write_data() -> Callable[..., Path]:
    """Writes a report's CSV files into a folder; `texts` replaces a table's file, None leaves it out."""

    def write(folder: Path, figures: Figures, **texts: str | bytes | None) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for table in figures.form.tables:
            text = texts.get(table.key, write_table_csv(figures, table.key))
            if text is not None:
                content = text if isinstance(text, bytes) else text.encode()
                (folder / f"{table.key}.csv").write_bytes(content)
        return folder

    return write


@pytest.fixture
def read_back(tmp_path: Path, write_data: Callable[..., Path]) -> Callable[..., Figures]:
    """Writes a report's files, some of them replaced, and reads them again as `data/2021/kejing`."""

    def read(figures: Figures, **texts: str | bytes | None) -> Figures:
        return read_figures(write_data(tmp_path / "kejing", figures, **texts), figures.form, "data/2021/kejing")

    return read


@pytest.fixture(scope="session")
def raw_texts() -> st.SearchStrategy[str]:
    """What clerks write into a box: mostly numbers, and everything else that was ever seen."""
    numbers = st.integers(0, 99).map(str)
    seen = st.sampled_from(
        [
            "",
            "",
            "-",
            "/",
            "无",
            "若干",
            "12.5",
            "-3",
            "+8",
            "１２",
            "1,024",
            "3件",
            "98000元",
            "1.5万元",
            "见附件",
            "9" * 40,
        ]
    )
    return st.one_of(numbers, numbers, seen)


@pytest.fixture(scope="session")
def any_figures(
    layout: Callable[[str | Form], Form], raw_texts: st.SearchStrategy[str]
) -> Callable[..., st.SearchStrategy[Figures]]:
    """`any_figures("2019")`: reports in which a few dozen cells hold anything and the rest `fill`."""

    def strategy(form: str | Form, fill: st.SearchStrategy[int | None] | None = None) -> st.SearchStrategy[Figures]:
        of = layout(form)
        cells = st.dictionaries(st.sampled_from(sorted(of.cells)), raw_texts, max_size=40)
        return st.builds(lambda c, f: Figures.of(of, c, f), cells, st.sampled_from([None, 0]) if fill is None else fill)

    return strategy


def _official_report(draw: st.DrawFn, form: Form) -> Figures:
    """A report in which every equation of an official layout holds; computed here, not by the code under test."""
    few = st.integers(0, 30)
    values: dict[str, int] = {key: draw(few) for key in form.cells}
    parts = [
        "natural_person",
        *(f"legal.{kind}" for kind in ["commercial", "research", "social", "legal_service", "other"]),
    ]
    rows = list(form.table("applications").records)
    outcomes = [row for row in rows if row not in ("received", "carried_in", "handled_total", "carried_out")]

    def cell(row: str, column: str) -> str:
        return f"applications.{row}.{column}"

    for column in parts:
        handled = sum(values[cell(row, column)] for row in outcomes)
        values[cell("handled_total", column)] = handled
        values[cell("carried_in", column)] = draw(st.integers(0, handled))
        values[cell("received", column)] = (
            handled + values[cell("carried_out", column)] - values[cell("carried_in", column)]
        )
    for row in rows:
        values[cell(row, "total")] = sum(values[cell(row, column)] for column in parts)
    for block in ("review", "litigation_direct", "litigation_after_review"):
        values[f"remedies.{block}.total"] = sum(
            values[f"remedies.{block}.{result}"] for result in ("upheld", "corrected", "other", "pending")
        )
    for row in ("rules", "normative"):
        if form.id == "2021":
            values[f"disclosure.{row}.in_force"] += values[f"disclosure.{row}.issued"]
        else:
            values[f"disclosure.{row}.public_total"] += values[f"disclosure.{row}.new_public"]
    return Figures.of(form, values)


@pytest.fixture(scope="session")
def consistent(forms: dict[str, Form]) -> Callable[[str], st.SearchStrategy[Figures]]:
    """`consistent("2021")`: random reports without any mistake in their arithmetic."""
    return lambda form: st.composite(_official_report)(forms[form])


ROSTER = (
    "agency,name,short_names,level,parent,website,contact\nju,示例局,我局,department,,,\nbu,另一局,,department,,,\n"
)

NARRATIVE = """## 一、总体情况

本年度主动公开、依申请公开、政府信息管理、平台建设和监督保障各项工作正常开展，新收申请 {{ 本年新收 }} 件。

## 五、存在的主要问题及改进情况

主要问题是解读形式单一；下一步将丰富解读形式。
"""


@pytest.fixture
def small_project(
    tmp_path: Path, write_data: Callable[..., Path], figures_of: Callable[..., Figures]
) -> Callable[..., Project]:
    """`small_project({"applications.received.total": 9})`: a project's folders with one agency-year, all else 0."""

    def make(
        cells: Mapping[str, Any] | None = None,
        *,
        agency: str = "ju",
        year: int = 2024,
        params: str = "",
        narrative: str = NARRATIVE,
        form: str = "2021",
        fill: int | None = 0,
    ) -> Project:
        project = Project(tmp_path / "params", tmp_path / "data")
        project.params.mkdir(exist_ok=True)
        (project.params / "agencies.csv").write_text(ROSTER, encoding="utf-8")
        file = project.params_file(agency, year)
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"agency: {agency}\nyear: {year}\n{params}", encoding="utf-8")
        folder = write_data(project.data_folder(agency, year), figures_of(cells, form, fill))
        (folder / "narrative.md").write_text(narrative, encoding="utf-8")
        return project

    return make


_MARK = "OGI_TEST_RUN"


def _short(mark: str) -> str:
    """A mark as the name of a process, which Linux allows fifteen letters."""
    return f"ogi-{zlib.crc32(mark.encode()):08x}"


@pytest.fixture(scope="session")
def living() -> Callable[[str], list[str]]:
    """`living("abc")`: processes with that mark, which were started with `OGI_TEST_RUN=abc` or forked by `WarmPython`."""

    def look(mark: str) -> list[str]:
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdecimal() and (
                    f"{_MARK}={mark}\0".encode() in (folder / "environ").read_bytes() + b"\0"
                    # Its surroundings are shown as they were when it was started, which for a fork is long ago.
                    or (folder / "comm").read_text().strip() == _short(mark)
                ):
                    found.append(f"{folder.name}: {(folder / 'cmdline').read_text()}".replace("\0", " "))
            except (OSError, UnicodeDecodeError):  # it has ended, or is none of ours
                continue
        return found

    return look


class WarmPython:
    """`python -c` for tests of what a run does, not of how it starts: forked from a process that has the imports done.

    Each command has a process of its own without other threads, so what it does in turn (fork for each report, be killed, leave
    its folder) is what it does for users. Where forking is not safe, or the surroundings hold what a Python heeds only when it
    starts, a new Python is started.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._connection: Connection
        self._surroundings = dict(os.environ)

    def run(
        self,
        code: str,
        *arguments: object,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        timeout: float = 300,
        mark: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Runs code with arguments, in the surroundings `env` or those of the tests; for the `mark` see `living`."""
        surroundings = dict(os.environ if env is None else env) | {"PYTHONUTF8": "1", _MARK: mark}
        words = [str(argument) for argument in arguments]
        if not fork_is_safe() or self._needs_a_new_python(surroundings):
            return subprocess.run(
                [sys.executable, "-c", code, *words],
                cwd=cwd, env=surroundings, capture_output=True, encoding="utf-8", timeout=timeout, check=False,
            )  # fmt: skip
        if self._server is None:
            self._start()
        out, err = self._folder / "out", self._folder / "err"
        for path in (out, err):
            path.write_bytes(b"")
        self._connection.send((code, words, str(cwd), surroundings, str(out), str(err), _short(mark)))
        pid = self._answer(60)
        try:
            status = self._answer(timeout)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            self._answer(60)
            raise
        return subprocess.CompletedProcess(["-c", *words], status, *(path.read_text("utf-8") for path in (out, err)))

    def _needs_a_new_python(self, surroundings: Mapping[str, str]) -> bool:
        before, after = (
            {
                name: value
                for name, value in found.items()
                if name.startswith(("PYTHON", "LC_", "LANG", "LD_", "FONTCONFIG"))
            }
            for found in (self._surroundings | {"PYTHONUTF8": "1"}, surroundings)
        )
        return before != after

    def _start(self) -> None:
        self._connection, theirs = Pipe()
        # It measures nothing itself: what is forked from it begins to, if its surroundings say so.
        kept = {name: value for name, value in self._surroundings.items() if not name.startswith("COV")}
        command = [sys.executable, str(HERE / "warm_process.py"), str(theirs.fileno())]
        self._server = subprocess.Popen(command, env=kept | {"PYTHONUTF8": "1"}, pass_fds=[theirs.fileno()])
        theirs.close()

    def _answer(self, seconds: float) -> int:
        if not self._connection.poll(seconds):
            raise TimeoutError(f"no answer within {seconds:g} seconds")
        return int(self._connection.recv())

    def close(self) -> None:
        if self._server is not None:
            self._connection.close()
            self._server.wait(60)


@pytest.fixture(scope="session")
def warm_python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmPython]:
    """`warm_python.run("import sys; …", cwd=folder)`."""
    found = WarmPython(tmp_path_factory.mktemp("warm"))
    yield found
    found.close()


@pytest.fixture(scope="session")
def program(warm_python: WarmPython) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`program("run", "--year", "2024", cwd=folder)`: the command line in a process of its own."""
    code = "from ogi_report.cli import main; raise SystemExit(main())"
    return lambda *words, **how: warm_python.run(code, *words, **how)


LOW_CONTRAST = """
(within) => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const c = rgb(getComputedStyle(node).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const faint = node => node ? Number(getComputedStyle(node).opacity) * faint(node.parentElement) : 1;
  const over = (c, under, opacity) => under.slice(0, 3).map((u, i) => u + (c[i] - u) * (c[3] ?? 1) * opacity);
  const found = [];
  for (const node of document.querySelectorAll(`${within} *`)) {
    if (![...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const under = ground(node), [a, b] = [light(over(rgb(getComputedStyle(node).color), under, faint(node))), light(under)];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push([node.tagName, node.textContent.slice(0, 20), ratio]);
  }
  return found;
}
"""


@pytest.fixture(scope="session")
def low_contrast() -> str:
    """A script for a browser's page: the texts within a selector whose contrast with their ground is below 4.5 : 1."""
    return LOW_CONTRAST


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the machine's Chromium is; only where it is not CI may there be none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium; CI installs one")
        pytest.skip("no Chromium on this machine")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """That Chromium, started."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> Path:
    """axe-core, which npm puts under tests/browser; only where it is not CI may it be missing."""
    path = HERE / "browser" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        if os.environ.get("CI"):
            pytest.fail("no axe-core; CI runs npm ci in tests/browser")
        pytest.skip("no axe-core: run npm ci in tests/browser")
    return path
