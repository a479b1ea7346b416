"""Reports made by Dask workers that share no folder with the client."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ogi_report.batch import Settings, plan
from ogi_report.batch.parcels import make_parcel, pack
from ogi_report.errors import UsageError
from ogi_report.report import Project

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture
def project(small_project: Callable[..., Project]) -> Project:
    found = small_project()
    for agency in ("bu", "ting", "shu"):
        small_project({"applications.received.total": 2} if agency == "bu" else None, agency=agency)
    small_project(year=2023)
    (found.params / "agencies.csv").write_text(
        "agency,name,level\nju,示例局,department\nbu,示例部,department\nting,示例厅,department\nshu,示例署,department\n",
        encoding="utf-8",
    )
    return found


@dataclass
class Cluster:
    """A scheduler and its workers, each a process in a folder of its own."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, *command: str, **env: str) -> subprocess.Popen[bytes]:
        folder = self.folder / name
        folder.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *command, "--no-dashboard"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | env,
        )
        self.processes.append(process)
        return process

    @property
    def address(self) -> str:
        import json

        file = self.folder / "scheduler.json"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                return str(json.loads(file.read_text())["address"])
            except (OSError, ValueError):
                time.sleep(0.1)
        raise TimeoutError

    def worker(self, name: str, **env: str) -> subprocess.Popen[bytes]:
        return self.start(name, "worker", self.address, "--nthreads", "1", "--no-nanny", **env)

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    file = found.folder / "scheduler.json"
    found.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
    yield found
    found.stop()


def files(build: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (build / "2024").iterdir()}


@pytest.fixture
def run(project: Project, program: Callable[..., Any]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`run("build", "--formats", "docx")`: reports of 2024 made into a folder of the project."""

    def go(out: str, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
        words = ("run", "--notebooks", ROOT / "notebooks", "--year", "2024", "--out", out, "--jobs", "1", *options)
        return program(*words, cwd=project.params.parent, env=os.environ | {"PYTHONUTF8": "1"} | env)

    return go


def test_workers_elsewhere_make_the_same_bytes_also_when_one_is_lost(
    project: Project, cluster: Cluster, run: Callable[..., Any]
) -> None:
    lost = cluster.worker("first")
    cluster.worker("second", TZ="Asia/Shanghai", LC_ALL="C")
    assert run("here").returncode == 1
    scheduler = cluster.address
    client = subprocess.Popen(
        [
            sys.executable, str(ROOT / "run_all.py"), "--params", str(project.params), "--data", str(project.data),
            "--notebooks", str(ROOT / "notebooks"), "--year", "2024", "--out", str(project.params.parent / "there"),
            "--scheduler", scheduler,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=project.params.parent,
    )  # fmt: skip
    time.sleep(3)
    lost.kill()
    out, err = client.communicate(timeout=180)
    assert client.returncode == 1, err.decode()
    assert "共 4 份报告：3 份完成，1 份有必须改正的问题" in out.decode()
    assert files(project.params.parent / "there") == files(project.params.parent / "here")
    assert str(project.params.parent).encode() not in b"".join(files(project.params.parent / "there").values())


def test_documents_are_made_elsewhere_from_the_page_alone(
    project: Project, cluster: Cluster, run: Callable[..., Any]
) -> None:
    cluster.worker("first")
    assert run("here", "--agency", "ju", "--formats", "docx,cms").returncode == 0
    assert run("there", "--agency", "ju", "--formats", "docx,cms", "--scheduler", cluster.address).returncode == 0
    assert files(project.params.parent / "there") == files(project.params.parent / "here")


def test_a_worker_of_another_version_is_refused(project: Project) -> None:
    from dataclasses import replace

    settings = Settings(project.params, project.data, project.params.parent / "x", ROOT / "notebooks", (2024,))
    parcel = replace(pack(plan(settings)[0]), version="Python 3.9, ogi-report 0.0.1")
    with pytest.raises(UsageError, match=r"工作机器的版本与本机不同：工作机器是 Python 3.*，本机是 Python 3.9"):
        make_parcel(parcel)


def test_a_scheduler_that_is_not_there_is_told(run: Callable[..., Any]) -> None:
    pytest.importorskip("distributed")
    done = run("nowhere", "--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert "连不上调度器 tcp://127.0.0.1:1" in done.stderr
