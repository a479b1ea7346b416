"""What sentences claim of table 四 and of the documents of table 二."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ogi_report.prose import patterns
from ogi_report.rules.phrases import CUT, Phrase, Reading

# -- reviews and lawsuits ------------------------------------------------------------------------------------------

_REVIEW = r"(?:行政)?复议(?:申请|案件|案|请求)?"
_LAWSUIT = r"(?:行政诉讼|诉讼|行政应诉)(?:案件|案)?"
_OTHER_CASES = re.compile(
    r"一审|二审|再审|上诉|执行|开庭|出庭|旁听|审查|审理(?!中)|代理|指导|调解|和解|作为复议机关|办理(?:行政)?复议|受理(?:行政)?复议|负责人|应诉率|民事|办结(?:行政)?复议|新收(?:行政)?复议"
)
DISCLOSURE = re.compile(r"信息公开|依申请公开|公开申请|申请公开|公开答复|公开工作")
_RESULTS = {
    "upheld": r"(?:结果)?(?:予以)?维持(?:原[^，,、；;]{0,8})?(?:的|结果|决定)?",
    "corrected": r"(?:结果)?(?:被|予以)?纠正(?:的|结果)?",
    "other": r"其[他它]结果(?:的)?",
    "pending": r"(?:尚未审结|未审结|正在审理|尚在审理|审理中|尚未办结|在审)(?:中)?(?:的)?(?:案件)?",
}


def case_claims(phrase: Phrase) -> Iterator[tuple[str, str, tuple[Reading, ...]]]:
    before, after = phrase.before, phrase.after
    if patterns.search(r"(?<![经被])复议机关|复议机构|司法局", phrase.sentence.text):
        return
    if not _about_disclosure(phrase) or _OTHER_CASES.search(before) or _OTHER_CASES.search(CUT.split(after)[0]):
        return
    blocks = _blocks(phrase)
    for field, words in _RESULTS.items():
        tail = r"(?:申请|答复|决定|案件)*(?:有|共|为|计|\s)*$"
        alone = patterns.fullmatch(r"[\s，,、；;：:]*(?:其中|另有|有|另|还有|和)?\s*", before)
        if patterns.search(f"{words}{tail}", before) or (
            alone and patterns.match(rf"\s*(?:被|为|结果|已|的)*{words}", after)
        ):
            if blocks:
                yield _rule_of(blocks), f"{_block_name(blocks)}中“{_RESULT_NAMES[field]}”", _cells(blocks, field)
            return
    if patterns.search(r"维持|纠正|撤销|驳回|胜诉|败诉|违法|终止|撤回|结果|不予受理|审结", before):
        return
    tail = r"(?:的)?(?:数量|总数)?(?:共计|共|计|有|为|是|达|合计|总计|累计|发生|均为|\s)*$"
    both = patterns.search(rf"{_REVIEW}(?:和|、|及|与|或|以及|或者)[^，。；]{{0,20}}{_LAWSUIT}{tail}", before)
    if both:
        total = ("remedies.review.total", "remedies.litigation.total")
        yield "N-REVIEW", "行政复议和行政诉讼", (total, total[:1], total[1:])
    elif patterns.search(f"{_LAWSUIT}{tail}", before) and patterns.search(
        f"{_REVIEW}[、和及与]$", phrase.lead.removesuffix(before)
    ):
        yield "N-REVIEW", "行政复议和行政诉讼", (("remedies.review.total", "remedies.litigation.total"),)
    elif patterns.search(rf"(?:未经复议[^，。；、]{{0,4}}(?:起诉|诉讼|提起)){_OPTIONAL}{tail}", before):
        yield "N-LIT", "未经复议直接起诉", (("remedies.litigation_direct.total",),)
    elif patterns.search(rf"(?:复议后[^，。；、]{{0,4}}(?:起诉|诉讼|提起)){_OPTIONAL}{tail}", before):
        yield "N-LIT", "复议后起诉", (("remedies.litigation_after_review.total",),)
    elif patterns.search(f"{_LAWSUIT}{tail}", before) or (
        _verb_only(before) and patterns.match(rf"\s*[^，。；、]{{0,16}}{_LAWSUIT}", after)
    ):
        if "复议" not in before or "未经复议" in before:
            yield "N-LIT", "行政诉讼", (("remedies.litigation.total",),)
    elif patterns.search(f"{_REVIEW}{tail}", before) or (
        _verb_only(before) and patterns.match(rf"\s*[^，。；、]{{0,16}}{_REVIEW}(?!后)", after)
    ):
        yield "N-REVIEW", "行政复议", (("remedies.review.total",),)


_OPTIONAL = r"(?:的)?(?:政府信息公开)?(?:行政)?(?:诉讼)?(?:案件|案)?"
_RESULT_NAMES = {"upheld": "结果维持", "corrected": "结果纠正", "other": "其他结果", "pending": "尚未审结"}


def _verb_only(before: str) -> bool:
    return bool(patterns.search(r"(?:发生|收到|产生|引发|涉及|有|被提起|共|新增|出现)(?:了)?$", before.strip()))


def _about_disclosure(phrase: Phrase) -> bool:
    """Cases count here if they are about disclosure: the chapter, the sentence or its paragraph says so."""
    sentence = phrase.sentence
    if patterns.search(r"其中[^。；，]{0,10}信息公开", sentence.text[phrase.quantity.end :]):
        # What comes first is then the number of all cases, whatever they were about.
        return False
    if sentence.chapter == 4 or DISCLOSURE.search(sentence.text):
        return True
    paragraph = sentence.paragraph
    return bool(
        patterns.search(
            r"依申请公开|信息公开(?:申请|类?(?:争议|案件|行政争议|纠纷))",
            paragraph.text[: sentence.start - paragraph.start],
        )
    )


def _blocks(phrase: Phrase) -> tuple[str, ...]:
    """Which blocks of table 四 the nearest words before a number name."""
    paragraph = phrase.sentence.paragraph
    start = phrase.sentence.start - paragraph.start
    # What stands in brackets is said of the number before them, not of what follows.
    before = patterns.sub(r"[（(][^（()）]*[)）]", "", paragraph.text[:start] + phrase.lead)
    text = before + CUT.split(phrase.after)[0][:12]
    found = list(patterns.finditer(r"未经复议直接|复议后|复议|诉讼|起诉|法院", text))
    if not found:
        return ()
    last = found[-1][0]
    if last in ("诉讼", "起诉") and len(found) > 1 and found[-1].start() - found[-2].end() < 3:
        last = found[-2][0]
    return {
        "未经复议直接": ("litigation_direct",),
        "复议后": ("litigation_after_review",),
        "复议": ("review",),
    }.get(last, ("litigation_direct", "litigation_after_review"))


def _rule_of(blocks: Sequence[str]) -> str:
    return "N-REVIEW" if blocks == ("review",) else "N-LIT"


def _block_name(blocks: Sequence[str]) -> str:
    names = {"review": "行政复议", "litigation_direct": "未经复议直接起诉", "litigation_after_review": "复议后起诉"}
    return names[blocks[0]] if len(blocks) == 1 else "行政诉讼"


def _cells(blocks: Sequence[str], field: str) -> tuple[Reading, ...]:
    cells = tuple(f"remedies.{block}.{field}" for block in blocks)
    return (cells, *((cell,) for cell in cells)) if len(cells) > 1 else (cells,)


# -- documents ----------------------------------------------------------------------------------------------------

_MAKE = r"(?:制发|制定|出台|印发|发布|新制定|新制发|修订|公布|公开|新增|新制作|下发|出台了|制作)"
_DOCUMENTS = r"(?:行政)?规范性文件"
_NOT_ISSUED = re.compile(
    r"审查|审核|备案|清理(?!废止)|解读|评估|起草|征求|累计|历年|涉及|转发|梳理|党内|拟|列入|报备|公平竞争|听证|社会稳定"
)
_TAIL_DOCS = r"(?:的)?(?:文本)?(?:数量)?(?:共计|共|计|有|为|达|总计|合计|\s)*$"


def document_claims(phrase: Phrase) -> Iterator[tuple[str, str, tuple[Reading, ...]]]:
    before, after = phrase.before, phrase.after
    if phrase.quantity.unit not in ("件", "部", "份", "个", "项") or _NOT_ISSUED.search(before + CUT.split(after)[0]):
        return
    for row, words in (("normative", _DOCUMENTS), ("rules", r"(?<!方)(?:政府|部门)?规章(?!制度)")):
        named = patterns.search(f"{words}{_TAIL_DOCS}", before) or patterns.match(rf"\s*{words}", after)
        if not named:
            continue
        verb = before + patterns.split("[，,；;。、]", after)[0]
        if patterns.search(rf"{_MAKE}[^，。；\d]*\d+[件部]、$", phrase.lead.removesuffix(before)):
            verb = "制发" + verb
        what = "规范性文件" if row == "normative" else "规章"
        keys = {
            name: f"disclosure.{row}.{name}"
            for name in ("issued", "repealed", "in_force", "new_made", "new_public", "public_total")
        }
        if patterns.search(r"废止|失效|宣布失效|清理废止", verb):
            if patterns.search(rf"{_MAKE}|修改", verb):
                return
            yield "N-DOCS", f"废止的{what}", ((keys["repealed"],),)
        elif patterns.search(r"现行有效|继续有效|有效期内|保留", verb):
            yield "N-DOCS", f"现行有效的{what}", ((keys["in_force"],), (keys["public_total"],))
        elif patterns.search(_MAKE, verb):
            made: tuple[Reading, ...] = ((keys["issued"],), (keys["new_made"],), (keys["new_public"],))
            if patterns.search(r"公开|公布|发布", verb):
                made = (*made, (keys["in_force"],), (keys["public_total"],))
            yield "N-DOCS", f"制发的{what}", made
