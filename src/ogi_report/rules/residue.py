"""What a template, a copy or a hurry leaves in the text (TPL-…), and what must not stand in it (PRIV-…)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from ogi_report.prose import half_width, patterns
from ogi_report.rules.context import LEAD_IN, Context
from ogi_report.rules.narration import Narration, SentenceSubject, found_by, narration
from ogi_report.rules.rule import Example, NotApplicable, Severity, rule
from ogi_report.rules.subjects import Scope, Subject

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass
class TextSubject(Subject):
    """All of a report's text, or one paragraph of it; `found` is what the condition stumbled on."""

    text: Narration
    found: list[Any]

    @property
    def told(self) -> str:
        shown = [str(item) for item in self.found[:3]]
        return "".join(f"“{item}”" for item in shown) + (f"等 {len(self.found)} 处" if len(self.found) > 3 else "")


def whole_text() -> Scope:
    """The text of a report, once."""
    return Scope("全部正文", lambda context: iter([TextSubject(context, narration(context), [])]), "没有正文")


def each_paragraph() -> Scope:
    """Each paragraph with the one after it in the same chapter."""

    def subjects(context: Context) -> Iterator[TextSubject]:
        text = narration(context)
        for parts in text.paragraphs.values():
            for here, following in pairwise(parts):
                subject = TextSubject(context, text, [here, following])
                subject.quote = f"{here.text[-16:]} / {following.text[:16]}"
                yield subject

    return Scope("正文每一段", subjects, "正文各章都只有一段")


_TEXT = whole_text()


def _search(it: TextSubject, *patterns: re.Pattern[str], context: int = 8) -> bool:
    """Collects all matches with a few characters around them; returns whether there are none."""
    it.found.clear()
    for number in it.text.chapters:
        for paragraph in it.text.paragraphs[number]:
            flat = half_width(paragraph.text)
            for pattern in patterns:
                for match in pattern.finditer(flat):
                    around = paragraph.text[max(0, match.start() - context) : match.end() + context].strip()
                    it.found.append(around)
                    if it.quote is None:
                        marked = f"【{paragraph.text[match.start() : match.end()]}】"
                        it.quote = (
                            paragraph.text[max(0, match.start() - 30) : match.start()]
                            + marked
                            + paragraph.text[match.end() : match.end() + 30]
                        ).strip()
    return not it.found


_PLACEHOLDERS = re.compile(
    r"(?<![A-Za-z0-9])[XxＸ]{2,}(?![A-Za-z0-9])|[×✕]{2,}|(?<![\d*])\*{3,}(?![\d*])|[□▢]|【\s*】|【[^】]{0,8}(?:填写|待|补充|插入|名称|单位|数字|年份)[^】]{0,8}】"
    r"|\{\{|\}\}|\{%|(?<![A-Za-z])(?:nan|NaN|None|null|undefined|TODO|TBD)(?![A-Za-z])|此处(?:填写|插入|输入)|待补充|待填写|待核实|(?<!_)_{3,}|#(?:REF|VALUE|DIV/0|N/A)[!?]?"
)


@rule(
    "TPL-PLACEHOLDER",
    ERROR,
    each=_TEXT,
    title="正文没有 XX、××、□、“待补充”等没有填写的占位符",
    source="审核惯例：模板残留",
    says="正文有没有填写的占位符：{it.told}。",
    fires=Example(chapters={1: "XX局认真做好政府信息公开工作。"}),
    silent=Example(chapters={1: "本局认真做好信息公开工作，网址 www.xxgk.example，办件查询码 A**1。"}),
)
def no_placeholder_is_left(it: TextSubject) -> bool:
    title = it.report.publication.title if it.report.publication else None
    clean = _search(it, _PLACEHOLDERS)
    if title and (match := _PLACEHOLDERS.search(title)):
        it.found.insert(0, match[0])
        return False
    return clean


_PERIOD = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]\s*)?(?:[一二三四五]是)?[^，。；：:\d]{0,10}?(?P<year>20\d{2})\s*年(?:度)?(?:\s*[，,]\s*(?P<after>.{0,30})|(?P<subject>\s*(?:我|本|全)[^，。；]{1,8}.{0,20}))"
)
_NOT_A_PERIOD = re.compile(
    r"将|计划|拟|继续|下一步|以来|起|相比|印发|出台|制定的|成立|机构改革|换届|修订|启用|上线|试点"
)


