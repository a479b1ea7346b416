"""The reports of a year held against each other: made-up agencies, planted copies, the naive way beside ours.

    python benchmarks/peers.py [--agencies 2000]

Every agency gets six chapters of sentences in its own order and its own numbers; some are copies of another's chapter
with names and figures changed, some have another's tables. Found and not found are counted; machines are noisy, so
read the ratio to comparing every pair.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from difflib import SequenceMatcher

import numpy as np

from ogi_report.figures import Figures
from ogi_report.forms import official_forms
from ogi_report.rules import ChapterText, Context, check_peers
from ogi_report.rules.similarity import COPIED, masked, similarity

FORM = official_forms()["2021"]
WHO = ["办公室", "各科室", "窗口", "法规科", "信息中心", "领导小组", "专班", "分管领导", "联络员", "档案室"]
DOES = [
    "梳理",
    "汇总",
    "编制",
    "更新",
    "核对",
    "公布",
    "解读",
    "回应",
    "整理",
    "完善",
    "抽查",
    "归集",
    "优化",
    "修订",
    "评估",
    "宣传",
]
WHAT = [
    "办事指南",
    "政策文件",
    "公开目录",
    "依申请答复",
    "保密审查",
    "网站栏目",
    "重点领域信息",
    "财政预决算",
    "征地信息",
    "惠企政策",
    "民生实事",
    "教育招生",
    "医疗服务",
    "食品抽检",
    "安全生产",
    "环境监测",
    "公共资源交易",
    "行政执法结果",
    "社会救助",
    "就业服务",
    "公开专区",
    "政务新媒体",
    "规范性文件",
]
HOW = [
    "按月",
    "按季度",
    "逐项",
    "及时",
    "集中",
    "分类",
    "定期",
    "随时",
    "依规",
    "全程",
    "分级",
    "主动",
    "专门",
    "滚动",
    "联合",
    "线上线下同步",
]
WHY = [
    "方便群众查询",
    "提高办事效率",
    "回应社会关切",
    "防止遗漏",
    "保证准确",
    "减少误解",
    "扩大知晓面",
    "落实责任",
    "接受监督",
    "补齐短板",
]


def sentence(luck: random.Random) -> str:
    parts = (luck.choice(HOW), luck.choice(DOES), luck.choice(WHAT), luck.choice(WHY))
    return f"{luck.choice(WHO)}{parts[0]}{parts[1]}{parts[2]}和{luck.choice(WHAT)}，{parts[3]}，全年共{luck.randrange(2, 900)}件。"


def chapter(luck: random.Random) -> str:
    return "".join(sentence(luck) for _ in range(luck.randrange(9, 14)))


def agencies(number: int, luck: random.Random) -> tuple[list[Context], set[tuple[str, str]], set[tuple[str, str]]]:
    """The reports of a year, the pairs that share a text, and the pairs that share their tables."""
    names = [f"第{n}号局" for n in range(number)]
    cells = [key for key, spec in FORM.cells.items() if spec.number == "count"]
    texts = [[chapter(luck) for _ in range(3)] for _ in names]
    tables = [{key: luck.randrange(0, 2000) for key in luck.sample(cells, 60)} for _ in names]
    copied, equal = set(), set()
    chosen = luck.sample(range(number), 2 * (number // 50))
    for source, copy in zip(chosen[::2], chosen[1::2], strict=True):
        place = luck.randrange(2)  # 一 and 五; short chapters that say the same everywhere do not count
        lines = texts[source][place].split("。")
        lines[luck.randrange(len(lines) - 1)] = sentence(luck).rstrip("。")
        texts[copy][place] = f"{names[copy]}" + "。".join(
            line.replace("全年共", f"全年共{luck.randrange(9)}") for line in lines
        )
        one, other = (masked(texts[n][place], (names[n],)) for n in (source, copy))
        if similarity(one, other) >= COPIED:
            copied.add((names[source], names[copy]))
    chosen = luck.sample(range(number), 2 * (number // 200))
    for source, copy in zip(chosen[::2], chosen[1::2], strict=True):
        tables[copy] = dict(tables[source])
        equal.add((names[source], names[copy]))
    titles = [FORM.section(n).title for n in (1, 5, 6)]
    reports = [
        Context(
            Figures.of(FORM, table, 0),
            f"a{n}",
            2024,
            name=name,
            level="department",
            chapters=tuple(
                ChapterText(place, title, text) for place, title, text in zip((1, 5, 6), titles, written, strict=True)
            ),
        )
        for n, (name, written, table) in enumerate(zip(names, texts, tables, strict=True))
    ]
    return reports, copied, equal


def naive_seconds(reports: list[Context], pairs: int, luck: random.Random) -> float:
    """How long one comparison of two chapters takes without any index, measured on some pairs."""
    texts = [masked(c.text, (r.name or "",)) for r in reports for c in r.chapters or ()]
    chosen = [(luck.choice(texts), luck.choice(texts)) for _ in range(pairs)]
    began = time.perf_counter()
    for one, other in chosen:
        SequenceMatcher(None, one, other, autojunk=False).ratio()
    return (time.perf_counter() - began) / pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agencies", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    luck = random.Random(options.seed)
    reports, copied, equal = agencies(options.agencies, luck)
    began = time.perf_counter()
    found = check_peers(reports)
    seconds = time.perf_counter() - began
    told = {
        rule: [f for check in found.values() for f in check.findings if f.rule == rule]
        for rule in ("XA-DUP-TEXT", "XA-DUP-TABLE")
    }
    named = {key[0]: check for key, check in found.items()}
    by_name = {report.name: named[report.agency] for report in reports}

    def caught(pairs: set[tuple[str, str]], rule: str) -> int:
        return sum(any(f.rule == rule and a in f.message for f in by_name[b].findings) for a, b in pairs)

    texts = 3 * options.agencies
    every_pair = naive_seconds(reports, 400, luck) * texts * (texts - 1) / 2
    length = int(np.mean([len(c.text) for r in reports for c in r.chapters or ()]))
    print(f"{options.agencies:,} agencies, {texts:,} chapters of {length} characters on average")
    print(f"all checks between agencies   {seconds:8.2f} s")
    print(f"every pair of texts (estimate) {every_pair:8.0f} s   ratio 1 : {every_pair / seconds:,.0f}")
    print(
        f"copied chapters planted {len(copied)}, found {caught(copied, 'XA-DUP-TEXT')}; reports named {len(told['XA-DUP-TEXT'])}"
    )
    print(
        f"equal tables planted {len(equal)}, found {caught(equal, 'XA-DUP-TABLE')}; reports named {len(told['XA-DUP-TABLE'])}"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    if seconds > 10 and options.agencies <= 2000:
        sys.exit("slower than 10 s")


if __name__ == "__main__":
    main()
