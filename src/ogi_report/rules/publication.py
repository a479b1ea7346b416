"""How a report presents itself: title, preamble, dates, index block (META-…)."""

from __future__ import annotations

from datetime import date

from ogi_report.prose import patterns
from ogi_report.rules.context import LEAD_IN, Publication
from ogi_report.rules.rule import ERROR, NOTE, WARNING, Example, NotApplicable, rule
from ogi_report.rules.subjects import ReportSubject, report

PRACTICE = "审核惯例"


def _published(**parts: object) -> dict[str, Publication]:
    return {"publication": Publication(**parts)}  # type: ignore[arg-type]  # the examples' own words


def _title(it: ReportSubject) -> str:
    title = it.report.presented.title
    if not title:
        raise NotApplicable("没有题名")
    return patterns.sub(r"\s", "", title)


@rule(
    "META-TITLE",
    WARNING,
    each=report(),
    title="题名写作“机关全称＋年份＋年政府信息公开工作年度报告”",
    source=PRACTICE,
    says=lambda it: f"题名“{it.report.presented.title}”不是“全称＋{it.report.year}年政府信息公开工作年度报告”的写法。",
    fires=Example(around=_published(title="示例局政府信息公开工作年度报告")),
    silent=(
        Example(around=_published(title="示例局2021年政府信息公开工作年度报告")),
        Example(around=_published(title="2021年示例局政府信息公开工作年度报告")),
        Example(around=_published(title="示例局2021年度政府信息公开工作年度报告")),
    ),
)
def the_title_is_the_prescribed_one(it: ReportSubject) -> bool:
    title = _title(it)
    return bool(patterns.search(rf"{it.report.year}年", title)) and title.rstrip("）)").endswith(
        "政府信息公开工作年度报告"
    )


@rule(
    "META-AGENCY",
    NOTE,
    each=report(),
    title="题名用机关全称",
    source=PRACTICE,
    says=lambda it: (
        f"题名“{it.report.presented.title}”没有用机关全称"
        f"{'；全称应当写明所在的地方' if _lacks_its_place(it.report.name) else f'“{it.report.name}”'}。"
    ),
    fires=(
        Example(name="示例区教育局", around=_published(title="区教育局2021年政府信息公开工作年度报告")),
        Example(name="区教育局", around=_published(title="区教育局2021年政府信息公开工作年度报告")),
    ),
    silent=Example(name="示例区教育局", around=_published(title="示例区教育局2021年政府信息公开工作年度报告")),
)
def the_title_names_the_agency_in_full(it: ReportSubject) -> bool:
    if not it.report.name:
        raise NotApplicable("名录中没有机关全称")
    return patterns.sub(r"\s", "", it.report.name) in _title(it) and not _lacks_its_place(it.report.name)


def _lacks_its_place(name: str | None) -> bool:
    """Whether a name begins with a bare level: 区教育局, 县人民政府. (市中区 and 市南区 are places; 镇, 乡 and 市 begin others.)"""
    return bool(name and patterns.match("[区县旗我本]", name))


def _preamble(it: ReportSubject) -> str:
    """What stands before the first chapter and in it; some agencies put the preamble there, or close with it."""
    texts = [it.report.lead_in] if it.report.lead_in is not None else []
    texts += list(it.report.all_chapters)
    if not any(text.number == LEAD_IN or text.number == 1 for text in texts):
        raise NotApplicable("没有引言，也没有第一章")
    return patterns.sub(r"\s", "", "\n".join(text.text for text in texts))


@rule(
    "META-PERIOD",
    NOTE,
    each=report(),
    title="引言写明统计期限：报告年度的 1 月 1 日至 12 月 31 日",
    source="各地报告的通行写法",
    says="引言没有写明统计期限（{it.report.year}年1月1日至12月31日）。",
    fires=Example(lead_in="现将有关情况报告如下。", chapters={1: "全年工作平稳。"}),
    silent=Example(lead_in="所列数据的统计期限自2021年1月1日起至2021年12月31日止。", chapters={1: "全年工作平稳。"}),
)
def the_period_is_given(it: ReportSubject) -> bool:
    year = it.report.year
    return bool(
        patterns.search(
            rf"{year}年0?1月0?1日.{{0,8}}?(?:至|到|—|-|－|~|～).{{0,3}}?(?:(?:{year}|当|同)年)?12月31日", _preamble(it)
        )
    )


_CONTACT = {
    "联系方式": r"联系|电话|地址|邮编|邮政编码",
    "电子版的查阅网址": r"https?://|www\.|[a-z0-9-]+\.(?:gov|cn|com|example)|网站|门户|电子邮箱|邮箱|网址",
}


@rule(
    "META-CONTACT",
    NOTE,
    each=report(),
    title="引言写明联系方式和电子版的查阅网址",
    source=PRACTICE,
    says=lambda it: f"引言没有写明{'和'.join(_lacking(it))}。",
    fires=Example(lead_in="现将有关情况报告如下。", chapters={1: "全年工作平稳。"}),
    silent=Example(
        lead_in="电子版可在区政府门户网站查阅，如有疑问请联系示例局办公室（电话010-12345678）。",
        chapters={1: "全年工作平稳。"},
    ),
)
def contact_and_address_are_given(it: ReportSubject) -> bool:
    return not _lacking(it)


