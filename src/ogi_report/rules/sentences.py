"""The narrative against the tables: what sentences claim of applications, cases and documents (N-…)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ogi_report.prose import patterns
from ogi_report.rules.narration import ClaimSubject, Narration, SentenceSubject, claims, found_by, row_value
from ogi_report.rules.rule import Example, NotApplicable, Severity, rule

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

SAME = "《条例》第五十条；审核惯例：正文与表格的数应当一致"


def _total(**values: int) -> dict[str, int | str | None]:
    return {f"applications.{row.replace('__', '.')}.total": value for row, value in values.items()}


def _says(it: ClaimSubject) -> str:
    return f"正文写{it.claim.what} {it.printed}，表中：{it.in_tables}；请核对。"


@rule(
    "N-RECV",
    ERROR,
    each=claims("N-RECV"),
    title="正文所写收到、受理的申请数，等于本年新收，或者本年新收加上年结转",
    source=SAME,
    says=_says,
    fires=Example(_total(received=33), chapters={1: "全年共收到政府信息公开申请35件。"}),
    silent=(
        Example(_total(received=33, carried_in=2), chapters={1: "全年受理政府信息公开申请35件。"}),
        Example(_total(received=35), chapters={3: "本年新收政府信息公开申请三十五件。"}),
    ),
)
def received_is_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-CIN",
    ERROR,
    each=claims("N-CIN"),
    title="正文所写上年结转的申请数与表三一致",
    source=SAME,
    says=_says,
    fires=Example(_total(carried_in=2), chapters={3: "上年结转政府信息公开申请3件。"}),
    silent=Example(_total(carried_in=3), chapters={3: "上年结转政府信息公开申请3件。"}),
)
def carried_in_is_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-COUT",
    ERROR,
    each=claims("N-COUT"),
    title="正文所写结转下年度的申请数与表三一致",
    source=SAME,
    says=_says,
    fires=Example(_total(carried_out=2), chapters={3: "另有4件申请顺延至下年度办理。"}),
    silent=Example(_total(carried_out=4), chapters={3: "另有4件申请顺延至下年度办理。"}),
)
def carried_out_is_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-HANDLED",
    ERROR,
    each=claims("N-HANDLED"),
    title="正文所写答复、办结的申请数等于（七）总计",
    source=SAME,
    says=_says,
    fires=Example(_total(handled_total=30), chapters={1: "收到的申请中，已办结申请33件。"}),
    silent=Example(_total(handled_total=33), chapters={1: "依申请公开方面，全年办结申请33件。"}),
)
def handled_is_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-CATEGORY",
    ERROR,
    each=claims("N-CATEGORY"),
    title="正文所写各类办理结果的件数与表三总计列一致",
    source=SAME,
    says=_says,
    fires=Example(
        _total(denied__process_info=3, denied__internal_affairs=2, handled_total=5),
        chapters={3: "申请的办理结果：不予公开4件。"},
    ),
    silent=Example(
        _total(denied__process_info=3, denied__internal_affairs=2, granted=7, handled_total=12),
        chapters={3: "申请的办理结果：予以公开7件，不予公开5件。"},
    ),
)
def outcomes_are_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-REVIEW",
    ERROR,
    each=claims("N-REVIEW"),
    title="正文所写行政复议的件数与表四一致",
    source=SAME,
    says=_says,
    fires=Example({"remedies.review.total": 2}, chapters={4: "全年被申请行政复议3件。"}),
    silent=Example({"remedies.review.total": 3}, chapters={4: "全年被申请行政复议3件。"}),
)
def reviews_are_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-LIT",
    ERROR,
    each=claims("N-LIT"),
    title="正文所写行政诉讼的件数等于表四两栏诉讼之和；指明一栏的，等于该栏",
    source=SAME,
    says=_says,
    fires=Example({"remedies.litigation_direct.total": 2}, chapters={4: "全年发生行政诉讼3件。"}),
    silent=Example(
        {"remedies.litigation_direct.total": 2, "remedies.litigation_after_review.total": 1},
        chapters={4: "全年发生行政诉讼3件。"},
    ),
)
def lawsuits_are_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-ZEROCLAIM",
    ERROR,
    each=claims("N-ZEROCLAIM"),
    title="正文说没有申请、复议、诉讼的，表中是 0",
    source=SAME,
    says=lambda it: f"正文说没有{it.claim.what}，表中：{it.in_tables}；请核对。",
    fires=Example(_total(received=2), chapters={1: "本年度未收到政府信息公开申请。"}),
    silent=(
        Example(chapters={1: "本年度未收到政府信息公开申请，未发生行政复议、行政诉讼。"}),
        Example(_total(received=2), chapters={1: "本年度收到申请2件，未发生因政府信息公开引起的行政复议和行政诉讼。"}),
    ),
)
def what_is_denied_is_nought(it: ClaimSubject) -> bool:
    return it.fits_any()


@rule(
    "N-DOCS",
    WARNING,
    each=claims("N-DOCS"),
    title="正文所写规章、规范性文件的件数与表二一致",
    source=SAME,
    says=_says,
    fires=Example(
        {"disclosure.normative.issued": 4, "disclosure.normative.in_force": 20},
        chapters={2: "全年制发行政规范性文件5件。"},
    ),
    silent=Example(
        {"disclosure.normative.issued": 5, "disclosure.normative.in_force": 20},
        chapters={2: "全年制发行政规范性文件5件，现行有效20件行政规范性文件。"},
    ),
)
def documents_are_as_in_the_table(it: ClaimSubject) -> bool:
    return it.fits_any()


# -- outcomes in words -------------------------------------------------------------------------------------------------

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
            if match and speaks_of_earlier_years(sentence.text[: match.start()], text.context.year):
                continue
            if match and patterns.search(r"(?:其余|余下|剩余|另外?)[^，。；、]{0,12}$", sentence.text[: match.start()]):
                continue
            if match and (blocks := _blocks_named(sentence.text, match.start())):
                decided = bool(patterns.search(r"已?(?:审结|办结|作出决定)的", sentence.text[: match.end()]))
                subject = SentenceSubject(text.context, sentence, (pattern is _UPHELD, blocks, decided))
                subject.mark(match.span())
                yield subject


def speaks_of_earlier_years(text: str, year: int) -> bool:
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


# -- 条 and 件 ---------------------------------------------------------------------------------------------------------

_POSTED = re.compile(
    r"(?:发布|公开|公布|推送|更新|上传)(?:了)?[^，。；、]{0,16}(?:信息|政务动态|动态|内容)[^，。；、]{0,4}$|(?:发布|公开|公布|推送|更新)(?:了)?(?:各类)?$"
)


def posted(text: Narration) -> Iterator[SentenceSubject]:
    """Sentences that count what was put on line, in 条."""
    for sentence in text.sentences:
        if sentence.chapter not in (1, 2):
            continue
        for quantity in sentence.quantities:
            before = sentence.text[: quantity.start]
            if (
                quantity.unit == "条"
                and quantity.value > 0
                and patterns.search(_POSTED.pattern, patterns.split("[，。；]", before)[-1].rstrip(" 共计累"))
            ):
                subject = SentenceSubject(text.context, sentence, quantity)
                subject.mark((quantity.start, quantity.end))
                yield subject
                return


NEW_FIELDS = ("issued", "new_made", "new_public")


@rule(
    "N-POSTED-ZERO",
    NOTE,
    each=found_by(posted),
    title="正文发布信息若干条，而表二新制发、新公开全是 0 的，说明条与件的区别",
    source="推断：条是上网信息的条数，件是文件数",
    says="正文写发布信息 {it.data.value} 条，表二新制作、新公开的数量全是 0；条不等于件，请确认没有漏填，必要时说明。",
    fires=Example(chapters={1: "全年通过区政府网站发布各类信息37条。"}),
    silent=Example({"disclosure.normative.issued": 1}, chapters={1: "全年通过区政府网站发布各类信息37条。"}),
)
def postings_go_with_new_documents(it: SentenceSubject) -> bool:
    table = it.report.figures.form.table("disclosure")
    new = [
        cell.key for record in table.records.values() for field, cell in record.fields.items() if field in NEW_FIELDS
    ]
    if not new:
        raise NotApplicable("表二没有新制发、新公开的栏目")
    return any(it.value(key) for key in new)


_WRONG_UNIT = (
    (
        re.compile(
            r"(?:规范性文件|规章|政府信息公开申请|依申请公开申请|行政复议|行政诉讼)(?:申请|案件)?(?:共|共计|有|为|\s)*$"
        ),
        "条",
        "件",
    ),
    (
        re.compile(
            r"(?:网站|微信|微博|公众号|新媒体|客户端|抖音)[^。；]{0,12}(?:发布|推送|更新)[^，。；、]{0,10}(?:信息|动态|推文|消息|资讯)(?:共|共计|\s)*$"
        ),
        "件",
        "条",
    ),
)


def _counted(text: Narration) -> Iterator[SentenceSubject]:
    for sentence in text.sentences:
        for quantity in sentence.quantities:
            for before, wrong, right in _WRONG_UNIT:
                if before.search(sentence.text[: quantity.start]) and quantity.unit in (wrong, right):
                    subject = SentenceSubject(text.context, sentence, (quantity.unit, wrong, right))
                    subject.mark((quantity.start, quantity.end))
                    yield subject


@rule(
    "N-UNIT",
    NOTE,
    each=found_by(_counted),
    title="文件、申请、案件以件计，上网信息以条计",
    source="审核惯例",
    says="这里的数以“{it.data[1]}”计，一般应当以“{it.data[2]}”计；请核对。",
    fires=Example(
        {"disclosure.normative.issued": 3, "disclosure.normative.in_force": 3}, chapters={2: "制发行政规范性文件3条。"}
    ),
    silent=Example(
        {"disclosure.normative.issued": 3, "disclosure.normative.in_force": 3}, chapters={2: "制发行政规范性文件3件。"}
    ),
)
def things_are_counted_in_their_own_unit(it: SentenceSubject) -> bool:
    found, wrong, _ = it.data
    return bool(found != wrong)


_POWERS = {"licence": "行政许可", "penalty": "行政处罚", "coercion": "行政强制"}
_WITHOUT = r"(?:无|没有|不涉及|不具有|不具备|未开展|未实施|不承担|不行使)[^，。；]{{0,4}}(?:(?:行政许可|行政处罚|行政强制)(?:和|、|及|与|或|以及))*{0}"


def _powers(text: Narration) -> Iterator[SentenceSubject]:
    for sentence in text.sentences:
        if sentence.chapter not in (1, 2) or patterns.search("上年|去年|乱|违法|不当|因|投诉|超期", sentence.text):
            continue
        for row, name in _POWERS.items():
            tail = r"(?:(?:和|、|及|与|或|以及)(?:行政许可|行政处罚|行政强制))*(?:事项|职能|职权|权限|权力|权|业务|行为|决定|案件|处理决定|情况)?(?=[，。；、）)\s]|$)"
            if match := patterns.search(_WITHOUT.format(name) + tail, sentence.text):
                subject = SentenceSubject(text.context, sentence, (row, name, None))
                subject.mark(match.span())
                yield subject
            done = rf"(?:作出|办理|实施|办结)(?:各类)?{name}(?:决定|案件|事项|措施)?(?:共|共计|合计|\s)*$"
            for quantity in sentence.quantities:
                if quantity.is_cases and quantity.value > 0 and patterns.search(done, sentence.text[: quantity.start]):
                    subject = SentenceSubject(text.context, sentence, (row, name, quantity.value))
                    subject.mark((quantity.start, quantity.end))
                    yield subject


@rule(
    "N-NARR-TABLE-POWER",
    NOTE,
    each=found_by(_powers),
    title="正文说没有许可、处罚、强制的，表二也没有；正文写了件数的，表二不是 0",
    source="审核惯例",
    says=lambda it: (
        f"正文{'说没有' if it.data[2] is None else f'写办理 {it.data[2]} 件'}{it.data[1]}，"
        f"表二{it.data[1]}的处理决定数量是 {row_value(it, _decisions(it))}；请核对。"
    ),
    fires=(
        Example({"disclosure.licence.decisions": 12}, chapters={2: "本机关无行政许可事项。"}),
        Example(chapters={2: "全年作出行政处罚决定58件。"}),
    ),
    silent=(Example(chapters={2: "本机关无行政许可、行政处罚和行政强制事项。"}),),
)
def powers_denied_are_not_exercised(it: SentenceSubject) -> bool:
    decisions = row_value(it, _decisions(it))
    return decisions == 0 if it.data[2] is None else decisions > 0


def _decisions(it: SentenceSubject) -> str:
    return f"disclosure.{it.data[0]}.decisions"
