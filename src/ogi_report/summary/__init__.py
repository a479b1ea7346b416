"""The government-wide report from the reports of the bodies below: sums with their coverage, drafts, comparisons."""

from ogi_report.summary.summary import Summary

__all__ = ["Summary"]
