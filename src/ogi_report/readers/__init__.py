"""Files to figures. Readers know forms and figures only."""

from ogi_report.readers.data_folder import FolderData, WrittenText, read_figures, read_folder
from ogi_report.readers.document import Document, FoundCell, FoundTable, Paragraph, Piece
from ogi_report.readers.files import PUBLISHED_SUFFIXES, read_published
from ogi_report.readers.html import read_html
from ogi_report.readers.ledger import LEDGERS, ledger_of_rows, ledger_of_sheet, read_ledger
from ogi_report.readers.published import Published, PublishedChapter
from ogi_report.readers.recognise import recognise
from ogi_report.readers.text import read_text_document
from ogi_report.readers.text_files import read_text

__all__ = [
    "LEDGERS",
    "PUBLISHED_SUFFIXES",
    "Document",
    "FolderData",
    "FoundCell",
    "FoundTable",
    "Paragraph",
    "Piece",
    "Published",
    "PublishedChapter",
    "WrittenText",
    "ledger_of_rows",
    "ledger_of_sheet",
    "read_figures",
    "read_folder",
    "read_html",
    "read_ledger",
    "read_published",
    "read_text",
    "read_text_document",
    "recognise",
]
