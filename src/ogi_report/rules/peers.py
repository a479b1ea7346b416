"""The reports of one year side by side: parent and children, and agencies among each other."""

from __future__ import annotations

from dataclasses import dataclass

from ogi_report.rules.context import Context


@dataclass(frozen=True)
class Peers:
    """Reports of one year, each with its own figures and text, and what is missing among them.

    `expected` maps the agency ids that the roster lists to their names; those without a report are the gaps.
    """

    reports: tuple[Context, ...]
    expected: dict[str, str]
