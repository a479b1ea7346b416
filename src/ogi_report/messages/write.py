"""Writes the messages of a build into its folder `messages`: each as text, as HTML and as a draft; what is out of date goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ogi_report
from ogi_report.forms.workbook import FILE_NAME
from ogi_report.messages.content import Failure, ToAgency, ToOffice
from ogi_report.messages.letter import Attachment, Letter, as_draft, as_html, as_text, one_line
from ogi_report.messages.wording import Sender, agency_letter, maintainer_letter, office_letter
from ogi_report.report.fragment import dump_json
from ogi_report.report.params import AGENCY_ID
from ogi_report.writers.files import write_atomically

FOLDER, LIST = "messages", "messages.json"
DRAFT = ".eml"


@dataclass(frozen=True)
class Message:
    """A message that was written: its files are `stem` with a suffix, relative to the folder of messages."""

    kind: str
    stem: str
    letter: Letter
    about: tuple[str, int] | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def draft(self) -> str:
        """The file that a hook sends."""
        return f"{self.stem}{DRAFT}"

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """File name → content."""
        yield f"{self.stem}.txt", as_text(self.letter).encode()
        yield f"{self.stem}.html", as_html(self.letter).encode()
        yield self.draft, as_draft(self.letter, self.attachments)
        for file in self.attachments:
            yield f"{self.stem}.{file.name}", file.content

    def as_json(self) -> dict[str, Any]:
        agency, year = self.about or (None, None)
        return {
            "kind": self.kind,
            "agency": agency,
            "year": year,
            "to": self.letter.to or None,
            "subject": one_line(self.letter.subject),
            "files": [name for name, _ in self.contents()],
        }


def compose(
    agencies: Sequence[ToAgency],
    office: Sequence[ToOffice],
    failed: Sequence[Failure],
    sender: Sender,
) -> list[Message]:
    """Returns the messages: agencies first, then the overview for the office, then what the maintainer has to know.

    An agency whose id cannot be a file name (it is not of the roster) is told of in the overview only.
    """
    messages = []
    for told in agencies:
        if AGENCY_ID.fullmatch(told.body.agency):
            about = (told.body.agency, told.year)
            stem = f"{told.year}/{told.body.agency}"
            own = () if told.marked_up is None else (Attachment(FILE_NAME, told.marked_up),)
            messages.append(Message("agency", stem, agency_letter(told, sender), about, own))
    if office:
        messages.append(Message("office", "overview", office_letter(office, sender)))
    if failed:
        letter = maintainer_letter(failed, ogi_report.__version__, sender)
        messages.append(Message("maintainer", "maintainer", letter))
    return messages


def write_messages(folder: Path, messages: Sequence[Message], years: Sequence[int]) -> None:
    """Writes the messages and removes what an earlier call left for the same years: nobody may send it any more."""
    kept: set[Path] = set()
    for message in messages:
        for name, content in message.contents():
            write_atomically(folder / name, content, durable=False)
            kept.add(folder / name)
    ours = [folder / f"{name}{suffix}" for name in ("overview", "maintainer") for suffix in (".txt", ".html", DRAFT)]
    ours += [path for year in years if (folder / str(year)).is_dir() for path in (folder / str(year)).iterdir()]
    for path in ours:
        if path not in kept and path.is_file():
            path.unlink()
    listed = {"version": ogi_report.__version__, "messages": [message.as_json() for message in messages]}
    write_atomically(folder / LIST, dump_json(listed, indent=1) + "\n")
