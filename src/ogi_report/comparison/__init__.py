"""Two reports side by side: which figures, sentences and findings changed, and how much of the text was repeated."""

from ogi_report.comparison.compared import Compared, compare
from ogi_report.comparison.sentences import REPEATED
from ogi_report.comparison.side import Side

__all__ = ["REPEATED", "Compared", "Side", "compare"]
