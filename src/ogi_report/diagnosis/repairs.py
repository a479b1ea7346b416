"""What a diagnosis says: repairs, the changes they consist of, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Any

from ogi_report.diagnosis.typing_errors import Slip
from ogi_report.figures import Number, format_number
from ogi_report.in_words import InWords
from ogi_report.rules.words import in_part

MOST_NAMED = 6
"""Changes that a text names; a row that slipped by a column changes more cells than anybody wants to read of."""


class Status(StrEnum):
    CONSISTENT = "consistent"
    FOUND = "found"
    AMBIGUOUS = "not_identifiable"
    TIMED_OUT = "not_found_in_time"
    NOT_FOUND = "not_found"

    @property
    def chinese(self) -> str:
        return {
            "consistent": "勾稽关系全部成立",
            "found": "找到最可能的更正",
            "not_identifiable": "有几种同样可能的更正，仅凭勾稽关系不能断定",
            "not_found_in_time": "限时内没有找到更正办法，请逐项核对",
            "not_found": "没有找到更正办法，请逐项核对",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Change(InWords):
    """One cell of a repair: what it holds (None: nothing) and what it should hold."""

    cell: str
    label: str
    found: Number | None
    value: Number
    kind: Slip

    def _in_words(self) -> str:
        found = "未填" if self.found is None else f"填 {format_number(self.found)}"
        return f"“{self.label}”{found}，若为 {format_number(self.value)}"


@dataclass(frozen=True, slots=True)
class Repair(InWords):
    """A set of changes after which every equation that can be decided holds; `score` is a log-likelihood."""

    changes: tuple[Change, ...]
    causes: tuple[Slip, ...]
    settles: int
    score: float

    @property
    def text(self) -> str:
        """“予以公开 · 自然人”填 738，若为 783，则 2 条勾稽关系全部成立（相邻两位数字颠倒）。"""
        changes = in_part([str(change) for change in self.changes], "格", limit=MOST_NAMED, separator="；")
        reasons = "、".join(dict.fromkeys(cause.chinese for cause in self.causes if cause.chinese))
        return f"{changes}，则 {self.settles} 条勾稽关系全部成立{f'（{reasons}）' if reasons else ''}"

    def _in_words(self) -> str:
        return self.text


@dataclass(frozen=True)
class Diagnosis(InWords):
    """What was found out about one report. Nothing of it is ever applied."""

    status: Status
    repairs: tuple[Repair, ...] = ()
    determined: Mapping[str, int] = field(default_factory=dict)

    @property
    def best(self) -> Repair | None:
        """The repair to suggest, where one is clearly ahead."""
        return self.repairs[0] if self.status is Status.FOUND and self.repairs else None

    @property
    def _headline(self) -> str:
        more = f"；由勾稽关系可推定 {len(self.determined)} 格空白的数" if self.determined else ""
        return f"{self.status.chinese}{more}。"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(repair.text)}</li>" for repair in self.repairs)
        return f"<p>{self._headline}</p>{f'<ol>{items}</ol>' if items else ''}"

    def as_json(self) -> dict[str, Any]:
        return {
            "status": str(self.status),
            "message": self.status.chinese,
            "repairs": [
                {
                    "text": repair.text,
                    "changes": [
                        {"cell": c.cell, "found": c.found, "value": c.value, "kind": str(c.kind)}
                        for c in repair.changes
                    ],
                }
                for repair in self.repairs
            ],
            "determined": [{"cell": cell, "value": value} for cell, value in self.determined.items()],
        }

    def _in_words(self) -> str:
        return "\n".join([self._headline, *(f"{number:>3}. {repair}" for number, repair in enumerate(self.repairs, 1))])
