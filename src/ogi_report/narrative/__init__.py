"""Markdown chapters with computed facts, and default texts for those that nobody wrote."""

from ogi_report.narrative.document import Chapter, Source, render_chapters, render_lead_in, split
from ogi_report.narrative.facts import facts

__all__ = ["Chapter", "Source", "facts", "render_chapters", "render_lead_in", "split"]
