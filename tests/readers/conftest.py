"""Published pages made from figures, for the tests of the readers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ogi_report.figures import Figures
from ogi_report.forms import Form
from ogi_report.writers import IN_NOTEBOOK, write_html_table

PUBLISHED = Path(__file__).parents[1] / "published"

TEXTS = {
    1: "2031年，本局主动公开信息。下设：",
    5: "存在的主要问题是解读偏少；下一步将加强解读。",
    6: "本年度没有收取信息处理费。",
}


@pytest.fixture(scope="session")
def page() -> Callable[..., str]:
    """`page(figures)`: a plain web page with title, six chapters, three tables, and a site around it."""

    def build(figures: Figures, table: Callable[[Figures, str], str] | None = None) -> str:
        def own(figures: Figures, key: str) -> str:
            return write_html_table(figures.grid(key), figures.form.table(key).title, inline=IN_NOTEBOOK)

        year = figures.form.years.first
        parts = ['<div class="nav"><a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a></div>']
        parts.append(f"<h1>示例市示例局{year}年政府信息公开工作年度报告</h1>")
        parts.append(f"<p>发布时间：{year + 1}-01-20　来源：示例局　【字体：大 中 小】</p>")
        parts.append(f"<p>现将{year}年政府信息公开工作情况报告如下。</p>")
        for section in figures.form.sections:
            parts.append(f"<p><strong>{section.title}</strong></p>")
            parts.append(
                (table or own)(figures, section.table)
                if section.table
                else f"<p>{TEXTS.get(section.number, '正文。')}</p>"
            )
        parts.append('<div class="tool"><a>打印</a> <a>关闭</a></div><div>版权所有：示例市人民政府</div>')
        body = "\n".join(parts)
        return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>年报</title></head><body>{body}</body></html>'

    return build


@pytest.fixture(scope="session")
def published_figures(forms: dict[str, Form]) -> dict[str, Figures]:
    """Real figures of both layouts, by the name of their file."""
    found = {}
    for file in sorted(PUBLISHED.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        found[file.stem] = Figures.of(forms[told["layout"]], told["figures"])
    return found


@pytest.fixture(scope="session")
def same() -> Callable[[Figures, Figures], list[tuple[str, str, str]]]:
    """Cells that differ between what was published and what was read: (key, published, read); white space aside."""

    def compare(published: Figures, read: Figures) -> list[tuple[str, str, str]]:
        wrong = []
        keys = {key: key for key in published}
        local = [(t.key, r) for t in published.form.tables for r in t.records.values() if r.local]
        for table, record in local:
            twin = next(
                (r for r in read.form.table(table).records.values() if r.local and r.label == record.label), None
            )
            for name, cell in record.fields.items():
                keys[cell.key] = twin.fields[name].key if twin and name in twin.fields else "—"
        for key, other in keys.items():
            before = published.printed(key)
            after = read.printed(other) if other in read else "lost"
            if before != after:
                wrong.append((key, before, after))
        return wrong

    return compare
