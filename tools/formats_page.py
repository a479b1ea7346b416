"""`docs/formats.md`: every file that people write or read, with its columns and settings as the program declares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from ogi_report.audit.outputs import FILES_HEADER, RULES_HEADER
from ogi_report.audit.outputs import FINDINGS_HEADER as AUDIT_HEADER
from ogi_report.batch.contents import FIGURES_HEADER
from ogi_report.batch.result import Result
from ogi_report.batch.summary import FINDINGS_HEADER
from ogi_report.documents.formats import DOCUMENTS
from ogi_report.figures import Figures
from ogi_report.forms import official_forms
from ogi_report.ledger import headings_of
from ogi_report.report.findings import report_json
from ogi_report.report.local_rules import ChangesSettings, LocalEquation
from ogi_report.report.params import Fee, Params, Waiver
from ogi_report.report.roster import COLUMNS as ROSTER_COLUMNS
from ogi_report.report.roster import LEVELS
from ogi_report.rules import Context, check
from ogi_report.site.package import CODEBOOK_HEADER
from ogi_report.site.package import COLUMNS as FIGURES_COLUMNS
from ogi_report.site.pages import DOWNLOADS
from ogi_report.summary.run import HEADER as SUMMARY_HEADER
from ogi_report.writers import write_table_csv

LEVELS_SAID = "、".join(f"`{level}`（{name}）" for level, name in LEVELS.items())

ROSTER = {
    "agency": "机构代码：小写字母、数字、`-`、`_`，用在文件名里，定了就不要再改（必填）",
    "name": "全称，用作题名（必填）",
    "short_names": "简称，几个之间用分号；核对正文时都认，第一个用于文字",
    "level": f"层级：{LEVELS_SAID}；决定公布期限和适用的规则",
    "parent": "上级的机构代码，用于汇总",
    "website": "网址，须与正文中写的一致",
    "contact": "联系部门或联系人，用于默认文字",
}
PARAMS = {
    "agency": "机构代码，与文件名相同（必填）",
    "year": "报告年度，与文件夹相同（必填）",
    "layout": '表样，如 `"2019"`；不写则按年度选定',
    "notebook": "本机构专用的笔记本（`notebooks/` 下的文件名）；不写则用模板",
    "scope": "`own` 本机关（默认）；`government_wide` 本级政府汇总，与下级合计核对",
    "published_on": "公布日期，如 2025-01-25",
    "index_no": "索引号",
    "doc_no": "文号",
    "fee": "信息处理费，第六章用，见下",
    "waivers": "豁免，见下；可由 `ogi-report waive` 写入",
}
FEE = {
    "notices": "发出收费通知的件数",
    "amount_notified_yuan": "通知收取的金额（元）",
    "amount_collected_yuan": "实际收取的金额（元）",
}
WAIVER = {
    "rule": "规则编号",
    "reason": "理由，至少 4 个字",
    "by": "由谁同意",
    "on": '哪一天；写作 `"on"`，加引号',
    "cells": "单元格代码和当时的值；值一变豁免就失效",
    "quote": "引用的句子；句子一改豁免就失效",
    "message": "问题的内容（没有单元格和引文的问题）；内容一变豁免就失效",
}
RULE = {
    "id": "编号，以 `LOCAL-` 开头",
    "table": "`disclosure` 表二、`applications` 表三、`remedies` 表四",
    "each": "`column` 每一列、`row` 每一行、`group` 每一栏、`table` 整张表",
    "severity": "`error` 强制性、`warning` 核实性、`note` 提示",
    "title": "一句话说明什么应当成立",
    "holds": "算式，见[本地规则](own-rules.md)",
    "source": "依据，可不写",
    "optional": "没有这些格的表样不适用（默认）；写 `false` 则算写错",
}
CHANGES = {
    "percent": "变动超过上年的百分之多少",
    "at_least": "而且至少相差多少",
    "severity": "级别；不写则为提示",
    "explained_in_text": "正文说明了原因的不再提出",
}
FINDINGS = {
    "年度": "报告年度",
    "机构代码": "见名录",
    "机构": "全称",
    "级别": "强制性、核实性、提示，或“未能生成”",
    "规则": "编号，见[规则一览](rules.md)",
    "问题": "哪里不对，怎样改",
    "单元格": "涉及的单元格代码，空格隔开",
    "实填": "填的数",
    "应为": "应当是的数；不能确定的为空",
    "相差": "实填减应为",
    "引文": "正文中的句子",
    "豁免理由": "有理由的就是已豁免",
}
AUDIT_FINDINGS = {"文件": "相对于被审核文件夹的路径", **FINDINGS}
AUDIT_FILES = {
    "文件": AUDIT_FINDINGS["文件"],
    "状态": "读出，或读不出",
    "机构": "报告上写的，或名录中认出的",
    "年度": "报告年度",
    "表样": "按标签认出的表样",
    "强制性": "几项",
    "核实性": "几项",
    "提示": "几项",
    "说明": "读不出的原因",
}
AUDIT_RULES = {
    "规则": FINDINGS["规则"],
    "级别": "规则的级别",
    "说明": "什么应当成立",
    "报告数": "有几份报告不成立",
    "成立": "几处",
    "空白作 0 成立": "几处只有把空白当作 0 才成立",
    "不成立": "几处",
    "不适用": "几处",
}
SUMMARY = {
    "表": "表的代码",
    "行代码": "行的代码",
    "栏代码": "栏的代码",
    "单元格代码": "表.行.栏",
    "单元格": "官方标签",
    "合计": "已有各家之和；不完整的也写，请看下一列",
    "是否完整": "应汇总的各家都有这个数",
    "已有家数": "有这个数的家数",
    "应有家数": "名录中的下级家数",
    "没有数的单位": "全称",
}

REPORT = {
    "agency": "机构代码",
    "year": "报告年度",
    "layout": "表样",
    "figures": "单元格代码 → `value`（数，空白为 null）、`raw`（原文）、`kind`",
    "chapters": "章号 → 文字",
    "findings": "不成立的，见下；已豁免的也列出",
    "coverage": "每条规则各种结果多少处",
    "counts": "各级问题几项，已豁免的只计入 `waived`",
}
FINDING = {
    "rule": "规则编号",
    "severity": "`error`、`warning`、`note`",
    "outcome": "总是 `fail`",
    "agency": "机构代码",
    "year": "报告年度",
    "cells": "涉及的单元格代码",
    "message": "哪里不对，怎样改",
    "expected": "应当是的数",
    "found": "填的数",
    "difference": "相差",
    "quote": "正文中的句子",
    "suggestion": "可能的更正：单元格和数",
    "waived": "豁免的理由、何人、何时，或 null",
}
MANIFEST = {
    "agency": "机构代码",
    "year": "报告年度",
    "name": "全称",
    "status": "`ok` 完成、`errors` 有强制性问题、`failed` 未能生成",
    "messages": "未能生成的原因",
    "counts": "各级问题几项",
    "inputs": "输入的文件 → SHA-256 的前十六位",
    "fault": "未能生成的，是文件、设置还是程序的原因",
    "published_on": "公布日期",
    "scope": "`own` 或 `government_wide`",
    "input_hash": "全部输入合起来的 SHA-256，与公开页开头的 `ogi-inputs` 相同",
    "files": "生成的文件",
    "sha256": "生成的文件 → SHA-256",
}


def formats_page(note: str) -> Iterator[str]:
    """Yields the page's lines."""
    yield f"# 文件格式\n\n{note}\n"
    yield "一个项目就是几个文件夹：`params/`（设置）、`data/`（数据和文字）、`notebooks/`（笔记本），生成的都在 `build/`。各列、各项设置由程序的声明得出。\n"
    yield "文字文件用 UTF-8；CSV 也认 GB18030，逗号、制表符、分号都可以。空白不是 0，没有数的请填 0。\n"
    yield from _params()
    yield from _data()
    yield from _build()


