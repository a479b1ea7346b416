"""Text as clerks save it: UTF-8 with or without BOM, or GB18030 from Excel and WPS on Windows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ogi_report.errors import DataError, system_reason
from ogi_report.readers.regular_files import FileTooLarge, read_regular

MAX_BYTES = 5_000_000


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


def read_bytes(path: Path, shown: str, largest: int = MAX_BYTES) -> bytes:
    """Returns a file's content.

    Raises:
        DataError: missing, unreadable or too large; `shown` names the file to the user.
    """
    try:
        return read_regular(path, largest)
    except FileTooLarge:
        raise DataError(
            f"{shown} 超过 {largest // 1_000_000} MB，不像是一份年度报告的文件；请检查是否放错了文件。"
        ) from None
    except FileNotFoundError:
        raise DataError(f"找不到 {shown}；请放入该文件后再运行。") from None
    except OSError as error:
        raise DataError(f"无法读取 {shown}（{system_reason(error)}）；请检查文件权限，或是否被其他程序占用。") from None


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
