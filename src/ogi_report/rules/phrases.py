"""Numbers with the words that belong to them, and what makes a sentence speak of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ogi_report.prose import Quantity, Sentence, patterns

Reading = tuple[str, ...]
"""Keys whose numbers are added: `applications.received` (a row's total), `remedies.review.total` (a cell)."""


@dataclass(frozen=True)
class Claim:
    """A number (or, where `quantity` is None, a nought in words) that a sentence gives to something in the tables.

    `declared` is the sum that the author bound the number to; then nothing is guessed, and there are no `readings`.
    """

    rule: str
    what: str
    sentence: Sentence
    quantity: Quantity | None
    readings: tuple[Reading, ...]
    span: tuple[int, int]
    declared: int | Decimal | None = None
    beside: tuple[Quantity, ...] = ()
    """Numbers of the same kind in the same sentence: bodies or channels listed one by one, or a total and its parts."""

    @property
    def place(self) -> int:
        return self.sentence.start + self.span[0]


@dataclass(frozen=True)
class Phrase:
    """A quantity with the words that belong to it: `before` back to the last number or clause, `after` to the next."""

    sentence: Sentence
    quantity: Quantity
    before: str
    after: str
    lead: str

    @property
    def around(self) -> str:
        return f"{self.before}#{self.after}"


_FAMILIES = (
    (r"诉讼|起诉|litigation", "N-LIT"),
    (r"复议|review", "N-REVIEW"),
    (r"规章|规范性文件|rules|normative", "N-DOCS"),
    (r"本年新收|received", "N-RECV"),
    (r"上年结转|carried_in", "N-CIN"),
    (r"结转下年度|carried_out", "N-COUT"),
    (r"办理结果总计|总计|handled_total", "N-HANDLED"),
)


def family_of(meaning: str) -> str:
    """The rule that speaks of what a number was bound to.

    >>> family_of("received+carried_in"), family_of("不予公开")
    ('N-RECV', 'N-CATEGORY')
    """
    return next((rule for pattern, rule in _FAMILIES if patterns.search(pattern, meaning)), "N-CATEGORY")


# -- phrases ----------------------------------------------------------------------------------------------------

CUT = re.compile(r"[，,；;。：:、（）()]|\n")
_LIGHT = re.compile(
    r"[\s“”\"]*(?:其中|共计|总计|合计|累计|共有|共|计|有|为|达到|达|是|约|总数|总量|数量|件数|全年|全部|均|已|年内|本年度?|分别|仅|只|也|另|另有|还有|则)*\s*"
)


_SPACE = re.compile(r"\s+")
_EVERYBODY = re.compile(r"(?:公民|自然人)、法人(?:和|或|及|或者|以及|、)?(?:者)?其他组织")
_HEDGE = re.compile(r"(?:不足|不到|接近|将近|近|大约|大概|约|超过|超|逾|突破|多达)\s*$")


def phrases(sentence: Sentence) -> Iterator[Phrase]:
    """Yields each quantity of a sentence with the words before and after it."""
    text, quantities = sentence.text, sentence.quantities
    for number, quantity in enumerate(quantities):
        begin = quantities[number - 1].end if number else 0
        end = quantities[number + 1].start if number + 1 < len(quantities) else len(text)
        after = text[quantity.end : end]
        if number + 1 < len(quantities):
            # The words just before the next number are that number's.
            cuts = [match.start() for match in CUT.finditer(after)]
            after = after[: cuts[-1]] if cuts else ""
        before = _before(_all_applicants(text[begin : quantity.start]), follows_a_number=number > 0)
        lead = _all_applicants(text[: quantity.start])
        yield Phrase(sentence, quantity, *(_SPACE.sub("", words) for words in (before, after, lead)))


def _all_applicants(text: str) -> str:
    """公民、法人和其他组织 are everybody, not a list and not one kind of applicant."""
    return _EVERYBODY.sub("群众", text)


def _before(stretch: str, follows_a_number: bool) -> str:
    """The last clause of a stretch; a clause of empty words (“，共”) takes the one before it along.

    The clause right behind a number is that number's: 3件予以公开，2件不予公开.
    """
    if (whole := patterns.sub(r"[（(][^（()）]*[)）]\s*$", "", stretch)).strip():
        stretch = whole
    stretch = _HEDGE.sub("", stretch)
    clauses = CUT.split(stretch)
    taken = clauses.pop()
    while len(clauses) > follows_a_number and _LIGHT.fullmatch(taken):
        taken = clauses.pop() + taken
    return taken.strip()


# -- what makes a sentence speak of something else ------------------------------------------------------------

_OTHER_PERIOD = re.compile(
    r"上半年|下半年|[一二三四1-4]季度|以来|历年|近[两二三四五六七八九十\d]+年|[两二三四五六七八九十\d]年来|五年间|前三年|(?<!临)近年(?![底末关终])|往年|每年|每月|月均|日均"
    r"|截[至止]\s*(?:20\d{2}\s*年)?\s*(?:[1-9]|1[01])月|截[至止]\s*(?:20\d{2}\s*年)?\s*12月(?!\s*31|底|末)|同期|前年"
    r"|截[至止](?:本?年?度?报告)?(?:发布|公布|公开|报送|编制)"
)
_LAST_YEAR = re.compile(
    r"(?<![比较同与和对])(?<!结转)(?<!承接)(?:上年度?|去年|上一年度?)(?!度?(?:未办结|无|没有|未有)?(?:结转|转结|转入|遗留))"
)
_YEAR = re.compile(r"(比|较|与|同|和|对照|〔|\[)?\s*(20\d{2})\s*年")
_OTHER_BODY = re.compile(
    r"下属|所属|直属|下级|分局|科室|股室|派出机构|二级单位|事业单位|某(?:县|区|市|镇|乡|局|街道|单位|部门)|[甲乙丙丁](?:县|区|市|镇|乡|局)|分地区|分部门|分区域|(?:部分|个别|有的|一些|多数|大部分|少数)[^，。；]{0,3}(?:乡镇|镇|街道|部门|单位|机关|科室)|兄弟单位|其他部门|其他单位"
    r"|(?:司法|公安|教育|民政|卫健|住建|城管|自然资源|市场监管|人社)(?:部门|系统|机关)"
)
_SEVERAL_BODIES = re.compile(
    r"(?:^|[，、；：。])[\u4e00-\u9fff]{1,8}(?:县|区|市|镇|乡|街道|局|委)(?:共|新)?(?:收到|受理|办结)"
)
_EACH_BODY = re.compile(r"各(?:镇|乡|街道|部门|单位|科室|县|区|市直|委办局|股室)")
_WHOLE_AREA = re.compile(r"全(?:省|市|县|区|镇|系统|州|盟|旗)(?!政府信息公开工作)")


@dataclass(frozen=True)
class Surroundings:
    """What of a report decides whom its sentences speak of."""

    year: int
    other_names: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    covers_area: bool = True


_COMPARED = re.compile(
    r"(?:比|较|与|同|和|对照)\s*(?:(?P<year>20\d{2})\s*年度?|上年度?|去年|上一年度?)"
    r"(?![^，,。；;]*(?:相比|增|减|上升|下降|提高|降低|回落|持平|多|少|翻))[^，,。；;]*$"
)
"""A number right behind the year that this one is compared with: 与2023年收到17件申请相比."""


def speaks_of_another(text: str, about: Surroundings) -> bool:
    """Whether a sentence, up to a number, is about another year, part of the year, or another body."""
    if (compared := _COMPARED.search(text)) and compared["year"] != str(about.year):
        return True
    years = [(match[1], int(match[2])) for match in _YEAR.finditer(text)]
    if years and all(found != about.year for _, found in years) and any(not compared for compared, _ in years):
        return True
    clause = text[-40:]
    if _OTHER_PERIOD.search(text) or _LAST_YEAR.search(clause) or _OTHER_BODY.search(clause):
        return True
    if len(_SEVERAL_BODIES.findall(text)) > 1:
        return True
    if not about.covers_area and (_WHOLE_AREA.search(text) or _EACH_BODY.search(clause)):
        return True
    return any(name in clause and not any(name in own for own in about.own_names) for name in about.other_names)
