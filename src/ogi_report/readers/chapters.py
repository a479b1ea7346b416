"""The words of a published report: title, lead-in, chapters, and what the page says of itself.

A line is a chapter's heading if it is worded like the official title or an alias; lists that also number 一、二、 are
not. The text of tables belongs to no chapter, nor does what a web page wraps around the report.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from ogi_report.forms import Form, Section, normalise, without_numbering
from ogi_report.readers.document import Document, FoundTable
from ogi_report.readers.published import PublishedChapter

_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(
    rf"^[\s#*>＃　]*(?:第?([{_NUMERALS}])\s*(?:[、，,．.：:]|部分[、：:\s]?|\s)|([1-6])\s*[、．.]\s*)\s*(.+)$"
)
_LONGEST_HEADING = 45
_ALIKE = 75
_LEADERS = re.compile(r"(?:[.…·．\s]{3,}|\t)\s*[0-9０-９]*\s*$")

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
    r"(?:发布(?:日期|时间)|公开日期|发布于)\s*[：:】\]]?\s*(20\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})"
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


@dataclass(frozen=True, slots=True)
class _Heading:
    at: int
    number: int
    title: str
    rest: str
    rank: int
    """0 as in the form, 1 numbered and alike, 2 worded as in the form without a number, 3 by its place only."""


@dataclass(frozen=True)
class Words:
    """The text of a report by its parts; `chapter_of` tells in which chapter a piece of the document stands."""

    title: str | None
    lead_in: str
    chapters: tuple[PublishedChapter, ...]
    year: int | None
    agency_name: str | None
    published_on: date | None
    starts: tuple[tuple[int, int], ...] = ()


def read_words(document: Document, form: Form, year: int | None = None) -> Words:
    """Splits a document's text into the parts of a report."""
    lines = list(_lines(document))
    headings = _headings(lines, form)
    first = headings[0].at if headings else len(lines)
    title, title_at = _title(document, lines[:first] if headings else lines[:40])
    before = lines[: title_at or 0] + lines[title_at + 1 : first] if title_at is not None else lines[:first]
    lead_in = [
        line.text for line in lines[title_at + 1 if title_at is not None else 0 : first] if not _wraps(line.text)
    ]
    if not headings:
        lead_in = []
    chapters = tuple(_chapters(lines, headings))
    agency = _agency(title, lines, title_at)
    return Words(
        title,
        "\n".join(lead_in),
        chapters,
        year if year is not None else _year(title, lead_in, chapters),
        agency,
        _published_on([*before, *(lines[headings[-1].at :] if headings else [])]),
        tuple((lines[heading.at].nth, heading.number) for heading in headings),
    )


def _lines(document: Document) -> Iterator[TextLine]:
    for nth, piece in enumerate(document.pieces):
        if isinstance(piece, FoundTable):
            continue
        for text in piece.text.split("\n"):
            text = " ".join(text.split())
            if text:
                yield TextLine(text, piece.place, nth)


# -- headings ---------------------------------------------------------------------------------------------------------


def _headings(lines: Sequence[TextLine], form: Form) -> list[_Heading]:
    candidates = [found for at, line in enumerate(lines) for found in _candidates(at, line.text, form)]
    candidates = _without_contents(candidates, lines)
    best: dict[int, _Heading] = {}
    for heading in candidates:
        known = best.get(heading.number)
        if known is None or heading.rank < known.rank:
            best[heading.number] = heading
    # What is only alike counts where it stands between its neighbours.
    sure = {number: heading for number, heading in best.items() if heading.rank == 0}
    for number, heading in list(best.items()):
        if heading.rank and not _stands_between(heading, number, sure):
            del best[number]
    for number, heading in _by_place(lines, best, form):
        best[number] = heading
    return sorted(best.values(), key=lambda heading: heading.at)


def _candidates(at: int, text: str, form: Form) -> Iterator[_Heading]:
    text = re.sub(r"^[\s#*>＃]+|[*]+$", "", text).strip()
    if not text or len(text) > 2000:
        return
    found = normalise(_LEADERS.sub("", text[:80])).rstrip(".:")
    for section in form.sections:
        for spelling in section.spellings():
            if found == spelling or found.removeprefix("第") == spelling:
                yield _Heading(at, section.number, _LEADERS.sub("", text), "", 0)
                return
    match = _HEADING.match(text)
    if match:
        number = _NUMERALS.index(match[1]) + 1 if match[1] else int(match[2])
        section_of = next((section for section in form.sections if section.number == number), None)
        if section_of is None:
            return
        head, rest = _cut(text, section_of)
        if head:
            yield _Heading(at, number, head, rest, 0 if match[1] else 1)
            return
        words = _LEADERS.sub("", match[3]).rstrip("。.：: ")
        if len(words) <= _LONGEST_HEADING - 5 and "。" not in words:
            likeness = max(
                fuzz.ratio(_words(words), _words(title)) for title in (section_of.title, *section_of.aliases)
            )
            if likeness >= _ALIKE:
                yield _Heading(at, number, _LEADERS.sub("", text), "", 1)
        return
    if len(text) <= _LONGEST_HEADING:
        own = _words(text)
        for section in form.sections:
            if own in {_words(title) for title in (section.title, *section.aliases)}:
                yield _Heading(at, section.number, text, "", 2)
                return


def _words(title: str) -> str:
    """A heading without number and punctuation."""
    return re.sub(r"[\W_]+", "", without_numbering(unicodedata.normalize("NFKC", title).strip()))


