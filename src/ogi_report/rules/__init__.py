"""Rules, and what they find. Knows figures and forms; knows neither files nor notebooks."""

from ogi_report.rules.catalogue import catalogue, rule_ids
from ogi_report.rules.check import Findings, check
from ogi_report.rules.context import ChapterText, Context
from ogi_report.rules.rule import Example, Finding, NotApplicable, Outcome, Rule, Severity, rule
from ogi_report.rules.waivers import WaiverState, WaiverUse

__all__ = [
    "ChapterText",
    "Context",
    "Example",
    "Finding",
    "Findings",
    "NotApplicable",
    "Outcome",
    "Rule",
    "Severity",
    "WaiverState",
    "WaiverUse",
    "catalogue",
    "check",
    "rule",
    "rule_ids",
]
