"""A small district whose notebooks can be told to do harm while a run is going on, and what a clean build of it is.

Harm comes from within: the notebook runs `../trigger.py` if that is there, so each fault strikes at one certain moment
and no test waits for one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from ogi_report.figures import Figures

ROOT = Path(__file__).parents[2]

AGENCIES = {"huai": "示例一局", "jia": "示例二局", "yi": "示例三局"}
"""`huai`'s notebook runs the trigger; with one job the others are made after it."""

YEAR = "2024"
SUFFIXES = (".html", ".review.html", ".ipynb", ".figures.csv", ".findings.json")
SUMMARY = ("index.html", "findings.csv", "findings.junit.xml", "figures.parquet", "manifest.json")

TRIGGER = """from pathlib import Path
import os, signal, shutil, sys
trigger = Path("../trigger.py")
if trigger.exists():
    exec(compile(trigger.read_text(), "trigger", "exec"))"""

NARRATIVE = """## 一、总体情况

本年度主动公开、依申请公开、政府信息管理、平台建设和监督保障各项工作正常开展，新收申请 {{ 本年新收 }} 件。

## 五、存在的主要问题及改进情况

主要问题是解读形式单一；下一步将丰富解读形式。
"""


# Whoever started the tests by nohup has this signal ignored, and every child with them.
RUN = (
    "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    "from ogi_report.cli import run_all\nraise SystemExit(run_all())"
)


