"""Files to figures. Readers know forms and figures only."""

from ogi_report.readers.data_folder import ReportData, WrittenText, read_data, read_figures
from ogi_report.readers.document import Document, FoundCell, FoundTable, Paragraph, Piece
from ogi_report.readers.files import PUBLISHED_SUFFIXES, read_published
from ogi_report.readers.html import read_html
from ogi_report.readers.published import Published, PublishedChapter
from ogi_report.readers.recognise import recognise
from ogi_report.readers.text import read_text_document
from ogi_report.readers.text_files import read_text

__all__ = [
    "PUBLISHED_SUFFIXES",
    "Document",
    "FoundCell",
    "FoundTable",
    "Paragraph",
    "Piece",
    "Published",
    "PublishedChapter",
    "ReportData",
    "WrittenText",
    "read_data",
    "read_figures",
    "read_html",
    "read_published",
    "read_text",
    "read_text_document",
    "recognise",
]
