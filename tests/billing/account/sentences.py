"""Words to tell an account's story with: what was agreed, what came in, what it led to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from services.billing.deciders import ACCOUNT
from services.billing.domain.account.commands import AccountCommand, Hear, OpenAccount
from services.billing.domain.account.state import UNOPENED, Account
from services.billing.events import (
    CountedWork,
    EntryCounted,
    EntryRecounted,
    EntryUncounted,
    FactLeftOut,
    FactWaits,
    Figures,
    Heard,
    ThresholdReached,
)
from vocabulary.duration import clock, parse_clock
from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId, EntryId, PersonId
from vocabulary.refusal import Refused
from vocabulary.terms import Agreement, Terms

WEB = ContractId("web")
ACME = ClientId("acme")
JANUARY = date(2026, 1, 1)


def agreement(**terms: Any) -> Agreement:
    """Monthly from January 2026 in Berlin, in euros."""
    more = {name: terms.pop(name) for name in list(terms) if name in Agreement.__struct_fields__}
    shape = {"cycle": "month", **terms}
    agreed = Agreement(
        currency="EUR",
        time_zone="Europe/Berlin",
        starts_on="2026-01-01",
        terms=msgspec.convert(shape, Terms),
        region="DE",
    )
    return msgspec.structs.replace(agreed, **more)


def hours(allowance: int, **terms: Any) -> Agreement:
    """So many hours a month for 1000.00, beyond them 100.00 an hour."""
    shape: dict[str, Any] = {
        "fee": {"amount": 100_000},
        "allowance": {"measure": "hours", "minutes": allowance * 60},
        "rate": 10_000,
        "overage": {"rate": 10_000},
    }
    return agreement(**{**shape, **terms})


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def work(on: date, worked: str, **more: Any) -> CountedWork:
    shape = {"person_id": PersonId("anna"), "worked": parse_clock(worked), "worked_on": on, "approved": True}
    return CountedWork(**{**shape, **more})


@dataclass
class Story:
    """One account and what happened to it; `told` are the facts of the last step."""

    account: Account = UNOPENED
    told: list[Fact] = field(default_factory=list)
    history: list[Fact] = field(default_factory=list)

    def do(self, command: AccountCommand) -> "Story":
        self.told = list(ACCOUNT.decide(command, self.account))
        for fact in self.told:
            self.account = ACCOUNT.evolve(self.account, fact)
        self.history += self.told
        return self

    def opened(self, agreed: Agreement, known_on: date = JANUARY) -> "Story":
        return self.do(
            OpenAccount(contract_id=WEB, client_id=ACME, title="Website", agreement=agreed, known_at=noon(known_on))
        )

    def hear(self, change: str, known_on: date, **what: Any) -> "Story":
        said = sha256(repr((change, known_on, what)).encode()).hexdigest()
        heard = Heard(change=change, known_at=noon(known_on), fact_hash=said, **what)  # type: ignore[arg-type]  # one of its words
        return self.do(Hear(contract_id=WEB, heard=heard))

    def logged(self, entry_id: str, on: date, worked: str, known_on: date | None = None, **more: Any) -> "Story":
        return self.hear("logged", known_on or on, entry_id=EntryId(entry_id), work=work(on, worked, **more))

    def corrected(self, entry_id: str, on: date, worked: str, known_on: date, **more: Any) -> "Story":
        return self.hear("corrected", known_on, entry_id=EntryId(entry_id), work=work(on, worked, **more))

    def deleted(self, entry_id: str, known_on: date) -> "Story":
        return self.hear("deleted", known_on, entry_id=EntryId(entry_id))

    def says(self) -> list[str]:
        return said(self.told)

    def figures(self, start: date = JANUARY) -> Figures:
        return self.account.stated[start]

    def refused(self, command: AccountCommand) -> Refused:
        before = self.account
        try:
            self.do(command)
        except Refused as refusal:
            assert self.account is before
            return refusal
        raise AssertionError(f"it was not refused: {self.says()}")


def said(facts: Sequence[Fact]) -> list[str]:
    """Each fact in a few words, calendars left out."""
    return [sentence for fact in facts if (sentence := _sentence(fact))]


def _sentence(fact: Fact) -> str:
    match fact:
        case EntryCounted() | EntryRecounted() | EntryUncounted():
            used = f", used {clock(fact.figures.used)}" if fact.figures is not None else ""
            return f"{type(fact).__name__} {fact.entry_id}{used}"
        case FactWaits():
            return f"FactWaits {fact.heard.change} {fact.heard.entry_id}"
        case FactLeftOut():
            subject = fact.heard.entry_id or fact.heard.delivery_id or fact.heard.change
            return f"FactLeftOut {subject}: {fact.reason}"
        case ThresholdReached():
            return f"ThresholdReached {fact.percent} %"
    name = type(fact).__name__
    return "" if name == "BoundaryAwaited" else name


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


ONE_DAY = timedelta(days=1)
