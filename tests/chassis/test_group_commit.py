"""When appends happen: at once for a lone caller, together for many."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest

from chassis.measures import Unmeasured
from chassis.store import Store
from chassis.store.group_commit import Linger
from chassis.testing import memory_store
from tests.chassis.tally import ACME, CATALOG, ENDLESS, Count, counter


class Sizes(Unmeasured):
    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.facts: dict[str, int] = {}

    def appended(self, commands: int) -> None:
        self.sizes.append(commands)

    def facts_recorded(self, name: str, count: int) -> None:
        self.facts[name] = self.facts.get(name, 0) + count


@pytest.fixture
async def measured() -> AsyncIterator[tuple[Store, Sizes]]:
    sizes = Sizes()
    async with memory_store(CATALOG, measures=sizes) as store:
        yield store, sizes


async def count(store: Store, names: Sequence[str]) -> None:
    for name in names:
        await store.execute(ENDLESS, counter(name), Count(name), context=ACME)


async def test_commands_that_come_together_are_appended_together(measured: tuple[Store, Sizes]) -> None:
    store, sizes = measured
    await asyncio.gather(*(count(store, [f"c{number}"] * 10) for number in range(32)))
    assert sum(sizes.sizes) == 320
    assert len(sizes.sizes) < 40  # about ten times 32, not 320 times one
    assert sizes.facts == {"tally.Counted": 320}


async def test_commands_on_one_stream_are_appended_together_too(measured: tuple[Store, Sizes]) -> None:
    store, sizes = measured
    await asyncio.gather(*(count(store, ["hot"] * 10) for _ in range(32)))
    assert await store.state(ENDLESS, counter("hot")) == (320, 320)
    assert len(sizes.sizes) < 60


async def test_a_lone_caller_does_not_linger(measured: tuple[Store, Sizes]) -> None:
    store, sizes = measured
    loop = asyncio.get_running_loop()
    await count(store, ["warm"])
    began = loop.time()
    await count(store, ["alone"] * 50)
    assert loop.time() - began < 50 * 0.003  # or each would have waited for the linger
    assert sizes.sizes == [1] * 51


async def test_closing_finishes_what_is_on_its_way(tmp_path: object) -> None:
    async with memory_store(CATALOG) as store:
        running = [asyncio.create_task(count(store, [f"c{number}"])) for number in range(20)]
        await asyncio.sleep(0)
        await store.close()
        await asyncio.gather(*running)
        assert store.position == 20


def test_the_linger_waits_for_as_many_as_last_time() -> None:
    linger = Linger()
    assert linger.wanted == 1
    linger.gathered(20)
    assert linger.wanted == 20
    linger.gathered(5)
    assert linger.wanted == 5
    linger.gathered(1)
    assert linger.wanted == 1


def test_the_linger_asks_for_more_now_and_then() -> None:
    linger = Linger()
    linger.gathered(4)
    for _ in range(8):
        linger.gathered(linger.wanted)
    assert linger.wanted > 4


def test_a_lone_draft_is_asked_to_wait_ever_more_rarely() -> None:
    linger = Linger()
    asked_at = []
    for number in range(400):
        if linger.wanted > 1:
            asked_at.append(number)
        linger.gathered(1)
    pauses = [later - earlier for earlier, later in pairwise(asked_at)]
    assert 3 <= len(asked_at) <= 6
    assert pauses == sorted(pauses)


def test_company_that_was_found_is_waited_for() -> None:
    linger = Linger()
    while linger.wanted == 1:
        linger.gathered(1)
    linger.gathered(5)
    assert linger.wanted == 5
