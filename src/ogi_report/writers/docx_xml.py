"""The XML of Word documents, built directly: elements, attributes, text."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def element(tag: str, **attributes: str) -> Any:
    """An element of Word's own namespace, `w:`."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """A new last child."""
    made = element(tag, **attributes)
    parent.append(made)
    return made


def add_text(run: Any, text: str) -> None:
    """Puts text into a run, its line breaks as Word's."""
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            child(run, "w:br")
        if line:
            made = child(run, "w:t")
            made.text = line
            made.set(qn("xml:space"), "preserve")


def clean(text: str) -> str:
    """Control characters cannot stand in XML; they come from copied web pages and mean nothing."""
    return _NOT_XML.sub("", text)