def _period_years(text: Narration) -> Iterator[SentenceSubject]:
    year = text.context.year
    for sentence in text.sentences:
        match = _PERIOD.match(sentence.text.strip())
        if not match or sentence.chapter not in (LEAD_IN, 1):
            continue
        if int(match["year"]) != year and patterns.search(rf"{year}\s*年", sentence.text):
            continue
        if patterns.search(r"较|比|与|自|截至|《", sentence.text[: match.end("year")]):
            continue
        rest = match["after"] or match["subject"] or ""
        if _NOT_A_PERIOD.search(rest) or patterns.search("结转", sentence.text):
            continue
        subject = SentenceSubject(text.context, sentence, int(match["year"]))
        at = sentence.text.index(match["year"])
        subject.mark((at, at + 4))
        yield subject


@rule(
    "TPL-YEAR",
    ERROR,
    each=found_by(_period_years, "题名和第一章写到的报告年度"),
    title="题名和第一章写的年度是报告年度",
    source="审核惯例：沿用上年文字",
    says="这一句写的是 {it.data} 年，报告年度是 {it.report.year} 年；请核对是否沿用了上年的文字。",
    fires=Example(year=2021, chapters={1: "2020年，我局认真做好政府信息公开工作。"}),
    silent=Example(
        year=2021,
        chapters={1: "2021年，我局认真做好政府信息公开工作。2020年印发的办法继续有效，与2020年相比有所提高。"},
    ),
)
def the_period_is_the_reports_year(it: SentenceSubject) -> bool:
    return bool(it.data == it.report.year)


_DOES = r"(?:认真|严格|高度重视|坚持|始终|积极|主动|深入|全面|切实|扎实|持续|不断|进一步|紧紧围绕|围绕|按照|依据|根据|以习近平|在.{2,20}领导下|共|全年|共?收到|主动公开|依法|政府信息公开工作)"


_OPENING = re.compile(r"20\d{2}年(?:度)?[，,]?\s*|一年来[，,]|全年[，,]?")
_DOING = re.compile(rf"[，,]?{_DOES}")


def _subjects(text: Narration) -> Iterator[SentenceSubject]:
    context = text.context
    if context.scope == "government_wide":
        raise NotApplicable("汇总报告本来就写到下级机构")
    own = [name for name in (context.name, *context.short_names) if name]
    names = sorted({*context.other_names, *own}, key=len, reverse=True)
    if not names:
        raise NotApplicable("不知道本机关的名称，正文也没有写到名录中的机构")
    for sentence in text.sentences:
        if sentence.chapter not in (LEAD_IN, 1, 5):
            continue
        said = sentence.original.strip()
        begin = _OPENING.match(said)
        rest = said[begin.end() :] if begin else said
        name = next((name for name in names if rest.startswith(name)), None)
        if name is not None and _DOING.match(rest, len(name)):
            subject = SentenceSubject(context, sentence, (name, name in own))
            at = sentence.original.index(name)
            subject.mark((at, at + len(name)))
            yield subject


@rule(
    "TPL-AGENCY",
    ERROR,
    each=found_by(_subjects, "正文中作主语的机关名称"),
    title="作主语的是本机关，不是名录中的其他机关",
    source="审核惯例：照抄其他机关",
    says="这一句的主语是“{it.data[0]}”，不是本机关；请核对是否照抄了其他机关的报告。",
    fires=Example(
        name="示例区教育局", around={"other_names": ("示例区民政局",)}, chapters={1: "示例区民政局认真贯彻条例。"}
    ),
    silent=Example(
        name="示例区教育局",
        around={"other_names": ("示例区民政局",)},
        chapters={1: "示例区教育局认真贯彻条例，与示例区民政局共享信息。"},
    ),
)
def the_subject_is_the_agency_itself(it: SentenceSubject) -> bool:
    _, own = it.data
    return own or any(word in it.sentence.text for word in ("我局", "本局", "我委", "本机关", "我办", "我镇"))


_GENERIC_SELF = re.compile(
    r"(?:^|(?<=[，。；：、\s年由经]))(?P<name>[区县市旗州](?:局|委|办|厅))(?=[^长属直里内机系办公科设部领党各工\s，。；、）])"
)


