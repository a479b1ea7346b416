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

import errno
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


_SYSTEM = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EROFS: "磁盘是只读的",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "文件不存在",
    errno.EEXIST: "同名的文件已经存在",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "是文件，不是文件夹",
    errno.ENODEV: "不是普通文件",
    errno.ENXIO: "不是普通文件",
    errno.ELOOP: "链接绕成了圈",
    errno.EIO: "磁盘读写出错",
    errno.ENOMEM: "内存不足",
    errno.EAGAIN: "系统资源不足",
    errno.EMFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EBUSY: "文件正被其他程序占用",
}


def system_reason(error: OSError) -> str:
    """Says in Chinese why the system refused something.

    >>> system_reason(FileNotFoundError(2, "No such file or directory"))
    '文件不存在'
    """
    return _SYSTEM.get(error.errno or 0) or error.strerror or type(error).__name__


def printable_name(name: str) -> str:
    """Returns a file's name as text that can be written anywhere: names from old Windows archives are in GB18030.

    >>> printable_name("表一.csv"), printable_name("表一.csv".encode("gb18030").decode("utf-8", "surrogateescape"))
    ('表一.csv', '表一.csv')
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("gb18030", "replace")
    return name


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
