"""Work rests for company, and not for those who wait."""

import asyncio
from collections.abc import Callable

from chassis.patience import Patience

HOURS = 3_600.0
WITHIN_SECONDS = 20.0


async def running(work: Callable[[], object]) -> asyncio.Task[None]:
    """A task that has come to its first rest."""
    task = asyncio.ensure_future(work())  # type: ignore[arg-type]  # a coroutine
    await asyncio.sleep(0)
    return task


async def test_it_rests_until_somebody_waits() -> None:
    patience = Patience(HOURS)
    resting = await running(patience.rest)
    assert not resting.done()
    async with asyncio.timeout(WITHIN_SECONDS):
        with patience.awaiting():
            await resting
            await patience.rest()  # and goes on without rest as long as he waits
    assert not (await running(patience.rest)).done()


async def test_it_rests_no_longer_than_its_patience() -> None:
    async with asyncio.timeout(WITHIN_SECONDS):
        await Patience(0.001).rest()


async def test_the_least_rest_is_kept_for_those_who_wait_too() -> None:
    patience = Patience(HOURS)
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(WITHIN_SECONDS):
        with patience.awaiting():
            await patience.rest(0.02)
    assert loop.time() - began >= 0.019
