"""What proofreading finds: said twice, torn apart, called by a wrong name, pointed wrongly (TPL-…)."""

from __future__ import annotations

import re

from ogi_report.prose import patterns
from ogi_report.rules.rule import NOTE, WARNING, Example, rule
from ogi_report.rules.texts import TEXT, TextSubject, around, each_paragraph, search

_LEAD = re.compile(r"现将[^。]{0,40}?(?:报告|公布|公开|汇报)如下")


@rule(
    "TPL-LEADIN-DUP",
    NOTE,
    each=TEXT,
    title="“现将……报告如下”只写一次，没有重复的段落",
    source="推断：拼接的痕迹",
    says="重复出现：{it.told}。",
    fires=Example(lead_in="现将我局2021年信息公开工作报告如下：", chapters={1: "现将我局2021年工作情况报告如下。"}),
    silent=Example(lead_in="现将我局2021年信息公开工作报告如下：", chapters={1: "全年工作平稳。"}),
)
def nothing_is_said_twice(it: TextSubject) -> bool:
    it.found.clear()
    leads = [match[0] for paragraph in it.text.all_paragraphs for match in _LEAD.finditer(paragraph.text)]
    if len(leads) > 1:
        it.found += leads
    seen: set[str] = set()
    for paragraph in it.text.all_paragraphs:
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
_WHOLE_WORDS = frozenset(
    [
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
    ]
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


@rule(
    "TPL-TERM",
    NOTE,
    each=TEXT,
    title="报告称“政府信息公开工作年度报告”，不与“政务公开”混用",
    source="审核惯例：两项工作不同，报告的名称统一",
    says="报告的名称写成了政务公开：{it.told}；应为政府信息公开。",
    fires=Example(chapters={1: "现将我局2021年政务公开工作情况报告如下。"}),
    silent=Example(chapters={1: "现将我局2021年政府信息公开工作情况报告如下。政务公开工作纳入考核。"}),
)
def the_report_has_one_name(it: TextSubject) -> bool:
    return search(it, _AFFAIRS, context=0)


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
    each=TEXT,
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
    for paragraph in it.text.all_paragraphs:
        for match in _TITLES.finditer(paragraph.text):
            if _wrong_title(match[1]) and match[1] not in it.found:
                it.found.append(match[1])
                it.quote = around(paragraph, match.span(), before=20, after=20)
    return not it.found


_OLD_NOTICE = re.compile(r"国办公开办函\s*[〔\[（(【]?\s*2019\s*[〕\]）)】]?\s*(?:60|61)\s*号")
_NEW_NOTICE = re.compile(r"国办公开办函\s*[〔\[（(【]?\s*2021\s*[〕\]）)】]?\s*30\s*号")


@rule(
    "TPL-NOTICE",
    NOTE,
    each=TEXT,
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
    newer = any(_NEW_NOTICE.search(paragraph.text) for paragraph in it.text.all_paragraphs)
    return search(it, _OLD_NOTICE, context=0) or newer


_PUNCTUATION = re.compile(
    r"[，、；：。][，、；：](?!\d)|[，、；：]。|(?<![。.])。。(?!。)|[（(]\s*[)）]|应公开、尽公开|应上网、尽上网"
)


@rule(
    "TPL-PUNCT",
    NOTE,
    each=TEXT,
    title="没有重复的标点，固定的说法没有断开",
    source="推断：文字校对",
    says="标点有误：{it.told}；请校对。",
    fires=Example(chapters={1: "坚持“应公开、尽公开”，及时回应关切。。"}),
    silent=Example(chapters={1: "坚持“应公开尽公开”，及时回应关切……公开平台（网站、公报）运行平稳。"}),
)
def punctuation_is_sound(it: TextSubject) -> bool:
    return search(it, _PUNCTUATION)
