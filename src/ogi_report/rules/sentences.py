"""The narrative against the tables: what sentences claim of applications, cases and documents (N-…)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ogi_report.rules.examples import totals
from ogi_report.rules.narration import ClaimSubject, claims
from ogi_report.rules.rule import ERROR, WARNING, Example, Rule, Severity, rule


def _differs(it: ClaimSubject) -> str:
    return f"正文写{it.claim.what} {it.printed}，表中：{it.in_tables}；请核对。"


def agrees(
    id: str,
    severity: Severity,
    *,
    title: str,
    fires: Example,
    silent: Example | Iterable[Example],
    says: Callable[[ClaimSubject], str] = _differs,
) -> Rule:
    """Declares that whatever the text claims under a rule's id (`rules.claims`) is what the tables say.

    The rules differ in nothing but what they speak of; how sentences are read is the business of `claimed_applications`,
    `claimed_cases` and `claimed_noughts`.
    """
    source = "《条例》第五十条；审核惯例：正文与表格的数应当一致"
    declared = rule(id, severity, each=claims(id), title=title, source=source, says=says, fires=fires, silent=silent)
    return declared(ClaimSubject.fits_any)


received_is_as_in_the_table = agrees(
    "N-RECV",
    ERROR,
    title="正文所写收到、受理的申请数，等于本年新收，或者本年新收加上年结转",
    fires=Example(totals(received=33), chapters={1: "全年共收到政府信息公开申请35件。"}),
    silent=(
        Example(totals(received=33, carried_in=2), chapters={1: "全年受理政府信息公开申请35件。"}),
        Example(totals(received=35), chapters={3: "本年新收政府信息公开申请三十五件。"}),
    ),
)

carried_in_is_as_in_the_table = agrees(
    "N-CIN",
    ERROR,
    title="正文所写上年结转的申请数与表三一致",
    fires=Example(totals(carried_in=2), chapters={3: "上年结转政府信息公开申请3件。"}),
    silent=Example(totals(carried_in=3), chapters={3: "上年结转政府信息公开申请3件。"}),
)

carried_out_is_as_in_the_table = agrees(
    "N-COUT",
    ERROR,
    title="正文所写结转下年度的申请数与表三一致",
    fires=Example(totals(carried_out=2), chapters={3: "另有4件申请顺延至下年度办理。"}),
    silent=Example(totals(carried_out=4), chapters={3: "另有4件申请顺延至下年度办理。"}),
)

handled_is_as_in_the_table = agrees(
    "N-HANDLED",
    ERROR,
    title="正文所写答复、办结的申请数等于（七）总计",
    fires=Example(totals(handled_total=30), chapters={1: "收到的申请中，已办结申请33件。"}),
    silent=Example(totals(handled_total=33), chapters={1: "依申请公开方面，全年办结申请33件。"}),
)

outcomes_are_as_in_the_table = agrees(
    "N-CATEGORY",
    ERROR,
    title="正文所写各类办理结果的件数与表三总计列一致",
    fires=Example(
        totals(denied__process_info=3, denied__internal_affairs=2, handled_total=5),
        chapters={3: "申请的办理结果：不予公开4件。"},
    ),
    silent=Example(
        totals(denied__process_info=3, denied__internal_affairs=2, granted=7, handled_total=12),
        chapters={3: "申请的办理结果：予以公开7件，不予公开5件。"},
    ),
)

reviews_are_as_in_the_table = agrees(
    "N-REVIEW",
    ERROR,
    title="正文所写行政复议的件数与表四一致",
    fires=Example({"remedies.review.total": 2}, chapters={4: "全年被申请行政复议3件。"}),
    silent=Example({"remedies.review.total": 3}, chapters={4: "全年被申请行政复议3件。"}),
)

lawsuits_are_as_in_the_table = agrees(
    "N-LIT",
    ERROR,
    title="正文所写行政诉讼的件数等于表四两栏诉讼之和；指明一栏的，等于该栏",
    fires=Example({"remedies.litigation_direct.total": 2}, chapters={4: "全年发生行政诉讼3件。"}),
    silent=Example(
        {"remedies.litigation_direct.total": 2, "remedies.litigation_after_review.total": 1},
        chapters={4: "全年发生行政诉讼3件。"},
    ),
)

what_is_denied_is_nought = agrees(
    "N-ZEROCLAIM",
    ERROR,
    title="正文说没有申请、复议、诉讼的，表中是 0",
    says=lambda it: f"正文说没有{it.claim.what}，表中：{it.in_tables}；请核对。",
    fires=Example(totals(received=2), chapters={1: "本年度未收到政府信息公开申请。"}),
    silent=(
        Example(chapters={1: "本年度未收到政府信息公开申请，未发生行政复议、行政诉讼。"}),
        Example(totals(received=2), chapters={1: "本年度收到申请2件，未发生因政府信息公开引起的行政复议和行政诉讼。"}),
    ),
)

documents_are_as_in_the_table = agrees(
    "N-DOCS",
    WARNING,
    title="正文所写规章、规范性文件的件数与表二一致",
    fires=Example(
        {"disclosure.normative.issued": 4, "disclosure.normative.in_force": 20},
        chapters={2: "全年制发行政规范性文件5件。"},
    ),
    silent=Example(
        {"disclosure.normative.issued": 5, "disclosure.normative.in_force": 20},
        chapters={2: "全年制发行政规范性文件5件，现行有效20件行政规范性文件。"},
    ),
)
