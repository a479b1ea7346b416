"""Writes what is generated under docs/: rules, codebook, file formats, the form's picture. CI fails if it is not current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from form_picture import picture
from formats_page import formats_page

from ogi_report.forms import EquationSpec, derived_quantities, official_forms
from ogi_report.rules import catalogue
from ogi_report.rules.examples import context_of
from ogi_report.rules.rule import Rule, Tally, confront

DOCS = Path(__file__).parent.parent / "docs"
NOTE = "<!-- 本页由 make docs 生成，请勿手改。 -->"


def rules_page() -> Iterator[str]:
    rules = catalogue()
    equations = {spec.id: spec for form in official_forms().values() for spec in form.equations}
    yield f"# 规则一览\n\n{NOTE}\n\n共 {len({rule.id for rule in rules})} 条规则。强制性：必须改正，否则不能发布；核实性：改正或说明；提示：供参考。"
    yield "空白不当作 0：涉及空白格的规则，按 0 读也成立的记为“空白按 0 成立”，无论怎样填都不成立的才算不成立，其余不适用。\n"
    yield "| 规则 | 级别 | 说明 |\n|---|---|---|"
    for rule in rules:
        yield f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.chinese} | {rule.title} |"
    described: set[str] = set()
    for rule in rules:
        if rule.id not in described:
            yield f"\n## {rule.id}\n"
            described.add(rule.id)
        yield from _describe(rule, equations.get(rule.id))


def _describe(rule: Rule, equation: EquationSpec | None) -> Iterator[str]:
    yield f"{rule.title}。\n"
    yield f"- 级别：{rule.severity.chinese}（{rule.severity}）"
    yield f"- 对象：{rule.where}"
    yield f"- 来源：{rule.source}"
    if equation is not None:
        yield from (f"- 算式：`{line}`" for line in equation.holds)
        layouts = [form.name for form in official_forms().values() if rule.id in {spec.id for spec in form.equations}]
        yield f"- 表样：{'、'.join(layouts)}"
    for example in rule.fires[:1]:
        finding = next(iter(confront(rule, context_of(example), Tally())))
        yield f"- 例：{finding.message}"
    yield ""


def codebook_page() -> Iterator[str]:
    yield f"# 单元格代码\n\n{NOTE}\n\n每个数字格有一个固定的代码 `表.行.列`，两套表样中含义相同的格代码相同，可以跨年连接。"
    yield "“名称”是在 narrative.md 中引用该数的写法，如 `{{ 本年新收 }}`。"
    for form in official_forms().values():
        last = form.years.last or "今"
        yield f"\n## {form.name}（{form.notice}，{form.years.first}–{last} 年度）"
        for table in form.tables:
            yield f"\n### {table.name}　{table.title}（`{table.key}`）\n\n| 代码 | 标签 | 单位 | 名称 | 填报说明 |\n|---|---|---|---|---|"
            for spec in table.cells.values():
                yield f"| `{spec.key}` | {spec.label} | {spec.unit} | {spec.name} | {spec.explained} |"
        yield "\n### 推算的数（表上不印，由上列各格相加）\n\n| 代码 | 名称 | 等于 |\n|---|---|---|"
        for key, (name, terms) in derived_quantities(form).items():
            if key.endswith(".total") or len(terms) <= 2:
                yield f"| `{key}` | {name} | {' + '.join(f'`{term.cell}`' for term in terms)} |"


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    for name, lines in (
        ("rules.md", rules_page()),
        ("codebook.md", codebook_page()),
        ("formats.md", formats_page(NOTE)),
        ("images/form.svg", [picture()]),
    ):
        (DOCS / name).write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
