"""Which rules there are: the official ones, no more and no fewer, each with words, source and examples."""

from __future__ import annotations

import re

import pytest

from ogi_report.errors import RuleError
from ogi_report.rules import Example, Severity, catalogue, rule, rule_ids
from ogi_report.rules.catalogue import CONDITIONS
from ogi_report.rules.subjects import report

# Typed from the rule catalogue, section 3. Not here: T2-DOCS-NARR and XY-YOY-NARR (cross-references to N-DOCS and N-YOY).
# LAYOUT-SHIFT and LAYOUT-EXTRA-ROW speak of rows of any report and, once more, of what a reader of a published one doubted.
EXPECTED = {
    "LAYOUT-YEAR": "error", "LAYOUT-MIXED": "error", "LAYOUT-LABEL": "warning", "LAYOUT-MISSING-ROW": "error",
    "LAYOUT-EXTRA-ROW": "note, note", "LAYOUT-BROKEN-ROW": "note", "LAYOUT-SHIFT": "warning, note, warning",
    "CH-MISSING": "error", "CH-ORDER": "warning", "CH-TITLE": "note", "CH-EMPTY": "warning",
    "CH-FIVE-ASPECTS": "warning", "CH-GOV-TRIO": "warning", "CH5-BOTH": "warning",
    "V-INT": "error", "V-NEG": "error", "V-TEXT": "error", "V-BLANK": "note", "V-BLANK-KEY": "warning",
    "V-PLACEHOLDER": "note", "V-FORMAT": "note", "V-SIGN": "note", "V-ALLZERO": "note", "V-OUTLIER": "note, note",
    "T2A-TOTAL-GE-NEW": "error", "T2A-PUBLIC-VS-MADE": "note", "T2A-ITEMS-NONNEG": "error",
    "T2A-DECISIONS-EQ-ITEMS": "warning, note", "T2A-DECISIONS-NOITEMS": "warning", "T2A-DELTA-JUMP": "note",
    "T2A-PROC-PAIR": "warning", "T2A-PROC-UNIT": "warning", "T2A-PROC-MEAN": "note",
    "T2B-FORCE-FLOOR": "error", "T2B-FORCE-ZERO": "warning",
    "T2-RULES-POWER": "error", "T2-FEE-UNIT": "warning", "T2-NOPOWER": "note",
    "T3-BALANCE": "error", "T3-HANDLED": "error", "T3-ROWSUM": "error", "T3-SUBTOTAL": "error",
    "T3-TOTALONLY": "note", "T3-PARTSONLY": "warning", "T3-CARRYOUT-CAP": "error", "T3-CARRY-PLAUS": "warning",
    "T3-CARRYIN-STUCK": "warning", "T3-OTHER-SHARE": "note", "T3-SECRET": "note", "T3-FEE-BEFORE-2021": "warning",
    "T3-APPLICANT-MIX": "note",
    "T4-SUM": "error", "T4-AFTER-NEEDS-REVIEW": "note", "T4-NEEDS-APPLICATIONS": "note",
    "T4-CASES-GT-HANDLED": "note", "T4-CORRECTED-EXPLAINED": "note",
    "XY-CARRY": "error, warning", "XY-FORCE": "warning", "XY-DISC-TOTAL": "warning", "XY-ITEMS": "warning",
    "XY-PENDING": "note", "XY-JUMP": "note", "XY-SAME": "warning", "XY-TEXT": "warning", "CH5-LASTYEAR": "note",
    "XY-GAP": "note",
    "PC-COVERAGE": "warning", "PC-SUM-T3": "error", "PC-SUM-T4": "warning", "PC-SUM-T2": "warning",
    "PC-FLOOR": "error", "PC-XY": "warning",
    "XA-DUP-TEXT": "warning", "XA-DUP-TABLE": "warning", "XA-OUTLIER": "note",
    "N-RECV": "error", "N-CIN": "error", "N-COUT": "error", "N-HANDLED": "error", "N-CATEGORY": "error",
    "N-REVIEW": "error", "N-LIT": "error", "N-ZEROCLAIM": "error", "N-DOCS": "warning", "N-OUTCOME-WORDS": "error",
    "N-POSTED-ZERO": "note", "N-UNIT": "note", "N-NARR-TABLE-POWER": "note", "N-PARTS": "error",
    "N-PCT": "warning, note", "N-YOY": "warning, note", "N-POSTED-REPEAT": "error", "N-ONTIME": "note",
    "N-CONTRA-SITE": "warning", "N-CONTRA-GENERIC": "note",
    "FEE-CH6": "warning", "FEE-UNPAID": "warning", "FEE-COLLECTED": "error", "FEE-STEP": "note",
    "TPL-PLACEHOLDER": "error", "TPL-YEAR": "error", "TPL-AGENCY": "error", "TPL-SELFNAME": "note",
    "TPL-FILLNOTE": "warning", "TPL-LEADIN-DUP": "note", "TPL-BROKEN-PARA": "note", "TPL-TERM": "note",
    "TPL-LAWNAME": "warning", "TPL-NOTICE": "note", "TPL-PUNCT": "note", "PRIV-PERSON": "error",
    "META-TITLE": "warning", "META-AGENCY": "note", "META-PERIOD": "note", "META-CONTACT": "note",
    "META-PUBDATE": "warning", "META-DEADLINE": "error", "META-EARLY": "warning, note", "META-INDEXNO": "note",
}  # fmt: skip

