"""How far a total may move from last year's before its report has to say why: an office's own measure, and what counts as a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ogi_report.figures import Number
from ogi_report.in_words import InWords
from ogi_report.rules.rule import Severity

if TYPE_CHECKING:
    from ogi_report.rules.narration import Narration

RULE = "XY-JUMP"
"""The rule that asks for a reason."""

_LAST_YEAR = re.compile(r"上一?年|去年|同比|较20\d\d年|比20\d\d年")
_BECAUSE = re.compile(r"原因|由于|因为|系因|缘于|源于|主要是|得益于|受.{1,20}影响")


@dataclass(frozen=True, slots=True)
class BigChange(InWords):
    """The measure: beyond `percent` of last year's number and by `at_least`, in whole cases.

    `severity` is that of the finding where an office has set it; with `explained` a sentence that gives the number, compares it
    with last year and names a cause is reason enough.
    """

    percent: int = 50
    at_least: int = 10
    severity: Severity | None = None
    explained: bool = False

    def is_big(self, now: Number, before: Number) -> bool:
        """Whether a number has moved so far."""
        difference = abs(Decimal(now) - Decimal(before))
        return difference >= self.at_least and difference * 100 > Decimal(before) * self.percent

    @property
    def told(self) -> str:
        """The measure in words."""
        return "一半" if self.percent == 50 else f" {self.percent}%"

    @property
    def what_to_do(self) -> str:
        """What a finding asks for."""
        if self.severity is None and not self.explained:
            return "请核实或说明原因"
        ways = ["写明理由豁免", *(["在正文中与上年比较并写明原因"] if self.explained else [])]
        return f"请核实；属实的，请{'，或'.join(ways)}"

    def _in_words(self) -> str:
        return f"比上年变动超过 {self.percent}% 且不少于 {self.at_least} 件的，要说明原因"


USUAL = BigChange()
"""The measure where an office has set none."""


def is_explained(narration: Narration, number: Number) -> bool:
    """Whether a sentence gives this number, compares it with last year and names a cause, in the same sentence or the next."""
    for paragraph in narration.all_paragraphs:
        sentences = paragraph.sentences
        for index, sentence in enumerate(sentences):
            if any(quantity.value == number for quantity in sentence.quantities):
                said = "".join(following.text for following in sentences[index : index + 2])
                if _LAST_YEAR.search(said) and _BECAUSE.search(said):
                    return True
    return False
