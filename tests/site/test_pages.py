"""The pages as they lie in the folder: readable without a script, safe against any text, complete, and the same each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pandas as pd
import pyarrow.parquet
import pytest

from ogi_report.batch import long_table
from ogi_report.batch.contents import FIGURES_HEADER
from ogi_report.batch.long_table import figures_table
from ogi_report.site.package import codebook_csv
from ogi_report.writers.files import csv_text

pytestmark = pytest.mark.slow

PAGES = ("index.html", "findings.html", "compare.html", "rules/index.html", "rules/T3-ROWSUM.html")


class _Links(HTMLParser):
    """Addresses, ids and scripts of a page."""

    def __init__(self, html: str):
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.scripts: list[dict[str, str | None]] = []
        self.events: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.links += [str(told[name]) for name in ("href", "src") if told.get(name)]
        self.ids |= {str(told["id"])} if "id" in told else set()
        self.events += [name for name in told if name.startswith("on")]
        if tag == "script":
            self.scripts.append(told)


def cells(html: str) -> dict[str, list[str]]:
    """Agency → what the cells of its row of the matrix say, without a script."""
    rows = re.findall(r'<tr><th scope="row">.*?<small>(\w+).*?</small></th>(.*?)</tr>', html, re.S)
    return {
        agency: [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td.*?</td>", row, re.S)]
        for agency, row in rows
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_something(site: Any, name: str) -> None:
    page = _Links(site.text(name))
    folder = (site.out / name).parent
    for link in page.links:
        path, _, fragment = link.partition("#")
        target = folder / unquote(path) if path else site.out / name
        assert target.is_file(), link
        # What stands behind # on pages with controls is the state of these.
        if fragment and "=" not in fragment:
            assert fragment in _Links(target.read_text(encoding="utf-8")).ids, link


def test_the_matrix_can_be_read_without_a_script(site: Any) -> None:
    missing = ["○", "未报送", "逾期，期限1月31日"]
    government = ["○", "未报送", "逾期，期限3月31日"]
    unknown = ["○", "未报送", "层级不明，期限不明"]
    files = ["公开页", "Word", "粘贴用网页"]
    told = {
        agency: [[word for word in cell if not word.isdigit()] for cell in row]
        for agency, row in cells(site.text("index.html")).items()
    }
    assert list(told) == ["qu", "fine", "wrong", "late", "broken", "absent", "nolevel", "hostile", "other"]
    assert told["qu"] == [["▲", "核实性", "项", *files], government]
    assert told["wrong"] == [["✖", "强制性", "项", "核实性", "项", *files], missing]
    assert told["late"] == [["✖", "强制性", "项", "核实性", "项", "逾期，2月8日公布", *files], missing]
    assert told["broken"] == [["⚠", "未能生成"], missing]
    assert told["absent"][0] == missing
    assert told["absent"][1][-3:] == files
    assert told["nolevel"] == [unknown, unknown]


def test_the_matrix_counts_what_the_manifest_counts(site: Any) -> None:
    counts = {(r["agency"], r["year"]): r["counts"] for r in json.loads(site.text("manifest.json"))["reports"]}
    row = cells(site.text("index.html"))["wrong"][0]
    told = counts["wrong", 2024]
    assert row[:7] == ["✖", "强制性", str(told["error"]), "项", "核实性", str(told["warning"]), "项"]
    assert told["error"] == 2


def test_failed_runs_have_a_section_of_their_own_with_the_reason(site: Any) -> None:
    page = site.text("index.html")
    section = page[page.index('id="failed"') : page.index('id="peers"')]
    assert "示例区财政局" in section
    assert "remedies.csv" in section
    assert 'href="index.html#failed-2024-broken"' in page


def test_who_is_missing_is_named_by_year(site: Any) -> None:
    page = site.text("index.html")
    assert "名录中有 2 家机构没有这一年的报告：示例区民政局、示例区供销社。" in page


def test_the_rule_page_tells_what_the_rule_says_and_who_fails_it(site: Any) -> None:
    page = site.text("rules/T3-ROWSUM.html")
    assert "强制性" in page
    assert "total = natural_person + sum(legal)" in page
    failing = re.findall(r'<a href="\.\./2024/(\w+)_2024\.review\.html#f-\d+">', page)
    assert failing == ["wrong"]


def test_findings_are_listed_gravest_first_and_lead_to_their_place(site: Any) -> None:
    page = site.text("findings.html")
    grades = re.findall(r'<td class="grade (\w+)">', page)
    assert grades == sorted(grades, key=["error", "warning"].index)
    assert 'href="2024/wrong_2024.review.html#f-1"' in page


@pytest.mark.parametrize("name", [*PAGES, "public/index.html", "public/compare.html"])
def test_no_text_becomes_markup_and_no_script_stands_in_a_page(site: Any, name: str) -> None:
    html = site.text(name)
    page = _Links(html)
    assert all(set(script) == {"src"} for script in page.scripts)
    assert html.count("<script") == len(page.scripts) == html.count("</script>")
    assert page.events == []
    assert "alert(7)</script>" not in html
    policy = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; base-uri 'none'; form-action 'none'"
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in html
    assert not [link for link in page.links if re.match(r"\w+:", link)]


def test_data_for_scripts_is_plain_json_in_one_call(site: Any) -> None:
    files = sorted((site.out / "site" / "data").glob("*.js"))
    assert len(files) >= 6
    for path in files:
        text = path.read_text(encoding="utf-8")
        told = re.fullmatch(rf'ogi\.load\("{path.stem}",(.*)\);\n', text, re.S)
        assert told, path.name
        json.loads(told[1])
        assert not set(told[1]) & set("<\u2028\u2029"), path.name


def test_names_in_the_data_are_whole(site: Any) -> None:
    data = loaded(site.out / "site/data/index.js")
    hostile = next(body for body in data["bodies"] if body[0] == "hostile")
    assert hostile[1] == '</script><script>document.title="taken"</script>“引”"\'&局'
    assert hostile[2] == "别名\u2028</script>"


def loaded(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text[text.index(",") + 1 : -3])


# -- downloads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["", "public"])
def test_the_data_package_describes_its_files_as_they_are(site: Any, folder: str) -> None:
    home = site.out / folder
    told = json.loads((home / "datapackage.json").read_text(encoding="utf-8"))
    assert told["profile"] == "data-package"
    assert [r["path"] for r in told["resources"]] == [
        "codebook.csv", "figures.csv", "figures.parquet", *([] if folder else ["findings.csv"]),
    ]  # fmt: skip
    for resource in told["resources"]:
        content = (home / resource["path"]).read_bytes()
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
        if resource["format"] == "parquet":
            assert [f["name"] for f in resource["schema"]["fields"]] == list(pd.read_parquet(home / resource["path"]))
            continue
        assert (resource["bytes"], resource["hash"]) == (
            len(content),
            f"sha256:{hashlib.sha256(content).hexdigest()}",
        )
        _fits(resource["schema"], content.decode("utf-8-sig"))


def _fits(schema: dict[str, Any], text: str) -> None:
    """Columns, types, keys and closed lists are as declared."""
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert lines
    assert list(lines[0]) == [field["name"] for field in schema["fields"]]
    for field in schema["fields"]:
        values = [line[field["name"]] for line in lines if line[field["name"]]]
        if field["type"] == "integer":
            assert all(re.fullmatch(r"-?\d+", value) for value in values), field
        if field["type"] == "number":
            assert all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in values), field
        allowed = field.get("constraints", {}).get("enum")
        assert allowed is None or set(values) <= set(allowed)
    if keys := schema.get("primaryKey"):
        found = [tuple(line[key] for key in keys) for line in lines]
        assert len(set(found)) == len(found)


def test_every_cell_in_the_figures_stands_in_the_codebook(site: Any) -> None:
    known = {(line["layout"], line["key"]) for line in csv.DictReader(io.StringIO(codebook_csv().lstrip("\ufeff")))}
    figures = csv.DictReader(io.StringIO(site.text("figures.csv").lstrip("\ufeff"), newline=""))
    assert {(line["layout"], line["key"]) for line in figures if not line["row"].startswith("local.")} <= known


def test_parquet_and_csv_say_the_same(site: Any) -> None:
    table = figures_table((site.out / "figures.csv").read_bytes())
    frame = pd.read_parquet(site.out / "figures.parquet")
    assert table.num_rows == len(frame) == 8 * 200
    chosen = frame[(frame["agency"] == "fine") & (frame["key"] == "disclosure.admin_fee.amount_wan")]
    assert [str(value) for value in chosen.sort_values("year")["value"]] == ["1.300000", "2.300000"]


def test_a_number_with_more_decimals_than_columnar_files_keep_stops_nothing() -> None:
    about = ("a", 2024, "2021", "disclosure", "admin_fee", "amount_wan", "disclosure.admin_fee.amount_wan", "收费")
    lines = [(*about, raw, "number", "万元", raw) for raw in ("1.23456789", "2.5")]
    frame = figures_table(csv_text(FIGURES_HEADER, lines).encode()).to_pandas()
    assert list(frame["raw"]) == ["1.23456789", "2.5"]
    assert pd.isna(frame["value"][0])
    assert frame["value"][1] == Decimal("2.5")


def test_a_cell_with_a_line_break_and_one_like_a_formula_come_back_as_written() -> None:
    about = ("a", 2024, "2021", "remedies", "review", "upheld", "remedies.review.upheld", "维持")
    lines = [(*about, raw, "text", "件", "") for raw in ("一\n二", "=1+1", "'x")]
    assert list(figures_table(csv_text(FIGURES_HEADER, lines).encode()).to_pandas()["raw"]) == ["一\n二", "=1+1", "'x"]


def test_the_junit_file_counts_what_it_holds(site: Any) -> None:
    root = ElementTree.fromstring(site.text("findings.junit.xml"))
    for suite in root:
        held = {tag: len(suite.findall(f"testcase/{tag}")) for tag in ("failure", "error", "skipped")}
        assert {"failure": int(suite.get("failures")), "error": int(suite.get("errors")), "skipped": int(suite.get("skipped"))} == held  # type: ignore[arg-type]  # fmt: skip
        assert int(suite.get("tests") or 0) == len(suite)
    assert {s.get("name") for s in root if s.findall("testcase/error")} == {"2024/broken_2024"}


# -- the edition that everybody may see ---------------------------------------------------------------------------------


@pytest.fixture
def public(site: Any) -> Path:
    return Path(site.out) / "public"


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_the_public_edition_holds_pages_and_figures_of_reports_without_errors_only(public: Path) -> None:
    reports = {path.relative_to(public).as_posix() for path in _files(public) if path.parent.name.isdecimal()}
    made = {"2024/qu", "2023/fine", "2024/fine", "2023/absent", "2024/hostile", "2024/other"}
    assert reports == {f"{name}_{name[:4]}{suffix}" for name in made for suffix in (".html", ".docx", ".figures.csv")}


def test_nothing_internal_leaks_into_the_public_edition(site: Any, public: Path) -> None:
    names = {path.name for path in _files(public)}
    assert not {"findings.csv", "findings.junit.xml", "manifest.json", "findings.html", "findings.js"} & names
    assert not [name for name in names if "review" in name or "findings" in name or name.endswith(".ipynb")]
    messages = [line["问题"] for line in csv.DictReader(io.StringIO(site.text("findings.csv").lstrip("\ufeff")))]
    rules = {line["规则"] for line in csv.DictReader(io.StringIO(site.text("findings.csv").lstrip("\ufeff")))}
    assert len(messages) > 10
    words = (
        "强制性",
        "核实性",
        "豁免",
        "逾期，",
        "未报送",
        "未能生成",
        "内部总览",
        "内部审核",
        *filter(None, rules),
        *messages,
    )
    for path in _files(public):
        if path.suffix in (".html", ".js", ".json", ".css", ".csv"):
            text = path.read_text(encoding="utf-8")
            assert not [word for word in words if word in text], path.name
            assert str(site.folder) not in text
    assert "水务局" not in (public / "site/data/index.js").read_text(encoding="utf-8")
    frame = pd.read_parquet(public / "figures.parquet")
    assert set(frame["agency"]) == {"qu", "fine", "absent", "hostile", "other"}


def test_the_run_says_whose_reports_were_held_back(site: Any) -> None:
    assert "2024 示例区住房局、2024 示例区水务局、2024 示例区财政局，共 3 份" in site.stdout
    assert "公开版：build/public" in site.stdout


def test_a_new_public_edition_keeps_nothing_of_the_one_before(site: Any, tmp_path: Path) -> None:
    shutil.copytree(site.out, tmp_path / "build")
    old = tmp_path / "build/public/2020/gone_2020.html"
    old.parent.mkdir()
    old.write_text("an old page")
    again = site.run("--edition", "public", out=str(tmp_path / "build"))
    assert not old.exists()
    before = {path.relative_to(site.out): path.read_bytes() for path in _files(site.out / "public")}
    after = {path.relative_to(again.out): path.read_bytes() for path in _files(again.out / "public")}
    assert after == before
    assert not [path.name for path in again.out.iterdir() if path.name.startswith(".public")]


# -- runs ---------------------------------------------------------------------------------------------------------------


def test_a_run_in_which_nothing_changed_writes_nothing(site: Any) -> None:
    stamps = {path: path.stat().st_mtime_ns for path in _files(site.out)}
    site.run("--year", "2023")
    assert {path: path.stat().st_mtime_ns for path in _files(site.out)} == stamps


def test_the_same_inputs_give_the_same_pages_and_what_is_out_of_date_goes(site: Any, tmp_path: Path) -> None:
    fresh = site.run("--jobs", "1", out=str(tmp_path / "fresh"), env={"PYTHONHASHSEED": "5", "TZ": "Asia/Shanghai"})
    wanted = {path.relative_to(site.out) for path in _files(site.out) if "public" not in path.parts}
    for name in wanted:
        if not name.name.startswith("."):
            assert (fresh.out / name).read_bytes() == (site.out / name).read_bytes(), name
    stale = fresh.out / "rules" / "LOCAL-GONE.html"
    stale.write_text("")
    (fresh.out / "index.html").unlink()
    site.run(out=str(tmp_path / "fresh"))
    assert not stale.exists()
    assert (fresh.out / "index.html").is_file()


def test_the_day_of_the_build_can_be_given(site: Any, tmp_path: Path) -> None:
    early = site.run("--year", "2024", out=str(tmp_path / "early"), env={"SOURCE_DATE_EPOCH": "1737331200"})
    page = early.text("index.html")
    assert "未报送的以 2025 年 1 月 20 日为准（由 SOURCE_DATE_EPOCH 指定）" in page
    assert cells(page)["absent"][0] == ["○", "未报送", "应于1月31日前公布"]


def test_the_long_table_is_written_a_block_after_the_other_with_the_same_content(site, monkeypatch):
    content = (site.out / "figures.csv").read_bytes()
    whole = pyarrow.parquet.read_table(io.BytesIO(long_table.figures_parquet(content)))
    monkeypatch.setattr(long_table, "_BLOCK", 5000)
    blocks = pyarrow.parquet.ParquetFile(io.BytesIO(long_table.figures_parquet(content)))
    assert blocks.num_row_groups > 1
    assert blocks.read().equals(whole)
    assert whole.schema.equals((figures_table(content)).schema, check_metadata=True)
