"""Tables that are no official form: one head, and one line for each thing that is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from ogi_report.writers.html import style_attribute
from ogi_report.writers.text import display_width, pad


@dataclass(frozen=True, slots=True)
class TableLook:
    """How a table looks: values of `style` attributes, for places that drop style sheets; an empty one writes none.

    `cell` may depend on the text. With `stub`, the first cell of each line is the line's heading and looks so; without, no
    line has a heading. `name` is the table's class.
    """

    table: str = ""
    head: str = ""
    cell: str | Callable[[str], str] = ""
    stub: str | None = None
    caption: str = ""
    name: str = ""


def write_plain_table(header: Sequence[str], lines: Iterable[Sequence[str]], look: TableLook, caption: str = "") -> str:
    """Returns a `table` with its head repeated on printed pages; every text is escaped."""
    heads = "".join(f'<th scope="col"{style_attribute(look.head)}>{escape(name)}</th>' for name in header)
    body = "".join(f"<tr>{_line(line, look)}</tr>" for line in lines)
    named = f' class="{look.name}"' if look.name else ""
    told = f"<caption{style_attribute(look.caption)}>{escape(caption)}</caption>" if caption else ""
    return (
        f"<table{named}{style_attribute(look.table)}>{told}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _line(line: Sequence[str], look: TableLook) -> str:
    own = f'<th scope="row"{style_attribute(look.stub)}>{escape(line[0])}</th>' if look.stub is not None else ""
    return own + "".join(_cell(text, look.cell) for text in (line[1:] if own else line))


def _cell(text: str, style: str | Callable[[str], str]) -> str:
    return f"<td{style_attribute(style if isinstance(style, str) else style(text))}>{escape(text)}</td>"


def write_plain_text(header: Sequence[str], lines: Iterable[Sequence[str]], *, numbers: bool = False) -> list[str]:
    """Returns the lines of the same table for a terminal, its columns one below the other.

    Args:
        numbers: all columns but the first hold numbers, which stand to the right.
    """
    cells = [header, *lines]
    widths = [max(display_width(line[n]) for line in cells) for n in range(len(header))]
    return [
        "  ".join(
            pad(text, width, right=numbers and n > 0) for n, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
