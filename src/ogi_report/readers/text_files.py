"""Text as clerks save it: UTF-8 with or without BOM, or GB18030 from Excel and WPS on Windows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ogi_report.errors import DataError
from ogi_report.readers.regular_files import read_bytes

MAX_BYTES = 5_000_000
"""A table or a narrative has some thousand; what has more is another file."""


def separated(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yields (line of the file, values) of a table saved as text, by whichever of comma, tab, semicolon its first line uses.

    Raises:
        csv.Error: a field without end, mostly an unpaired quotation mark.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    for line in reader:
        yield reader.line_num, line


def read_text(path: Path, shown: str, largest: int = MAX_BYTES) -> str:
    """Returns a text file's content.

    Raises:
        DataError: as `read_bytes`; also for what is really a workbook, or in another encoding.
    """
    content = read_bytes(path, shown, largest)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise DataError(f"{shown} 实际上是 Excel 工作簿，只是改了扩展名；请用“另存为”选择“CSV UTF-8（逗号分隔）”。")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{shown} 是 UTF-16 编码（“Unicode 文本”）；请用“另存为”选择“CSV UTF-8（逗号分隔）”。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise DataError(f"{shown} 的编码无法识别；请用“另存为”选择“CSV UTF-8（逗号分隔）”。")
