"""How fast published reports are read, and whether memory stays flat: reports per second and core for each format.

    python benchmarks/reading.py [--files 5000]

The reports have random figures and some four thousand characters (a bureau's has three to five), on five pages; PDF
files are printed by Chromium and by LibreOffice where they are. Machines are noisy: read the ratios.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from ogi_report.figures import Figures
from ogi_report.forms import Form, official_forms
from ogi_report.readers import read_published
from ogi_report.writers import Heading, Page, Text, write_docx, write_html_table, write_xlsx

AIM = {".html": 100, ".docx": 20, ".pdf (Chromium)": 3, ".pdf (LibreOffice)": 3}
VARIANTS = 8
"""Different reports of each format; the same few files are read over and over."""
SENTENCE = (
    "本机关认真贯彻落实《中华人民共和国政府信息公开条例》，全年主动公开信息 {} 条，新收申请 {} 件，较上年增长 {}%。"
)
INLINE = "font-family:仿宋_GB2312;font-size:12pt;line-height:22pt;text-indent:32pt;margin:0;mso-spacerun:'yes'"


def pages_of(form: Form, chance: random.Random) -> list[Page]:
    """A report as agencies publish them: long first and fifth chapters, three tables."""
    figures = Figures.of(form, {key: chance.choice([0, 0, 0, chance.randint(1, 3000)]) for key in form.cells})
    pages: list[Page] = [Heading("示例市示例局2024年政府信息公开工作年度报告", 0)]
    for section in form.sections:
        pages.append(Heading(section.title))
        for _ in range({1: 6, 5: 3}.get(section.number, 1)):
            numbers = [chance.randint(1, 400) for _ in range(9)]
            pages.append(Text("".join(SENTENCE.format(*numbers[n : n + 3]) for n in range(0, 9, 3))))
        if section.table:
            pages.append(figures.grid(section.table))
    return pages


def html_of(pages: list[Page]) -> bytes:
    """A page as a CMS publishes it: menus around, and the inline styles of a word processor on each paragraph."""
    menu = "".join(f'<li><a href="/c{n}/">栏目 {n}</a></li>' for n in range(60))
    body = [f"<ul>{menu}</ul><div class=content>"]
    for page in pages:
        match page:
            case Heading(text) | Text(text):
                body.append(f'<p style="{INLINE}"><span style="{INLINE}">{escape(text)}</span></p>')
            case _:
                body.append(write_html_table(page, "", inline=True))
    style = "<style>@page{size:A4} table{border-collapse:collapse;font-size:11px} td,th{border:1px solid}</style>"
    return f"<!DOCTYPE html><meta charset=utf-8><title>年报</title>{style}{''.join(body)}</div>".encode()


def printed(command: str | None, arguments: Callable[[Path, Path], list[str]], sources: list[Path]) -> Iterator[Path]:
    """PDF files of the sources, where there is a program to print them."""
    for source in sources if command else ():
        target = source.with_suffix(f".{Path(command or '').name}.pdf")
        subprocess.run([str(command), *arguments(source, target)], check=True, capture_output=True)
        made = source.with_suffix(".pdf")
        if made.exists():
            made.rename(target)
        yield target


def make_files(folder: Path) -> dict[str, list[Path]]:
    chance = random.Random(1)
    files: dict[str, list[Path]] = {".html": [], ".docx": [], ".xlsx": []}
    forms = list(official_forms().values())
    for number in range(VARIANTS):
        pages = pages_of(forms[number % len(forms)], chance)
        for suffix, content in ((".html", html_of(pages)), (".docx", write_docx(pages)), (".xlsx", write_xlsx(pages))):
            path = folder / f"{number}{suffix}"
            path.write_bytes(content)
            files[suffix].append(path)
    browser = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",
    ]
    files[".pdf (Chromium)"] = list(
        printed(
            shutil.which("chromium") or shutil.which("google-chrome"),
            lambda source, target: [*browser, f"--print-to-pdf={target}", source.as_uri()],
            files[".html"][:2],
        )
    )
    files[".pdf (LibreOffice)"] = list(
        printed(
            shutil.which("soffice"),
            lambda source, target: ["--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)],
            files[".docx"][:2],
        )
    )
    return files


def resident() -> float:
    """Megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def per_second(files: list[Path], seconds: float = 4) -> float:
    for path in files:
        read_published(path)  # warms up
    start, count = time.process_time(), 0
    while time.process_time() - start < seconds or count < 3:
        read_published(files[count % len(files)])
        count += 1
    return count / (time.process_time() - start)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=0, help="also read so many files and watch the memory (5000)")
    wanted = parser.parse_args().files
    with tempfile.TemporaryDirectory() as name:
        files = make_files(Path(name))
        print(f"{'format':<20}{'KB':>7}{'reports/s':>11}{'aim':>6}")
        for kind, paths in files.items():
            if paths:
                size = sum(path.stat().st_size for path in paths) / len(paths) / 1000
                print(f"{kind:<20}{size:>7.0f}{per_second(paths):>11.1f}{AIM.get(kind, ''):>6}")
        if wanted:
            quick = [path for kind, paths in files.items() if not kind.startswith(".pdf") for path in paths]
            slow = [path for kind, paths in files.items() if kind.startswith(".pdf") for path in paths]
            print(f"\n{'files read':<20}{'MB held':>9}{'MB peak':>9}")
            for number in range(wanted):
                # One in fifty is a PDF, or the run would take an hour.
                read_published(
                    slow[number // 50 % len(slow)] if slow and number % 50 == 49 else quick[number % len(quick)]
                )
                if number + 1 in (100, 500) or (number + 1) % max(wanted // 5, 1) == 0:
                    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
                    print(f"{number + 1:<20}{resident():>9.0f}{peak:>9.0f}")


if __name__ == "__main__":
    main()