def _params() -> Iterator[str]:
    yield "## params/：设置\n"
    yield "### 机构名录 `params/agencies.csv`\n\n一行一个机构。表中没有的列（如 `address`、`postcode`、`phone`）原样保留，供默认文字引用。\n"
    yield from _table("列", ROSTER_COLUMNS, ROSTER)
    yield "### 一份报告的设置 `params/<年度>/<机构>.yaml`\n\n每行 `名称: 值`，可直接用于 `papermill -f`。不认识的名称是错误，不会被忽略。\n"
    yield from _table("设置", Params.model_fields, PARAMS)
    yield "`fee` 之下：\n"
    yield from _table("设置", Fee.model_fields, FEE)
    yield "`waivers` 之下每项以 `-` 开头（[怎样豁免](waivers.md)）：\n"
    yield from _table("设置", Waiver.model_fields, WAIVER)
    yield "### 本地规则 `params/rules.yaml`、`params/rules.py`\n\n可有可无（[怎样写](own-rules.md)）。`rules:` 之下每条：\n"
    yield from _table("设置", LocalEquation.model_fields, RULE)
    yield "`changes:` 之下（[大幅变动](waivers.md#大幅变动要说明理由)）：\n"
    yield from _table("设置", ChangesSettings.model_fields, CHANGES)


