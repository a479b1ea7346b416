"""What a published page says of itself: title, agency, year, publication date; and what is only the site around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ogi_report.readers.document import Document
from ogi_report.readers.index_block import date_in
from ogi_report.readers.published import PublishedChapter

_CHROME = re.compile(
    r"^[\s\[【（(|·>《]*(?:"
    r"(?:我要)?(?:打印|纠错)|关闭(?:窗口|本页|页面)?|分享(?:到|至)?|返回(?:顶部|首页|列表)?|上一[篇条]|下一[篇条]|版权所有|版权声明|copyright|©"
    r"|主办(?:单位)?\s*[：:]|承办(?:单位)?\s*[：:]|网站(?:地图|标识码|声明)|.{0,3}公网安备|.{0,3}ICP备|联系我们|扫一扫|相关(?:文章|链接|信息|阅读)"
    r"|责任编辑\s*[：:]|编辑\s*[：:]|来源\s*[：:]|字[号体]\s*[：:]|浏览次数|点击(?:数|量|次数)|阅读(?:次数|量)|收藏本页|设为首页|政府网站找错|技术支持\s*[：:]"
    r")",
    re.IGNORECASE,
)
_META = re.compile(
    r"^\s*[\[【]?\s*(?:索\s*引\s*号|信息分类|主题分类|组配分类|发布机构|发文机构|发文日期|成文日期|生成日期|发布日期|发布时间|公开日期|日\s*期|时\s*间|文\s*号|发文字号|有\s*效\s*性"
    r"|名\s*称|标\s*题|关键词|主题词|内容概述|当前位置|您(?:的)?(?:当前)?(?:所在)?位置|您现在的位置|来\s*源|作\s*者|字\s*号|字\s*体|浏览|点击|打印|信息来源|首页)\s*(?:[：:>\]】|]|次数|$)"
)
_TITLE = re.compile(r"(?:政府)?信息公开(?:工作)?的?(?:年度)?(?:工作)?(?:报告|年报|年度报告)")
_TITLE_END = re.compile(r"(?:报告|年报)(?:\s*[（(][^（）()]*[)）])?\s*$")
_YEAR = re.compile(r"(20\d\d)\s*年")
_BODY = re.compile(r"[局委办府会院处队部厅站所行司室中心镇乡区县市省校馆团]$")
_PUBLISHED = re.compile(
    r"(?:发布(?:日期|时间)|公开日期|发布于)\s*[：:】\]]?\s*(20\d\d\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2})"
)
_PERIOD = re.compile(
    r"(20\d\d)\s*年\s*1\s*月\s*1\s*日\s*(?:起)?\s*(?:至|到|—|－|-|~|～)+\s*(?:(20\d\d)\s*年\s*)?12\s*月\s*31\s*日"
)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a paragraph; `nth` counts the document's pieces."""

    text: str
    place: str
    nth: int


def is_chrome(text: str) -> bool:
    """Whether a line is a button or a footer of a site; a sentence that begins like one is none."""
    return len(text) <= 120 and not text.endswith(("。", "；")) and bool(_CHROME.match(text))


def is_furniture(text: str) -> bool:
    """Whether a line belongs to the page around the report."""
    return bool(_META.match(text) or is_chrome(text) or re.search(r"首页\s*[>»＞/]", text))


def title_of(document: Document, lines: Sequence[TextLine]) -> tuple[str | None, int | None]:
    found: list[tuple[int, int, str]] = []
    for at, line in enumerate(lines):
        text = line.text.lstrip("#* ").rstrip("* ")
        if (
            len(text) <= 60
            and _TITLE.search(text)
            and _TITLE_END.search(text)
            and not re.search(r"[。，；>＞»|]|如下|现将", text)
        ):
            text = _broken_before(lines, at) + re.sub(r"^(?:标\s*题|名\s*称|题\s*名)\s*[：:]\s*", "", text)
            found.append((_completeness(text), -at, text))
    if found:
        _, at, text = max(found, key=lambda f: (f[0], f[1]))
        return text, -at
    named = re.split(r"\s*[_|—-]\s*", document.title or "")[0].strip()
    if _TITLE.search(named) and _TITLE_END.search(named):
        return named, None
    return None, None


def _broken_before(lines: Sequence[TextLine], at: int) -> str:
    """The body's name above a title that begins with the year, where both are one paragraph broken into two lines."""
    above = lines[at - 1] if at else None
    if above is None or above.nth != lines[at].nth or not re.match(r"\s*20\d\d", lines[at].text):
        return ""
    name = above.text.strip()
    return name if len(name) <= 30 and _BODY.search(name) and not is_furniture(name) else ""


def _completeness(title: str) -> int:
    return 2 * bool(_YEAR.search(title)) + bool(re.search(r".{2,}?(?:20\d\d\s*年|政府信息公开)", title))


def agency_of(title: str | None, lines: Sequence[TextLine], title_at: int | None) -> str | None:
    if title is None:
        return None
    title = re.sub(r"\s+", "", title)
    name = re.split(r"20\d\d年度?|关于", title)[0] if re.search(r"20\d\d年", title) else title
    if not name:  # the year comes first
        name = re.sub(r"^20\d\d年度?", "", title)
    name = re.sub(r"(?:政府)?信息公开.*$", "", name)
    if name.endswith("政府"):
        return name
    if not name and title_at:
        above = lines[title_at - 1].text
        if len(above) <= 30 and _BODY.search(above) and not is_furniture(above):
            return re.sub(r"\s+", "", above)
    return name or None


def year_of(title: str | None, lead_in: Sequence[str], chapters: Sequence[PublishedChapter]) -> int | None:
    """The report year, where it is said plainly: in the title, as the period, or by the most named year of the opening."""
    if title and len(years := set(_YEAR.findall(re.sub(r"\s+", "", title)))) == 1:
        return int(next(iter(years)))
    opening = "\n".join([*lead_in, *(chapter.text for chapter in chapters if chapter.number == 1)])
    periods = {match[1] for match in _PERIOD.finditer(opening) if match[2] in (None, match[1])}
    if len(periods) == 1:
        return int(periods.pop())
    named = Counter(_YEAR.findall(opening)).most_common(2)
    if named and (len(named) == 1 or named[0][1] > named[1][1]):
        return int(named[0][0])
    return None


def published_on(lines: Sequence[TextLine]) -> date | None:
    dates = {found for line in lines for said in _PUBLISHED.findall(line.text) if (found := date_in(said)) is not None}
    return dates.pop() if len(dates) == 1 else None
