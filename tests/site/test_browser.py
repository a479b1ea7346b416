"""The overview in a real browser, opened from a folder: with a mouse, with a keyboard only, without scripts, with five thousand reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ogi_report.batch.peers import Comparison
from ogi_report.batch.result import Result, Status
from ogi_report.report import Project
from ogi_report.site import write_site

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def usable(page: Page) -> None:
    """Waits until the page's controls answer."""
    page.locator("body[data-ready='1']").wait_for(state="attached")


@pytest.fixture
def visit(browser: Browser, site: Any) -> Iterator[Any]:
    """Opens a page of the build and waits until its controls work; notes what is asked for and complained of."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})

    def open_page(name: str, out: Path | None = None) -> Page:
        page = context.new_page()
        page.on("request", lambda request: open_page.asked.append(request.url))  # type: ignore[attr-defined]
        page.on("console", lambda message: open_page.complaints.append(message.text))  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: open_page.complaints.append(str(error)))  # type: ignore[attr-defined]
        path, _, state = name.partition("#")
        page.goto(((out or site.out) / path).as_uri() + (f"#{state}" if state else ""))
        if page.locator("#filters").count():
            usable(page)
        return page

    open_page.asked, open_page.complaints = [], []  # type: ignore[attr-defined]
    yield open_page
    context.close()
    assert open_page.complaints == []  # type: ignore[attr-defined]


def agencies(page: Page) -> list[str]:
    return [text.split(" · ")[0] for text in page.locator("#matrix tbody th small").all_inner_texts()]


def choose(page: Page, name: str, label: str) -> None:
    page.locator(f"select[name={name}]").select_option(label=label)


# -- the matrix ---------------------------------------------------------------------------------------------------------


def test_the_script_shows_first_what_the_page_showed_without_it(visit: Any, browser: Browser, site: Any) -> None:
    bare = browser.new_context(java_script_enabled=False)
    page = bare.new_page()
    page.goto((site.out / "index.html").as_uri())
    told = page.locator("#matrix tbody").inner_text()
    assert page.locator("#filters").is_hidden()
    assert "示例区教育局" in told
    bare.close()
    assert visit("index.html").locator("#matrix tbody").inner_text().replace("两年对照", "") == told


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("教育", ["fine"]),
        ("房管", ["wrong"]),
        ("LATE", ["late"]),
        ("示例区 局 水", ["late"]),
        ("档案局", ["other"]),
        ("别名", ["hostile"]),
        ("ｆｉｎｅ", ["fine"]),
        ("税务", []),
    ],
)
def test_a_body_is_found_by_its_name_its_short_names_and_its_code(visit: Any, query: str, found: list[str]) -> None:
    page = visit("index.html")
    page.locator("input[name=q]").fill(query)
    assert agencies(page) == found
    said = page.locator("#count").inner_text()
    assert said == (f"符合条件的机构 {len(found)} 家" if found else "没有符合条件的机构，请放宽条件。")


def test_filters_narrow_each_other(visit: Any) -> None:
    page = visit("index.html")
    choose(page, "region", "示例区人民政府（7）")
    assert agencies(page) == ["qu", "fine", "wrong", "late", "broken", "absent", "nolevel", "hostile"]
    choose(page, "level", "政府部门")
    assert agencies(page) == ["fine", "wrong", "late", "broken", "absent"]
    choose(page, "year", "2024 年")
    choose(page, "status", "未报送")
    assert agencies(page) == ["absent"]
    choose(page, "status", "有强制性问题")
    assert agencies(page) == ["wrong", "late"]
    choose(page, "status", "逾期")
    assert agencies(page) == ["late", "absent"]
    choose(page, "status", "未能生成")
    assert agencies(page) == ["broken"]


def test_the_order_can_be_by_name_level_and_number_of_errors(visit: Any) -> None:
    page = visit("index.html")
    choose(page, "sort", "强制性问题多的在前")
    assert agencies(page)[:2] == ["wrong", "late"]
    choose(page, "sort", "层级")
    assert agencies(page)[0] == "qu"
    assert agencies(page)[-1] == "nolevel", "who has no level comes last"
    choose(page, "sort", "名称")
    names = page.locator("#matrix tbody th").evaluate_all("cells => cells.map(cell => cell.firstChild.textContent)")
    assert names == page.evaluate("names => [...names].sort(new Intl.Collator('zh-Hans-CN').compare)", names)


def test_one_year_shows_numbers_dates_and_files(visit: Any) -> None:
    page = visit("index.html")
    choose(page, "year", "2024 年")
    heads = page.locator("#matrix thead th").all_inner_texts()
    assert heads == ["机构", "2024 年状态", "强制性", "核实性", "提示", "已豁免", "公布", "文件"]
    row = page.locator("#matrix tbody tr", has_text="示例区住房局")
    assert row.locator("td").nth(1).inner_text() == "2"
    assert [link.inner_text() for link in row.locator("td.files a").all()] == [
        "公开页",
        "Word",
        "粘贴用网页",
        "审核页",
        "数据",
        "问题",
        "笔记本",
    ]
    assert page.locator("#matrix tbody tr", has_text="示例区水务局").locator(".late").inner_text() == "逾期，2月8日公布"


def test_the_address_keeps_the_view_so_that_one_can_come_back_to_it(visit: Any) -> None:
    page = visit("index.html")
    choose(page, "status", "有强制性问题")
    page.locator("#matrix a.state").first.click()
    assert page.url.endswith("2024/wrong_2024.review.html")
    page.go_back()
    usable(page)
    assert agencies(page) == ["wrong", "late"]
    assert agencies(visit("index.html#q=%E6%95%99%E8%82%B2")) == ["fine"]


def test_a_failed_report_leads_to_the_reason(visit: Any) -> None:
    page = visit("index.html")
    page.locator("a.state", has_text="未能生成").click()
    assert "remedies.csv" in page.locator("tr:target, #failed-2024-broken").first.inner_text()


# -- the work list ------------------------------------------------------------------------------------------------------


def test_the_work_list_is_filtered_and_leads_into_the_review_pages(visit: Any) -> None:
    page = visit("findings.html")
    grades = page.locator("#list td.grade").all_inner_texts()
    assert len(grades) > 5
    assert [grade[1:] for grade in grades] == sorted((g[1:] for g in grades), key=["强制性", "核实性"].index)
    page.locator("input[name=warning]").uncheck()
    assert set(page.locator("#list td.grade").all_inner_texts()) == {"✖强制性"}
    page.locator("input[name=q]").fill("住建局")
    assert set(page.locator("#list tbody th small").all_inner_texts()) == {"wrong · 2024 年"}
    page.locator("#list td a[href*='#c-']").first.click()
    assert page.locator("td:target").is_visible()
    page.go_back()
    usable(page)
    page.locator("#list td a[href*='#f-']").first.click()
    assert page.locator("li:target").is_visible()


def test_notes_come_when_they_are_asked_for(visit: Any) -> None:
    page = visit("findings.html")
    assert not any("findings-note" in url for url in visit.asked)
    page.locator("input[name=note]").check()
    page.locator("#list td.note").first.wait_for()
    assert any("findings-note" in url for url in visit.asked)


def test_the_page_of_a_rule_leads_to_its_findings(visit: Any) -> None:
    page = visit("rules/T3-ROWSUM.html")
    page.get_by_text("在问题清单中看各项问题").click()
    usable(page)
    assert set(page.locator("#list tbody td:nth-child(3)").all_inner_texts()) == {"T3-ROWSUM"}
    assert page.locator("select[name=rule]").input_value() == "T3-ROWSUM"


# -- comparing ----------------------------------------------------------------------------------------------------------


def line(page: Page, label: str) -> list[str]:
    row = page.locator("#comparison tbody tr").filter(
        has=page.locator("th", has_text=re.compile(f"^{re.escape(label)}（"))
    )
    return [text.strip() for text in row.first.locator("td").all_inner_texts()]


def test_two_years_of_one_body_are_held_side_by_side_and_amounts_stay_exact(visit: Any) -> None:
    page = visit("index.html")
    page.get_by_role("link", name="两年对照").first.click()
    page.wait_for_selector("#comparison table")
    assert page.locator("#comparison thead th").all_inner_texts()[1:3] == [
        "示例区教育局 2024 年",
        "示例区教育局 2023 年",
    ]
    assert line(page, "行政许可 · 本年处理决定数量") == ["42", "41", "+1"]
    assert line(page, "行政事业性收费 · 本年收费金额（单位：万元）") == ["2.30", "1.30", "+1.00"]
    page.locator("input[name=only]").check()
    expect(page.locator("#comparison tbody tr:not(.group):not(.differs)")).to_have_count(0)
    assert page.locator("#count").inner_text().startswith("有 ")


def test_two_bodies_of_ones_choice_by_short_name_or_code(visit: Any) -> None:
    page = visit("compare.html")
    page.locator("input[name=a]").fill("档案局")
    page.locator("input[name=b]").fill("qu")
    page.get_by_role("button", name="对照", exact=True).click()
    page.wait_for_selector("#comparison table")
    assert line(page, "行政许可 · 本年处理决定数量") == ["48", "40", "+8"]
    page.get_by_role("button", name="前后对调").click()
    expect(page.locator("#comparison thead th").nth(1)).to_contain_text("示例区人民政府")
    assert line(page, "行政许可 · 本年处理决定数量") == ["40", "48", "-8"]
    page.locator("input[name=b]").fill("示例")
    page.get_by_role("button", name="对照", exact=True).click()
    expect(page.locator("#count")).to_contain_text("请写得更具体")
    page.locator("input[name=b]").fill("没有的局")
    page.get_by_role("button", name="对照", exact=True).click()
    expect(page.locator("#count")).to_contain_text("没有找到")


# -- everybody ----------------------------------------------------------------------------------------------------------


def test_everything_can_be_done_with_a_keyboard_only(visit: Any) -> None:
    page = visit("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0"), (
        "the skip link is seen when it is reached"
    )
    reached: list[str] = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.name || document.activeElement.getAttribute('href') || document.activeElement.className"
            )
        )
        outline = page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
        )
        assert outline == "solid3px"
        if reached[-1] == "q":
            page.keyboard.type("水务")
    assert reached[:10] == [
        "index.html",
        "findings.html",
        "compare.html",
        "rules/index.html",
        "q",
        "region",
        "level",
        "status",
        "year",
        "sort",
    ]
    assert reached[10] == "scroll"
    assert agencies(page) == ["late"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/2024/late_2024.review.html")


def test_a_change_of_the_list_is_announced(visit: Any) -> None:
    page = visit("index.html")
    assert page.locator("#count").get_attribute("role") == "status"
    page.locator("input[name=q]").fill("水务")
    assert page.get_by_role("status").inner_text() == "符合条件的机构 1 家"


def test_names_that_try_to_be_programs_are_shown_as_they_are(visit: Any) -> None:
    page = visit("index.html")
    assert '</script><script>document.title="taken"</script>' in page.locator("#matrix").inner_text()
    assert page.title() == "政府信息公开工作年度报告 · 总览"
    for name in ("findings.html#note=1", "compare.html#a=hostile&ay=2024&b=fine&by=2024", "public/index.html"):
        page = visit(name)
        assert "taken" not in page.title()
        assert page.evaluate("document.querySelectorAll('main script').length") == 0


@pytest.mark.parametrize("name", ["index.html", "findings.html#note=1", "compare.html#a=fine&ay=2024&b=fine&by=2023", "rules/index.html", "rules/V-BLANK.html", "public/index.html", "public/compare.html#a=fine&ay=2024&b=fine&by=2023"])  # fmt: skip
def test_nothing_is_asked_for_outside_the_folder(visit: Any, site: Any, name: str) -> None:
    visit(name)
    home = site.out / "public" if name.startswith("public") else site.out
    assert len(visit.asked) >= 2
    assert all(url.startswith(home.as_uri() + "/") for url in visit.asked), visit.asked


@pytest.mark.parametrize("name", ["index.html", "findings.html", "compare.html#a=fine&ay=2024&b=fine&by=2023", "rules/T3-ROWSUM.html"])  # fmt: skip
def test_on_a_phone_tables_scroll_and_the_page_does_not(visit: Any, name: str) -> None:
    page = visit(name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "name",
    [
        "index.html",
        "index.html#year=2024",
        "findings.html#note=1&waived=1",
        "compare.html#a=fine&ay=2024&b=fine&by=2023",
        "rules/index.html",
        "rules/T3-ROWSUM.html",
        "public/index.html",
        "2024/fine_2024.html",
        "2024/wrong_2024.review.html",
    ],
)
def test_axe_finds_no_serious_barrier(browser: Browser, site: Any, axe: Path, name: str) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.add_init_script(path=axe)
    path, _, state = name.partition("#")
    page.goto((site.out / path).as_uri() + (f"#{state}" if state else ""))
    if page.locator("#filters").count():
        usable(page)
    if "compare" in name:
        page.wait_for_selector("#comparison table")
    found = page.evaluate("axe.run().then(result => result.violations)")
    page.close()
    told = [(v["id"], v["impact"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found]
    assert [violation for violation in told if violation[1] in ("serious", "critical")] == []


# -- five thousand reports ----------------------------------------------------------------------------------------------

MANY, YEARS = 1250, (2021, 2022, 2023, 2024)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The overview over 5,000 made-up reports; of the reports themselves there are only the files that links lead to."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    folder = tmp_path_factory.mktemp("many")
    project, out = Project(folder / "params", folder / "data"), folder / "build"
    project.params.mkdir()
    bodies = [(f"a{n:04}", f"示例{n % 60}区第{n}号局", f"{n}号局") for n in range(MANY)]
    lines = [
        f"{agency},{name},{short},department,{'' if n < 60 else f'a{n % 60:04}'}\n"
        for n, (agency, name, short) in enumerate(bodies)
    ]
    (project.params / "agencies.csv").write_text(
        "agency,name,short_names,level,parent\n" + "".join(lines), encoding="utf-8"
    )
    suites: list[Any] = []
    for year in YEARS:
        (out / str(year)).mkdir(parents=True)
        for n, (agency, name, _) in enumerate(bodies):
            counts = {"error": n % 5, "warning": n % 7, "note": 3, "waived": 0}
            status = Status.ERRORS if counts["error"] else Status.OK
            for suffix in (".html", ".review.html"):
                (out / f"{year}/{agency}_{year}{suffix}").touch()
            told = [
                (
                    place,
                    {
                        "rule": "T3-ROWSUM",
                        "severity": severity,
                        "waived": None,
                        "message": f"第{n}号局的合计与各项之和不符，相差 {place}。",
                        "cells": ["applications.received.total"],
                    },
                )
                for place, severity in enumerate(["error"] * counts["error"] + ["warning"] * counts["warning"], start=1)
            ]
            suites.append(
                (Result(agency, year, name, status, (), counts, {}, f"{year + 1}-01-{1 + n % 28:02}"), told, {})
            )
    empty = pa.table({name: pa.array([], pa.string()) for name in ("agency", "year", "row", "label", "raw")})
    parquet.write_table(empty, out / "figures.parquet")
    for name in ("figures.csv", "findings.csv"):
        (out / name).touch()
    write_site(out, suites, {}, Comparison(), project)
    return out


@pytest.mark.parametrize("name", ["index.html", "findings.html", "compare.html"])
def test_five_thousand_reports_can_be_used_at_once(visit: Any, many: Path, name: str) -> None:
    page = visit(name, many)
    ready = page.evaluate("performance.now()")
    assert ready < 6000, "under 2 s on a machine at rest (benchmarks/site.py); this one may be busy"
    assert page.evaluate("document.querySelectorAll('*').length") < 6000, (
        "one page of rows, whatever the number of reports"
    )


def test_a_search_among_five_thousand_reports_answers_at_once(visit: Any, many: Path) -> None:
    page = visit("index.html", many)
    took = page.evaluate(
        "() => { const q = document.querySelector('[name=q]'); q.value = '第1234号'; const t = performance.now();"
        " q.dispatchEvent(new Event('input', { bubbles: true })); return performance.now() - t; }"
    )
    assert agencies(page) == ["a1234"]
    assert took < 500


def test_pages_of_the_matrix_are_turned_with_and_without_a_script(visit: Any, browser: Browser, many: Path) -> None:
    page = visit("index.html", many)
    page.get_by_role("button", name="下一页").click()
    assert agencies(page)[0] == "a0100"
    assert page.locator("#pages span").inner_text() == "第 2 页，共 13 页"
    bare = browser.new_context(java_script_enabled=False)
    page = bare.new_page()
    page.goto((many / "index.html").as_uri())
    page.get_by_role("link", name="第 13 页").click()
    assert agencies(page)[-1] == "a1249"
    assert "本页是第 1201 至第 1250 家" in page.locator("#count").inner_text()
    page.locator("#matrix a.state").first.click()
    assert page.url.endswith("2024/a1200_2024.review.html")
    bare.close()


def test_the_pages_beside_the_first_work_with_scripts_too(visit: Any, many: Path) -> None:
    page = visit("list/3.html", many)
    page.locator("input[name=q]").fill("第7号局")
    assert agencies(page) == ["a0007"]
    page.locator("#matrix a.state").first.click()
    assert page.url.endswith("build/2024/a0007_2024.review.html")