def _lacking(it: ReportSubject) -> list[str]:
    """Looked for in the preamble; where there is none of our own, in any line that speaks of how to ask."""
    lead = it.report.lead_in.text if it.report.lead_in is not None else ""
    lines = [line for line in _preamble_lines(it) if patterns.search("联系|电话|查阅|下载|电子版|地址|邮箱", line)]
    text = "\n".join([lead, *lines])
    return [name for name, pattern in _CONTACT.items() if not patterns.search(pattern, text)]


def _preamble_lines(it: ReportSubject) -> list[str]:
    return [
        line
        for chapter in it.report.all_chapters
        for line in chapter.text.split("\n")
        if chapter.number in (1, 6) and not patterns.search("公开(?:了)?[^。]{0,40}联系方式|办公地址|负责人姓名", line)
    ]


@rule(
    "META-PUBDATE",
    WARNING,
    each=report(),
    title="写明公布日期",
    source="《条例》第四十九条规定了公布的期限",
    says="没有公布日期，无法核对是否按期公布；请填写参数文件中的公布日期。",
    fires=Example(around=_published(title="示例局2021年政府信息公开工作年度报告")),
    silent=Example(around=_published(published_on=date(2022, 1, 20))),
)
def the_date_is_known(it: ReportSubject) -> bool:
    return it.report.presented.published_on is not None


def _date(it: ReportSubject) -> date:
    published = it.report.presented.published_on
    if published is None:
        raise NotApplicable("没有公布日期")
    return published


def deadline(year: int, level: str, scope: str = "own") -> date:
    """The day by which a year's report has to be published: 31 January for departments, 31 March for governments (Article 49)."""
    whole = scope == "government_wide" or level in ("province", "city", "county", "township")
    return date(year + 1, 3, 31) if whole else date(year + 1, 1, 31)


def _limit(it: ReportSubject) -> date:
    scope = it.report.scope
    return deadline(it.report.year, "" if scope == "government_wide" else it.report.known_level, scope)


@rule(
    "META-DEADLINE",
    ERROR,
    each=report(),
    title="部门的报告在次年 1 月 31 日前、政府的报告在 3 月 31 日前公布",
    source="《条例》第四十九条",
    says=lambda it: f"公布日期 {_date(it)}，晚于期限 {_limit(it)}。",
    fires=Example(around=_published(published_on=date(2022, 2, 8))),
    silent=(
        Example(around=_published(published_on=date(2022, 1, 31))),
        Example(level="county", around=_published(published_on=date(2022, 3, 30))),
    ),
)
def it_is_published_in_time(it: ReportSubject) -> bool:
    published = _date(it)
    if published <= date(it.report.year + 1, 1, 31):
        return True
    return published <= _limit(it)


@rule(
    "META-EARLY",
    WARNING,
    each=report(),
    title="年度结束以后才公布",
    source="推断：数据应当截至 12 月 31 日",
    says=lambda it: f"公布日期 {_date(it)}，{it.report.year} 年度还没有结束；请核对。",
    fires=Example(around=_published(published_on=date(2021, 12, 30))),
    silent=Example(around=_published(published_on=date(2022, 1, 20))),
)
def it_is_not_published_before_the_year_ends(it: ReportSubject) -> bool:
    return _date(it) > date(it.report.year, 12, 31)


@rule(
    "META-EARLY",
    NOTE,
    each=report(),
    title="次年 1 月 7 日以前公布的，数据已经截至 12 月 31 日",
    source="推断：多半在年内就定稿了",
    says=lambda it: f"公布日期 {_date(it)}，距年末不到一周；请确认数据截至 {it.report.year} 年 12 月 31 日。",
    fires=Example(around=_published(published_on=date(2022, 1, 4))),
    silent=Example(around=_published(published_on=date(2022, 1, 20))),
)
def its_figures_run_to_the_end_of_the_year(it: ReportSubject) -> bool:
    published = _date(it)
    return not date(it.report.year + 1, 1, 1) <= published < date(it.report.year + 1, 1, 7)


@rule(
    "META-INDEXNO",
    NOTE,
    each=report(),
    title="题名下的索引号、发布机构、公布日期齐全",
    source="各地公开平台的通行写法",
    says=lambda it: f"题名下缺{'、'.join(_gaps(it))}。",
    fires=Example(around=_published(issuer="示例局")),
    silent=Example(around=_published(issuer="示例局", index_no="SL000-00/2022-001", published_on=date(2022, 1, 20))),
)
def the_index_block_is_complete(it: ReportSubject) -> bool:
    return not _gaps(it)


def _gaps(it: ReportSubject) -> list[str]:
    shown = it.report.presented
    parts = {"索引号": shown.index_no, "发布机构": shown.issuer, "公布日期": shown.published_on}
    return [name for name, value in parts.items() if not value]
