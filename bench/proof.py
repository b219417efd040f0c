"""What the proof of a big contract takes: `python -m bench.proof [entries]`.

A whole billing service over gRPC, tokens and validation on, and one contract with 100,000 entries over twelve months,
each month settled and invoiced as it came. Asked are an explanation, the past, other terms over all twelve months, an
effect and a verification. Goals: one second each, three for the other terms.

The service that wrote it all keeps the proved account, as it does by itself in the background, and stops. Each first
call is made to a service that was started for it alone: nothing is in its memory. While each is answered, the budget is
asked for again and again: nobody may wait for long.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import grpc

from bench.report import Line, tell
from bench.retainers import AGENCY, agreement
from chassis.auth import Identity, Role
from chassis.run import Running, serving
from chassis.settings import Settings
from chassis.store import Context, Ledger, Store
from messages.dates import date_message, instant_message, minutes_message
from messages.terms import terms_message
from services.billing import streams
from services.billing.__main__ import WIRING
from services.billing.deciders import ACCOUNT
from services.billing.domain import books as fold
from services.billing.domain.account import settling
from services.billing.domain.account.commands import Hear, OpenAccount
from services.billing.domain.account.state import UNOPENED
from services.billing.events import CountedWork, Heard
from services.billing.keeping import prove_and_keep
from vocabulary.duration import Seconds
from vocabulary.fact import Fact
from vocabulary.identity import ClientId, ContractId, DocumentNumber, EntryId, PersonId
from vocabulary.terms import merged
from wire.retainer.billing.v1 import budget_pb2, invoice_pb2, proof_pb2, what_if_pb2
from wire.retainer.billing.v1.budget_pb2_grpc import BudgetServiceStub
from wire.retainer.billing.v1.invoice_pb2_grpc import InvoiceServiceStub
from wire.retainer.billing.v1.proof_pb2_grpc import ProofServiceStub
from wire.retainer.billing.v1.what_if_pb2_grpc import WhatIfServiceStub
from wire.retainer.timelog.v1 import time_entry_pb2

MANY, MONTHS, CALLS = 100_000, 12, 5
NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
BIG = ContractId("big")
BATCH = 500
PAUSE_SECONDS = 0.005
METADATA = tuple[tuple[str, str], ...]
Ask = Callable[[], Awaitable[Any]]

EXPLAIN = "ExplainInvoice, the sixth of twelve"
EXPLAIN_LINE = "ExplainLine, of the last document"
BUDGET_THEN = "GetBudget as of the middle of the year"
INVOICES_THEN = "ListInvoices as of the middle of the year"
SIMULATE = "SimulateTerms, three tiers over twelve months"
EFFECT = "PreviewEffect of an entry"
VERIFY = "VerifyAccount, all of its events"
BUDGET = "GetBudget"
QUESTIONS: Mapping[str, float] = {
    EXPLAIN: 1.0,
    EXPLAIN_LINE: 1.0,
    BUDGET_THEN: 1.0,
    INVOICES_THEN: 1.0,
    SIMULATE: 3.0,
    EFFECT: 1.0,
    VERIFY: 1.0,
}
"""Seconds that an answer may take."""


def history(entries: int) -> list[Fact]:
    """A year as it was lived: entries in their order, each boundary settled when it came."""
    facts: list[Fact] = []
    account = UNOPENED

    def told(events: Sequence[Any]) -> None:
        nonlocal account
        for event in events:
            account = ACCOUNT.evolve(account, event)
            facts.append(event)

    opened = datetime(2025, 12, 20, 9, tzinfo=UTC)
    client = ClientId("client-0")
    told(
        ACCOUNT.decide(
            OpenAccount(contract_id=BIG, client_id=client, title="Care", agreement=agreement(), known_at=opened),
            account,
        )
    )
    count = 0
    for number in range(entries):
        day = date(2026, 1, 1) + timedelta(days=number * 365 // entries)
        start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(seconds=number % 36_000)
        while start >= fold.cut_off(account.opened_books, settling.next_boundary(account)):
            count += told_boundary(told, account, count)
        work = CountedWork(
            person_id=PersonId(f"person-{number % 7}"), worked=Seconds(60 * (10 + number % 110)), started_at=start
        )
        heard = Heard(
            change="logged",
            known_at=start + timedelta(hours=3),
            fact_hash=sha256(str(number).encode()).hexdigest(),
            entry_id=EntryId(f"e{number:07}"),
            work=work,
        )
        told(ACCOUNT.decide(Hear(contract_id=BIG, heard=heard), account))
    told_boundary(told, account, count)
    return facts


def told_boundary(told: Callable[[Sequence[Any]], None], account: Any, count: int) -> int:
    """One boundary with its document; returns how many documents came of it."""
    now = fold.cut_off(account.opened_books, settling.next_boundary(account))
    settlement = settling.settle(account, now)
    told(settlement.facts)
    if settlement.draft is None:
        return 0
    number = DocumentNumber(f"{settlement.boundary.year}-{count + 1:04}")
    told([settling.issued(account, settling.drafted(account, settlement), number, settlement.boundary)])
    return 1


async def write_down(store: Store, facts: Sequence[Fact]) -> None:
    """Each lot recorded when its last fact was known, as in a rehearsal."""
    known = datetime(2025, 12, 20, 9, tzinfo=UTC)
    for start in range(0, len(facts), BATCH):
        lot = facts[start : start + BATCH]
        known = max([known, *(fact.known_at for fact in lot if hasattr(fact, "known_at"))])

        async def record(ledger: Ledger, lot: Sequence[Fact] = lot) -> None:
            await ledger.record(streams.account(AGENCY, BIG), lot)

        context = Context(agency=AGENCY, actor="bench", correlation_id="bench", now=known)
        await store.transact(record, context=context, stream=streams.account(AGENCY, BIG))


class Took(NamedTuple):
    """Seconds: of the first call, the median of those after it, and the longest that somebody else waited meanwhile for
    a budget."""

    first: float
    later: float
    others: float


async def took(ask: Ask, other: Ask) -> Took:
    calls, waits = list[float](), [0.0]
    beside = asyncio.create_task(_ask_on(other, waits))
    for _ in range(CALLS + 1):
        began = time.perf_counter()
        await ask()
        calls.append(time.perf_counter() - began)
    beside.cancel()
    return Took(calls[0], statistics.median(calls[1:]), max(waits))


async def _ask_on(ask: Ask, waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await ask()
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE_SECONDS)


@asynccontextmanager
async def service(folder: Path) -> AsyncIterator[tuple[Running, Any, METADATA]]:
    """Billing with a channel to it, and what a call carries."""
    options = (("grpc.max_receive_message_length", 32 * 1024 * 1024),)
    async with serving(replace(WIRING, loops=()), Settings(data_dir=folder, rehearsal=True)) as running:
        token = running.parts.tokens.issue(Identity(AGENCY, "anna", Role.OWNER))
        metadata = (("authorization", f"Bearer {token}"), ("retainer-now", NOW.isoformat()))
        async with grpc.aio.insecure_channel(running.address, options=options) as channel:
            yield running, channel, metadata


async def lines(folder: Path, entries: int) -> list[Line]:
    async with service(folder) as (running, _, _):
        store = running.parts.store
        await write_down(store, history(entries))
        await running.parts.views.wait_for(store.position)
        began = time.perf_counter()
        await prove_and_keep(running.parts, streams.account(AGENCY, BIG))
        told = [Line("proving and keeping it in the background", f"{time.perf_counter() - began:.1f} s", "", "")]
    for what, goal in QUESTIONS.items():
        gc.collect()
        gc.freeze()  # what this process holds besides is no business of the service
        async with service(folder) as (_, channel, metadata):
            asked = questions(channel, metadata)
            await asked[BUDGET]()
            found = await took(asked[what], asked[BUDGET])
        beside = f"{found.first:.2f} s the first time after a start, others wait {found.others * 1000:.0f} ms at most"
        told.append(Line(f"{what}, {entries:,} entries", f"{found.later:.2f} s", beside, f"{goal:g} s at most"))
    return told


def questions(channel: Any, metadata: METADATA) -> Mapping[str, Ask]:
    contract, middle = f"contracts/{BIG}", instant_message(datetime(2026, 7, 10, tzinfo=UTC))
    invoices, proofs = InvoiceServiceStub(channel), ProofServiceStub(channel)  # type: ignore[no-untyped-call]
    budgets, what_ifs = BudgetServiceStub(channel), WhatIfServiceStub(channel)  # type: ignore[no-untyped-call]
    tiers = [merged(agreement().terms, {"allowance": {"measure": "hours", "minutes": 600 * n}}) for n in (2, 4, 8)]
    simulate = what_if_pb2.SimulateTermsRequest(
        contract=contract,
        variants=[
            what_if_pb2.TermsVariant(name=f"tier {place}", terms=terms_message(terms, "EUR"))
            for place, terms in enumerate(tiers)
        ],
        to=date_message(date(2027, 1, 1)),
    )
    entry = time_entry_pb2.TimeEntry(
        contract=contract,
        person="people/person-1",
        work_date=date_message(date(2027, 1, 4)),
        worked=minutes_message(90),
    )
    effect = what_if_pb2.PreviewEffectRequest(contract=contract, log_time=time_entry_pb2.LogTimeRequest(entry=entry))

    def asking(call: Any, request: Any) -> Ask:
        return lambda: call(request, metadata=metadata, timeout=60)

    explain_line = invoice_pb2.ExplainLineRequest(name="invoices/2026-0012", line_number=1)
    return {
        EXPLAIN: asking(invoices.ExplainInvoice, invoice_pb2.ExplainInvoiceRequest(name="invoices/2026-0006")),
        EXPLAIN_LINE: asking(invoices.ExplainLine, explain_line),
        BUDGET_THEN: asking(budgets.GetBudget, budget_pb2.GetBudgetRequest(contract=contract, as_of=middle)),
        INVOICES_THEN: asking(invoices.ListInvoices, invoice_pb2.ListInvoicesRequest(as_of=middle)),
        SIMULATE: asking(what_ifs.SimulateTerms, simulate),
        EFFECT: asking(what_ifs.PreviewEffect, effect),
        VERIFY: asking(proofs.VerifyAccount, proof_pb2.VerifyAccountRequest(contract=contract)),
        BUDGET: asking(budgets.GetBudget, budget_pb2.GetBudgetRequest(contract=contract)),
    }


def main() -> None:
    gc.set_threshold(20_000, 20, 50)  # as a service runs
    numbers = [argument for argument in sys.argv[1:] if argument.isdigit()]
    with tempfile.TemporaryDirectory() as folder:
        tell(asyncio.run(lines(Path(folder), int(numbers[0]) if numbers else MANY)))


if __name__ == "__main__":
    main()