def _data() -> Iterator[str]:
    yield "## data/<年度>/<机构>/：数据和文字\n"
    yield "三张 CSV 和 `narrative.md`，或一份填报表 `form.xlsx`；表三、表四也可由台账 `ledger.csv`（`ledger.xlsx`）算出。\n"
    for form in official_forms().values():
        figures = Figures.of(form, {})
        yield f"### {form.name}的表（{form.years.first}{f'–{form.years.last}' if form.years.last else ' 年起'}）\n"
        yield "| 文件 | 表头 | 行 |\n|---|---|---|"
        for table in form.tables:
            header, *lines = write_table_csv(figures, table.key).splitlines()
            columns = header.replace(",", "、")
            rows = "、".join(f"`{line.split(',')[0]}`" for line in lines)
            yield f"| `{table.key}.csv` | {columns} | {len(lines)} 行：{rows} |"
        yield ""
    yield "第一列是行代码，第二列是表样上的文字（用来核对，不作为依据）。各格的含义见[单元格代码](codebook.md)。"
    yield "自加的行，行代码以 `local.` 开头，写在它所在的位置。\n"
    yield "### 文字 `narrative.md`\n\n`# 题名`（可不写）、引言、六章（`## 一、总体情况` 这样的标题）。`{{ 本年新收 }}` 由程序填入。"
    yield "`[134 件](ogi:none)` 声明一个数与表无关，`[3646 件](ogi:received+carried_in)` 声明它是什么。没有写的章用按数据生成的默认文字。\n"
    yield "### 台账 `ledger.csv`\n\n一件一行（[台账](ledger.md)）。\n"
    form = list(official_forms().values())[-1]
    headings = {h.label: f"{h.note or '日期'}{'（必填）' if h.is_required else ''}" for h in headings_of(form)}
    yield from _table("列", headings, headings)
    yield "### 填报表 `form.xlsx`\n\n由 `ogi-report form` 生成（[填报表](workbook.md)）。\n"


def _build() -> Iterator[str]:
    yield "## build/：生成的文件\n\n同样的输入得到逐字节相同的文件。带“内部”的不得公布。\n"
    yield "### 每份报告：`<年度>/<机构>_<年度>` 加\n"
    yield "| 后缀 | 内容 |\n|---|---|"
    yield "| `.html` | 公开页 |\n| `.review.html` | 审核页（内部） |\n| `.ipynb` | 执行过的笔记本（内部） |"
    yield "| `.figures.csv` | 每格一行，列同 `figures.csv` |\n| `.findings.json` | 问题和规则覆盖，见下（内部） |"
    yield from (f"| `{document.suffix}` | {document.use}（`--formats {document.name}`） |" for document in DOCUMENTS)
    yield "\n### 全部报告\n\n| 文件 | 内容 |\n|---|---|\n| `index.html` 等网页 | [总览](site.md)（内部） |"
    yield from (f"| `{name}` | {use} |" for name, use in DOWNLOADS)
    yield ""
    yield "`figures.csv`、`figures.parquet`：\n"
    yield from _table("列", FIGURES_HEADER, {name: said for name, (_, said) in FIGURES_COLUMNS.items()}, partly=True)
    yield "`codebook.csv`：\n"
    yield from _table("列", CODEBOOK_HEADER, {name: said for name, (_, said) in FIGURES_COLUMNS.items()}, partly=True)
    yield "`findings.csv`：\n"
    yield from _table("列", FINDINGS_HEADER, FINDINGS)
    yield "### 一份报告的 JSON：`.findings.json`，`ogi-report check … --format json`\n"
    context = Context(
        Figures.of(list(official_forms().values())[-1], {"applications.received.total": 1}, 0), "ju", 2024
    )
    told = report_json("ju", 2024, context.figures, {}, check(context))
    yield from _table("名称", told, REPORT)
    yield "`findings` 每项：\n"
    yield from _table("名称", told["findings"][0], FINDING)
    yield "`coverage` 每条规则：各种结果各多少处，`why` 是不适用的原因。`.findings.json` 另有 `diagnosis`（可能的更正）和 `generated`（用默认文字的章）。\n"
    yield "### 清单 `manifest.json`\n\n`reports` 每项：\n"
    result = [field.name for field in fields(Result) if field.name != "debug"]
    yield from _table("名称", [*result, "files", "sha256"], MANIFEST)
    yield "### 汇总：`<年度>/<机构>_<年度>.summary.csv`\n\n由 `ogi-report summary` 生成（[汇总](summary.md)）。\n"
    yield from _table("列", SUMMARY_HEADER, SUMMARY)
    yield "### 审核已公布的报告：`build/audit/`\n\n由 `ogi-report audit` 生成。`files.csv`：\n"
    yield from _table("列", FILES_HEADER, AUDIT_FILES)
    yield "`findings.csv`：\n"
    yield from _table("列", AUDIT_HEADER, AUDIT_FINDINGS, partly=True)
    yield "`rules.csv`：\n"
    yield from _table("列", RULES_HEADER, AUDIT_RULES)
    yield "`figures.parquet` 的列与上文相同，另有 `file`。"


def _table(head: str, names: Iterable[str], said: Mapping[str, str], partly: bool = False) -> Iterator[str]:
    """A table of names with what is said of each; one that nothing is said of, or that is no longer there, ends the build.

    Args:
        partly: `said` speaks of other files too.
    """
    listed = list(names)
    if (unsaid := set(listed) - set(said)) or (not partly and (gone := set(said) - set(listed))):
        raise SystemExit(f"tools/formats_page.py: {sorted(unsaid) or sorted(gone)} 与程序中的声明不一致")
    yield f"| {head} | 说明 |\n|---|---|"
    yield from (f"| `{name}` | {said[name]} |" for name in listed)
    yield ""
