"""Contracts as the tests of the domain tell them."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from services.contracts.events import ContractActivated, ContractDrafted
from vocabulary.duration import Minutes
from vocabulary.identity import ClientId, ContractId
from vocabulary.money import Minor
from vocabulary.terms import Agreement, Cycle, Fee, Hours, Overage, Terms

WEB = ContractId("web-2026")
ACME = ClientId("acme")
HOURS = Terms(
    cycle=Cycle.MONTH,
    anchor=1,
    fee=Fee(Minor(300000)),
    allowance=Hours(Minutes(1800)),
    rate=Minor(12000),
    overage=Overage(rate=Minor(13000)),
)
TRIAL = Terms(cycle=Cycle.MONTH, fee=Fee(Minor(50000)))


def agreed(terms: Terms = HOURS, **rest: Any) -> Agreement:
    """From 2026-01-15 on, in Berlin."""
    said = {"currency": "EUR", "time_zone": "Europe/Berlin", "starts_on": "2026-01-15"} | rest
    return Agreement(terms=terms, **said)


def drafted(agreement: Agreement | None = None, title: str = "Website") -> ContractDrafted:
    return ContractDrafted(contract_id=WEB, client_id=ACME, title=title, agreement=agreement or agreed())


def binding(agreement: Agreement | None = None) -> ContractActivated:
    draft = drafted(agreement)
    return ContractActivated(contract_id=WEB, client_id=ACME, title=draft.title, agreement=draft.agreement)


def trial() -> ContractActivated:
    return binding(agreed(TRIAL, trial=True, ends_on="2026-02-15"))


def with_end(agreement: Agreement, day: str) -> Agreement:
    return msgspec.structs.replace(agreement, ends_on=day)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def noon(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, 11, tzinfo=UTC)