@dataclass(frozen=True)
class Done:
    """A run that has ended."""

    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class District:
    """A project's folder and its build."""

    folder: Path
    living: Callable[[str], list[str]]
    warm_python: Any
    """See there; None for a new Python for each run."""

    @property
    def build(self) -> Path:
        return self.folder / "build"

    def data(self, agency: str) -> Path:
        return self.folder / "data" / YEAR / agency

    def trigger(self, source: str) -> None:
        (self.folder / "trigger.py").write_text(source, encoding="utf-8")

    def disarm(self) -> None:
        (self.folder / "trigger.py").unlink(missing_ok=True)

    def start(self, *options: str, wrap: tuple[str, ...] = (), **popen: Any) -> subprocess.Popen[str]:
        """Starts a run in a new Python; `wrap` is a command that it is started by."""
        settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | popen
        return subprocess.Popen(
            [*wrap, sys.executable, "-c", RUN, "--jobs", "1", *options],
            cwd=self.folder, text=True, encoding="utf-8", env=self._surroundings(), **settings,
        )  # fmt: skip

    def run(
        self, *options: str, before: str = "", wrap: tuple[str, ...] = (), env: Mapping[str, str] | None = None
    ) -> Done:
        """Runs to the end; `before` is Python that is run first."""
        if wrap or self.warm_python is None:
            assert not before
            assert not env
            process = self.start(*options, wrap=wrap)
            out, err = process.communicate(timeout=180)
            status = process.returncode
        else:
            surroundings = self._surroundings() | (env or {})
            done = self.warm_python.run(
                f"{before}\n{RUN}",
                "--jobs",
                "1",
                *options,
                cwd=self.folder,
                env=surroundings,
                timeout=180,
                mark=str(self.folder),
            )
            status, out, err = done.returncode, done.stdout, done.stderr
        assert "Traceback" not in out + err, (out, err)
        return Done(status, out, err)

    def _surroundings(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        return kept | {"PYTHONUTF8": "1", "OGI_TEST_RUN": str(self.folder)}

    # -- what is there afterwards ------------------------------------------------------------------------------------

    def contents(self) -> dict[str, bytes]:
        """Every file of the build but the journal and the lock."""
        files = {path.relative_to(self.build).as_posix(): path for path in self.build.rglob("*") if path.is_file()}
        return {name: path.read_bytes() for name, path in files.items() if name not in (".lock", ".cache.jsonl")}

    def pages(self, agency: str) -> dict[str, bytes]:
        return {name: data for name, data in self.contents().items() if name.startswith(f"{YEAR}/{agency}_")}

    def manifest(self) -> dict[str, dict[str, Any]]:
        told = json.loads((self.build / "manifest.json").read_text(encoding="utf-8"))
        return {entry["agency"]: entry for entry in told["reports"]}

    def statuses(self) -> dict[str, str]:
        return {agency: entry["status"] for agency, entry in self.manifest().items()}

    def tells_the_truth(self) -> bool:
        """Index, list of findings and manifest agree with each other and with the files that are there."""
        import hashlib

        contents, listed = self.contents(), self.manifest()
        index = contents["index.html"].decode()
        findings = contents["findings.csv"].decode("utf-8-sig")
        for agency, entry in listed.items():
            made = entry["status"] != "failed"
            for suffix in (".html", ".review.html"):
                name = f"{YEAR}/{agency}_{YEAR}{suffix}"
                assert (name in contents) == made, (agency, suffix)
                assert (f'href="{name}"' in index) == made, (agency, suffix)
                assert not made or contents[name].endswith(b"</html>\n"), name
            assert (f"{YEAR},{agency},{entry['name']},未能生成" in findings) == (not made), agency
            assert all(hashlib.sha256(contents[name]).hexdigest() == told for name, told in entry["sha256"].items())
        return True

    def nothing_left(self) -> bool:
        """No process of a run lives, and no file of its is half written."""
        until = time.monotonic() + 10
        while found := self.living(str(self.folder)):
            assert time.monotonic() < until, found
            time.sleep(0.02)
        return True


@pytest.fixture(scope="session")
def make_district(
    write_data: Callable[..., Path],
    figures_of: Callable[..., Figures],
    living: Callable[..., list[str]],
    warm_python: Any,
) -> Callable[[Path, Mapping[str, str]], District]:
    def make(folder: Path, agencies: Mapping[str, str]) -> District:
        (folder / "params" / YEAR).mkdir(parents=True)
        (folder / "notebooks").mkdir()
        notebook = nbformat.read(ROOT / "notebooks" / "annual_report.ipynb", as_version=4)
        shutil.copy(ROOT / "notebooks" / "annual_report.ipynb", folder / "notebooks")
        notebook.cells.insert(-1, new_code_cell(TRIGGER, id="trigger"))
        nbformat.write(notebook, folder / "notebooks" / "huai.ipynb")
        lines = [f"{agency},{name},department\n" for agency, name in agencies.items()]
        (folder / "params/agencies.csv").write_text("agency,name,level\n" + "".join(lines), encoding="utf-8")
        for number, agency in enumerate(agencies):
            own = "notebook: huai.ipynb\n" if agency == "huai" else ""
            (folder / f"params/{YEAR}/{agency}.yaml").write_text(f"agency: {agency}\nyear: {YEAR}\n{own}")
            data = write_data(folder / "data" / YEAR / agency, figures_of({"disclosure.licence.decisions": number}))
            (data / "narrative.md").write_text(NARRATIVE, encoding="utf-8")
        return District(folder, living, warm_python)

    return make


@pytest.fixture
def district(tmp_path: Path, make_district: Callable[..., District]) -> Iterator[District]:
    found = make_district(tmp_path / "district", AGENCIES)
    yield found
    assert found.nothing_left()


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory, make_district: Callable[..., District]) -> dict[str, bytes]:
    """The files of a build in which nothing went wrong; the same bytes wherever it is made, here by a new Python."""
    found = replace(make_district(tmp_path_factory.mktemp("clean") / "district", AGENCIES), warm_python=None)
    done = found.run()
    assert done.status == 0, done
    return found.contents()


@pytest.fixture
def heals(district: District, clean: dict[str, bytes]) -> Callable[[], None]:
    """The next run ends well, and leaves byte by byte what a clean build leaves."""

    def check() -> None:
        district.disarm()
        done = district.run()
        assert done.status == 0, done
        found = district.contents()
        assert set(found) == set(clean)
        for name, content in found.items():
            assert content.splitlines() == clean[name].splitlines(), name
        assert found == clean
        hidden = {path.name for path in district.build.rglob(".*")}
        assert hidden == {".lock", ".cache.jsonl"}

    return check
