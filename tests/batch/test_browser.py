"""The pages in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

A4_WIDTH_PX = round((210 - 2 * 16) / 25.4 * 96)
"""What the style sheet leaves between the margins of an A4 page."""


@pytest.fixture
def visit(browser: Browser, everything: Any) -> Iterator[Any]:
    """Opens a page of the build and notes whatever it asks for and complains of."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})

    def open_page(name: str) -> Page:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((everything.out / name).as_uri())
        return page

    asked: list[str] = []
    complaints: list[str] = []
    open_page.asked, open_page.complaints = asked, complaints  # type: ignore[attr-defined]
    yield open_page
    context.close()


@pytest.mark.parametrize(
    "name", ["2024/fine_2024.html", "2024/wrong_2024.review.html", "2024/leaky_2024.html", "index.html"]
)
def test_a_page_loads_nothing_but_itself_and_has_nothing_to_complain_of(visit: Any, everything: Any, name: str) -> None:
    visit(name)
    build = everything.out.as_uri()
    assert all(url.startswith(f"{build}/site/") for url in visit.asked[1:]), visit.asked
    assert len(visit.asked) == 1 or name == "index.html", "only the overview has scripts beside it"
    assert visit.complaints == []


def test_the_tables_fit_on_an_a4_page(visit: Any) -> None:
    page = visit("2024/fine_2024.html")
    page.set_viewport_size({"width": A4_WIDTH_PX, "height": 1000})
    page.emulate_media(media="print")
    widths = page.evaluate(
        "[...document.querySelectorAll('table')].map(t => [t.scrollWidth, t.parentElement.clientWidth])"
    )
    assert len(widths) == 3
    assert all(table <= room + 1 for table, room in widths), widths
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_WIDTH_PX
    size = page.evaluate("getComputedStyle(document.querySelector('.ogi-remedies td')).fontSize")
    assert float(size.removesuffix("px")) >= 11, "readable: at least 8.5 pt"


def test_on_a_phone_a_wide_table_scrolls_and_the_page_does_not(visit: Any) -> None:
    page = visit("2024/fine_2024.html")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('.ogi-applications').parentElement.scrollWidth") > 390


def test_the_keyboard_reaches_the_text_the_contents_and_the_wide_tables(visit: Any) -> None:
    page = visit("2024/fine_2024.html")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.className"))
    assert reached[0] == "#main"
    assert reached[1:7] == [f"#ch{n}" for n in range(1, 7)]
    assert reached.count("ogi-scroll") == 3


@pytest.mark.parametrize("name", ["2024/fine_2024.html", "2024/wrong_2024.review.html", "index.html"])
def test_all_text_stands_out_from_its_ground(visit: Any, name: str, low_contrast: str) -> None:
    assert visit(name).evaluate(low_contrast, "main") == []


def test_a_click_on_a_cells_name_leads_to_the_marked_cell(visit: Any) -> None:
    page = visit("2024/wrong_2024.review.html")
    page.click('a[href="#c-applications.received.total"] >> nth=0')
    target = page.locator("td:target")
    assert target.inner_text() == "3\n应为 0？"
    assert target.is_visible()
    target.locator("a").click()
    assert page.url.endswith("#f-1")
