"""Chinese administrative prose: its sentences, and the quantities in them. Knows nothing of any form."""

from ogi_report.prose.quantities import Hedge, Quantity, find_quantities, half_width
from ogi_report.prose.sentences import LONGEST, Paragraph, Sentence, paragraphs

__all__ = ["LONGEST", "Hedge", "Paragraph", "Quantity", "Sentence", "find_quantities", "half_width", "paragraphs"]
