"""Every error that a user can cause, each with a Chinese message that says what, where and what to do.

    OgiError
    ├── UsageError              wrong command line, unknown engine or path          (exit status 2)
    │   └── ConfigError         params file or roster cannot be understood
    ├── DataError               the figures' files cannot be understood
    ├── NarrativeError          narrative.md cannot be rendered
    ├── FormError               a layout file contradicts itself                    (for authors of layouts)
    ├── RuleError               a rule is declared wrongly                          (for authors of rules)
    └── UnresolvedErrors        the report has unwaived findings of severity error

`OgiError` shows itself in a notebook as its message, without a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ogi_report.in_words import InWords


@dataclass(frozen=True, slots=True)
class Place(InWords):
    """Where something stands in a user's file; rows and columns are named by their Chinese labels."""

    file: str
    line: int | None = None
    row: str | None = None
    column: str | None = None

    def _in_words(self) -> str:
        text = self.file
        if self.line is not None:
            text += f" 第 {self.line} 行"
        if self.row:
            text += f"“{self.row}”"
        if self.column:
            text += f"的“{self.column}”列"
        return text


class OgiError(Exception):
    """Base of all errors that are explained to the user."""

    def __init__(self, message: str | Iterable[str]):
        self.messages: tuple[str, ...] = (message,) if isinstance(message, str) else tuple(message)
        super().__init__("\n".join(self.messages))

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback."""
        return [f"{type(self).__name__}：", *self.messages]


class UsageError(OgiError):
    """The command cannot be carried out as given."""


class ConfigError(UsageError):
    """A params file or the roster cannot be understood."""


class DataError(OgiError):
    """A data file cannot be understood; lists every problem found, not only the first."""


class NarrativeError(OgiError):
    """A narrative cannot be rendered."""


class FormError(OgiError):
    """A layout file contradicts itself."""


class RuleError(OgiError):
    """A rule is declared wrongly."""


class UnresolvedErrors(OgiError):
    """A report has findings of severity error that nobody has waived."""
