"""A file's paragraphs and tables to a published report: the one recogniser behind every format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ogi_report.forms import Form, official_forms
from ogi_report.readers.chapters import read_words
from ogi_report.readers.document import Document
from ogi_report.readers.index_block import index_block
from ogi_report.readers.published import Published
from ogi_report.readers.reading import read_pieces
from ogi_report.readers.segments import layouts_by_labels, segments
from ogi_report.readers.table_reading import figures_of
from ogi_report.readers.vocabulary import vocabulary


def recognise(document: Document, year: int | None = None, forms: Sequence[Form] | None = None) -> Published:
    """Finds the official tables and chapters in a document and reads them into a form's cells.

    Tables are found by their labels. What cannot be placed for certain stays blank and is told as a doubt; a table
    that is not there has all its rows missing.

    Args:
        year: the report year, if it is known; it decides the layout only where labels do not.
        forms: the layouts to choose from, oldest first (the official ones).
    """
    known = tuple(forms) if forms is not None else tuple(official_forms().values())
    fits = layouts_by_labels(document, known)
    words = read_words(document, known[-1], year)
    form = _layout(fits, known, words.year)
    pieces = segments(document, vocabulary(form))
    readings = [
        read_pieces(pieces[table.key], vocabulary(form).tables[table.key], document.shown) for table in form.tables
    ]
    layouts = {r.table.key: _layout_of_table(fits.get(r.table.key, {}), form) for r in readings if r.is_there}
    figures = figures_of(form, readings, layouts, (document.shown,))
    block = index_block(document, words.opening)
    return Published(
        document.shown,
        figures,
        words.title,
        words.lead_in,
        words.chapters,
        words.year,
        words.agency_name,
        block.published_on or words.published_on,
        block.index_no,
        block.issuer,
    )


def _layout(fits: Mapping[str, Mapping[str, int]], forms: Sequence[Form], year: int | None) -> Form:
    """The form whose labels fit best over all tables; among equals that of the year, else the newest."""
    total = {form.id: sum(fit.get(form.id, 0) for fit in fits.values()) for form in forms}
    best = max(total.values())
    equal = [form for form in forms if total[form.id] == best]
    of_year = [form for form in equal if year is not None and year in form.years]
    return (of_year or equal)[-1]


def _layout_of_table(fit: Mapping[str, int], form: Form) -> str:
    """The layout of one table by its own labels; that of the report where they do not tell."""
    best = max(fit.values(), default=0)
    return form.id if fit.get(form.id, best) == best else next(key for key, value in fit.items() if value == best)
