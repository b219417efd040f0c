"""Long work on the event loop, in steps: after each one whoever else is waiting has his turn."""

import asyncio
from collections.abc import Generator
from typing import TypeVar

R = TypeVar("R")


async def in_turns(steps: Generator[None, None, R]) -> R:
    """What the steps come to. Where the caller is cancelled, the rest is not done."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: R = end.value
            return result
        await asyncio.sleep(0)
