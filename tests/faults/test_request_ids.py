"""A process dies between commit and reply, again and again: who repeats is told what was recorded the first time."""

import asyncio
import random
import signal

import pytest

from tests.faults.books import bus_equals_stores, figures_agree, stores_are_whole, views_are_replays
from tests.faults.caller import Caller
from tests.faults.conftest import Record
from tests.faults.ledger import Ledger
from tests.faults.load import AGENCY, Load
from tests.faults.loose_house import LooseHouse

ONE_EFFECT = "the same request id has one effect and equal replies"
BETWEEN = "each command sent 1-4 times in parallel, timelog killed between commit and reply (`append.after`)"


async def killed_between(house: LooseHouse, ledger: Ledger, record_property: Record, seed: int, times: int) -> None:
    await asyncio.to_thread(house.start)
    caller, chance = Caller(house, AGENCY), random.Random(seed)
    load = Load(caller, ledger, seed)
    await load.prepare()

    async def die() -> None:
        for _ in range(times):
            await asyncio.to_thread(house.kill, "timelog")
            point = f"append.after:{chance.randint(2, 12)}"
            house.begin("timelog", RETAINER_SERVICES__TIMELOG__CRASH_AT=point)
            assert await asyncio.to_thread(house.wait_dead, "timelog", 90) == -signal.SIGKILL
            await asyncio.to_thread(house.start, "timelog")
            await load.answered_more(15)

    await load.until(die())
    record_property("acknowledged", len(ledger.answered))
    record_property("copies", ledger.copies)
    record_property("crashes", times)
    await figures_agree(caller, ledger)
    await caller.close()
    await bus_equals_stores(house, house.nats.url)
    await asyncio.to_thread(house.stop_all)
    await stores_are_whole(house, ledger)
    await views_are_replays(house)


@pytest.mark.faults
@pytest.mark.promise(ONE_EFFECT, BETWEEN)
@pytest.mark.timeout(240)
async def test_a_repeated_command_is_told_what_came_of_it(
    house_on: LooseHouse, ledger: Ledger, record_property: Record, seed: int
) -> None:
    await killed_between(house_on, ledger, record_property, seed, times=2)


@pytest.mark.long
@pytest.mark.promise(ONE_EFFECT, BETWEEN)
@pytest.mark.timeout(900)
async def test_a_repeated_command_is_told_what_came_of_it_over_thirty_crashes(
    house_on: LooseHouse, ledger: Ledger, record_property: Record, seed: int
) -> None:
    await killed_between(house_on, ledger, record_property, seed, times=30)
