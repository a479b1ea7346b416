"""What sentences claim of the tables: 收到申请35件, 予以公开12件, 未发生行政复议, each with its possible readings.

A claim is read only where the words around a number say plainly what it counts; whatever speaks of another year,
another body, one channel or one kind of applicant claims nothing. Several readings of one number are usual (受理 may
or may not include what was carried in); a claim is wrong only if no reading fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ogi_report.prose import Paragraph
from ogi_report.rules.claimed_applications import application_claims
from ogi_report.rules.claimed_cases import case_claims, document_claims
from ogi_report.rules.claimed_noughts import noughts
from ogi_report.rules.phrases import Claim, Phrase, Reading, Surroundings, phrases, speaks_of_another


def claims_of(paragraphs: Sequence[Paragraph], about: Surroundings) -> list[Claim]:
    """Returns every claim of a text about the tables, in the text's order."""
    found: list[Claim] = []
    finders: tuple[Callable[[Phrase], Iterator[tuple[str, str, tuple[Reading, ...]]]], ...] = (
        lambda phrase: application_claims(phrase, about) if phrase.quantity.is_cases else iter(()),
        lambda phrase: case_claims(phrase) if phrase.quantity.is_cases else iter(()),
        document_claims,
    )
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            for phrase in phrases(sentence):
                claim = next((claim for find in finders for claim in find(phrase)), None)
                if claim and not speaks_of_another(_own_lead(phrase, claim[0]), about):
                    span = (phrase.quantity.start, phrase.quantity.end)
                    found.append(Claim(*claim[:2], sentence, phrase.quantity, claim[2], span))
            found.extend(noughts(sentence, about))
    return [_with_neighbours(claim, found) for claim in found]


def _with_neighbours(claim: Claim, found: Sequence[Claim]) -> Claim:
    """Lets a claim know the numbers that may be parts of one total with it."""
    if claim.rule not in ("N-RECV", "N-HANDLED") or claim.quantity is None:
        return claim
    beside = (c.quantity for c in found if c is not claim and c.rule == claim.rule and c.sentence is claim.sentence)
    return replace(claim, beside=tuple(quantity for quantity in beside if quantity is not None))


def _own_lead(phrase: Phrase, rule: str) -> str:
    """What precedes a number; a carried number names last or next year without being about them."""
    if rule in ("N-CIN", "N-COUT"):
        return phrase.lead[: len(phrase.lead) - len(phrase.before)]
    return phrase.lead
