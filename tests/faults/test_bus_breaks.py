"""The bus is killed, stopped, wiped and disturbed under load: every fact reaches each subscriber once in effect."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import nats as nats_client
import pytest

from chassis.bus import stream_of
from chassis.testing import NatsServer
from tests.faults.books import bus_equals_stores, figures_agree, stores_are_whole, views_are_replays
from tests.faults.caller import Caller, allowed
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import Load
from tests.faults.loose_house import LooseHouse
from tests.house import ROOT, SERVICES

ONCE_IN_EFFECT = "every fact reaches each subscriber once in effect, soon after the bus is back"
CAUGHT_UP_SECONDS = 10.0


@dataclass
class Scene:
    """A house with load on it, and what it takes to break its bus."""

    house: LooseHouse
    nats: NatsServer
    caller: Caller
    load: Load
    ledger: Ledger
    record: Record
    slowest_seconds: float = 0.0

    async def while_busy(self, breaking: Coroutine[Any, Any, None], least: int, *, pause_seconds: float = 0.0) -> None:
        """Break it under load; then everything must agree."""
        await self.load.until(breaking, least, pause_seconds=pause_seconds)
        await figures_agree(self.caller, self.ledger)
        self.record("acknowledged", len(self.ledger.answered))
        self.record("messages", await bus_equals_stores(self.house, self.nats.url))
        await asyncio.to_thread(self.house.stop_all)
        await stores_are_whole(self.house, self.ledger)
        await views_are_replays(self.house)
        self.record("caught up after at most", f"{self.slowest_seconds:.1f} s")

    async def back(self) -> None:
        """What there was at this moment is everywhere within ten seconds, though more comes meanwhile."""
        took = await self.caller.caught_up(await self.caller.positions())
        self.slowest_seconds = max(self.slowest_seconds, took)
        assert took < allowed(CAUGHT_UP_SECONDS), f"it took {took:.1f} s until the lag was gone"

    async def outage(self, seconds: float, *, wiped: bool = False) -> None:
        await self.load.answered_more(10)  # so what the commands stand on is known everywhere
        await asyncio.to_thread(self.nats.kill)
        if wiped:
            self.nats.wipe()
        await self.load.answered_more(5)  # commands go on while the bus is away
        await asyncio.sleep(seconds)  # the outage itself
        await asyncio.to_thread(self.nats.start)
        await self.back()


@pytest.fixture
async def scene(
    loose_house: LooseHouse, nats: NatsServer, caller: Caller, ledger: Ledger, record_property: Record, seed: int
) -> Scene:
    await asyncio.to_thread(loose_house.start)
    load = Load(caller, ledger, seed)
    await load.prepare()
    return Scene(loose_house, nats, caller, load, ledger, record_property)


@pytest.mark.promise(ONCE_IN_EFFECT, "NATS killed and its data wiped under load")
@pytest.mark.timeout(180)
async def test_a_wiped_bus_is_made_whole_under_load(scene: Scene) -> None:
    async def wipe() -> None:
        await scene.load.answered_more(60)
        await scene.outage(0, wiped=True)
        await scene.load.answered_more(20)

    await scene.while_busy(wipe(), least=100)


async def killed(scene: Scene, times: int) -> None:
    for _ in range(times):
        await scene.load.answered_more(15)
        await scene.outage(0.2)
    scene.record("kills", times)


@pytest.mark.faults
@pytest.mark.promise(ONCE_IN_EFFECT, "NATS killed again and again under load")
@pytest.mark.timeout(240)
async def test_a_bus_killed_three_times_loses_nothing(scene: Scene) -> None:
    await scene.while_busy(killed(scene, 3), least=100)


@pytest.mark.long
@pytest.mark.promise(ONCE_IN_EFFECT, "NATS killed again and again under load")
@pytest.mark.timeout(900)
async def test_a_bus_killed_ten_times_loses_nothing(scene: Scene) -> None:
    await scene.while_busy(killed(scene, 10), least=1000)


@pytest.mark.faults
@pytest.mark.promise(ONCE_IN_EFFECT, "NATS stopped for 10 s (short), 3 min (full) under load")
@pytest.mark.timeout(240)
async def test_a_bus_that_is_away_for_ten_seconds(scene: Scene) -> None:
    await scene.while_busy(scene.outage(10), least=100)


@pytest.mark.long
@pytest.mark.promise(ONCE_IN_EFFECT, "NATS stopped for 10 s (short), 3 min (full) under load")
@pytest.mark.timeout(900)
async def test_a_bus_that_is_away_for_three_minutes(scene: Scene) -> None:
    """About ten commands a second: what comes of two thousand waits for the bus."""
    await scene.while_busy(scene.outage(180), least=1000, pause_seconds=0.8)


@pytest.mark.faults
@pytest.mark.promise(ONCE_IN_EFFECT, "all consumers deleted under load")
@pytest.mark.timeout(180)
async def test_deleted_consumers_are_made_anew(scene: Scene) -> None:
    async def delete_them() -> None:
        for _ in range(3):
            await scene.load.answered_more(20)
            scene.record("deleted", await _delete_consumers(scene.nats.url))
            await scene.back()

    await scene.while_busy(delete_them(), least=100)


@pytest.mark.faults
@pytest.mark.promise(ONCE_IN_EFFECT, "the relay killed before and after a publish (`CRASH_AT`)")
@pytest.mark.timeout(240)
async def test_a_relay_that_dies_around_a_publish_publishes_nothing_twice(scene: Scene) -> None:
    async def die() -> None:
        for point in ("publish.after:2", "publish.before:2", "publish.after:1"):
            await asyncio.to_thread(scene.house.kill, "timelog")
            doomed = {"RETAINER_SERVICES__TIMELOG__CRASH_AT": point}
            scene.house.begin("timelog", **doomed)
            assert await asyncio.to_thread(scene.house.wait_dead, "timelog", 90) == -signal.SIGKILL
            await asyncio.to_thread(scene.house.start, "timelog")
            await scene.load.answered_more(10)
            await scene.back()

    await scene.while_busy(die(), least=100)


@pytest.mark.faults
@pytest.mark.promise(ONCE_IN_EFFECT, "two relays of one service at once, under load")
@pytest.mark.timeout(180)
async def test_two_relays_at_once_publish_each_fact_once(scene: Scene) -> None:
    async def compete() -> None:
        async with second_relay(scene.house, "timelog"), second_relay(scene.house, "billing"):
            await scene.load.answered_more(100)
            await scene.back()

    await scene.while_busy(compete(), least=150)


@asynccontextmanager
async def second_relay(house: LooseHouse, service: str) -> AsyncIterator[None]:
    command = [sys.executable, "-m", "tests.faults.second_relay", service]
    process = subprocess.Popen(command, cwd=ROOT, env=house.environment)
    try:
        yield
        assert process.poll() is None, "the second relay ended"
    finally:
        process.kill()
        process.wait(10)


async def _delete_consumers(url: str) -> int:
    client = await nats_client.connect(url)
    jetstream, count = client.jetstream(), 0
    for service in SERVICES:
        for consumer in await jetstream.consumers_info(stream_of(service)):
            count += await jetstream.delete_consumer(stream_of(service), consumer.name)
    await client.close()
    return count
