"""Facts that are repeated, swapped and held back between the services and the bus change nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import nats as nats_client
import pytest
from nats.js.api import DiscardPolicy, StorageType, StreamConfig

from chassis.bus import stream_of
from chassis.testing import NatsServer
from tests.faults.books import bus_equals_stores, figures_agree, stores_are_whole, views_are_replays
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load
from tests.faults.loose_house import LooseHouse
from tests.faults.postal_chaos import PostalChaos
from tests.faults.proxy import proxied
from tests.house import SERVICES

WINDOW_SECONDS = 2.0
NOTHING_CHANGES = "a duplicate, a swap, a delay change nothing"


@pytest.fixture
def chaos(seed: int) -> PostalChaos:
    return PostalChaos(seed, WINDOW_SECONDS)


@pytest.fixture
def disturbed_house(tmp_path: Path, nats: NatsServer, chaos: PostalChaos) -> Iterator[LooseHouse]:
    with ExitStack() as stack:
        proxy = stack.enter_context(proxied(nats.port, chaos.frames))
        url = f"nats://{proxy.address}"
        yield stack.enter_context(LooseHouse(tmp_path, nats, RETAINER_NATS_URL=url))


async def remember_ids_for(url: str, seconds: float) -> None:
    """The streams as relays make them, with a shorter memory."""
    client = await nats_client.connect(url)
    for service in SERVICES:
        await client.jetstream().add_stream(
            StreamConfig(
                name=stream_of(service),
                subjects=[f"retainer.*.{service}.>"],
                storage=StorageType.FILE,
                discard=DiscardPolicy.NEW,
                duplicate_window=seconds,
                deny_delete=True,
                deny_purge=True,
                allow_direct=True,
            )
        )
    await client.close()


async def disturbed(
    house: LooseHouse, chaos: PostalChaos, ledger: Ledger, record_property: Record, *, least: int, tampered: int
) -> None:
    await remember_ids_for(house.nats.url, WINDOW_SECONDS)
    await asyncio.to_thread(house.start)
    caller = Caller(house, AGENCY)
    load = Load(caller, ledger, chaos.seed)
    await load.prepare()

    async def tamper() -> None:
        while sum(chaos.done.values()) < tampered or len(chaos.done) < 4:
            await load.answered_more(1)

    await load.until(tamper(), least)
    chaos.quiet = True
    record_property("acknowledged", len(ledger.answered))
    for what, times in sorted(chaos.done.items()):
        record_property(what, times)
    await figures_agree(caller, ledger)
    await caller.close()
    record_property("messages", await bus_equals_stores(house, house.nats.url))
    await asyncio.to_thread(house.stop_all)
    await stores_are_whole(house, ledger)
    await views_are_replays(house)


@pytest.mark.faults
@pytest.mark.promise(NOTHING_CHANGES, "a proxy of NATS repeats, swaps and delays facts, beyond a dedupe window of 2 s")
@pytest.mark.timeout(300)
async def test_facts_repeated_swapped_and_delayed(
    disturbed_house: LooseHouse, chaos: PostalChaos, ledger: Ledger, record_property: Record
) -> None:
    await disturbed(disturbed_house, chaos, ledger, record_property, least=150, tampered=60)


@pytest.mark.long
@pytest.mark.promise(NOTHING_CHANGES, "a proxy of NATS repeats, swaps and delays facts, beyond a dedupe window of 2 s")
@pytest.mark.timeout(1800)
async def test_facts_repeated_swapped_and_delayed_for_long(
    disturbed_house: LooseHouse, chaos: PostalChaos, ledger: Ledger, record_property: Record
) -> None:
    await disturbed(disturbed_house, chaos, ledger, record_property, least=2000, tampered=1000)
