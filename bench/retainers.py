"""Retainers with time on them, for the benches of billing: one account is told in full by its decider, and written down
for as many contracts as a bench wants."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from chassis.store import Context, Ledger, Store
from services.billing import streams
from services.billing.deciders import ACCOUNT
from services.billing.domain.account.commands import Hear, OpenAccount
from services.billing.domain.account.state import UNOPENED
from services.billing.events import CountedWork, Heard
from vocabulary.duration import Seconds
from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId, EntryId, PersonId
from vocabulary.terms import Agreement, Terms

AGENCY = "nord"
CONTEXT = Context(agency=AGENCY, actor="bench", correlation_id="bench")
TEMPLATE = ContractId("template")
CLIENTS = 500


def agreement() -> Agreement:
    """Forty hours a month with a rollover, quarter hours, 19 %."""
    shape: dict[str, Any] = {
        "cycle": "month",
        "fee": {"amount": 400_000},
        "allowance": {"measure": "hours", "minutes": 2_400},
        "rate": 12_000,
        "rollover": {"cap": 600, "expires_after": 2},
        "overage": {"policy": "bill", "rate": 13_000},
        "rounding": {"minutes": 15, "mode": "up", "per": "entry"},
        "tax": {"category": "standard", "rate_ppm": 190_000},
    }
    return Agreement(
        currency="EUR",
        time_zone="Europe/Berlin",
        starts_on="2026-01-01",
        terms=msgspec.convert(shape, Terms),
        region="DE",
    )


def history(entries: int, months: int = 1) -> list[Fact]:
    """The account of one contract with so many entries, spread over its first months; no boundary is settled."""
    first = date(2026, 1, 1)
    last = date(first.year + months // 12, months % 12 + 1, 1)
    days = [first + timedelta(days=place) for place in range((last - first).days)]
    facts: list[Fact] = []
    account = UNOPENED

    def take(command: Any) -> None:
        nonlocal account
        for fact in ACCOUNT.decide(command, account):
            account = ACCOUNT.evolve(account, fact)
            facts.append(fact)

    opened = datetime(2025, 12, 20, 9, tzinfo=UTC)
    take(
        OpenAccount(
            contract_id=TEMPLATE, client_id=ClientId("client-0"), title="Care", agreement=agreement(), known_at=opened
        )
    )
    for number in range(entries):
        day = days[number * len(days) // entries]
        start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(seconds=number % 36_000)
        work = CountedWork(
            person_id=PersonId(f"person-{number % 7}"),
            worked=Seconds(60 * (10 + number % 110)),
            started_at=start,
            approved=True,
        )
        heard = Heard(
            change="logged",
            known_at=start + timedelta(hours=3),
            fact_hash=sha256(str(number).encode()).hexdigest(),
            entry_id=EntryId(f"e{number:07}"),
            work=work,
        )
        take(Hear(contract_id=TEMPLATE, heard=heard))
    return facts


async def write_down(store: Store, told: Sequence[Fact], contract_id: str, number: int, batch: int = 5_000) -> None:
    """The history as that of another contract; clients have about twenty contracts each."""
    stream = streams.account(AGENCY, contract_id)
    changed = {"contract_id": contract_id, "client_id": f"client-{number % CLIENTS}"}
    for start in range(0, len(told), batch):
        part = [_as(fact, changed) for fact in told[start : start + batch]]

        async def record(ledger: Ledger, part: list[Fact] = part) -> None:
            await ledger.record(stream, part)

        await store.transact(record, context=CONTEXT, stream=stream)


def _as(fact: Fact, changed: dict[str, str]) -> Fact:
    return msgspec.structs.replace(fact, **{name: to for name, to in changed.items() if hasattr(fact, name)})
