"""A page says from what it was made; the manifest also from which commit and as of when, without asking a clock."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ogi_report.batch import Status
from ogi_report.batch.result import Result
from ogi_report.batch.source import Source, source_of
from ogi_report.forms import official_forms
from ogi_report.report import Project, Report

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def without_settings_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock and no configuration but what a test gives."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(folder: Path, *words: str, at: int = 1_700_000_000) -> str:
    who = {f"GIT_{role}_{part}": "t@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    when = {"GIT_AUTHOR_DATE": f"{at} +0000", "GIT_COMMITTER_DATE": f"{at} +0000"}
    run = subprocess.run(["git", *words], cwd=folder, env=os.environ | who | when, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.fixture
def project(small_project: Callable[..., Project]) -> Project:
    found = small_project()
    shutil.copytree(ROOT / "notebooks", found.params.parent / "notebooks")
    return found


@pytest.fixture
def run(project: Project, program: Callable[..., Any]) -> Callable[..., Path]:
    """Makes the report and returns the build."""

    def made(*options: str) -> Path:
        assert program("run", *options, cwd=project.params.parent).returncode == 0
        return project.params.parent / "build"

    return made


def meta(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta name="((?:generator|ogi-)[^"]*)" content="([^"]*)">', page))


# -- the pages ---------------------------------------------------------------------------------------------------------


def test_both_pages_and_the_manifest_name_program_layout_and_inputs(run: Callable[..., Path]) -> None:
    build = run()
    public = (build / "2024" / "ju_2024.html").read_text(encoding="utf-8")
    review = (build / "2024" / "ju_2024.review.html").read_text(encoding="utf-8")
    manifest = json.loads((build / "manifest.json").read_text(encoding="utf-8"))
    form = official_forms()["2021"]
    assert meta(public) == meta(review)
    assert meta(public)["generator"] == f"ogi-report {manifest['version']}"
    assert meta(public)["ogi-layout"] == f"2021 v{form.version}" == f"2021 v{manifest['layouts']['2021']}"
    assert meta(public)["ogi-inputs"] == f"sha256-{manifest['reports'][0]['input_hash']}"
    assert "SHA-256" not in public
    assert "params/" not in public
    assert all(digest in review for digest in manifest["reports"][0]["inputs"].values())


def test_the_hash_changes_with_the_reports_own_inputs_and_with_nothing_else(project: Project) -> None:
    def now() -> str:
        return Report.open("ju", 2024, project=Project(project.params, project.data)).provenance.inputs

    first = now()
    assert now() == first
    roster = project.params / "agencies.csv"
    text = roster.read_text(encoding="utf-8")
    roster.write_text(text.replace("bu,另一局,,department", "bu,另一局,本局,department"), encoding="utf-8")
    assert now() == first  # another body's line
    roster.write_text(text.replace("ju,示例局,我局", "ju,示例局,本局"), encoding="utf-8")
    own_line = now()
    assert own_line != first
    roster.write_text(text, encoding="utf-8")
    for path in (project.params_file("ju", 2024), project.data_folder("ju", 2024) / "narrative.md"):
        before = path.read_text(encoding="utf-8")
        path.write_text(before + "\n", encoding="utf-8")
        assert now() != first
        path.write_text(before, encoding="utf-8")
    assert now() == first


def test_the_same_inputs_in_another_folder_have_the_same_hash(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "moved"
    for folder in (project.params, project.data):
        shutil.copytree(folder, elsewhere / "settings" / folder.name)
    there = Project(elsewhere / "settings" / "params", elsewhere / "settings" / "data")
    assert Report.open("ju", 2024, project=project).provenance == Report.open("ju", 2024, project=there).provenance


# -- commit and time ---------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_checkout_says_so_and_is_as_old_as_the_newest_day_it_names(project: Project) -> None:
    days = ("2025-01-24", "2025-03-02", "2125-03-02", None)
    results = [Result(f"a{n}", 2024, "局", Status.OK, published_on=day) for n, day in enumerate(days)]
    found = source_of(project, project.params.parent / "build", results)
    assert found == Source(None, "项目文件夹不是 git 仓库，或还没有提交", "2025-03-02T00:00:00Z", "published_on")
    assert source_of(project, project.params.parent / "build").time is None


def test_a_clean_checkout_names_its_commit_and_the_build_does_not_count(
    project: Project, run: Callable[..., Path]
) -> None:
    folder = project.params.parent
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "2024")
    build = run()
    head = git(folder, "rev-parse", "HEAD")
    expected = {"commit": head, "why": None, "time": "2023-11-14T22:13:20Z", "time_of": "commit"}
    assert json.loads((build / "manifest.json").read_text(encoding="utf-8"))["source"] == expected


def test_a_change_that_nobody_committed_is_told_in_place_of_the_commit(project: Project) -> None:
    folder = project.params.parent
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "2024")
    with (project.data_folder("ju", 2024) / "narrative.md").open("a", encoding="utf-8") as narrative:
        narrative.write("\n")
    found = source_of(project, folder / "build")
    assert (found.commit, found.why) == (None, "项目文件夹中有没有提交的修改")


def test_source_date_epoch_says_the_time(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    found = source_of(project, project.params.parent / "build")
    assert (found.time, found.time_of) == ("1970-01-01T00:00:00Z", "SOURCE_DATE_EPOCH")


def test_a_machine_without_git_says_so(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert source_of(project, project.params.parent / "build").why == "没有安装 git"


def test_a_commit_changes_the_manifest_and_no_page(project: Project, run: Callable[..., Path]) -> None:
    folder = project.params.parent
    (folder / ".gitignore").write_text("/build/\n", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "2024")
    build = run()

    def contents() -> dict[str, bytes]:
        return {str(path.relative_to(build)): path.read_bytes() for path in build.rglob("*") if path.is_file()}

    before = contents()
    git(folder, "commit", "-q", "--allow-empty", "-m", "words", at=1_700_000_060)
    run()
    after = contents()
    assert {name for name in before if before[name] != after[name]} == {"manifest.json"}
    told: Any = json.loads(after["manifest.json"])
    assert told["source"]["time"] == "2023-11-14T22:14:20Z"
    run()
    assert contents() == after
