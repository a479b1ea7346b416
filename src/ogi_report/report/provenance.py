"""What a page says of its origin: enough to find out whether it is still what the files of today would give."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ogi_report
from ogi_report.forms import Form
from ogi_report.in_words import InWords
from ogi_report.readers.regular_files import sha256_of
from ogi_report.report.project import ROSTER, Project
from ogi_report.report.roster import Body


@dataclass(frozen=True)
class Provenance(InWords):
    """From what a report was made. Nothing here differs between two runs on the same inputs, whenever and wherever.

    The commit and the time are not among it: they change without any input changing, so they stand in the manifest.
    """

    program: str
    """Version of this package."""
    layout: str
    """Id of the layout, and its version as its file declares it."""
    inputs: str
    """One SHA-256 over the report's own files and its line of the roster, the first sixteen digits."""

    def _in_words(self) -> str:
        return f"由 {self.program}、表样 {self.layout}、输入 SHA-256 {self.inputs} 得出"

    @property
    def meta(self) -> Mapping[str, str]:
        """Name → content of the `meta` elements of both pages; says nothing that is not public."""
        return {"generator": self.program, "ogi-layout": self.layout, "ogi-inputs": f"sha256-{self.inputs}"}


def data_files(project: Project, agency: str, year: int) -> list[Path]:
    """Everything in the data folder of an agency-year, in order."""
    return sorted(project.data_folder(agency, year).glob("*"))


def marks_of(project: Project, paths: Iterable[Path]) -> dict[str, str]:
    """Returns the start of the SHA-256 of each file that is there, by the name that messages use."""
    return {project.shown(path): sha256_of(path)[:16] for path in paths if path.is_file()}


def provenance(form: Form, body: Body, files: Mapping[str, str]) -> Provenance:
    """Returns what a report is made from.

    Args:
        files: name → SHA-256 of each file (or of whatever it is made from); the roster as a whole may be among them and
            does not count, since it changes with every other body.
    """
    own = {name.rpartition("/")[2]: digest for name, digest in files.items()}
    parts = [repr(body), *(f"{name}={digest}" for name, digest in own.items() if name != ROSTER)]
    inputs = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return Provenance(f"ogi-report {ogi_report.__version__}", f"{form.id} v{form.version}", inputs)
