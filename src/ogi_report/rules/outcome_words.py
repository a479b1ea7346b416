"""What the text says in words of how cases ended: 均获维持, 无败诉, 零纠错 (N-OUTCOME-WORDS)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogi_report.prose import patterns
from ogi_report.rules.narration import Narration, SentenceSubject, found_by
from ogi_report.rules.rule import ERROR, Example, rule

_UPHELD = re.compile(
    r"(?:均|全部|都|一律)(?:已|获得|获|被|得到|予以|依法|判决|裁定|为|法院|复议机关|决定|结果|经审理){0,4}维持"
    r"|维持率(?:达到|达|为|是)?\s*(?:100%|百分之百)"
)
_UNBEATEN = re.compile(
    r"(?:无|未发生|没有|未有|未出现|零)(?:一起|一件|一例|1起|1件|任何|因)?(?:行政机关)?(?:行政)?(?:复议|诉讼)?(?:案件)?(?:被)?(?:(?:败诉|纠错)(?:案件|情况|情形|现象)?(?!率)|纠正(?:案件|情况|情形))"
    r"|(?:无一|没有一)(?:起|件|例|宗)?(?:案件)?(?:被)?(?:败诉|纠错|纠正|撤销)|(?:败诉|纠错|纠正)率(?:为|是)?\s*(?:0|零)|(?:全部|均)胜诉|胜诉率(?:达到|达|为)?\s*100%"
)


def _outcome_words(text: Narration) -> Iterator[SentenceSubject]:
    for sentence in text.sentences:
        disclosure = sentence.chapter == 4 or patterns.search(r"信息公开|依申请|申请", sentence.paragraph.text)
        if not disclosure or patterns.search(r"上年|去年|目标|力争|确保|争取|努力|不发生|杜绝", sentence.text):
            continue
        for pattern in (_UPHELD, _UNBEATEN):
            match = pattern.search(sentence.text)
            if match and _speaks_of_earlier_years(sentence.text[: match.start()], text.context.year):
                continue
            if match and patterns.search(r"(?:其余|余下|剩余|另外?)[^，。；、]{0,12}$", sentence.text[: match.start()]):
                continue
            if match and (blocks := _blocks_named(sentence.text, match.start())):
                decided = bool(patterns.search(r"已?(?:审结|办结|作出决定)的", sentence.text[: match.end()]))
                subject = SentenceSubject(text.context, sentence, (pattern is _UPHELD, blocks, decided))
                subject.mark(match.span())
                yield subject


def _speaks_of_earlier_years(text: str, year: int) -> bool:
    """Whether the last year named before some words is another one: 2023年以前均获维持."""
    years = patterns.findall(r"(?<!较)(?<!比)(?<![〔\[])(20\d{2})\s*年", text)
    return bool(years) and int(years[-1]) != year


def _blocks_named(text: str, position: int) -> tuple[str, ...]:
    """The blocks of table 四 that the words speak of: those named since the last full stop, nearest clause first."""
    before = text[:position]
    bracket = max(before.rfind("（"), before.rfind("("))
    if bracket > max(before.rfind("）"), before.rfind(")")):
        # Within brackets the talk is of what stands just before them.
        named = patterns.split("[，、；]", before[:bracket])[-1]
    else:
        named = before.split("；")[-1] + patterns.split("[；。]", text[position : position + 16])[0]
    review, lawsuit = (
        "复议" in patterns.sub("未经复议|复议后", "", named),
        patterns.search("诉讼|起诉|败诉|胜诉", named),
    )
    found: tuple[str, ...] = ()
    if review:
        found += ("review",)
    direct, after_review = patterns.search("未经复议|直接", named), "复议后" in named
    if lawsuit and (direct or not after_review):
        found += ("litigation_direct",)
    if lawsuit and (after_review or not direct):
        found += ("litigation_after_review",)
    return found


@rule(
    "N-OUTCOME-WORDS",
    ERROR,
    each=found_by(_outcome_words),
    title="正文说均获维持、无败诉、零纠错的，表四没有纠正的，也没有尚未审结的",
    source="推断：与表四的结果栏对照",
    says=lambda it: _outcome_message(it),
    fires=Example(
        {"remedies.review.upheld": 2, "remedies.review.pending": 1, "remedies.review.total": 3},
        chapters={4: "因政府信息公开被申请行政复议3件，均获维持。"},
    ),
    silent=Example(
        {"remedies.review.upheld": 3, "remedies.review.total": 3},
        chapters={4: "因政府信息公开被申请行政复议3件，均获维持。"},
    ),
)
def outcome_words_agree_with_the_table(it: SentenceSubject) -> bool:
    all_upheld, blocks, decided = it.data
    for block in blocks:
        cells = {name: it.value(f"remedies.{block}.{name}") for name in ("upheld", "corrected", "pending", "total")}
        pending = 0 if decided else cells["pending"]
        if cells["corrected"] or pending:
            return False
        if all_upheld and cells["upheld"] != cells["total"] - (cells["pending"] if decided else 0):
            return False
    return True


def _outcome_message(it: SentenceSubject) -> str:
    names = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}
    blocks = {"review": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}
    told = []
    for block in it.data[1]:
        parts = [(name, it.report.figures.value(f"remedies.{block}.{key}")) for key, name in names.items()]
        filled = "、".join(f"{name} {value}" for name, value in parts if value)
        told += [f"{blocks[block]}{filled}"] if filled else []
    return f"正文的说法与表四不符：表四中{'；'.join(told)}。请核对。"
