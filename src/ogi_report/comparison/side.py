"""One of two reports that are compared: what `check --format json` says of it, and under which names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ogi_report.forms import Form, official_forms


@dataclass(frozen=True)
class Side:
    """A report, its own or a published one, made now or left in a build.

    `told` is the contract's object (figures, chapters, findings), `shown` says where it comes from, `names` are those of
    the body, which say nothing of what its text has in common with another, `labels` those of rows that no form has.
    """

    told: Mapping[str, Any]
    name: str
    shown: str
    names: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def agency(self) -> str:
        return str(self.told["agency"])

    @property
    def year(self) -> int:
        return int(self.told["year"])

    @cached_property
    def form(self) -> Form:
        return official_forms()[self.told["layout"]]

    @property
    def figures(self) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.told["figures"]
        return found

    @cached_property
    def chapters(self) -> dict[int, str]:
        return {int(number): text for number, text in self.told["chapters"].items()}

    def label(self, key: str) -> str:
        """How a message names a cell."""
        spec = self.form.cells.get(key)
        return spec.label if spec is not None else self.labels.get(key, key)
