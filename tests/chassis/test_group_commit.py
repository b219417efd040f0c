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


async def test_a_lone_caller_waits_for_nobody(measured: tuple[Store, Sizes]) -> None:
    store, sizes = measured
    await count(store, ["alone"] * 50)
    assert sizes.sizes == [1] * 50


async def test_closing_finishes_what_is_on_its_way(tmp_path: object) -> None:
    async with memory_store(CATALOG) as store:
        running = [asyncio.create_task(count(store, [f"c{number}"])) for number in range(20)]
        await asyncio.sleep(0)
        await store.close()
        await asyncio.gather(*running)
        assert store.position == 20


def after(linger: Linger, *counts: int, seconds: float = 0.001) -> Linger:
    for count in counts:
        linger.gathered(count, seconds)
    return linger


def test_a_lone_draft_goes_at_once_and_looks_for_company_ever_more_rarely() -> None:
    linger, looked_at = Linger(), []
    for number in range(1000):
        if linger.wanted == 0:
            looked_at.append(number)
        linger.gathered(1, 0.001)
    pauses = [later - earlier for earlier, later in pairwise(looked_at)]
    assert 4 <= len(looked_at) <= 10
    assert pauses == sorted(pauses)


def test_what_came_while_it_waited_in_full_is_what_it_waits_for() -> None:
    linger = after(Linger(), *[1] * 8)
    assert linger.wanted == 0  # it looks
    assert after(linger, 20).wanted == 20
    assert after(linger, 5, 7, 20).wanted == 20
    assert after(linger, 5).wanted == 0  # it looks again
    assert after(linger, 6).wanted == 6


def test_a_crowd_that_stays_away_is_forgotten_by_halves() -> None:
    linger = after(Linger(), 40)
    assert after(linger, 1).wanted == 20  # the others may be on their way back
    assert after(linger, 1, 1).wanted == 5
    assert after(linger, 1, 1, 1).wanted == 1


def test_more_than_expected_is_expected_from_then_on() -> None:
    assert after(Linger(), 30).wanted == 30


def test_it_waits_as_long_as_an_append_takes_within_bounds() -> None:
    assert after(Linger(), 4, seconds=0.0001).seconds == 0.003
    assert after(Linger(), 4, seconds=0.007).seconds == 0.007
    assert after(Linger(), 4, seconds=3.0).seconds == 0.012


def test_the_waiting_goes_on_as_long_as_one_comes_after_the_other_and_not_for_ever() -> None:
    linger = Linger()
    assert linger.left(1, began=0.0, came=0.0, now=0.001) == pytest.approx(0.002)
    assert linger.left(1, began=0.0, came=0.0, now=0.003) <= 0
    assert linger.left(2, began=0.0, came=0.002, now=0.003) == pytest.approx(0.002)
    assert linger.left(9, began=0.0, came=0.019, now=0.0195) == pytest.approx(0.0005)
    assert linger.left(9, began=0.0, came=0.0201, now=0.0202) <= 0


def test_the_first_half_of_a_crowd_waits_longer_for_the_rest() -> None:
    crowd = after(Linger(), 40)
    assert crowd.left(19, began=0.0, came=0.0, now=0.0) == pytest.approx(0.012)
    assert crowd.left(20, began=0.0, came=0.0, now=0.0) == pytest.approx(0.003)
    few = after(Linger(), 15)
    assert few.left(1, began=0.0, came=0.0, now=0.0) == pytest.approx(0.003)
