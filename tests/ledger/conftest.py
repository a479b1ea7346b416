"""Ledgers in a few words, and any ledger that hypothesis can think of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import strategies as st

from ogi_report.forms import Form
from ogi_report.ledger import Application, Ledger, Remedy, roles

YEARS = (2021, 2022, 2023, 2024)


@pytest.fixture(scope="session")
def ledger_of(layout: Callable[[str | Form], Form]) -> Callable[..., Ledger]:
    """`ledger_of(application, …)`: a ledger of 2024; applications get the lines 2, 3, … and numbers of their own."""

    def build(*applications: Application, form: str = "2021", year: int = 2024) -> Ledger:
        of = layout(form)
        lines = tuple(replace(a, line=n, number=f"{year}-{n:03}") for n, a in enumerate(applications, start=2))
        return Ledger(of, year, lines, tuple(of.table("remedies").records))

    return build


@pytest.fixture(scope="session")
def ask() -> Callable[..., Application]:
    """`ask("2024-03-05", "granted", "2024-03-20")`: an application by a natural person, unless said otherwise."""

    def build(received: str, outcome: str | None = None, closed: str | None = None, **about: object) -> Application:
        days = {
            key: date.fromisoformat(value)
            for key, value in about.items()
            if isinstance(value, str) and key.endswith(("_on", "_from", "_to"))
        }
        told = {"applicant": "natural_person"} | about | days
        closed_on = date.fromisoformat(closed) if closed else None
        return Application(2, "", date.fromisoformat(received), outcome=outcome, closed_on=closed_on, **told)  # type: ignore[arg-type]

    return build


def _applications(form: Form) -> st.SearchStrategy[Application]:
    asked = roles(form)
    days = st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))

    @st.composite
    def remedy(draw: st.DrawFn, group: str) -> Remedy:
        filed = draw(days)
        results = [key for key in asked.results[group] if key != "pending"]
        if draw(st.booleans()):
            return Remedy(group, None, filed)
        return Remedy(group, draw(st.sampled_from(results)), filed, filed + timedelta(days=draw(st.integers(0, 400))))

    @st.composite
    def application(draw: st.DrawFn) -> Application:
        received = draw(days)
        is_open = draw(st.booleans())
        closed = None if is_open else received + timedelta(days=draw(st.integers(0, 500)))
        outcome = None if is_open else draw(st.sampled_from(asked.outcomes))
        groups = draw(st.lists(st.sampled_from(list(asked.results)), unique=True, max_size=2))
        remedies = tuple(draw(remedy(group)) for group in groups)
        applicant = draw(st.sampled_from(asked.applicants))
        return Application(2, "", received, applicant, outcome, closed, remedies=remedies)

    return application()


@pytest.fixture(scope="session")
def any_ledger(
    layout: Callable[[str | Form], Form], ledger_of: Callable[..., Ledger]
) -> Callable[[str], st.SearchStrategy[Ledger]]:
    """`any_ledger("2021")`: applications of four years, closed or open, some with reviews and lawsuits."""

    def strategy(form: str) -> st.SearchStrategy[Ledger]:
        applications = st.lists(_applications(layout(form)), max_size=40)
        return applications.map(lambda found: ledger_of(*found, form=form))

    return strategy
