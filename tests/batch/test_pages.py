"""The two pages of one executed notebook: what the public may see, and what reviewers need."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import get_exporter

from ogi_report.report.fragment import MIME

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SEED = ROOT / "data" / "2021" / "kejing"


class _Page(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.skip = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.skip += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", "", "".join(self.words))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module", params=["fine", "wrong", "leaky"])
def public(request: pytest.FixtureRequest, everything: Any) -> _Page:
    return _Page(everything.text(f"2024/{request.param}_2024.html"))


def test_no_word_of_a_guide_internal_or_parameters_cell_is_published(public: _Page) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "annual_report.ipynb", as_version=4)
    hidden = [c for c in notebook.cells if {"guide", "internal", "parameters"} & set(c.metadata.get("tags", []))]
    assert len(hidden) > 10
    sentences = [s for cell in hidden for s in re.split(r"[。；\n]", re.sub(r"[*`#]", "", cell.source)) if len(s) > 8]
    for sentence in sentences:
        assert re.sub(r"\s+", "", sentence) not in public.text, sentence


def test_no_finding_and_no_code_is_published_even_from_an_untagged_cell(public: _Page) -> None:
    for word in ("T3-ROWSUM", "V-BLANK", "强制性", "核实性", "report.check", "打印出来的内部话", "1234567", "豁免"):
        assert word not in public.text, word
    assert not [tag for tag, _ in public.tags if tag in ("pre", "code", "script")]


def test_a_public_page_asks_nothing_of_the_network(everything: Any, public: _Page) -> None:
    policy = next(meta["content"] for meta in public.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'")
    loaded = [a for _, attributes in public.tags for name, a in attributes.items() if name in ("src", "srcset", "data")]
    assert not loaded
    assert not public.all("link")
    style = re.search(r"<style>(.*?)</style>", everything.text("2024/fine_2024.html"), re.S)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_an_analysts_own_table_is_published_without_its_scripts_and_pictures(everything: Any) -> None:
    page = everything.text("2024/leaky_2024.html")
    assert "自己的表" in page
    assert "x.example" not in page


def test_other_peoples_html_is_shown_as_text(everything: Any) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in everything.text("2024/fine_2024.html")


def test_the_page_is_chinese_with_one_title_and_six_chapters_in_order(everything: Any, public: _Page) -> None:
    assert public.all("html") == [{"lang": "zh-CN"}]
    assert len(public.all("h1")) == 1
    assert [h["id"] for h in public.all("h2")] == [f"ch{n}" for n in range(1, 7)]
    assert "<title>示例一局2024年政府信息公开工作年度报告</title>" in everything.text("2024/fine_2024.html")


def test_no_folder_or_user_of_the_machine_is_published(everything: Any) -> None:
    for path in everything.out.rglob("*"):
        if path.suffix in (".html", ".json", ".csv", ".ipynb", ".xml"):
            text = path.read_text(encoding="utf-8")
            assert str(everything.folder) not in text, path.name
            assert str(Path.home()) + "/" not in text, path.name


def test_the_review_page_lists_findings_by_severity_and_links_to_the_cells(everything: Any) -> None:
    html = everything.text("2024/wrong_2024.review.html")
    page = _Page(html)
    ranks = [{"ogi-error": 0, "ogi-warning": 1, "ogi-note": 2}[str(li["class"])] for li in page.all("li") if "id" in li]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    targets = {attributes.get("id") for _, attributes in page.tags}
    links = [str(a["href"])[1:] for a in page.all("a") if str(a.get("href", "")).startswith("#")]
    assert "c-applications.received.total" in links
    assert set(links) <= targets
    assert "data/2024/wrong/applications.csv" in page.text
    assert "SHA-256" in page.text


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The acceptance case by plain papermill, as a user without our batch would run it."""
    out = tmp_path_factory.mktemp("seed") / "out.ipynb"
    command = [
        sys.executable,
        "-m",
        "papermill",
        "-f",
        "params/2021/kejing.yaml",
        "notebooks/annual_report.ipynb",
        str(out),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return out, done.stdout + done.stderr


def test_plain_papermill_knows_every_parameter(seed: tuple[Path, str]) -> None:
    assert "unknown parameter" not in seed[1]


def test_both_pages_of_the_seed_are_small(seed: tuple[Path, str]) -> None:
    notebook = nbformat.read(seed[0], as_version=4)
    for name, most in (("ogi_public", 60_000), ("ogi_review", 60_000)):
        page, _ = get_exporter(name)().from_notebook_node(notebook)
        assert 10_000 < len(page.encode()) < most, name


def test_blanks_of_the_seed_are_blank_on_its_page(seed: tuple[Path, str]) -> None:
    page, _ = get_exporter("ogi_public")().from_notebook_node(nbformat.read(seed[0], as_version=4))
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page)
    assert len(cells) == 25 + 161 + 15
    assert cells.count("") == 159 + 12
    assert "4145261.25" in cells


def test_the_stock_exporter_gives_the_public_page_too(seed: tuple[Path, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "ogi_report", str(seed[0])]
    command += ["--output-dir", str(tmp_path), "--output", "page"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8")
    assert done.returncode == 0, f"the template is not installed under share/jupyter (make sets it up): {done.stderr}"
    page = _Page((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert "一致性检查" not in page.text
    assert [h["id"] for h in page.all("h2")] == [f"ch{n}" for n in range(1, 7)]


def test_findings_can_be_read_back_from_the_executed_notebook(seed: tuple[Path, str]) -> None:
    notebook = nbformat.read(seed[0], as_version=4)
    kinds = [o["data"][MIME]["kind"] for c in notebook.cells for o in c.get("outputs", []) if MIME in o.get("data", {})]
    assert kinds == ["card", "findings", "title", *["chapter"] * 3, "chart", *["chapter"] * 3]
