"""Who leads of several replicas, on a real PostgreSQL."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from chassis.leadership import Leadership
from chassis.testing import PostgresServer


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return f"{postgres.url}&schema=l_{uuid4().hex}"


async def stopped(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_one_of_two_leads_and_the_other_takes_over(url: str) -> None:
    leaders: list[str] = []
    candidates = {name: Leadership(url, "tally") for name in ("one", "two")}

    async def work(name: str) -> None:
        leaders.append(name)
        await asyncio.Event().wait()

    terms = {name: asyncio.create_task(candidate.run()) for name, candidate in candidates.items()}
    works = [
        asyncio.create_task(candidate.while_held(lambda name=name: work(name)))
        for name, candidate in candidates.items()
    ]
    async with asyncio.timeout(40):
        while not leaders:
            await asyncio.sleep(0.02)
        first = leaders[0]
        await asyncio.sleep(1.2)
        assert leaders == [first]
        await stopped(terms[first])
        while len(leaders) < 2:
            await asyncio.sleep(0.02)
    assert set(leaders) == {"one", "two"}
    await stopped(*terms.values(), *works)


async def test_a_leader_whose_loop_stands_still_loses_the_lock(url: str) -> None:
    frozen = Leadership(url, "tally", still_seconds=0.8)
    term = asyncio.create_task(frozen.run())
    async with asyncio.timeout(40):
        while not frozen.held:
            await asyncio.sleep(0.02)
    with ThreadPoolExecutor(1) as elsewhere:
        assert elsewhere.submit(is_free_within, 20.0, url).result()  # our loop stands still: that is what is tested
    await stopped(term)


def is_free_within(seconds: float, url: str) -> bool:
    """Whether somebody else could lead by then; looked at from another thread."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not asyncio.run(Leadership(url, "tally").somebody_leads()):
            return True
        time.sleep(0.05)
    return False


async def test_on_sqlite_the_one_process_leads() -> None:
    leader = Leadership("sqlite:///:memory:", "tally")
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    tasks = [asyncio.create_task(leader.run()), asyncio.create_task(leader.while_held(work))]
    async with asyncio.timeout(30):
        await done.wait()
    await stopped(*tasks)


async def test_who_is_stopped_while_he_loses_the_lead_stops() -> None:
    leadership = Leadership("sqlite:///:memory:", "tally")
    term = asyncio.create_task(leadership.run())
    begun, lingering = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            lingering.set()
            await asyncio.sleep(0.05)  # it tidies up for a moment

    working = asyncio.create_task(leadership.while_held(work))
    async with asyncio.timeout(30):
        await begun.wait()
        leadership._turned(won=False)
        await lingering.wait()
        working.cancel()
        await asyncio.wait([working])
    assert working.cancelled()
    await stopped(term)
