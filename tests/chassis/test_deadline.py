"""A call's time ends for the call alone."""

import asyncio
import time
from typing import Any

import pytest

from chassis.answers import DeadlineOver
from chassis.deadline import Deadline


def own_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task


async def test_what_is_not_done_by_then_is_ended() -> None:
    with pytest.raises(DeadlineOver), Deadline(own_task(), 0.01):
        await asyncio.Event().wait()
    assert own_task().cancelling() == 0
    await asyncio.sleep(0)  # nothing of it is left to come


async def test_what_is_done_in_time_is_left_alone() -> None:
    with Deadline(own_task(), 0.01):
        done = await asyncio.sleep(0, "done")
    await asyncio.sleep(0.03)
    assert done == "done"


async def test_a_time_that_is_over_already_ends_at_the_first_wait() -> None:
    with pytest.raises(DeadlineOver), Deadline(own_task(), -1.0):
        await asyncio.sleep(5)


async def test_a_cancellation_from_elsewhere_stays_one() -> None:
    begun = asyncio.Event()

    async def call() -> None:
        with Deadline(own_task(), 60.0):
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(call())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_from_elsewhere_that_comes_as_well_stays_one() -> None:
    async def call() -> None:
        with Deadline(own_task(), 0.01):
            asyncio.get_running_loop().call_later(0.01, own_task().cancel)
            hold_up(0.03)  # so that both come at once
            await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(call())


def hold_up(seconds: float) -> None:
    """Nothing else has its turn for so long."""
    time.sleep(seconds)
