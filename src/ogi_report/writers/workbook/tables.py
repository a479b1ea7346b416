"""The sheet of one official table: its grid to fill in, its equations beside and below it, a note on each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ogi_report.forms import CellSpec, Role
from ogi_report.forms.workbook import COLUMNS, RETURNED, VALUES, sheet_mark
from ogi_report.writers.text import display_width
from ogi_report.writers.workbook import places as at
from ogi_report.writers.workbook.cells import mark_prefilled, mark_wrong_entries, protect, validate, write_raw
from ogi_report.writers.workbook.checks import Checked, Checks, write_summary
from ogi_report.writers.workbook.content import FormContent
from ogi_report.writers.workbook.places import GRID, KEYS, Places
from ogi_report.writers.workbook.styles import Styles

NOTE_WIDTH = 58
_GAP = 2
_LINE_HEIGHT = 17


@dataclass
class TableSheet:
    """A table's sheet under construction."""

    sheet: Any
    styles: Styles
    content: FormContent
    places: Places
    checked: list[Checked] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)

    def write(self) -> list[Checked]:
        """Writes the sheet; returns where each of the table's equations is checked."""
        self._columns()
        self._grid()
        self._keys()
        self._numbers()
        self._own_rows()
        checks = Checks(self.sheet, self.styles, self.content, self.places)
        self.checked = checks.write()
        self._notes(checks.right)
        self._head()
        self._printing()
        protect(self.sheet)
        return self.checked

    # -- the official table ---------------------------------------------------------------------------------------

    def _columns(self) -> None:
        self.sheet.set_column(KEYS, KEYS, 4, None, {"hidden": True})
        stub, grid = self.places.stub_width, self.places.grid
        narrow = grid.width - stub > _MANY
        for col in range(grid.width):
            if col < stub:
                width = 34 if col == stub - 1 else 16
            else:
                width = 8 if narrow else 10 if grid.width - stub > 3 else 18
            self.widths[GRID + col] = width
            self.sheet.set_column(GRID + col, GRID + col, width)
        self.sheet.set_column(self.places.right, self.places.right, _GAP)

    def _grid(self) -> None:
        lines: dict[int, int] = {}
        units = self._stated_units()
        for slot in self.places.grid.slots:
            if slot.role is not Role.VALUE:
                style = self.styles.of("stub" if slot.role is Role.STUB else "head")
                text = slot.text + units.get((slot.row, slot.col), "")
                row, col = self.places.spot(slot)
                self._box(row, col, slot.rowspan, slot.colspan, text, style)
                width = sum(self.widths[col + i] for i in range(slot.colspan)) - 1
                needed = -(-display_width(text) // width)
                lines[row] = max(lines.get(row, 1), -(-needed // slot.rowspan))
        for row, needed in lines.items():
            self.sheet.set_row(row, max(22, 6 + needed * _LINE_HEIGHT))

    def _stated_units(self) -> dict[tuple[int, int], str]:
        """Units that a source stated in headings that officially have none, by the heading's place on the grid."""
        found = {}
        for slot in self.places.grid.slots:
            unit = self.content.figures.units.get(self.places.table.cells[slot.key].field) if slot.key else None
            if unit:
                head = [header for header in self.places.grid.headers(slot) if header.role is Role.COLUMN][-1]
                found[head.row, head.col] = f"（{unit}）"
        return found

    def _box(self, row: int, col: int, height: int, width: int, text: str, style: Any) -> None:
        if height > 1 or width > 1:
            self.sheet.merge_range(row, col, row + height - 1, col + width - 1, "", style)
        self.sheet.write_string(row, col, text, style)

    def _keys(self) -> None:
        """The hidden keys of rows and columns, by which the workbook is read wherever its parts are moved to."""
        table = self.places.table
        self.sheet.write_string(0, KEYS, sheet_mark(table.key))
        self.sheet.write_string(at.RETURNED, KEYS, RETURNED)
        for number, rows in enumerate(self.places.blocks):
            self.sheet.write_string(rows.keys, KEYS, COLUMNS)
            self.sheet.set_row(rows.keys, None, None, {"hidden": True})
            records = [record for record in table.records.values() if record.block == number]
            for record in records:
                for spec in record.fields.values():
                    row, col = self.places.values[spec.key]
                    name = spec.field if table.has_stub else spec.key.removeprefix(f"{table.key}.")
                    self.sheet.write_string(rows.keys, col, name)
                    if table.has_stub:
                        self.sheet.write_string(row, KEYS, record.key)
            if not table.has_stub:
                self.sheet.write_string(rows.first, KEYS, VALUES)

    def _numbers(self) -> None:
        style = self.styles.of("number")
        for slot in self.places.grid.slots:
            if slot.key:
                spec = self.places.table.cells[slot.key]
                row, col = self.places.spot(slot)
                if slot.colspan > 1:
                    self.sheet.merge_range(row, col, row, col + slot.colspan - 1, "", style)
                self._number(row, col, spec, self.content.figures[spec.key].raw, style)
                if not self.places.table.has_stub:
                    self.sheet.set_row(row, 30)
        self._wrong_entries()

    def _number(self, row: int, col: int, spec: CellSpec, raw: str, style: Any) -> None:
        write_raw(self.sheet, row, col, raw, style, self.styles.of("number_as_text"))
        whence = self.content.prefilled.get(spec.key)
        validate(self.sheet, row, col, spec, whence)
        if whence is not None:
            mark_prefilled(self.sheet, self.styles, row, col, raw)

    def _wrong_entries(self) -> None:
        for number, rows in enumerate(self.places.blocks):
            last = rows.end + sum(row.block == number for row in self.places.own_rows) - 1
            for spec in self._leaves(number):
                col = self.places.values[spec.key][1]
                mark_wrong_entries(self.sheet, self.styles, (rows.first, col, last, col), spec)

    def _leaves(self, block: int) -> Iterator[CellSpec]:
        """One cell for each column of a block."""
        records = [record for record in self.places.table.records.values() if record.block == block]
        for record in records if not self.places.table.has_stub else records[:1]:
            yield from record.fields.values()

    def _own_rows(self) -> None:
        for own in self.places.own_rows:
            self.sheet.write_string(own.row, KEYS, own.key)
            self.sheet.set_row(own.row, 20)
            label, number = self.styles.of("own_label"), self.styles.of("own_number")
            self._box(own.row, GRID, 1, self.places.stub_width, own.label, label)
            self.sheet.data_validation(own.row, GRID, own.row, GRID, _OWN_ROW)
            for spec in self._leaves(own.block):
                col = self.places.values[spec.key][1]
                span = next(s.colspan for s in self.places.grid.slots if s.key == spec.key)
                if span > 1:
                    self.sheet.merge_range(own.row, col, own.row, col + span - 1, "", number)
                self.sheet.write_blank(own.row, col, None, number)

    # -- around it ------------------------------------------------------------------------------------------------

    def _notes(self, col: int) -> None:
        """What is counted in a row and by which article, beside the row; in a table without stub below everything."""
        self.sheet.set_column(col, col, NOTE_WIDTH)
        table = self.places.table
        head = False
        for record in table.records.values():
            leaf = record.path.leaf
            text = _note(leaf.meaning, leaf.note)
            if text and table.has_stub:
                row = self.places.values[next(iter(record.fields.values())).key][0]
                self.sheet.write_string(row, col, text, self.styles.of("note"))
                head = True
        if head:
            self.sheet.write_string(self.places.blocks[0].keys - 1, col, "填报说明", self.styles.of("note_head"))
        for own in self.places.own_rows:
            self.sheet.write_string(
                own.row, col, "可以自行增加一行：写上名称再填数；不用就空着。", self.styles.of("note")
            )

    def _head(self) -> None:
        table, styles = self.places.table, self.styles
        last = max(self.places.right - 1, GRID + 5)
        self.sheet.set_row(at.TITLE, 30)
        self.sheet.write_string(
            at.TITLE, GRID, f"{table.name}　{table.title}（{self.content.year} 年）", styles.of("title")
        )
        self.sheet.merge_range(at.SUMMARY, GRID, at.SUMMARY, last, "", styles.of("summary"))
        write_summary(self.sheet, at.SUMMARY, GRID, self.checked, styles)
        self.sheet.set_row(at.SUMMARY, 24)
        self.sheet.merge_range(at.LEGEND, GRID, at.LEGEND, last, _LEGEND, styles.of("legend"))
        self.sheet.set_row(at.LEGEND, 30)
        self.sheet.write_blank(at.RETURNED, GRID, None, styles.of("link"))
        first = self.places.blocks[0].first
        if len(self.places.blocks) == 1:
            self.sheet.freeze_panes(first, GRID + self.places.stub_width if table.has_stub else 0)
        else:
            self.sheet.freeze_panes(at.TOP, 0)

    def _printing(self) -> None:
        sheet, places = self.sheet, self.places
        wide = places.grid.width > _UPRIGHT
        sheet.set_paper(9)
        if wide:
            sheet.set_landscape()
        sheet.print_area(0, GRID, places.bottom - 1, places.right - 1)
        sheet.fit_to_pages(1, 1)
        sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_MARGIN, bottom=_MARGIN)
        sheet.center_horizontally()
        sheet.set_footer("&C&A　第 &P 页，共 &N 页")
        if places.grid.header_rows:
            sheet.repeat_rows(places.blocks[0].top, places.blocks[0].keys - 1)


_MANY, _UPRIGHT = 10, 4
_MARGIN = 3 / 5
_LEGEND = (
    "白色格填数，没有的填 0；黄色格是按上年数据预填的，请核对，可以改；绿色行可以自行增加；其余已锁定。"
    "表旁的“核对”随填随算：✔ 相符，✖ 不符，？ 还不能定。"
)
_OWN_ROW = {
    "validate": "any",
    "input_title": "自行增加的行",
    "input_message": "表样之外确需增加的行，请在此写名称，再在右边填数；不需要就空着。",
}


def _note(meaning: str | None, law: str | None) -> str:
    return f"{meaning or ''}（{law}）" if law and meaning else meaning or law or ""
