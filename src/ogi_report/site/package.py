"""The downloads of the overview: figures with a codebook, described as a data package (Frictionless, version 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ogi_report
from ogi_report.batch.contents import FIGURES_HEADER
from ogi_report.batch.summary import FINDINGS_HEADER
from ogi_report.figures import Kind
from ogi_report.forms import Form, official_forms
from ogi_report.readers.regular_files import sha256_of
from ogi_report.report.fragment import dump_json
from ogi_report.writers.files import csv_text

CODEBOOK_HEADER = ("key", "layout", "table", "row", "column", "label", "unit", "name")

COLUMNS: Mapping[str, tuple[str, str]] = {
    "agency": ("string", "机构代码，见机构名录"),
    "year": ("integer", "报告年度（数据截止于该年 12 月 31 日）"),
    "layout": ("string", "表样"),
    "table": ("string", "表的代码"),
    "row": ("string", "行的代码；local. 开头的是报告自加的行"),
    "column": ("string", "栏的代码"),
    "key": ("string", "单元格代码：表.行.栏；两套表样中代码相同的格含义相同"),
    "label": ("string", "单元格的官方标签"),
    "raw": ("string", "报告里写的原文；CSV 中以 = + @ 等开头的文字前加了一个单引号，以免被当作公式"),
    "kind": ("string", "number 数、blank 空白、placeholder 占位符号、text 文字"),
    "unit": ("string", "单位"),
    "value": ("number", "数值，按所列单位；没有数的为空，空白不是 0"),
    "name": ("string", "在 narrative.md 中引用该数的名称"),
}
"""Column of figures.csv and codebook.csv → (type, what it says)."""


def codebook_csv() -> str:
    """Returns what every cell of every layout means; joined to figures.csv by layout and key."""
    return csv_text(CODEBOOK_HEADER, (line for form in official_forms().values() for line in _cells(form)))


def _cells(form: Form) -> Iterator[Sequence[object]]:
    for spec in form.cells.values():
        yield (spec.key, form.id, spec.table, spec.record, spec.field, spec.label, spec.unit, spec.name)


def datapackage(folder: Path, *, findings: bool) -> str:
    """Returns datapackage.json for the files in a folder.

    Args:
        findings: whether findings.csv is among them.
    """
    schema = {"fields": [_field(name) for name in CODEBOOK_HEADER], "primaryKey": ["layout", "key"]}
    resources = [
        _csv(folder, "codebook", "codebook.csv", "单元格代码表", schema),
        _csv(folder, "figures", "figures.csv", "全部报告的数据，每格一行", _figures_schema()),
        {
            "name": "figures-parquet",
            "path": "figures.parquet",
            "title": "全部报告的数据（Parquet，内容与 figures.csv 相同）",
            "profile": "tabular-data-resource",
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "schema": _figures_schema(),
        },
    ]
    if findings:
        columns = [{"name": name, "type": "integer" if name == "年度" else "string"} for name in FINDINGS_HEADER]
        resources.append(_csv(folder, "findings", "findings.csv", "全部报告的问题清单", {"fields": columns}))
    told = {
        "profile": "data-package",
        "name": "ogi-report",
        "title": "政府信息公开工作年度报告数据",
        "version": ogi_report.__version__,
        "resources": resources,
    }
    return dump_json(told, indent=1) + "\n"


def _figures_schema() -> dict[str, Any]:
    kinds = {"constraints": {"enum": [str(kind) for kind in Kind]}}
    fields = [_field(name) | (kinds if name == "kind" else {}) for name in FIGURES_HEADER]
    return {"fields": fields, "primaryKey": ["agency", "year", "key"]}


def _csv(folder: Path, name: str, path: str, title: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A CSV file with its size and hash (readers of Parquet cannot check these, so there they are left out)."""
    return {
        "name": name,
        "path": path,
        "title": title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{sha256_of(folder / path)}",
        "schema": schema,
    }


def _field(name: str) -> dict[str, Any]:
    kind, description = COLUMNS[name]
    return {"name": name, "type": kind, "description": description}
