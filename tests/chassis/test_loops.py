"""Loops that run as long as the process, and end with it."""

import asyncio
from contextlib import suppress

from chassis.loops import kept_running


async def test_a_loop_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    lost = 0

    async def loses_one() -> None:
        nonlocal lost
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        lost += 1
        await asyncio.Event().wait()

    async with asyncio.timeout(5):
        async with kept_running("stubborn", loses_one):
            await asyncio.sleep(0)
    assert lost == 1


async def test_a_loop_that_fails_begins_again() -> None:
    begun = asyncio.Queue[int]()

    async def fails_once() -> None:
        begun.put_nowait(1)
        if begun.qsize() == 1:
            raise ValueError("the first time")
        await asyncio.Event().wait()

    async with asyncio.timeout(5), kept_running("unsteady", fails_once):
        while begun.qsize() < 2:
            await asyncio.sleep(0.01)
