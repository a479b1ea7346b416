"""How well the rules on sentences read: precision and recall by rule on the labelled corpus.

Each entry of `benchmarks/corpus/*.yaml` is a text in an agency's manner with the figures that go with it, and the
rules that must find something there. The `dev` half is for those who write rules, the `test` half is only measured.

    python benchmarks/narrative.py            both halves
    python benchmarks/narrative.py dev -v     one half, with every disagreement
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ogi_report.rules import Context, Example, check
from ogi_report.rules.examples import context_of

CORPUS = Path(__file__).parent / "corpus"
FAMILIES = ("N-", "FEE-", "TPL-", "PRIV-")


def entries(half: str) -> list[dict[str, Any]]:
    """Returns the labelled texts of one half of the corpus."""
    loaded = yaml.safe_load((CORPUS / f"{half}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


def context(entry: dict[str, Any]) -> Context:
    """Returns the report that an entry describes."""
    chapters = entry.get("chapters") or {entry["chapter"]: entry["text"]}
    return context_of(
        Example(
            _exact(entry.get("cells") or {}),
            form=str(entry.get("layout", "2021")),
            year=entry["year"],
            last=_exact(entry["last"]) if entry.get("last") else None,
            chapters={int(number): text for number, text in chapters.items()},
            level=None,
            name=None,
        )
    )


def _exact(cells: dict[str, Any]) -> dict[str, Any]:
    """YAML reads 12.5 as a binary number; a figure is the text that was written."""
    return {key: str(value) if isinstance(value, float) else value for key, value in cells.items()}


def disagreements(half: str) -> Iterator[tuple[dict[str, Any], set[str], set[str], list[Any]]]:
    """Yields (entry, rules found, rules labelled, findings) for every entry."""
    labelled = {rule for entry in entries(half) for rule in (*entry["fires"], *entry.get("reads", []))}
    for entry in entries(half):
        findings = [f for f in check(context(entry)) if f.rule in labelled and f.rule.startswith(FAMILIES)]
        yield entry, {f.rule for f in findings}, set(entry["fires"]), findings


def measure(half: str, verbose: bool = False) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Returns, by rule, how often it was right, wrong (a false alarm), and silent where it should not be."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for entry, found, expected, findings in disagreements(half):
        right.update(found & expected)
        wrong.update(found - expected)
        missed.update(expected - found)
        if verbose and found != expected:
            print(f"\n{entry['id']}  {entry.get('text') or entry.get('chapters')}")
            print(
                "   cells:",
                {k.removeprefix("applications."): v for k, v in (entry.get("cells") or {}).items()},
                entry.get("note", ""),
            )
            for rule in sorted(expected - found):
                print(f"   missed {rule}")
            for finding in findings:
                if finding.rule not in expected:
                    print(f"   FALSE  {finding.rule}: {finding.message}　{finding.quote}")
    return right, wrong, missed


def table(half: str, verbose: bool) -> None:
    began = time.perf_counter()
    right, wrong, missed = measure(half, verbose)
    seconds = time.perf_counter() - began
    number = len(entries(half))
    print(f"\n{half}: {number} texts, {seconds / number * 1000:.1f} ms each with the whole catalogue")
    print(f"{'rule':<20}{'right':>6}{'false':>6}{'missed':>7}{'precision':>11}{'recall':>8}")
    for rule in sorted({*right, *wrong, *missed}):
        print(_line(rule, right[rule], wrong[rule], missed[rule]))
    print(_line("all", right.total(), wrong.total(), missed.total()))


def _line(name: str, right: int, wrong: int, missed: int) -> str:
    precision = f"{right / (right + wrong):.3f}" if right + wrong else "–"
    recall = f"{right / (right + missed):.3f}" if right + missed else "–"
    return f"{name:<20}{right:>6}{wrong:>6}{missed:>7}{precision:>11}{recall:>8}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("halves", nargs="*", default=["dev", "test"])
    parser.add_argument("-v", "--verbose", action="store_true", help="print every disagreement")
    options = parser.parse_args()
    for half in options.halves:
        table(half, options.verbose)