# Beside the rule catalogue: what a ledger of single applications shows.
OF_LEDGERS = {
    "LEDGER-APPLICATIONS": "warning", "LEDGER-REMEDIES": "warning", "LEDGER-ORDER": "warning",
    "LEDGER-OUTSIDE": "note", "LEDGER-OVERDUE": "note",
}  # fmt: skip


def test_the_catalogue_holds_exactly_the_official_rules_and_those_on_ledgers():
    assert len(EXPECTED) == 119
    assert set(rule_ids()) == set(EXPECTED | OF_LEDGERS)
    assert len(rule_ids()) == len(EXPECTED) + len(OF_LEDGERS)


def test_each_rule_is_as_severe_as_the_catalogue_says():
    found: dict[str, list[str]] = {}
    for entry in catalogue():
        found.setdefault(entry.id, []).append(str(entry.severity))
    assert {id: ", ".join(severities) for id, severities in found.items()} == EXPECTED | OF_LEDGERS


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: f"{entry.id}-{entry.severity}")
def test_each_rule_says_in_chinese_what_holds_for_what_and_where_from(entry):
    for text in (entry.title, entry.source, entry.where):
        assert re.search("[\u4e00-\u9fff]", text)
        assert not re.search("[a-z_]{4,}", text), f"{entry.id}: program words in “{text}”"


@pytest.mark.parametrize("entry", CONDITIONS, ids=lambda entry: f"{entry.id}-{entry.severity}")
def test_each_condition_has_an_example_that_fires_and_one_that_is_silent(entry):
    assert entry.fires
    assert entry.silent


def test_severities_have_the_names_of_chinese_practice():
    assert [(str(severity), severity.chinese) for severity in Severity] == [
        ("error", "强制性"),
        ("warning", "核实性"),
        ("note", "提示"),
    ]


@pytest.mark.parametrize("lacking", ["title", "source"])
def test_a_rule_without_explanation_or_source_is_refused(lacking):
    said = {"title": "说明", "source": "来源"} | {lacking: ""}
    with pytest.raises(RuleError, match="规则 X-1 没有写明说明或来源"):
        rule("X-1", Severity.NOTE, each=report(), says="", **said)(lambda it: True)


def test_an_analysts_own_rule_runs_beside_the_catalogue(report):
    from ogi_report.rules import check
    from ogi_report.rules.subjects import rows

    @rule(
        "LOCAL-1",
        Severity.WARNING,
        each=rows("disclosure", having=("decisions",), only=("licence",)),
        title="许可不超过百件",
        source="本区通知",
        says="“{it.label}”{it[decisions]} 件。",
        fires=Example({"disclosure.licence.decisions": 101}),
        silent=Example(),
    )
    def few_licences(it):
        return it["decisions"] <= 100

    found = check(report({"disclosure.licence.decisions": 101}), rules=[few_licences])
    assert [(f.rule, f.message) for f in found] == [("LOCAL-1", "“行政许可”101 件。")]
    assert found.coverage["LOCAL-1"].counts["fail"] == 1
