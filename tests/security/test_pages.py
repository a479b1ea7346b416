"""Markup and scripts in everything that people write: names, settings, cells, rows, files' names, narrative, own cells."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest

pytestmark = pytest.mark.slow

PAGES = ("2024/evil_2024.html", "2024/evil_2024.review.html", "2024/good_2024.html", "index.html")
FORBIDDEN_TAGS = {"script", "iframe", "object", "embed", "form", "base", "link"}


class _Markup(HTMLParser):
    """Tags and attributes of a page as a browser sees them."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def _source(attributes: dict[str, str]) -> str:
    return attributes.get("src", attributes.get("href", ""))


def test_the_build_was_made(hostile: Any) -> None:
    assert hostile.status == 1, hostile.said
    assert "Traceback" not in hostile.said
    assert all((hostile.out / name).is_file() for name in PAGES), hostile.said
    assert "0 份未能生成" in hostile.said


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_people_wrote_becomes_markup(hostile: Any, name: str) -> None:
    for tag, attributes in _Markup(hostile.page(name)).found:
        # The overview's pages have a style sheet and scripts of their own beside them, and nothing between their tags.
        ours = name == "index.html" and re.fullmatch(r"(?:site|data)/[\w-]+\.(?:css|js)", _source(attributes))
        if (ours and tag in ("script", "link")) or (name == "index.html" and attributes.get("id") == "filters"):
            continue
        assert tag not in FORBIDDEN_TAGS, (tag, attributes)
        assert not [key for key in attributes if key.startswith("on")], (tag, attributes)
        for key in ("href", "src", "action", "xlink:href", "srcdoc", "data", "poster", "background"):
            scheme = re.sub(r"[\s\x00-\x1f]", "", attributes.get(key, "")).lower().partition(":")[0]
            allowed = ("https", "http", "mailto", "") if key == "href" else ()
            image = tag == "img" and attributes.get("src", "").startswith("data:image/")
            local = key == "href" and not re.match(r"[a-z]+:", attributes.get(key, ""))
            assert key not in attributes or image or local or scheme in allowed, (tag, attributes)
    assert "<style>body" not in hostile.page(name)


def test_the_attacks_are_there_as_text(hostile: Any) -> None:
    """Else the test above would have nothing to find."""
    page = hostile.page("2024/evil_2024.html")
    assert page.count("&lt;script&gt;") >= 6
    assert "&lt;svg onload" in page
    assert "thief.example" in page  # the formula, as text


def test_an_analysts_svg_is_a_picture_in_which_nothing_runs(hostile: Any) -> None:
    page = hostile.page("2024/evil_2024.html")
    assert '<img alt="图" src="data:image/svg+xml,%3Csvg' in page


def test_each_page_forbids_whatever_it_does_not_need(hostile: Any) -> None:
    for name in PAGES:
        metas = [a for tag, a in _Markup(hostile.page(name)).found if tag == "meta"]
        policies = [a["content"] for a in metas if a.get("http-equiv") == "Content-Security-Policy"]
        assert len(policies) == 1, name
        rules = dict(rule.strip().split(" ", 1) for rule in policies[0].split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["base-uri"] == "'none'"
        assert rules["form-action"] == "'none'"
        assert "unsafe" not in rules.get("script-src", "")
        assert set(rules.get("img-src", "data:").split()) <= {"data:"}


def test_every_cell_of_every_csv_is_no_formula(hostile: Any) -> None:
    seen = 0
    for name, content in hostile.files().items():
        if not name.endswith(".csv"):
            continue
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            for cell in row:
                seen += "HYPERLINK" in cell
                number = re.fullmatch(r"[+-]?\d+(\.\d+)?", cell)
                assert number or not re.match(r"[=+\-@\t\r](?=.*\w)", cell, re.S), (name, cell)
    assert seen >= 2


def test_outputs_hold_no_folder_no_user_and_no_secret(hostile: Any) -> None:
    import sys
    from pathlib import Path

    from tests.security.conftest import FOLDER, SECRET, USER

    telling = [FOLDER, SECRET, USER, sys.prefix, str(Path(__file__).parents[2]), str(hostile.folder.parent)]
    for name, content in hostile.files().items():
        for word in telling:
            assert word.encode() not in content, (name, word)
    assert not [word for word in (SECRET, USER) if word in hostile.said]


def test_the_neighbour_is_made_as_if_nothing_were(hostile: Any) -> None:
    assert "0 项" in hostile.page("2024/good_2024.review.html")
    assert "thief" not in hostile.page("2024/good_2024.review.html")


# -- in a real browser -------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_browser_runs_nothing_asks_for_nothing_and_sees_no_violation(hostile: Any, browser: Any, name: str) -> None:
    context = browser.new_context()
    context.add_init_script(
        "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective))"
    )
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto((hostile.out / name).as_uri())
    page.mouse.move(300, 300)
    assert page.evaluate("[window.burgled, window.violations]") == [None, []]
    beside = page.url.removesuffix("index.html")
    elsewhere = [url for url in asked if not url.startswith("data:") and url != page.url]
    assert [url for url in elsewhere if name != "index.html" or not url.startswith(beside)] == []
    assert said == []
    context.close()


@pytest.mark.browser
def test_the_policy_holds_even_if_markup_got_in(hostile: Any, browser: Any) -> None:
    """The second wall: a page into which somebody has put a script and a picture from outside."""
    for name in PAGES:
        broken = hostile.page(name).replace(
            "</main>",
            "<script>window.burgled = true</script><img src='https://thief.example/a.png' onerror='window.burgled = true'></main>",
        )
        file = hostile.folder / "broken.html"
        file.write_text(broken, encoding="utf-8")
        context = browser.new_context()
        context.add_init_script("window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective))")  # fmt: skip
        page = context.new_page()
        page.goto(file.as_uri())
        burgled, violations = page.evaluate("[window.burgled, window.violations]")
        assert burgled is None
        assert len(violations) >= 2
        context.close()
