"""How a fill-in workbook looks: few colours, each with one meaning, and none that means anything alone."""

from __future__ import annotations

from functools import cache
from typing import Any

FONT = "微软雅黑"
INK, GREY, LINE = "#1F2328", "#6B7280", "#9AA4B2"
HEAD, STUB, LOCKED, CHECK = "#DCE6F1", "#F3F6FA", "#E7E9EC", "#FAFAFA"
FILL_IN, PREFILLED, OWN = "#FFFFFF", "#FFF2CC", "#F4FAF2"
GOOD, BAD, OPEN = ("#E6F4EA", "#1B5E20"), ("#FDE0DD", "#B71C1C"), ("#FFF4D6", "#7A4F00")
"""Background and text of words about an equation."""


class Styles:
    """A workbook's formats, each made once."""

    def __init__(self, workbook: Any):
        """Makes formats in this XlsxWriter workbook."""
        self._workbook = workbook
        self.of = cache(self._of)

    def _of(self, name: str) -> Any:
        return self._workbook.add_format({"font_name": FONT, "font_size": 10, "font_color": INK} | _LOOKS[name])

    def condition(self, background: str, ink: str) -> Any:
        """A format for a conditional one: colours only."""
        return self._workbook.add_format({"bg_color": background, "font_color": ink})

    def ink(self, colour: str) -> Any:
        """A format for a conditional one: the text's colour only."""
        return self._workbook.add_format({"font_color": colour})


_BOX = {"border": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": True}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "valign": "vcenter"},
    "summary": {"bold": True, "valign": "vcenter", "text_wrap": True},
    "legend": {"font_color": GREY, "font_size": 9, "valign": "vcenter", "text_wrap": True},
    "text": {"valign": "top", "text_wrap": True},
    "head": _BOX | {"bg_color": HEAD, "align": "center", "bold": True},
    "stub": _BOX | {"indent": 1, "bg_color": STUB, "align": "left"},
    "number": _BOX | {"bg_color": FILL_IN, "align": "center", "locked": False, "font_size": 11},
    "number_as_text": _BOX | {
        "bg_color": FILL_IN, "align": "center", "locked": False, "font_size": 11, "quote_prefix": True,
    },
    "own_label": _BOX | {"bg_color": OWN, "align": "left", "locked": False, "font_size": 9},
    "own_number": _BOX | {"bg_color": OWN, "align": "center", "locked": False, "font_size": 11},
    "check_head": _BOX | {"bg_color": LOCKED, "align": "center", "font_size": 9},
    "check_label": _BOX | {"bg_color": CHECK, "align": "left", "font_size": 9},
    "check_number": _BOX | {"bg_color": CHECK, "align": "center", "font_size": 9, "font_color": GREY},
    "check_word": _BOX | {"bg_color": CHECK, "align": "center", "font_size": 9, "bold": True},
    "note": {"font_color": GREY, "font_size": 9, "valign": "vcenter", "text_wrap": True, "indent": 1},
    "note_head": {"font_color": GREY, "font_size": 9, "bold": True, "valign": "vcenter", "indent": 1},
    "fact_name": _BOX | {"indent": 1, "bg_color": STUB, "align": "left"},
    "fact": _BOX | {"bg_color": LOCKED, "align": "left"},
    "fact_open": _BOX | {"bg_color": FILL_IN, "align": "left", "locked": False},
    "link": {"font_color": "#0B57D0", "underline": 1, "valign": "vcenter", "font_size": 10},
    "chapter": {"bold": True, "font_size": 12, "bg_color": HEAD, "valign": "vcenter"},
    "words": _BOX | {"quote_prefix": True, "bg_color": FILL_IN, "valign": "top", "align": "left", "locked": False},
    "last_words": {
        "bg_color": LOCKED, "font_color": GREY, "italic": True, "valign": "top", "text_wrap": True, "font_size": 9,
    },
    "rule": _BOX | {"indent": 1, "align": "left", "font_size": 10},
    "rule_link": _BOX | {"align": "center", "font_color": "#0B57D0", "underline": 1},
    "plain": {"valign": "vcenter"},
    "rule_number": _BOX | {"align": "center"},
}  # fmt: skip