def _cut(text: str, section: Section) -> tuple[str, str]:
    """Cuts a heading from the text that goes on behind it on the same line."""
    for title in sorted((section.title, *section.aliases), key=len, reverse=True):
        letters = [re.escape(char) + r"\s*" for char in without_numbering(title) if char not in "、，,"]
        pattern = rf"^\s*第?[{_NUMERALS}1-6](?:部分)?\s*[、，,．.：:\s]\s*" + "[、，,]?".join(letters)
        if match := re.match(pattern, text):
            rest = text[match.end() :]
            # 的 or 及 behind the words: another, longer heading or a sentence.
            if rest and not re.match(r"[\s。．.：:；;—\-（(]|[^的和及与等中]", rest):
                return "", ""
            return match[0].strip(), rest.lstrip("。．.：:；;—- \t")
    return "", ""


def _without_contents(candidates: list[_Heading], lines: Sequence[TextLine]) -> list[_Heading]:
    """Drops a table of contents: three or more headings with no text between them, all of which come again."""
    run: list[_Heading] = []
    dropped: set[int] = set()

    def close() -> None:
        later = {heading.number for heading in candidates if run and heading.at > run[-1].at}
        if len(run) >= 3 and {heading.number for heading in run} <= later:
            dropped.update(heading.at for heading in run)

    for heading in candidates:
        if heading.rest:
            continue
        if run and heading.at - run[-1].at <= 1 and heading.number > run[-1].number:
            run.append(heading)
        else:
            close()
            run = [heading]
    close()
    return [heading for heading in candidates if heading.at not in dropped]


def _stands_between(heading: _Heading, number: int, sure: dict[int, _Heading]) -> bool:
    before = max((h.at for n, h in sure.items() if n < number), default=-1)
    after = min((h.at for n, h in sure.items() if n > number), default=1 << 60)
    return before < heading.at < after


def _by_place(lines: Sequence[TextLine], best: dict[int, _Heading], form: Form) -> Iterator[tuple[int, _Heading]]:
    """A short numbered line between the chapters before and after it, where no other numbered line stands."""
    for section in form.sections:
        number = section.number
        if number in best or len(best) < len(form.sections) - 2:
            continue
        start = best[number - 1].at if number - 1 in best else (-1 if number == 1 else None)
        end = best[number + 1].at if number + 1 in best else (len(lines) if number == len(form.sections) else None)
        if start is None or end is None or start > end:
            continue
        numbered = [
            (at, match)
            for at in range(start + 1, end)
            if (match := _HEADING.match(lines[at].text))
            and match[1]
            and len(lines[at].text) <= 30
            and "。" not in lines[at].text
        ]
        if len(numbered) == 1 and _NUMERALS.index(numbered[0][1][1]) + 1 == number:
            at = numbered[0][0]
            yield number, _Heading(at, number, lines[at].text, "", 3)


def _chapters(lines: Sequence[TextLine], headings: Sequence[_Heading]) -> Iterator[PublishedChapter]:
    for position, heading in enumerate(headings):
        last = position == len(headings) - 1
        end = len(lines) if last else headings[position + 1].at
        text = [heading.rest] if heading.rest else []
        for line in lines[heading.at + 1 : end]:
            if last and _CHROME.match(line.text):
                break
            text.append(line.text)
        title = heading.title.rstrip("。：: ")
        yield PublishedChapter(heading.number, title, "\n".join(text), lines[heading.at].place)


# -- what the page says of itself -------------------------------------------------------------------------------------


def _wraps(text: str) -> bool:
    """Whether a line belongs to the page around the report."""
    return bool(_META.match(text) or _CHROME.match(text) or re.search(r"首页\s*[>»＞/]", text))


def _title(document: Document, lines: Sequence[TextLine]) -> tuple[str | None, int | None]:
    found: list[tuple[int, int, str]] = []
    for at, line in enumerate(lines):
        text = line.text.lstrip("#* ").rstrip("* ")
        if (
            len(text) <= 60
            and _TITLE.search(text)
            and _TITLE_END.search(text)
            and not re.search(r"[。，；>＞»|]|如下|现将", text)
        ):
            text = re.sub(r"^(?:标\s*题|名\s*称|题\s*名)\s*[：:]\s*", "", text)
            found.append((_completeness(text), -at, text))
    if found:
        _, at, text = max(found, key=lambda f: (f[0], f[1]))
        return text, -at
    named = re.split(r"\s*[_|—-]\s*", document.title or "")[0].strip()
    if _TITLE.search(named) and _TITLE_END.search(named):
        return named, None
    return None, None


def _completeness(title: str) -> int:
    return 2 * bool(_YEAR.search(title)) + bool(re.search(r".{2,}?(?:20\d\d\s*年|政府信息公开)", title))


def _agency(title: str | None, lines: Sequence[TextLine], title_at: int | None) -> str | None:
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
        if len(above) <= 30 and _BODY.search(above) and not _wraps(above):
            return re.sub(r"\s+", "", above)
    return name or None


def _year(title: str | None, lead_in: Sequence[str], chapters: Sequence[PublishedChapter]) -> int | None:
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


def _published_on(lines: Sequence[TextLine]) -> date | None:
    dates: set[date] = set()
    for line in lines:
        for match in _PUBLISHED.finditer(line.text):
            try:
                dates.add(date(int(match[1]), int(match[2]), int(match[3])))
            except ValueError:
                continue
    return dates.pop() if len(dates) == 1 else None
