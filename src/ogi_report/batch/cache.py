"""What an earlier run made from what, so that the unchanged is not made again.

One line of JSON is appended for each report as soon as it is made; a run that is killed loses nothing but the report it was
at. The last line about a report counts, and half a line at the end is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ogi_report.batch.inputs import PARTS, Fingerprints, Stamp
from ogi_report.writers.files import write_atomically

JOURNAL = ".cache.jsonl"


@dataclass(frozen=True)
class Entry:
    """A report as it was made: the parts of its key, its result as plain values, and how its files look.

    Documents made of its page are kept apart: one that somebody has edited is no reason to make the report anew.
    """

    key: Mapping[str, str]
    result: Mapping[str, Any]
    files: Mapping[str, Stamp]
    documents: Mapping[str, Stamp] = field(default_factory=dict)


@dataclass
class Cache:
    """The journal of a build, by agency-year (`2024/jiaoyu_2024`)."""

    out: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    fingerprints: Fingerprints = field(default_factory=Fingerprints)

    @classmethod
    def read(cls, out: Path) -> Cache:
        """Reads a build's journal; one that cannot be read counts as none."""
        cache = cls(out)
        try:
            text = (out / JOURNAL).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return cache
        for line in text.splitlines():
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                if "document" in told:
                    cache._add_document(told["of"], told["document"], (told["stamp"][0], told["stamp"][1]))
                elif "file" in told:
                    cache.fingerprints.known[told["file"]] = (tuple(told["stamp"]), told["sha256"])
                else:
                    files, documents = _stamps(told["files"]), _stamps(told.get("documents", {}))
                    cache.entries[told["report"]] = Entry(told["key"], told["result"], files, documents)
        return cache

    def as_left(self, stem: str) -> bool:
        """Whether a report's files are as this run, or the one that made them, left them."""
        entry = self.entries.get(stem)
        return (
            entry is not None
            and bool(entry.files)
            and all(stamp_of(self.out / name) == stamp for name, stamp in entry.files.items())
        )

    def fresh(self, stem: str, key: Mapping[str, str]) -> Entry | None:
        """The entry of a report that was made from just this and whose files are as they were left, or None."""
        return None if self.reasons(stem, key) else self.entries[stem]

    def reasons(self, stem: str, key: Mapping[str, str]) -> list[str]:
        """Why a report has to be made, in Chinese; nothing if it need not."""
        entry = self.entries.get(stem)
        if entry is None:
            return ["还没有生成过"]
        changed = [name for name in PARTS if entry.key.get(name) != key.get(name)]
        if changed:
            return [f"{PARTS[name]}有变动" for name in changed]
        if not self.as_left(stem):
            return ["生成的文件被删除或改动"]
        return []

    def note(self, stem: str, key: Mapping[str, str], result: Mapping[str, Any], files: Iterable[str]) -> None:
        """Remembers a report that has just been made."""
        stamps = {name: stamp for name in files if (stamp := stamp_of(self.out / name)) is not None}
        self.entries[stem] = Entry(key, result, stamps)
        self._append({"report": stem, "key": key, "result": result, "files": stamps})

    def note_document(self, stem: str, name: str) -> None:
        """Remembers a document that has just been made of a report's page."""
        stamp = stamp_of(self.out / name)
        if stamp is not None and stem in self.entries:
            self._add_document(stem, name, stamp)
            self._append({"document": name, "of": stem, "stamp": stamp})

    def _add_document(self, stem: str, name: str, stamp: Stamp) -> None:
        entry = self.entries[stem]
        self.entries[stem] = replace(entry, documents={**entry.documents, name: stamp})

    def lacks(self, stem: str, name: str) -> bool:
        """Whether a document is not there as it was made of the report's page."""
        entry = self.entries.get(stem)
        made = entry.documents.get(name) if entry is not None else None
        return made is None or stamp_of(self.out / name) != made

    def forget(self, stem: str) -> None:
        """A report that could not be made is tried again next time."""
        if self.entries.pop(stem, None) is not None:
            self._append({"report": stem, "key": {}, "result": {}, "files": {}})

    def compact(self) -> None:
        """Writes the journal anew, with one line for each report and each input file."""
        lines = [
            {"report": stem, "key": e.key, "result": e.result, "files": e.files}
            | ({"documents": e.documents} if e.documents else {})
            for stem, e in sorted(self.entries.items())
            if e.key
        ]
        known = self.fingerprints.lasting
        files = [{"file": name, "stamp": stamp, "sha256": digest} for name, (stamp, digest) in known]
        text = "".join(json.dumps(line) + "\n" for line in (*lines, *files))
        with suppress(OSError):  # the journal saves work; without it all is made anew
            write_atomically(self.out / JOURNAL, text)

    def _append(self, line: Mapping[str, Any]) -> None:
        with suppress(OSError):
            self.out.mkdir(parents=True, exist_ok=True)
            with (self.out / JOURNAL).open("ab") as journal:
                # In one piece and on a line of its own, also after half a line that a full disk left.
                journal.write(b"\n" + json.dumps(line).encode() + b"\n")


def _stamps(told: Mapping[str, Any]) -> dict[str, Stamp]:
    return {name: (stamp[0], stamp[1]) for name, stamp in told.items()}


def stamp_of(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