@rule(
    "TPL-SELFNAME",
    NOTE,
    each=_TEXT,
    title="自称用名录中的简称",
    source="推断：同一份报告几种自称",
    says=lambda it: f"正文用{it.told}自称，{_called(it.report)}；请统一。",
    fires=(
        Example(
            name="示例区科学技术局", around={"short_names": ("区科技局", "我局")}, chapters={1: "全年区局未收到投诉。"}
        ),
        Example(name="区科技局", chapters={1: "全年区局未收到投诉。"}),
    ),
    silent=(
        Example(
            name="示例区科学技术局",
            around={"short_names": ("区科技局", "我局")},
            chapters={1: "全年区科技局未收到投诉，市局来检查一次。"},
        ),
    ),
)
def it_calls_itself_by_its_name(it: TextSubject) -> bool:
    if not it.report.name or not (it.report.short_names or _is_short(it.report.name)):
        raise NotApplicable("名录中没有填写简称 short_names")
    # 市局 in a district's report is its superior; only its own level can be a name for itself.
    own = patterns.findall("[区县市旗州]", it.report.name)
    it.found.clear()
    for parts in it.text.paragraphs.values():
        for paragraph in parts:
            for match in _GENERIC_SELF.finditer(paragraph.text):
                name = match["name"]
                if own and name[0] == own[-1] and name not in it.report.short_names and name not in it.found:
                    it.found.append(name)
                    it.quote = f"{paragraph.text[max(0, match.start() - 12) : match.start()]}【{name}】{paragraph.text[match.end() : match.end() + 20]}"
    return not it.found


def _is_short(name: str) -> bool:
    """Whether a name, without a place before its level, is what the body calls itself: 区科技局."""
    return name[0] in "区县旗"


def _called(context: Context) -> str:
    if context.short_names:
        return f"名录中的简称是“{'、'.join(context.short_names)}”"
    return f"题名用的是“{context.name}”"


_FILL_NOTES = re.compile(
    r"[（(](?:[^（()）]*(?:请(?:填|结合|根据|据实|如实|在此|删除)|填写(?!了|完)|填报(?:说明|要求|口径)|不少于\d+字|\d+字(?:以内|左右|以上)|不超过\d+字|如无[^（()）]{0,8}(?:填|写)|如有[^（()）]{0,8}请|此(?:处|部分|项|栏)|样例|示例[：:]|例如[：:]|仅供参考|用负值表示|指20\d{2}年[^（()）]{0,12}(?:量|数))[^（()）]*)[)）]"
)


@rule(
    "TPL-FILLNOTE",
    WARNING,
    each=_TEXT,
    title="标签和正文里没有留下填表说明",
    source="审核惯例：填表说明应当删去",
    says="填表说明没有删去：{it.told}。",
    fires=Example(chapters={5: "存在的问题（此部分不少于300字，请结合实际撰写）是解读偏少。"}),
    silent=Example(chapters={5: "存在的问题（详见第三方评估报告）是解读偏少，已填写整改台账。"}),
)
def filling_instructions_are_removed(it: TextSubject) -> bool:
    clean = _search(it, _FILL_NOTES, context=0)
    notes = [label for label in it.report.figures.labels if _FILL_NOTES.search(half_width(label.found))]
    it.found.extend(label.found for label in notes)
    return clean and not notes


_LEAD = re.compile(r"现将[^。]{0,40}?(?:报告|公布|公开|汇报)如下")


@rule(
    "TPL-LEADIN-DUP",
    NOTE,
    each=_TEXT,
    title="“现将……报告如下”只写一次，没有重复的段落",
    source="推断：拼接的痕迹",
    says="重复出现：{it.told}。",
    fires=Example(lead_in="现将我局2021年信息公开工作报告如下：", chapters={1: "现将我局2021年工作情况报告如下。"}),
    silent=Example(lead_in="现将我局2021年信息公开工作报告如下：", chapters={1: "全年工作平稳。"}),
)
def nothing_is_said_twice(it: TextSubject) -> bool:
    it.found.clear()
    leads = [match[0] for parts in it.text.paragraphs.values() for p in parts for match in _LEAD.finditer(p.text)]
    if len(leads) > 1:
        it.found += leads
    seen: set[str] = set()
    for parts in it.text.paragraphs.values():
        for paragraph in parts:
            plain = patterns.sub(r"\s", "", paragraph.text)
            if len(plain) >= 30 and plain in seen:
                it.found.append(plain[:24] + "……")
            seen.add(plain)
    return not it.found


