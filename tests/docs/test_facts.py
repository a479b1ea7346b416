"""What pages say of the program beside commands: columns of a ledger, options named in a sentence, targets of make."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from ogi_report.cli import COMMANDS, _parser
from ogi_report.cli.statuses import FAILED, INTERRUPTED, OK, WRONG_USAGE
from ogi_report.forms import official_forms
from ogi_report.ledger import headings_of

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_commands_within_sentences_are_ones_that_the_program_understands(page: Path) -> None:
    prose = re.sub(r"^( *)(`{3,}).*?^\1\2 *$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for span in re.findall(r"`([^`\n]+)`", prose):
        if "…" in span or "<" in span:
            continue
        closed = span.count("'") % 2 == 0 and span.count('"') % 2 == 0
        words = shlex.split(span) if closed else span.split()
        if words[:1] == ["ogi-report"] and len(words) > 2:
            _parser().parse_args(words[1:])
        elif words[:2] == ["python", "run_all.py"]:
            _parser().parse_args(["run", *words[2:]])
        elif words[:1] == ["ogi-report"] and len(words) == 2 and not words[1].startswith("-"):
            assert words[1] in COMMANDS, span
        elif words[:1] == ["make"] and len(words) > 1 and not words[1].startswith("-"):
            assert re.search(rf"^{words[1]}:", MAKEFILE, re.MULTILINE), span


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_files_named_in_a_sentence_are_there(page: Path) -> None:
    prose = re.sub(r"^( *)(`{3,}).*?^\1\2 *$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for name in re.findall(
        r"`((?:src|tests|tools|notebooks|examples|benchmarks)/[\w./-]+\.(?:py|yaml|ipynb|j2))`", prose
    ):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_the_page_on_ledgers_lists_every_column_and_no_other() -> None:
    text = (DOCS / "ledger.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| .* \|$", text.partition("<!-- 列名")[2].partition("## 怎样计数")[0], re.MULTILINE)
    listed = [name.removesuffix(" *") for row in rows if row != "列名" for name in row.split("、")]
    headings = list(headings_of(official_forms()["2021"]))
    assert listed == [heading.label for heading in headings]
    assert [row.removesuffix(" *") for row in rows if row.endswith(" *")] == [
        h.label for h in headings if h.is_required
    ]


def test_the_page_on_schedules_tells_every_exit_status() -> None:
    text = (DOCS / "scheduling.md").read_text(encoding="utf-8")
    told = {int(status) for status in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert told == {OK, FAILED, WRONG_USAGE, INTERRUPTED}


def test_every_command_of_the_program_stands_on_some_page() -> None:
    everything = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in COMMANDS if f"ogi-report {name}" not in everything] == []


def test_contributors_are_told_every_target_of_make() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE)) - {"help"}
    told = set(re.findall(r"`make (\w+)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert targets - told == set()
