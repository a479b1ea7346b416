"""Table 四: reviews and lawsuits, held against table 三 and the text (T4-…)."""

from __future__ import annotations

import re

from ogi_report.figures import Number
from ogi_report.rules.rule import NOTE, Example, NotApplicable, rule
from ogi_report.rules.subjects import ReportSubject, report

_HANDLED, _RECEIVED = "applications.handled_total.total", "applications.received.total"
_REVIEWS, _REVIEWS_PENDING = "remedies.review.total", "remedies.review.pending"
_DIRECT, _AFTER = "remedies.litigation_direct.total", "remedies.litigation_after_review.total"

_CORRECTED = tuple(
    f"remedies.{block}.corrected" for block in ("review", "litigation_direct", "litigation_after_review")
)


def _or_last_year(it: ReportSubject, *keys: str) -> Number:
    """The sum of cells this year and, if that is 0, last year's: raises `NotApplicable` where that is not known."""
    now = sum((it.value(key) for key in keys), start=0)
    return now if now > 0 else sum((it.last_value(key) for key in keys), start=0)


@rule(
    "T4-AFTER-NEEDS-REVIEW",
    NOTE,
    each=report(),
    title="有复议后起诉的，本年或上年应有审结的复议",
    source="推断",
    says=lambda it: f"复议后起诉 {it.value(_AFTER)} 件，而本年和上年都没有审结的行政复议；请核实。",
    fires=Example({_AFTER: 2}, last={}),
    silent=(Example({_AFTER: 2, _REVIEWS: 3}), Example({_AFTER: 2}, last={_REVIEWS: 3}), Example()),
)
def suits_after_review_follow_a_review(it: ReportSubject) -> bool:
    if it.value(_AFTER) == 0:
        return True
    closed = it.value(_REVIEWS) - it.value(_REVIEWS_PENDING)
    return closed > 0 or it.last_value(_REVIEWS) - it.last_value(_REVIEWS_PENDING) > 0


@rule(
    "T4-NEEDS-APPLICATIONS",
    NOTE,
    each=report(),
    title="有复议、诉讼的，本年或上年应有申请",
    source="推断；因主动公开引起的案件可能但少见",
    says=lambda it: "表四有行政复议或行政诉讼，而本年和上年都没有收到、办理政府信息公开申请；请核实。",
    fires=Example({_REVIEWS: 1}, last={}),
    silent=(Example({_REVIEWS: 1, _RECEIVED: 4}), Example({_REVIEWS: 1}, last={_HANDLED: 4}), Example()),
)
def cases_arise_from_applications(it: ReportSubject) -> bool:
    if it.value(_REVIEWS) + it.value(_DIRECT) + it.value(_AFTER) == 0:
        return True
    return _or_last_year(it, _HANDLED, _RECEIVED) > 0


@rule(
    "T4-CASES-GT-HANDLED",
    NOTE,
    each=report(),
    title="复议与直接起诉的件数，不超过本年和上年办理的申请",
    source="推断",
    says=lambda it: (
        f"行政复议 {it.value(_REVIEWS)} 件、未经复议直接起诉 {it.value(_DIRECT)} 件，"
        f"多于本年（{it.value(_HANDLED)} 件）和上年（{it.last_value(_HANDLED)} 件）办理的申请之和；请核实。"
    ),
    fires=Example({_REVIEWS: 9, _HANDLED: 2, _RECEIVED: 2}, last={_HANDLED: 3}),
    silent=(Example({_REVIEWS: 9, _HANDLED: 12}), Example({_REVIEWS: 9, _HANDLED: 2}, last={_HANDLED: 30})),
)
def cases_do_not_outnumber_applications(it: ReportSubject) -> bool:
    cases = it.value(_REVIEWS) + it.value(_DIRECT)
    handled = it.value(_HANDLED)
    return cases <= handled or cases <= handled + it.last_value(_HANDLED)


def _corrected(it: ReportSubject) -> list[str]:
    figures = it.report.figures
    return [key for key in _CORRECTED if key in figures and figures[key].value]


@rule(
    "T4-CORRECTED-EXPLAINED",
    NOTE,
    each=report(),
    title="有被纠正的案件，第一章或第五章应有说明",
    source="审核惯例",
    says=lambda it: (
        f"有 {sum(it.value(key) for key in _corrected(it))} 件行政复议或诉讼的结果是纠正，第一章、第五章却没有提及；请说明原因和改进。"
    ),
    fires=Example(
        {"remedies.review.corrected": 3}, chapters={1: "主动公开信息 12 条。", 5: "问题是解读偏少，将改进。"}
    ),
    silent=(
        Example(
            {"remedies.review.corrected": 3}, chapters={1: "情况如下。", 5: "个别答复被复议机关纠正，将加强审核。"}
        ),
        Example(chapters={1: "主动公开信息 12 条。", 5: "问题是解读偏少，将改进。"}),
    ),
)
def corrections_are_spoken_of(it: ReportSubject) -> bool:
    if not _corrected(it):
        return all(it.value(key) == 0 for key in _CORRECTED)
    it.point_at(_corrected(it))
    texts = [chapter.text for chapter in it.report.all_chapters if chapter.number in (1, 5)]
    if not texts:
        raise NotApplicable("没有第一章和第五章")
    return any(re.search("纠正|败诉|撤销|复议|诉讼|应诉|纠错", text) for text in texts)
