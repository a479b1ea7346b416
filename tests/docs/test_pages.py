"""What holds for the pages as pages: links lead somewhere, pictures are there and small, both READMEs say the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")


def prose(path: Path) -> str:
    """A page without its blocks of code and its code spans."""
    text = re.sub(r"^( *)(`{3,}).*?^\1\2 *$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts and the site make them."""
    headings = re.findall(r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S), re.M)  # fmt: skip
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_of_the_page_leads_to_something_in_the_repository(page: Path) -> None:
    for to, anchor in re.findall(r"\]\(([^()\s#:]*)(#[^()\s]*)?\)", prose(page)):
        target = (page.parent / to).resolve() if to else page
        assert target.exists(), f"{page.name} links to {to}"
        assert target.is_relative_to(ROOT), f"{page.name} links out of the repository: {to}"
        if anchor and target.suffix == ".md":
            assert anchor[1:] in anchors(target), f"{page.name} links to {to}{anchor}"


def test_every_picture_is_shown_and_small() -> None:
    shown = {name for page in PAGES for name in re.findall(r"!\[[^\]]+\]\((?:docs/)?images/([^)]+)\)", page.read_text("utf-8"))}  # fmt: skip
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    assert shown == set(there)
    assert {name: size for name, size in there.items() if size > 200_000} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_no_page_names_a_folder_of_the_machine_it_was_written_on(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:home|root|work|Users)/|[A-Z]:\\\\?Users", text)


def test_both_readmes_have_the_same_parts_commands_and_links() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in READMES)

    def blocks(text: str) -> list[list[str]]:
        found = re.findall(r"```(?!text)\w+\n(.*?)```", text, re.DOTALL)
        return [[re.sub(r"\s+#.*", "", line) for line in block.splitlines()] for block in found]

    def levels(text: str) -> list[str]:
        return re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)

    def links(text: str) -> set[str]:
        return set(re.findall(r"\]\(([^)]+)\)", text)) - {path.name for path in READMES}

    assert blocks(english) == blocks(chinese)
    assert levels(english) == levels(chinese)
    assert links(english) == links(chinese)


# -- the site ----------------------------------------------------------------------------------------------------------


def build(folder: Path, site: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(site)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = build(ROOT, folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_the_site_is_built_without_a_warning_and_has_every_page(site: Path) -> None:
    names = {path.with_suffix(".html").name for path in (ROOT / "docs").glob("*.md")}
    assert names <= {path.name for path in site.glob("*.html")}
    assert "更新记录" in (site / "index.html").read_text(encoding="utf-8")


def test_nothing_in_the_site_is_fetched_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        fetched = re.findall(r"<(?:script|img|link|iframe)\b[^>]*(?:src|href)=[\"'](?:https?:)?//[^\"']+", page.read_text("utf-8"))  # fmt: skip
        assert fetched == [], page.name
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//|@import", style.read_text("utf-8")), style.name


def test_a_link_to_a_file_of_the_repository_leads_to_a_copy_of_it(site: Path) -> None:
    page = (site / "rap.html").read_text(encoding="utf-8")
    copies = re.findall(r'href="(repository/[^"]+)"', page)
    assert "repository/run_all.py.txt" in copies
    assert all((site / copy).is_file() for copy in copies)
    assert 'href="changes.html"' in page  # a page at the root of the repository is a page of the site


@pytest.mark.parametrize("wrong", ["[x](nowhere.md)", "[x](rules.md#nowhere)", "![x](images/nowhere.png)"])
def test_a_broken_link_ends_the_build(wrong: str, tmp_path: Path) -> None:
    for name in ("docs", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("*.md"):
        shutil.copy(path, tmp_path)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    with (tmp_path / "docs" / "form.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{wrong}\n")
    built = build(tmp_path, tmp_path / "site")
    assert built.returncode != 0
    assert "nowhere" in built.stdout + built.stderr


@pytest.mark.browser
def test_words_are_found_on_pages_that_are_opened_from_a_folder(site: Path, browser: Browser) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    for words, title in (
        ("勾稽关系", "表格各部分的名称"),
        ("重复率", "比较：两份报告、两个年度、两次结果"),
        ("waiver", "Architecture"),
    ):
        field = page.locator("input.md-search__input")
        field.fill(words)
        field.press("End")  # the search begins when a key is let go
        page.wait_for_selector(f".md-search-result__item :text('{title}')", timeout=20_000, state="attached")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_the_notes_of_blocks_are_known(block: Any) -> None:
    assert set(block.notes) <= {"file", "given", "program", "goes on", "findings", "slow", "not run", "part of"}
