"""Figures to the CSV files that `ogi_report.readers` reads: row key, official label, one column per official column."""

from __future__ import annotations

import csv
import io

from ogi_report.figures import Figures, harmless


def write_table_csv(figures: Figures, table: str) -> str:
    """Returns one table's data file as text, with each cell as it was written, and the units stated in the headings."""
    spec = figures.form.table(table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    units = {key: f"（{unit}）" for key, unit in figures.units.items()}
    writer.writerow(["行代码", "项目", *(path.label + units.get(key, "") for key, path in spec.fields.items())])
    for record in spec.records.values():
        cells = (record.fields.get(column) for column in spec.fields)
        writer.writerow(
            [record.key, harmless(record.label), *(harmless(figures[cell.key].raw) if cell else "" for cell in cells)]
        )
    return out.getvalue()