_HEADING = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]|[-·•●▪]|第[一二三四五六七八九十]+|[一二三四五六]是)"
)
_CJK_END = re.compile(r"[\u4e00-\u9fff]$")
_BROKEN_START = re.compile(
    r"^\s*(?P<tail>[\u4e00-\u9fff]{1,3})[，、。；]|^\s*(?P<split>室(?:牵头|负责|具体|承担|统一)|形(?:下|式)|作(?:开展|情况)|息(?:公开))"
)
_WHOLE_WORDS = (
    "一是",
    "二是",
    "三是",
    "四是",
    "五是",
    "首先",
    "其次",
    "同时",
    "此外",
    "另外",
    "为此",
    "但是",
    "然而",
    "因此",
    "下一步",
    "今后",
    "目前",
    "今年",
    "全年",
    "其中",
    "第一",
    "第二",
    "第三",
    "再次",
    "最后",
    "年内",
    "明年",
    "一方面",
)


@rule(
    "TPL-BROKEN-PARA",
    NOTE,
    each=each_paragraph(),
    title="段落没有从词语中间断开",
    source="推断：从文字处理软件转到网页时断行",
    says=lambda it: f"段落在词语中间断开：“…{it.found[0].text[-8:]}”之后另起一段“{it.found[1].text[:8]}…”。",
    fires=Example(chapters={1: "领导小组办公室设在局办公\n室，指定专人负责政府信息公开日常工作。"}),
    silent=Example(chapters={1: "主动公开情况\n全年公开信息若干条，\n同时，加强解读。"}),
)
def paragraphs_are_whole(it: TextSubject) -> bool:
    here, following = it.found
    if not _CJK_END.search(here.text) or len(here.text) < 12:
        return True
    match = _BROKEN_START.match(following.text)
    return not match or match["tail"] in _WHOLE_WORDS or bool(_HEADING.match(following.text))


_AFFAIRS = re.compile(r"现将[^。]{0,30}?政务公开工作?[^。]{0,10}?报告如下|政务公开(?:工作)?年度报告")
_INFORMATION = re.compile(r"信息公开")


@rule(
    "TPL-TERM",
    NOTE,
    each=_TEXT,
    title="报告称“政府信息公开工作年度报告”，不与“政务公开”混用",
    source="审核惯例：两项工作不同，报告的名称统一",
    says="报告的名称写成了政务公开：{it.told}；应为政府信息公开。",
    fires=Example(chapters={1: "现将我局2021年政务公开工作情况报告如下。"}),
    silent=Example(chapters={1: "现将我局2021年政府信息公开工作情况报告如下。政务公开工作纳入考核。"}),
)
def the_report_has_one_name(it: TextSubject) -> bool:
    return _search(it, _AFFAIRS, context=0)


_TITLES = re.compile(r"《([^《》]{2,60})》")
_STATUTE = "中华人民共和国政府信息公开条例"
_PLACES = "省市县区州盟旗自治"


def _wrong_title(title: str) -> str | None:
    """The right title, where a title is a garbled one; local regulations have names of their own."""
    flat = patterns.sub(r"[\s〈〉<>“”]", "", title)
    if patterns.search(r"年度报告格式", flat):
        right = "中华人民共和国政府信息公开工作年度报告格式"
        return None if "政府信息公开工作年度报告格式" in flat or "信息" not in flat else right
    if not patterns.search("信息公开", flat) or not patterns.search(r"(?:条例|条列|法)$", flat):
        return None
    if flat in (_STATUTE, "政府信息公开条例", "政府信息公开法") and not flat.endswith("法"):
        return None
    garbled = flat.startswith("中华人民共和国") or flat in (
        "信息公开条例",
        "政务信息公开条例",
        "政府信息公开法",
        "信息公开法",
        "政府信息公开条列",
        "国家信息公开条例",
        "政务公开条例",
        "政府信息公开管理条例",
    )
    return _STATUTE if garbled else None


@rule(
    "TPL-LAWNAME",
    WARNING,
    each=_TEXT,
    title="法规和通知的名称写得准确",
    source="审核惯例",
    says=lambda it: f"名称不准确：{it.told}，应为《{_wrong_title(it.found[0])}》。",
    fires=Example(chapters={1: "根据《中华人民共和国信息公开条例》编制。"}),
    silent=Example(
        chapters={1: "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）、《湖北省政府信息公开规定》编制。"}
    ),
)
def laws_have_their_names(it: TextSubject) -> bool:
    it.found.clear()
    for parts in it.text.paragraphs.values():
        for paragraph in parts:
            for match in _TITLES.finditer(paragraph.text):
                if _wrong_title(match[1]) and match[1] not in it.found:
                    it.found.append(match[1])
                    it.quote = paragraph.text[max(0, match.start() - 20) : match.end() + 20].replace(
                        match[0], f"【{match[0]}】"
                    )
    return not it.found


