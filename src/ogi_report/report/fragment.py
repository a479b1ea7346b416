"""What a notebook cell shows: one piece of the report, for the public page, for the analyst and for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import simplejson

MIME = "application/vnd.ogi-report.v1+json"
"""Outputs that carry this type are ours: `public` is the published HTML, or null where nothing is to be published."""


def dump_json(value: Any, **options: Any) -> str:
    """JSON with exact decimals and readable Chinese."""
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, allow_nan=False, **options)


@dataclass(frozen=True)
class Fragment:
    """A piece of the report.

    `public` goes to the published page; None keeps the piece internal whatever its cell is tagged. `html` is what
    Jupyter and the review page show, with inline styles; `text` is for terminals. `data` is for programs that read
    the executed notebook; its numbers are exact, which is why it travels as JSON text. `label` is what a table of
    contents or a page title calls the piece, `anchor` the id that it can be linked to.
    """

    kind: str
    public: str | None
    html: str
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    label: str | None = None
    anchor: str | None = None
    meta: Mapping[str, str] = field(default_factory=dict)
    """Name and content of `meta` elements for the head of the page."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        payload = {
            "kind": self.kind,
            "label": self.label,
            "anchor": self.anchor,
            "public": self.public,
            "data": dump_json(dict(self.data), sort_keys=True),
            **({"meta": dict(self.meta)} if self.meta else {}),
        }
        return {MIME: payload, "text/html": self.html, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text
