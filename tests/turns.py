"""Whether long work lets others have their turn on the event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis.loops import ended


@dataclass(slots=True)
class Turns:
    count: int = 0


@asynccontextmanager
async def turns_of_others() -> AsyncIterator[Turns]:
    """Counts how often somebody else has his turn while the block waits."""
    turns = Turns()

    async def others() -> None:
        while True:
            turns.count += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    try:
        yield turns
    finally:
        await ended(beside)
