"""A report as rules see it: figures, words, what stands around them, and how to find what is wanted only sometimes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ogi_report.errors import OgiError
from ogi_report.forms import prescribed_layout
from ogi_report.narrative import Chapter
from ogi_report.report.children import children_of
from ogi_report.report.last_year import gap_before
from ogi_report.rules import BoundNumber, ChapterText, Context, FeeStatement, Peers, Publication

if TYPE_CHECKING:
    from ogi_report.report.report import Report


def context_of(report: Report) -> Context:
    """Returns what rules are held against; last year's words and the children's reports are read if a rule asks for them."""
    params, body = report.params, report.body
    chapters = tuple(_as_text(chapter) for chapter in report.chapters)
    said = "\n".join([report.lead_in.text, *(chapter.text for chapter in chapters)])
    others = [name for name, agency in report.project.roster.named_in(said) if agency != report.agency]
    fee = params.fee
    return Context(
        report.figures,
        report.agency,
        report.year,
        name=body.name,
        level=body.level,
        scope=params.scope,
        prescribed_layout=prescribed_layout(report.year),
        last=report.last,
        chapters=chapters,
        lead_in=_as_text(report.lead_in),
        short_names=body.short_names,
        other_names=tuple(others),
        website=body.website,
        publication=Publication(report.heading, params.published_day, params.index_no, params.doc_no, body.name),
        fee=FeeStatement(fee.notices, fee.amount_notified_yuan, fee.amount_collected_yuan) if fee else None,
        find_last_chapters=lambda: _last_chapters(report),
        find_children=lambda: _children(report),
        gap=gap_before(report.project, report.agency, report.year) if report.last is None else None,
        ledger=report.ledger,
        ledger_on=params.published_day,
        big_change=report.project.local_rules.changes,
    )


def _children(report: Report) -> Peers | None:
    """The reports of the bodies that the roster puts under this one, for a report that adds them up."""
    if report.params.scope != "government_wide":
        return None
    children = children_of(report.project, report.agency, report.year)
    return children.peers if children.bodies else None


def _last_chapters(report: Report) -> tuple[ChapterText, ...] | None:
    """What last year's report said, where it can be read."""
    if report.last is None:
        return None
    try:
        return tuple(_as_text(chapter) for chapter in report.of_year(report.year - 1).chapters)
    except OgiError:
        return None


def _as_text(chapter: Chapter) -> ChapterText:
    place = f"{chapter.shown} 第 {chapter.lines[0]} 行" if chapter.lines else None
    bound = tuple(BoundNumber(b.start, b.end, b.meaning, b.value) for b in chapter.bound)
    return ChapterText(chapter.number, chapter.title, chapter.text, chapter.written, place, bound)
