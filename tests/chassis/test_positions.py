"""A reader who has seen a position has seen all before it, however many write; on both databases."""

import asyncio

import pytest

from chassis.store import Store
from tests.chassis.conftest import OpenStore
from tests.chassis.tally import ACME, ENDLESS, Count, counter

WRITES = 120


async def test_positions_become_visible_in_their_order(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "yes")  # would drop the lock, if anybody listened
    writers = [await open_store() for _ in range(3)]
    reader = await open_store()

    async def write(store: Store, number: int) -> None:
        for turn in range(WRITES):
            name = f"w{number}-{turn % 4}"
            await store.execute(ENDLESS, counter(name), Count(name), context=ACME)

    async def read() -> int:
        last = seen = 0
        while seen < 3 * WRITES:
            await reader.wait_beyond(last)
            for fact in await reader.read_log(last, 50):
                assert fact.previous == last  # a fact that became visible late would break the chain
                last = fact.position
                seen += 1
        return last

    async with asyncio.timeout(60):
        reading = asyncio.create_task(read())
        await asyncio.gather(*(write(store, number) for number, store in enumerate(writers)))
        assert await reading == 3 * WRITES
