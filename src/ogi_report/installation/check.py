"""What a check of the installation says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`OPTIONAL`: something is missing that only some commands need. `FAILED`: reports cannot be made."""

    OK = "ok"
    OPTIONAL = "optional"
    FAILED = "failed"

    @property
    def sign(self) -> str:
        return {"ok": "✔", "optional": "○", "failed": "✖"}[self.value]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found and, where it is not as it should be, what to do."""

    name: str
    state: State
    found: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "state": str(self.state), "found": self.found, "remedy": self.remedy}


def ok(name: str, found: str) -> Check:
    return Check(name, State.OK, found)


def optional(name: str, found: str, remedy: str) -> Check:
    return Check(name, State.OPTIONAL, found, remedy)


def failed(name: str, found: str, remedy: str) -> Check:
    return Check(name, State.FAILED, found, remedy)
