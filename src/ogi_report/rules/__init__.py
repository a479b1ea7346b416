"""Rules, and what they find. Knows figures and forms; knows neither files nor notebooks."""

from typing import TYPE_CHECKING, Any

from ogi_report.rules.among_peers import PeerCheck, check_peers
from ogi_report.rules.catalogue import catalogue, rule_ids
from ogi_report.rules.check import Findings, check
from ogi_report.rules.context import BoundNumber, ChapterText, Context, FeeStatement, Publication
from ogi_report.rules.local import LocalRules
from ogi_report.rules.peers import Peers
from ogi_report.rules.rule import Example, Finding, NotApplicable, Outcome, Rule, Severity, rule
from ogi_report.rules.subjects import cells, chapters, columns, report, rows, tables, whole_table
from ogi_report.rules.waivers import WaiverState, WaiverUse

if TYPE_CHECKING:
    from ogi_report.rules.panels import PanelFindings, check_panel

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


def __getattr__(name: str) -> Any:
    """Panels are data frames: pandas is loaded when somebody checks one."""
    if name in ("PanelFindings", "check_panel"):
        from ogi_report.rules import panels

        return getattr(panels, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
