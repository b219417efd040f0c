"""What must hold when all is over, whatever was broken: the client's ledger, the stores, the bus, the views and the
figures say the same."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from itertools import pairwise
from time import monotonic
from typing import Any

import nats
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from chassis.bus import stream_of
from chassis.loops import kept_running
from chassis.message import MESSAGE_ID, envelope_of, message_id
from chassis.parts import Wiring
from chassis.projector import Projector, View
from chassis.projector.shelf import Shelf, place_of
from chassis.sql import Address
from chassis.store import Recorded, Store
from chassis.store.plan import Row
from chassis.testing import FixedKeys
from chassis.verify import flaws
from services.billing.events import InvoiceIssued, NumberTaken
from tests.faults.caller import Caller
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY
from tests.house import SERVICES, Premises
from wire.retainer.billing.v1.budget_pb2 import Budget, GetBudgetRequest
from wire.retainer.timelog.v1.time_entry_pb2 import ListTimeEntriesRequest, ListTimeEntriesResponse

PAGE = 500
FEW_FACTS = 3000
WITHIN_SECONDS = 60


def wiring_of(service: str) -> Wiring:
    wiring: Wiring = import_module(f"services.{service}.__main__").WIRING
    return wiring


@asynccontextmanager
async def opened_store(house: Premises, service: str) -> AsyncIterator[Store]:
    """The store as the database holds it, beside whoever works on it."""
    store = await Store.open(
        house.settings.store_of(service), wiring_of(service).catalog, FixedKeys(), rehearsal=house.settings.rehearsal
    )
    try:
        yield store
    finally:
        await store.close()


async def facts_of(house: Premises, service: str) -> Sequence[Recorded]:
    async with opened_store(house, service) as store:
        return await store.read_log(0, 1_000_000)


async def figures_agree(caller: Caller, ledger: Ledger) -> None:
    """While the house serves: entries and budgets are what the ledger says, each counted once."""
    assert not ledger.said, f"never answered: {sorted(ledger.said)[:5]}"
    await caller.drained()
    for contract in sorted({entry.contract for entry in ledger.entries.values()}):
        kept: Counter[str] = Counter()
        listing = ListTimeEntriesRequest(page_size=500, filter=f'contract = "{contract}"')
        while True:
            page = await caller.ask(listing, ListTimeEntriesResponse)
            for one in page.entries:
                kept[one.name.removeprefix("entries/")] += one.worked.seconds // 60
            if not page.next_page_token:
                break
            listing.page_token = page.next_page_token
        assert kept == ledger.standing(contract), "what timelog lists is not what was acknowledged"
        budget = await caller.ask(GetBudgetRequest(contract=contract), Budget)
        used = sum(period.used.time.seconds // 60 for period in budget.periods)
        counted = sum(period.entries for period in budget.periods)
        assert (counted, used) == (len(kept), ledger.minutes_of(contract)), f"billing counts {contract} otherwise"


async def bus_equals_stores(house: Premises, url: str) -> int:
    """Position by position, byte by byte, at least up to where the stores end now: returns how many messages there are.
    What is recorded meanwhile (a document that is drawn, a letter that is sent) may be on the bus or on its way."""
    client = await nats.connect(url, connect_timeout=5)
    try:
        return sum([await _bus_equals_store(client, house, service) for service in SERVICES])
    finally:
        await client.close()


async def _bus_equals_store(client: Any, house: Premises, service: str) -> int:
    until = monotonic() + WITHIN_SECONDS
    async with opened_store(house, service) as store:
        end = len([row async for row in _rows(store)])
        while len(heard := await _heard(client, service)) < end and monotonic() < until:
            await asyncio.sleep(0.2)  # until the relay has looked again
        rows = [row async for row in _rows(store)]
        wanted = [(message_id(service, store.epoch, row.position), row.previous, row.payload) for row in rows]
    assert len(heard) >= end, f"the bus lacks facts of {service}"
    told = wanted[: len(heard)]
    assert [one[0] for one in heard] == [one[0] for one in told], f"the bus tells other facts than {service}'s store"
    assert heard == told, f"the bus tells facts of {service} otherwise than its store"
    return len(heard)


async def stores_are_whole(house: Premises, ledger: Ledger | None = None, *, set_aside: bool = False) -> int:
    """Chains, versions, sequences; what was acknowledged is there once, what was not is not; nothing was set aside,
    unless that is what the test is about. Returns the facts."""
    count = 0
    for service in SERVICES:
        async with opened_store(house, service) as store:
            assert await flaws(store) == [], service
            assert set_aside or await store.read_house() == [], f"{service} has set facts aside"
            count += store.position
    if ledger is not None:
        told: defaultdict[str, list[str]] = defaultdict(list)
        for fact in await facts_of(house, "timelog"):
            if fact.stream.startswith(f"{AGENCY}/entry/"):
                told[fact.stream.rpartition("/")[2]].append(fact.name)
        wanted = {entry_id: entry.facts for entry_id, entry in ledger.entries.items()}
        assert dict(told) == wanted, "the store has other facts than those acknowledged"
    return count


async def invoices_are_gapless(house: Premises) -> Mapping[str, int]:
    """Each number once and in order, with its document, and one document a contract and boundary; count by series."""
    facts = await facts_of(house, "billing")
    taken: defaultdict[str, list[int]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.event, NumberTaken):
            taken[fact.stream].append(int(fact.event.number.rpartition("-")[2]))
    for stream, numbers in taken.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"{stream} has gaps or repeats: {numbers}"
    issued = [(fact.agency, fact.event) for fact in facts if isinstance(fact.event, InvoiceIssued)]
    documents = Counter((agency, document.number) for agency, document in issued)
    assert set(documents.values()) <= {1}, "a number stands on two documents"
    assert len(documents) == sum(map(len, taken.values())), "numbers and documents are not the same"
    due = Counter((agency, document.contract_id, document.boundary) for agency, document in issued)
    assert set(due.values()) <= {1}, f"a boundary has two invoices: {due.most_common(1)}"
    return {stream: len(numbers) for stream, numbers in taken.items()}


async def views_are_replays(house: Premises, *, busy: bool = False) -> int:
    """With the services stopped: each view, dropped and built anew, has the rows that it had, in large portions and
    (where there are not too many facts) one by one. Returns the views. Where the house was `busy` when it stopped, they
    follow the last facts first, as they would at the next start."""
    count = 0
    for service in SERVICES:
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(opened_store(house, service))
            projector = Projector(store, house.settings.views_of(service), wiring_of(service).views)
            await projector.open()
            stack.push_async_callback(projector.close)
            if busy:
                async with kept_running("views", projector.run):
                    await projector.views.wait_for(store.position)
            ends = set(projector.places.values())
            assert ends <= {store.position}, f"the views of {service} stand at {ends}, the store at {store.position}"
            live = await projector.hashes()
            for view in live:
                await projector.rebuild(view)
            assert await projector.hashes() == live, f"a view of {service} is no replay"
            if store.position < FEW_FACTS:
                facts = await store.read_log(0, FEW_FACTS)
                for one in wiring_of(service).views:
                    assert _fact_by_fact(one, facts) == live[one.name], f"{one.name}: portions change what it shows"
            count += len(live)
    return count


def _fact_by_fact(view: View, facts: Sequence[Recorded]) -> str:
    """The hash of the view filled one fact at a time: a portion may end anywhere, also in the middle of an append."""
    shelf = Shelf(Address())
    shelf.open()
    shelf.begin_beside(view)
    for fact in facts:
        shelf.project_beside(view, [fact])
    shelf.swap(view, (), place_of(view, "", 0))
    digest = shelf.hash(view)
    shelf.close()
    return digest


async def hashes(house: Premises) -> Mapping[str, str]:
    """Of every view, with the services stopped."""
    found: dict[str, str] = {}
    for service in SERVICES:
        async with opened_store(house, service) as store:
            projector = Projector(store, house.settings.views_of(service), wiring_of(service).views)
            await projector.open()
            found |= {f"{service}.{view}": digest for view, digest in (await projector.hashes()).items()}
            await projector.close()
    return found


async def _rows(store: Store) -> AsyncIterator[Row]:
    position = 0
    while rows := await store.read_stored(position, PAGE):
        assert all(later.previous == earlier.position for earlier, later in pairwise(rows))
        for row in rows:
            yield row
        position = rows[-1].position


async def _heard(client: Any, service: str) -> list[tuple[str, int, bytes]]:
    """Message id, position before, and payload of every message of a service's stream."""
    jetstream = client.jetstream(timeout=10)
    stream = stream_of(service)
    count = (await jetstream.stream_info(stream)).state.messages
    config = ConsumerConfig(
        ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, inactive_threshold=WITHIN_SECONDS
    )
    consumer = await jetstream.add_consumer(stream, config)
    pull = await jetstream.pull_subscribe_bind(consumer=consumer.name, stream=stream)
    heard: list[tuple[str, int, bytes]] = []
    while len(heard) < count:
        for message in await pull.fetch(min(PAGE, count - len(heard)), timeout=WITHIN_SECONDS):
            headers = message.headers or {}
            heard.append((headers[MESSAGE_ID], envelope_of(headers).previous, message.data))
    await pull.unsubscribe()
    return heard
