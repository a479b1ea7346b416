"""The narrative against itself: the same quantity twice, and contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import yaml

from ogi_report.prose import Quantity, Sentence, patterns
from ogi_report.rules.narration import Narration, SentenceSubject, found_by
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, rule

# -- the same quantity twice ------------------------------------------------------------

_EMPTY_WORDS = re.compile(
    r"20\d{2}年度?|全年度?|本年度?|年内|一年来|截至年底|共计|总计|合计|累计|各类|各项|有关|相关|政务|政府|主动|本机关|本单位|本?[我全][局办委镇乡县区市厅街道]+|虽然|共|计|了|的|达到|达|为|约|已|在|通过|依托|利用|以及|\s|[，,：:]"
)
_ITEM = re.compile(
    r"(?P<channel>(?:[^\s，,。；;：:、（）()\d]{0,14}(?:网站|公众号|微信|微博|平台|公告栏|抖音|客户端|新媒体|今日头条|专栏|政府公报))?)[^，,。；;：:、（）()\d]{0,4}"
    r"(?P<verb>发布|公开|公布|推送|更新)(?:了)?(?P<object>[^，,。；;：:、（）()\d]{0,14})$"
)


_COUNTED_EVENT = re.compile(
    r"(?:举办|召开|组织|开展|发布|制作|编发)(?P<what>(?:新闻发布会|政策解读材料|政策解读|政务公开培训|政府开放日活动|新闻发布|在线访谈|政风行风热线))\s*(?:共|共计)?\s*$"
)


def _postings(text: Narration) -> Iterator[tuple[str, Sentence, Quantity]]:
    """Yields (what was put on line and where, sentence, quantity) for totals in 条; parts of lists are left out."""
    for sentence in text.sentences:
        if sentence.chapter == 0:
            continue
        for quantity in sentence.quantities:
            if quantity.unit not in ("条", "篇", "场", "期", "次"):
                continue
            lead = sentence.text[: quantity.start]
            clause = patterns.split(r"[，,。；;：:（(]", lead)
            stretch = clause[-1] if len(_EMPTY_WORDS.sub("", clause[-1])) > 1 else "".join(clause[-2:])
            if patterns.search(r"其中|上年|去年|同比|包括|含|月|季度|上半年", lead) or _other_year(
                lead, text.context.year
            ):
                continue
            if (counted := _COUNTED_EVENT.search(stretch)) and patterns.search(r"全年|共|年内|本年", stretch):
                yield f"{counted['what']}|{quantity.unit}", sentence, quantity
                continue
            if quantity.unit not in ("条", "篇"):
                continue
            match = _ITEM.search(_EMPTY_WORDS.sub("", stretch))
            if match and match["object"] in ("", "信息", "公开信息", "内容", "信息公开"):
                verb = "公开" if match["verb"] == "公布" else match["verb"]
                # 我镇微信公众号 and 微信公众号 are one; 局网站 and 区政府网站 are two.
                account = patterns.search(r"公众号|微博|抖音|客户端|今日头条", match["channel"])
                channel = account[0] if account else match["channel"][-6:]
                yield f"{channel}|{verb}|{quantity.unit}", sentence, quantity


def _other_year(text: str, year: int) -> bool:
    years = patterns.findall(r"(20\d{2})\s*年", text)
    return bool(years) and str(year) not in years


def _repeated(text: Narration) -> Iterator[SentenceSubject]:
    first: dict[str, tuple[Sentence, Quantity]] = {}
    for what, sentence, quantity in _postings(text):
        if what not in first:
            first[what] = (sentence, quantity)
            continue
        before, number = first[what]
        if before is sentence:
            continue
        subject = SentenceSubject(text.context, sentence, (number, quantity, before))
        subject.mark((quantity.start, quantity.end))
        subject.quote = f"{before.marked((number.start, number.end))} …… {subject.quote}"
        yield subject


@rule(
    "N-POSTED-REPEAT",
    ERROR,
    each=found_by(_repeated, "正文中重复出现的数"),
    title="同一个数在正文各处写得一样",
    source="审核惯例",
    says="同一事项前面写 {it.data[0].value} {it.data[0].unit}，这里写 {it.data[1].value} {it.data[1].unit}；请统一。",
    fires=Example(
        chapters={1: "全年通过区政府网站公开信息356条。", 2: "通过区政府网站公开信息365条，内容涉及财政预决算。"}
    ),
    silent=Example(
        chapters={
            1: "全年通过区政府网站公开信息356条。",
            2: "通过区政府网站公开信息356条，通过微信公众号公开信息40条。",
        }
    ),
)
def a_number_is_the_same_wherever_it_stands(it: SentenceSubject) -> bool:
    one, other, _ = it.data
    return bool(one.value == other.value or one.fits(other.value) or other.fits(one.value))


# -- contradictions ------------------------------------------------------------

_ALL_ON_TIME = re.compile(
    r"(?:按期|按时|限期内|及时)(?:办结|答复|办理|回复)率(?:均|达到|达|为|是|保持|继续保持|，)*\s*(?:100\s*[%％]|百分之百)|(?:全部|均|全都)(?:已)?(?:按期|按时|在法定(?:期限|时限)内|在规定(?:期限|时限)内)(?:办结|答复|作出答复|予以答复)|法定(?:时限|期限)内(?:办结|答复)率(?:达到|达|为)?\s*100\s*%"
)
_LATE = re.compile(
    r"未(?:能)?(?:在(?:法定|规定)(?:期限|时限)内|按期|按时)(?:答复|办结|作出答复)|(?:超期|逾期|超时|超过(?:法定|规定)?(?:期限|时限)|超出(?:法定|规定)?(?:期限|时限))(?:未)?(?:答复|办结|办理|回复|的情况|的问题|现象|情形)?"
)
_NOT_LATE = re.compile(
    r"(?:没有|避免|防止|杜绝|严禁|不存在|未发生|未出现|不得)[^，。；]{0,8}$|(?:无|未|零|不)[^，。；]{0,2}$"
)


def _punctuality(text: Narration) -> Iterator[SentenceSubject]:
    late = [(s, m) for s in text.sentences for m in _LATE.finditer(s.text) if _is_late(s, m)]
    for sentence in text.sentences:
        if (match := _ALL_ON_TIME.search(sentence.text)) and not patterns.search(
            r"上年|去年|目标|力争|确保|建议|提案|工单", sentence.text
        ):
            subject = SentenceSubject(text.context, sentence, late)
            subject.mark(match.span())
            yield subject
            return


def _is_late(sentence: Sentence, match: re.Match[str]) -> bool:
    start, end = sentence.clause(match.start())
    clause = sentence.text[start:end]
    if (
        sentence.chapter == 0
        or _NOT_LATE.search(sentence.text[: match.start()])
        or patterns.search(r"^(?:申请人|未缴)", clause)
    ):
        return False
    about = patterns.search(r"申请|答复|回复", clause) and not patterns.search(r"栏目|公文|更新|发布", clause)
    someone = patterns.search(
        r"申请人(?:无正当理由)?逾期|逾期(?:不|未)补正|逾期未缴|未缴|缴费|补正|任务|督办|上年|去年|往年|以往|此前|防止|防范|避免|预警|杜绝|倒查|考核|扣分|追究|建议|提案",
        sentence.text,
    )
    return bool(about) and not someone


@rule(
    "N-ONTIME",
    NOTE,
    each=found_by(_punctuality),
    title="写了全部按期答复的，正文没有逾期答复的情形",
    source="推断：前后矛盾",
    says=lambda it: f"正文一处说全部按期答复，另一处说有逾期：“{it.data[0][0].marked(it.data[0][1].span())}”。请核对。",
    fires=Example(chapters={1: "申请按期答复率100%。", 5: "个别申请超期答复，对时限把握不严。"}),
    silent=Example(chapters={1: "申请按期答复率100%，没有逾期答复的情形。", 5: "主要问题是解读偏少。"}),
)
def nothing_is_late_where_all_is_on_time(it: SentenceSubject) -> bool:
    return not it.data


_NO_SITE = re.compile(
    r"(?:不设|未设|没有|无|未开设|未建立?|未开通|未单独(?:设立|建设|开设|建立)|不单独设)(?:有|立)?(?:自己的|独立的?|单独的?|专门的?|本单位|本部门|外网|门户|官方|政府)*(?:网站|官网|门户网站)"
)
_OWN_SITE = re.compile(
    r"(?<![市省县区州家各部厅育察法政健建管利业通安务游计统源监])(?:局|我局|本局|我委|委|厅|本机关|本单位|我单位|我镇|本镇|我办|单位|院|我街道)(?:门户|官方|政府|政务|的)*(?:网站|官网|门户网站)|依托门户网站和"
)


def _is_gone(sentence: Sentence, match: re.Match[str]) -> bool:
    """A site that was closed or merged is none."""
    former = patterns.search(r"原\s*$", sentence.text[: match.start()])
    return bool(
        former or patterns.match(r"[^，。；]{0,16}(?:关停|关闭|并入|下线|注销|撤销|停运)", sentence.text[match.end() :])
    )


def _sites(text: Narration) -> Iterator[SentenceSubject]:
    own = [
        (s, m)
        for s in text.sentences
        for m in _OWN_SITE.finditer(s.text)
        if not _NO_SITE.search(s.text[max(0, m.start() - 12) : m.end()]) and not _is_gone(s, m)
    ]
    for sentence in text.sentences:
        match = _NO_SITE.search(sentence.text)
        if (
            match
            and sentence.chapter
            and not patterns.search(r"(?:属|下级|基层|直属)[^，。；]{0,14}$", sentence.text[: match.start()])
            and not patterns.search(
                r"问题$|故障|漏洞|安全|链接|错误|隐患|检查", sentence.text[match.end() : match.end() + 12]
            )
        ):
            subject = SentenceSubject(text.context, sentence, own)
            subject.mark(match.span())
            yield subject
            return


@rule(
    "N-CONTRA-SITE",
    WARNING,
    each=found_by(_sites),
    title="说没有网站的，别处不写自己的网站",
    source="推断：前后矛盾",
    says=lambda it: (
        f"正文一处说没有自己的网站，另一处写到自己的网站：“{it.data[0][0].marked(it.data[0][1].span())}”。请核对。"
    ),
    fires=Example(chapters={1: "通过局网站公开信息。按上级要求，本局不设门户网站。"}),
    silent=Example(chapters={1: "通过区政府网站公开信息。按上级要求，本局不设门户网站。"}),
)
def who_has_no_site_names_none(it: SentenceSubject) -> bool:
    return not it.data


@dataclass(frozen=True)
class Pair:
    """One line of `contradictions.yaml`: words that deny something, and words with a number that assert it."""

    topic: str
    denies: re.Pattern[str]
    asserts: re.Pattern[str]


def pairs() -> list[Pair]:
    """The editable list of things that reports deny in one place and count in another."""
    loaded = yaml.safe_load((files("ogi_report.rules") / "contradictions.yaml").read_text(encoding="utf-8"))
    return [Pair(p["topic"], re.compile(p["denies"]), re.compile(p["asserts"])) for p in loaded]


_PAIRS = pairs()
_NOT_THIS_YEAR = re.compile(r"上年|去年|上一年|明年|下一步|计划|将|拟|力争")


def _denials(text: Narration) -> Iterator[SentenceSubject]:
    sentences = [s for s in text.sentences if s.chapter and not _NOT_THIS_YEAR.search(s.text)]
    for pair in _PAIRS:
        for sentence in sentences:
            if _other_year(sentence.text, text.context.year):
                continue
            if match := pair.denies.search(sentence.text):
                counted = [
                    (s, m)
                    for s in sentences
                    for m in pair.asserts.finditer(s.text)
                    if _counts(s, m) and not _overlap(s, m, sentence, match)
                ]
                subject = SentenceSubject(text.context, sentence, (pair.topic, counted))
                subject.mark(match.span())
                yield subject
                break


def _counts(sentence: Sentence, match: re.Match[str]) -> bool:
    return match["n"].strip() not in ("0", "零", "〇") and not patterns.search(
        r"未|没有|无$", sentence.text[max(0, match.start() - 4) : match.start()]
    )


def _overlap(one: Sentence, a: re.Match[str], other: Sentence, b: re.Match[str]) -> bool:
    return one is other and a.start() < b.end() and b.start() < a.end()


@rule(
    "N-CONTRA-GENERIC",
    NOTE,
    each=found_by(_denials),
    title="说没有的事，别处不写次数、件数",
    source="推断：前后矛盾",
    says=lambda it: (
        f"关于{it.data[0]}，正文一处说没有，另一处写了数：“{it.data[1][0][0].marked(it.data[1][0][1].span())}”。请核对。"
    ),
    fires=Example(chapters={1: "全年举办政务公开培训3次。", 5: "本年度未开展政务公开培训。"}),
    silent=Example(chapters={1: "全年举办政务公开培训3次，没有责任追究的情形。"}),
)
def what_is_denied_is_not_counted(it: SentenceSubject) -> bool:
    return not it.data[1]
