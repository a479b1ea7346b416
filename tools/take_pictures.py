"""Takes the pictures of docs/images that show our pages and JupyterLab; run by hand when these look different.

Wants Chromium and the Noto CJK fonts. Colours are reduced, since a picture in a repository should stay below 200 KB.
"""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
LARGEST = 200_000


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        project = Path(scratch)
        for name in ("params", "data", "notebooks", "examples"):
            shutil.copytree(ROOT / name, project / name)
        _ogi(project, "run", "--agency", "education", "--agency", "yunxi", "--agency", "market")
        faulty = ("--params", "examples/faulty/params", "--data", "examples/faulty/data", "--out", "faulty")
        _ogi(project, "run", *faulty)
        _ogi(project, "summary", "--year", "2024", "--agency", "yunxi")
        shutil.copytree(project / "build" / "2024", project / "published", ignore=shutil.ignore_patterns("*.review.html", "*.summary.*", "*.ipynb", "*.csv", "*.json"))  # fmt: skip
        _ogi(project, "audit", "published", "--out", "audit")
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, path, width, height in (
            ("public.png", "build/2024/education_2024.html", 1100, 1250),
            ("review.png", "faulty/2024/swapped_digits_2024.review.html", 1100, 720),
            ("findings.png", "faulty/findings.html", 1200, 760),
            ("summary.png", "build/2024/yunxi_2024.summary.review.html", 1100, 1000),
            ("audit.png", "audit/index.html", 1100, 900),
        ):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto((project / path).as_uri())
            _save(page, name)
            page.close()
        template = project / "notebooks" / "annual_report.ipynb"
        text = template.read_text(encoding="utf-8")
        chosen = text.replace(r"agency = \"kejing\"", r"agency = \"market\"").replace("year = 2021", "year = 2024")
        template.write_text(chosen, encoding="utf-8")
        _side_by_side(browser, project, "build/2024/market_2024.html", "faulty/2024/swapped_digits_2024.review.html")
        with _lab(project) as address:
            page = browser.new_page(viewport={"width": 1200, "height": 1500})
            _run_all(page, address)
            _save(page, "lab.png")
            _swap_digits(project / "data" / "2024" / "market" / "applications.csv")
            page.set_viewport_size({"width": 1200, "height": 760})
            _run_all(page, address)
            page.locator("h2", has_text="三、").evaluate("heading => heading.scrollIntoView()")
            page.wait_for_timeout(1000)
            _save(page, "lab-table.png")
        browser.close()


def _ogi(project: Path, *words: str) -> None:
    script = f"import sys; from ogi_report.cli import main; main({list(words)!r})"
    command = [sys.executable, "-c", script]
    subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _side_by_side(browser: Browser, project: Path, *paths: str) -> None:
    """The picture of the READMEs: a public page and a review page, each as on a sheet."""
    whole = Image.new("RGB", (1320, 860), "#d9d6cd")
    for number, path in enumerate(paths):
        page = browser.new_page(viewport={"width": 1000, "height": 1290})
        page.goto((project / path).as_uri())
        sheet = Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize((640, 826), Image.Resampling.LANCZOS)
        whole.paste(sheet, (13 + number * 654, 17))
        page.close()
    _reduce(whole, "report.png")


def _swap_digits(file: Path) -> None:
    """The slip that the picture of a marked table shows."""
    text = file.read_text(encoding="utf-8")
    assert ",54,4,0,0,2,1,61" in text
    file.write_text(text.replace(",54,4,0,0,2,1,61", ",45,4,0,0,2,1,61"), encoding="utf-8")


@contextmanager
def _lab(project: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.token=t",
    ]
    server = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/lab/tree/notebooks/annual_report.ipynb?token=t"
    finally:
        server.terminate()
        server.wait(30)


def _run_all(page: Page, address: str) -> None:
    for _ in range(60):
        try:
            page.goto(address)
            break
        except Error:
            time.sleep(1)
    page.wait_for_selector("text=/Python 3.*Idle/", timeout=90_000)
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click("text='Run All Cells'")
    page.wait_for_selector("h2:has-text('六、其他需要报告的事项')", timeout=90_000, state="attached")
    if (news := page.get_by_role("button", name="No", exact=True)).count():
        news.click()
    page.keyboard.press("Control+b")  # the folders' sidebar away
    page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollTop = 0")
    page.wait_for_timeout(1000)


def _save(page: Page, name: str) -> None:
    """Writes the page as it is seen."""
    page.wait_for_timeout(300)
    _reduce(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), name)


def _reduce(picture: Image.Image, name: str) -> None:
    """Writes a picture in as many colours as keep it small."""
    for colours in (128, 64, 32):
        picture.quantize(colours, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)
        if (IMAGES / name).stat().st_size < LARGEST:
            break
    print(f"docs/images/{name}: {(IMAGES / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
