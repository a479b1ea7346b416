"""A letter, whatever it says: as plain text, as HTML for a mail program, as a draft (.eml) with both and its attachments."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

_ADDRESS = re.compile(r"([A-Za-z0-9._%+-]{1,64})@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")


@dataclass(frozen=True)
class Item:
    """One point of a list: what it says, and lines that belong to it."""

    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a letter: a heading (or none), paragraphs, numbered points."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What is written to whom; `to` is a mail address or empty. Subject and greeting are single lines, whatever they are made from."""

    subject: str
    greeting: str
    sections: tuple[Section, ...]
    signature: str = ""
    to: str = ""


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes


def one_line(text: str) -> str:
    """A text without line breaks and control characters: a name from a roster must not become a header of its own."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def address(text: str | None) -> str:
    """A mail address as it is, or nothing if it is none.

    >>> address("xxgk@yunxi.example"), address("办公室"), address("a@b.example, c@d.example")
    ('xxgk@yunxi.example', '', '')
    """
    return text.strip() if text is not None and _ADDRESS.fullmatch(text.strip()) else ""


def as_text(letter: Letter) -> str:
    """The letter as plain text, its subject on the first line."""
    return "\n".join([f"主题：{one_line(letter.subject)}", "", *_text_lines(letter)]) + "\n"


def _text_lines(letter: Letter) -> Iterator[str]:
    yield f"{one_line(letter.greeting)}："
    for section in letter.sections:
        yield ""
        if section.heading:
            yield section.heading
            yield ""
        yield from section.paragraphs
        for number, item in enumerate(section.items, start=1):
            yield f"{number}. {one_line(item.text)}"
            yield from (f"   {one_line(line)}" for line in item.lines)
    if letter.signature:
        yield from ("", one_line(letter.signature))


_BODY = "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif;font-size:15px;line-height:1.7;color:#222;max-width:46em"


def as_html(letter: Letter) -> str:
    """The letter as a page with styles on its elements, as mail programs want them; nothing is fetched."""
    subject = escape(one_line(letter.subject))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<title>{subject}</title>\n</head>\n'
        f'<body style="{_BODY}">\n' + "\n".join(_html_parts(letter)) + "\n</body>\n</html>\n"
    )


def _html_parts(letter: Letter) -> Iterator[str]:
    yield f"<p>{escape(one_line(letter.greeting))}：</p>"
    for section in letter.sections:
        if section.heading:
            yield f'<h2 style="font-size:16px;margin:1.2em 0 .4em">{escape(section.heading)}</h2>'
        yield from (f"<p>{escape(text)}</p>" for text in section.paragraphs)
        if section.items:
            points = "\n".join(_html_item(item) for item in section.items)
            yield f'<ol style="padding-left:1.6em;margin:.3em 0">\n{points}\n</ol>'
    if letter.signature:
        yield f'<p style="text-align:right">{escape(one_line(letter.signature))}</p>'


def _html_item(item: Item) -> str:
    lines = "".join(
        f'<br><span style="color:#555;font-size:14px">{escape(one_line(line))}</span>' for line in item.lines
    )
    return f'<li style="margin:.4em 0">{escape(one_line(item.text))}{lines}</li>'


def as_draft(letter: Letter, attachments: Sequence[Attachment] = ()) -> bytes:
    """The letter as a mail that programs open as a draft; whoever sends it adds sender, date and number.

    The same letter gives the same bytes: what separates its parts is made from its content.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = one_line(letter.subject)
    if (to := address(letter.to)) != "":
        name, _, domain = to.partition("@")
        mail["To"] = Address(username=name, domain=domain)
    mail["X-Unsent"] = "1"
    text, html = "\n".join(_text_lines(letter)) + "\n", as_html(letter)
    mail.set_content(text, cte="base64")
    mail.add_alternative(html, subtype="html", cte="base64")
    for file in attachments:
        mail.add_attachment(file.content, "application", "octet-stream", filename=file.name)
    seed = hashlib.sha256("\0".join([text, html, *(file.name for file in attachments)]).encode()).hexdigest()
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"ogi-{number}-{seed[:32]}")
    return mail.as_bytes()
