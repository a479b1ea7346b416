"""The index block of a published page: 索引号, 发布机构, 发布日期, in a line each or in a small table above the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ogi_report.readers.document import Document, FoundTable

_INDEX_NO = re.compile(r"索引号")
_ISSUER = re.compile(r"发布机构|发文机构|公开机构|信息来源|来源")
_DATED = re.compile(r"发布日期|发布时间|公开日期|公布日期")
_NAMED = re.compile(
    r"(索引号|发布机构|发文机构|公开机构|信息来源|来源|发布日期|发布时间|公开日期|公布日期)[：:]\s*(.*?)"
    r"(?=\s*(?:[\[【（(|]|$)|\s+\S{2,8}[：:]|\s{2,})"
)
_DATE = re.compile(r"(20\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class IndexBlock:
    """What a page says above the report; what it does not say, or says in two ways, is None."""

    index_no: str | None = None
    issuer: str | None = None
    published_on: date | None = None


def index_block(document: Document, until: int) -> IndexBlock:
    """Reads the block from the pieces before the one numbered `until`, where the first chapter begins."""
    said = [(name, value.strip()) for name, value in _pairs(document, until) if 0 < len(value.strip()) <= _LONGEST]
    dates = {found for name, value in said if _DATED.fullmatch(name) and (found := date_in(value))}
    return IndexBlock(
        _only(value for name, value in said if _INDEX_NO.fullmatch(name) and re.search(r"[0-9A-Za-z]", value)),
        _only(value for name, value in said if _ISSUER.fullmatch(name)),
        dates.pop() if len(dates) == 1 else None,
    )


def _pairs(document: Document, until: int) -> Iterator[tuple[str, str]]:
    """(label, what is said) wherever the two stand: in one line, in neighbouring cells, in a line and the next."""
    lines: list[str] = []
    for piece in document.pieces[:until]:
        if isinstance(piece, FoundTable):
            for row in piece.rows():
                texts = [" ".join(cell.text.split()) for cell in row]
                yield from ((_closed(label).rstrip("：:"), value) for label, value in pairwise(texts))
                lines += texts
        else:
            lines += [" ".join(line.split()) for line in piece.text.split("\n") if line.strip()]
    for line in lines:
        yield from _NAMED.findall(_SPREAD.sub("", line).replace("【", " ").replace("】", " "))
    yield from ((_closed(label).rstrip("：:"), value) for label, value in pairwise(lines))


_SPREAD = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff]{1,3}\s*[：:])")
"""Labels are spread with spaces to one width: 索 引 号："""


def _closed(label: str) -> str:
    return re.sub(r"\s", "", label)


def date_in(text: str) -> date | None:
    """The date that a text holds, or None if there is none or no such day."""
    match = _DATE.search(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _only(values: Iterator[str]) -> str | None:
    found = list(dict.fromkeys(values))
    return found[0] if len(found) == 1 else None