_OLD_NOTICE = re.compile(r"国办公开办函\s*[〔\[（(【]?\s*2019\s*[〕\]）)】]?\s*(?:60|61)\s*号")
_NEW_NOTICE = re.compile(r"国办公开办函\s*[〔\[（(【]?\s*2021\s*[〕\]）)】]?\s*30\s*号")


@rule(
    "TPL-NOTICE",
    NOTE,
    each=_TEXT,
    title="2021 年度起的报告，编制依据是国办公开办函〔2021〕30号",
    source="审核惯例：引用了已经更新的通知",
    says="编制依据写的是旧通知：{it.told}；2021 年度起应为国办公开办函〔2021〕30号。",
    fires=Example(chapters={1: "根据国办公开办函〔2019〕60号的要求编制。"}),
    silent=(
        Example(chapters={1: "根据国办公开办函〔2021〕30号的要求编制。"}),
        Example(form="2019", year=2020, chapters={1: "根据国办公开办函〔2019〕60号的要求编制。"}),
    ),
)
def the_notice_is_the_current_one(it: TextSubject) -> bool:
    if it.report.year < 2021:
        return True
    newer = any(_NEW_NOTICE.search(p.text) for parts in it.text.paragraphs.values() for p in parts)
    return _search(it, _OLD_NOTICE, context=0) or newer


_PUNCTUATION = re.compile(
    r"[，、；：。][，、；：](?!\d)|[，、；：]。|(?<![。.])。。(?!。)|[（(]\s*[)）]|应公开、尽公开|应上网、尽上网"
)


@rule(
    "TPL-PUNCT",
    NOTE,
    each=_TEXT,
    title="没有重复的标点，固定的说法没有断开",
    source="推断：文字校对",
    says="标点有误：{it.told}；请校对。",
    fires=Example(chapters={1: "坚持“应公开、尽公开”，及时回应关切。。"}),
    silent=Example(chapters={1: "坚持“应公开尽公开”，及时回应关切……公开平台（网站、公报）运行平稳。"}),
)
def punctuation_is_sound(it: TextSubject) -> bool:
    return _search(it, _PUNCTUATION)


_IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?P<born>(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}[\dXx](?!\d)"
)
_MOBILE = re.compile(r"(?<![\d\-.])1[3-9]\d{9}(?![\d.])")
_SURNAMES = "张王李赵刘陈杨黄吴徐孙朱马胡郭林罗梁宋郑谢韩唐冯董萧曹袁邓傅沈彭吕苏蒋蔡贾魏薛叶阎潘杜戴夏钟田姜范谭廖熊陆郝孔崔康毛邱秦江顾侯邵孟龙段雷钱汤尹黎"
_APPLICANT = re.compile(
    rf"申请人(?P<name>[{_SURNAMES}](?!某)[\u4e00-\u9fff]{{1,2}}?)(?=[（(]|申请公开|要求公开|提出(?:的)?(?:政府)?信息公开|不服|[诉向]我|先生|女士)"
)


@rule(
    "PRIV-PERSON",
    ERROR,
    each=_TEXT,
    title="正文没有身份证号、手机号、申请人姓名",
    source="《条例》第十五条：涉及个人隐私的信息不得公开",
    says="正文有个人信息（{it.told}）；请删去。",
    fires=(
        Example(chapters={1: "申请人（联系电话13800001234）要求公开补偿方案。"}),
        Example(chapters={1: "申请人李国强（住本区）要求公开补偿方案。"}),
    ),
    silent=Example(chapters={1: "申请人王某要求公开补偿方案；联系电话：010-12345678；编号 2021000013800001234567。"}),
)
def nobody_is_exposed(it: TextSubject) -> bool:
    it.found.clear()
    for parts in it.text.paragraphs.values():
        for paragraph in parts:
            flat = half_width(paragraph.text)
            for pattern, name in ((_IDENTITY, "身份证号"), (_MOBILE, "手机号"), (_APPLICANT, "申请人姓名")):
                for match in pattern.finditer(flat):
                    if pattern is _IDENTITY and not _is_date(match["born"]):
                        continue
                    # The finding must not spread what it complains of.
                    it.found.append(f"{name} {_masked(match)}")
    return not it.found


def _masked(match: re.Match[str]) -> str:
    name = match.groupdict().get("name")
    return f"{name[0]}某" if name else f"{match[0][:3]}…{match[0][-2:]}"


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
