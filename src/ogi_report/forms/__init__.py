"""The official form as data: everything else is derived from what is declared here."""

from ogi_report.forms.equations import Equation, Term, carried_over, compile_equation, derived_quantities, equations
from ogi_report.forms.grid import Grid, Role, Slot, build_grid
from ogi_report.forms.labels import normalise, numeral, without_numbering
from ogi_report.forms.load import form_for_year, in_succession, load_form, official_forms, parse_form, prescribed_layout
from ogi_report.forms.model import SEVERITIES, EquationSpec, Form, LocalRow, Section, Table
from ogi_report.forms.parts import Block, CellSpec, Column, Record, Row

__all__ = [
    "SEVERITIES",
    "Block",
    "CellSpec",
    "Column",
    "Equation",
    "EquationSpec",
    "Form",
    "Grid",
    "LocalRow",
    "Record",
    "Role",
    "Row",
    "Section",
    "Slot",
    "Table",
    "Term",
    "build_grid",
    "carried_over",
    "compile_equation",
    "derived_quantities",
    "equations",
    "form_for_year",
    "in_succession",
    "load_form",
    "normalise",
    "numeral",
    "official_forms",
    "parse_form",
    "prescribed_layout",
    "without_numbering",
]
