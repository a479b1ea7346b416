"""Rules, and what they find. Knows figures and forms; knows neither files nor notebooks."""

from ogi_report.rules.catalogue import catalogue, rule_ids
from ogi_report.rules.check import Findings, check
from ogi_report.rules.context import BoundNumber, ChapterText, Context, FeeStatement, Publication
from ogi_report.rules.local import LocalRules
from ogi_report.rules.panel import PanelFindings, check_panel
from ogi_report.rules.peers import PeerCheck, Peers, check_peers
from ogi_report.rules.rule import Example, Finding, NotApplicable, Outcome, Rule, Severity, rule
from ogi_report.rules.subjects import cells, chapters, columns, report, rows, tables, whole_table
from ogi_report.rules.waivers import WaiverState, WaiverUse

__all__ = [
    "BoundNumber",
    "ChapterText",
    "Context",
    "Example",
    "FeeStatement",
    "Finding",
    "Findings",
    "LocalRules",
    "NotApplicable",
    "Outcome",
    "PanelFindings",
    "PeerCheck",
    "Peers",
    "Publication",
    "Rule",
    "Severity",
    "WaiverState",
    "WaiverUse",
    "catalogue",
    "cells",
    "chapters",
    "check",
    "check_panel",
    "check_peers",
    "columns",
    "report",
    "rows",
    "rule",
    "rule_ids",
    "tables",
    "whole_table",
]
